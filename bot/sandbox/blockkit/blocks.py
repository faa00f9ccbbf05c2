"""The blocks, and which of them each surface takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from bot.sandbox.blockkit import problems
from bot.sandbox.blockkit.data_blocks import DATA_TABLE, DATA_VISUALIZATION, TABLE
from bot.sandbox.blockkit.elements import (
    BUTTON,
    ELEMENTS,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_INPUT_OF_MODAL,
    IN_SECTION,
)
from bot.sandbox.blockkit.limits import LIMITS
from bot.sandbox.blockkit.objects import (
    BLOCK_ID,
    ID,
    IMAGE_BLOCK,
    IMAGE_ELEMENT,
    SLACK_ICON,
    TYPE,
    any_text,
    any_text_shapes,
    at_least_one,
    never_together,
    plain_text,
)
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.rich_text import RICH_TEXT, RICH_TEXT_BLOCK
from bot.sandbox.blockkit.schema import ByType, Flag, Listing, Rule, Schema, Shape, Text

Surface = Literal["message", "modal", "home"]


def _block(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, *rules: Rule) -> Shape:
    return Shape(required={"type": TYPE, **required}, optional={"block_id": BLOCK_ID, **(optional or {})}, rules=rules)


def _elements(names: tuple[str, ...]) -> ByType:
    return ByType({name: ELEMENTS[name] for name in names})


def _section_says_something(block: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    if "text" not in block and "fields" not in block:
        yield problems.stated("must define either `text` or `fields`", f"{pointer}/section")


def _collapsed_needs_collapsible(block: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield problems.combination("not", pointer)


def _task_ids_differ(block: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    tasks = block.get("tasks")
    seen: set[str] = set()
    for index, task in enumerate(tasks if isinstance(tasks, list) else []):
        if task["task_id"] in seen:
            yield problems.already_exists("task_id", task["task_id"], f"{pointer}/tasks/{index}/task_id")
        seen.add(task["task_id"])


_CARD = _block(
    {},
    {
        "hero_image": IMAGE_ELEMENT,
        "icon": IMAGE_ELEMENT,
        "slack_icon": SLACK_ICON,
        "title": any_text(LIMITS["card.title.max"]),
        "subtitle": any_text(LIMITS["card.subtitle.max"]),
        "body": any_text(LIMITS["card.body.max"]),
        "subtext": any_text(LIMITS["card.subtext.max"]),
        "actions": Listing(ByType({"button": BUTTON}), min=1, max=LIMITS["card.actions.max"]),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    never_together(("icon", ...), ("slack_icon", ...)),
)

_URL_SOURCE = Shape(required={"type": TYPE, "url": Text(min=1), "text": Text(min=1)})
_TASK_STATES = ("in_progress", "complete", "error")


def _task(states: tuple[str, ...]) -> tuple[Mapping[str, Schema], Mapping[str, Schema]]:
    """What a task must and may say."""
    required: Mapping[str, Schema] = {"task_id": ID, "title": Text(min=1), "status": Text(enum=states)}
    optional: Mapping[str, Schema] = {
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": Listing(ByType({"url": _URL_SOURCE})),
    }
    return required, optional


_TASK_REQUIRED, _TASK_OPTIONAL = _task(("pending", *_TASK_STATES))
_TASK_IN_PLAN = Shape(
    required=_TASK_REQUIRED,
    optional={"type": Text(enum=("task_card",)), "block_id": BLOCK_ID, **_TASK_OPTIONAL},
)

_CONTEXT_PARTS = ByType({"image": IMAGE_ELEMENT, **any_text_shapes(LIMITS["text.max"]).shapes})


def _input(elements: tuple[str, ...]) -> Shape:
    return _block(
        {"label": plain_text(LIMITS["input.label.max"]), "element": _elements(elements)},
        {"hint": plain_text(LIMITS["input.hint.max"]), "optional": Flag(), "dispatch_action": Flag()},
    )


_SIMPLE: Mapping[str, Schema] = {
    "section": _block(
        {},
        {
            "text": any_text(LIMITS["section.text.max"]),
            "fields": Listing(
                any_text(LIMITS["section.field.max"]),
                min=LIMITS["section.fields.min"],
                max=LIMITS["section.fields.max"],
            ),
            "accessory": _elements(IN_SECTION),
            "expand": Flag(),
        },
        _section_says_something,
    ),
    "divider": _block({}),
    "header": _block({"text": plain_text(LIMITS["header.text.max"])}),
    "actions": _block(
        {
            "elements": Listing(
                _elements(IN_ACTIONS), min=LIMITS["actions.elements.min"], max=LIMITS["actions.elements.max"]
            )
        }
    ),
    "context": _block(
        {"elements": Listing(_CONTEXT_PARTS, min=LIMITS["context.elements.min"], max=LIMITS["context.elements.max"])}
    ),
    "context_actions": _block(
        {
            "elements": Listing(
                _elements(IN_CONTEXT_ACTIONS),
                min=LIMITS["context_actions.elements.min"],
                max=LIMITS["context_actions.elements.max"],
            )
        }
    ),
    "image": IMAGE_BLOCK,
    "input": _input(IN_INPUT),
    "markdown": _block({"text": Text(min=1, max=LIMITS["markdown.text.max"])}),
    "rich_text": RICH_TEXT_BLOCK,
    "video": _block(
        {
            "alt_text": Text(min=1, max=LIMITS["video.alt_text.max"]),
            "title": plain_text(LIMITS["video.title.max"]),
            "thumbnail_url": Text(min=1, max=LIMITS["video.thumbnail_url.max"], format="url"),
            "video_url": Text(min=1, max=LIMITS["video.video_url.max"], format="url"),
        },
        {
            "author_name": Text(max=LIMITS["video.author_name.max"]),
            "description": plain_text(LIMITS["video.description.max"]),
            "provider_icon_url": Text(max=LIMITS["video.provider_icon_url.max"]),
            "provider_name": Text(max=LIMITS["video.provider_name.max"]),
            "title_url": Text(max=LIMITS["video.title_url.max"]),
        },
    ),
    "call": _block({"call_id": ID}),
    "alert": _block(
        {"text": any_text(LIMITS["alert.text.max"])},
        {"level": Text(enum=("default", "info", "warning", "error", "success"))},
    ),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "card": _CARD,
    "carousel": _block(
        {
            "elements": Listing(
                ByType({"card": _CARD}), min=LIMITS["carousel.elements.min"], max=LIMITS["carousel.elements.max"]
            )
        }
    ),
    "task_card": _block(*_task(_TASK_STATES)),
    "plan": _block(
        {"title": Text(min=1), "tasks": Listing(_TASK_IN_PLAN, max=LIMITS["plan.tasks.max"])}, None, _task_ids_differ
    ),
}


def _container(children: Mapping[str, Schema]) -> Shape:
    return _block(
        {
            "child_blocks": Listing(
                ByType(children), min=LIMITS["container.child_blocks.min"], max=LIMITS["container.child_blocks.max"]
            )
        },
        {
            "title": plain_text(LIMITS["container.title.max"]),
            "rich_text_title": RICH_TEXT,
            "subtitle": any_text(LIMITS["container.subtitle.max"]),
            "width": Text(enum=("narrow", "standard", "wide", "full")),
            "icon": IMAGE_ELEMENT,
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        at_least_one("title", "rich_text_title"),
        _collapsed_needs_collapsible,
        never_together(("has_header_divider", True), ("is_collapsible", True)),
    )


_IN_CONTAINER = ("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video")

_EVERYWHERE = ("actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video")

# Sources from 2026 disagree about tables and charts on Home; refusing them there is right under every one of them.
_ALLOWED: Mapping[Surface, tuple[str, ...]] = {
    "message": tuple(name for name in _SIMPLE if name != "alert"),
    "modal": (*_EVERYWHERE, "alert"),
    "home": (*_EVERYWHERE, "carousel"),
}
_WITH_CONTAINER: tuple[Surface, ...] = ("message", "home")


def _blocks_of(surface: Surface) -> Mapping[str, Schema]:
    allowed = {name: _SIMPLE[name] for name in _ALLOWED[surface]}
    if surface == "modal":
        allowed["input"] = _input(IN_INPUT_OF_MODAL)
    if surface in _WITH_CONTAINER:
        allowed["container"] = _container({name: allowed[name] for name in _IN_CONTAINER if name in allowed})
    return allowed


BLOCKS: Mapping[Surface, Mapping[str, Schema]] = {surface: _blocks_of(surface) for surface in _ALLOWED}
