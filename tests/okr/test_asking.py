from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.asking import WORKING_DAYS, Away, Habits, part_times, paused
from bot.okr.attention import BUDGET, Profile, Reason, fits, goes_by_itself, week_begins, week_ends
from bot.okr.cadence import WEEKLY, Rhythm, WeekTime
from bot.okr.days_off import UnknownPlace, check_place, countries, holiday_name, holidays_of, region_words
from tests.okr.strategies import ODD_ZONES, zones

BERLIN = ZoneInfo("Europe/Berlin")
HONOLULU = ZoneInfo("Pacific/Honolulu")
MONDAY = date(2026, 11, 23)
NINE = time(9)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ANA = Habits(BERLIN)

mondays = st.integers(min_value=0, max_value=260).map(lambda week: date(2024, 1, 1) + timedelta(weeks=week))
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 by Berlin's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def days_off(*days: int) -> Callable[[date], bool]:
    return {date(2026, 11, day) for day in days}.__contains__


CLOSE = berlin(27, 12)


def test_everybody_is_asked_at_nine_of_their_own_clock_and_reminded_on_the_day_it_is_due() -> None:
    times = part_times(MONDAY, BERLIN, ANA)
    assert (times.opens_at, times.prompt_at, times.remind_at) == (berlin(23, 9), berlin(23, 9), berlin(25, 9))
    assert (times.due_at, times.closes_at) == (berlin(25, 17), CLOSE)


def test_further_west_the_reminder_comes_a_day_earlier_because_it_is_due_in_the_morning_there() -> None:
    times = part_times(MONDAY, BERLIN, Habits(HONOLULU))
    assert times.remind_at == datetime(2026, 11, 24, 9, tzinfo=HONOLULU)


def test_an_own_hour_before_the_team_s_opens_the_round_for_its_owner() -> None:
    times = part_times(MONDAY, BERLIN, Habits(BERLIN, hour=time(7, 30)))
    assert (times.opens_at, times.prompt_at, times.remind_at) == (
        berlin(23, 7, 30),
        berlin(23, 7, 30),
        berlin(25, 7, 30),
    )


def test_an_own_hour_after_the_team_s_asks_later_but_an_answer_counts_from_the_opening_on() -> None:
    times = part_times(MONDAY, BERLIN, Habits(BERLIN, hour=time(14)))
    assert (times.opens_at, times.prompt_at) == (berlin(23, 9), berlin(23, 14))


def test_nobody_in_the_light_profile_is_reminded() -> None:
    assert part_times(MONDAY, BERLIN, Habits(BERLIN, profile=Profile.LIGHT)).remind_at is None


def test_a_holiday_moves_prompt_and_reminder_to_a_working_day() -> None:
    times = part_times(MONDAY, BERLIN, Habits(BERLIN, is_holiday=days_off(23, 25)))
    assert (times.prompt_at, times.remind_at) == (berlin(24, 9), None)
    times = part_times(MONDAY, BERLIN, Habits(BERLIN, is_holiday=days_off(25)))
    assert (times.prompt_at, times.remind_at) == (berlin(23, 9), berlin(24, 9))


def test_who_works_from_thursday_on_is_asked_on_thursday() -> None:
    times = part_times(MONDAY, BERLIN, Habits(BERLIN, days=frozenset({3, 4})))
    assert (times.prompt_at, times.remind_at) == (berlin(26, 9), None)


def test_who_is_off_the_whole_round_is_not_asked() -> None:
    assert part_times(MONDAY, BERLIN, Habits(BERLIN, days=frozenset({5, 6}))).prompt_at is None


def test_away_days_stop_the_clock_and_the_prompt_comes_on_the_first_day_back() -> None:
    away = Away(berlin(22, 0), berlin(25, 0))
    times = part_times(MONDAY, BERLIN, Habits(BERLIN, away=(away,)))
    assert times.prompt_at == berlin(25, 9)
    # 39 hours of the 56 until it is due lie behind the return.
    assert times.due_at == berlin(25, 17) + (berlin(25, 0) - berlin(23, 9))
    assert times.closes_at == CLOSE + (berlin(25, 0) - berlin(23, 9))
    assert times.remind_at == berlin(26, 9)


def test_who_is_back_at_noon_is_asked_at_noon() -> None:
    away = Away(berlin(20, 0), berlin(23, 12))
    assert part_times(MONDAY, BERLIN, Habits(BERLIN, away=(away,))).prompt_at == berlin(23, 12)


def test_before_its_time_a_prompt_waits_for_its_time() -> None:
    assert ANA.next_moment(berlin(23, 9), NINE, CLOSE) == berlin(23, 9)


