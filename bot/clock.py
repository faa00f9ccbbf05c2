"""The one place that reads the present instant for the bot; everything below is given it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout

log = structlog.get_logger()

READING = ClientTimeout(total=0.5)
COARSE = timedelta(seconds=1.5)
"""The address answers whole seconds, up to half a second ago: only more than that behind us is a move back."""


async def real_clock() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


async def shown_at(session: ClientSession, address: str) -> datetime | None:
    """What the movable clock at an address shows, in UTC; None where it cannot be read."""
    try:
        async with session.get(address, timeout=READING) as answer:
            return datetime.fromisoformat(str((await answer.json())["now"])).astimezone(UTC)
    except (ClientError, TimeoutError, KeyError, ValueError, OSError):
        return None


class MovableClock:
    """The clock of a local Slack, which a person or a test moves (it answers `{"now": "2026-10-05T09:00:00Z"}`).

    Where it cannot be read, it is taken to run on from the last reading. Two readings are in the order they were made
    in, also within the second that the address rounds to: what was said last must stay last.
    """

    def __init__(self, session: ClientSession, address: str) -> None:
        self._session = session
        self._address = address
        self._ahead = timedelta(0)

    async def __call__(self) -> datetime:
        """The instant it shows, in UTC."""
        shown = await shown_at(self._session, self._address)
        if shown is None:
            log.warning("clock_unreadable", address=self._address)
        else:
            ahead = shown - datetime.now(UTC)
            if not timedelta(0) <= self._ahead - ahead < COARSE:
                self._ahead = ahead
        return datetime.now(UTC) + self._ahead


def clock_from(instant: datetime) -> Callable[[], Awaitable[datetime]]:
    """A clock that shows `instant` now and runs on from there."""
    began = monotonic()

    async def clock() -> datetime:
        return instant + timedelta(seconds=monotonic() - began)

    return clock
