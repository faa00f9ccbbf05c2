"""Setting an objective: its form, and the drafts that are offered."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.errors import NotFound, OkrError
from bot.okr.forms import KeyResultFields, ObjectiveFields
from bot.okr.human_ids import objective_id
from bot.okr.permissions import Action, Relation, check, may
from bot.okr.setting import KeyResultForm, ObjectiveForm, OfferedDraft
from bot.store import alignment, drafts, keyresults, members, workspaces
from bot.store.session import Session
from bot.store.tables import Objective
from bot.usecases import objective_forms
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.answers import InvalidAnswers
from bot.usecases.objective_forms import drafts_of, form_facts, offered, offered_still, parent_of, read_objective
from bot.usecases.publishing import must_ask, told_key_results
from bot.usecases.relations import to_objective

KEY_RESULT_FORM = "key_result"
"""The name under which the content of a **Key result** form is kept; its subject is the objective's row id."""

_DISCARDED = "This draft was discarded. /okr set begins a new one."


@dataclass(frozen=True)
class Refused:
    """The form can't be taken as it is; what was typed is kept as a draft all the same."""

    error: InvalidAnswers


@dataclass(frozen=True)
class OpenObjective:
    """Show the **New objective** modal; `nonce` names the form until it is published, `title` was typed before."""

    actor: Actor
    nonce: str
    title: str = ""


@dataclass(frozen=True)
class OpenDraft:
    """Go on with a draft (`draft` is its form's nonce) in the `form`-th form of a window.

    `left` is what had been typed in the form that it replaces, and `left_nonce` names that form.
    """

    actor: Actor
    draft: str
    form: int
    left: ObjectiveFields | None = None
    left_nonce: str = ""


@dataclass(frozen=True)
class DiscardDraft:
    """Throw a draft away; `nonce` and `form` name the **New objective** form that stays open, with `typed` in it."""

    actor: Actor
    draft: str
    nonce: str
    form: int
    typed: ObjectiveFields | None = None


@dataclass(frozen=True)
class SetObjective:
    """**Next** was pressed in the **New objective** modal."""

    actor: Actor
    nonce: str
    form: int
    fields: ObjectiveFields


def open_objective(session: Session, command: OpenObjective, now: datetime) -> ObjectiveForm:
    """An empty form, with the drafts the member may go on with instead. Eight statements."""
    who = acting(session, command.actor)
    where = offered(session, who, now)
    fields = ObjectiveFields(title=command.title, team=where.teams[0].id, cycle=where.current.id)
    return form_facts(who, where, fields, nonce=command.nonce, form=1, drafts_offered=drafts_of(session, who))


def open_draft(session: Session, command: OpenDraft, now: datetime) -> ObjectiveForm:
    """The form as it was left. Eight statements. Raises OkrError where the draft is gone or published meanwhile."""
    who = acting(session, command.actor)
    if command.left_nonce != command.draft:
        _keep_unsent(session, who, command.left_nonce, command.left, now)
    where = offered_still(session, who, now)
    objective = keyresults.objective_of_form(session, command.draft)
    left = drafts.found(session, who.member.id, objective_forms.FORM, command.draft)
    typed = None if left is None else ObjectiveFields.found(left)
    begun = OfferedDraft(command.draft, None, "")
    if objective is not None:
        _check_draft(session, who, objective)
        begun = OfferedDraft(
            command.draft, objective.number, objective.title, len(drafts.key_results(session, objective.id))
        )
    elif typed is None:
        raise NotFound(_DISCARDED, help_topic="set")
    if typed is not None:
        supports = parent_of(session, who, typed.supports, objective)
    else:
        assert objective is not None  # or there would be nothing to go on with
        typed = _fields_of(objective)
        supports = None if objective.parent_id is None else alignment.numbered(session, objective.parent_id)
    return form_facts(who, where, typed, nonce=command.draft, form=command.form, supports=supports, begun=begun)


def _fields_of(objective: Objective) -> ObjectiveFields:
    return ObjectiveFields(
        title=objective.title,
        why=objective.why or "",
        team=objective.team_id,
        cycle=objective.cycle_id,
        private=objective.private,
        individual=objective.owner_id is not None,
    )


