from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.cadence import (
    MONTHLY,
    WEEKLY,
    AnswerTiming,
    Excuse,
    RefusedRhythm,
    Rhythm,
    WeekTime,
    answer_timing,
    rounds_under_way,
)
from tests.okr.strategies import ODD_ZONES, zones

BERLIN = ZoneInfo("Europe/Berlin")
HONOLULU = ZoneInfo("Pacific/Honolulu")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
MONDAY = date(2026, 11, 23)
DUE = WEEKLY.due_at(MONDAY, BERLIN)
CLOSE = WEEKLY.closes_at(MONDAY, BERLIN)
SECOND = timedelta(seconds=1)
WEEK = timedelta(weeks=1)

mondays = st.integers(min_value=0, max_value=260).map(lambda week: date(2024, 1, 1) + week * WEEK)
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
week_times = st.builds(WeekTime, st.integers(0, 6), hours)


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    opens, due, closes = draw(week_times), draw(week_times), draw(week_times)
    weeks, anchor = draw(st.sampled_from([MONTHLY, 1, 2, 3])), draw(mondays)
    try:
        return Rhythm(weeks, opens, due, closes, anchor)
    except RefusedRhythm:
        return Rhythm(2, opens, due, closes, anchor)


def test_a_round_opens_on_monday_is_due_on_wednesday_and_closes_on_friday() -> None:
    assert WEEKLY.opens_at(MONDAY, HONOLULU) == datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert WEEKLY.due_at(MONDAY, BERLIN) == datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert WEEKLY.closes_at(MONDAY, BERLIN) == datetime(2026, 11, 27, 11, tzinfo=UTC)


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_it_opens_at_nine_by_everybody_s_clock_through_a_year_of_clock_changes(zone: str) -> None:
    for week in range(53):
        local = WEEKLY.opens_at(date(2026, 1, 5) + week * WEEK, ZoneInfo(zone)).astimezone(ZoneInfo(zone))
        assert (local.weekday(), local.hour, local.minute) == (0, 9, 0)


def test_an_hour_the_clocks_skip_is_the_first_instant_after() -> None:
    # In Beirut midnight of Sunday 29 March 2026 is skipped; a round that opens on Sundays at 00:15 opens at 01:00.
    sundays = Rhythm(opens=WeekTime(6, time(0, 15)), due=WeekTime(1, time(9)), closes=WeekTime(2, time(9)))
    local = sundays.opens_at(date(2026, 3, 23), ZoneInfo("Asia/Beirut")).astimezone(ZoneInfo("Asia/Beirut"))
    assert (local.date(), local.time()) == (date(2026, 3, 29), time(1, 0))


def test_due_and_close_are_the_next_such_moments_after_the_opening() -> None:
    thursdays = Rhythm(opens=WeekTime(3, time(9)), due=WeekTime(0, time(17)), closes=WeekTime(2, time(12)))
    assert (thursdays.due_days, thursdays.close_days) == (7, 9)
    assert thursdays.closes_at(MONDAY, BERLIN) == datetime(2026, 12, 2, 11, tzinfo=UTC)


@given(rhythms(), mondays, zones)
def test_a_round_opens_before_it_is_due_and_is_due_before_it_closes(
    rhythm: Rhythm, monday: date, zone: ZoneInfo
) -> None:
    opens, due, closes = (
        moment(monday, zone) for moment in (rhythm.opens_at, rhythm.due_at, rhythm.closes_at)
    )  # the clocks may skip what lies between two of them
    assert opens <= due <= closes
    assert closes - opens <= 2 * WEEK + timedelta(hours=1)


@given(rhythms(), mondays, zones)
def test_a_round_closes_before_the_next_one_of_its_rhythm_opens(rhythm: Rhythm, monday: date, zone: ZoneInfo) -> None:
    first = rhythm.next_monday(monday)
    following = rhythm.next_monday(first)
    assert rhythm.closes_at(first, zone) <= rhythm.opens_at(following, zone)
    assert following - first <= rhythm.length + 4 * timedelta(days=1)


@given(rhythms())
def test_what_is_kept_of_a_rhythm_is_the_whole_rhythm(rhythm: Rhythm) -> None:
    assert Rhythm.read(str(rhythm)) == rhythm
    assert len(str(rhythm)) <= 80


