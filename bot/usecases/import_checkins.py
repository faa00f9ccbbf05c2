"""The check-ins of an import: one submission for everything one person said at one instant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.okr.zones import utc
from bot.store import imports
from bot.store.tables import CheckIn, Cycle, KeyResult, Member, Submission
from bot.usecases.import_checks import key_results, outside
from bot.usecases.import_plans import CheckInEntry, CycleEntry, ImportPlan, ObjectiveEntry
from bot.usecases.import_scalars import fits, submission_key
from bot.usecases.importing import Importing


@dataclass
class _History:
    """The check-ins the database has of one key result, by submission: every version, oldest first."""

    versions: dict[int, list[CheckIn]] = field(default_factory=dict)

    def in_force(self) -> Iterator[CheckIn]:
        """The newest version of each check-in that was not taken back."""
        for versions in self.versions.values():
            if not versions[-1].withdrawn:
                yield versions[-1]


@dataclass(frozen=True)
class _Said:
    """A check-in of the file with who said it and in which submission."""

    entry: CheckInEntry
    key_result: KeyResult
    author: Member
    submission: Submission


def import_check_ins(importing: Importing, plan: ImportPlan) -> None:
    """Keep what the file says and the database does not; a check-in that differs becomes the next version."""
    if not any(each.check_ins for _, each in key_results(plan)):
        return
    histories: dict[int, _History] = {}
    for row in imports.check_ins_of_keyed(importing.session, importing.workspace.id):
        history = histories.setdefault(row.key_result_id, _History())
        history.versions.setdefault(row.submission_id, []).append(row)
    known = imports.keyed_submissions(importing.session, importing.workspace.id)
    submissions = {each.external_key or "": each for each in known}
    said: dict[int, list[_Said]] = {}
    new: list[Submission] = []
    learnings: dict[int, _Words] = {}
    for entry, key_result, author in _spoken(importing, plan):
        key = submission_key(author.slack_id, entry.at)
        submission = submissions.get(key)
        if submission is None:
            submission = submissions[key] = _submission(importing, author, entry.at, key)
            new.append(submission)
        of_this = said.setdefault(key_result.id, [])
        if any(each.submission is submission for each in of_this):
            importing.refuse(entry.line, f"{author.name} checks in on this key result twice at the same instant")
            continue
        learnings.setdefault(id(submission), _Words(submission)).add(entry)
        of_this.append(_Said(entry, key_result, author, submission))
    for spoken_words in learnings.values():
        spoken_words.write()
    imports.keep_all(importing.session, new, Submission.external_key)
    rows = [row for id_, each in said.items() for row in _rows(importing, each, histories.get(id_, _History()))]
    imports.insert_all(importing.session, rows)


@dataclass
class _Words:
    """What was learned and needed, told once however many check-ins of the submission repeat it."""

    submission: Submission
    learned: dict[str, None] = field(default_factory=dict)
    needs: dict[str, None] = field(default_factory=dict)

    def add(self, entry: CheckInEntry) -> None:
        """Take over what one check-in says."""
        self.learned.update({entry.learned: None} if entry.learned else {})
        self.needs.update({entry.needs: None} if entry.needs else {})

    def write(self) -> None:
        """Into the submission, where it differs."""
        if self.learned:
            self.submission.learned = "\n".join(self.learned)
        if self.needs:
            self.submission.needs = "\n".join(self.needs)


def _spoken(importing: Importing, plan: ImportPlan) -> Iterator[tuple[CheckInEntry, KeyResult, Member]]:
    """Every check-in that can be kept, with its key result and who said it."""
    people = {member.id: member for member in importing.people.values() if member is not None}
    cycles = {cycle.id: cycle for cycle in importing.cycles.values() if cycle is not None}
    for objective_entry, key_result_entry in key_results(plan):
        key_result = importing.key_results.get(key_result_entry.key)
        cycle = _cycle_of(importing, objective_entry, cycles)
        for entry in key_result_entry.check_ins:
            author = importing.person(entry.by)
            if key_result is None:
                continue
            if entry.by is None:
                author = people.get(key_result.owner_id or 0)
                if author is None and key_result_entry.owner is None:
                    importing.refuse(entry.line, "nobody owns this key result, so this check-in needs by: …")
            if entry.at > importing.now:
                importing.refuse(entry.line, f"this check-in of {entry.at.isoformat()} lies in the future")
            for problem in outside(entry, cycle):
                importing.refuse(problem.line, problem.reason)
            if not fits(key_result, entry.value, importing.milestones.get(key_result.id, ())):
                importing.refuse(entry.line, f"value: {entry.value:f} is no value of this kind of key result")
            if author is not None:
                yield entry, key_result, author


def _cycle_of(importing: Importing, entry: ObjectiveEntry, cycles: dict[int, Cycle]) -> CycleEntry:
    """The cycle an objective's check-ins must lie in, as it is kept."""
    objective = importing.objectives.get(entry.key)
    cycle = cycles.get(objective.cycle_id) if objective else None
    return CycleEntry(entry.line, start=cycle.starts_on if cycle else None, end=cycle.ends_on if cycle else None)


def _submission(importing: Importing, author: Member, at: datetime, key: str) -> Submission:
    return Submission(
        workspace_id=importing.workspace.id,
        member_id=author.id,
        source="import",
        submitted_at=utc(at),
        external_key=key,
    )


def _rows(importing: Importing, said: list[_Said], history: _History) -> Iterator[CheckIn]:
    """The new rows of one key result, each with the value before it."""
    timeline = {row.submission_id: (row.as_of, row.value) for row in history.in_force()}
    timeline.update({each.submission.id: (utc(each.entry.at), each.entry.value) for each in said})
    in_order = sorted(timeline.values(), key=lambda each: each[0])
    for each in said:
        versions = history.versions.get(each.submission.id, [])
        same = any(_says(row, each.entry) for row in versions)
        importing.check_ins.count(new=not versions, changed=not same)
        if not same:
            yield _row(importing, each, versions, _before(each, in_order))


def _before(said: _Said, in_order: Iterable[tuple[datetime, Decimal | None]]) -> Decimal | None:
    value = said.key_result.start
    for as_of, then in in_order:
        if as_of >= utc(said.entry.at):
            break
        value = then
    return value


def _says(row: CheckIn, entry: CheckInEntry) -> bool:
    return not row.withdrawn and (row.value, row.confidence, row.note) == (entry.value, entry.confidence, entry.note)


def _row(importing: Importing, said: _Said, versions: list[CheckIn], before: Decimal | None) -> CheckIn:
    at = utc(said.entry.at)
    return CheckIn(
        workspace_id=importing.workspace.id,
        submission_id=said.submission.id,
        key_result_id=said.key_result.id,
        version=len(versions) + 1,
        as_of=at,
        recorded_at=importing.now if versions else at,
        author_id=said.author.id,
        value=said.entry.value,
        before=before,
        confidence=said.entry.confidence,
        note=said.entry.note,
        unchanged=said.entry.value == before,
        withdrawn=False,
    )
