"""`/okr list`."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import grammar, ids, parse
from bot.slack.shell import Shell
from bot.slack.views.lists import key_results
from bot.usecases.lists import list_key_results


async def show(shell: Shell, body: Mapping[str, Any], typed: grammar.ListKeyResults) -> None:
    """Answer `/okr list …`."""
    facts = await shell.do(list_key_results, parse.listing(body, typed), writes=False)
    await shell.tell(body, key_results(facts))


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to buttons that show a list, and to its **Next** and **Previous**."""

    @app.action(ids.LIST_OPEN)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        opening = ids.unpack(parse.pressed(body).value, ids.ListOpening)
        typed = grammar.parse_command(f"list {opening.text}")
        if isinstance(typed, grammar.ListKeyResults):
            await show(shell, body, typed)

    async def turn(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        facts = await shell.do(list_key_results, parse.list_page(body), writes=False)
        await shell.tell(body, key_results(facts), replace=parse.pressed(body).on_note)

    for action in (ids.LIST_NEXT, ids.LIST_PREVIOUS):
        app.action(action)(turn)
