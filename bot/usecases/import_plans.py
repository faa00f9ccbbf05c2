"""What a file of an import asks for, typed: the plan, and the problems that keep it from being carried out.

A field that the file leaves out is None (or empty) and is left as it is in the database. Every entry and every
reference knows its line in the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from bot.okr.errors import OkrError
from bot.okr.kinds import Milestone, Terms

MOST_PROBLEMS = 1_000
"""How many problems are listed before a long file is given up."""
MOST_TO_SUGGEST_FROM = 1_000


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with a file, where, and why. `file` is empty where only one file is read."""

    line: int
    reason: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}{', ' if self.file else ''}line {self.line}: {self.reason}"


class ImportProblems(OkrError):
    """A file cannot be imported; nothing was kept.

    `problems` has every problem with its file, in its order, and no more than MOST_PROBLEMS of them (`more` says
    whether there are); `lines` has them as `line N: reason`.
    """

    default_help_topic = "operator"

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        found = sorted(set(problems), key=lambda each: (each.file, each.line, each.reason))
        self.more = len(found) > MOST_PROBLEMS
        del found[MOST_PROBLEMS:]
        self.lines = tuple(str(problem) for problem in found)
        self.problems = tuple(replace(problem, file=problem.file or name) for problem in found)
        many = "1 problem" if len(self.lines) == 1 else f"{len(self.lines):,} problems"
        first = " These are the first ones." if self.more else ""
        super().__init__(f"{'More than ' if self.more else ''}{many} in {name}, so nothing was imported.{first}")


@dataclass(frozen=True)
class Reference:
    """Something named elsewhere by its key; a person also by Slack id or e-mail address."""

    line: int
    key: str


@dataclass(frozen=True)
class WorkspaceEntry:
    """Which workspace is meant; made where the database has none of that Slack id (`T…`)."""

    line: int
    slack_id: str | None = None
    name: str | None = None
    fiscal_start_month: int | None = None
    approval_needed: bool | None = None
    individual_objectives: bool | None = None
    next_objective: int | None = None
    next_key_result: int | None = None


@dataclass(frozen=True)
class RoleEntry:
    """A workspace-wide role; `since` is the import's own instant where the file does not say."""

    role: str
    since: datetime | None = None


@dataclass(frozen=True)
class PersonEntry:
    """A member, found by Slack id, else by e-mail address, else by key. Roles are added, never taken away."""

    line: int
    key: str | None = None
    slack_id: str | None = None
    name: str | None = None
    email: str | None = None
    zone: str | None = None
    locale: str | None = None
    admin: bool | None = None
    guest: bool | None = None
    bot: bool | None = None
    deactivated_at: datetime | None = None
    prompt_hour: str | None = None
    prompt_days: str | None = None
    profile: str | None = None
    country: str | None = None
    region: str | None = None
    roles: tuple[RoleEntry, ...] = ()


@dataclass(frozen=True)
class TeamEntry:
    """A node of the tree of teams; `channel` is a Slack id (`C…`). Members and observers are only ever added."""

    line: int
    key: str = ""
    name: str | None = None
    level: str | None = None
    parent: Reference | None = None
    lead: Reference | None = None
    channel: str | None = None
    members: tuple[Reference, ...] = ()
    members_from: str | None = None
    members_source: str | None = None
    observers: tuple[Reference, ...] = ()
    archived_at: datetime | None = None
    rhythm: str | None = None


@dataclass(frozen=True)
class CycleEntry:
    """A cycle from its first to its last day, both included."""

    line: int
    key: str = ""
    name: str | None = None
    start: date | None = None
    end: date | None = None
    drafts_from: date | None = None
    archived_at: datetime | None = None


@dataclass(frozen=True)
class CheckInEntry:
    """One answer about a key result, given at an instant; `by` is its owner unless the file says otherwise."""

    line: int
    at: datetime
    value: Decimal
    confidence: int | None = None
    note: str | None = None
    by: Reference | None = None
    learned: str | None = None
    needs: str | None = None


@dataclass(frozen=True)
class MilestoneEntry:
    """One step of a milestones key result. `share` is its weight among all steps."""

    line: int
    name: str
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class KeyResultEntry:
    """A key result with its check-ins, in the file's order. `number` is that of KR-34; contributors are only added."""

    line: int
    key: str = ""
    number: int | None = None
    title: str | None = None
    kind: str | None = None
    start: Decimal | None = None
    target: Decimal | None = None
    commit: Decimal | None = None
    stretch: Decimal | None = None
    unit: str | None = None
    milestones: tuple[MilestoneEntry, ...] = ()
    weight: Decimal | None = None
    owner: Reference | None = None
    delegate: Reference | None = None
    contributors: tuple[Reference, ...] = ()
    created_at: datetime | None = None
    dropped_at: datetime | None = None
    drop_kind: str | None = None
    drop_reason: str | None = None
    check_ins: tuple[CheckInEntry, ...] = ()

    @property
    def terms(self) -> Terms:
        """What the file itself says of the agreement."""
        steps = tuple(Milestone(each.name, each.share) for each in self.milestones)
        return Terms(self.start, self.target, self.unit, self.commit, self.stretch, steps)


@dataclass(frozen=True)
class ObjectiveEntry:
    """An objective of a team in a cycle, with its key results. `number` is that of O-12."""

    line: int
    key: str = ""
    number: int | None = None
    title: str | None = None
    why: str | None = None
    team: Reference | None = None
    cycle: Reference | None = None
    supports: Reference | None = None
    owner: Reference | None = None
    private: bool | None = None
    draft: bool | None = None
    created_by: Reference | None = None
    created_at: datetime | None = None
    published_at: datetime | None = None
    approval_asked_at: datetime | None = None
    dropped_at: datetime | None = None
    drop_kind: str | None = None
    drop_reason: str | None = None
    key_results: tuple[KeyResultEntry, ...] = ()


@dataclass(frozen=True)
class ImportPlan:
    """Everything one file asks for; `name` is the file's, for sentences about it."""

    name: str
    workspace: WorkspaceEntry | None = None
    people: tuple[PersonEntry, ...] = ()
    teams: tuple[TeamEntry, ...] = ()
    cycles: tuple[CycleEntry, ...] = ()
    objectives: tuple[ObjectiveEntry, ...] = ()


def suggestion(written: str, known: Iterable[str]) -> str:
    """` (did you mean growth?)` for the nearest known word, or nothing."""
    offered = sorted(set(known))
    nearest = get_close_matches(written, offered, n=1) if len(offered) <= MOST_TO_SUGGEST_FROM else []
    return f" (did you mean {nearest[0]}?)" if nearest else ""
