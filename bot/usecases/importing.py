"""An import under way: what is known of the workspace by key, what it writes, what is wrong."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from bot.okr.kinds import Milestone
from bot.store import imports
from bot.store.session import Session
from bot.store.tables import Change, Cycle, KeyResult, Member, Objective, Team, Workspace
from bot.usecases.import_plans import MOST_PROBLEMS, Problem, Reference, suggestion

Keyed = Member | Team | Cycle | Objective | KeyResult
Row = TypeVar("Row", bound=Keyed)
Named = TypeVar("Named", Team, Cycle)


@dataclass
class Counts:
    """How many entries of a section were made, changed, or were there as they are."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, *, new: bool, changed: bool) -> None:
        """One more entry."""
        self.made += new
        self.changed += changed and not new
        self.unchanged += not (new or changed)


@dataclass
class Touched:
    """A row that an entry is about, with what the entry changes in it."""

    section: str
    row: Keyed
    new: bool
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """An entry that was there and is told otherwise: its section, its key, and each field before and after."""

    section: str
    key: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass
class Importing:
    """One import of one workspace.

    In the mappings a key leads to None where its entry could not be kept; what refers to it is then left out without
    another problem.
    """

    session: Session
    workspace: Workspace
    now: datetime
    problems: list[Problem] = field(default_factory=list)
    people: dict[str, Member | None] = field(default_factory=dict)
    teams: dict[str, Team | None] = field(default_factory=dict)
    cycles: dict[str, Cycle | None] = field(default_factory=dict)
    objectives: dict[str, Objective | None] = field(default_factory=dict)
    key_results: dict[str, KeyResult | None] = field(default_factory=dict)
    milestones: dict[int, tuple[Milestone, ...]] = field(default_factory=dict)
    check_ins: Counts = field(default_factory=Counts)
    touched: dict[int, Touched] = field(default_factory=dict)
    numbered: dict[str, KeyResult] = field(default_factory=dict)
    file: str = ""

    def refuse(self, line: int, reason: str) -> None:
        """Note a problem; nothing will be kept."""
        self.problems.append(Problem(line, reason, self.file))

    def is_refused(self, known: Mapping[str, Any], key: str) -> bool:
        """Whether a key is that of an entry with a problem: what names it needs no problem of its own."""
        return key in known and known[key] is None

    def key_result(self, key: str) -> KeyResult | None:
        """What a table's row means: by key, else by human id (`KR-34`)."""
        return self.key_results.get(key) or self.numbered.get(key.upper())

    def known_person(self, key: str) -> Member | None:
        """Whom a table's row means: by key, by Slack id, or by e-mail address whatever its case."""
        return self.people.get(key) or self.people.get(key.casefold())

    def person(self, reference: Reference | None) -> Member | None:
        """Whom a reference means: by key, by Slack id, or by e-mail address whatever its case."""
        if reference is not None and reference.key not in self.people and reference.key.casefold() in self.people:
            return self.people[reference.key.casefold()]
        return self.named(self.people, reference, "person")

    def named(self, known: Mapping[str, Row | None], reference: Reference | None, what: str) -> Row | None:
        """What a reference means; None where there is none. An unknown one is a problem."""
        if reference is None:
            return None
        if reference.key not in known:
            hint = suggestion(reference.key, known) if len(self.problems) < MOST_PROBLEMS else ""
            self.refuse(reference.line, f"no {what} is called “{reference.key}”{hint}")
        return known.get(reference.key)

    def has_all(self, line: int, what: str, **given: object) -> bool:
        """Whether a new entry has what it needs; what is missing is a problem."""
        missing = [name for name, value in given.items() if value is None]
        if missing:
            self.refuse(line, f"{what} is new and needs {' and '.join(f'{name}: …' for name in missing)}")
        return not missing

    def write(self, section: str, row: Keyed, values: Mapping[str, Any], *, new: bool = False) -> None:
        """Write the given fields (None is not given) into the row an entry of `section` is about."""
        touched = self.touched.setdefault(id(row), Touched(section, row, new))
        for name, value in values.items():
            before = getattr(row, name)
            if value is not None and before != value:
                setattr(row, name, value)
                touched.before[name], touched.after[name] = before, value

    def write_exactly(self, section: str, row: Keyed, values: Mapping[str, Any]) -> None:
        """The same, where None is a value too: nothing is to stand there."""
        touched = self.touched.setdefault(id(row), Touched(section, row, new=False))
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                setattr(row, name, value)
                touched.before.setdefault(name, before)
                touched.after[name] = value

    def is_moved(self, row: Keyed) -> bool:
        """Whether an entry makes its row, or gives it another name or another place."""
        touched = self.touched[id(row)]
        return touched.new or not touched.after.keys().isdisjoint({"name", "parent_id", "archived_at"})

    def changed_in(self, row: Keyed) -> Collection[str]:
        """The fields that an entry changes in a row that was there."""
        touched = self.touched[id(row)]
        return () if touched.new else touched.after.keys()

    def write_added(self, row: Keyed, what: str, added: Iterable[Any]) -> None:
        """Note what an entry adds to its row elsewhere (roles, members)."""
        listed = list(added)
        if listed:
            self.touched[id(row)].after[what] = listed

    def counts(self) -> dict[str, Counts]:
        """What was done, per section."""
        sections = {name: Counts() for name in ("people", "teams", "cycles", "objectives", "key results")}
        for touched in self.touched.values():
            sections[touched.section].count(new=touched.new, changed=bool(touched.after))
        return {**sections, "check-ins": self.check_ins}

    def changes(self, most: int) -> tuple[Changed, ...]:
        """The first entries that change what was there, in the order of the file."""
        changed = (each for each in self.touched.values() if each.after and not each.new)
        return tuple(
            Changed(each.section, each.row.external_key or "", _as_json(each.before), _as_json(each.after))
            for each in islice(changed, most)
        )

    def note_changes(self) -> None:
        """Write the change log; every row has its id by now."""
        rows = [
            Change(
                workspace_id=self.workspace.id,
                at=self.now,
                entity=touched.row.__tablename__,
                entity_id=touched.row.id,
                action="made by import" if touched.new else "changed by import",
                before=None if touched.new else _as_json(touched.before),
                after=_as_json(touched.after),
            )
            for touched in self.touched.values()
            if touched.new or touched.after
        ]
        imports.insert_all(self.session, rows)


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return format(value, "f")
        return value.isoformat() if isinstance(value, date | datetime) else value

    return {name: plain(value) for name, value in values.items()}


def refuse_loops(
    importing: Importing, placed: Iterable[tuple[int, int]], above: Mapping[int, int | None], reason: str
) -> None:
    """Refuse entries, given as (line, row id), that would stand above themselves. `above`: row id -> row id."""
    for line, start in placed:
        seen: set[int] = set()
        at = above.get(start)
        while at is not None and at not in seen and at != start:
            seen.add(at)
            at = above.get(at)
        if at == start:
            importing.refuse(line, reason)


def refuse_same_names(
    importing: Importing,
    kept: Sequence[tuple[int, Named]],
    every: Iterable[Named],
    place: Callable[[Named], Hashable],
    what: str,
) -> None:
    """Refuse entries, given as (line, row), whose name something else has that is not in the archive.

    place: within what a name is given once, with the name.
    """
    of_file = {id(row) for _, row in kept}
    taken = {place(row): row for row in every if row.archived_at is None and id(row) not in of_file}
    for line, row in kept:
        if row.archived_at is None and taken.setdefault(place(row), row) is not row and importing.is_moved(row):
            importing.refuse(line, f"there is a {what} called “{row.name}” already; choose another name")