@pytest.mark.parametrize("text", ["", "weekly", str(WEEKLY) + " ", str(WEEKLY).replace("Mon", "Xyz"), "9" * 500])
def test_anything_else_is_no_rhythm(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Rhythm.read(text)


@pytest.mark.parametrize(("weeks", "apart"), [(1, 7), (2, 14), (3, 21)])
def test_rounds_come_as_many_weeks_apart_as_the_rhythm_says(weeks: int, apart: int) -> None:
    rhythm = Rhythm(weeks=weeks, anchor=MONDAY)
    assert rhythm.next_monday(MONDAY) - MONDAY == timedelta(days=apart)
    assert rhythm.has_round(MONDAY)
    assert rhythm.has_round(MONDAY - 6 * WEEK)


def test_a_monthly_round_comes_with_the_first_such_day_of_the_month() -> None:
    wednesdays = Rhythm(MONTHLY, WeekTime(2, time(9)), WeekTime(3, time(17)), WeekTime(4, time(12)))
    year = [date(2026, 1, 5) + week * WEEK for week in range(-1, 52)]
    opened = [monday + timedelta(days=2) for monday in year if wednesdays.has_round(monday)]
    assert [day.month for day in opened] == list(range(1, 13))
    assert all(day.day <= 7 for day in opened)


def test_a_weekly_round_that_would_run_into_the_next_is_refused_in_words() -> None:
    with pytest.raises(RefusedRhythm, match="Tuesday 12:00") as refused:
        Rhythm(opens=WeekTime(0, time(9)), due=WeekTime(0, time(8)), closes=WeekTime(1, time(12)))
    assert refused.value.field == "closes"


def test_a_round_named_by_another_day_than_monday_is_a_fault() -> None:
    with pytest.raises(ValueError, match="Monday"):
        WEEKLY.due_at(date(2026, 11, 24), BERLIN)


def test_a_round_is_under_way_as_soon_as_a_member_in_the_far_east_is_asked() -> None:
    first = WEEKLY.opens_at(MONDAY, KIRITIMATI)
    assert MONDAY in rounds_under_way(first)
    assert MONDAY not in rounds_under_way(first - SECOND)


@given(rhythms(), mondays, zones, zones)
def test_a_beat_at_anybody_s_opening_and_until_the_close_finds_the_round(
    rhythm: Rhythm, monday: date, member: ZoneInfo, team: ZoneInfo
) -> None:
    monday = rhythm.next_monday(monday)
    assert monday in rounds_under_way(rhythm.opens_at(monday, member), rhythm)
    assert monday in rounds_under_way(rhythm.closes_at(monday, team) - SECOND, rhythm)
    assert monday in rounds_under_way(rhythm.opens_at(monday, member) - timedelta(hours=23), rhythm, ahead=WEEK / 7)


@pytest.mark.parametrize(
    ("answered", "now", "timing"),
    [
        (DUE, DUE, AnswerTiming.ON_TIME),
        (DUE + SECOND, DUE + SECOND, AnswerTiming.LATE),
        (CLOSE, CLOSE, AnswerTiming.LATE),
        (CLOSE + timedelta(days=3), CLOSE + timedelta(days=3), AnswerTiming.LATE),
        (None, DUE, AnswerTiming.OPEN),
        (None, CLOSE - SECOND, AnswerTiming.OPEN),
        (None, CLOSE, AnswerTiming.MISSED),
    ],
)
def test_an_answer_is_on_time_until_due_late_afterwards_and_missed_at_the_close(
    answered: datetime | None, now: datetime, timing: AnswerTiming
) -> None:
    assert answer_timing(answered, DUE, CLOSE, now) is timing


@pytest.mark.parametrize("excuse", Excuse)
def test_who_was_excused_has_never_missed(excuse: Excuse) -> None:
    assert answer_timing(None, DUE, CLOSE, CLOSE + SECOND, excuse) == AnswerTiming(excuse.value)


def test_an_answer_from_away_is_on_time_or_away_but_never_late() -> None:
    assert answer_timing(DUE, DUE, CLOSE, CLOSE, Excuse.AWAY) is AnswerTiming.ON_TIME
    assert answer_timing(DUE + SECOND, DUE, CLOSE, CLOSE, Excuse.AWAY) is AnswerTiming.AWAY


def test_an_answer_after_a_skip_counts_as_an_answer() -> None:
    assert answer_timing(DUE, DUE, CLOSE, CLOSE, Excuse.SKIPPED) is AnswerTiming.ON_TIME
    assert answer_timing(DUE + SECOND, DUE, CLOSE, CLOSE, Excuse.SKIPPED) is AnswerTiming.LATE


def test_due_times_are_compared_as_instants_not_as_wall_clocks() -> None:
    same_instant_in_honolulu = DUE.astimezone(HONOLULU)
    assert answer_timing(same_instant_in_honolulu, DUE, CLOSE, CLOSE) is AnswerTiming.ON_TIME
