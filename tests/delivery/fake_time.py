"""Time for tests: it passes only while nobody is at work, and then as fast as it is waited for."""

import asyncio
import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from bot.delivery.leaseholder import RealTime

START = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
QUIET_TURNS = 6


class FakeTime:
    """A monotonic clock, a sleep and the bot's and the database's clocks, which all agree.

    While `work()` is entered (a call, a transaction) time stands still; when all is quiet it jumps to the next sleeper.
    """

    def __init__(self) -> None:
        self._now = 1000.0
        self._at_work = 0
        self._nobody_at_work = asyncio.Event()
        self._nobody_at_work.set()
        self._somebody_sleeps = asyncio.Event()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._driver: asyncio.Task[None] | None = None
        self.bot_clock_ahead = timedelta(0)

    @property
    def real(self) -> RealTime:
        """What a sender is given."""
        return RealTime(monotonic=self.monotonic, sleep=self.sleep)

    def monotonic(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if self._driver is None or self._driver.done():
            self._driver = asyncio.get_running_loop().create_task(self._drive())
        waiting = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + max(0.0, seconds), next(self._numbers), waiting))
        self._somebody_sleeps.set()
        await waiting

    async def _drive(self) -> None:
        quiet = 0
        while True:
            # Threads and sockets are left alone while somebody is at work; then turns of the loop let everybody who can
            # go on do so.
            await self._nobody_at_work.wait()
            await asyncio.sleep(0)
            quiet = 0 if self._at_work else quiet + 1
            if quiet < QUIET_TURNS:
                continue
            quiet = 0
            while self._sleepers and self._sleepers[0][2].done():
                heapq.heappop(self._sleepers)
            if not self._sleepers:
                self._somebody_sleeps.clear()
                await self._somebody_sleeps.wait()
                continue
            at, _, waiting = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            waiting.set_result(None)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Somebody is at work: time stands still."""
        self._at_work += 1
        self._nobody_at_work.clear()
        try:
            yield
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._nobody_at_work.set()

    def pass_by(self, seconds: float) -> None:
        """So many seconds go by at once."""
        self._now += seconds

    def now(self) -> datetime:
        """The bot's clock."""
        return self.database_now() + self.bot_clock_ahead

    def database_now(self, session: Session | None = None) -> datetime:
        """The database's clock."""
        return START + timedelta(seconds=self._now - 1000.0)

    async def close(self) -> None:
        if self._driver is not None:
            self._driver.cancel()
            await asyncio.gather(self._driver, return_exceptions=True)
