"""Rate limits as Slack documents them: a tier per method and a message per second and channel, on real time.

How much of a burst Slack tolerates is not published; the bursts here are assumptions (docs/sandbox.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import RealTime
from bot.sandbox.errors import ControlError

CALLS_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
MESSAGES_PER_SECOND_AND_CHANNEL = 1.0
CHANNEL_BURST = 10
WORKSPACE_MESSAGES_PER_MINUTE = 300
EVENTS_PER_HOUR = 30_000
EVENTS_PER_HOUR_BEFORE_SWITCH_OFF = 1_000
PEOPLE_LISTED_WITHOUT_LIMIT = 10_000


@dataclass
class Bucket:
    """Tokens that fill up again with time."""

    size: float
    per_second: float
    level: float
    at: float

    def missing(self, now: float) -> float:
        """Seconds until a token is there."""
        self.level = min(self.size, self.level + (now - self.at) * self.per_second)
        self.at = now
        return max(0.0, (1 - self.level) / self.per_second)


RATES: Mapping[str, float] = {
    "messages_per_second_and_channel": MESSAGES_PER_SECOND_AND_CHANNEL,
    "channel_burst": CHANNEL_BURST,
    "workspace_messages_per_minute": WORKSPACE_MESSAGES_PER_MINUTE,
    "events_per_hour": EVENTS_PER_HOUR,
    "events_per_hour_before_switch_off": EVENTS_PER_HOUR_BEFORE_SWITCH_OFF,
    "people_listed_without_limit": PEOPLE_LISTED_WITHOUT_LIMIT,
    **{f"tier_{tier}_calls_per_minute": calls for tier, calls in CALLS_PER_MINUTE.items()},
}
"""What may be set, and what holds unless it is."""


class Limits:
    """Switchable; `check` answers how many seconds a caller has to wait (0: go ahead)."""

    def __init__(self, real_time: RealTime, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self.rates = dict(RATES)
        self.real_time = real_time
        self._buckets: dict[str, Bucket] = {}

    def check_method(self, method: str, tier: int | None) -> int:
        """Count a call of a method of this tier; whole seconds to wait."""
        if not self.enabled or tier is None:
            return 0
        per_minute = self.rates[f"tier_{tier}_calls_per_minute"]
        return self._take(method, per_minute, per_minute / 60)

    def check_post(self, channel: str) -> int:
        """Count a message into a channel; whole seconds to wait."""
        if not self.enabled:
            return 0
        burst, per_second = self.rates["channel_burst"], self.rates["messages_per_second_and_channel"]
        together = self.rates["workspace_messages_per_minute"]
        # Both are asked before either is counted: a post the workspace holds back costs the channel nothing.
        buckets = (
            self._bucket(f"post to {channel}", burst, per_second),
            self._bucket("posts", together, together / 60),
        )
        wait = max(bucket.missing(self.real_time()) for bucket in buckets)
        if not wait:
            for bucket in buckets:
                bucket.level -= 1
        return math.ceil(wait)

    def set_rates(self, wished: Mapping[str, Any]) -> None:
        """Change some of the rates; each is a number above 0, bursts at least 1. What was counted is forgotten."""
        rates = {name: float(value) for name, value in wished.items() if name in RATES}
        for name, value in rates.items():
            if not 0 < value < math.inf or (value < 1 and name != "messages_per_second_and_channel"):
                raise ControlError(f"{name} must be a number of at least 1.")
        self.rates |= rates
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self._buckets.clear()

    def _take(self, name: str, size: float, per_second: float) -> int:
        bucket = self._bucket(name, size, per_second)
        wait = bucket.missing(self.real_time())
        if not wait:
            bucket.level -= 1
        return math.ceil(wait)

    def _bucket(self, name: str, size: float, per_second: float) -> Bucket:
        return self._buckets.setdefault(name, Bucket(size, per_second, size, self.real_time()))
