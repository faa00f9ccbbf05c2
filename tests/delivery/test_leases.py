"""One sender per workspace, by the database's clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.store import leases
from bot.store.session import Database
from tests.delivery.world import World

LENGTH = timedelta(seconds=15)


def take(world: World, holder: str, database: Database | None = None) -> int | None:
    return (database or world.database).transact(
        lambda session: leases.take(session, world.workspace_id, holder, LENGTH, world.time.database_now), seconds=20
    )


def renew(world: World, holder: str, fence: int) -> bool:
    return world.database.transact(
        lambda session: leases.renew(session, world.workspace_id, holder, fence, LENGTH, world.time.database_now)
    )


async def test_a_lease_is_taken_over_only_after_it_has_lapsed_and_with_a_greater_number(world: World) -> None:
    assert take(world, "a") == 1
    world.time.pass_by(14.9)
    assert take(world, "b") is None
    world.time.pass_by(0.1)
    assert take(world, "b") == 2
    assert not renew(world, "a", 1)
    assert take(world, "a") is None


async def test_a_renewed_lease_does_not_lapse(world: World) -> None:
    take(world, "a")
    for _ in range(5):
        world.time.pass_by(10)
        assert renew(world, "a", 1)
    assert take(world, "b") is None


async def test_a_released_lease_is_free_at_once(world: World) -> None:
    take(world, "a")
    released = world.database.transact(
        lambda session: leases.release(session, world.workspace_id, "a", 1, world.time.database_now)
    )
    assert released
    assert take(world, "b") == 2


async def test_a_lease_from_a_clock_that_was_put_back_does_not_bind_for_hours(world: World) -> None:
    take(world, "a")
    world.time.pass_by(-7200)
    assert take(world, "b") == 2


async def test_of_many_who_ask_at_once_one_gets_it(world: World) -> None:
    for expected in range(1, 4):
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda number: take(world, f"holder {number}"), range(8)))
        assert [answer for answer in answers if answer is not None] == [expected]
        world.time.pass_by(20)
