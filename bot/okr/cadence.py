"""A team's cadence: how often its round comes, and when it opens, is due and closes (product rule 9)."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.okr.errors import OkrError
from bot.okr.zones import instant_of, local_day, utc

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MONTHLY = 0
"""The `weeks` of a rhythm that comes once a month."""
MOST_WEEKS = 3
A_MONTH = timedelta(days=31)
FIRST_ANCHOR = date(2026, 1, 5)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_KEPT = re.compile(
    r"(?P<every>month|[1-3] week)"
    r" open (?P<opens>\w{3} \d\d:\d\d) due (?P<due>\w{3} \d\d:\d\d) close (?P<closes>\w{3} \d\d:\d\d)"
    r" from (?P<anchor>\d{4}-\d\d-\d\d)",
    re.ASCII,
)


class RefusedRhythm(OkrError):
    """A cadence that can't be kept: the sentence says why."""


@dataclass(frozen=True, slots=True)
class WeekTime:
    """A day of the week (0 = Monday) and an hour of the wall clock."""

    day: int
    hour: time

    def __post_init__(self) -> None:
        if not 0 <= self.day < len(WEEKDAYS):
            raise ValueError(f"a week has days 0 to 6, not {self.day}")

    def __str__(self) -> str:
        return f"{WEEKDAYS_SHORT[self.day]} {self.hour:%H:%M}"

    @property
    def words(self) -> str:
        """`Monday 09:00`"""
        return f"{WEEKDAYS[self.day]} {self.hour:%H:%M}"

    @classmethod
    def read(cls, text: str) -> "WeekTime":
        """What `str` gives. Raises ValueError for anything else."""
        day, hour = text.split(" ", 1)
        return cls(WEEKDAYS_SHORT.index(day), time.fromisoformat(hour))

    def after(self, earlier: "WeekTime", days: int) -> int:
        """The days from the Monday to this moment, where `earlier` is `days` from it and this one comes next."""
        between = (self.day - earlier.day) % 7
        if between == 0 and self.hour <= earlier.hour:
            between = 7
        return days + between


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the rounds of a team open, are due and close.

    `weeks` is 1, 2, 3, or MONTHLY: then a round comes in the week in which the opening day is the first of its kind in
    the month. `anchor` is the Monday of one of the rounds; it decides which weeks count where `weeks` is 2 or 3. A
    round opens by the clock of each member; it is due and closes by the clock of the team. `due` is the first such
    moment after the opening, `closes` the first after `due`.
    """

    weeks: int = 1
    opens: WeekTime = WeekTime(0, time(9))
    due: WeekTime = WeekTime(2, time(17))
    closes: WeekTime = WeekTime(4, time(12))
    anchor: date = FIRST_ANCHOR

    def __post_init__(self) -> None:
        if self.weeks != MONTHLY and not 1 <= self.weeks <= MOST_WEEKS:
            raise RefusedRhythm("A round comes every 1, 2 or 3 weeks, or once a month.", field="every")
        if self.anchor.weekday() != 0:
            raise ValueError(f"a rhythm is anchored to a Monday, and {self.anchor} is none")
        opens, closes = self.opens, self.closes
        over_a_week = (self.close_days, closes.hour) > (opens.day + 7, opens.hour)
        if self.weeks == 1 and over_a_week:
            raise RefusedRhythm(
                f"This round would close on {closes.words}, after the next one has opened. Choose an earlier close, or "
                "a round every two weeks.",
                field="closes",
            )

    @property
    def due_days(self) -> int:
        """Days from the round's Monday to the day it is due."""
        return self.due.after(self.opens, self.opens.day)

    @property
    def close_days(self) -> int:
        """Days from the round's Monday to the day it closes."""
        return self.closes.after(self.due, self.due_days)

    @property
    def length(self) -> timedelta:
        """One cadence, for the half-life of a status (product rule 5); a month counts as 31 days."""
        return A_MONTH if self.weeks == MONTHLY else self.weeks * WEEK

    def has_round(self, monday: date) -> bool:
        """Whether a round of this rhythm begins in the week of that Monday. Raises ValueError for another day."""
        _check_monday(monday)
        if self.weeks == MONTHLY:
            return (monday + self.opens.day * DAY).day <= 7
        return (monday - self.anchor).days // 7 % self.weeks == 0

    def opens_at(self, monday: date, member_zone: ZoneInfo) -> datetime:
        """When the round opens for a member, by their clock."""
        return self._at(monday, self.opens.day, self.opens.hour, member_zone)

    def due_at(self, monday: date, team_zone: ZoneInfo) -> datetime:
        """Until when an answer is on time, by the team's clock."""
        return self._at(monday, self.due_days, self.due.hour, team_zone)

    def closes_at(self, monday: date, team_zone: ZoneInfo) -> datetime:
        """When the round closes and its digest is made, by the team's clock."""
        return self._at(monday, self.close_days, self.closes.hour, team_zone)

    def _at(self, monday: date, days: int, hour: time, zone: ZoneInfo) -> datetime:
        _check_monday(monday)
        return instant_of(monday + days * DAY, hour, zone)

    def next_monday(self, after: date) -> date:
        """The Monday of the first round in a week after that day's."""
        monday = after - after.weekday() * DAY + WEEK
        while not self.has_round(monday):
            monday += WEEK
        return monday

    def anchored(self, monday: date) -> "Rhythm":
        """The same rhythm with a round in the week of that Monday."""
        return replace(self, anchor=monday)

    @property
    def every(self) -> str:
        """`every week`, `every 2 weeks`, `once a month`"""
        if self.weeks == MONTHLY:
            return "once a month"
        return "every week" if self.weeks == 1 else f"every {self.weeks} weeks"

    def __str__(self) -> str:
        every = "month" if self.weeks == MONTHLY else f"{self.weeks} week"
        return f"{every} open {self.opens} due {self.due} close {self.closes} from {self.anchor.isoformat()}"

    @classmethod
    def read(cls, text: str) -> "Rhythm":
        """What `str` gives; that is how a rhythm is kept and exported. Raises ValueError for anything else."""
        match = _KEPT.fullmatch(text)
        if match is None:
            raise ValueError(f"not a rhythm: {text[:80]!r}")
        every = match["every"]
        return cls(
            MONTHLY if every == "month" else int(every[0]),
            WeekTime.read(match["opens"]),
            WeekTime.read(match["due"]),
            WeekTime.read(match["closes"]),
            date.fromisoformat(match["anchor"]),
        )


