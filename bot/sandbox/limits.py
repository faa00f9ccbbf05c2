"""Rate limits as Slack documents them: a tier per method and a message per second and channel, on real time.

How much of a burst Slack tolerates is not published; the bursts here are assumptions (docs/sandbox.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.sandbox.clock import RealTime

CALLS_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
MESSAGES_PER_SECOND_AND_CHANNEL = 1.0
CHANNEL_BURST = 10
WORKSPACE_MESSAGES_PER_MINUTE = 300


@dataclass
class Bucket:
    """Tokens that fill up again with time."""

    size: float
    per_second: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there; 0 takes it."""
        self.level = min(self.size, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class Limits:
    """Switchable; `check` answers how many seconds a caller has to wait (0: go ahead)."""

    def __init__(self, real_time: RealTime, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self._real_time = real_time
        self._buckets: dict[str, Bucket] = {}

    def check_method(self, method: str, tier: int | None) -> int:
        """Count a call of a method of this tier; whole seconds to wait."""
        if not self.enabled or tier is None:
            return 0
        per_minute = CALLS_PER_MINUTE[tier]
        return self._take(method, per_minute, per_minute / 60)

    def check_post(self, channel: str) -> int:
        """Count a message into a channel; whole seconds to wait."""
        if not self.enabled:
            return 0
        wait = self._take(f"post to {channel}", CHANNEL_BURST, MESSAGES_PER_SECOND_AND_CHANNEL)
        return wait or self._take("posts", WORKSPACE_MESSAGES_PER_MINUTE, WORKSPACE_MESSAGES_PER_MINUTE / 60)

    def reset(self) -> None:
        """Forget what was counted."""
        self._buckets.clear()

    def _take(self, name: str, size: float, per_second: float) -> int:
        now = self._real_time()
        bucket = self._buckets.setdefault(name, Bucket(size, per_second, size, now))
        return math.ceil(bucket.wait(now))
