"""Strings that have to be something: a calendar date, a time of day, a zone, a number, an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,100}(\.\d{0,100})?|\.\d{1,100})", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"]+@[^@\s.<>,;:]+(\.[^@\s.<>,;:]+)+")
_URL = re.compile(r"https?://[^\s/?#]+([/?#]\S*)?", re.IGNORECASE)


def is_date(text: str) -> bool:
    """YYYY-MM-DD, and a day that exists."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """HH:MM of a 24-hour clock."""
    return _TIME.fullmatch(text) is not None


def is_timezone(text: str) -> bool:
    """A zone of the IANA database."""
    return text in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def as_number(text: str) -> Decimal | None:
    """The number a person typed with a point for decimals; None when it is none."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def is_number(text: str) -> bool:
    return as_number(text) is not None


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """An http or https address with a host."""
    return _URL.fullmatch(text) is not None


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date": is_date,
    "time": is_time,
    "timezone": is_timezone,
    "number": is_number,
    "email": is_email,
    "url": is_url,
}