def test_a_prompt_held_up_by_a_short_downtime_goes_by_itself() -> None:
    assert ANA.next_moment(berlin(23, 14, 30), NINE, CLOSE) == berlin(23, 14, 30)
    assert ANA.next_moment(berlin(23, 18), NINE, CLOSE) == berlin(23, 18)


@pytest.mark.parametrize("now", [berlin(23, 18) + SECOND, berlin(23, 23), berlin(24, 3), berlin(24, 8, 59)])
def test_nobody_is_written_to_in_the_evening_or_at_night_but_next_morning(now: datetime) -> None:
    assert ANA.next_moment(now, NINE, CLOSE) == berlin(24, 9)


def test_what_would_come_after_the_close_is_left_out() -> None:
    assert ANA.next_moment(berlin(27, 11, 59), NINE, CLOSE) == berlin(27, 11, 59)
    assert ANA.next_moment(CLOSE, NINE, CLOSE) is None
    assert ANA.next_moment(berlin(30, 9), NINE, CLOSE) is None


def test_a_late_hour_still_leaves_an_hour_to_send_past_midnight_too() -> None:
    assert ANA.next_moment(berlin(24, 0, 10), time(23, 30), CLOSE) == berlin(24, 0, 10)


@given(mondays, st.integers(min_value=-48, max_value=150), zones, zones, hours, weekdays)
def test_a_message_goes_on_a_working_day_in_their_hours_before_the_close_or_not_at_all(
    monday: date, hours_later: int, member: ZoneInfo, team: ZoneInfo, hour: time, days: frozenset[int]
) -> None:
    habits = Habits(member, days=days)
    earliest = WEEKLY.opens_at(monday, member) + timedelta(hours=hours_later)
    closing = WEEKLY.closes_at(monday, team)
    moment = habits.next_moment(earliest, hour, closing)
    if moment is None:
        return
    assert earliest <= moment < closing
    local = moment.astimezone(member)
    an_hour_ago = (moment - timedelta(hours=1)).astimezone(member)
    in_hours = local.weekday() in days and hour <= local.time() <= max(time(18), hour)
    just_after_a_late_hour = an_hour_ago.weekday() in days and an_hour_ago.time() <= hour and hour > time(17)
    after_a_skipped_hour = local.weekday() in days and local.utcoffset() != an_hour_ago.utcoffset()
    assert in_hours or just_after_a_late_hour or after_a_skipped_hour


@st.composite
def absences(draw: st.DrawFn) -> tuple[Away, ...]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        since = berlin(16, 0) + timedelta(hours=draw(st.integers(0, 14 * 24)))
        found.append(Away(since, since + timedelta(hours=draw(st.integers(1, 120)))))
    return tuple(found)


@given(absences(), st.integers(0, 7 * 24), st.integers(0, 7 * 24))
def test_a_deadline_leaves_as_much_time_to_who_was_away_as_to_anybody(
    away: tuple[Away, ...], start: int, length: int
) -> None:
    opens = berlin(20, 0) + timedelta(hours=start)
    deadline = opens + timedelta(hours=length)
    moved = paused(opens, deadline, away)
    hours_between = int((moved - opens) / timedelta(hours=1))
    there = [
        hour
        for hour in range(hours_between)
        if not any(each.since <= opens + timedelta(hours=hour) < each.until for each in away)
    ]
    assert len(there) == length
    assert moved >= deadline


@given(absences(), zones, st.sampled_from(list(Profile)), weekdays)
def test_nobody_is_asked_or_reminded_while_away(
    away: tuple[Away, ...], zone: ZoneInfo, profile: Profile, days: frozenset[int]
) -> None:
    habits = Habits(zone, days=days, profile=profile, away=away)
    times = part_times(MONDAY, BERLIN, habits)
    for moment in (times.prompt_at, times.remind_at):
        assert moment is None or not any(each.since <= moment < each.until for each in away)
        assert moment is None or moment.astimezone(zone).weekday() in days
    if times.remind_at is not None:
        assert times.prompt_at is not None
        assert times.prompt_at + timedelta(hours=12) <= times.remind_at < times.due_at


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_a_year_of_prompts_comes_at_nine_by_everybody_s_clock(zone: str) -> None:
    for week in range(53):
        times = part_times(date(2026, 1, 5) + timedelta(weeks=week), BERLIN, Habits(ZoneInfo(zone)))
        assert times.prompt_at is not None
        local = times.prompt_at.astimezone(ZoneInfo(zone))
        assert (local.weekday(), local.hour, local.minute) == (0, 9, 0)


