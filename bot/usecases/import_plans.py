"""What a file of an import asks for, typed: the plan, and the problems that keep it from being carried out.

A field that the file leaves out is None (or empty) and is left as it is in the database. Every entry and every
reference knows its line in the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from bot.okr.errors import OkrError


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with a file, where, and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class ImportProblems(OkrError):
    """A file cannot be imported. `lines` has every problem as `line N: reason`; nothing was kept."""

    default_help_topic = "operator"

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.lines = tuple(str(problem) for problem in sorted(set(problems)))
        many = "1 problem" if len(self.lines) == 1 else f"{len(self.lines)} problems"
        super().__init__(f"{name} has {many}, so nothing was imported.")


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
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class TeamEntry:
    """A node of the tree of teams; `channel` is a Slack id (`C…`). Members are added, never taken away."""

    line: int
    key: str = ""
    name: str | None = None
    level: str | None = None
    parent: Reference | None = None
    lead: Reference | None = None
    channel: str | None = None
    members: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class CycleEntry:
    """A cycle from its first to its last day, both included."""

    line: int
    key: str = ""
    name: str | None = None
    start: date | None = None
    end: date | None = None


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
class KeyResultEntry:
    """A key result with its check-ins, in the file's order."""

    line: int
    key: str = ""
    title: str | None = None
    kind: str | None = None
    start: Decimal | None = None
    target: Decimal | None = None
    unit: str | None = None
    weight: Decimal | None = None
    owner: Reference | None = None
    check_ins: tuple[CheckInEntry, ...] = ()


@dataclass(frozen=True)
class ObjectiveEntry:
    """An objective of a team in a cycle, with its key results."""

    line: int
    key: str = ""
    title: str | None = None
    why: str | None = None
    team: Reference | None = None
    cycle: Reference | None = None
    supports: Reference | None = None
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
    nearest = get_close_matches(written, sorted(set(known)), n=1)
    return f" (did you mean {nearest[0]}?)" if nearest else ""
