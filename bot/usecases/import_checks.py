"""What must hold between the entries of one file, before any database is asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Protocol

from bot.okr.errors import StartEqualsTarget
from bot.okr.kinds import KINDS, METRIC, Terms
from bot.okr.kinds.milestones import MOST_MILESTONES
from bot.usecases.import_plans import (
    MOST_PROBLEMS,
    CheckInEntry,
    CycleEntry,
    ImportPlan,
    KeyResultEntry,
    ObjectiveEntry,
    Problem,
    Reference,
    suggestion,
)


class Keyed(Protocol):
    """An entry that is found again by its key."""

    @property
    def line(self) -> int: ...

    @property
    def key(self) -> str | None: ...


def check_plan(plan: ImportPlan, *, complete: bool = False) -> list[Problem]:
    """Everything that is wrong whatever the database holds.

    complete: list references to nothing in this file instead, in case they are slips too.
    """
    if complete:
        return list(islice(_unknown_references(plan), MOST_PROBLEMS))
    found: list[Problem] = []
    for check in CHECKS:
        found.extend(check(plan))
    return found


def key_results(plan: ImportPlan) -> Iterator[tuple[ObjectiveEntry, KeyResultEntry]]:
    """Every key result with its objective, in the file's order."""
    for objective in plan.objectives:
        for key_result in objective.key_results:
            yield objective, key_result


def _repeated(plan: ImportPlan) -> Iterator[Problem]:
    sections: tuple[tuple[str, Sequence[Keyed]], ...] = (
        ("person", plan.people),
        ("team", plan.teams),
        ("cycle", plan.cycles),
        ("objective", plan.objectives),
        ("key result", [each for _, each in key_results(plan)]),
    )
    for what, entries in sections:
        yield from _twice([(entry.key, entry.line) for entry in entries], f"the key of a {what}")
    yield from _twice([(entry.slack_id, entry.line) for entry in plan.people], "the Slack id of a person")
    emails = [(entry.email.casefold() if entry.email else None, entry.line) for entry in plan.people]
    yield from _twice(emails, "the e-mail address of a person")


