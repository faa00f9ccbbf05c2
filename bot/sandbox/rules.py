"""The one place that asks the rules of payloads: refuse what Slack refuses, and give back what Slack would keep.

The Block Kit rules know the payload alone; here is added what needs the workspace: uploaded files, pictures that
cannot be downloaded, and the number of blocks after markdown was expanded.
"""

from __future__ import annotations

import copy
import secrets
import string
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.blockkit import Problem, normalise_blocks, normalise_view, validate_message, validate_view
from bot.sandbox.blockkit.limits import LIMITS
from bot.sandbox.entities import Json
from bot.sandbox.errors import Refused
from bot.sandbox.expansion import has_markdown, kinds_after_expansion
from bot.sandbox.files import usable_image
from bot.sandbox.images import addresses_in
from bot.sandbox.sandbox import Sandbox

SCHEMA_CODES = frozenset({"missing_field", "invalid_type", "failed_constraint"})
"""Problems of the schema; any other code is itself the error Slack answers with."""

LONGEST_TEXT = 40_000
"""Characters of a message's text; what comes after is cut off."""

SILENT_IN_ATTACHMENTS = frozenset({"id", "color", "mrkdwn_in", "callback_id", "attachment_type", "ts"})
"""What an attachment may have and still show nothing."""


def refuse_bad_message(sandbox: Sandbox, payload: Mapping[str, Any]) -> None:
    """`invalid_blocks` (or the error the rule names) with Slack's messages, if a message is not what Slack takes."""
    problems = message_problems(payload) or [
        problem for pointer, blocks in _block_lists(payload) for problem in _unusable_images(sandbox, blocks, pointer)
    ]
    _refuse(problems, "invalid_blocks", errors=True)


def message_problems(payload: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a message by itself, its markdown expanded; the workspace is not asked."""
    return validate_message(payload) or list(_too_much_once_expanded(payload))


def _block_lists(payload: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The lists of blocks in a message: only in them a picture that is not there is a mistake."""
    yield "/blocks", payload.get("blocks") or []
    for index, attachment in enumerate(payload.get("attachments") or []):
        yield f"/attachments/{index}/blocks", attachment.get("blocks") or []


def refuse_bad_view(sandbox: Sandbox, view: object) -> None:
    """`invalid_arguments` with Slack's messages, if the view is not what Slack takes."""
    problems = validate_view(view) or list(_unusable_images(sandbox, view, "/view"))
    _refuse(problems, "invalid_arguments", errors=False)


def _too_much_once_expanded(payload: Mapping[str, Any]) -> Iterator[Problem]:
    blocks = payload.get("blocks")
    if not has_markdown(blocks):
        return
    kinds = kinds_after_expansion(blocks or [])
    if len(kinds) > LIMITS["message.blocks.max"]:
        yield Problem("failed_constraint", f"no more than {LIMITS['message.blocks.max']} items allowed", "/blocks")
    if kinds.count("table") > LIMITS["message.tables.max"]:
        yield Problem("invalid_attachments", "only_one_table_allowed", "/blocks")


def _unusable_images(sandbox: Sandbox, payload: Any, pointer: str) -> Iterator[Problem]:
    for here, address in addresses_in(payload, pointer):
        if not sandbox.images.is_reachable(address):
            yield Problem("failed_constraint", "downloading image failed", here)
    for here, reference in _slack_files(payload, pointer):
        if usable_image(sandbox, reference) is None:
            yield Problem("failed_constraint", "invalid slack file", here)


def _slack_files(payload: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Every `slack_file` in a payload with the JSON pointer to it."""
    if isinstance(payload, list):
        for index, item in enumerate(payload):
            yield from _slack_files(item, f"{pointer}/{index}")
    elif isinstance(payload, dict):
        for name, value in payload.items():
            if name == "slack_file":
                yield f"{pointer}/{name}", value
            else:
                yield from _slack_files(value, f"{pointer}/{name}")


def _refuse(problems: Sequence[Problem], usual: str, *, errors: bool) -> None:
    if not problems:
        return
    lines = [problem.as_line() for problem in problems]
    if problems[0].code not in SCHEMA_CODES:
        # An error that is its own whole story (`view_too_large`) comes without lines.
        raise Refused(problems[0].code, messages=lines if problems[0].message != problems[0].code else ())
    attached = problems[0].pointer.startswith("/attachments")
    code = "invalid_attachments" if attached else usual
    raise Refused(code, messages=lines, **({"errors": lines} if errors else {}))


def kept_blocks(sandbox: Sandbox, blocks: list[Json]) -> list[Json]:
    """The blocks as Slack gives them back: ids generated, defaults and the addresses of uploaded files filled in."""
    kept = normalise_blocks(blocks, {str(block["block_id"]) for block in blocks if block.get("block_id")})
    return _with_file_addresses(sandbox, kept)


def kept_attachments(sandbox: Sandbox, attachments: list[Json]) -> list[Json]:
    """The attachments as Slack gives them back: numbered, their blocks as those of a message."""
    return [
        {"id": number, **one} | ({"blocks": kept_blocks(sandbox, one["blocks"])} if one.get("blocks") else {})
        for number, one in enumerate(attachments, 1)
    ]


def says_something(content: Mapping[str, Any]) -> bool:
    """There is something to show: blocks, a text that is not blank, an attachment with more to it than a colour."""
    shown = [
        value
        for attachment in content.get("attachments") or []
        for name, value in attachment.items()
        if name not in SILENT_IN_ATTACHMENTS
    ]
    return bool(str(content.get("text") or "").strip() or content.get("blocks") or any(shown))


def kept_view(sandbox: Sandbox, view: Json) -> Json:
    """The view as Slack gives it back."""
    kept = normalise_view(view)
    return kept | {"blocks": _with_file_addresses(sandbox, kept["blocks"])}


def _with_file_addresses(sandbox: Sandbox, blocks: list[Json]) -> list[Json]:
    references = list(_slack_files(blocks, ""))
    if not references:
        return blocks
    filled = copy.deepcopy(blocks)
    for _, reference in _slack_files(filled, ""):
        file = usable_image(sandbox, reference)
        if file is not None:
            shown = file.as_slack(sandbox.team, sandbox.base_url, sandbox.workspace.channels)
            reference |= {"id": file.id, "url": shown["url_private"]}
    return filled


def new_block_id() -> str:
    """A short random block id, as Slack makes them."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(5))


def new_client_msg_id() -> str:
    """The id a client gives a message it sends."""
    return str(uuid.uuid4())
