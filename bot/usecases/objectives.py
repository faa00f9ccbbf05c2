"""Setting an objective with its first key result."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.okr.errors import OkrError, StartEqualsTarget, UnreadableNumber
from bot.okr.facts import ObjectiveForm, ObjectiveSet
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.numbers import parse_value
from bot.okr.progress import check_distance
from bot.store import changes, deliveries, keyresults, members, workspaces
from bot.store.session import Session
from bot.store.tables import Cycle, Delivery, KeyResult, Objective, Team
from bot.usecases.actors import Acting, Actor, acting, acting_as
from bot.usecases.answers import InvalidAnswers
from bot.usecases.deliverable import Outgoing
from bot.usecases.standings import place_all
from bot.usecases.typed import typed_line
from bot.usecases.workspaces import prepare_workspace

LONGEST_TITLE = 3000
LONGEST_UNIT = 60


@dataclass(frozen=True)
class OpenObjective:
    """Show the **New objective** modal; `nonce` names the form until it is saved."""

    actor: Actor
    nonce: str


@dataclass(frozen=True)
class SetObjective:
    """The **New objective** modal was saved; texts as typed."""

    actor: Actor
    nonce: str
    objective: str
    key_result: str
    start: str
    target: str
    unit: str | None


def open_objective(session: Session, command: OpenObjective, now: datetime) -> ObjectiveForm:
    """For which team and cycle the objective will be set."""
    who = acting(session, command.actor)
    team, cycle = _place_for(session, who, now)
    return ObjectiveForm(person=who.person, nonce=command.nonce, team=team.name, cycle=cycle.name)


def set_objective(session: Session, command: SetObjective, now: datetime) -> ObjectiveSet:
    """Keep an objective and its key result, owned by who set them, in their team and the current cycle.

    The same form saved again is the same objective. Raises InvalidAnswers with a sentence per field (`objective`,
    `key_result`, `start`, `target`, `unit`).
    """
    who = acting(session, command.actor)
    known = keyresults.objective_of_form(session, command.nonce)
    if known is not None:
        return _answer(session, who, known, now)
    objective = _keep(session, who, command, now)
    deliveries.add(
        session,
        who.workspace.id,
        kind="objective_set",
        recipient=who.member.slack_id,
        arguments={"objective": objective.id, "member": who.member.id},
        dedupe_key=f"objective_set:{objective.id}",
        not_before=now,
        now=now,
        priority=0,
    )
    return _answer(session, who, objective, now)


def _keep(session: Session, who: Acting, command: SetObjective, now: datetime) -> Objective:
    title, result, unit, start, target = _read(command, who)
    team, cycle = _place_for(session, who, now)
    objective = Objective(
        workspace_id=who.workspace.id,
        number=workspaces.take_objective_number(session, who.workspace.id),
        title=title,
        team_id=team.id,
        cycle_id=cycle.id,
        created_by=who.member.id,
        created_at=now,
        published_at=now,
        form_nonce=command.nonce,
    )
    session.add(objective)
    session.flush()
    key_result = KeyResult(
        workspace_id=who.workspace.id,
        number=workspaces.take_key_result_number(session, who.workspace.id),
        objective_id=objective.id,
        title=result,
        kind="metric",
        start=start,
        target=target,
        unit=unit,
        weight=Decimal(1),
        owner_id=who.member.id,
        created_at=now,
    )
    session.add(key_result)
    members.join_team(session, who.workspace.id, team.id, who.member.id)
    changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity="objective",
        entity_id=objective.id,
        action="set",
        after={
            "id": objective_id(objective.number),
            "title": title,
            "key_result": {
                "id": key_result_id(key_result.number),
                "title": result,
                "start": format(start, "f"),
                "target": format(target, "f"),
                "unit": unit,
            },
        },
    )
    session.flush()
    return objective


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The note that confirms a new objective to who set it; None when it is gone already."""
    objective = session.get(Objective, delivery.arguments["objective"])
    if objective is None or objective.dropped_at is not None:
        return None
    who = acting_as(session, delivery.arguments["member"])
    return Outgoing(channel=delivery.recipient, facts=_answer(session, who, objective, now))


def _read(command: SetObjective, who: Acting) -> tuple[str, str, str | None, Decimal, Decimal]:
    errors: dict[str, str] = {}
    texts = {"objective": command.objective, "key_result": command.key_result}
    for field, typed in texts.items():
        texts[field] = typed_line(typed)
        if not texts[field]:
            errors[field] = "Say it in a few words."
        elif len(texts[field]) > LONGEST_TITLE:
            errors[field] = f"This is too long: at most {LONGEST_TITLE} characters."
    unit = typed_line(command.unit) or None
    if unit and len(unit) > LONGEST_UNIT:
        errors["unit"] = f"A unit is a word or a sign, at most {LONGEST_UNIT} characters: %, €, days."
    numbers: dict[str, Decimal] = {}
    for field, typed in (("start", command.start), ("target", command.target)):
        try:
            numbers[field] = parse_value(typed, who.person.locale, unit)
        except UnreadableNumber as error:
            errors[field] = error.sentence
    if len(numbers) == 2:
        try:
            check_distance(numbers["start"], numbers["target"])
        except StartEqualsTarget as error:
            errors["target"] = error.sentence
    if errors:
        raise InvalidAnswers(errors)
    return texts["objective"], texts["key_result"], unit, numbers["start"], numbers["target"]


def _place_for(session: Session, who: Acting, now: datetime) -> tuple[Team, Cycle]:
    """The member's first team, else the root team; and the current cycle."""
    root, cycle, _ = prepare_workspace(session, who, now)
    own = members.teams_of(session, who.member.id)
    return (own[0] if own else root), cycle


def _answer(session: Session, who: Acting, objective: Objective, now: datetime) -> ObjectiveSet:
    number = keyresults.first_number_of(session, objective.id)
    rows = keyresults.numbered(session, who.workspace.id, [] if number is None else [number])
    if not rows:
        raise OkrError("This objective was changed meanwhile. /okr list shows what there is.", help_topic="list")
    row = next(iter(rows.values()))
    placed = place_all(session, [row], now, who.workspace_zone)[0]
    return ObjectiveSet(
        person=who.person,
        number=objective.number,
        title=objective.title,
        team=row.team_name,
        cycle=row.cycle_name,
        key_result=placed.standing,
    )
