"""reactions.*: emoji on messages."""

from __future__ import annotations

import re

from bot.sandbox import messages
from bot.sandbox.api.registry import Call, method
from bot.sandbox.entities import Json, Message
from bot.sandbox.errors import Refused

TS = re.compile(r"\d{9,10}\.\d{6}")


def _message(call: Call) -> Message:
    if not call.text("channel") or not call.text("timestamp"):
        raise Refused("no_item_specified")
    channel = call.channel()
    if not TS.fullmatch(call.text("timestamp")):
        raise Refused("bad_timestamp")
    if not call.sandbox.workspace.bot_is_in(channel):
        raise Refused("not_in_channel")
    return call.sandbox.workspace.message(channel.id, call.text("timestamp"))


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not messages.EMOJI_NAME.fullmatch(name):
        raise Refused("invalid_name")
    return name


@method("reactions.add", scopes=("reactions:write",), required=("name",), tier=3)
def add(call: Call) -> Json:
    """The bot reacts."""
    message = _message(call)
    if call.sandbox.workspace.channels[message.channel].is_archived:
        raise Refused("is_archived")
    messages.react(call.sandbox, message, _name(call), call.sandbox.workspace.bot)
    return {}


@method("reactions.remove", scopes=("reactions:write",), required=("name",), tier=2)
def remove(call: Call) -> Json:
    """The bot takes its reaction back."""
    messages.unreact(call.sandbox, _message(call), _name(call), call.sandbox.workspace.bot)
    return {}


@method("reactions.get", scopes=("reactions:read",), tier=3, json_body=False)
def get(call: Call) -> Json:
    """A message with its reactions."""
    message = _message(call)
    body = message.as_slack(call.sandbox.team)
    for beside in ("edited", "thread_ts"):  # Slack says nothing of edits and threads here
        body.pop(beside, None)
    return {"type": "message", "channel": message.channel, "message": body}
