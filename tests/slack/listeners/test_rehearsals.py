"""`/okr rehearse` through the real Bolt app."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store.tables import Delivery
from bot.usecases import rehearsing_here
from tests.slack.listeners.desk import Desk, Json, desk_on, eventually
from tests.usecases.world import World, at, company, world_on

SUNDAY = at("2026-10-11 12:00")


@pytest.fixture
def lumen(sqlite_url: str) -> Iterator[World]:
    with world_on(sqlite_url) as world:
        yield company(world)


@pytest.fixture
async def desk(lumen: World) -> AsyncIterator[Desk]:
    async with desk_on(lumen, SUNDAY) as made:
        for owner, team in (("U0ANA", "Growth"), ("U0BO", "Growth"), ("U0OLU", "Quiet")):
            lumen.key_result(owner, team)
        yield made


async def rehearsed(desk: Desk, user: str) -> Json:
    """The answer; on a slow machine one that says to wait comes first."""
    desk.slack.calls.clear()
    await desk.send(desk.command("rehearse", user))

    def there() -> list[Json]:
        return [each for each in desk.slack.made("response") if "takes a while" not in each["text"]]

    await eventually(there, "the rehearsal")
    return there()[-1]


async def test_everybody_sees_what_is_theirs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = await rehearsed(desk, "U0CLEO")
    assert everybody["response_type"] == "ephemeral"
    assert everybody["text"].startswith("24 messages to 3 people, 4 posts in channels in 4 weeks. At most two a week")
    team = await rehearsed(desk, "U0LEA")
    assert team["text"].startswith("16 messages to 2 people, 4 posts in channels")
    assert "Growth" in str(team["blocks"])
    own = await rehearsed(desk, "U0OLU")
    assert own["text"].startswith("8 messages to 1 person in 4 weeks.")
    assert "prompt: KR-3" in str(own["blocks"])
    monkeypatch.setattr(rehearsing_here, "MOST_PEOPLE", 2)
    too_many = await rehearsed(desk, "U0CLEO")
    assert too_many["text"].startswith("0 messages to 0 people")
    assert "3 people are more than I rehearse here" in str(too_many["blocks"])
    assert desk.world.how_many(Delivery) == 0
