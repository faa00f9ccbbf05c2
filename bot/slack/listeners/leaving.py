"""Handing over what somebody who has left owned."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import edits, ids
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views import leaving as views
from bot.usecases.leavers import hand_over, open_hand_over


async def _modal(shell: Shell, body: Mapping[str, Any]) -> View:
    return views.hand_over(await shell.do(open_hand_over, edits.open_hand_over(body), writes=False))


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to **Hand Over** and its modal."""

    @app.action(ids.HAND_OVER_OPEN)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _modal(shell, body))

    @app.view(ids.HAND_OVER)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        done = await shell.do(hand_over, edits.hand_over(body))
        shown = views.handed_over(done) if done.following is None else views.hand_over(done.following)
        await ack(response_action="update", view=shown)