def discard_draft(session: Session, command: DiscardDraft, now: datetime) -> ObjectiveForm:
    """Throw a draft away, and what was typed for it; its number is not used again. Answers the form that is open."""
    who = acting(session, command.actor)
    drafts.forget(session, who.member.id, objective_forms.FORM, command.draft)
    objective = keyresults.objective_of_form(session, command.draft)
    if objective is not None and objective.dropped_at is None:
        _check_draft(session, who, objective)
        drafts.forget(session, who.member.id, KEY_RESULT_FORM, str(objective.id))
        objective.dropped_at, objective.drop_kind = now, "dropped"
        objective.drop_reason = "The draft was discarded."
        session.flush()
    _keep_unsent(session, who, command.nonce, command.typed, now)
    where = offered(session, who, now)
    fields = command.typed or ObjectiveFields(team=where.teams[0].id, cycle=where.current.id)
    supports = parent_of(session, who, fields.supports, None)
    others = drafts_of(session, who, open_one=command.nonce)
    return form_facts(
        who, where, fields, nonce=command.nonce, form=command.form, supports=supports, drafts_offered=others
    )


def _keep_unsent(session: Session, who: Acting, nonce: str, typed: ObjectiveFields | None, now: datetime) -> None:
    """Keep what somebody had typed in a form that they did not send: it is offered next time."""
    if typed is not None and (typed.title.strip() or typed.why.strip()):
        drafts.keep(session, who.workspace.id, who.member.id, objective_forms.FORM, nonce, typed.kept(), now)


def check_may_edit(session: Session, who: Acting, objective: Objective) -> None:
    """Raise NotAllowed unless the member may change the draft. No statement for its author."""
    relations = {Relation.AUTHOR} if objective.created_by == who.member.id else set()
    if not may(Action.EDIT_DRAFT, relations, guest=who.member.is_guest):
        relations = to_objective(session, who, objective)
    check(Action.EDIT_DRAFT, relations, f"the draft {objective_id(objective.number)}", guest=who.member.is_guest)


def _check_draft(session: Session, who: Acting, objective: Objective) -> None:
    """Raise unless it is a draft that the member may change."""
    shown = objective_id(objective.number)
    check_may_edit(session, who, objective)
    if objective.dropped_at is not None:
        raise OkrError(_DISCARDED, help_topic="set")
    if objective.published_at is not None:
        raise OkrError(f"{shown} is published already. /okr edit {shown} changes it.", help_topic="set")
    if objective.approval_asked_at is not None:
        raise OkrError(f"{shown} waits for agreement. You can change it when it comes back.", help_topic="set")


def set_objective(session: Session, command: SetObjective, now: datetime) -> KeyResultForm | Refused:
    """Keep the objective as a draft and answer the form for its first, or next, key result.

    The same form sent again is the same objective, with what it says now. Where a field is wrong, what was typed is
    kept and nothing else.
    """
    who = acting(session, command.actor)
    known = keyresults.objective_of_form(session, command.nonce)
    if known is not None:
        _check_draft(session, who, known)
    try:
        agreed = read_objective(session, who, command.fields, known, now)
    except InvalidAnswers as error:
        drafts.keep(session, who.workspace.id, who.member.id, objective_forms.FORM, command.nonce,
                    command.fields.kept(), now)  # fmt: skip
        return Refused(error)
    drafts.forget(session, who.member.id, objective_forms.FORM, command.nonce)
    objective = known or Objective(
        workspace_id=who.workspace.id,
        number=workspaces.take_objective_number(session, who.workspace.id),
        created_by=who.member.id,
        created_at=now,
        form_nonce=command.nonce,
    )
    objective.title, objective.why, objective.private = agreed.title, agreed.why, agreed.private
    objective.team_id, objective.cycle_id = agreed.team.id, agreed.cycle.id
    objective.parent_id = None if agreed.parent is None else agreed.parent.id
    objective.owner_id = who.member.id if agreed.individual else None
    session.add(objective)
    session.flush()
    if agreed.team.parent_id is None and not members.teams_of(session, who.member.id):
        # Who has no team yet belongs to the company from now on.
        members.join_team(session, who.workspace.id, agreed.team.id, who.member.id)
    return key_result_form(session, who, objective, drafts.forms_used(session, objective.id) + 1)


def key_result_form(
    session: Session, who: Acting, objective: Objective, form: int, fields: KeyResultFields | None = None
) -> KeyResultForm:
    """The form for the next key result: empty, or as it was left, or with the content given."""
    if fields is None:
        left = drafts.found(session, who.member.id, KEY_RESULT_FORM, str(objective.id))
        empty = KeyResultFields(weight="1", owner_id=who.member.slack_id)
        fields = empty if left is None else KeyResultFields.found(left)
    return KeyResultForm(
        person=who.person,
        form=form,
        objective=objective.number,
        objective_title=objective.title,
        fields=fields,
        kept=told_key_results(session, objective),
        asks=must_ask(session, who, objective),
    )
