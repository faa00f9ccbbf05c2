from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.cadence import (
    AnswerTiming,
    Excuse,
    Rhythm,
    answer_timing,
    closes_at,
    due_at,
    earliest_prompt_at,
    prompt_at,
    prompt_moment,
    round_for,
    round_times,
    rounds_under_way,
)
from tests.okr.strategies import ODD_ZONES, zones

BERLIN = ZoneInfo("Europe/Berlin")
HONOLULU = ZoneInfo("Pacific/Honolulu")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
MONDAY = date(2026, 11, 23)
PROMPT = prompt_at(MONDAY, BERLIN)
DUE = due_at(MONDAY, BERLIN)
CLOSE = closes_at(MONDAY, BERLIN)
SECOND = timedelta(seconds=1)

mondays = st.integers(min_value=0, max_value=260).map(lambda week: date(2024, 1, 1) + timedelta(weeks=week))
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in the week of the tested round, by Berlin's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def test_a_round_prompts_on_monday_is_due_on_wednesday_and_closes_on_friday() -> None:
    assert round_times(MONDAY, HONOLULU, BERLIN).prompt_at == datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert round_times(MONDAY, HONOLULU, BERLIN).opens_at == datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert round_times(MONDAY, HONOLULU, BERLIN).due_at == datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert round_times(MONDAY, HONOLULU, BERLIN).closes_at == datetime(2026, 11, 27, 11, tzinfo=UTC)


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_everybody_is_prompted_at_nine_by_the_own_clock_through_a_year_of_clock_changes(zone: str) -> None:
    for week in range(53):
        local = prompt_at(date(2026, 1, 5) + timedelta(weeks=week), ZoneInfo(zone)).astimezone(ZoneInfo(zone))
        assert (local.weekday(), local.hour, local.minute) == (0, 9, 0)


def test_a_prompt_hour_the_clocks_skip_is_the_first_instant_after() -> None:
    # In Beirut midnight of Sunday 29 March 2026 is skipped; a round prompting on Sundays at 00:15 goes at 01:00.
    sundays = Rhythm(prompt_day=6, prompt_hour=time(0, 15))
    local = prompt_at(date(2026, 3, 23), ZoneInfo("Asia/Beirut"), sundays).astimezone(ZoneInfo("Asia/Beirut"))
    assert (local.date(), local.time()) == (date(2026, 3, 29), time(1, 0))


@given(mondays, zones, zones)
def test_a_round_opens_before_it_is_due_and_is_due_before_it_closes(
    monday: date, member: ZoneInfo, team: ZoneInfo
) -> None:
    times = round_times(monday, member, team)
    assert times.opens_at <= times.prompt_at < times.due_at < times.closes_at
    assert times.prompt_at >= earliest_prompt_at(monday)


@given(mondays, zones)
def test_every_instant_of_a_local_week_belongs_to_the_round_of_its_monday(monday: date, team: ZoneInfo) -> None:
    assert round_for(prompt_at(monday, team), team) == monday
    assert round_for(due_at(monday, team), team) == monday
    assert round_for(closes_at(monday, team), team) == monday
    assert {round_for(monday + timedelta(days=day), team) for day in range(7)} == {monday}


def test_sunday_evening_in_utc_is_already_monday_for_a_team_further_east() -> None:
    moment = datetime(2026, 11, 22, 20, tzinfo=UTC)
    assert round_for(moment, KIRITIMATI) == MONDAY
    assert round_for(moment, HONOLULU) == MONDAY - timedelta(days=7)


def test_a_round_is_under_way_as_soon_as_a_member_in_the_far_east_is_prompted() -> None:
    first = prompt_at(MONDAY, KIRITIMATI)
    assert MONDAY in rounds_under_way(first, HONOLULU)
    assert MONDAY not in rounds_under_way(first - SECOND, HONOLULU)


def test_a_round_is_no_longer_under_way_from_its_close_on() -> None:
    assert rounds_under_way(CLOSE - SECOND, BERLIN) == [MONDAY]
    assert rounds_under_way(CLOSE, BERLIN) == []


@given(mondays, zones, zones)
def test_a_beat_at_anybodys_prompt_finds_the_round(monday: date, member: ZoneInfo, team: ZoneInfo) -> None:
    assert monday in rounds_under_way(prompt_at(monday, member), team)


