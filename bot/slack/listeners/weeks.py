"""`/okr`: my week."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.okr.facts import EmptyWorkspace
from bot.slack import grammar, ids, parse
from bot.slack.shell import Shell
from bot.slack.views import Message, weeks
from bot.usecases.weeks import ShowMyWeek, my_week


async def show(shell: Shell, body: Mapping[str, Any], typed: grammar.MyWeek) -> None:
    """Answer `/okr`."""
    await shell.tell(body, await _week(shell, body))


async def _week(shell: Shell, body: Mapping[str, Any]) -> Message:
    facts = await shell.do(my_week, ShowMyWeek(parse.actor(body)))
    return weeks.empty_workspace(facts) if isinstance(facts, EmptyWorkspace) else weeks.my_week(facts)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to the button that shows the week anew."""

    @app.action(ids.MY_WEEK_REFRESH)
    async def refresh(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.tell(body, await _week(shell, body), replace=parse.pressed(body).on_message)
