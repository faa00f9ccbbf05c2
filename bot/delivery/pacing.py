"""How fast messages go: as many a second as Slack takes, for the workspace and for each conversation.

Slack tolerates about one message a second in a channel, short bursts above it, and several hundred a minute in a
workspace; editing a message is a method of tier 3 (fifty a minute). Time is what fills the buckets, so a late loop
catches up instead of falling behind.
"""

from collections.abc import Callable
from dataclasses import dataclass

POST = "chat.postMessage"
UPDATE = "chat.update"


@dataclass(frozen=True)
class Rate:
    """`per_second` on average, `burst` at once after a rest."""

    per_second: float
    burst: float


@dataclass(frozen=True)
class Rates:
    """What Slack takes: messages and edits in the whole workspace, and messages in one conversation."""

    posts: Rate = Rate(per_second=5.0, burst=10.0)
    updates: Rate = Rate(per_second=50 / 60, burst=10.0)
    conversation: Rate = Rate(per_second=1.0, burst=3.0)


class Bucket:
    """Tokens that fill up with time; it never holds more than the burst."""

    def __init__(self, rate: Rate, at: float) -> None:
        self._rate = rate
        self._level = rate.burst
        self._at = at

    def seconds_until_token(self, now: float) -> float:
        """0.0 when there is a token."""
        self._fill(now)
        # A token that is there but for a rounding error is there.
        return 0.0 if self._level > 1 - 1e-9 else (1 - self._level) / self._rate.per_second

    def take(self, now: float) -> None:
        """Use a token; one that is not there yet is owed."""
        self._fill(now)
        self._level -= 1

    def give_back(self) -> None:
        """Nothing was sent for a token that was taken."""
        self._level = min(self._rate.burst, self._level + 1)

    def is_full(self, now: float) -> bool:
        """Whether it is as good as a new one."""
        self._fill(now)
        return self._level >= self._rate.burst

    def _fill(self, now: float) -> None:
        self._level = min(self._rate.burst, self._level + max(0.0, now - self._at) * self._rate.per_second)
        self._at = now


class Pacing:
    """Which conversations and methods may be used now, on a monotonic clock in seconds."""

    def __init__(self, monotonic: Callable[[], float], rates: Rates | None = None) -> None:
        self._monotonic = monotonic
        self._rates = rates or Rates()
        now = monotonic()
        self._methods = {POST: Bucket(self._rates.posts, now), UPDATE: Bucket(self._rates.updates, now)}
        self._conversations: dict[str, Bucket] = {}
        self._held: dict[str, float] = {}

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that messages go by."""
        return tuple(self._methods)

    def hold(self, method: str, seconds: float) -> None:
        """Slack asked for a pause: nobody calls `method` for that long."""
        self._held[method] = max(self._held.get(method, 0.0), self._monotonic() + seconds)

    def seconds_until(self, method: str) -> float:
        """How long `method` has to wait; 0.0: not at all."""
        now = self._monotonic()
        bucket = self._methods.get(method)
        wait = bucket.seconds_until_token(now) if bucket else 0.0
        return max(wait, self._held.get(method, now) - now)

    def resting(self) -> dict[str, float]:
        """The conversations that have to wait, and how long."""
        now = self._monotonic()
        waits = {channel: bucket.seconds_until_token(now) for channel, bucket in self._conversations.items()}
        # A full bucket is no different from none; forgetting it keeps the memory as small as the last seconds.
        for channel in [name for name, bucket in self._conversations.items() if bucket.is_full(now)]:
            del self._conversations[channel]
        return {channel: wait for channel, wait in waits.items() if wait > 0}

    def take(self, method: str, conversation: str) -> None:
        """Count a call that is about to be made."""
        now = self._monotonic()
        if method in self._methods:
            self._methods[method].take(now)
        if method == POST:
            self._conversations.setdefault(conversation, Bucket(self._rates.conversation, now)).take(now)

    def give_back(self, method: str, conversation: str) -> None:
        """Nothing was sent after all for what `take` counted."""
        if method in self._methods:
            self._methods[method].give_back()
        if method == POST and conversation in self._conversations:
            self._conversations[conversation].give_back()
