"""Checking in: the modal, the one-line way, Undo."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import grammar, ids, parse
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.checkins import check_in_modal, receipt
from bot.usecases.checkins import OpenForm, open_form, send_form, send_lines, undo_submission

Body = Mapping[str, Any]


async def open_from_command(shell: Shell, body: Body, typed: grammar.UpdateForm) -> None:
    """`/okr update` opens the modal."""
    await shell.open_modal(body, _modal(shell, body, None))


async def one_line(shell: Shell, body: Body, typed: grammar.UpdateLines) -> None:
    """`/okr update KR-3 45k 8 note` is answered with what changed and **Undo**."""
    await shell.tell(body, receipt(await shell.do(send_lines, parse.one_line(body, typed))))


async def _modal(shell: Shell, body: Body, prompt_delivery: int | None) -> View:
    command = OpenForm(parse.actor(body), parse.new_nonce())
    return check_in_modal(await shell.do(open_form, command, writes=False), prompt_delivery)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to **Check in**, **Send** and **Undo**."""

    @app.action(ids.CHECK_IN_OPEN)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        opening = ids.unpack(parse.pressed(body).value, ids.CheckInOpening)
        await shell.open_modal(body, _modal(shell, body, opening.prompt_delivery))

    @app.shortcut(ids.CHECK_IN_SHORTCUT)
    async def open_from_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _modal(shell, body, None))

    @app.view(ids.CHECK_IN)
    async def send(ack: AsyncAck, body: dict[str, Any]) -> None:
        await shell.do(send_form, parse.check_in(body))
        await ack()

    @app.action(ids.UNDO_SUBMISSION)
    async def undo(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        kept = await shell.do(undo_submission, parse.undo(body))
        await shell.tell(body, receipt(kept), replace=True)
