"""**No change**, **Snooze** and **Skip** on a prompt, and what was told along with it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import ids, prompting
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.checkins import receipt
from bot.slack.views.prompts import nothing_waits, skip_modal, snooze_modal
from bot.usecases.prompt_answers import no_change, open_skip, open_snooze, show_waiting, skip, snooze

Body = Mapping[str, Any]


async def _snooze_modal(shell: Shell, body: Body) -> View:
    return snooze_modal(await shell.do(open_snooze, prompting.opening(body), writes=False))


async def _skip_modal(shell: Shell, body: Body) -> View:
    return skip_modal(await shell.do(open_skip, prompting.opening(body), writes=False))


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to the buttons and to both modals."""

    @app.action(ids.NO_CHANGE)
    async def nothing_changed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        kept = await shell.do(no_change, prompting.no_change(body))
        await shell.tell(body, receipt(kept), replace=True)

    @app.action(ids.SNOOZE_OPEN)
    async def ask_when(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _snooze_modal(shell, body))

    @app.action(ids.SKIP_OPEN)
    async def ask_why(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _skip_modal(shell, body))

    @app.view(ids.SNOOZE)
    async def put_off(ack: AsyncAck, body: dict[str, Any]) -> None:
        await shell.do(snooze, prompting.snooze(body))
        await ack()

    @app.view(ids.SKIP)
    async def leave_out(ack: AsyncAck, body: dict[str, Any]) -> None:
        await shell.do(skip, prompting.skip(body))
        await ack()

    @app.action(ids.WAITING_SHOW)
    async def show(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        if not await shell.do(show_waiting, prompting.waiting(body)):
            await shell.tell(body, nothing_waits())
