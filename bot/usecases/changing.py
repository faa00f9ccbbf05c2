"""`/okr edit KR-3`: change, hand over, move, drop, postpone or restore a key result; its number and history stay."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.okr.changing import ChangeSaved, KeyResultEdit, State
from bot.okr.errors import NotAllowed, OkrError
from bot.okr.forms import KeyResultFields
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.merging import Merged, merge
from bot.okr.permissions import Action, Relation, check, may
from bot.okr.setting import Choice
from bot.okr.zones import first_known_zone, local_day
from bot.store import changes, keyresults, objectives
from bot.store.session import Session
from bot.store.tables import Change, KeyResult, Objective
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.answers import InvalidAnswers
from bot.usecases.change_notices import tell
from bot.usecases.details import check_readable, no_such
from bot.usecases.history import LABELS, change_told
from bot.usecases.key_result_forms import HELP, Known, agree, fields_of, write
from bot.usecases.kind_changes import follow_kind
from bot.usecases.offers import chosen_objective
from bot.usecases.relations import around_key_result, to_objective, to_team
from bot.usecases.sheets import TERMS, agreed_in, sheet_of, sheet_wanted, state_of
from bot.usecases.typed import typed_reason

ENTITY = "key_result"
LONGEST_REASON = 3000


@dataclass(frozen=True)
class OpenEdit:
    """`/okr edit KR-3`, or **Edit**."""

    actor: Actor
    number: int


@dataclass(frozen=True)
class RedrawEdit:
    """Another kind was chosen in the form: it is shown again with what was typed."""

    actor: Actor
    number: int
    fields: KeyResultFields
    objective: int | None
    state: State
    form: int
    seen: int


@dataclass(frozen=True)
class SaveEdit:
    """**Save** was pressed. `objective` is a row id (None: as it is); `seen` the newest change the form had shown."""

    actor: Actor
    number: int
    fields: KeyResultFields
    objective: int | None
    state: State
    reason: str
    form: int
    seen: int


@dataclass(frozen=True)
class Editable:
    """A key result that the member may change, with what is around it."""

    who: Acting
    found: keyresults.Whole
    started: bool

    @property
    def row(self) -> KeyResult:
        """The row itself."""
        return self.found.key_result


def open_edit(session: Session, command: OpenEdit, now: datetime) -> KeyResultEdit:
    """The form, filled exactly. Raises NotFound, NotAllowed. Eight statements at most."""
    each = _editable(session, command.actor, command.number, now)
    return _form(session, each, fields_of(session, each.row, each.who.person.locale))


def redraw_edit(session: Session, command: RedrawEdit, now: datetime) -> KeyResultEdit:
    """The form for another kind, with what was typed so far."""
    each = _editable(session, command.actor, command.number, now)
    shown = _form(session, each, command.fields)
    place = _offered(session, each, command.objective) or shown.objective
    return replace(shown, objective=place, state=command.state, form=command.form + 1, seen=command.seen)


def _offered(session: Session, each: Editable, objective: int | None) -> Choice | None:
    """The objective chosen in the form, where the member may read it."""
    if objective is None or objective == each.row.objective_id:
        return None
    found = objectives.by_id(session, each.who.workspace.id, objective)
    return None if found is None else chosen_objective(session, each.who, found.objective)


def save_edit(session: Session, command: SaveEdit, now: datetime) -> ChangeSaved | KeyResultEdit:
    """Keep what was changed, and only that. Answers the form again where somebody else changed the same meanwhile.

    Raises InvalidAnswers with a sentence per field (those of the form, `objective`, `state`, `reason`), NotFound,
    NotAllowed.
    """
    found = keyresults.whole(session, acting(session, command.actor).workspace.id, command.number)
    if found is not None:
        objectives.lock(session, KeyResult, found.row.id)
        session.expire_all()
    each = _editable(session, command.actor, command.number, now)
    who, row = each.who, each.row
    agreed = agree(session, who, command.fields, Known(row))
    submitted = sheet_wanted(agreed, command.objective or row.objective_id, command.state)
    current = sheet_of(session, row)
    later = changes.since(session, who.workspace.id, ENTITY, row.id, command.seen)
    merged = merge(submitted, current, was_before(later))
    if merged.contested:
        return _contested(session, each, command, merged, later)
    if not merged.changed:
        return _nothing_new(session, each, later)
    reason = _reason(command, merged, each)
    sheet = merged.over(current)
    _check_reached(each, sheet, merged)
    _check_place(session, each, sheet, merged)
    before = {name: current[name] for name in merged.changed}
    old_owner = row.owner_id
    row.objective_id = sheet["objective_id"]
    write(session, row, agreed_in(session, sheet))
    _set_state(row, State(sheet["state"]), reason, now)
    change = changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity=ENTITY,
        entity_id=row.id,
        action=action_of(merged),
        before=before,
        after=dict(merged.changed),
        reason=reason,
    )
    session.flush()
    follow_kind(session, who, row, current["kind"], now)
    if each.found.objective.published_at is not None:
        concerned = {old_owner: "old owner" if row.owner_id != old_owner else "owner", row.owner_id: "owner"}
        if row.owner_id != old_owner:
            concerned[row.owner_id] = "new owner"
        tell(session, who, change, concerned, now)
    return saved(session, each, change)


def saved(session: Session, each: Editable, change: Change | None) -> ChangeSaved:
    """What is said after Save."""
    return ChangeSaved(
        person=each.who.person,
        shown_id=key_result_id(each.row.number),
        title=each.row.title,
        unit=each.row.unit,
        change=None if change is None else change_told(session, change, each.who.member.name),
    )


def _nothing_new(session: Session, each: Editable, later: list[tuple[Change, str | None]]) -> ChangeSaved:
    """The same form sent twice says what the first one saved."""
    own = later[-1][0] if later and later[-1][0].actor_id == each.who.member.id else None
    return saved(session, each, own)


def action_of(merged: Merged) -> str:
    """The change log's word for a change."""
    after = merged.changed
    if "state" in after:
        return {State.DROPPED: "dropped", State.POSTPONED: "postponed"}.get(after["state"], "restored")
    if "objective_id" in after:
        return "moved"
    return "handed over" if set(after) == {"owner_id"} else "changed"


