"""`/okr help`, and what is said to a word nobody knows."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import grammar, ids, parse
from bot.slack.shell import Shell
from bot.slack.views import help

Body = Mapping[str, Any]


async def show(shell: Shell, body: Body, typed: grammar.Help) -> None:
    """Answer `/okr help [topic]`."""
    await shell.tell(body, help.help_message(typed.topic))


async def unknown(shell: Shell, body: Body, typed: grammar.Unknown) -> None:
    """Answer a word that is no command."""
    await shell.tell(body, help.unknown_command(typed.word, typed.nearest))


async def not_yet(shell: Shell, body: Body, typed: grammar.NotYet) -> None:
    """Answer a command that is planned."""
    await shell.tell(body, help.not_yet(typed.word))


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to the ways to a help page."""

    async def open_page(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        page = ids.unpack(parse.pressed(body).value, ids.HelpPage)
        await shell.tell(body, help.help_message(page.topic))

    app.action(ids.HELP_TOPIC)(open_page)
    app.action(ids.HELP_TOPIC_CHOICE)(open_page)
