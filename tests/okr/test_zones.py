import contextlib
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.errors import UnknownZone
from bot.okr.zones import UTC_ZONE, first_known_zone, instant_of, local_day, utc, zone_named
from tests.okr.strategies import ODD_ZONES, zones


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("Europe/Berlin", date(2026, 11, 23), time(9), datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2026, 11, 23), time(9), datetime(2026, 11, 23, 3, 15, tzinfo=UTC)),
        ("Pacific/Honolulu", date(2026, 11, 23), time(9), datetime(2026, 11, 23, 19, tzinfo=UTC)),
        ("Pacific/Kiritimati", date(2026, 11, 23), time(9), datetime(2026, 11, 22, 19, tzinfo=UTC)),
    ],
)
def test_a_local_hour_is_the_hour_on_the_wall_there(zone: str, day: date, hour: time, expected: datetime) -> None:
    assert instant_of(day, hour, ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    ("zone", "day", "hour", "first_instant_after"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 8), time(2, 59, 59), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        # Half an hour is skipped on Lord Howe Island.
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        # Midnight itself is skipped in Cairo.
        ("Africa/Cairo", date(2026, 4, 24), time(0, 0), datetime(2026, 4, 23, 22, 0, tzinfo=UTC)),
        # Samoa went without 30 December 2011.
        ("Pacific/Apia", date(2011, 12, 30), time(12, 0), datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_skipped_local_time_becomes_the_first_instant_after_the_gap(
    zone: str, day: date, hour: time, first_instant_after: datetime
) -> None:
    assert instant_of(day, hour, ZoneInfo(zone)) == first_instant_after


@pytest.mark.parametrize(
    ("zone", "day", "hour", "first"),
    [
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
    ],
)
def test_a_repeated_local_time_is_taken_once_the_first(zone: str, day: date, hour: time, first: datetime) -> None:
    assert instant_of(day, hour, ZoneInfo(zone)) == first
    assert instant_of(day, hour.replace(fold=1), ZoneInfo(zone)) == first


@given(
    st.dates(min_value=date(2010, 1, 1), max_value=date(2030, 12, 31)),
    st.times().map(lambda hour: hour.replace(microsecond=0)),
    zones,
)
def test_the_instant_shows_the_wanted_time_or_the_next_there_is(day: date, hour: time, zone: ZoneInfo) -> None:
    wanted = datetime.combine(day, hour)
    instant = instant_of(day, hour, zone)
    assert instant.astimezone(zone).replace(tzinfo=None) >= wanted
    assert (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wanted


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_nine_in_the_morning_comes_once_a_day_through_a_whole_year(zone: str) -> None:
    year = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(366)]
    mornings = [instant_of(day, time(9), ZoneInfo(zone)) for day in year]
    gaps = {later - earlier for earlier, later in pairwise(mornings)}
    assert min(gaps) >= timedelta(hours=23)
    assert max(gaps) <= timedelta(hours=25)
    assert {morning.astimezone(ZoneInfo(zone)).hour for morning in mornings} == {9}
    assert [local_day(morning, ZoneInfo(zone)) for morning in mornings] == year


@pytest.mark.parametrize(
    "name", ["", None, "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "a\0b", "x" * 5000]
)
def test_a_zone_that_does_not_exist_is_named_as_unknown(name: str | None) -> None:
    with pytest.raises(UnknownZone):
        zone_named(name)


@given(st.text())
def test_no_name_of_a_zone_raises_anything_but_an_expected_error(name: str) -> None:
    with contextlib.suppress(UnknownZone):
        assert zone_named(name).key == name


def test_a_team_takes_the_first_zone_that_exists_and_utc_where_none_does() -> None:
    assert first_known_zone([None, "Mars/Olympus", "Asia/Tokyo", "Europe/Berlin"]) == ZoneInfo("Asia/Tokyo")
    assert first_known_zone([None, "nowhere"]) == UTC_ZONE


def test_a_time_without_a_zone_is_never_guessed() -> None:
    with pytest.raises(ValueError, match="naive"):
        utc(datetime(2026, 1, 1))  # noqa: DTZ001
