"""From a wall clock somewhere to an instant, through every change of the clocks."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.okr.errors import UnknownZone

UTC_ZONE = ZoneInfo("UTC")
_RESOLUTION = timedelta(seconds=1)


def zone_named(name: str | None) -> ZoneInfo:
    """The IANA zone of that name. Raises `UnknownZone` for anything else, so that the caller can fall back."""
    shown = (name or "")[:40]
    try:
        return ZoneInfo(name or "")
    # zoneinfo answers odd names with several errors: an absolute path, a folder's name, a NUL, a lone surrogate.
    except (KeyError, ValueError, OSError) as unknown:
        raise UnknownZone(
            f"I don't know the time zone “{shown}”. Zones are named like Europe/Berlin.", field="zone"
        ) from unknown


def first_known_zone(names: Iterable[str | None]) -> ZoneInfo:
    """The first zone that exists; UTC where none does. For a team: its lead's zone, then the champion's."""
    for name in names:
        try:
            return zone_named(name)
        except UnknownZone:
            continue
    return UTC_ZONE


def instant_of(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The UTC instant at which clocks in `zone` show `hour` on `day`.

    A time the clocks repeat is taken once, the first; a time they skip becomes the first instant after the gap.
    """
    wall = datetime.combine(day, hour.replace(tzinfo=None, fold=0))
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if _wall(first, zone) == wall:
        return first
    # In a gap, fold=1 reads the wall time before the jump and fold=0 after it: the jump lies between them.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = first
    while after - before > _RESOLUTION:
        middle = before + (after - before) // 2
        if _wall(middle, zone) >= wall:
            after = middle
        else:
            before = middle
    # Clocks jump on whole seconds; the search ends within one of it.
    return after.replace(microsecond=0)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day in `zone` at that instant."""
    return utc(moment).astimezone(zone).date()


def utc(moment: datetime) -> datetime:
    """The same instant in UTC. A datetime without a zone is a fault of the caller and raises ValueError."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a point in time needs a zone; got a naive datetime")
    return moment.astimezone(UTC)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
