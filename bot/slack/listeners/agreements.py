"""**Approve** and **Send Back** on a request for agreement; **Withdraw** for who waits for it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.okr.setting import Agreement, AskedAnew
from bot.slack import forms, ids
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.agreements import (
    agreement_asked,
    agreement_settled,
    asked_anew,
    send_back_modal,
    withdrawn,
    withdrawn_modal,
)
from bot.usecases.agreements import agree, check_sent_back, may_send_back, send_back, show_request, withdraw


async def _comment_modal(number: int) -> View:
    return send_back_modal(number)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to both buttons and to the comment."""

    @app.action(ids.OBJECTIVE_APPROVE)
    async def approve(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        done = await shell.do(agree, forms.agree(body))
        told = asked_anew(done) if isinstance(done, AskedAnew) else agreement_settled(done)
        await shell.tell(body, told, replace=True)

    @app.action(ids.OBJECTIVE_WITHDRAW)
    async def take_back(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        done = await shell.do(withdraw, forms.withdraw(body))
        if forms.is_in_modal(body):
            await shell.replace_modal(body, withdrawn_modal(done))
        else:
            await shell.tell(body, withdrawn(done), replace=True)

    @app.action(ids.in_any_form(ids.AGREEMENT_OPEN))
    async def show_again(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        found = await shell.do(show_request, forms.show_request(body), writes=False)
        await shell.tell(body, agreement_settled(found) if isinstance(found, Agreement) else agreement_asked(found))

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
        command = forms.send_back(body)
        check_sent_back(await shell.do(send_back, command), command)
        await ack()
