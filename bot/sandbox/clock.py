"""The workspace's movable clock. It runs at real speed from wherever it was put; triggers and acks never look at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.errors import ControlError

RealTime = Callable[[], float]
"""Seconds since 1970 on the real clock; tests pass their own."""

QUARTER_DAYS = 13 * 7
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class MovableClock:
    """Real time plus an offset that a person or a test may change."""

    def __init__(self, real_time: RealTime, *, start: datetime | None = None) -> None:
        self._real_time = real_time
        self._offset = 0.0
        self.moved = False
        if start is not None:
            self.move_to(start)

    def seconds(self) -> float:
        """Seconds since 1970 as the workspace sees them."""
        return self._real_time() + self._offset

    def now(self) -> datetime:
        """The workspace's time, in UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def as_iso(self) -> str:
        """The time as `/clock` answers it, for example `2026-10-05T09:00:00Z`."""
        return self.now().replace(microsecond=0).isoformat().replace("+00:00", "Z")

    def move_to(self, moment: datetime) -> None:
        """Put the clock to an aware moment; from there it goes on at real speed."""
        if moment.tzinfo is None:
            raise ControlError("A time needs a zone, for example 2026-10-05T09:00:00Z.")
        self._offset = moment.timestamp() - self._real_time()
        self.moved = True

    def follow_real_time(self) -> None:
        """Undo every move."""
        self._offset = 0.0
        self.moved = False


def parse_moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Read `latest-monday-09:05` (in `zone`) or an ISO 8601 time (in `zone` if it names none)."""
    latest = re.fullmatch(rf"latest-({'|'.join(WEEKDAYS)})-(\d\d):(\d\d)", text)
    if latest:
        at = time(int(latest[2]), int(latest[3]))
        local = now.astimezone(zone)
        day = local.date() - timedelta(days=(local.weekday() - WEEKDAYS.index(latest[1])) % 7)
        moment = datetime.combine(day, at, zone)
        return moment if moment <= now else datetime.combine(day - timedelta(days=7), at, zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ControlError(f"“{text}” is not a time; write 2026-10-05T09:00:00Z or latest-monday-09:05.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _next_at(now: datetime, at: time, fits: Callable[[date], bool]) -> datetime:
    day = now.date()
    while not (fits(day) and datetime.combine(day, at, now.tzinfo) > now):
        day += timedelta(days=1)
    return datetime.combine(day, at, now.tzinfo)


def _is_quarter_end(day: date) -> bool:
    tomorrow = day + timedelta(days=1)
    return tomorrow.day == 1 and tomorrow.month in (1, 4, 7, 10)


PRESETS: dict[str, Callable[[datetime], datetime]] = {
    "next-evening": lambda now: _next_at(now, time(18), lambda day: True),
    "next-morning": lambda now: _next_at(now, time(9), lambda day: True),
    "next-monday": lambda now: _next_at(now, time(9), lambda day: day.weekday() == 0),
    "round-close": lambda now: _next_at(now, time(12), lambda day: day.weekday() == 4),
    "quarter-end": lambda now: _next_at(now, time(18), _is_quarter_end),
}
"""Each takes an aware local time and gives the next such moment strictly after it, in the same zone."""


def preset_moment(name: str, now: datetime, zone: ZoneInfo, quarter_start: date | None = None) -> datetime:
    """The moment a preset button stands for, seen from `now` in `zone`.

    quarter_start: where the company counts quarters of thirteen weeks, the first day of one; None: calendar quarters.
    """
    if name not in PRESETS:
        raise ControlError(f"No such preset: {name}. There are {', '.join(PRESETS)}.")
    local = now.astimezone(zone)
    if name == "quarter-end" and quarter_start is not None:
        return _next_at(local, time(18), lambda day: (day - quarter_start).days % QUARTER_DAYS == QUARTER_DAYS - 1)
    return PRESETS[name](local)
