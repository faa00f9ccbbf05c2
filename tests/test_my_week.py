"""`/okr` in a workspace whose objectives came with an import, and after the due time."""

from collections.abc import Iterator

import pytest

from bot.okr.facts import MyWeek
from bot.usecases.actors import Actor
from bot.usecases.weeks import ShowMyWeek, my_week
from tests.usecases.world import PROMPTED, TEAM, World, at, world_on


@pytest.fixture
def imported(database_url: str) -> Iterator[World]:
    """Eve owns a key result; nobody is champion yet; Ada and Bea are admins of the Slack workspace."""
    with world_on(database_url) as world:
        world.member("U0ADA", "Ada", is_admin=True)
        world.member("U0BEA", "Bea", is_admin=True)
        world.member("U0EVE", "Eve")
        world.team("Growth")
        world.cycle(at("2026-10-01 00:00").date(), at("2026-12-31 00:00").date())
        world.key_result("U0EVE", "Growth")
        yield world


def week(world: World, who: str, now: str = "2026-10-05 12:00") -> MyWeek:
    shown = world.do(my_week, ShowMyWeek(Actor(TEAM, who)), at(now))
    assert isinstance(shown, MyWeek)
    return shown


def test_who_becomes_champion_is_told_once_and_finds_the_set_up_from_then_on(imported: World) -> None:
    told = [week(imported, who) for who in ("U0EVE", "U0ADA", "U0ADA", "U0BEA")]
    assert [each.just_appointed for each in told] == [False, True, False, False]
    assert [each.may_set_up for each in told] == [False, True, True, False]


def test_after_the_due_time_what_waits_is_overdue(imported: World) -> None:
    imported.tick(PROMPTED)
    due_at = week(imported, "U0EVE").due_at
    assert due_at is not None
    assert not week(imported, "U0EVE").overdue
    assert week(imported, "U0EVE", "2026-10-08 12:00").overdue
