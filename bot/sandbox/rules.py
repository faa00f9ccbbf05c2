"""The one place that asks the Block Kit rules: refuse what Slack refuses, and give back what Slack would keep."""

from __future__ import annotations

import secrets
import string
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.blockkit import Problem, normalise_blocks, normalise_view, validate_message, validate_view
from bot.sandbox.entities import Json
from bot.sandbox.errors import Refused

SCHEMA_CODES = frozenset({"missing_field", "invalid_type", "failed_constraint"})
"""Problems of the schema; any other code is itself the error Slack answers with."""


def refuse_bad_message(payload: Mapping[str, Any]) -> None:
    """`invalid_blocks` (or the error the rule names) with Slack's messages, if a message is not what Slack takes."""
    _refuse(validate_message(payload), "invalid_blocks", errors=True)


def refuse_bad_view(view: object) -> None:
    """`invalid_arguments` with Slack's messages, if the view is not what Slack takes."""
    _refuse(validate_view(view), "invalid_arguments", errors=False)


def _refuse(problems: Sequence[Problem], usual: str, *, errors: bool) -> None:
    if not problems:
        return
    lines = [problem.as_line() for problem in problems]
    if problems[0].code not in SCHEMA_CODES:
        raise Refused(problems[0].code, messages=lines)
    attached = problems[0].pointer.startswith("/attachments")
    code = "invalid_attachments" if attached else usual
    raise Refused(code, messages=lines, **({"errors": lines} if errors else {}))


def kept_blocks(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack gives them back: ids generated, defaults filled in."""
    return normalise_blocks(blocks, {str(block["block_id"]) for block in blocks if block.get("block_id")})


def kept_view(view: Json) -> Json:
    """The view as Slack gives it back."""
    return normalise_view(view)


def new_block_id() -> str:
    """A short random block id, as Slack makes them."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(5))


def new_client_msg_id() -> str:
    """The id a client gives a message it sends."""
    return str(uuid.uuid4())
