"""A workspace is written down: a YAML file and a table of check-ins that an import makes the same workspace of."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TextIO

from bot.okr.cadence import WEEKDAYS_SHORT
from bot.okr.days_off import UnknownPlace, check_place
from bot.okr.errors import NotFound, UnknownZone
from bot.okr.kinds import kind_of
from bot.okr.zones import zone_named
from bot.store import exports, imports, workspaces
from bot.store.session import Session
from bot.store.tables import (
    Contributor,
    Cycle,
    KeyResult,
    Member,
    Membership,
    Objective,
    Team,
    TeamObserver,
    Workspace,
)
from bot.usecases.check_in_table import COLUMNS, NO, YES
from bot.usecases.export_files import Entry, Value, Word, item, mapping, moment, section
from bot.usecases.habits import profile_kept
from bot.usecases.spreadsheets import safe_cell

ROWS_TOLD = 1_000


def nothing_told(done: int, whole: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class KeepKeys:
    """Give a key to everything an export names. `workspace` (`T…`) may be left out where there is only one."""

    workspace: str | None = None


@dataclass(frozen=True)
class Export:
    """Write the workspace down. `progress` is told how many check-ins are written, and of how many."""

    company: TextIO
    table: TextIO
    workspace: str | None = None
    progress: Callable[[int, int], None] = nothing_told


@dataclass(frozen=True)
class Exported:
    """How much was written, per section."""

    workspace: str
    sections: Mapping[str, int]


@dataclass
class _Known:
    """Everything but the check-ins, with the keys of all of it."""

    workspace: Workspace
    people: list[Member]
    teams: list[Team]
    cycles: list[Cycle]
    objectives: list[Objective]
    key_results: list[KeyResult]
    person: dict[int, str] = field(default_factory=dict)
    team: dict[int, str] = field(default_factory=dict)
    cycle: dict[int, str] = field(default_factory=dict)
    objective: dict[int, str] = field(default_factory=dict)
    key_result: dict[int, str] = field(default_factory=dict)


def keep_keys(session: Session, command: KeepKeys, now: datetime) -> None:
    """Give a key to everything that has none; it is kept, so that every later export and import knows it."""
    exports.keep_keys(session, chosen_workspace(session, command.workspace).id)


def export(session: Session, command: Export, now: datetime) -> Exported:
    """Write the two files. Raises NotFound where there is no such workspace."""
    workspace = chosen_workspace(session, command.workspace)
    newest = exports.newest_check_in(session)  # read first: every key result it is about is known below
    known = _known(session, workspace)
    command.company.writelines(_company(session, known))
    rows = _write_check_ins(session, command, known, newest)
    sections = {
        "people": len(known.people),
        "teams": len(known.teams),
        "cycles": len(known.cycles),
        "objectives": len(known.objectives),
        "key results": len(known.key_results),
        "check-ins": rows,
    }
    return Exported(workspace.name, sections)


def chosen_workspace(session: Session, slack_id: str | None) -> Workspace:
    """The workspace of that id, or the only one. Raises NotFound."""
    if slack_id is not None:
        found = workspaces.by_slack_id(session, slack_id)
        if found is None:
            raise NotFound(f"There is no workspace {slack_id} in this database.", help_topic="operator")
        return found
    there = imports.all_workspaces(session)
    if not there:
        raise NotFound("This database has no workspace yet, so there is nothing to export.", help_topic="operator")
    if len(there) > 1:
        names = ", ".join(each.slack_id for each in there)
        raise NotFound(f"This database has {len(there)} workspaces ({names}). Say which one with --workspace.")
    return there[0]


def _known(session: Session, workspace: Workspace) -> _Known:
    known = _Known(
        workspace,
        exports.every(session, workspace.id, Member),
        exports.every(session, workspace.id, Team),
        exports.every(session, workspace.id, Cycle),
        exports.every(session, workspace.id, Objective),
        exports.every(session, workspace.id, KeyResult),
    )
    known.person, known.team = exports.keys_of(known.people), exports.keys_of(known.teams)
    known.cycle, known.objective = exports.keys_of(known.cycles), exports.keys_of(known.objectives)
    known.key_result = exports.keys_of(known.key_results)
    return known


def _company(session: Session, known: _Known) -> Iterator[str]:
    yield "# OKR Bot: a company. Import it with: okr-bot import FOLDER\n"
    workspace = known.workspace
    yield "workspace:\n"
    yield from mapping(
        {
            "slack_id": workspace.slack_id,
            "name": workspace.name,
            "fiscal_start_month": workspace.fiscal_start_month,
            "approval_needed": workspace.approval_needed,
            "individual_objectives": workspace.individual_objectives,
            "next_objective": workspace.next_objective,
            "next_key_result": workspace.next_key_result,
        },
        2,
    )
    yield from section("people", _people(session, known))
    yield from section("teams", _teams(session, known))
    yield from section("cycles", _cycles(known))
    yield from _objectives(session, known)


def _people(session: Session, known: _Known) -> Iterator[Entry]:
    roles = exports.roles(session, known.workspace.id)
    for row in sorted(known.people, key=lambda each: known.person[each.id]):
        held: list[Mapping[str, Value]] = [
            {"role": Word(role), "since": since} for role, since in roles.get(row.id, [])
        ]
        yield {
            "key": known.person[row.id],
            "slack_id": row.slack_id,
            "name": row.name,
            "email": row.email,
            "zone": _known_zone(row.zone),
            "locale": row.locale,
            "admin": row.is_admin,
            "guest": row.is_guest,
            "bot": row.is_bot,
            "deactivated_at": row.deactivated_at,
            "prompt_hour": row.prompt_hour,
            "prompt_days": row.prompt_days and " ".join(WEEKDAYS_SHORT[int(each)] for each in row.prompt_days),
            "profile": Word(profile_kept(row.profile)),
            **_known_place(row.country, row.region),
            "roles": held,
        }


def _known_zone(name: str | None) -> str | None:
    """A zone that nobody knows counts for nothing while the bot runs, and an import would refuse it."""
    try:
        return zone_named(name).key if name else None
    except UnknownZone:
        return None


def _known_place(country: str | None, region: str | None) -> Mapping[str, Value]:
    """A place whose holidays nobody knows any more counts for nothing, and an import would refuse it."""
    try:
        check_place(country, region)
    except UnknownPlace:
        return {}
    return {"country": country, "region": region}


def _teams(session: Session, known: _Known) -> Iterator[Entry]:
    members = imports.pairs(session, known.workspace.id, Membership.team_id, Membership.member_id)
    observers = imports.pairs(session, known.workspace.id, TeamObserver.team_id, TeamObserver.member_id)
    joined, watched = exports.grouped(members, known.person), exports.grouped(observers, known.person)
    for row in sorted(known.teams, key=lambda each: known.team[each.id]):
        yield {
            "key": known.team[row.id],
            "name": row.name,
            "level": Word(row.level),
            "parent": known.team.get(row.parent_id or 0),
            "lead": known.person.get(row.lead_id or 0),
            "channel": row.channel,
            "members_from": row.members_from and Word(row.members_from),
            "members_source": row.members_source,
            "archived_at": row.archived_at,
            "rhythm": row.own_rhythm,
            "members": joined.get(row.id, []),
            "observers": watched.get(row.id, []),
        }


def _cycles(known: _Known) -> Iterator[Entry]:
    for row in sorted(known.cycles, key=lambda each: (each.starts_on, known.cycle[each.id])):
        yield {
            "key": known.cycle[row.id],
            "name": row.name,
            "start": row.starts_on,
            "end": row.ends_on,
            "drafts_from": row.drafts_from,
            "archived_at": row.archived_at,
        }


def _objectives(session: Session, known: _Known) -> Iterator[str]:
    of_objective: dict[int, list[KeyResult]] = {}
    for row in sorted(known.key_results, key=lambda each: each.number):
        of_objective.setdefault(row.objective_id, []).append(row)
    helping = imports.pairs(session, known.workspace.id, Contributor.key_result_id, Contributor.member_id)
    contributors = exports.grouped(helping, known.person)
    steps = imports.all_milestones(session, known.workspace.id)
    if known.objectives:
        yield "objectives:\n"
    for objective in sorted(known.objectives, key=lambda each: each.number):
        yield from item(_objective(known, objective), 2)
        if objective.id in of_objective:
            yield "    key_results:\n"
        for row in of_objective.get(objective.id, []):
            entry = {
                **_key_result(known, row),
                "milestones": [{"name": step.name, "share": step.share} for step in steps.get(row.id, ())],
                "contributors": contributors.get(row.id, []),
            }
            yield from item(entry, 6)


def _objective(known: _Known, row: Objective) -> Entry:
    return {
        "key": known.objective[row.id],
        "number": row.number,
        "title": row.title,
        "why": row.why,
        "team": known.team[row.team_id],
        "cycle": known.cycle[row.cycle_id],
        "supports": known.objective.get(row.parent_id or 0),
        "owner": known.person.get(row.owner_id or 0),
        "private": row.private,
        "draft": row.published_at is None,
        "created_by": known.person.get(row.created_by or 0),
        "created_at": row.created_at,
        "published_at": row.published_at,
        "approval_asked_at": row.approval_asked_at,
        **_dropped(row),
    }


def _dropped(row: Objective | KeyResult) -> dict[str, Any]:
    kind = row.drop_kind and Word(row.drop_kind)
    return {"dropped_at": row.dropped_at, "drop_kind": kind, "drop_reason": row.drop_reason}


def _key_result(known: _Known, row: KeyResult) -> dict[str, Any]:
    inputs = kind_of(row.kind).inputs
    numbers: dict[str, Decimal | str | None] = {
        "start": row.start,
        "target": row.target,
        "commit": row.commit_level,
        "stretch": row.stretch_level,
        "unit": row.unit,
    }
    return {
        "key": known.key_result[row.id],
        "number": row.number,
        "title": row.title,
        "kind": Word(row.kind),
        **{name: value for name, value in numbers.items() if name in inputs},
        "weight": row.weight,
        "owner": known.person.get(row.owner_id or 0),
        "delegate": known.person.get(row.delegate_id or 0),
        "created_at": row.created_at,
        **_dropped(row),
    }


def _write_check_ins(session: Session, command: Export, known: _Known, newest: int) -> int:
    """The table, row by row; what was learned and needed stands in the first row of a submission. Answers how many."""
    writer = csv.DictWriter(command.table, COLUMNS)
    writer.writeheader()
    whole, written, before = exports.how_many_check_ins(session, known.workspace.id), 0, None
    for row in exports.check_ins(session, known.workspace.id, newest):
        first, before = row.submission_id != before, row.submission_id
        author = known.person[row.member_id if row.author_id is None else row.author_id]
        cells: dict[str, Any] = {
            "key": safe_cell(row.key),
            "by": safe_cell(author),
            "learned": safe_cell(row.learned or "") if first else "",
            "needs": safe_cell(row.needs or "") if first else "",
            "sent_at": moment(row.sent_at),
            "undone_at": "" if row.undone_at is None else moment(row.undone_at),
            "source": safe_cell(row.source),
        }
        if row.key_result_id is not None:
            cells |= _answer(known, row)
        writer.writerow(cells)
        written += 1
        if written % ROWS_TOLD == 0:
            command.progress(written, max(whole, written))
    command.progress(written, written)
    return written


def _answer(known: _Known, row: Any) -> dict[str, Any]:
    """The cells about the key result; numbers are plain numbers, whatever the key result measures."""
    return {
        "key_result": safe_cell(known.key_result[row.key_result_id]),
        "at": moment(row.as_of),
        "value": _number(row.value),
        "confidence": "" if row.confidence is None else row.confidence,
        "note": safe_cell(row.note or ""),
        "version": row.version,
        "recorded_at": moment(row.recorded_at),
        "before": _number(row.before),
        "unchanged": YES if row.unchanged else NO,
        "withdrawn": YES if row.withdrawn else NO,
        "back_dated": YES if row.back_dated else NO,
    }


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")
