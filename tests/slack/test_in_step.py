"""Who is in a big channel is read page by page, and all of them are kept."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.directory import Directory
from bot.slack.in_step import InStep
from bot.store.tables import Membership, Team
from bot.usecases.in_step import CHANNEL, Source
from bot.usecases.runner import UseCases
from tests.usecases.world import PROMPTED, TEAM, World, company, world_on

PAGES = {"": range(1000), "second": range(1000, 2000), "third": range(2000, 2100)}
FOLLOWING = {"": "second", "second": "third", "third": ""}


@pytest.fixture
def lumen(sqlite_url: str) -> Iterator[World]:
    with world_on(sqlite_url) as world:
        yield company(world)


class _Slack:
    """A channel of 2,100; somebody of another company is among them, and nobody knows them."""

    def __init__(self) -> None:
        self.looked_up: list[str] = []

    async def conversations_members(self, *, channel: str, limit: int, cursor: str) -> dict[str, Any]:
        assert len(PAGES[cursor]) <= limit <= 1000
        return {
            "members": ["U0STRANGER" if n == 0 else f"U{n}" for n in PAGES[cursor]],
            "response_metadata": {"next_cursor": FOLLOWING[cursor]},
        }

    async def users_info(self, *, user: str, include_locale: bool) -> dict[str, Any]:
        self.looked_up.append(user)
        return {"user": {"id": user, "team_id": "E0OTHER", "enterprise_user": {"teams": ["T0OTHER"]}}}


async def test_everybody_of_a_big_channel_is_a_member_and_strangers_are_not(lumen: World) -> None:
    lumen.together(lambda: [lumen.member(f"U{n}") for n in range(1, 2100)])
    lumen.change(Team, lumen.teams["Growth"], members_from=CHANNEL, members_source="C0BIG")

    async def clock() -> Any:
        return PROMPTED

    use_cases = UseCases(lumen.database, clock)
    slack = _Slack()
    try:
        step = InStep(Directory(cast(AsyncWebClient, slack)), use_cases)
        await step.read_all(TEAM)
    finally:
        use_cases.close()
    assert len(lumen.rows(Membership, Membership.team_id == lumen.teams["Growth"])) == 2099
    assert slack.looked_up == ["U0STRANGER"]
    assert Source(TEAM, CHANNEL, "C0BIG").shows_nobody(())
