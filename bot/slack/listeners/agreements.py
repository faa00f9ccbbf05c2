"""**Approve** and **Send Back** on a request for agreement."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import forms, ids
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.agreements import agreement_settled, send_back_modal
from bot.usecases.agreements import agree, may_send_back, send_back


async def _comment_modal(number: int) -> View:
    return send_back_modal(number)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to both buttons and to the comment."""

    @app.action(ids.OBJECTIVE_APPROVE)
    async def approve(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        done = await shell.do(agree, forms.agree(body))
        await shell.tell(body, agreement_settled(done), replace=True)

    @app.action(ids.OBJECTIVE_SEND_BACK)
    async def ask_for_comment(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        command = forms.ask_to_send_back(body)
        done = await shell.do(may_send_back, command, writes=False)
        if done is None:
            await shell.open_modal(body, _comment_modal(command.number))
        else:
            await shell.tell(body, agreement_settled(done), replace=True)

    @app.view(ids.SEND_BACK)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        await shell.do(send_back, forms.send_back(body))
        await ack()
