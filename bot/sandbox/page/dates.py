"""Dates as a reader sees them: Slack's `<!date^...>` tokens, a message's time of day, and dividers between days."""

import re
from collections.abc import Callable
from datetime import datetime

from bot.sandbox.page.viewer import Viewer


def clock_time(moment: datetime) -> str:
    """`09:05`, the way the workspace prints a time of day."""
    return f"{moment:%H:%M}"


def _ordinal(day: int) -> str:
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


def _relative_day(moment: datetime, now: datetime) -> str | None:
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((moment.date() - now.date()).days)


def _long(moment: datetime) -> str:
    return f"{moment:%A}, {moment:%B} {_ordinal(moment.day)}, {moment.year}"


def _medium(moment: datetime) -> str:
    return f"{moment:%B} {_ordinal(moment.day)}, {moment.year}"


def _short(moment: datetime) -> str:
    return f"{moment:%b} {moment.day}, {moment.year}"


def day_heading(moment: datetime, now: datetime) -> str:
    """`Today`, `Yesterday` or `Monday, 5 October`; the year only when it is another one."""
    relative = _relative_day(moment, now)
    if relative in ("today", "yesterday"):
        return relative.capitalize()
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment:%A}, {moment.day} {moment:%B}{year}"


def ago(moment: datetime, now: datetime) -> str:
    """`3 minutes ago`, `in 2 hours`: the distance in the largest whole unit."""
    seconds = int((now - moment).total_seconds())
    size, unit = next(
        ((size, unit) for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")) if abs(seconds) >= size),
        (1, "second"),
    )
    count = abs(seconds) // size
    if count == 0:
        return "just now"
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{words} ago" if seconds > 0 else f"in {words}"


_TOKENS: dict[str, Callable[[datetime, datetime], str]] = {
    "date_num": lambda at, now: f"{at:%Y-%m-%d}",
    "date_slash": lambda at, now: f"{at:%m/%d/%Y}",
    "date_long": lambda at, now: _long(at),
    "date_long_full": lambda at, now: _long(at),
    "date_long_pretty": lambda at, now: _relative_day(at, now) or _long(at),
    "date": lambda at, now: _medium(at),
    "date_pretty": lambda at, now: _relative_day(at, now) or _medium(at),
    "date_short": lambda at, now: _short(at),
    "date_short_pretty": lambda at, now: _relative_day(at, now) or _short(at),
    "time": lambda at, now: clock_time(at),
    "time_secs": lambda at, now: f"{at:%H:%M:%S}",
    "ago": ago,
    "day_divider_pretty": day_heading,
}


def slack_date(stamp: str, template: str, fallback: str, viewer: Viewer) -> str:
    """The text of a `<!date^stamp^template|fallback>` in the viewer's zone; the fallback where the stamp is no time."""
    try:
        at = viewer.local(float(stamp))
    except (ValueError, OverflowError, OSError):
        return fallback or stamp
    now = viewer.local(viewer.now)

    def replace(match: re.Match[str]) -> str:
        render = _TOKENS.get(match.group(1))
        return match.group(0) if render is None else render(at, now)

    return re.sub(r"\{(\w+)\}", replace, template) or fallback
