"""The one place where errors are answered: in the modal, beside the click, or as a message."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import structlog
from aiohttp import ClientError
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.okr.errors import OkrError
from bot.slack import grammar, ids, parse
from bot.slack.shell import Shell
from bot.slack.views import errors as views
from bot.usecases.answers import InvalidAnswers
from bot.usecases.faults import origin, way_to

Body = Mapping[str, Any]

TOO_SLOW = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
FIELDS: Mapping[str, Mapping[str, str]] = {
    ids.NEW_OBJECTIVE: views.OBJECTIVE_FIELDS,
    ids.KEY_RESULT: views.KEY_RESULT_FIELDS,
    ids.SEND_BACK: views.SEND_BACK_FIELDS,
    ids.SET_UP: views.SET_UP_FIELDS,
    ids.EDIT_KEY_RESULT: views.EDITED_KEY_RESULT_FIELDS,
    ids.HAND_OVER: views.HAND_OVER_FIELDS,
    ids.EDIT_OBJECTIVE: views.EDITED_OBJECTIVE_FIELDS,
    ids.TEAM: views.TEAM_FIELDS,
    ids.CYCLE: views.CYCLE_FIELDS,
    ids.EDIT_CHECK_IN: views.EDITED_CHECK_IN_FIELDS,
    ids.SNOOZE: views.SNOOZE_FIELDS,
    ids.SKIP: views.SKIP_FIELDS,
    ids.SETTINGS: views.SETTINGS_FIELDS,
}
BOLT_POLLS_EVERY = 0.01

log = structlog.get_logger()


class TooSlow(OkrError):
    """Slack's three seconds for opening a window had passed."""


def register(app: AsyncApp, shell: Shell) -> None:
    """Answer every error that a listener raises."""

    @app.error
    async def on_error(error: Exception, body: dict[str, Any], response: BoltResponse | None) -> BoltResponse | None:
        expected = as_expected(error)
        reference = uuid4().hex[:8]
        if expected is None:
            # Neither the error's text nor its traceback with values: either may quote what people typed.
            log.error(
                "listener_failed",
                reference=reference,
                kind=body.get("type"),
                error=type(error).__name__,
                at=origin(error),
                way=way_to(error),
            )
        else:
            log.info("listener_refused", why=type(expected).__name__, kind=body.get("type"))
        if body.get("type") == "view_submission":
            return BoltResponse(
                status=200, body={"response_action": "errors", "errors": _at_fields(body, expected, reference)}
            )
        if body.get("type") == "block_suggestion":
            # Nothing is found, and the next letter tries again: a message for each one would be noise.
            return BoltResponse(status=200, body={"options": []})
        if body.get("type") == "event_callback":
            return None if response is None else BoltResponse(status=500)
        # Bolt forgets an acknowledgement that it has not sent yet when an error follows at once: let it send first.
        await asyncio.sleep(3 * BOLT_POLLS_EVERY)
        message = views.trouble_message(reference) if expected is None else views.error_message(expected)
        line = _check_in_line(body)
        if line is not None:
            message = views.with_typed(message, line)
        try:
            await shell.tell(body, message)
        except (SlackApiError, ClientError, TimeoutError) as failure:
            log.warning("error_not_told", reference=reference, error=type(failure).__name__)
        # Without a response it was acknowledged already, and Bolt takes no other.
        return None if response is None else BoltResponse(status=200)


def as_expected(error: Exception) -> OkrError | None:
    """The error as its reader may be told it; None for one of ours."""
    if isinstance(error, OkrError):
        return error
    if isinstance(error, SlackApiError) and error.response.get("error") in TOO_SLOW:
        return TooSlow("That took too long for Slack, so no window opened. Please press it once more.")
    return None


def _check_in_line(body: Body) -> str | None:
    """The one-line check-in that a command was, as it was typed."""
    text = str(body.get("text") or "") if "command" in body else ""
    try:
        is_line = isinstance(grammar.parse_command(text), grammar.UpdateLines)
    except OkrError:
        is_line = True  # one that could not be read
    return text if text and is_line else None


def _at_fields(body: Body, error: OkrError | None, reference: str) -> dict[str, str]:
    """What to show at which input, so that the modal stays open with its text."""
    first = parse.first_input(body) or ids.HEADLINE
    if error is None:
        return views.trouble_field_error(reference, first)
    names = FIELDS.get(str((body.get("view") or {}).get("callback_id")), {})
    shown = parse.inputs_shown(body)
    known = {
        field: block_id
        for field, name in names.items()
        for block_id in shown
        if ids.in_any_form(name).fullmatch(block_id)
    }
    if isinstance(error, InvalidAnswers):
        each = [OkrError(text, help_topic=error.help_topic, field=field) for field, text in error.by_field.items()]
        return views.field_errors(each, known, first)
    return views.field_errors([error], known, first)
