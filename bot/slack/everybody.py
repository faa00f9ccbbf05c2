"""All members as Slack knows them, read before the first beat: events can be lost for good while the bot is down.

Teams that follow a user group or a channel are brought up to date with them.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.okr.errors import Busy
from bot.slack.directory import Directory
from bot.slack.in_step import InStep
from bot.usecases.people import KeepPeople, MembersKnown, keep_people, members_known
from bot.usecases.runner import UseCases

log = structlog.get_logger(__name__)

Sleep = Callable[[float], Awaitable[None]]

KEEP_SECONDS = 20.0
"""Keeping a page answers nobody in Slack, so it may take its time."""
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 600.0
WAIT_SECONDS = 30.0
"""How long beats wait for the first reading. Of thousands of people it takes longer: Slack lets few pages through."""
DAY_SECONDS = 86_400.0
TICK_SECONDS = 300.0
"""How long a single tick may read: nothing goes on reading after it."""


class Everybody:
    """Reads all members of the Slack workspace `team` (`T…`) into the database. `sleep`: tests pass their own."""

    def __init__(self, directory: Directory, use_cases: UseCases, team: str, *, sleep: Sleep = asyncio.sleep) -> None:
        self._directory = directory
        self._use_cases = use_cases
        self._team = team
        self._sleep = sleep
        self._in_step = InStep(directory, use_cases)

    async def read(self) -> bool:
        """Bring the members up to date, page by page. Answers whether all were read; a failure is logged."""
        known = 0
        try:
            async for page in self._directory.everybody():
                known += await self._use_cases.do(
                    keep_people, KeepPeople(self._team, tuple(page)), seconds=KEEP_SECONDS
                )
            await self._use_cases.do(keep_people, KeepPeople(self._team, (), complete=True), seconds=KEEP_SECONDS)
        except (SlackApiError, ClientError, TimeoutError, OSError, Busy) as error:
            log.warning("members_not_read", error=type(error).__name__, read=known)
            return False
        await self._in_step.read_all(self._team)
        return True

    async def read_until_done(self) -> None:
        """Read, and after a failure again, with growing pauses."""
        pause = FIRST_PAUSE_SECONDS
        while not await self.read():
            await self._sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, 2 * pause)

    async def read_daily(self) -> None:
        """Read until it is done, and again every day: events can be lost, and groups change without one."""
        while True:
            await self._sleep(DAY_SECONDS)
            await self.read_until_done()

    async def read_if_old(self, seconds: float = TICK_SECONDS) -> None:
        """One reading, unless a whole one was made within the hour; at most `seconds` of it."""
        if await self._use_cases.do(members_known, MembersKnown(self._team), writes=False, seconds=KEEP_SECONDS):
            return
        try:
            async with asyncio.timeout(seconds):
                await self.read()
        except TimeoutError:
            log.warning("members_not_read", error="TimeoutError", seconds=seconds)


async def wait_for_members(reading: asyncio.Task[None], stop: asyncio.Event, seconds: float = WAIT_SECONDS) -> None:
    """Until everybody is read, `stop` is set, or `seconds` have passed: then beats go on with what is known."""
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait({reading, stopping}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
    if not done:
        log.warning("beats_before_members_are_read", waited=seconds)
