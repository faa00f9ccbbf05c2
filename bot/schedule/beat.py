"""The beat: calls the tick at intervals. It remembers only when it last did; what is due stands in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

BEAT_SECONDS = 20.0


class Beat:
    """Calls `tick` at once and then every `seconds`, never two at a time; beats missed meanwhile become one."""

    def __init__(
        self,
        tick: Callable[[], Awaitable[object]],
        *,
        seconds: float = BEAT_SECONDS,
        time: Callable[[], float] = monotonic,
    ) -> None:
        self._tick = tick
        self._time = time
        self._ended: float | None = None
        self._under_way = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(self.beat, misfire_grace_time=None)
        self._scheduler.add_job(
            self.beat,
            "interval",
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to beat, at once, inside a running event loop."""
        self._scheduler.start()

    async def beat(self) -> None:
        """One beat, after the one that is under way."""
        async with self._under_way:
            await self._tick()
            self._ended = self._time()

    @property
    def age(self) -> float | None:
        """Seconds since a beat last came to its end without fail; None before the first."""
        return None if self._ended is None else self._time() - self._ended

    async def stop(self) -> None:
        """No further beats; one that is under way comes to its end."""
        self._scheduler.remove_all_jobs()
        async with self._under_way:
            self._scheduler.shutdown(wait=False)
