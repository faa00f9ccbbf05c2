"""What Slack gives back of what it was given: ids where none were, and its defaults written out."""

from __future__ import annotations

import copy
import secrets
import string
from collections.abc import Set as AbstractSet
from typing import Any

from bot.sandbox.blockkit.elements import ELEMENTS
from bot.sandbox.blockkit.payloads import elements_of

_ALPHABET = string.ascii_letters + string.digits + "+/"
_ID_LENGTH = 5
_HOLDERS = {"container": "child_blocks", "carousel": "elements"}
_TEXT_DEFAULTS = {"plain_text": ("emoji", True), "mrkdwn": ("verbatim", False)}
_VIEW_DEFAULTS: dict[str, dict[str, object]] = {
    "modal": {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
    },
    "home": {"private_metadata": "", "callback_id": "", "external_id": ""},
}


def normalise_blocks(blocks: list[dict[str, Any]], taken_ids: AbstractSet[str] = frozenset()) -> list[dict[str, Any]]:
    """A copy of the blocks as Slack returns them.

    Blocks and elements without an id get a short random one that is neither used here nor in `taken_ids`.
    """
    result = copy.deepcopy(blocks)
    taken = set(taken_ids) | {str(block.get("block_id")) for block in every_block(result)}
    for block in every_block(result):
        if not block.get("block_id"):
            block["block_id"] = _fresh(taken)
        elements = [element for element, _ in elements_of(block) if _is_interactive(element)]
        names = {str(element.get("action_id")) for element in elements}
        for element in elements:
            if not element.get("action_id"):
                element["action_id"] = _fresh(names)
    _write_text_defaults(result)
    return result


def normalise_view(view: dict[str, Any]) -> dict[str, Any]:
    """A copy of the view as Slack keeps it, before it adds what identifies the view (id, team, hash, state)."""
    result = {**_VIEW_DEFAULTS.get(str(view.get("type")), {}), **copy.deepcopy(view)}
    _write_text_defaults(result)
    if isinstance(view.get("blocks"), list):
        result["blocks"] = normalise_blocks(view["blocks"])
    return result


def every_block(blocks: object) -> list[dict[str, Any]]:
    """The blocks and those inside containers and carousels, each after its holder."""
    found: list[dict[str, Any]] = []
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, dict):
            found.append(block)
            found += every_block(block.get(_HOLDERS.get(str(block.get("type")), "")))
    return found


def _is_interactive(element: dict[str, Any]) -> bool:
    kind = element.get("type")
    return isinstance(kind, str) and kind in ELEMENTS and kind != "image"


def _fresh(taken: set[str]) -> str:
    while True:
        made = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
        if made not in taken:
            taken.add(made)
            return made


def _write_text_defaults(value: object) -> None:
    if isinstance(value, dict):
        kind = value.get("type")
        if isinstance(kind, str) and kind in _TEXT_DEFAULTS and "text" in value:
            name, default = _TEXT_DEFAULTS[kind]
            value.setdefault(name, default)
        for inner in value.values():
            _write_text_defaults(inner)
    elif isinstance(value, list):
        for item in value:
            _write_text_defaults(item)
