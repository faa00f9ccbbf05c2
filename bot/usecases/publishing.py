"""From draft to published: who is asked to agree, what they and the author are told."""

from datetime import datetime
from typing import Any

from bot.okr.facts import Person
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.kinds import Milestone, Terms, kind_of
from bot.okr.permissions import Action, may
from bot.okr.setting import ObjectiveSet, SetKeyResult
from bot.store import agreements, changes, deliveries, drafts, milestones, teams
from bot.store.session import Session
from bot.store.tables import Delivery, KeyResult, Member, Objective
from bot.usecases.actors import Acting, acting_as
from bot.usecases.deliverable import Outgoing
from bot.usecases.objective_forms import objective_choice
from bot.usecases.relations import to_team
from bot.usecases.sheets import sheets_of

ANSWERS_FIRST = 0
"""The priority of what answers one's own click."""
ASKS = 20


def told_key_results(session: Session, objective: Objective) -> tuple[SetKeyResult, ...]:
    """The key results of an objective as they were set. Two statements at most."""
    rows = drafts.key_results(session, objective.id)
    steps = milestones.of(session, [row.id for row, _ in rows if kind_of(row.kind).has_steps])
    return tuple(_told(row, owner, steps.get(row.id, ())) for row, owner in rows)


def _told(row: KeyResult, owner: str | None, steps: tuple[Milestone, ...]) -> SetKeyResult:
    terms = Terms(row.start, row.target, row.unit, row.commit_level, row.stretch_level, steps)
    return SetKeyResult(row.number, row.title, terms, row.weight, owner, kind_of(row.kind))


def told_objective(session: Session, person: Person, objective: Objective) -> ObjectiveSet:
    """An objective with everything that was set, whoever reads it. Four statements at most."""
    around = drafts.surroundings(session, objective.id)
    asked = agreed = None
    if objective.approval_asked_at is not None:
        asked = approver(session, objective, around.lead)
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
        key_results=told_key_results(session, objective),
        author=None if around.author is None else around.author.name,
        supports=None if around.supports is None else objective_choice(around.supports),
        asked=None if asked is None else asked.name,
        agreed_by=agreed.by if agreed is not None and agreed.action == agreements.AGREED else None,
    )


def must_ask(session: Session, who: Acting, objective: Objective) -> bool:
    """Whether the workspace wants somebody else to agree first: not for the leads of the team, nor for champions."""
    if not who.workspace.approval_needed or who.is_champion:
        return False
    return not may(Action.APPROVE, to_team(session, who, objective.team_id), guest=who.member.is_guest)


def approver(session: Session, objective: Objective, lead: Member | None) -> Member | None:
    """Who is asked: the team's lead, else the champion longest in office; never the author."""
    if lead is not None and lead.deactivated_at is None and lead.id != objective.created_by:
        return lead
    return agreements.first_champion(session, objective.workspace_id, other_than=objective.created_by)


def publish(session: Session, who: Acting, objective: Objective, now: datetime) -> ObjectiveSet:
    """Publish the draft, or ask for agreement where that is needed; the author gets a note in either case."""
    asked = None
    if must_ask(session, who, objective):
        # Where there is neither a lead nor a champion, nobody can be asked and nobody is.
        _, lead = teams.with_lead(session, objective.team_id)
        asked = approver(session, objective, lead)
    if asked is not None:
        objective.approval_asked_at = now
        session.flush()
        _note(session, who, objective, "asked for agreement", now)
        deliveries.add(
            session,
            objective.workspace_id,
            kind="agreement_asked",
            recipient=asked.slack_id,
            arguments={"objective": objective.id, "member": asked.id, "asked_at": now.isoformat()},
            dedupe_key=request_key(objective, now),
            not_before=now,
            now=now,
            priority=ASKS,
        )
        tell_author(session, objective, f"objective_waits:{objective.id}:{now.isoformat()}", now)
    else:
        put_in_force(session, who, objective, now)
        tell_author(session, objective, f"objective_set:{objective.id}", now)
    return told_objective(session, who.person, objective)


def request_key(objective: Objective, asked_at: datetime) -> str:
    """What names one request for agreement among all deliveries."""
    return f"agreement_asked:{objective.id}:{asked_at.isoformat()}"


def put_in_force(session: Session, who: Acting, objective: Objective, now: datetime) -> None:
    """From now on it is in every list, and its key results are asked about."""
    objective.published_at, objective.approval_asked_at = now, None
    rows = [row for row, _ in drafts.key_results(session, objective.id)]
    sheets = sheets_of(session, rows)
    for row in rows:
        # A round asks for what was there when it opened: a draft was not.
        row.created_at = now
        # That it is in force goes without saying.
        agreed = {name: value for name, value in sheets[row.id].items() if name != "state"}
        _log(session, who, "key_result", row.id, "set", {"id": key_result_id(row.number), **agreed}, now)
    session.flush()
    _note(session, who, objective, "set", now)


def _note(session: Session, who: Acting, objective: Objective, action: str, now: datetime) -> None:
    written = {
        "id": objective_id(objective.number),
        "title": objective.title,
        "why": objective.why,
        "team_id": objective.team_id,
        "cycle_id": objective.cycle_id,
        "parent_id": objective.parent_id,
        "owner_id": objective.owner_id,
        "private": objective.private,
        "key_results": [key_result_id(row.number) for row, _ in drafts.key_results(session, objective.id)],
    }
    _log(session, who, "objective", objective.id, action, written, now)


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


def tell_author(session: Session, objective: Objective, dedupe_key: str, now: datetime) -> None:
    """Queue the note to who set it. It says how things stand when it is sent."""
    author = None if objective.created_by is None else session.get(Member, objective.created_by)
    if author is None:
        return
    deliveries.add(
        session,
        objective.workspace_id,
        kind="objective_set",
        recipient=author.slack_id,
        arguments={"objective": objective.id, "member": author.id},
        dedupe_key=dedupe_key,
        not_before=now,
        now=now,
        priority=ANSWERS_FIRST,
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
