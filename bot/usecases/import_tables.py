"""The check-ins of a table: read, held against what is known, and kept, all of them or none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.okr.errors import OkrError
from bot.okr.kinds import KINDS, Milestone, Terms, kind_of
from bot.okr.zones import utc
from bot.store import imports
from bot.store import staged_check_ins as staged
from bot.store.tables import Cycle, KeyResult, Member
from bot.usecases.check_in_table import CheckInRow, CheckInTable, WrongTable
from bot.usecases.import_checks import outside_cycle
from bot.usecases.import_plans import MOST_PROBLEMS, Problem, suggestion
from bot.usecases.import_scalars import Typed, amount, check_in_value
from bot.usecases.importing import Importing

ROWS_AT_ONCE = 2_000

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is."""


def nothing_told(what: str, done: int, whole: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class TableOfCheckIns:
    """A CSV file of check-ins to import."""

    file: Path

    @property
    def name(self) -> str:
        """How sentences call it."""
        return self.file.name


@dataclass
class _Resolving:
    """What rows mean by their keys."""

    importing: Importing
    history: bool
    people: dict[int, Member]
    cycles: dict[int, Cycle]
    objectives: dict[int, int]
    values: dict[tuple[str, str | None], Decimal]


def import_table(importing: Importing, table: TableOfCheckIns, progress: Progress = nothing_told) -> None:
    """Keep what the table says and the database does not. What is wrong is noted in `importing`."""
    importing.file = table.name
    session, workspace_id = importing.session, importing.workspace.id
    session.flush()
    staged.open_stage(session)
    before = len(importing.problems)
    try:
        history = _stage(importing, table, progress)
    except WrongTable as wrong:
        importing.refuse(wrong.problem.line, wrong.problem.reason)
        return
    progress("checking", 0, 1)
    staged.settle(session)
    _refuse_clashes(importing, history)
    if len(importing.problems) == before:
        staged.keep_submissions(session, workspace_id)
        staged.compare(session, history=history)
        for line, key, version in staged.otherwise_known(session, MOST_PROBLEMS):
            importing.refuse(line, f"version {version} of “{key}” is in the database already and says something else")
        if not history:
            staged.find_before(session)
        progress("checking", 1, 1)
    if len(importing.problems) == before:
        for done, whole in staged.keep_check_ins(session, workspace_id, history=history):
            progress("writing", done, whole)
        staged.tell_again(session, history=history)
        counted = staged.counts(session)
        importing.check_ins.made += counted.get(staged.NEW, 0)
        importing.check_ins.changed += counted.get(staged.NEXT, 0)
        importing.check_ins.unchanged += counted.get(staged.SAME, 0)
    staged.close_stage(session)


def _stage(importing: Importing, table: TableOfCheckIns, progress: Progress) -> bool:
    """Read the whole table into the stage. Answers whether it has its history."""
    size = table.file.stat().st_size
    done = 0

    def read(bytes_: int) -> None:
        nonlocal done
        done += bytes_

    with table.file.open("rb") as file:
        rows = CheckInTable(file, read)
        resolving = _resolving(importing, rows.has_history)
        batch: list[dict[str, Any]] = []
        for each in rows:
            if isinstance(each, CheckInRow) and _is_about_a_refused(importing, each):
                continue
            found = each if isinstance(each, Problem) else _resolved(resolving, each)
            if isinstance(found, Problem):
                importing.refuse(found.line, found.reason)
                if len(importing.problems) > MOST_PROBLEMS:
                    break
                continue
            batch.append(found)
            if len(batch) >= ROWS_AT_ONCE:
                staged.fill(importing.session, batch)
                batch.clear()
                progress("reading", done, size)
        staged.fill(importing.session, batch)
        progress("reading", size, size)
        return rows.has_history


def _is_about_a_refused(importing: Importing, row: CheckInRow) -> bool:
    """Whether it names an entry that has a problem already."""
    key_result, person = row.key_result, row.by
    return (key_result is not None and importing.is_refused(importing.key_results, key_result)) or (
        person is not None and importing.is_refused(importing.people, person)
    )


def problems_of_table(table: TableOfCheckIns) -> list[Problem]:
    """What is wrong with a table whatever the database holds, for when nothing else can be looked at."""
    found: list[Problem] = []
    try:
        with table.file.open("rb") as file:
            for each in CheckInTable(file):
                if isinstance(each, Problem):
                    found.append(replace(each, file=table.name))
                if len(found) > MOST_PROBLEMS:
                    break
    except WrongTable as wrong:
        found.append(replace(wrong.problem, file=table.name))
    return found


def _resolving(importing: Importing, history: bool) -> _Resolving:
    people = {member.id: member for member in importing.people.values() if member is not None}
    session, workspace_id = importing.session, importing.workspace.id
    cycles = {cycle.id: cycle for cycle in imports.all_cycles(session, workspace_id)}
    return _Resolving(importing, history, people, cycles, imports.cycles_of_objectives(session, workspace_id), {})


def _resolved(resolving: _Resolving, row: CheckInRow) -> dict[str, Any] | Problem:
    """The row as it is staged, or what is wrong with it."""
    importing = resolving.importing
    key_result = None
    if row.key_result is not None:
        key_result = importing.key_result(row.key_result)
        if key_result is None:
            return Problem(
                row.line,
                f"no key result is called “{row.key_result}”{suggestion(row.key_result, importing.key_results)}",
            )
    author = _author(resolving, row, key_result)
    if isinstance(author, Problem):
        return author
    value: Decimal | None = None
    if key_result is not None:
        try:
            value = _value(resolving, row, key_result)
        except OkrError as error:
            return Problem(row.line, f"value: {error.sentence}")
        if not resolving.history and row.at is not None:
            wrong = _when(resolving, row.line, row.at, key_result)
            if wrong is not None:
                return wrong
    at = utc(row.at) if row.at is not None else None
    return {
        "line": row.line,
        "key": row.key,
        "author_id": author.id,
        "key_result_id": key_result.id if key_result is not None else None,
        "as_of": at,
        "value": value,
        "confidence": row.confidence,
        "note": row.note,
        "learned": row.learned,
        "needs": row.needs,
        "version": row.version,
        "recorded_at": utc(row.recorded_at) if row.recorded_at else at,
        "before": row.before,
        "unchanged": row.unchanged,
        "withdrawn": row.withdrawn,
        "back_dated": row.back_dated,
        "sent_at": utc(row.sent_at) if row.sent_at else at,
        "undone_at": utc(row.undone_at) if row.undone_at else None,
        "source": row.source or "import",
    }


def _author(resolving: _Resolving, row: CheckInRow, key_result: KeyResult | None) -> Member | Problem:
    importing = resolving.importing
    if row.by is not None:
        found = importing.known_person(row.by)
        return found or Problem(row.line, f"no person is called “{row.by}”{suggestion(row.by, importing.people)}")
    owner = resolving.people.get(key_result.owner_id or 0) if key_result is not None else None
    return owner or Problem(row.line, "nobody owns this key result, so this check-in needs by")


def _value(resolving: _Resolving, row: CheckInRow, key_result: KeyResult) -> Decimal | None:
    """The value; a number of an export is history and kept even where the key result has changed since."""
    if row.value is None:
        return None
    written = Typed(row.line, row.value.strip(), bare=True)
    takes_numbers = resolving.history or KINDS[key_result.kind].takes_numbers
    if not takes_numbers:
        return value_of(written, key_result, resolving.importing.milestones.get(key_result.id, ()))
    unit = None if resolving.history else key_result.unit
    known = resolving.values.get((written.text, unit))
    if known is None:
        known = amount(written, unit)
        if len(resolving.values) < ROWS_AT_ONCE:
            resolving.values[written.text, unit] = known
    return known


def value_of(written: Typed, key_result: KeyResult, steps: Iterable[Milestone]) -> Decimal:
    """What a check-in says of this key result. Raises OkrError."""
    terms = Terms(key_result.start, key_result.target, key_result.unit, milestones=tuple(steps))
    return check_in_value(written, kind_of(key_result.kind), terms)


def _when(resolving: _Resolving, line: int, at: datetime, key_result: KeyResult) -> Problem | None:
    if at > resolving.importing.now:
        return Problem(line, f"this check-in of {at.isoformat()} lies in the future")
    cycle = resolving.cycles.get(resolving.objectives.get(key_result.objective_id, 0))
    if cycle is None:
        return None
    return next(outside_cycle(line, at.date(), cycle.starts_on, cycle.ends_on), None)


def _refuse_clashes(importing: Importing, history: bool) -> None:
    session = importing.session
    for clash in staged.repeated(session, MOST_PROBLEMS):
        importing.refuse(clash.line, f"line {clash.other} has the key “{clash.key}” for the same key result already")
    for column, what in (("learned", "was learned"), ("needs", "is needed")):
        for clash in staged.at_odds(session, column, MOST_PROBLEMS):
            reason = f"what {what} differs from line {clash.other}, which has the same key “{clash.key}”"
            importing.refuse(clash.line, reason)
    if history:
        return
    for clash in staged.at_odds(session, "author_id", MOST_PROBLEMS):
        importing.refuse(clash.line, f"line {clash.other} has the key “{clash.key}” and is somebody else's")
    names = {member.id: member.name for member in importing.people.values() if member is not None}
    for line, key, member_id in staged.somebody_elses(session, importing.workspace.id, MOST_PROBLEMS):
        importing.refuse(line, f"the key “{key}” is that of a check-in of {names.get(member_id, 'somebody else')}")