def test_a_round_named_by_another_day_than_monday_is_a_fault() -> None:
    with pytest.raises(ValueError, match="Monday"):
        due_at(date(2026, 11, 24), BERLIN)


def test_before_its_time_a_prompt_waits_for_its_time() -> None:
    assert prompt_moment(PROMPT, berlin(22, 20), BERLIN, CLOSE) == PROMPT


def test_a_prompt_held_up_by_a_short_downtime_goes_at_once() -> None:
    assert prompt_moment(PROMPT, berlin(23, 14, 30), BERLIN, CLOSE) == berlin(23, 14, 30)
    assert prompt_moment(PROMPT, berlin(23, 18), BERLIN, CLOSE) == berlin(23, 18)


@pytest.mark.parametrize("now", [berlin(23, 18) + SECOND, berlin(23, 23), berlin(24, 3), berlin(24, 8, 59)])
def test_nobody_is_prompted_in_the_evening_or_at_night_but_next_morning(now: datetime) -> None:
    assert prompt_moment(PROMPT, now, BERLIN, CLOSE) == berlin(24, 9)


def test_a_prompt_that_would_come_after_the_close_is_dropped() -> None:
    assert prompt_moment(PROMPT, berlin(27, 11, 59), BERLIN, CLOSE) == berlin(27, 11, 59)
    assert prompt_moment(PROMPT, CLOSE, BERLIN, CLOSE) is None
    assert prompt_moment(PROMPT, berlin(30, 9), BERLIN, CLOSE) is None


def test_a_holiday_or_day_away_moves_the_prompt_to_the_next_working_day() -> None:
    days_off = {date(2026, 11, 23), date(2026, 11, 24)}
    assert prompt_moment(PROMPT, PROMPT, BERLIN, CLOSE, days_off=days_off) == berlin(25, 9)


def test_who_is_off_until_the_close_gets_no_prompt() -> None:
    week = {date(2026, 11, 23) + timedelta(days=day) for day in range(7)}
    assert prompt_moment(PROMPT, PROMPT, BERLIN, CLOSE, days_off=week) is None


def test_a_member_who_works_from_sunday_to_thursday_is_not_prompted_on_friday() -> None:
    sunday_to_thursday = {6, 0, 1, 2, 3}
    assert prompt_moment(PROMPT, berlin(26, 19), BERLIN, CLOSE, working_days=sunday_to_thursday) is None


def test_a_late_prompt_hour_still_leaves_an_hour_to_send_past_midnight_too() -> None:
    half_past_eleven = time(23, 30)
    prompted = prompt_at(MONDAY, BERLIN, Rhythm(prompt_hour=half_past_eleven))
    ten_past_midnight = berlin(24, 0, 10)
    assert prompt_moment(prompted, ten_past_midnight, BERLIN, CLOSE, prompt_hour=half_past_eleven) == ten_past_midnight


@given(mondays, st.integers(min_value=-48, max_value=150), zones, zones, hours)
def test_a_prompt_goes_in_working_hours_before_the_close_or_not_at_all(
    monday: date, hours_later: int, member: ZoneInfo, team: ZoneInfo, hour: time
) -> None:
    prompted = prompt_at(monday, member, Rhythm(prompt_hour=hour))
    now = prompted + timedelta(hours=hours_later)
    closing = closes_at(monday, team)
    moment = prompt_moment(prompted, now, member, closing, prompt_hour=hour)
    if moment is None:
        return
    assert max(prompted, now) <= moment < closing
    local = moment.astimezone(member)
    last_hour = max(time(18), hour)
    an_hour_ago = (moment - timedelta(hours=1)).astimezone(member)
    in_hours = local.weekday() < 5 and hour <= local.time() <= last_hour
    just_after_a_late_hour = an_hour_ago.weekday() < 5 and an_hour_ago.time() <= hour and hour > time(17)
    after_a_skipped_hour = local.weekday() < 5 and local.utcoffset() != an_hour_ago.utcoffset()
    assert in_hours or just_after_a_late_hour or after_a_skipped_hour


@given(mondays, zones, zones)
def test_a_prompt_on_time_is_never_moved(monday: date, member: ZoneInfo, team: ZoneInfo) -> None:
    prompted = prompt_at(monday, member)
    assert prompt_moment(prompted, prompted, member, closes_at(monday, team)) == prompted


@pytest.mark.parametrize(
    ("answered", "now", "timing"),
    [
        (PROMPT, PROMPT, AnswerTiming.ON_TIME),
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
