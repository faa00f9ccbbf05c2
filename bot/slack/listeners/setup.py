"""Setting a workspace up."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import ids, parse
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.setup import set_up_modal
from bot.usecases.workspaces import OpenSetUp, open_set_up, save_set_up


async def _modal(shell: Shell, body: Mapping[str, Any]) -> View:
    form = await shell.do(open_set_up, OpenSetUp(parse.actor(body)))
    return set_up_modal(form, ids.SetUpMetadata(parse.new_nonce()))


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to **Set Up** and its **Save**."""

    @app.action(ids.OPEN_SET_UP)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _modal(shell, body))

    @app.view(ids.SET_UP)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        await shell.do(save_set_up, parse.set_up(body))
        await ack()
