"""How many events an app may be sent, and when Slack gives up on one that does not take them.

Both look back over sixty minutes of real time. More events than fit into an hour are not sent at all, and
`app_rate_limited` says so once a minute. Of an app that fails nearly every delivery over HTTP, event delivery is
switched off until somebody switches it on again; an app with few events an hour is exempt.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.clock import RealTime

LOOKING_BACK_SECONDS = 3600.0
MINUTE = 60.0
MOST_FAILED = 0.95
"""The share of failed attempts above which delivery is switched off."""


@dataclass(frozen=True)
class Attempt:
    """One delivery over HTTP; `first` is false for repetitions of an event."""

    at: float
    succeeded: bool
    first: bool


class EventLimits:
    """Counts events and attempts; `rates` are those of Limits and may change at any time."""

    def __init__(self, rates: Mapping[str, float], real_time: RealTime) -> None:
        self._rates = rates
        self._real_time = real_time
        self._sent: deque[float] = deque()
        self._attempts: deque[Attempt] = deque()
        self._events = 0
        self._succeeded = 0
        self._told_at = 0.0

    def may_send(self) -> bool:
        """Count one more event, unless the hour is full."""
        now = self._real_time()
        while self._sent and now - self._sent[0] >= LOOKING_BACK_SECONDS:
            self._sent.popleft()
        if len(self._sent) >= self._rates["events_per_hour"]:
            return False
        self._sent.append(now)
        return True

    def is_time_to_tell(self) -> bool:
        """The app was not told within this minute that it is limited; from now on it was."""
        now = self._real_time()
        if now - self._told_at < MINUTE:
            return False
        self._told_at = now
        return True

    def note(self, *, succeeded: bool, first: bool) -> bool:
        """Count one attempt; answers whether delivery is to be switched off."""
        now = self._real_time()
        self._attempts.append(Attempt(now, succeeded, first))
        self._count(self._attempts[-1], 1)
        while now - self._attempts[0].at >= LOOKING_BACK_SECONDS:
            self._count(self._attempts.popleft(), -1)
        if succeeded or self._events < self._rates["events_per_hour_before_switch_off"]:
            return False
        return 1 - self._succeeded / len(self._attempts) > MOST_FAILED

    def begin_anew(self) -> None:
        """Forget the attempts: delivery was switched on again."""
        self._attempts.clear()
        self._events = self._succeeded = 0

    def _count(self, attempt: Attempt, step: int) -> None:
        self._events += step * attempt.first
        self._succeeded += step * attempt.succeeded
