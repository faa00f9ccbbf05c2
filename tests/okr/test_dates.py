from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.cycle import told_day
from bot.okr.dates import UnreadableDay, check_until, read_day

TODAY = date(2026, 11, 23)  # a Monday
days = st.dates(TODAY, TODAY + timedelta(days=360))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12 Aug", date(2027, 8, 12)),
        ("12 august", date(2027, 8, 12)),
        ("Aug 12", date(2027, 8, 12)),
        ("12th of August", None),
        ("12. Dec", date(2026, 12, 12)),
        ("Dec 12th, 2027", date(2027, 12, 12)),
        ("23 Nov", TODAY),
        ("22 Nov", date(2027, 11, 22)),
        ("2026-12-01", date(2026, 12, 1)),
        ("1.12.", date(2026, 12, 1)),
        ("01.12.2026", date(2026, 12, 1)),
        ("24/12", date(2026, 12, 24)),
        ("12/24", date(2026, 12, 24)),
        ("11/12", None),
        ("12/12", date(2026, 12, 12)),
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 24)),
        ("Friday", date(2026, 11, 27)),
        ("next fri", date(2026, 11, 27)),
        ("Monday", date(2026, 11, 30)),
        ("in 2 weeks", date(2026, 12, 7)),
        ("3 days", date(2026, 11, 26)),
        ("a week", date(2026, 11, 30)),
        ("29 Feb", date(2028, 2, 29)),
        ("31 Feb", None),
        ("2026-02-30", None),
        ("99.99.", None),
        ("", None),
        ("whenever", None),
        ("9" * 4000, None),
        ("<!channel>", None),
    ],
)
def test_a_day_is_read_as_people_write_it_or_refused_with_an_example(typed: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(UnreadableDay) as refused:
            read_day(typed, TODAY)
        assert len(refused.value.sentence) < 200
    else:
        assert read_day(typed, TODAY) == day


@given(days)
def test_every_day_of_the_coming_year_is_read_as_it_is_told(day: date) -> None:
    assert read_day(told_day(day), TODAY) == day
    assert read_day(day.isoformat(), TODAY) == day
    assert read_day(f"{day:%d.%m.%Y}", TODAY) == day
    assert read_day(f"{day:%d %B}", TODAY) == day


@given(st.text(max_size=80))
def test_any_other_text_is_refused_and_never_breaks(typed: str) -> None:
    with suppress(UnreadableDay):
        read_day(typed, TODAY)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=367)])
def test_nobody_is_away_until_yesterday_or_for_years(day: date) -> None:
    with pytest.raises(UnreadableDay):
        check_until(day, TODAY)
