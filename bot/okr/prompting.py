"""Facts of what somebody answers to a prompt other than a check-in. See `bot.okr.facts`."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.okr.facts import Person

MOST_LISTED = 20
"""So many key results a message that asks shows, each with its place in the list."""


@dataclass(frozen=True)
class SnoozeForm:
    """**Snooze**: the moments that are offered, earliest first, and until when there is time."""

    person: Person
    later_today: datetime | None
    next_day: datetime | None
    until: datetime
    where: str


@dataclass(frozen=True)
class SkipForm:
    """**Skip**: for how many key results, until when an answer would be on time."""

    person: Person
    key_results: int
    where: str


@dataclass(frozen=True)
class Snoozed:
    """The prompt comes again at `until`."""

    person: Person
    until: datetime
    due_at: datetime


@dataclass(frozen=True)
class Skipped:
    """No answer is expected for this round. `until`: when the round closes, so until when a change of mind counts."""

    person: Person
    key_results: int
    reason: str
    until: datetime


@dataclass(frozen=True)
class AwayShown:
    """Away or back. `until` is the last day away (None: they are here); `next_prompt` is None where none is planned."""

    person: Person
    until: date | None
    since: date | None
    next_prompt: datetime | None
    already: bool = False


@dataclass(frozen=True)
class Place:
    """A country or region in a menu."""

    code: str
    words: str


@dataclass(frozen=True)
class SettingsForm:
    """`/okr settings`. `hour` is `HH:MM`, None for the team's; `days` as date.weekday() counts.

    `regions` are those of the chosen country.
    """

    person: Person
    hour: str | None
    days: tuple[int, ...]
    profile: str
    country: Place | None
    region: Place | None
    regions: tuple[Place, ...]


@dataclass(frozen=True)
class SettingsSaved:
    """What holds now, and when the next prompt comes."""

    person: Person
    hour: str | None
    days: tuple[int, ...]
    profile: str
    country: str | None
    region: str | None
    next_prompt: datetime | None


@dataclass(frozen=True)
class RecentMessage:
    """One message somebody got: what it was, when it came, and why. `team` and `every` are its schedule."""

    kind: str
    sent_at: datetime
    teams: tuple[str, ...]
    every: str | None
    counted: bool


@dataclass(frozen=True)
class WhyShown:
    """`/okr why`: the last messages, what waits, how many of this week's two are used, when the next prompt comes."""

    person: Person
    recent: tuple[RecentMessage, ...]
    waiting: int
    used: int
    profile: str
    next_prompt: datetime | None
    away_until: date | None


@dataclass(frozen=True)
class WordsNotKept:
    """An answer in words of which something could not be read, so that nothing was saved.

    `understood` and `wrong` are plain sentences; `in_form` whether it waits in the form; `listed` how many key results
    the last list has.
    """

    person: Person
    understood: tuple[str, ...]
    wrong: tuple[str, ...]
    in_form: bool
    listed: int


@dataclass(frozen=True)
class HowToAnswer:
    """Somebody wrote what is no check-in. `listed` is how many key results the last list has."""

    person: Person
    listed: int
