"""The beat: calls the tick at intervals. It remembers nothing; what is due stands in the database."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

BEAT_SECONDS = 20.0


class Beat:
    """Calls `tick` every `seconds`, never two at a time; beats missed meanwhile become one."""

    def __init__(self, tick: Callable[[], Awaitable[object]], *, seconds: float = BEAT_SECONDS) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(tick, misfire_grace_time=None)
        self._scheduler.add_job(
            tick,
            "interval",
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to beat, at once, inside a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """No further beats."""
        self._scheduler.shutdown(wait=False)
