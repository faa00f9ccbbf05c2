"""The beat: calls the tick at intervals. It remembers nothing; what is due stands in the database."""

import asyncio
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

BEAT_SECONDS = 20.0


class Beat:
    """Calls `tick` at once and then every `seconds`, never two at a time; beats missed meanwhile become one."""

    def __init__(self, tick: Callable[[], Awaitable[object]], *, seconds: float = BEAT_SECONDS) -> None:
        self._tick = tick
        self._under_way = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(self._beat, misfire_grace_time=None)
        self._scheduler.add_job(
            self._beat,
            "interval",
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to beat, at once, inside a running event loop."""
        self._scheduler.start()

    async def _beat(self) -> None:
        async with self._under_way:
            await self._tick()

    async def stop(self) -> None:
        """No further beats; one that is under way comes to its end."""
        self._scheduler.remove_all_jobs()
        async with self._under_way:
            self._scheduler.shutdown(wait=False)
