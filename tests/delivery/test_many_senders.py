"""Several processes on one PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.delivery.world import Crash, World, world_on


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[World]:
    """A world on PostgreSQL."""
    async with world_on(postgres_url) as made:
        yield made


@pytest.mark.parametrize("processes", [2, 5])
async def test_however_many_processes_run_each_message_is_sent_once(shared: World, processes: int) -> None:
    added = [shared.add(f"U{number % 12}", str(number)) for number in range(40)]
    stop = asyncio.Event()
    running = [asyncio.create_task(shared.sender().run(stop)) for _ in range(processes)]
    await shared.until(shared.all_settled)
    stop.set()
    await asyncio.gather(*running)

    assert shared.slack.keys() == dict.fromkeys(map(shared.key, added), 1)
    fences = {attempt.fence for delivery in added for attempt in shared.attempts(delivery)}
    assert fences == {1}


@pytest.mark.parametrize("processes", [2, 5])
async def test_when_the_sending_process_crashes_another_goes_on(shared: World, processes: int) -> None:
    added = [shared.add(f"U{number % 12}", str(number)) for number in range(40)]
    stop = asyncio.Event()
    running = [asyncio.create_task(shared.sender().run(stop)) for _ in range(processes)]
    await shared.until(lambda: len(shared.slack.everything()) >= 10)
    shared.interruptions.crash_once("after", "chat.postMessage")
    await shared.until(shared.all_settled)
    stop.set()
    ends = await asyncio.gather(*running, return_exceptions=True)

    assert [type(end) for end in ends if end is not None] == [Crash]
    assert shared.slack.keys() == dict.fromkeys(map(shared.key, added), 1)
    assert len({attempt.fence for delivery in added for attempt in shared.attempts(delivery)}) == 2


async def test_drains_at_the_same_moment_send_each_message_once(shared: World) -> None:
    added = [shared.add(f"U{number}") for number in range(10)]
    drained = await asyncio.gather(*(shared.sender().drain() for _ in range(5)))

    assert sum(each.sent for each in drained) == 10
    assert shared.slack.keys() == dict.fromkeys(map(shared.key, added), 1)
