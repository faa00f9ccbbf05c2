"""Rounds: when a team's check-in opens, prompts, is due and closes (product rules 9, 10).

A round is named by its Monday, a date. A member is prompted by the clock of the member's own zone; a team's round is
due and closes by the clock of the team's zone. All instants are UTC.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.okr.zones import instant_of, local_day, utc

WORKING_DAYS = frozenset(range(5))  # Monday to Friday, as date.weekday() counts
WORKING_DAY_ENDS = time(18)
# A late prompt hour leaves at least this long to send the prompt on its own day.
_SHORTEST_WINDOW = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_FURTHEST_EAST = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A cadence: the days (0 = Monday) and local hours at which a round of one week prompts, is due and closes."""

    prompt_day: int = 0
    prompt_hour: time = time(9)
    due_day: int = 2
    due_hour: time = time(17)
    close_day: int = 4
    close_hour: time = time(12)
    length: timedelta = _WEEK


WEEKLY = Rhythm()


@dataclass(frozen=True, slots=True)
class RoundTimes:
    """One round as it concerns one member of one team; instants in UTC."""

    monday: date
    opens_at: datetime
    prompt_at: datetime
    due_at: datetime
    closes_at: datetime


class AnswerTiming(StrEnum):
    """How an answer stands to its round."""

    ON_TIME = "on time"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"
    AWAY = "away"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not applicable"


class Excuse(StrEnum):
    """Why no answer was expected."""

    AWAY = "away"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not applicable"


def round_for(when: date | datetime, team_zone: ZoneInfo) -> date:
    """The Monday that names the round of that day, or of that instant by the clock of the team's zone."""
    day = local_day(when, team_zone) if isinstance(when, datetime) else when
    return day - timedelta(days=day.weekday())


def round_times(monday: date, member_zone: ZoneInfo, team_zone: ZoneInfo, rhythm: Rhythm = WEEKLY) -> RoundTimes:
    """All instants of the round named by `monday` for a member. Raises ValueError where that is no Monday."""
    prompted = prompt_at(monday, member_zone, rhythm)
    return RoundTimes(
        monday=monday,
        opens_at=prompted,
        prompt_at=prompted,
        due_at=due_at(monday, team_zone, rhythm),
        closes_at=closes_at(monday, team_zone, rhythm),
    )


def prompt_at(monday: date, member_zone: ZoneInfo, rhythm: Rhythm = WEEKLY) -> datetime:
    """When the round opens for a member and prompts: Monday 09:00 by the member's clock, unless set otherwise."""
    return _at(monday, rhythm.prompt_day, rhythm.prompt_hour, member_zone)


def due_at(monday: date, team_zone: ZoneInfo, rhythm: Rhythm = WEEKLY) -> datetime:
    """Until when an answer is on time: Wednesday 17:00 by the team's clock."""
    return _at(monday, rhythm.due_day, rhythm.due_hour, team_zone)


def closes_at(monday: date, team_zone: ZoneInfo, rhythm: Rhythm = WEEKLY) -> datetime:
    """When the round closes and its digest is made: Friday 12:00 by the team's clock."""
    return _at(monday, rhythm.close_day, rhythm.close_hour, team_zone)


def earliest_prompt_at(monday: date, rhythm: Rhythm = WEEKLY) -> datetime:
    """The first instant at which this round may prompt anybody on earth (UTC+14), so from when a beat must look."""
    return _at(monday, rhythm.prompt_day, rhythm.prompt_hour, ZoneInfo("UTC")) - _FURTHEST_EAST


def rounds_under_way(now: datetime, team_zone: ZoneInfo, rhythm: Rhythm = WEEKLY) -> list[date]:
    """The Mondays of the team's rounds that may already prompt somebody at `now` and have not closed, oldest first.

    Next week's round begins while it is still Sunday for the team when a member lives further east.
    """
    this_monday = round_for(now, team_zone)
    nearby = (this_monday - _WEEK, this_monday, this_monday + _WEEK)
    moment = utc(now)
    return [
        monday
        for monday in nearby
        if earliest_prompt_at(monday, rhythm) <= moment < closes_at(monday, team_zone, rhythm)
    ]


def prompt_moment(
    prompt_at: datetime,
    now: datetime,
    member_zone: ZoneInfo,
    closes_at: datetime,
    *,
    prompt_hour: time = WEEKLY.prompt_hour,
    working_days: Container[int] = WORKING_DAYS,
    days_off: Container[date] = frozenset(),
) -> datetime | None:
    """When a prompt should go that could not go before: the instant, or None where its round closes first.

    Prompts go on working days that are not in `days_off` (holidays, away days), between `prompt_hour` and 18:00
    (inclusive) by the member's clock; a prompt hour after 17:00 leaves an hour. Within that window it goes at `now`,
    otherwise at the prompt hour of the next such day, and never before `prompt_at`.
    """
    earliest = max(utc(prompt_at), utc(now))
    closing = utc(closes_at)
    # The day before counts too: the hour after a prompt hour of 23:30 ends past midnight.
    day = local_day(earliest, member_zone) - _DAY
    while True:
        window_opens = instant_of(day, prompt_hour, member_zone)
        if window_opens >= closing:
            return None
        window_ends = max(instant_of(day, WORKING_DAY_ENDS, member_zone), window_opens + _SHORTEST_WINDOW)
        if day.weekday() in working_days and day not in days_off and earliest <= window_ends:
            moment = max(window_opens, earliest)
            return moment if moment < closing else None
        day += _DAY


def answer_timing(
    answered_at: datetime | None,
    due_at: datetime,
    closes_at: datetime,
    now: datetime,
    excuse: Excuse | None = None,
) -> AnswerTiming:
    """How a member's answer to a round stands at `now`.

    On time until due (inclusive) whatever else holds. After that, away and not applicable stop the clock, so a later
    answer is not late; a skip holds only as long as there is no answer. Any other later answer is late, also after
    the close. Without an answer: open before the close, missed from the close on.
    """
    if answered_at is not None and utc(answered_at) <= utc(due_at):
        return AnswerTiming.ON_TIME
    if excuse is not None and not (excuse is Excuse.SKIPPED and answered_at is not None):
        return AnswerTiming(excuse.value)
    if answered_at is not None:
        return AnswerTiming.LATE
    return AnswerTiming.MISSED if utc(now) >= utc(closes_at) else AnswerTiming.OPEN


def _at(monday: date, weekday: int, hour: time, zone: ZoneInfo) -> datetime:
    if monday.weekday() != 0:
        raise ValueError(f"a round is named by its Monday, and {monday} is none")
    return instant_of(monday + timedelta(days=weekday), hour, zone)
