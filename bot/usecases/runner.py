"""Runs use cases for the asynchronous shell: in a worker thread, one transaction each, in time for Slack."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import TypeVar

from bot.okr.errors import Busy
from bot.store.session import USE_CASE_SECONDS, Database, Session

C = TypeVar("C")
R = TypeVar("R")
Clock = Callable[[], Awaitable[datetime]]
"""Answers the present instant, aware."""


class UseCases:
    """The way from asynchronous listeners to synchronous use cases.

    `workers` threads share the database's connections. Waiting for a free thread counts towards the time a use
    case may take, so that a queue behind a slow database ends in `Busy` and not in a lost acknowledgement.
    """

    def __init__(self, database: Database, clock: Clock, *, workers: int = 8) -> None:
        self.database = database
        self.clock = clock
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="use-case")
        self._background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")

    async def do(
        self,
        use_case: Callable[[Session, C, datetime], R],
        command: C,
        *,
        writes: bool = True,
        seconds: float = USE_CASE_SECONDS,
    ) -> R:
        """Run `use_case(session, command, now)` and commit it.

        Raises Busy when that would take longer than `seconds` (nothing is saved then), and the OkrError that the
        use case raises.
        """
        deadline = monotonic() + seconds
        now = await self.clock()

        def in_thread() -> R:
            left = deadline - monotonic()
            if left <= 0:
                raise Busy
            return self.database.transact(lambda session: use_case(session, command, now), writes=writes, seconds=left)

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_thread)

    async def in_background(self, work: Callable[[datetime], R]) -> R:
        """Run `work(now)`, which may take long, in a thread of its own: one at a time, in the order of asking."""
        now = await self.clock()
        return await asyncio.get_running_loop().run_in_executor(self._background, work, now)

    def close(self) -> None:
        """Wait for what is in hand and end the threads."""
        self._background.shutdown(wait=True, cancel_futures=True)
        self._threads.shutdown(wait=True, cancel_futures=True)
