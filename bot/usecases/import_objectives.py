"""The cycles, objectives and key results of an import."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from bot.okr.errors import OkrError
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.kinds import KINDS, METRIC, Milestone, Terms, kind_of
from bot.okr.rollup import DEFAULT_WEIGHT
from bot.okr.zones import UTC_ZONE, instant_of
from bot.store import imports
from bot.store.tables import Contributor, Cycle, KeyResult, Objective
from bot.usecases.import_checks import key_results
from bot.usecases.import_plans import ImportPlan, KeyResultEntry, ObjectiveEntry
from bot.usecases.importing import Importing, Row, refuse_loops, refuse_same_names


def import_cycles(importing: Importing, plan: ImportPlan) -> None:
    """Make or change cycles; a cycle made in Slack is taken over by the entry of its name."""
    cycles = imports.all_cycles(importing.session, importing.workspace.id)
    importing.cycles.update({cycle.external_key: cycle for cycle in cycles if cycle.external_key})
    without_key = {cycle.name.casefold(): cycle for cycle in cycles if not cycle.external_key}
    new: list[Cycle] = []
    kept: list[tuple[int, Cycle]] = []
    for entry in plan.cycles:
        cycle = importing.cycles.get(entry.key) or without_key.pop((entry.name or "").casefold(), None)
        is_new = cycle is None
        if cycle is None:
            importing.cycles[entry.key] = None
            what = f"the cycle “{entry.key}”"
            if not importing.has_all(entry.line, what, name=entry.name, start=entry.start, end=entry.end):
                continue
            cycle = Cycle(workspace_id=importing.workspace.id)
            new.append(cycle)
        importing.cycles[entry.key] = cycle
        values = {"name": entry.name, "starts_on": entry.start, "ends_on": entry.end, "drafts_from": entry.drafts_from}
        values |= {"archived_at": entry.archived_at, "external_key": entry.key}
        importing.write("cycles", cycle, values, new=is_new)
        if cycle.ends_on < cycle.starts_on:
            importing.refuse(entry.line, f"the cycle would end on {cycle.ends_on}, before it starts")
        kept.append((entry.line, cycle))
    refuse_same_names(importing, kept, cycles, lambda each: each.name.casefold(), "cycle")
    imports.keep_all(importing.session, new, Cycle.external_key)


def import_objectives(importing: Importing, plan: ImportPlan) -> None:
    """Make or change objectives, numbered in the file's order, and what they support."""
    known = imports.all_objectives(importing.session, importing.workspace.id)
    numbered = {objective_id(each.number): each for each in known}
    importing.objectives.update({each.external_key: each for each in known if each.external_key})
    new: list[Objective] = []
    kept: list[tuple[ObjectiveEntry, Objective]] = []
    for entry in plan.objectives:
        objective = importing.objectives.get(entry.key) or _without_key(numbered.get(entry.key))
        is_new = objective is None
        team = importing.named(importing.teams, entry.team, "team")
        cycle = importing.named(importing.cycles, entry.cycle, "cycle")
        if objective is None:
            importing.objectives[entry.key] = None
            what = f"the objective “{entry.key}”"
            if not importing.has_all(entry.line, what, title=entry.title, team=entry.team, cycle=entry.cycle):
                continue
            if team is None or cycle is None:
                continue
            objective = _new_objective(importing, entry, cycle)
            new.append(objective)
        importing.objectives[entry.key] = objective
        places = {"team_id": team and team.id, "cycle_id": cycle and cycle.id}
        importing.write("objectives", objective, {**_objective_values(importing, entry), **places}, new=is_new)
        if entry.draft and objective.published_at is not None:
            importing.write_exactly("objectives", objective, {"published_at": None})
        kept.append((entry, objective))
    _number(importing, Objective, new, kept)
    imports.keep_all(importing.session, new, Objective.external_key)
    for entry, objective in kept:
        supported = importing.named(importing.objectives, entry.supports, "objective")
        importing.write("objectives", objective, {"parent_id": supported and supported.id})
    above = {each.id: each.parent_id for each in [*known, *new]}
    placed = [(entry.supports.line, objective.id) for entry, objective in kept if entry.supports]
    refuse_loops(importing, placed, above, "this would make the objective support itself")


