"""A day as somebody types it: `12 Aug`, `2026-08-12`, `Friday`, `in 2 weeks`."""

import re
from datetime import date, timedelta

from bot.okr.cycle import told_day
from bot.okr.errors import OkrError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_FULL_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]+)\.?(?:,?\s+(\d{4}))?", re.ASCII)
_MONTH_FIRST = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?", re.ASCII)
_SPAN = re.compile(r"(?:in\s+)?(\d{1,3}|a|one)\s+(day|week|month)s?", re.ASCII)
_LENGTHS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
EXAMPLES = "12 Aug, 2026-08-12, Friday or in 2 weeks"


class UnreadableDay(OkrError):
    """What was typed names no day, or could name two."""

    default_help_topic = "away"


def read_day(text: str, today: date) -> date:
    """The day that `text` names, seen from `today`; without a year it is the next such day.

    Raises UnreadableDay with an example.
    """
    typed = " ".join(text.casefold().split()).removeprefix("the ").strip(" ,")
    for reader in (_relative, _iso, _slashed, _written):
        found = reader(typed, today)
        if found is not None:
            return found
    raise UnreadableDay(f"I can't read a day in “{text[:60]}”. Write it like {EXAMPLES}.")


def _relative(typed: str, today: date) -> date | None:
    if typed in ("today", "tonight"):
        return today
    if typed == "tomorrow":
        return today + timedelta(days=1)
    name = typed.removeprefix("next ").removeprefix("this ")
    for number, (short, full) in enumerate(zip(_WEEKDAYS, _FULL_WEEKDAYS, strict=True)):
        if name in (short, full):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    span = _SPAN.fullmatch(typed)
    if span is None:
        return None
    count = int(span[1]) if span[1].isdigit() else 1
    return today + count * _LENGTHS[span[2]]


def _iso(typed: str, today: date) -> date | None:
    match = _ISO.fullmatch(typed)
    return None if match is None else _day(typed, int(match[1]), int(match[2]), int(match[3]))


def _slashed(typed: str, today: date) -> date | None:
    match = _SLASHED.fullmatch(typed)
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if first <= 12 and second <= 12 and first != second:
        raise UnreadableDay(f"“{typed}” could be two days. Write the month as a word: {first} {_MONTHS[second - 1]}.")
    day, month = (first, second) if first > 12 or first == second else (second, first)
    return _next(typed, month, day, match[3], today)


def _written(typed: str, today: date) -> date | None:
    dotted = _DOTTED.fullmatch(typed)
    if dotted:
        return _next(typed, int(dotted[2]), int(dotted[1]), dotted[3], today)
    day_first = _DAY_FIRST.fullmatch(typed)
    if day_first and _month(day_first[2]):
        return _next(typed, _month(day_first[2]), int(day_first[1]), day_first[3], today)
    month_first = _MONTH_FIRST.fullmatch(typed)
    if month_first and _month(month_first[1]):
        return _next(typed, _month(month_first[1]), int(month_first[2]), month_first[3], today)
    return None


def _month(word: str) -> int:
    """The month's number; 0 for another word."""
    for number, (short, full) in enumerate(zip(_MONTHS, _FULL_MONTHS, strict=True), start=1):
        if word in (short, full) or (word == "sept" and short == "sep"):
            return number
    return 0


def _next(typed: str, month: int, day: int, year: str | None, today: date) -> date:
    if year is not None:
        return _day(typed, int(year), month, day)
    for candidate in (today.year, today.year + 1, today.year + 2, today.year + 3, today.year + 4):
        try:
            found = date(candidate, month, day)
        except ValueError:  # 29 February comes every four years
            continue
        if found >= today:
            return found
    return _day(typed, today.year, month, day)


def _day(typed: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableDay(f"There is no day “{typed[:60]}”. Write it like {EXAMPLES}.") from error


def check_until(until: date, today: date, longest: timedelta = timedelta(days=366)) -> None:
    """Raise UnreadableDay unless somebody can be away until that day."""
    if until < today:
        raise UnreadableDay(f"{told_day(until)} has passed. Name a day from today on.")
    if until > today + longest:
        raise UnreadableDay(f"{told_day(until)} is more than a year away. Name a day within a year.")
