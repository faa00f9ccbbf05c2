"""The beat: what is due is made in batches, kept events are resumed, and a step that fails stops no other."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.schedule import jobs
from bot.schedule.beat import Beat
from bot.store.session import Database
from bot.store.tables import InboxRow, Workspace
from bot.usecases.inbox import KeepEvent, keep_event, mark_processed
from bot.usecases.rounds import TickCommand
from bot.usecases.runner import UseCases

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


class Office:
    """A workspace, its use cases and a clock that stands until it is moved."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.now = NOW
        self.woken = 0
        self.use_cases = UseCases(self.database, self._clock, workers=2)
        self.workspace_id = self.database.transact(self._make_workspace)

    async def _clock(self) -> datetime:
        return self.now

    @staticmethod
    def _make_workspace(session: Session) -> int:
        row = Workspace(slack_id="T1", name="Test", created_at=NOW)
        session.add(row)
        session.flush()
        return row.id

    def wake(self) -> None:
        self.woken += 1

    async def keep(self, event_id: str) -> bool:
        return await self.use_cases.do(keep_event, KeepEvent("T1", event_id, {"event_id": event_id}))

    async def process(self, event: KeepEvent) -> None:
        def work(session: Session, event_id: str, now: datetime) -> None:
            assert mark_processed(session, event_id, now)

        await self.use_cases.do(work, event.event_id)

    async def tick(self, handle: Any = None) -> jobs.Ticked:
        return await jobs.tick(self.use_cases, self.workspace_id, handle=handle or self.process, wake=self.wake)

    def inbox(self) -> dict[str, tuple[bool, int, str | None]]:
        """Of each kept event: whether its work is done, how often it failed, and how."""

        def work(session: Session) -> dict[str, tuple[bool, int, str | None]]:
            return {
                row.event_id: (row.processed_at is not None, row.attempts, row.failure)
                for row in session.scalars(select(InboxRow))
            }

        return self.database.transact(work, writes=False)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    made = Office(database_url)
    yield made
    made.use_cases.close()
    made.database.dispose()


def batches_of(*sizes: int) -> Callable[[Session, TickCommand, datetime], int]:
    """A batch that finds so many rows each time it is asked, then none."""
    left = list(sizes)

    def batch(session: Session, command: TickCommand, now: datetime) -> int:
        return left.pop(0) if left else 0

    return batch


async def test_each_batch_runs_until_nothing_is_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BATCHES", (batches_of(500, 500, 3),))
    assert (await office.tick()).made == {"batch": 1003}
    assert office.woken == 1


async def test_a_tick_on_an_empty_workspace_makes_nothing_and_fails_nowhere(office: Office) -> None:
    ticked = await office.tick()
    assert (set(ticked.made.values()), ticked.failed) == ({0}, ())


async def test_a_step_that_fails_does_not_stop_the_others(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(session: Session, command: TickCommand, now: datetime) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "BATCHES", (broken, batches_of(2)))
    await office.keep("Ev1")
    office.now += timedelta(minutes=1)

    ticked = await office.tick()
    assert (ticked.made, ticked.failed, ticked.resumed) == ({"batch": 2}, ("broken",), 1)
    assert office.woken == 1


async def test_an_event_is_kept_once_however_often_slack_sends_it(office: Office) -> None:
    assert [await office.keep("Ev1") for _ in range(4)] == [True, False, False, False]


async def test_an_event_whose_process_stopped_is_resumed_once(office: Office) -> None:
    await office.keep("Ev1")
    assert (await office.tick()).resumed == 0  # its own process may still be at it

    office.now += timedelta(seconds=10)
    assert (await office.tick()).resumed == 1
    assert (await office.tick()).resumed == 0
    assert office.inbox() == {"Ev1": (True, 0, None)}


async def test_an_event_that_always_fails_is_left_after_five_tries_and_holds_no_other_up(office: Office) -> None:
    async def handle(event: KeepEvent) -> None:
        if event.event_id == "Ev1":
            raise ZeroDivisionError("with a text that somebody typed")
        await office.process(event)

    await office.keep("Ev1")
    await office.keep("Ev2")
    office.now += timedelta(minutes=1)
    resumed = [(await office.tick(handle)).resumed for _ in range(7)]

    assert resumed == [1, 0, 0, 0, 0, 0, 0]
    done, attempts, failure = office.inbox()["Ev1"]
    assert (done, attempts) == (False, 5)
    assert failure is not None
    assert failure.startswith("ZeroDivisionError at test_jobs.py:")
    assert "typed" not in failure


async def test_processed_events_are_forgotten_after_a_week_and_others_never(office: Office) -> None:
    await office.keep("Ev1")
    await office.keep("Ev2")
    await office.process(KeepEvent("T1", "Ev1", {}))

    async def refuse(event: KeepEvent) -> None:
        raise ZeroDivisionError

    office.now += timedelta(days=6)
    await office.tick(refuse)
    assert set(office.inbox()) == {"Ev1", "Ev2"}
    office.now += timedelta(days=2)
    await office.tick(refuse)
    assert set(office.inbox()) == {"Ev2"}


async def test_the_work_of_an_event_is_done_by_one_of_two_processes(office: Office) -> None:
    await office.keep("Ev1")

    def work(session: Session, event_id: str, now: datetime) -> bool:
        return mark_processed(session, event_id, now)

    done = await asyncio.gather(*(office.use_cases.do(work, "Ev1") for _ in range(2)))
    assert sorted(done) == [False, True]


async def test_the_beat_beats_at_once_and_then_at_intervals() -> None:
    beats = asyncio.Semaphore(0)

    async def tick() -> None:
        beats.release()

    beat = Beat(tick, seconds=0.05)
    beat.start()
    try:
        async with asyncio.timeout(10):
            for _ in range(3):
                await beats.acquire()
    finally:
        await beat.stop()
