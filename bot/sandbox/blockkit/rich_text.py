"""Rich text: its leaves, its four kinds of paragraph, and the object around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.blockkit.limits import LIMITS
from bot.sandbox.blockkit.objects import BLOCK_ID, ID, TYPE
from bot.sandbox.blockkit.schema import ByType, Flag, Listing, Number, Schema, Shape, Text


def _flags(*names: str) -> Shape:
    return Shape(optional={name: Flag() for name in names})


_TEXT_STYLE = _flags("bold", "italic", "strike", "code", "underline")
_MENTION_STYLE = _flags("bold", "italic", "strike", "highlight", "client_highlight", "unlink", "code", "underline")


def _leaf(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Shape:
    return Shape(required={"type": TYPE, **required}, optional=optional or {})


LEAVES: dict[str, Schema] = {
    "text": _leaf({"text": Text(min=1)}, {"style": _TEXT_STYLE}),
    "link": _leaf({"url": Text(min=1)}, {"text": Text(), "unsafe": Flag(), "style": _TEXT_STYLE}),
    "emoji": _leaf(
        {"name": Text(min=1)},
        {"unicode": Text(), "skin_tone": Number(min=1, max=6, whole=True), "style": _MENTION_STYLE},
    ),
    "user": _leaf({"user_id": ID}, {"style": _MENTION_STYLE}),
    "usergroup": _leaf({"usergroup_id": ID}, {"style": _MENTION_STYLE}),
    "channel": _leaf({"channel_id": ID}, {"style": _MENTION_STYLE}),
    "team": _leaf({"team_id": ID}, {"style": _MENTION_STYLE}),
    "broadcast": _leaf({"range": Text(enum=("here", "channel", "everyone"))}, {"style": _MENTION_STYLE}),
    "color": _leaf({"value": Text(pattern="^#[0-9a-fA-F]{6}$")}, {"style": _MENTION_STYLE}),
    "date": _leaf(
        {"timestamp": Number(whole=True), "format": Text(min=1)},
        {"url": Text(), "fallback": Text(), "style": _TEXT_STYLE},
    ),
}

_BORDER = Number(min=LIMITS["rich_text.border.min"], max=LIMITS["rich_text.border.max"], whole=True)
_ANY_LEAVES = Listing(ByType(LEAVES))

SECTION = _leaf({"elements": _ANY_LEAVES})

PARAGRAPHS: dict[str, Schema] = {
    "rich_text_section": SECTION,
    "rich_text_list": _leaf(
        {"elements": Listing(ByType({"rich_text_section": SECTION})), "style": Text(enum=("bullet", "ordered"))},
        {
            "indent": Number(
                min=LIMITS["rich_text_list.indent.min"], max=LIMITS["rich_text_list.indent.max"], whole=True
            ),
            "offset": Number(min=LIMITS["rich_text_list.offset.min"], whole=True),
            "border": _BORDER,
        },
    ),
    "rich_text_preformatted": _leaf(
        {"elements": Listing(ByType({name: LEAVES[name] for name in ("text", "link")}))},
        {"border": _BORDER, "language": Text(min=1)},
    ),
    "rich_text_quote": _leaf({"elements": _ANY_LEAVES}, {"border": _BORDER}),
}

_PARAGRAPHS = Listing(ByType(PARAGRAPHS))

RICH_TEXT_BLOCK = _leaf({"elements": _PARAGRAPHS}, {"block_id": BLOCK_ID})

# As a table cell, a title or a field's initial value it must name its own type: nothing has selected it by type before.
RICH_TEXT = Shape(
    required={"type": Text(enum=("rich_text",)), "elements": _PARAGRAPHS},
    optional={"block_id": BLOCK_ID},
)


def has_content(part: Mapping[str, Any]) -> bool:
    """Whether a sound `rich_text` block, or a part of one, holds anything: a leaf that is no mere line break."""
    if "elements" in part:
        return any(has_content(inner) for inner in part["elements"])
    return part["type"] != "text" or bool(str(part["text"]).strip("\n"))
