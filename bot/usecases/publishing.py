"""From draft to published, and what those are told who are asked to agree and who wrote it."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.okr.facts import Person
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.kinds import Milestone, Terms, kind_of
from bot.okr.permissions import Action, may
from bot.okr.setting import ObjectiveSet, SetKeyResult
from bot.store import agreements, changes, drafts
from bot.store.session import Session
from bot.store.tables import Delivery, KeyResult, Objective
from bot.usecases.actors import Acting, acting_as
from bot.usecases.asking import approver, ask, tell_author
from bot.usecases.deliverable import Outgoing
from bot.usecases.objective_forms import objective_choice
from bot.usecases.relations import to_team
from bot.usecases.sheets import sheets_of


def told_key_results(session: Session, objective: Objective) -> tuple[SetKeyResult, ...]:
    """The key results of an objective as they were set. One statement."""
    return _all_told(drafts.key_results_with_steps(session, objective.id))


def _all_told(rows: Iterable[drafts.DraftedKeyResult]) -> tuple[SetKeyResult, ...]:
    return tuple(_told(*each) for each in rows)


def _told(row: KeyResult, owner: str | None, steps: tuple[Milestone, ...]) -> SetKeyResult:
    terms = Terms(row.start, row.target, row.unit, row.commit_level, row.stretch_level, steps)
    return SetKeyResult(row.number, row.title, terms, row.weight, owner, kind_of(row.kind))


def told_objective(session: Session, person: Person, objective: Objective) -> ObjectiveSet:
    """An objective with everything that was set, whoever reads it. Three statements; four while it waits."""
    around = drafts.surroundings(session, objective.id)
    rows = drafts.key_results_with_steps(session, objective.id)
    asked = agreed = None
    waits = objective.approval_asked_at is not None and objective.published_at is None
    if waits:
        asked = around.asked
    elif objective.published_at is not None:
        agreed = agreements.latest(session, objective.id)
    return ObjectiveSet(
        person=person,
        number=objective.number,
        title=objective.title,
        why=objective.why,
        team=around.team.name,
        cycle=around.cycle.name,
        private=objective.private,
        key_results=_all_told(rows),
        author=None if around.author is None else around.author.name,
        supports=None if around.supports is None else objective_choice(around.supports),
        asked=None if asked is None else asked.name,
        agreed_by=agreed.by if agreed is not None and agreed.action == agreements.AGREED else None,
        waits=waits,
        version=_version(session, objective, rows) if waits else None,
        seen=agreements.newest_change(session, objective.id) if waits else None,
    )


def version_of(session: Session, objective: Objective) -> str:
    """A name for what an objective and its key results say now: other words or numbers are another version."""
    return _version(session, objective, drafts.key_results_with_steps(session, objective.id))


def _version(session: Session, objective: Objective, rows: Sequence[drafts.DraftedKeyResult]) -> str:
    sheets = sheets_of(session, [row for row, _, _ in rows], {row.id: steps for row, _, steps in rows})
    body = {**_written(objective), "key_results": [{"id": row.number, **sheets[row.id]} for row, _, _ in rows]}
    return sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()[:16]


def must_ask(session: Session, who: Acting, objective: Objective) -> bool:
    """Whether the workspace wants somebody else to agree first: not for the leads of the team, nor for champions."""
    if not who.workspace.approval_needed or who.is_champion:
        return False
    return not may(Action.APPROVE, to_team(session, who, objective.team_id), guest=who.member.is_guest)


def publish(session: Session, who: Acting, objective: Objective, now: datetime) -> ObjectiveSet:
    """Publish the draft, or ask for agreement where that is needed; the author gets a note in either case."""
    # Where there is neither a lead nor a champion, nobody can be asked and nobody is.
    asked = approver(session, objective) if must_ask(session, who, objective) else None
    if asked is not None:
        _note(session, who, objective, agreements.ASKED, now)
        ask(session, objective, asked, now)
        tell_author(session, objective, f"objective_waits:{objective.id}:{now.isoformat()}", now)
    else:
        put_in_force(session, who, objective, now)
        tell_author(session, objective, f"objective_set:{objective.id}", now)
    return told_objective(session, who.person, objective)


def put_in_force(session: Session, who: Acting, objective: Objective, now: datetime) -> None:
    """From now on it is in every list, and its key results are asked about."""
    objective.published_at, objective.approval_asked_at, objective.approver_id = now, None, None
    rows = drafts.key_results_with_steps(session, objective.id)
    sheets = sheets_of(session, [row for row, _, _ in rows], {row.id: steps for row, _, steps in rows})
    for row, _, _ in rows:
        # A round asks for what was there when it opened: a draft was not.
        row.created_at = now
        # That it is in force goes without saying.
        agreed = {name: value for name, value in sheets[row.id].items() if name != "state"}
        _log(session, who, "key_result", row.id, "set", {"id": key_result_id(row.number), **agreed}, now)
    session.flush()
    _note(session, who, objective, "set", now)


def _note(session: Session, who: Acting, objective: Objective, action: str, now: datetime) -> None:
    results = [key_result_id(row.number) for row, _ in drafts.key_results(session, objective.id)]
    written = {**_written(objective), "key_results": results}
    _log(session, who, "objective", objective.id, action, written, now)


def _written(objective: Objective) -> dict[str, Any]:
    return {
        "id": objective_id(objective.number),
        "title": objective.title,
        "why": objective.why,
        "team_id": objective.team_id,
        "cycle_id": objective.cycle_id,
        "parent_id": objective.parent_id,
        "owner_id": objective.owner_id,
        "private": objective.private,
    }


def _log(
    session: Session, who: Acting, entity: str, entity_id: int, action: str, after: dict[str, Any], now: datetime
) -> None:
    changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity=entity,
        entity_id=entity_id,
        action=action,
        after=after,
    )


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The note that an objective is set, or waits for agreement; None when it is neither any more."""
    objective = session.get(Objective, delivery.arguments["objective"])
    if objective is None or objective.dropped_at is not None:
        return None
    if objective.published_at is None and objective.approval_asked_at is None:
        return None
    who = acting_as(session, delivery.arguments["member"])
    return Outgoing(channel=delivery.recipient, facts=told_objective(session, who.person, objective))