WEEKLY = Rhythm()


def _check_monday(monday: date) -> None:
    if monday.weekday() != 0:
        raise ValueError(f"a round is named by its Monday, and {monday} is none")


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - day.weekday() * DAY


FURTHEST_EAST = ZoneInfo("Etc/GMT-14")
FURTHEST_WEST = ZoneInfo("Etc/GMT+12")
_LONGEST_ROUND = 3 * WEEK
"""From the Monday of a round to its close at the latest: opening, due and close lie a week apart at most."""


def rounds_under_way(now: datetime, rhythm: Rhythm = WEEKLY, *, ahead: timedelta = timedelta(0)) -> list[date]:
    """The Mondays of the rounds that have opened for somebody on earth at `now` and closed not yet everywhere.

    `ahead`: also those that open within that time. Oldest first.
    """
    moment = utc(now)
    last = monday_of((moment + ahead).astimezone(FURTHEST_EAST).date())
    monday = monday_of(moment.astimezone(FURTHEST_WEST).date() - _LONGEST_ROUND)
    found = []
    while monday <= last:
        if rhythm.has_round(monday):
            opened = rhythm.opens_at(monday, FURTHEST_EAST) <= moment + ahead
            if opened and moment < rhythm.closes_at(monday, FURTHEST_WEST):
                found.append(monday)
        monday += WEEK
    return found


def next_opening(rhythm: Rhythm, now: datetime, zone: ZoneInfo, *, after: date | None = None) -> date:
    """The day on which the next round opens by that clock. `after`: the Monday of a round that has opened already."""
    monday = monday_of(local_day(now, zone))
    while not rhythm.has_round(monday) or rhythm.opens_at(monday, zone) <= utc(now) or (after and monday <= after):
        monday += WEEK
    return monday + rhythm.opens.day * DAY


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
