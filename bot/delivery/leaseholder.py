"""Holding the sender's lease of a workspace: taking it, staying its holder, giving it back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

import structlog

from bot.okr.errors import Busy
from bot.usecases.deliveries import HeldLease, SenderIdentity, release_lease, renew_lease, take_lease
from bot.usecases.runner import UseCases

log = structlog.get_logger(__name__)

SAFETY_SECONDS = 1.0


@dataclass(frozen=True)
class RealTime:
    """Time that nobody moves, in seconds, and waiting for it to pass."""

    monotonic: Callable[[], float] = monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class LeaseHolder:
    """Whether this process may send. It believes so only while its own clock says that the lease cannot have lapsed."""

    def __init__(self, use_cases: UseCases, sender: SenderIdentity, time: RealTime, lost: Callable[[], None]) -> None:
        self._use_cases = use_cases
        self._sender = sender
        self._time = time
        self._tell_lost = lost
        self._lease: HeldLease | None = None
        self._good_until = 0.0
        self._held_since = 0.0

    @property
    def lease(self) -> HeldLease:
        """The lease; only while `is_valid`."""
        if self._lease is None:
            raise RuntimeError("the sender's lease is not held")
        return self._lease

    def is_valid(self) -> bool:
        """Whether nobody else can be sending."""
        return self._lease is not None and self._time.monotonic() < self._good_until

    def held_for(self) -> float:
        """Seconds since the lease was taken."""
        return self._time.monotonic() - self._held_since

    async def take(self) -> bool:
        """Take the lease if it is free."""
        asked = self._time.monotonic()
        lease = await self._use_cases.do(take_lease, self._sender)
        self._lease = lease
        if lease is None:
            return False
        self._held_since = asked
        self._is_good_from(asked)
        log.info("sender_lease_taken", workspace=self._sender.workspace_id, fence=lease.fence)
        return True

    async def keep(self) -> None:
        """Renew the lease for as long as it is ours. Run as a task; cancel it to stop."""
        while self._lease is not None:
            await self._time.sleep(self._sender.length.total_seconds() / 3)
            asked = self._time.monotonic()
            try:
                ours = await self._use_cases.do(renew_lease, self._lease)
            except Exception as error:
                # It lapses by itself if this goes on; until then another try may succeed.
                name = type(error).__name__
                log.warning("sender_lease_not_renewed", workspace=self._sender.workspace_id, error=name)
                continue
            if not ours:
                log.warning("sender_lease_lost", workspace=self._sender.workspace_id, fence=self._lease.fence)
                self._lease = None
                self._tell_lost()
                return
            self._is_good_from(asked)

    async def release(self) -> None:
        """Let somebody else send at once."""
        if self._lease is None:
            return
        lease, self._lease = self._lease, None
        try:
            await self._use_cases.do(release_lease, lease)
        except Busy:
            log.warning("sender_lease_lapses_by_itself", workspace=self._sender.workspace_id)

    def _is_good_from(self, asked: float) -> None:
        self._good_until = asked + self._sender.length.total_seconds() - SAFETY_SECONDS
