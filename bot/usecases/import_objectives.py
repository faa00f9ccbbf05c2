"""The cycles, objectives and key results of an import."""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from bot.okr.errors import StartEqualsTarget
from bot.okr.progress import check_distance
from bot.okr.rollup import DEFAULT_WEIGHT
from bot.okr.zones import UTC_ZONE, instant_of
from bot.store import imports
from bot.store.tables import Cycle, KeyResult, Objective
from bot.usecases.import_checks import key_results
from bot.usecases.import_plans import ImportPlan, KeyResultEntry, ObjectiveEntry
from bot.usecases.importing import Importing, refuse_loops


def import_cycles(importing: Importing, plan: ImportPlan) -> None:
    """Make or change cycles; a cycle made in Slack is taken over by the entry of its name."""
    cycles = imports.all_cycles(importing.session, importing.workspace.id)
    importing.cycles.update({cycle.external_key: cycle for cycle in cycles if cycle.external_key})
    without_key = {cycle.name.casefold(): cycle for cycle in cycles if not cycle.external_key}
    new: list[Cycle] = []
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
        values = {"name": entry.name, "starts_on": entry.start, "ends_on": entry.end, "external_key": entry.key}
        importing.write("cycles", cycle, values, new=is_new)
        if cycle.ends_on < cycle.starts_on:
            importing.refuse(entry.line, f"the cycle would end on {cycle.ends_on}, before it starts")
    imports.keep_all(importing.session, new, Cycle.external_key)


def import_objectives(importing: Importing, plan: ImportPlan) -> None:
    """Make or change objectives, numbered in the file's order, and what they support."""
    known = imports.keyed_objectives(importing.session, importing.workspace.id)
    importing.objectives.update({each.external_key: each for each in known if each.external_key})
    new: list[Objective] = []
    kept: list[tuple[ObjectiveEntry, Objective]] = []
    for entry in plan.objectives:
        objective = importing.objectives.get(entry.key)
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
            made_at = _made_at(cycle, importing.now)
            objective = Objective(workspace_id=importing.workspace.id, created_at=made_at, published_at=made_at)
            new.append(objective)
        importing.objectives[entry.key] = objective
        values = {"title": entry.title, "why": entry.why, "external_key": entry.key}
        places = {"team_id": team and team.id, "cycle_id": cycle and cycle.id}
        importing.write("objectives", objective, {**values, **places}, new=is_new)
        kept.append((entry, objective))
    _number(importing, Objective, new)
    imports.keep_all(importing.session, new, Objective.external_key)
    for entry, objective in kept:
        supported = importing.named(importing.objectives, entry.supports, "objective")
        importing.write("objectives", objective, {"parent_id": supported and supported.id})
    above = {each.id: each.parent_id for each in [*known, *new]}
    placed = [(entry.supports.line, objective.id) for entry, objective in kept if entry.supports]
    refuse_loops(importing, placed, above, "this would make the objective support itself")


def _made_at(cycle: Cycle, now: datetime) -> datetime:
    """With the beginning of its cycle, so that a cycle under way is asked about in its next round."""
    return min(instant_of(cycle.starts_on, time(0), UTC_ZONE), now)


def _number(importing: Importing, kind: type[Objective] | type[KeyResult], new: list[Any]) -> None:
    if new:
        first = imports.take_numbers(importing.session, importing.workspace.id, kind, len(new))
        for number, row in enumerate(new, first):
            row.number = number


def import_key_results(importing: Importing, plan: ImportPlan) -> None:
    """Make or change key results, numbered in the file's order."""
    known = imports.keyed_key_results(importing.session, importing.workspace.id)
    importing.key_results.update({each.external_key: each for each in known if each.external_key})
    cycles = {cycle.id: cycle for cycle in importing.cycles.values() if cycle is not None}
    new: list[KeyResult] = []
    for objective_entry, entry in key_results(plan):
        objective = importing.objectives.get(objective_entry.key)
        key_result = importing.key_results.get(entry.key)
        owner = importing.person(entry.owner)
        is_new = key_result is None
        if key_result is None:
            importing.key_results[entry.key] = None
            what = f"the key result “{entry.key}”"
            if not importing.has_all(entry.line, what, title=entry.title, start=entry.start, target=entry.target):
                continue
            if objective is None:
                continue
            key_result = _new_key_result(importing, objective, cycles)
            new.append(key_result)
        importing.key_results[entry.key] = key_result
        importing.write("key results", key_result, _values(entry), new=is_new)
        places = {"objective_id": objective and objective.id, "owner_id": owner and owner.id}
        importing.write("key results", key_result, places)
        _check(importing, entry, key_result)
    _number(importing, KeyResult, new)
    imports.keep_all(importing.session, new, KeyResult.external_key)


def _new_key_result(importing: Importing, objective: Objective, cycles: Mapping[int, Cycle]) -> KeyResult:
    cycle = cycles.get(objective.cycle_id)
    return KeyResult(
        workspace_id=importing.workspace.id,
        kind="metric",
        weight=DEFAULT_WEIGHT,
        created_at=_made_at(cycle, importing.now) if cycle else min(objective.created_at, importing.now),
    )


def _values(entry: KeyResultEntry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "kind": entry.kind,
        "start": entry.start,
        "target": entry.target,
        "unit": entry.unit,
        "weight": entry.weight,
        "external_key": entry.key,
    }


def _check(importing: Importing, entry: KeyResultEntry, key_result: KeyResult) -> None:
    """The distance, where one end is the file's and the other the database's."""
    try:
        check_distance(key_result.start or Decimal(0), key_result.target or Decimal(0))
    except StartEqualsTarget as error:
        importing.refuse(entry.line, error.sentence)
