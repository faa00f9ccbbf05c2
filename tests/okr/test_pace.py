from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.pace import elapsed_share, expected_progress
from tests.okr.strategies import zones

BERLIN = ZoneInfo("Europe/Berlin")
days = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))
instants = st.datetimes(min_value=datetime(2023, 1, 1), max_value=datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda wall: wall.replace(tzinfo=UTC)
)


def test_a_cycle_has_not_begun_before_its_first_midnight_in_the_teams_zone() -> None:
    first_instant = datetime(2026, 9, 30, 22, 0, tzinfo=UTC)
    quarter = (date(2026, 10, 1), date(2026, 12, 31))
    assert elapsed_share(*quarter, first_instant, BERLIN) == 0
    assert elapsed_share(*quarter, first_instant + timedelta(seconds=1), BERLIN) > 0


def test_the_last_day_belongs_to_the_cycle() -> None:
    quarter = (date(2026, 10, 1), date(2026, 12, 31))
    assert elapsed_share(*quarter, datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), BERLIN) < 1
    assert elapsed_share(*quarter, datetime(2026, 12, 31, 23, 0, tzinfo=UTC), BERLIN) == 1


def test_half_of_a_ten_day_cycle_is_half_of_the_expectation() -> None:
    noon_after_five_days = datetime(2026, 6, 6, 0, 0, tzinfo=UTC)
    assert expected_progress(date(2026, 6, 1), date(2026, 6, 10), noon_after_five_days, ZoneInfo("UTC")) == D("0.5")


def test_the_day_of_a_clock_change_has_its_real_length() -> None:
    # 25 October 2026 has 25 hours in Berlin: at noon 13 of them are gone.
    noon = datetime(2026, 10, 25, 12, 0, tzinfo=BERLIN)
    assert elapsed_share(date(2026, 10, 25), date(2026, 10, 25), noon, BERLIN) == D(13) / D(25)


def test_a_cycle_that_ends_before_it_starts_is_a_fault() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        elapsed_share(date(2026, 10, 2), date(2026, 10, 1), datetime(2026, 10, 1, tzinfo=UTC), BERLIN)


def test_a_time_without_a_zone_is_a_fault() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        elapsed_share(date(2026, 10, 1), date(2026, 10, 2), datetime(2026, 10, 1), BERLIN)  # noqa: DTZ001


@given(days, st.integers(min_value=0, max_value=400), instants, instants, zones)
def test_time_passes_once_from_nothing_to_all(
    start: date, length: int, one: datetime, other: datetime, zone: ZoneInfo
) -> None:
    end = start + timedelta(days=length)
    earlier, later = sorted((one, other))
    assert 0 <= elapsed_share(start, end, earlier, zone) <= elapsed_share(start, end, later, zone) <= 1
