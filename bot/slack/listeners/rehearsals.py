"""`/okr rehearse`: the coming weeks, worked out in the background."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.slack import parse, rhythm_grammar
from bot.slack.shell import Shell
from bot.slack.views.rehearsals import one_moment, rehearsal
from bot.usecases.rehearsing_here import AskForRehearsal, extent, rehearse_here

PATIENCE = 2.0
"""Seconds after which who asked hears that it takes a while."""


async def show(shell: Shell, body: Mapping[str, Any], typed: rhythm_grammar.Rehearse) -> None:
    """Answer `/okr rehearse`. Slack has its acknowledgement already."""
    command = AskForRehearsal(parse.actor(body))
    # Who is not known yet is looked up in Slack, and who may not ask hears so at once.
    await shell.do(extent, command, writes=False)
    database = shell.use_cases.database
    working = asyncio.ensure_future(shell.in_background(lambda now: rehearse_here(database, command, now)))
    done, _ = await asyncio.wait({working}, timeout=PATIENCE)
    if not done:
        await shell.tell(body, one_moment())
    await shell.tell(body, rehearsal(await working))