def _set_state(row: KeyResult, state: State, reason: str | None, now: datetime) -> None:
    if state is state_of(row):
        return
    row.dropped_at = None if state is State.IN_FORCE else now
    row.drop_kind = None if state is State.IN_FORCE else state.value
    row.drop_reason = None if state is State.IN_FORCE else reason


def _editable(session: Session, actor: Actor, number: int, now: datetime) -> Editable:
    who = acting(session, actor)
    name = key_result_id(number)
    found = keyresults.whole(session, who.workspace.id, number)
    if found is None:
        raise no_such(name)
    mine, to_them = around_key_result(session, who, found.row, [])
    of_objective = to_them[found.objective.id]
    guest = who.member.is_guest
    check_readable(who, of_objective | mine, found.objective, name)
    check_not_waiting(found.objective, of_objective, name, guest=guest)
    if not (found.objective.published_at is None and may(Action.EDIT_DRAFT, of_objective, guest=guest)):
        check(Action.EDIT_KEY_RESULT, mine, name, guest=guest)
    zone = first_known_zone([found.row.lead_zone, who.workspace_zone])
    started = found.row.last_id is not None or local_day(now, zone) >= found.row.starts_on
    return Editable(who, found, started)


def check_not_waiting(objective: Objective, relations: Collection[Relation], name: str, *, guest: bool) -> None:
    """Raise OkrError where somebody was asked to agree: only its author and who may agree change it until then."""
    waits = objective.published_at is None and objective.approval_asked_at is not None
    if waits and not any(may(action, relations, guest=guest) for action in (Action.APPROVE, Action.WITHDRAW)):
        raise OkrError(f"{name} waits for agreement. Its author can change it or take it back.", help_topic="set")


def _form(session: Session, each: Editable, fields: KeyResultFields) -> KeyResultEdit:
    row = each.found.row
    return KeyResultEdit(
        person=each.who.person,
        number=row.number,
        title=row.title,
        fields=fields,
        objective=Choice(row.objective_id, f"{objective_id(row.objective_number)} {row.objective_title}"),
        state=state_of(each.row),
        seen=changes.newest(session, each.who.workspace.id, ENTITY, row.id),
        form=1,
        asks_why=each.started and each.found.objective.published_at is not None,
    )


def was_before(later: list[tuple[Change, str | None]]) -> dict[str, Any]:
    """What the fields that changed since had been before the first of these changes."""
    found: dict[str, Any] = {}
    for change, _ in later:
        for name in (change.before or {}).keys() | (change.after or {}).keys():
            found.setdefault(name, (change.before or {}).get(name))
    return found


def _contested(
    session: Session, each: Editable, command: SaveEdit, merged: Merged, later: list[tuple[Change, str | None]]
) -> KeyResultEdit:
    """The form once more: what the person typed, all else as it is now, and who was faster with what."""
    now_shown = fields_of(session, each.row, each.who.person.locale)
    typed_ones = {_input(name) for name in merged.changed}
    kept = {name: getattr(command.fields, name) for name in command.fields.kept() if _of_person(name) in typed_ones}
    shown = _form(session, each, replace(now_shown, **kept))
    moved = _offered(session, each, command.objective) if "objective_id" in merged.changed else None
    return replace(
        shown,
        objective=moved or shown.objective,
        state=command.state if "state" in merged.changed else shown.state,
        form=command.form + 1,
        contested=told_contested(merged, later),
    )


