"""Quarters, and which days a cycle takes check-ins for (product rules 7, 9)."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.okr.errors import OutsideCycle

GRACE = timedelta(days=14)
_MONTHS_A_QUARTER = 3
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Quarter:
    """A cycle's name and its first and last day (inclusive)."""

    name: str
    start: date
    end: date


def quarter_of(day: date, fiscal_start_month: int = 1) -> Quarter:
    """The quarter that holds `day`.

    With a fiscal year that starts in January it is named `Q4 2026`. Otherwise the year is the one the fiscal year
    ends in and is marked: with a start in April, May 2026 lies in `Q1 FY2027`. Raises ValueError for a month outside
    1-12.
    """
    if not 1 <= fiscal_start_month <= 12:
        raise ValueError("a fiscal year starts in a month from 1 to 12")
    months_in = (day.month - fiscal_start_month) % 12
    start = _month(day.year, day.month - months_in % _MONTHS_A_QUARTER)
    end = _month(start.year, start.month + _MONTHS_A_QUARTER) - timedelta(days=1)
    number = months_in // _MONTHS_A_QUARTER + 1
    if fiscal_start_month == 1:
        return Quarter(f"Q{number} {day.year}", start, end)
    fiscal_year = day.year + (1 if day.month >= fiscal_start_month else 0)
    return Quarter(f"Q{number} FY{fiscal_year}", start, end)


def year_of(day: date, fiscal_start_month: int = 1) -> Quarter:
    """The fiscal year that holds `day`: `2026`, or `FY2027` where it does not begin in January."""
    first = quarter_of(day, fiscal_start_month)
    months_in = (day.month - fiscal_start_month) % 12
    start = _month(first.start.year, first.start.month - months_in // _MONTHS_A_QUARTER * _MONTHS_A_QUARTER)
    end = _month(start.year, start.month + 12) - timedelta(days=1)
    return Quarter(str(start.year) if fiscal_start_month == 1 else f"FY{end.year}", start, end)


def takes_check_ins(cycle_start: date, cycle_end: date, today: date) -> bool:
    """Whether a cycle takes check-ins today: from its first day to 14 days after its last, inclusive."""
    return cycle_start <= today <= cycle_end + GRACE


def closing_day(cycle_end: date, today: date) -> date | None:
    """The last day of the grace window once the cycle has ended; None before its end and after the window."""
    return cycle_end + GRACE if cycle_end < today <= cycle_end + GRACE else None


def check_as_of(as_of: date, today: date, cycle_start: date, cycle_end: date) -> None:
    """Raise `OutsideCycle` unless a check-in made today may be dated `as_of`: within the cycle and not ahead."""
    if today < cycle_start:
        raise OutsideCycle(
            f"The cycle of this key result begins on {told_day(cycle_start)} and takes check-ins from then on.",
            field="as_of",
        )
    if not takes_check_ins(cycle_start, cycle_end, today):
        closed = told_day(cycle_end + GRACE)
        raise OutsideCycle(
            f"The cycle of this key result ended on {told_day(cycle_end)} and took check-ins until {closed}.",
            field="as_of",
        )
    last_day = min(today, cycle_end)
    if not cycle_start <= as_of <= last_day:
        raise OutsideCycle(
            f"A check-in can be dated from {told_day(cycle_start)} to {told_day(last_day)}, not {told_day(as_of)}.",
            field="as_of",
        )


def default_as_of(today: date, cycle_end: date) -> date:
    """The day a check-in counts for unless the person says otherwise: today, or the cycle's last day in the grace."""
    return min(today, cycle_end)


def told_day(day: date) -> str:
    """`6 Dec 2026`"""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _month(year: int, month: int) -> date:
    """The first day of a month; months outside 1-12 run over into the neighbouring years."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
