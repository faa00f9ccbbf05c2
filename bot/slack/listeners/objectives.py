"""Setting objectives."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import grammar, ids, parse
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.objectives import new_objective_modal
from bot.usecases.objectives import OpenObjective, open_objective, set_objective

Body = Mapping[str, Any]


async def open_from_command(shell: Shell, body: Body, typed: grammar.SetObjective) -> None:
    """`/okr set` opens the modal, with what was typed behind it as the first wording."""
    await shell.open_modal(body, _modal(shell, body, typed.title))


async def _modal(shell: Shell, body: Body, title: str | None) -> View:
    command = OpenObjective(parse.actor(body), parse.new_nonce())
    return new_objective_modal(await shell.do(open_objective, command), title)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to **New Objective** and its **Save**."""

    @app.action(ids.OPEN_NEW_OBJECTIVE)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _modal(shell, body, None))

    @app.view(ids.NEW_OBJECTIVE)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        await shell.do(set_objective, parse.new_objective(body))
        await ack()
