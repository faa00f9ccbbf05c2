"""The one place that asks the Block Kit rules: refuse what Slack refuses, and give back what Slack would keep."""

from __future__ import annotations

import importlib
import secrets
import string
import uuid
from collections.abc import Mapping
from typing import Any

from bot.sandbox.entities import Json
from bot.sandbox.errors import Refused


def _blockkit() -> Any:
    try:
        return importlib.import_module("bot.sandbox.blockkit")
    except ModuleNotFoundError:
        return None


def message_problems(payload: Mapping[str, Any]) -> list[Any]:
    """Everything Slack would refuse about a message's blocks, attachments, text or metadata."""
    kit = _blockkit()
    return list(kit.validate_message(payload)) if kit else []


def view_problems(view: object) -> list[Any]:
    """Everything Slack would refuse about a modal or a Home tab."""
    kit = _blockkit()
    return list(kit.validate_view(view)) if kit else []


def refuse_bad_message(payload: Mapping[str, Any]) -> None:
    """`invalid_blocks` with Slack's messages, if the blocks are not what Slack takes."""
    blocks = payload.get("blocks")
    if blocks is not None and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    problems = message_problems(payload)
    if problems:
        lines = [problem.as_line() for problem in problems]
        raise Refused(_message_error(problems), messages=lines, errors=lines)


def _message_error(problems: list[Any]) -> str:
    pointer = str(problems[0].pointer)
    return "invalid_attachments" if pointer.startswith("/attachments") else "invalid_blocks"


def refuse_bad_view(view: object) -> None:
    """`invalid_arguments` with Slack's messages, if the view is not what Slack takes."""
    problems = view_problems(view)
    if problems:
        raise Refused("invalid_arguments", messages=[problem.as_line() for problem in problems])


def kept_blocks(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack gives them back: ids generated, defaults filled in."""
    taken = {str(block["block_id"]) for block in blocks if block.get("block_id")}
    kit = _blockkit()
    if kit:
        normalised: list[Json] = kit.normalise_blocks(blocks, taken)
        return normalised
    return [{**block, "block_id": block.get("block_id") or new_block_id()} for block in blocks]


def kept_view(view: Json) -> Json:
    """The view as Slack gives it back."""
    kit = _blockkit()
    if kit:
        normalised: Json = kit.normalise_view(view)
        return normalised
    return {**view, "blocks": kept_blocks(view["blocks"])}


def new_block_id() -> str:
    """A short random block id, as Slack makes them."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(5))


def new_client_msg_id() -> str:
    """The id a client gives a message it sends."""
    return str(uuid.uuid4())