def told_contested(merged: Merged, later: list[tuple[Change, str | None]]) -> tuple[str, ...]:
    """One sentence for each change by somebody else of what the form changes as well."""
    told = []
    for change, name in later:
        about = merged.contested & ((change.before or {}).keys() | (change.after or {}).keys())
        if about:
            words = ", ".join(sorted(LABELS[each][0] for each in about if each in LABELS))
            told.append(f"{name or 'Somebody'} has changed this meanwhile: {words}.")
    return tuple(told)


def _input(name: str) -> str:
    """The form's name for something in the sheet."""
    return {"commit_level": "commit", "stretch_level": "stretch", "contributor_ids": "contributors"}.get(
        name, name.removesuffix("_id")
    )


def _of_person(name: str) -> str:
    return {"owner_id": "owner", "delegate_id": "delegate", "contributor_ids": "contributors"}.get(name, name)


def _reason(command: SaveEdit, merged: Merged, each: Editable) -> str | None:
    """Why; raises InvalidAnswers where one is wanted and none is given."""
    reason = typed_reason(command.reason)
    if reason is not None and len(reason) > LONGEST_REASON:
        raise InvalidAnswers({"reason": f"This is too long: at most {LONGEST_REASON} characters."}, help_topic=HELP)
    state = merged.changed.get("state", State.IN_FORCE)
    if reason is None and state != State.IN_FORCE:
        raise InvalidAnswers(
            {"reason": f"Say in a sentence why it is {state}: it stays in its history."}, help_topic="edit"
        )
    draft = each.found.objective.published_at is None
    if reason is None and each.started and not draft and TERMS & merged.changed.keys():
        raise InvalidAnswers(
            {"reason": "It is under way, so say in a sentence why you change this: it stays in its history."},
            help_topic="edit",
        )
    return reason


def _check_reached(each: Editable, sheet: dict[str, Any], merged: Merged) -> None:
    """That the milestones that are reached are still there."""
    reached = each.found.row.last_value
    if "milestones" in merged.changed and "kind" not in merged.changed and (reached or 0) > len(sheet["milestones"]):
        told = f"{reached:f} are reached already, so keep at least that many. Names and shares may change."
        raise InvalidAnswers({"milestones": told}, help_topic=HELP)


def _across(each: Editable, number: int) -> str:
    """Why a key result is not moved between a draft and what is published."""
    shown = objective_id(number)
    if each.found.objective.published_at is not None:
        return f"{shown} is still a draft, and this would be in no list there. Publish {shown} first."
    return f"{shown} is published and this is part of a draft. Publish the draft first, then move it."


def _check_place(session: Session, each: Editable, sheet: dict[str, Any], merged: Merged) -> None:
    """That the objective takes it, and that its weights do not all become 0."""
    who = each.who
    if "objective_id" in merged.changed:
        to = objectives.by_id(session, who.workspace.id, sheet["objective_id"])
        if to is None or to.objective.dropped_at is not None:
            raise InvalidAnswers({"objective": "This objective is not there any more. Choose another."})
        if (to.objective.published_at is None) != (each.found.objective.published_at is None):
            raise InvalidAnswers({"objective": _across(each, to.objective.number)}, help_topic="set")
        if to.team.archived_at is not None or to.cycle.archived_at is not None:
            away = to.team.name if to.team.archived_at is not None else to.cycle.name
            raise InvalidAnswers({"objective": f"{away} is in the archive. Choose another objective."})
        check_readable(who, to_objective(session, who, to.objective), to.objective, objective_id(to.objective.number))
        try:
            of_team = to_team(session, who, to.team.id)
            check(Action.SET_OBJECTIVE, of_team, f"the team {to.team.name}", guest=who.member.is_guest)
        except NotAllowed as refused:
            raise InvalidAnswers({"objective": refused.sentence}, help_topic="roles") from refused
    if merged.changed.get("state") == State.IN_FORCE:
        above = objectives.by_id(session, who.workspace.id, sheet["objective_id"])
        if above is not None and above.objective.dropped_at is not None:
            shown = objective_id(above.objective.number)
            told = f"{shown} is {state_of(above.objective)} itself, so this would not count. Restore {shown} first."
            raise InvalidAnswers({"state": told}, help_topic="edit")
    if sheet["state"] != State.IN_FORCE or not merged.changed.keys() & {"weight", "objective_id", "state"}:
        return
    weights = objectives.weights_in(session, sheet["objective_id"])
    weights.pop(each.row.id, None)
    if sheet["weight"] == "0" and not any(weights.values()):
        raise InvalidAnswers(
            {"weight": "All weights of this objective would be 0, so nothing would count. Write 1 or more."},
            help_topic="weights",
        )
