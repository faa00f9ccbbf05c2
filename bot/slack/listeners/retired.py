"""Buttons that no listener knows any more: old messages keep theirs for ever, and each still gets an answer."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import ids, parse
from bot.slack.shell import Shell
from bot.slack.views.errors import error_message


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to every button that is left; registered last."""

    @app.action(re.compile(".*"))
    async def answer(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        parse.pressed(body)
        await shell.tell(body, error_message(ids.unreadable()))
