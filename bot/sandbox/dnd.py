"""Do not disturb: a window each night in the person's own zone, and a snooze a person starts for now."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.entities import Json, Person

NEVER = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
"""How Slack writes that somebody has no such window."""


def status(person: Person, zone: ZoneInfo, now: datetime) -> Json:
    """`{"dnd_enabled", "next_dnd_start_ts", "next_dnd_end_ts"}`: the window that runs now, or else the next one."""
    if not (person.dnd_start and person.dnd_end):
        return dict(NEVER)
    begins, ends = time.fromisoformat(person.dnd_start), time.fromisoformat(person.dnd_end)
    today = now.astimezone(zone).date()
    for offset in (-1, 0, 1):
        day = today + timedelta(days=offset)
        start = datetime.combine(day, begins, zone)
        end = datetime.combine(day + timedelta(days=int(ends <= begins)), ends, zone)
        if end > now:
            break
    return {
        "dnd_enabled": True,
        "next_dnd_start_ts": int(start.timestamp()),
        "next_dnd_end_ts": int(end.timestamp()),
    }


def is_time_of_day(text: str) -> bool:
    """HH:MM, or empty for never."""
    if not text:
        return True
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 5
