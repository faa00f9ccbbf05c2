"""Teams kept in step with a Slack user group or a channel: read from Slack, kept by a use case."""

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.okr.errors import Busy, OkrError
from bot.slack.directory import Directory
from bot.usecases.in_step import (
    GROUP,
    FindSources,
    FollowChange,
    KeepInStep,
    Source,
    find_sources,
    follow_change,
    keep_in_step,
)
from bot.usecases.people import KeepPeople, keep_people
from bot.usecases.runner import UseCases

log = structlog.get_logger(__name__)

KEEP_SECONDS = 20.0
"""Nobody waits for an answer."""
MOST_LOOKED_UP = 200


class InStep:
    """Reads who is in groups and channels, and keeps the teams that follow them."""

    def __init__(self, directory: Directory, use_cases: UseCases) -> None:
        self._directory = directory
        self._use_cases = use_cases

    async def read(self, source: Source) -> tuple[str, ...]:
        """Who is in it (`U…`). Raises GroupUnreadable."""
        if source.kind == GROUP:
            return await self._directory.in_group(source.id)
        return await self._directory.in_channel(source.id)

    async def keep(self, source: Source, people: tuple[str, ...]) -> None:
        """Let the teams of a source have these members. Who is not known yet is looked up in Slack."""
        command = KeepInStep(source, people)
        unknown = await self._use_cases.do(keep_in_step, command, seconds=KEEP_SECONDS)
        if await self._look_up(source.team, unknown):
            await self._use_cases.do(keep_in_step, command, seconds=KEEP_SECONDS)

    async def follow(self, change: FollowChange, unknown: tuple[str, ...]) -> None:
        """Take the people in who were not known yet when a change came."""
        if await self._look_up(change.source.team, unknown):
            await self._use_cases.do(follow_change, change, seconds=KEEP_SECONDS)

    async def _look_up(self, team: str, people: tuple[str, ...]) -> bool:
        found = [await self._directory.person(each) for each in people[:MOST_LOOKED_UP]]
        persons = tuple(each for each in found if each is not None)
        return bool(persons) and bool(await self._use_cases.do(keep_people, KeepPeople(team, persons)))

    async def read_all(self, team: str) -> None:
        """Bring every team that follows a group or channel up to date. What cannot be read is logged and left."""
        try:
            sources = await self._use_cases.do(find_sources, FindSources(team), writes=False, seconds=KEEP_SECONDS)
        except Busy:
            log.warning("members_not_in_step", error="Busy")
            return
        for source in sources:
            try:
                await self.keep(source, await self.read(source))
            except (SlackApiError, ClientError, TimeoutError, OSError, OkrError) as error:
                log.warning("members_not_in_step", kind=source.kind, source=source.id, error=type(error).__name__)
