"""Whole messages and views: the schema first, then what concerns several blocks at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from bot.sandbox.blockkit import problems
from bot.sandbox.blockkit.blocks import BLOCKS, Surface
from bot.sandbox.blockkit.data_blocks import character_count
from bot.sandbox.blockkit.limits import LIMITS
from bot.sandbox.blockkit.objects import OPTION, OPTION_GROUP, plain_text
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import ByType, Flag, Listing, Schema, Shape, Text, check

PlacedBlock = tuple[Mapping[str, object], str]


def _listing_of(surface: Surface) -> Listing:
    if surface == "message":
        return Listing(ByType(BLOCKS[surface]), max=LIMITS["message.blocks.max"])
    return Listing(ByType(BLOCKS[surface]), min=LIMITS["view.blocks.min"], max=LIMITS["view.blocks.max"])


_BLOCK_LISTS: Mapping[Surface, Listing] = {surface: _listing_of(surface) for surface in BLOCKS}

_VIEW_COMMON: Mapping[str, Schema] = {
    "private_metadata": Text(max=LIMITS["view.private_metadata.max"]),
    "callback_id": Text(max=LIMITS["callback_id.max"]),
    "external_id": Text(max=LIMITS["external_id.max"]),
}

_MODAL = Shape(
    required={
        "type": Text(enum=("modal",)),
        "title": plain_text(LIMITS["view.title.max"]),
        "blocks": _BLOCK_LISTS["modal"],
    },
    optional={
        **_VIEW_COMMON,
        "submit": plain_text(LIMITS["view.submit.max"]),
        "close": plain_text(LIMITS["view.close.max"]),
        "clear_on_close": Flag(),
        "notify_on_close": Flag(),
    },
)

_HOME = Shape(required={"type": Text(enum=("home",)), "blocks": _BLOCK_LISTS["home"]}, optional=_VIEW_COMMON)

_VIEWS = ByType({"modal": _MODAL, "home": _HOME})

_METADATA = Shape(required={"event_type": Text(min=1), "event_payload": Shape(open=True)})


_SUGGESTIONS = Shape(
    optional={
        "options": Listing(OPTION, max=LIMITS["select.options.max"]),
        "option_groups": Listing(OPTION_GROUP, max=LIMITS["select.options.max"]),
    },
    open=True,
)


def validate_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """What Slack finds wrong with a list of blocks on a surface; pointers begin with /blocks."""
    found = _check_blocks(blocks, surface, "/blocks")
    return [*found, *_tables_at_most_one({"blocks": blocks})] if surface == "message" else found


def validate_message(payload: Mapping[str, object]) -> list[Problem]:
    """What Slack finds wrong with the arguments of a post: `text`, `blocks`, `attachments` and `metadata`.

    Arguments that are absent or None are not looked at, and no other argument is. Pointers begin with the argument's
    name; the code of a problem in `metadata`, and of a list that is none, names the Web API's error.
    """
    found: list[Problem] = []
    if payload.get("text") is not None:
        found += check(Text(), payload["text"], "/text")
    if payload.get("blocks") is not None:
        found += _check_blocks(payload["blocks"], "message", "/blocks")
    if payload.get("attachments") is not None:
        found += _check_attachments(payload["attachments"])
    found += _tables_at_most_one(payload)
    if payload.get("metadata") is not None:
        found += _check_metadata(payload["metadata"])
    return found


def validate_view(view: object) -> list[Problem]:
    """What Slack finds wrong with a modal or a Home tab; pointers begin with /view."""
    if isinstance(view, dict) and _size(view) > LIMITS["view.bytes.max"]:
        return [Problem("view_too_large", "view_too_large", "/view")]
    untyped = isinstance(view, dict) and "type" not in view
    found = check(_MODAL if untyped else _VIEWS, view, "/view")
    if found:
        found = [problems.combination("all_of", "/view"), *found]
    if not isinstance(view, dict):
        return found
    placed = list(_placed(view.get("blocks"), "/view/blocks"))
    found += _unique_ids(placed)
    if view.get("type") == "modal" and "submit" not in view:
        found += _inputs_need_submit(placed)
    return found


def validate_suggestions(answer: Mapping[str, object]) -> list[Problem]:
    """What Slack finds wrong with the options an app offers while somebody types into an external select."""
    return check(_SUGGESTIONS, {name: value for name, value in answer.items() if value is not None}, "")


def _check_blocks(blocks: object, surface: Surface, pointer: str) -> list[Problem]:
    if not isinstance(blocks, list):
        return [Problem("invalid_blocks_format", "must provide an array", pointer)]
    found = check(_BLOCK_LISTS[surface], blocks, pointer)
    placed = list(_placed(blocks, pointer))
    return [*found, *_unique_ids(placed), *_few_charts(placed), *_totals(placed, pointer)]


def _placed(blocks: object, pointer: str) -> Iterator[PlacedBlock]:
    """Every block with its pointer, the ones inside containers and carousels after their holder."""
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict):
            here = f"{pointer}/{index}"
            yield block, here
            if block.get("type") == "container":
                yield from _placed(block.get("child_blocks"), f"{here}/child_blocks")
            if block.get("type") == "carousel":
                yield from _placed(block.get("elements"), f"{here}/elements")


def elements_of(block: Mapping[str, object]) -> Iterator[tuple[dict[str, object], str]]:
    """The elements of one block with their place in it, such as `elements/0` or `accessory`."""
    for name in ("elements", "actions"):
        held = block.get(name)
        if block.get("type") != "carousel" and isinstance(held, list):
            yield from ((item, f"{name}/{index}") for index, item in enumerate(held) if isinstance(item, dict))
    for name in ("accessory", "element"):
        single = block.get(name)
        if isinstance(single, dict):
            yield single, name


def _unique_ids(placed: list[PlacedBlock]) -> Iterator[Problem]:
    """A block_id is unique in the payload, an action_id within its block: rows of a list may share theirs."""
    blocks_seen: set[str] = set()
    for block, pointer in placed:
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id:
            if block_id in blocks_seen:
                yield problems.already_exists("block_id", block_id, f"{pointer}/block_id")
            blocks_seen.add(block_id)
        actions_seen: set[str] = set()
        for element, place in elements_of(block):
            action_id = element.get("action_id")
            if isinstance(action_id, str) and action_id:
                if action_id in actions_seen:
                    yield problems.already_exists("action_id", action_id, f"{pointer}/{place}/action_id")
                actions_seen.add(action_id)


def _inputs_need_submit(placed: list[PlacedBlock]) -> Iterator[Problem]:
    for block, pointer in placed:
        if block.get("type") == "input":
            yield problems.stated(
                "must define `submit` to use an `input` block in modals", f"{pointer}/input", "submit"
            )


def _few_charts(placed: list[PlacedBlock]) -> Iterator[Problem]:
    most = LIMITS["message.charts.max"]
    charts = [pointer for block, pointer in placed if block.get("type") == "data_visualization"]
    for pointer in charts[most:]:
        yield problems.out_of_bounds("max_items", most, len(charts), pointer)


# Texts that are limited over a whole message as well: block type, what is counted, limit of one, limit of all.
_COUNTED_TOGETHER = (
    ("markdown", "text", "markdown.text.max", "markdown.total.max"),
    ("data_table", "rows", "data_table.total.max", "message.data_tables.total.max"),
)


def _totals(placed: list[PlacedBlock], pointer: str) -> Iterator[Problem]:
    """A text too long on its own has been named before; this names those that are too long together."""
    for kind, name, each, together in _COUNTED_TOGETHER:
        lengths = [character_count({"text": block.get(name)}) for block, _ in placed if block.get("type") == kind]
        if sum(lengths) > LIMITS[together] and all(length <= LIMITS[each] for length in lengths):
            yield problems.out_of_bounds("max_length", LIMITS[together], sum(lengths), pointer)


def _check_attachments(attachments: object) -> list[Problem]:
    if not isinstance(attachments, list):
        return [Problem("invalid_attachments", "must provide an array", "/attachments")]
    if len(attachments) > LIMITS["message.attachments.max"]:
        return [Problem("too_many_attachments", "too_many_attachments", "/attachments")]
    found: list[Problem] = []
    for index, attachment in enumerate(attachments):
        pointer = f"/attachments/{index}"
        if not isinstance(attachment, dict):
            found.append(problems.wrong_type("object", pointer))
        elif "blocks" in attachment:
            found += _check_blocks(attachment["blocks"], "message", f"{pointer}/blocks")
    return found


def _tables_at_most_one(payload: Mapping[str, object]) -> Iterable[Problem]:
    placed = list(_placed(payload.get("blocks"), "/blocks"))
    attachments = payload.get("attachments")
    for index, attachment in enumerate(attachments if isinstance(attachments, list) else []):
        if isinstance(attachment, dict):
            placed += _placed(attachment.get("blocks"), f"/attachments/{index}/blocks")
    tables = [pointer for block, pointer in placed if block.get("type") == "table"]
    return [
        Problem("invalid_attachments", "only_one_table_allowed", pointer)
        for pointer in tables[LIMITS["message.tables.max"] :]
    ]


def _check_metadata(metadata: object) -> list[Problem]:
    found = [
        Problem("invalid_metadata_format", problem.message, problem.pointer, problem.field, problem.constraint)
        for problem in check(_METADATA, metadata, "/metadata")
    ]
    if not found and _size(metadata) > LIMITS["message.metadata.bytes.max"]:
        return [Problem("metadata_too_large", "metadata_too_large", "/metadata")]
    return found


def _size(value: object) -> int:
    """Bytes as compact JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
