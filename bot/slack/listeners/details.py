"""`/okr show`, and the pages of a history."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import ids, parse
from bot.slack.id_grammar import Show
from bot.slack.shell import Shell
from bot.slack.views import Message
from bot.slack.views import details as views
from bot.usecases.details import (
    ShowKeyResult,
    ShowObjective,
    ShowObjectiveHistory,
    show_key_result,
    show_objective,
    show_objective_history,
)

Body = Mapping[str, Any]


async def show(shell: Shell, body: Body, typed: Show) -> None:
    """Answer `/okr show …`."""
    await shell.tell(body, await _shown(shell, parse.show(parse.actor(body), typed.id)))


async def _shown(shell: Shell, command: ShowKeyResult | ShowObjective | ShowObjectiveHistory) -> Message:
    match command:
        case ShowKeyResult():
            return views.key_result(await shell.do(show_key_result, command, writes=False))
        case ShowObjective():
            return views.objective(await shell.do(show_objective, command, writes=False))
        case ShowObjectiveHistory():
            return views.objective_history(await shell.do(show_objective_history, command, writes=False))


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to **Show**, **History**, **Older** and **Newer**."""

    async def open_one(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        shown = await _shown(shell, parse.show_from_button(body))
        await shell.tell(body, shown, replace=parse.pressed(body).on_note)

    async def turn(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        shown = await _shown(shell, parse.history_page(body))
        await shell.tell(body, shown, replace=parse.pressed(body).on_note)

    app.action(ids.SHOW_OPEN)(open_one)
    for action in (ids.SHOW_HISTORY, ids.SHOW_OLDER, ids.SHOW_NEWER):
        app.action(action)(turn)