def _without_key(row: Row | None) -> Row | None:
    """A row that a key means by its human id, because it has none of its own yet."""
    return row if row is not None and row.external_key is None else None


def _new_objective(importing: Importing, entry: ObjectiveEntry, cycle: Cycle) -> Objective:
    made_at = entry.created_at or _made_at(cycle, importing.now)
    return Objective(
        workspace_id=importing.workspace.id,
        created_at=made_at,
        published_at=None if entry.draft else entry.published_at or made_at,
        private=False,
    )


def _objective_values(importing: Importing, entry: ObjectiveEntry) -> dict[str, Any]:
    owner, made_by = importing.person(entry.owner), importing.person(entry.created_by)
    return {
        "title": entry.title,
        "why": entry.why,
        "owner_id": owner and owner.id,
        "private": entry.private,
        "created_by": made_by and made_by.id,
        "created_at": entry.created_at,
        "published_at": None if entry.draft else entry.published_at,
        "approval_asked_at": entry.approval_asked_at,
        **_dropped(entry),
        "external_key": entry.key,
    }


def _dropped(entry: ObjectiveEntry | KeyResultEntry) -> dict[str, Any]:
    return {"dropped_at": entry.dropped_at, "drop_kind": entry.drop_kind, "drop_reason": entry.drop_reason}


def _made_at(cycle: Cycle, now: datetime) -> datetime:
    """With the beginning of its cycle, so that a cycle under way is asked about in its next round."""
    return min(instant_of(cycle.starts_on, time(0), UTC_ZONE), now)


def _number(
    importing: Importing,
    kind: type[Objective] | type[KeyResult],
    new: list[Any],
    kept: Sequence[tuple[ObjectiveEntry | KeyResultEntry, Any]],
) -> None:
    """Human ids: those the file gives, else the next ones in its order. None is given twice or changed."""
    session, workspace_id = importing.session, importing.workspace.id
    asked = [(entry, row) for entry, row in kept if entry.number is not None]
    if asked:
        made = {id(row) for row in new}
        taken = imports.numbers_taken(session, workspace_id, kind)
        prefix = "O" if kind is Objective else "KR"
        for entry, row in asked:
            if id(row) not in made and row.number != entry.number:
                importing.refuse(
                    entry.line, f"this is {prefix}-{row.number} and stays so; {prefix}-{entry.number} is not"
                )
            elif id(row) in made and entry.number in taken:
                importing.refuse(entry.line, f"{prefix}-{entry.number} exists already, under another key")
            elif id(row) in made:
                row.number = entry.number
        imports.count_on(session, workspace_id, kind, at_least=max(entry.number or 0 for entry, _ in asked) + 1)
    unnumbered = [row for row in new if row.number is None]
    if unnumbered:
        first = imports.take_numbers(session, workspace_id, kind, len(unnumbered))
        for number, row in enumerate(unnumbered, first):
            row.number = number


def import_key_results(importing: Importing, plan: ImportPlan) -> None:
    """Make or change key results, numbered in the file's order."""
    known = imports.all_key_results(importing.session, importing.workspace.id)
    importing.numbered.update({key_result_id(each.number): each for each in known})
    importing.key_results.update({each.external_key: each for each in known if each.external_key})
    steps = imports.all_milestones(importing.session, importing.workspace.id)
    importing.milestones.update({each.id: steps.get(each.id, ()) for each in known})
    cycles = {cycle.id: cycle for cycle in importing.cycles.values() if cycle is not None}
    new: list[KeyResult] = []
    kept: list[tuple[KeyResultEntry, KeyResult]] = []
    for objective_entry, entry in key_results(plan):
        objective = importing.objectives.get(objective_entry.key)
        key_result = importing.key_results.get(entry.key) or _without_key(importing.numbered.get(entry.key))
        is_new = key_result is None
        if key_result is None:
            importing.key_results[entry.key] = None
            if not importing.has_all(entry.line, f"the key result “{entry.key}”", **_needed(entry)):
                continue
            if objective is None:
                continue
            key_result = _new_key_result(importing, objective, cycles)
            new.append(key_result)
        importing.key_results[entry.key] = key_result
        importing.write("key results", key_result, _values(importing, entry), new=is_new)
        importing.write("key results", key_result, {"objective_id": objective and objective.id})
        kept.append((entry, key_result))
    _agree(importing, kept)
    _number(importing, KeyResult, new, kept)
    imports.keep_all(importing.session, new, KeyResult.external_key)
    importing.numbered.update({key_result_id(each.number): each for each in new})
    _keep_milestones(importing, kept)
    _add_contributors(importing, kept)


