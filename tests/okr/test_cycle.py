from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.cycle import Quarter, check_as_of, closing_day, default_as_of, quarter_of, takes_check_ins, year_of
from bot.okr.errors import OutsideCycle

START, END = date(2026, 10, 1), date(2026, 12, 31)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))
months = st.integers(min_value=1, max_value=12)


@pytest.mark.parametrize(
    ("day", "fiscal_start", "expected"),
    [
        (date(2026, 11, 23), 1, Quarter("Q4 2026", START, END)),
        (date(2026, 1, 1), 1, Quarter("Q1 2026", date(2026, 1, 1), date(2026, 3, 31))),
        (date(2028, 2, 29), 1, Quarter("Q1 2028", date(2028, 1, 1), date(2028, 3, 31))),
        (date(2026, 5, 4), 4, Quarter("Q1 FY2027", date(2026, 4, 1), date(2026, 6, 30))),
        (date(2027, 3, 31), 4, Quarter("Q4 FY2027", date(2027, 1, 1), date(2027, 3, 31))),
        (date(2027, 1, 15), 2, Quarter("Q4 FY2027", date(2026, 11, 1), date(2027, 1, 31))),
        (date(2026, 12, 31), 12, Quarter("Q1 FY2027", date(2026, 12, 1), date(2027, 2, 28))),
    ],
)
def test_a_day_lies_in_the_quarter_people_would_name(day: date, fiscal_start: int, expected: Quarter) -> None:
    assert quarter_of(day, fiscal_start) == expected


@given(days, months)
def test_quarters_follow_each_other_without_gap_or_overlap(day: date, fiscal_start: int) -> None:
    quarter = quarter_of(day, fiscal_start)
    after = quarter_of(quarter.end + timedelta(days=1), fiscal_start)
    assert quarter.start <= day <= quarter.end
    assert quarter_of(quarter.start, fiscal_start) == quarter_of(quarter.end, fiscal_start) == quarter
    assert after.start == quarter.end + timedelta(days=1)
    assert after.name != quarter.name


def test_a_month_that_does_not_exist_is_a_fault() -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        quarter_of(START, 13)


def test_a_cycle_takes_check_ins_for_two_weeks_after_its_end() -> None:
    assert takes_check_ins(START, END, date(2027, 1, 14))
    assert not takes_check_ins(START, END, date(2027, 1, 15))
    assert not takes_check_ins(START, END, date(2026, 9, 30))


def test_in_the_grace_a_check_in_counts_for_the_last_day_of_the_cycle() -> None:
    assert default_as_of(date(2027, 1, 5), END) == END
    assert default_as_of(date(2026, 11, 5), END) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("as_of", "today"),
    [
        (date(2026, 9, 30), date(2026, 11, 1)),
        (date(2026, 11, 2), date(2026, 11, 1)),
        (date(2027, 1, 1), date(2027, 1, 5)),
        (date(2026, 12, 31), date(2027, 1, 15)),
    ],
)
def test_a_check_in_cannot_be_dated_outside_its_cycle_or_ahead(as_of: date, today: date) -> None:
    with pytest.raises(OutsideCycle):
        check_as_of(as_of, today, START, END)


@given(st.integers(min_value=0, max_value=91), st.integers(min_value=0, max_value=105))
def test_a_check_in_may_be_dated_back_within_its_cycle(offset: int, today_offset: int) -> None:
    as_of, today = START + timedelta(days=offset), START + timedelta(days=today_offset)
    if as_of <= today:
        check_as_of(as_of, today, START, END)
    else:
        with pytest.raises(OutsideCycle):
            check_as_of(as_of, today, START, END)


def test_an_ended_cycle_closes_two_weeks_later() -> None:
    found = [closing_day(END, END + timedelta(days=days)) for days in (0, 1, 14, 15)]
    assert found == [None, date(2027, 1, 14), date(2027, 1, 14), None]


@pytest.mark.parametrize(
    ("today", "as_of", "sentence"),
    [
        (
            date(2026, 9, 30),
            date(2026, 9, 30),
            "The cycle of this key result begins on 1 Oct 2026 and takes check-ins from then on.",
        ),
        (
            date(2027, 1, 15),
            END,
            "The cycle of this key result ended on 31 Dec 2026 and took check-ins until 14 Jan 2027.",
        ),
        (date(2026, 10, 5), END, "A check-in can be dated from 1 Oct 2026 to 5 Oct 2026, not 31 Dec 2026."),
    ],
)
def test_a_check_in_outside_its_cycle_is_told_when_it_can_be_made(today: date, as_of: date, sentence: str) -> None:
    with pytest.raises(OutsideCycle) as refused:
        check_as_of(as_of, today, START, END)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("day", "month", "name", "start", "end"),
    [
        (date(2026, 10, 5), 1, "2026", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 3, 31), 4, "FY2026", date(2025, 4, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), 4, "FY2027", date(2026, 4, 1), date(2027, 3, 31)),
        (date(2027, 1, 31), 2, "FY2027", date(2026, 2, 1), date(2027, 1, 31)),
        (date(2026, 11, 30), 12, "FY2026", date(2025, 12, 1), date(2026, 11, 30)),
        (date(2028, 2, 29), 3, "FY2028", date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_year_begins_where_the_fiscal_year_does(day: date, month: int, name: str, start: date, end: date) -> None:
    assert year_of(day, month) == Quarter(name, start, end)