def test_a_team_on_thursdays_asks_on_thursdays() -> None:
    thursdays = Rhythm(opens=WeekTime(3, time(10)), due=WeekTime(4, time(17)), closes=WeekTime(0, time(9)))
    times = part_times(MONDAY, BERLIN, ANA, thursdays)
    assert (times.prompt_at, times.remind_at) == (berlin(26, 10), berlin(27, 10))


# --- the attention budget


def test_two_messages_a_week_and_the_more_important_ones_keep_their_place() -> None:
    assert fits(Reason.NEWS, 0, {})
    assert fits(Reason.NEWS, 1, {})
    assert not fits(Reason.NEWS, 2, {})
    assert not fits(Reason.NEWS, 0, {Reason.PROMPT: 1, Reason.REMINDER: 1})
    assert fits(Reason.REMINDER, 1, {Reason.NEWS: 5})
    assert fits(Reason.PROMPT, 1, {Reason.REMINDER: 1})


COUNTED = [reason for reason in Reason if reason is not Reason.DUTY]


@given(st.lists(st.sampled_from(COUNTED), max_size=12))
def test_however_many_wait_no_more_go_than_the_budget_allows_and_what_comes_first_goes(waiting: list[Reason]) -> None:
    sent: list[Reason] = []
    left = list(waiting)
    for reason in waiting:
        left.remove(reason)
        if fits(reason, len(sent), {each: left.count(each) for each in Reason}):
            sent.append(reason)
    assert sorted(sent) == sorted(waiting)[:BUDGET]


@given(st.integers(0, 9), st.sampled_from(list(Profile)))
def test_what_somebody_else_waits_for_is_never_held(sent: int, profile: Profile) -> None:
    assert fits(Reason.DUTY, sent, dict.fromkeys(Reason, 1), profile)


def test_the_profiles_differ_in_what_goes_by_itself_and_when() -> None:
    told = {profile: [reason.name for reason in Reason if goes_by_itself(reason, profile)] for profile in Profile}
    assert told[Profile.LIGHT] == ["PROMPT", "DUTY"]
    assert told[Profile.STANDARD] == told[Profile.ACTIVE] == [reason.name for reason in Reason]
    before_the_reminder = {Reason.REMINDER: 1}
    assert not fits(Reason.NEWS, 1, before_the_reminder, Profile.STANDARD)
    assert fits(Reason.NEWS, 1, before_the_reminder, Profile.ACTIVE)


@given(
    st.integers(0, 4 * 365 * 1440).map(lambda minute: datetime(2024, 1, 1, tzinfo=UTC) + minute * timedelta(minutes=1)),
    zones,
)
def test_every_instant_lies_in_one_week_of_the_own_clock(now: datetime, zone: ZoneInfo) -> None:
    begins, ends = week_begins(now, zone), week_ends(now, zone)
    assert begins <= now < ends
    assert begins.astimezone(zone).weekday() == 0
    assert timedelta(days=6) <= ends - begins <= timedelta(days=8)
    assert week_begins(begins, zone) == begins


# --- public holidays


def test_a_holiday_is_one_of_the_country_or_of_the_region() -> None:
    epiphany = date(2026, 1, 6)
    assert not holidays_of("DE", None)(epiphany)
    assert holidays_of("DE", "BY")(epiphany)
    assert holiday_name(date(2026, 7, 4), "US", None) == "Independence Day"
    assert holiday_name(date(2026, 7, 7), "US", None) is None
    assert not holidays_of(None, None)(date(2026, 12, 25))


def test_a_place_whose_holidays_nobody_knows_is_refused_but_stops_nobody_s_prompt() -> None:
    with pytest.raises(UnknownPlace) as refused:
        check_place("XX", None)
    assert refused.value.field == "country"
    with pytest.raises(UnknownPlace) as refused:
        check_place("DE", "CA")
    assert refused.value.field == "region"
    assert not holidays_of("XX", None)(date(2026, 12, 25))


def test_every_country_that_is_offered_can_be_asked() -> None:
    assert len(countries()) > 150
    assert region_words("DE")["BY"] == "Bayern"
    for country in ("DE", "US", "IN", "BR", "NZ", "JP", "MA", "NP"):
        assert any(holidays_of(country, None)(date(2026, 1, 1) + day * DAY) for day in range(365)), country


def test_working_days_are_monday_to_friday_unless_somebody_says_otherwise() -> None:
    assert sorted(WORKING_DAYS) == [0, 1, 2, 3, 4]