def _needed(entry: KeyResultEntry) -> dict[str, object]:
    """What a new key result of this kind can't do without."""
    needed = KINDS[entry.kind or METRIC.name].needed
    numbers = {name: getattr(entry, name) for name in ("start", "target") if name in needed}
    steps = {"milestones": entry.milestones or None} if "milestones" in needed else {}
    needed_here: dict[str, object] = {"title": entry.title}
    return needed_here | numbers | steps


def _new_key_result(importing: Importing, objective: Objective, cycles: Mapping[int, Cycle]) -> KeyResult:
    cycle = cycles.get(objective.cycle_id)
    return KeyResult(
        workspace_id=importing.workspace.id,
        kind=METRIC.name,
        weight=DEFAULT_WEIGHT,
        created_at=_made_at(cycle, importing.now) if cycle else min(objective.created_at, importing.now),
    )


def _values(importing: Importing, entry: KeyResultEntry) -> dict[str, Any]:
    owner, delegate = importing.person(entry.owner), importing.person(entry.delegate)
    return {
        "title": entry.title,
        "kind": entry.kind,
        "start": entry.start,
        "target": entry.target,
        "commit_level": entry.commit,
        "stretch_level": entry.stretch,
        "unit": entry.unit,
        "weight": entry.weight,
        "owner_id": owner and owner.id,
        "delegate_id": delegate and delegate.id,
        "created_at": entry.created_at,
        **_dropped(entry),
        "external_key": entry.key,
    }


def _agree(importing: Importing, kept: Iterable[tuple[KeyResultEntry, KeyResult]]) -> None:
    """Each kind checks what was agreed, and fills in what it decides itself; part of it may be the database's."""
    for entry, row in kept:
        kind = kind_of(row.kind)
        steps = entry.terms.milestones or importing.milestones.get(row.id or 0, ())
        terms = Terms(row.start, row.target, row.unit, row.commit_level, row.stretch_level, steps)
        try:
            terms = kind.agreed(terms)
        except OkrError as error:
            importing.refuse(entry.line, error.sentence)
            continue
        agreed = {"start": terms.start, "target": terms.target, "unit": terms.unit}
        levels = {"commit_level": terms.commit, "stretch_level": terms.stretch}
        importing.write_exactly("key results", row, {**agreed, **levels})


def _keep_milestones(importing: Importing, kept: Iterable[tuple[KeyResultEntry, KeyResult]]) -> None:
    changed: dict[int, tuple[Milestone, ...]] = {}
    for entry, row in kept:
        steps = entry.terms.milestones
        if steps and steps != importing.milestones.get(row.id):
            changed[row.id] = importing.milestones[row.id] = steps
            importing.write_added(row, "milestones", [f"{step.name} = {step.share:f}" for step in steps])
    imports.keep_milestones(importing.session, importing.workspace.id, changed)


def _add_contributors(importing: Importing, kept: Iterable[tuple[KeyResultEntry, KeyResult]]) -> None:
    session, workspace_id = importing.session, importing.workspace.id
    known = imports.pairs(session, workspace_id, Contributor.key_result_id, Contributor.member_id)
    joined: list[Contributor] = []
    for entry, row in kept:
        people = [importing.person(reference) for reference in entry.contributors]
        added = {person.id: person for person in people if person and (row.id, person.id) not in known}
        importing.write_added(row, "contributors", [person.slack_id for person in added.values()])
        joined += [Contributor(workspace_id=workspace_id, key_result_id=row.id, member_id=id_) for id_ in added]
    imports.insert_all(session, joined)