def _twice(named: Iterable[tuple[str | None, int]], what: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for key, line in named:
        if key is None:
            continue
        if key in first:
            yield Problem(line, f"“{key}” is {what} in line {first[key]} already")
        first.setdefault(key, line)


def _repeated_check_ins(plan: ImportPlan) -> Iterator[Problem]:
    for _, key_result in key_results(plan):
        first: dict[object, int] = {}
        for entry in key_result.check_ins:
            by = entry.by or key_result.owner
            when = (entry.at, by.key if by else None)
            if when in first:
                yield Problem(entry.line, f"line {first[when]} holds a check-in of the same person and instant already")
            first.setdefault(when, entry.line)


def _cycles_run_forwards(plan: ImportPlan) -> Iterator[Problem]:
    for entry in plan.cycles:
        yield from backwards(entry)


def backwards(entry: CycleEntry) -> Iterator[Problem]:
    """A cycle that ends before it starts."""
    if entry.start and entry.end and entry.end < entry.start:
        yield Problem(entry.line, f"the cycle “{entry.key}” ends on {entry.end}, before it starts on {entry.start}")


def _distances(plan: ImportPlan) -> Iterator[Problem]:
    for _, entry in key_results(plan):
        kind = KINDS.get(entry.kind or METRIC.name)
        if kind is not None and kind.takes_numbers and entry.start is not None and entry.target is not None:
            try:
                kind.agreed(Terms(entry.start, entry.target))
            except StartEqualsTarget as error:
                yield Problem(entry.line, error.sentence)


def _milestones(plan: ImportPlan) -> Iterator[Problem]:
    for _, entry in key_results(plan):
        if len(entry.milestones) > MOST_MILESTONES:
            yield Problem(entry.line, f"these are {len(entry.milestones)} milestones; at most {MOST_MILESTONES} fit")
        yield from _twice([(step.name, step.line) for step in entry.milestones], "a milestone of this key result")


def _numbers(plan: ImportPlan) -> Iterator[Problem]:
    for what, entries in (("O", plan.objectives), ("KR", [each for _, each in key_results(plan)])):
        numbered = [(f"{what}-{each.number}" if each.number else None, each.line) for each in entries]
        yield from _twice(numbered, "the number given")


def _inside_cycles(plan: ImportPlan) -> Iterator[Problem]:
    cycles = {entry.key: entry for entry in plan.cycles}
    for objective, key_result in key_results(plan):
        cycle = cycles.get(objective.cycle.key) if objective.cycle else None
        if cycle is not None:
            yield from (each for entry in key_result.check_ins for each in outside(entry, cycle))


def outside(entry: CheckInEntry, cycle: CycleEntry) -> Iterator[Problem]:
    """A check-in dated outside its cycle; its day is the one written, in the offset it was written with."""
    return outside_cycle(entry.line, entry.at.date(), cycle.start, cycle.end)


def outside_cycle(line: int, day: date, start: date | None, end: date | None) -> Iterator[Problem]:
    """A day that lies outside its cycle, which runs from `start` to `end`."""
    if (start and day < start) or (end and day > end):
        yield Problem(line, f"this check-in of {day} lies outside its cycle, which runs from {start} to {end}")


def _trees(plan: ImportPlan) -> Iterator[Problem]:
    yield from loops({each.key: each.parent for each in plan.teams}, "the team", "its own parent")
    yield from loops({each.key: each.supports for each in plan.objectives}, "the objective", "supported by itself")


def loops(above: Mapping[str, Reference | None], what: str, becomes: str) -> Iterator[Problem]:
    """Every loop in "is below", told once, at the reference that stands last in the file."""
    settled: set[str] = set()
    for key in above:
        path: dict[str, Reference] = {}
        at = key
        while at not in settled and (reference := above.get(at)) is not None:
            if at in path:
                members = list(path)
                members = members[members.index(at) :]
                last = max((path[member] for member in members), key=lambda each: each.line)
                yield Problem(last.line, f"{what} “{at}” would be {becomes}: {' → '.join([*members, at])}")
                break
            path[at] = reference
            at = reference.key
        settled.update(path)
        settled.add(key)


def _unknown_references(plan: ImportPlan) -> Iterator[Problem]:
    teams, cycles = {each.key for each in plan.teams}, {each.key for each in plan.cycles}
    objectives = {each.key for each in plan.objectives}
    people = {name for each in plan.people for name in (each.key, each.slack_id, each.email) if name}
    for wanted, known, what in (
        ([each.parent for each in plan.teams] + [each.team for each in plan.objectives], teams, "team"),
        ([each.cycle for each in plan.objectives], cycles, "cycle"),
        ([each.supports for each in plan.objectives], objectives, "objective"),
        (_people_named(plan), people, "person"),
    ):
        for reference in wanted:
            if reference is not None and reference.key not in known:
                hint = suggestion(reference.key, known)
                yield Problem(reference.line, f"no {what} in this file is called “{reference.key}”{hint}")


def _people_named(plan: ImportPlan) -> list[Reference | None]:
    named = [each.lead for each in plan.teams]
    named += [person for each in plan.teams for person in (*each.members, *each.observers)]
    for objective in plan.objectives:
        named += [objective.owner, objective.created_by]
    for _, key_result in key_results(plan):
        named += [key_result.owner, key_result.delegate, *key_result.contributors]
        named.extend(entry.by for entry in key_result.check_ins)
    return named


CHECKS: tuple[Callable[[ImportPlan], Iterator[Problem]], ...] = (
    _repeated,
    _repeated_check_ins,
    _cycles_run_forwards,
    _distances,
    _milestones,
    _numbers,
    _inside_cycles,
    _trees,
)
