"""`/okr edit O-1`: change, move, drop, postpone or restore an objective; its number and history stay."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.okr.changing import ChangeSaved, ObjectiveEdit, State
from bot.okr.errors import OkrError
from bot.okr.human_ids import objective_id
from bot.okr.merging import Merged, merge
from bot.okr.permissions import Action, Relation, check, may
from bot.okr.setting import Outcome
from bot.okr.zones import local_day
from bot.store import changes, keyresults, members, objectives
from bot.store.objectives import ObjectiveRow
from bot.store.session import Session
from bot.store.tables import Change, Cycle, Member, Objective, Team
from bot.usecases.actors import Acting, Actor, UnknownPerson, acting
from bot.usecases.answers import InvalidAnswers
from bot.usecases.asking import ask_somebody_else, stop_waiting
from bot.usecases.change_notices import tell
from bot.usecases.changing import LONGEST_REASON, action_of, check_not_waiting, told_contested, was_before
from bot.usecases.details import MOST_AROUND, check_readable, no_such
from bot.usecases.history import change_told
from bot.usecases.key_result_forms import why_not
from bot.usecases.objective_forms import cycle_choice, not_at_once, team_choice
from bot.usecases.offers import chosen_objective
from bot.usecases.relations import to_objectives, to_team
from bot.usecases.sheets import state_of
from bot.usecases.typed import says_something, typed_line, typed_reason, typed_text

ENTITY = "objective"
HELP = "edit"
LONGEST_TITLE = LONGEST_WHY = 3000
MOST_TOLD = 200


@dataclass(frozen=True)
class OpenObjectiveEdit:
    """`/okr edit O-1`, or **Edit**."""

    actor: Actor
    number: int


@dataclass(frozen=True)
class SaveObjectiveEdit:
    """**Save** was pressed; `team`, `cycle` and `supports` are row ids, `owner` is a `U…` id."""

    actor: Actor
    number: int
    title: str
    why: str
    team: int | None
    cycle: int | None
    supports: int | None
    owner: str | None
    private: bool
    state: State
    reason: str
    form: int
    seen: int


@dataclass(frozen=True)
class _Editable:
    who: Acting
    row: ObjectiveRow
    above: ObjectiveRow | None
    relations: set[Relation]

    @property
    def objective(self) -> Objective:
        return self.row.objective


def open_objective_edit(session: Session, command: OpenObjectiveEdit, now: datetime) -> ObjectiveEdit:
    """The form, filled exactly. Raises NotFound, NotAllowed. Seven statements at most."""
    return _form(session, _editable(session, command.actor, command.number))


def save_objective_edit(session: Session, command: SaveObjectiveEdit, now: datetime) -> ChangeSaved | ObjectiveEdit:
    """Keep what was changed, and only that. Answers the form again where somebody else changed the same meanwhile.

    Raises InvalidAnswers with a sentence per field (`title`, `purpose`, `team`, `cycle`, `supports`, `owner`, `state`,
    `reason`), NotFound, NotAllowed.
    """
    first = _editable(session, command.actor, command.number)
    objectives.lock(session, Objective, first.objective.id)
    session.expire_all()
    each = _editable(session, command.actor, command.number)
    who, objective = each.who, each.objective
    current = _sheet(objective)
    submitted = _submitted(session, command, each)
    later = changes.since(session, who.workspace.id, ENTITY, objective.id, command.seen)
    merged = merge(submitted, current, was_before(later))
    if merged.contested:
        return _contested(session, each, command, merged, later)
    if not merged.changed:
        own = later[-1][0] if later and later[-1][0].actor_id == who.member.id else None
        return _saved(session, each, own)
    sheet = merged.over(current)
    reason = _reason(command, merged)
    _check(session, each, sheet, merged, now)
    before = {name: current[name] for name in merged.changed}
    for name in merged.changed.keys() - {"state"}:
        setattr(objective, name, sheet[name])
    state = State(sheet["state"])
    if state is not state_of(objective):
        out = state is not State.IN_FORCE
        objective.dropped_at = now if out else None
        objective.drop_kind, objective.drop_reason = (state.value, reason) if out else (None, None)
    change = changes.note(
        session, who.workspace.id, at=now, actor_id=who.member.id, entity=ENTITY, entity_id=objective.id,
        action=action_of(merged), before=before, after=dict(merged.changed), reason=reason,
    )  # fmt: skip
    session.flush()
    if objective.approval_asked_at is not None and state is not State.IN_FORCE:
        stop_waiting(session, objective, now, Outcome.DISCARDED)
    elif objective.approval_asked_at is not None:
        ask_somebody_else(session, objective, now)
    if objective.published_at is not None:
        tell(session, who, change, _concerned(session, objective, merged, before), now)
    return _saved(session, each, change)


def _concerned(session: Session, objective: Objective, merged: Merged, before: dict[str, Any]) -> dict[int | None, str]:
    """Its owners before and after; and whoever owns a key result of it, where that stops or starts to count."""
    found: dict[int | None, str] = {}
    if "state" in merged.changed:
        rows = keyresults.of_objective(session, objective.id, MOST_TOLD)
        found |= {row.owner_id: "its owners" for row in rows}
    if objective.owner_id is not None:
        found[objective.owner_id] = "owner"
    if "owner_id" in merged.changed:
        found[before["owner_id"]] = "old owner"
        found[objective.owner_id] = "new owner"
    return found


def _saved(session: Session, each: _Editable, change: Change | None) -> ChangeSaved:
    return ChangeSaved(
        person=each.who.person,
        shown_id=objective_id(each.objective.number),
        title=each.objective.title,
        unit=None,
        change=None if change is None else change_told(session, change, each.who.member.name),
    )


def _editable(session: Session, actor: Actor, number: int) -> _Editable:
    who = acting(session, actor)
    name = objective_id(number)
    found = objectives.family(session, who.workspace.id, number, MOST_AROUND)
    if not found:
        raise no_such(name)
    objective = found[0].objective
    relations = to_objectives(session, who, {objective.id: objective.team_id})[objective.id]
    check_readable(who, relations, objective, name)
    guest = who.member.is_guest
    check_not_waiting(objective, relations, name, guest=guest)
    if not (objective.published_at is None and may(Action.EDIT_DRAFT, relations, guest=guest)):
        check(Action.EDIT_OBJECTIVE, relations, name, guest=guest)
    above = next((each for each in found[1:] if each.objective.id == objective.parent_id), None)
    return _Editable(who, found[0], above, relations)


def _form(session: Session, each: _Editable) -> ObjectiveEdit:
    objective, who = each.objective, each.who
    owner = members.by_ids(session, [objective.owner_id]) if objective.owner_id is not None else {}
    return ObjectiveEdit(
        person=who.person,
        number=objective.number,
        title=objective.title,
        why=objective.why or "",
        team=team_choice(each.row.team),
        cycle=cycle_choice(each.row.cycle),
        supports=None if each.above is None else chosen_objective(session, who, each.above.objective),
        owner=next((member.slack_id for member in owner.values()), None),
        may_have_owner=objective.owner_id is not None or who.workspace.individual_objectives,
        private=objective.private,
        state=state_of(objective),
        seen=changes.newest(session, who.workspace.id, ENTITY, objective.id),
        form=1,
        waits_for=_waits_for(session, objective),
        may_withdraw=may(Action.WITHDRAW, each.relations, guest=who.member.is_guest),
    )


def _waits_for(session: Session, objective: Objective) -> str | None:
    if objective.approval_asked_at is None or objective.published_at is not None:
        return None
    asked = None if objective.approver_id is None else session.get(Member, objective.approver_id)
    return "" if asked is None else asked.name


def _sheet(objective: Objective) -> dict[str, Any]:
    return {
        "title": objective.title,
        "why": objective.why,
        "team_id": objective.team_id,
        "cycle_id": objective.cycle_id,
        "parent_id": objective.parent_id,
        "owner_id": objective.owner_id,
        "private": objective.private,
        "state": state_of(objective).value,
    }


def _submitted(session: Session, command: SaveObjectiveEdit, each: _Editable) -> dict[str, Any]:
    errors: dict[str, str] = {}
    title, why = typed_line(command.title), typed_text(command.why)
    if not says_something(title):
        errors["title"] = "Say it in a few words."
    elif len(title) > LONGEST_TITLE:
        errors["title"] = f"This is too long: at most {LONGEST_TITLE} characters."
    if why is not None and len(why) > LONGEST_WHY:
        errors["purpose"] = f"This is too long: at most {LONGEST_WHY} characters."
    owner_id = None
    if command.owner is not None:
        workspace = each.who.workspace
        owner = members.by_slack_id(session, workspace.id, command.owner)
        if owner is None:
            raise UnknownPerson(Actor(workspace.slack_id, command.owner), help_topic=HELP, field="owner")
        refused = why_not(owner)
        if refused is not None and owner.id != each.objective.owner_id:
            errors["owner"] = refused
        owner_id = owner.id
    if errors:
        raise InvalidAnswers(errors, help_topic=HELP)
    has_owner_field = each.objective.owner_id is not None or each.who.workspace.individual_objectives
    return {
        "title": title,
        "why": why,
        "team_id": command.team or each.objective.team_id,
        "cycle_id": command.cycle or each.objective.cycle_id,
        "parent_id": command.supports,
        "owner_id": owner_id if has_owner_field else each.objective.owner_id,
        "private": command.private,
        "state": command.state.value,
    }


def _contested(
    session: Session,
    each: _Editable,
    command: SaveObjectiveEdit,
    merged: Merged,
    later: list[tuple[Change, str | None]],
) -> ObjectiveEdit:
    shown, sheet = _form(session, each), merged.over(_sheet(each.objective))
    team = session.get(Team, sheet["team_id"])
    cycle = session.get(Cycle, sheet["cycle_id"])
    above = None if sheet["parent_id"] is None else session.get(Objective, sheet["parent_id"])
    return replace(
        shown,
        title=sheet["title"],
        why=sheet["why"] or "",
        team=shown.team if team is None else team_choice(team),
        cycle=shown.cycle if cycle is None else cycle_choice(cycle),
        supports=None if above is None else chosen_objective(session, each.who, above),
        owner=command.owner if "owner_id" in merged.changed else shown.owner,
        private=sheet["private"],
        state=State(sheet["state"]),
        form=command.form + 1,
        contested=told_contested(merged, later),
    )


def _reason(command: SaveObjectiveEdit, merged: Merged) -> str | None:
    reason = typed_reason(command.reason)
    if reason is not None and len(reason) > LONGEST_REASON:
        raise InvalidAnswers({"reason": f"This is too long: at most {LONGEST_REASON} characters."}, help_topic=HELP)
    state = merged.changed.get("state", State.IN_FORCE)
    if reason is None and state != State.IN_FORCE:
        raise InvalidAnswers(
            {"reason": f"Say in a sentence why it is {state}: it stays in its history."}, help_topic=HELP
        )
    return reason


def _check(session: Session, each: _Editable, sheet: dict[str, Any], merged: Merged, now: datetime) -> None:
    """What may be chosen: a team the member may set objectives for, a cycle in use, something that ends in no ring."""
    who, changed = each.who, merged.changed
    if "state" in changed and each.objective.published_at is not None:
        check(Action.DROP_OBJECTIVE, each.relations, objective_id(each.objective.number), guest=who.member.is_guest)
    if changed.get("state") == State.IN_FORCE and "team_id" not in changed and each.row.team.archived_at is not None:
        told = f"{each.row.team.name} is in the archive. Choose another team to restore it there."
        raise InvalidAnswers({"team": told}, help_topic=HELP)
    if "team_id" in changed:
        team = session.get(Team, sheet["team_id"])
        if team is None or team.workspace_id != who.workspace.id or team.archived_at is not None:
            raise InvalidAnswers({"team": "This team is not there any more. Choose another."}, help_topic=HELP)
        relations, name = to_team(session, who, team.id), f"the team {team.name}"
        _at("team", lambda: check(Action.SET_OBJECTIVE, relations, name, guest=who.member.is_guest))
    if "cycle_id" in changed:
        cycle = session.get(Cycle, sheet["cycle_id"])
        if cycle is None or cycle.workspace_id != who.workspace.id or cycle.archived_at is not None:
            raise InvalidAnswers({"cycle": "This cycle is not there any more. Choose another."}, help_topic=HELP)
        _check_cycle(who, cycle, now)
    if changed.keys() & {"parent_id", "cycle_id"} and sheet["parent_id"] is not None:
        _check_above(session, each, sheet, chosen="parent_id" in changed)


def _check_cycle(who: Acting, cycle: Cycle, now: datetime) -> None:
    """Objectives go to a coming cycle when it is open for drafts; a champion may be earlier."""
    today = local_day(now, who.zone)
    opens = cycle.drafts_from
    if opens is not None and today < min(opens, cycle.starts_on) and not who.is_champion:
        told = f"{cycle.name} is not open yet: objectives can be set for it from {opens.isoformat()} on."
        raise InvalidAnswers({"cycle": told}, help_topic="cycles")


def _check_above(session: Session, each: _Editable, sheet: dict[str, Any], *, chosen: bool) -> None:
    """That it may be supported; where it was not `chosen` now, only that the cycles still fit."""
    parent_id: int = sheet["parent_id"]
    found = objectives.by_id(session, each.who.workspace.id, parent_id)
    if found is not None and not chosen:
        _check_cycles(session, found, sheet)
        return
    if found is None or found.objective.dropped_at is not None or found.objective.published_at is None:
        raise InvalidAnswers({"supports": "This objective is not there any more. Choose another."}, help_topic=HELP)
    name = objective_id(found.objective.number)
    relations = to_objectives(session, each.who, {parent_id: found.objective.team_id})[parent_id]
    _at("supports", lambda: check_readable(each.who, relations, found.objective, name))
    _check_cycles(session, found, sheet)
    if objectives.is_above(session, each.objective.id, parent_id):
        raise InvalidAnswers(
            {"supports": f"{name} supports this one, near or far: an objective can't support itself."}, help_topic=HELP
        )


def _check_cycles(session: Session, above: ObjectiveRow, sheet: dict[str, Any]) -> None:
    cycle = session.get_one(Cycle, sheet["cycle_id"])
    if above.cycle.starts_on > cycle.ends_on or cycle.starts_on > above.cycle.ends_on:
        told = not_at_once(above.objective.number, above.cycle.name, cycle.name)
        raise InvalidAnswers({"supports": told}, help_topic=HELP)


def _at(field: str, checking: Callable[[], None]) -> None:
    """Show at that field what the check refuses."""
    try:
        checking()
    except OkrError as refused:
        raise InvalidAnswers({field: refused.sentence}, help_topic=refused.help_topic) from refused
