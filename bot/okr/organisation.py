"""Facts of who there is and when: roles, teams, cycles. See `bot.okr.facts`."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.okr.cadence import WEEKLY, Rhythm, WeekTime
from bot.okr.facts import Person


@dataclass(frozen=True)
class LedTeam:
    """A team with its lead's name."""

    team: str
    lead: str


@dataclass(frozen=True)
class RolesShown:
    """`/okr role`: who has which role. `said` tells what was just changed, None when it was only asked.

    `leads` has the first of them, `more_leads` counts the rest.
    """

    person: Person
    champions: tuple[str, ...]
    sponsors: tuple[str, ...]
    leads: tuple[LedTeam, ...]
    more_leads: int
    may_change: bool
    said: str | None = None


@dataclass(frozen=True)
class RoleNotice:
    """Told to who was given a `role` by somebody else (`giver`), or was relieved of it (`off`); `team` for leads."""

    person: Person
    role: str
    team: str | None
    giver: str | None
    off: bool


@dataclass(frozen=True)
class TeamLine:
    """One team in the tree. `depth` counts from the root (0); `members` counts the active ones; `channel` is `C…`."""

    id: int
    name: str
    depth: int
    lead: str | None
    members: int
    channel: str | None
    lead_left: bool = False


@dataclass(frozen=True)
class TeamTree:
    """`/okr team`: the first teams of the tree, how many more there are, and the names of those in the archive.

    `asked`: the name that several teams share, when the lines are those.
    """

    person: Person
    lines: tuple[TeamLine, ...]
    more: int
    archived: tuple[str, ...]
    may_make: bool
    asked: str | None = None


@dataclass(frozen=True)
class TeamRhythm:
    """A team's rhythm. `zone`: whose clock closes its rounds; `giver`: the team it has it from, None: its own.

    `next_opens` is None in the archive; `closes_at` is when the round that is open now closes.
    """

    rhythm: Rhythm
    zone: str
    giver: str | None = None
    next_opens: date | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True)
class TeamShown:
    """One team. `source`: what its members are kept in step with (`group`, `channel`), None where chosen by hand.

    `said` tells what was just done, None when it was only asked for.
    """

    person: Person
    id: int
    name: str
    level: str
    parent: str | None
    lead: str | None
    channel: str | None
    members: tuple[str, ...]
    observers: tuple[str, ...]
    source: str | None
    below: tuple[str, ...]
    archived: bool
    may_edit: bool
    may_make: bool
    may_archive: bool
    rhythm: TeamRhythm
    said: str | None = None
    lead_left: bool = False


@dataclass(frozen=True)
class Entry:
    """An entry of a menu: what is sent, what is read."""

    value: str
    words: str


@dataclass(frozen=True)
class RhythmForm:
    """The rhythm in a team's form: how often (`inherited`, `1`, `2`, `3` weeks or `month`) and when.

    `above`: the team whose rhythm, `above_has`, is inherited; None for the company, which inherits none.
    """

    every: str = "inherited"
    opens: WeekTime = WEEKLY.opens
    due: WeekTime = WEEKLY.due
    closes: WeekTime = WEEKLY.closes
    above: str | None = None
    above_has: Rhythm = WEEKLY


@dataclass(frozen=True)
class TeamForm:
    """The **New team** and **Edit team** modal. Slack ids for people, channel and group.

    `team` is None for a new one. `parents` is None where there are too many for a menu, and empty for the root, which
    belongs to nothing. `source` is hand, group or channel; `groups` is None where there are too many for a menu;
    `no_groups` says why none can be offered.
    """

    person: Person
    nonce: str
    team: int | None
    name: str
    level: str
    parent: Entry | None
    parents: tuple[Entry, ...] | None
    lead: str | None
    channel: str | None
    members: tuple[str, ...]
    observers: tuple[str, ...]
    source: str
    rhythm: RhythmForm
    group: Entry | None = None
    groups: tuple[Entry, ...] | None = ()
    no_groups: str | None = None
    seen: int | None = None
    """The newest change of the team as the form shows it."""


@dataclass(frozen=True)
class CycleLine:
    """One cycle. `days` is how many days it has to go (current), until it begins (coming), since it ended (past).

    `is_default`: new objectives are set for it unless somebody chooses another.
    """

    id: int
    name: str
    starts_on: date
    ends_on: date
    days: int
    is_default: bool = False
    drafts_from: date | None = None


@dataclass(frozen=True)
class CyclesShown:
    """`/okr cycle`: current, coming and past ones (the newest first), and the names of those in the archive.

    `more`: how many run or come that are not shown; `more_past`: how many are over.
    """

    person: Person
    current: tuple[CycleLine, ...]
    coming: tuple[CycleLine, ...]
    past: tuple[CycleLine, ...]
    more_past: int
    archived: tuple[str, ...]
    may_change: bool
    more: int = 0


@dataclass(frozen=True)
class CycleShown:
    """One cycle, with how many objectives and key results it has. `said` tells what was just done."""

    person: Person
    line: CycleLine
    phase: str
    objectives: int
    key_results: int
    archived: bool
    may_change: bool
    said: str | None = None


@dataclass(frozen=True)
class CycleForm:
    """The **New cycle** and **Edit cycle** modal. `cycle` is None for a new one; `form` counts the forms in one window.

    `today` is the reader's day.
    """

    person: Person
    nonce: str
    form: int
    cycle: int | None
    name: str
    starts_on: date | None
    ends_on: date | None
    drafts_from: date | None
    seen: int | None = None
    """The newest change of the cycle as the form shows it."""
