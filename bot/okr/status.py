"""How a key result or an objective stands, and how long a word about it is worth anything (product rules 4, 5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.okr.cadence import WEEKLY
from bot.okr.zones import utc

ON_TRACK_MARGIN = Decimal("0.10")
AT_RISK_MARGIN = Decimal("0.25")
HOLLOW_AFTER_CADENCES = Decimal("1.5")
UNKNOWN_AFTER_CADENCES = Decimal("2.5")


class Status(StrEnum):
    """The four words for how something stands; the value is what is stored."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """What people read: "on track", "at risk", "off track", "unknown"."""
        return self.value.replace("_", " ")


# Weakest first. Unknown ranks below on track, so nobody is green by silence, and above at risk,
# so a known trouble is never hidden behind somebody else's silence.
WEAKEST_FIRST = (Status.OFF_TRACK, Status.AT_RISK, Status.UNKNOWN, Status.ON_TRACK)

_ONE_STEP_LOWER = {Status.ON_TRACK: Status.AT_RISK, Status.AT_RISK: Status.OFF_TRACK}


class Freshness(StrEnum):
    """How much a status is still worth, by the age of the check-in behind it."""

    FRESH = "fresh"
    HOLLOW = "hollow"
    UNKNOWN = "unknown"

    @property
    def stale(self) -> bool:
        """What lists call `stale`: hollow or unknown."""
        return self is not Freshness.FRESH


@dataclass(frozen=True, slots=True)
class ShownStatus:
    """The status people see: `hollow` when it is getting old, `overridden` when a person set it."""

    status: Status
    hollow: bool = False
    overridden: bool = False


def least_on_track(expected: Decimal) -> Decimal:
    """The progress from which on something is on track, where so much is expected by now."""
    return expected - ON_TRACK_MARGIN


def propose(progress: Decimal, expected: Decimal, *, forecast_below_target: bool = False) -> Status:
    """The status by pace: on track from expected - 0.10 on, at risk from expected - 0.25 on, else off track.

    Both borders belong to the better status. `progress` is unclamped. A forecast whose whole range lies below the
    target lowers the status by one step, never below off track.
    """
    if progress >= least_on_track(expected):
        by_pace = Status.ON_TRACK
    elif progress >= expected - AT_RISK_MARGIN:
        by_pace = Status.AT_RISK
    else:
        by_pace = Status.OFF_TRACK
    return _ONE_STEP_LOWER.get(by_pace, by_pace) if forecast_below_target else by_pace


def fresh_from(now: datetime, cadence: timedelta = WEEKLY.length) -> datetime:
    """What was said at this instant or later is still fresh; said before, it is stale."""
    return utc(now) - cadence * int(HOLLOW_AFTER_CADENCES * 2) / 2


def known_after(now: datetime, cadence: timedelta = WEEKLY.length) -> datetime:
    """What was said after this instant still gives a status; said by then, the status is unknown."""
    return utc(now) - cadence * int(UNKNOWN_AFTER_CADENCES * 2) / 2


def freshness(
    last_check_in_at: datetime | None,
    now: datetime,
    cadence: timedelta = WEEKLY.length,
    *,
    paused: timedelta = timedelta(0),
) -> Freshness:
    """How old the last word is, measured in cadences.

    Hollow when older than 1.5 x cadence (exactly 1.5 is still fresh), unknown from 2.5 x cadence on (exactly 2.5 is
    unknown). Without a check-in: unknown. `paused` is how long the clock stood still since then (away days).
    """
    if cadence <= timedelta(0):
        raise ValueError("a cadence is a positive length of time")
    if last_check_in_at is None:
        return Freshness.UNKNOWN
    age = utc(now) - utc(last_check_in_at) - paused
    # Twice the age against whole multiples keeps the borders exact.
    if age * 2 >= cadence * int(UNKNOWN_AFTER_CADENCES * 2):
        return Freshness.UNKNOWN
    if age * 2 > cadence * int(HOLLOW_AFTER_CADENCES * 2):
        return Freshness.HOLLOW
    return Freshness.FRESH


def shown_status(proposed: Status, fresh: Freshness, override: Status | None = None) -> ShownStatus:
    """What is shown of a key result: a person's override before the proposal, and neither of them once unknown."""
    if fresh is Freshness.UNKNOWN:
        return ShownStatus(Status.UNKNOWN)
    return ShownStatus(
        status=proposed if override is None else override,
        hollow=fresh is Freshness.HOLLOW,
        overridden=override is not None,
    )


def objective_status(key_results: Iterable[ShownStatus]) -> ShownStatus:
    """An objective stands as its weakest key result: off track, then at risk, then unknown, then on track.

    It is hollow as soon as one of the key results that decided is hollow. Without key results it is unknown.
    """
    shown = list(key_results)
    if not shown:
        return ShownStatus(Status.UNKNOWN)
    weakest = min((each.status for each in shown), key=WEAKEST_FIRST.index)
    return ShownStatus(weakest, hollow=any(each.hollow for each in shown if each.status is weakest))
