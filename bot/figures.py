"""The figures of `/metrics` from what the database and the process say. Their labels come from lists of ours."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from bot.store.unsent import OPEN
from bot.usecases.unsent import PostFigures
from bot.web import Figure

OTHER = "other"
"""The label of kinds that this version does not know; a newer one may."""
STATES = ("pending", "sending", "sent", "dropped", "failed", "unknown")
NEVER = float("nan")


def of_the_database(found: PostFigures, kinds: Collection[str]) -> list[Figure]:
    """What was counted. Every state and kind is there, with 0 where there is none: an alert can see it begin."""
    counted: Counter[tuple[str, str]] = Counter()
    for (shown, kind), count in found.open.by_shown_and_kind.items():
        counted[shown.value, kind if kind in kinds else OTHER] += count
    open_ones = [
        Figure("open_deliveries", counted[shown.value, kind], {"state": shown.value, "kind": kind})
        for shown in sorted(OPEN)
        for kind in sorted([*kinds, OTHER])
    ]
    return [
        *(Figure("deliveries", found.by_state.get(state, 0), {"state": state}) for state in STATES),
        *open_ones,
        Figure("oldest_due_seconds", _seconds(found.oldest_due)),
        Figure("sender_seen_seconds", _seconds(found.sender_seen)),
        Figure("last_try_seconds", _seconds(found.last_try)),
        Figure("events", found.events.waiting, {"state": "waiting"}),
        Figure("events", found.events.given_up, {"state": "given_up"}),
        Figure("prompts_sent", found.prompts.sent),
        Figure("prompts_answered", found.prompts.answered),
    ]


def of_the_process(*, is_sending: bool, beat_age: float | None) -> list[Figure]:
    """What this process knows of itself, whatever the database does."""
    return [Figure("sending", float(is_sending)), Figure("beat_seconds", NEVER if beat_age is None else beat_age)]


def _seconds(time: timedelta | None) -> float:
    return NEVER if time is None else max(0.0, time.total_seconds())
