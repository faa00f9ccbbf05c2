"""How much of the cycle is gone, which is the progress one may expect by now."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.okr.zones import instant_of, utc

_MIDNIGHT = time(0)
_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=1024)  # a list asks for the same few cycles thousands of times
def bounds(start_date: date, end_date: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a cycle, and the first one after it, in `zone`. Raises ValueError where it ends first."""
    if end_date < start_date:
        raise ValueError("a cycle can't end before it starts")
    return instant_of(start_date, _MIDNIGHT, zone), instant_of(end_date + timedelta(days=1), _MIDNIGHT, zone)


def elapsed_share(start_date: date, end_date: date, now: datetime, zone: ZoneInfo) -> Decimal:
    """The share of the cycle that has passed at `now`, in [0, 1].

    The cycle runs from the first instant of `start_date` to the last of `end_date` (inclusive) in `zone`.
    Raises ValueError where it would end before it begins.
    """
    begins, ends = bounds(start_date, end_date, zone)
    moment = min(max(utc(now), begins), ends)
    return Decimal((moment - begins) // _MICROSECOND) / Decimal((ends - begins) // _MICROSECOND)


def expected_progress(start_date: date, end_date: date, now: datetime, zone: ZoneInfo) -> Decimal:
    """The progress expected by now: progress is expected to come evenly, so it is the elapsed share."""
    return elapsed_share(start_date, end_date, now, zone)
