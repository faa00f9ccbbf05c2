"""The attention budget: how many messages nobody asked for a person gets, and which come first (product rule 11)."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from bot.okr.zones import instant_of, local_day

BUDGET = 2
"""Unsolicited direct messages per person and ISO week, by the person's own clock."""
_WEEK = timedelta(days=7)


class Reason(IntEnum):
    """Why somebody is written to without having asked, most important first."""

    PROMPT = 0
    REMINDER = 1
    DUTY = 2
    """What they are responsible for has changed or waits for them: an agreement to give, something handed over."""
    ASK = 3
    NEWS = 4
    """Recognition, and what became of something: good to know, and it can wait."""


class Profile(StrEnum):
    """How much somebody wants to hear."""

    LIGHT = "light"
    STANDARD = "standard"
    ACTIVE = "active"


_ALLOWED = {
    Profile.LIGHT: frozenset({Reason.PROMPT, Reason.DUTY}),
    Profile.STANDARD: frozenset(Reason),
    Profile.ACTIVE: frozenset(Reason),
}

_FIRST = {
    Reason.PROMPT: (),
    Reason.REMINDER: (Reason.PROMPT,),
    Reason.ASK: (Reason.PROMPT, Reason.REMINDER),
    Reason.NEWS: (Reason.PROMPT, Reason.REMINDER, Reason.ASK),
}
"""For which others each of them leaves room."""
_FIRST_WHEN_ACTIVE = {**_FIRST, Reason.ASK: (Reason.PROMPT,), Reason.NEWS: (Reason.PROMPT,)}
"""Who wants to hear of asks and recognition at once gets them while the reminder is still to come."""


def goes_by_itself(reason: Reason, profile: Profile) -> bool:
    """Whether the profile lets such a message go at all; otherwise it waits for the next prompt or Home."""
    return reason in _ALLOWED[profile]


def fits(reason: Reason, sent: int, to_come: Mapping[Reason, int], profile: Profile = Profile.STANDARD) -> bool:
    """Whether there is room for one more message this week.

    sent: messages that went this week and count. to_come: how many of each reason are sure to follow this week; those
    that come first keep their place. A duty is never held: somebody else waits for it, and a week would be too long.
    """
    if reason is Reason.DUTY:
        return True
    first = _FIRST_WHEN_ACTIVE if profile is Profile.ACTIVE else _FIRST
    kept_free = sum(to_come.get(each, 0) for each in first[reason])
    return sent + kept_free < BUDGET


def week_begins(now: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the ISO week that holds `now` began, by the clock of `zone`."""
    day = local_day(now, zone)
    return instant_of(day - timedelta(days=day.weekday()), time(0), zone)


def week_ends(now: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the next ISO week begins, by the clock of `zone`."""
    day = local_day(now, zone)
    return instant_of(day - timedelta(days=day.weekday()) + _WEEK, time(0), zone)
