"""When one person is asked: their own hour and days, holidays, and the days they are away (product rules 9, 10)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.okr.attention import Profile
from bot.okr.cadence import WEEKLY, Rhythm, WeekTime
from bot.okr.zones import instant_of, local_day, utc

WORKING_DAYS = frozenset(range(5))
"""Monday to Friday, as date.weekday() counts."""
WORKING_DAY_ENDS = time(18)
_SHORTEST_WINDOW = timedelta(hours=1)
"""A late prompt hour leaves at least this long to send on its own day."""
REMINDED_NO_SOONER = timedelta(hours=12)
_DAY = timedelta(days=1)
_FURTHEST = 400


@dataclass(frozen=True, slots=True)
class Away:
    """From when until when somebody is away (`until` is when they are back), as instants."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if utc(self.until) <= utc(self.since):
            raise ValueError("who is away is back later, not earlier")


def no_holidays(day: date) -> bool:
    """For somebody who has set no country."""
    return False


@dataclass(frozen=True)
class Habits:
    """How somebody wants to be asked. `hour` is None where the team's own is kept."""

    zone: ZoneInfo
    hour: time | None = None
    days: frozenset[int] = WORKING_DAYS
    profile: Profile = Profile.STANDARD
    is_holiday: Callable[[date], bool] = no_holidays
    away: tuple[Away, ...] = ()

    def works_on(self, day: date) -> bool:
        """Whether that is one of their working days and no holiday (being away is another matter)."""
        return day.weekday() in self.days and not self.is_holiday(day)

    def back_from(self, moment: datetime) -> datetime:
        """When they are next there: `moment` itself unless they are away then."""
        found = utc(moment)
        for each in _merged(self.away):
            if each.since <= found < each.until:
                found = each.until
        return found

    def next_moment(self, earliest: datetime, hour: time, before: datetime) -> datetime | None:
        """The first instant from `earliest` on at which they may be written to; None where there is none `before`.

        That is on a working day, from `hour` to 18:00 (inclusive) by their clock, and not while they are away; an hour
        after 17:00 leaves an hour. Outside those hours it is `hour` of the next such day.
        """
        moment, end = self.back_from(earliest), utc(before)
        # The day before counts too: the hour after 23:30 ends past midnight.
        day = local_day(moment, self.zone) - _DAY
        for _ in range(_FURTHEST):
            opens = instant_of(day, hour, self.zone)
            if opens >= end:
                return None
            closes = max(instant_of(day, WORKING_DAY_ENDS, self.zone), opens + _SHORTEST_WINDOW)
            if self.works_on(day) and moment <= closes:
                found = max(opens, moment)
                there = self.back_from(found)
                if there == found:
                    return found if found < end else None
                if there > closes:
                    moment = there
                elif there < end:
                    return there
            day += _DAY
        return None


@dataclass(frozen=True, slots=True)
class PartTimes:
    """One person's part in one round; instants in UTC. `prompt_at` is None where they can't be asked before its close.

    `opens_at`: from then on an answer counts for the round. `due_at` and `closes_at` stand still while they are away.
    """

    opens_at: datetime
    prompt_at: datetime | None
    remind_at: datetime | None
    due_at: datetime
    closes_at: datetime


def part_times(monday: date, team_zone: ZoneInfo, habits: Habits, rhythm: Rhythm = WEEKLY) -> PartTimes:
    """When the round named by `monday` opens, asks, reminds, is due and closes for somebody."""
    hour = habits.hour or rhythm.opens.hour
    by_team = rhythm.opens_at(monday, habits.zone)
    own = instant_of(monday + rhythm.opens.day * _DAY, hour, habits.zone)
    opens = min(by_team, own)
    due = paused(opens, rhythm.due_at(monday, team_zone), habits.away)
    over = rhythm.closes_at(monday, team_zone)
    closes = paused(opens, over, habits.away)
    # After the team's own close the next round is asked about instead, however much time is left by a paused clock.
    prompt = habits.next_moment(own, hour, over)
    remind = None if prompt is None else remind_at(prompt, min(due, over), hour, habits)
    return PartTimes(opens, prompt, remind, due, closes)


def remind_at(prompted_at: datetime, due_at: datetime, hour: time, habits: Habits) -> datetime | None:
    """When the one reminder goes: at their hour of the last working day on which that is still before `due_at`.

    None in the light profile, and where that would be within twelve hours of the prompt.
    """
    if habits.profile is Profile.LIGHT:
        return None
    earliest = utc(prompted_at) + REMINDED_NO_SOONER
    day = local_day(due_at, habits.zone)
    while (moment := instant_of(day, hour, habits.zone)) >= earliest:
        if moment < utc(due_at) and habits.works_on(day) and habits.back_from(moment) == moment:
            return moment
        day -= _DAY
    return None


def paused(opens_at: datetime, deadline: datetime, away: Iterable[Away]) -> datetime:
    """The deadline of somebody for whom the clock stands still while they are away.

    They have as much time between `opens_at` and the answer as anybody else has. A deadline that is not after
    `opens_at` stays as it is.
    """
    at, left = utc(opens_at), utc(deadline) - utc(opens_at)
    if left <= timedelta(0):
        return utc(deadline)
    for each in _merged(away):
        if each.until <= at:
            continue
        if each.since > at + left:
            break
        there = max(each.since, at) - at
        left -= there
        at = each.until
    return at + left


def _merged(away: Iterable[Away]) -> list[Away]:
    """In order, overlapping and touching ones made one."""
    found: list[Away] = []
    for each in sorted((Away(utc(one.since), utc(one.until)) for one in away), key=lambda one: one.since):
        if found and each.since <= found[-1].until:
            found[-1] = Away(found[-1].since, max(found[-1].until, each.until))
        else:
            found.append(each)
    return found


__all__ = ["Away", "Habits", "PartTimes", "WeekTime", "part_times", "paused", "remind_at"]
