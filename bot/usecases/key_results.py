"""The key results of an objective that is being set: one form after the other, until it is published."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.okr.errors import NotFound, OkrError
from bot.okr.forms import KeyResultFields
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.kinds import KINDS, METRIC
from bot.okr.permissions import Action, may
from bot.okr.setting import KeyResultForm, ObjectiveSet
from bot.okr.zones import local_day
from bot.store import changes, drafts, workspaces
from bot.store.session import Session
from bot.store.tables import KeyResult, Objective
from bot.usecases import adding
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.answers import InvalidAnswers
from bot.usecases.key_result_forms import HELP, AgreedKeyResult, Known, agree, write
from bot.usecases.objectives import KEY_RESULT_FORM, Refused, check_may_edit, key_result_form
from bot.usecases.publishing import publish, told_objective
from bot.usecases.relations import to_team
from bot.usecases.sheets import sheet_of, sheet_wanted, state_of
from bot.usecases.typed import says_something

LONGEST_CHAIN = 50
"""Key results one objective can be set with."""
_TERMS = ("start", "target", "unit", "commit", "stretch", "milestones")


@dataclass(frozen=True)
class ChooseKind:
    """Another kind was chosen in the `form`-th **Key result** form of an objective (its number)."""

    actor: Actor
    objective: int
    form: int
    fields: KeyResultFields
    adding: bool = False


@dataclass(frozen=True)
class SaveKeyResult:
    """**Save** was pressed; `another`: with **Save and add another** ticked.

    `window` tells apart two windows in which somebody goes on with the same draft: their forms are numbered alike.
    `nobody`: `U…` ids that Slack shows to be nobody of this workspace. `adding`: to what is published.
    """

    actor: Actor
    objective: int
    form: int
    fields: KeyResultFields
    another: bool
    window: str = ""
    nobody: frozenset[str] = frozenset()
    adding: bool = False


def choose_kind(session: Session, command: ChooseKind, now: datetime) -> KeyResultForm:
    """The form as the kind wants it. What was typed is kept as a draft, also what this kind does not ask for."""
    who, objective = _of_form(session, command.actor, command.objective, adds=command.adding)
    if objective.published_at is not None and not command.adding:
        raise OkrError(f"{objective_id(command.objective)} is published already.", help_topic="set")
    left = drafts.found(session, who.member.id, KEY_RESULT_FORM, str(objective.id))
    fields = _with_hidden(command.fields, None if left is None else KeyResultFields.found(left))
    _keep(session, who, objective, fields, now)
    shown = key_result_form(session, who, objective, command.form, fields)
    return replace(shown, fresh=False, adding=command.adding, asks=shown.asks and not command.adding)


def _with_hidden(typed: KeyResultFields, before: KeyResultFields | None) -> KeyResultFields:
    """What was typed, and for inputs that were not on the screen what had been typed there earlier."""
    if before is None:
        return typed
    shown = KINDS.get(before.kind, METRIC).inputs
    return replace(typed, **{name: getattr(before, name) for name in _TERMS if name not in shown})


def save_key_result(session: Session, command: SaveKeyResult, now: datetime) -> KeyResultForm | ObjectiveSet | Refused:
    """Keep the key result. Answers the next form, or with the last one what was published or waits for agreement.

    The same form sent again is the same key result, with what it says now. An empty
    form after the first key result means that there is no other one. Where a field is wrong, what was typed is kept
    as a draft and nothing else.
    """
    who, objective = _of_form(session, command.actor, command.objective, adds=command.adding)
    known = drafts.key_result_of_form(session, _nonce(objective, command))
    if command.adding and objective.published_at is not None and known is None:
        return _add(session, who, objective, command, now)
    if objective.published_at is not None or objective.approval_asked_at is not None:
        done = _afterwards(session, who, objective, known, command, now)
        once_more = command.adding and command.another and isinstance(done, ObjectiveSet)
        return adding.next_form(session, who, objective, command.form + 1) if once_more else done
    try:
        if known is not None or not _says_no_more(session, objective, command):
            _keep_key_result(session, who, objective, known, command, now)
    except InvalidAnswers as error:
        _keep(session, who, objective, command.fields, now)
        return Refused(error)
    drafts.forget(session, who.member.id, KEY_RESULT_FORM, str(objective.id))
    if command.another:
        return key_result_form(session, who, objective, command.form + 1)
    refused = _weightless(session, objective) or _nowhere(session, who, objective, now)
    return refused or publish(session, who, objective, now)


def _add(
    session: Session, who: Acting, objective: Objective, command: SaveKeyResult, now: datetime
) -> KeyResultForm | ObjectiveSet | Refused:
    """One more key result of what is published."""
    done = told_objective(session, who.person, objective)
    if not _says_no_more(session, objective, command):
        try:
            _keep_key_result(session, who, objective, None, command, now)
        except InvalidAnswers as error:
            _keep(session, who, objective, command.fields, now)
            return Refused(error)
        weightless = _weightless(session, objective)
        if weightless is not None:
            raise weightless.error
        row = drafts.key_result_of_form(session, _nonce(objective, command))
        assert row is not None
        done = adding.put_in_force(session, who, objective, row, now)
    drafts.forget(session, who.member.id, KEY_RESULT_FORM, str(objective.id))
    return adding.next_form(session, who, objective, command.form + 1) if command.another else done


def _afterwards(
    session: Session, who: Acting, objective: Objective, known: KeyResult | None, command: SaveKeyResult, now: datetime
) -> ObjectiveSet | Refused:
    """The very same form once more is answered once more; what was put right in it meanwhile is kept."""
    shown = objective_id(objective.number)
    waits = objective.published_at is None
    if known is None and not command.fields.is_blank:
        state = "waits for agreement already" if waits else "is published already"
        raise OkrError(f"{shown} {state}, so this key result was not added.", help_topic=HELP, field="title")
    if known is not None:
        try:
            agreed = agree(session, who, command.fields, Known(known, command.nobody))
        except InvalidAnswers as error:
            return Refused(error)
        before = sheet_of(session, known)
        wanted = sheet_wanted(agreed, objective.id, state_of(known))
        after = {name: value for name, value in wanted.items() if value != before[name]}
        if after:
            _put_right(session, who, known, agreed, waits=waits)
            changes.note(
                session,
                who.workspace.id,
                at=now,
                actor_id=who.member.id,
                entity="key_result",
                entity_id=known.id,
                action="changed",
                before={name: before[name] for name in after},
                after=after,
            )
    return told_objective(session, who.person, objective)


def _put_right(session: Session, who: Acting, known: KeyResult, agreed: AgreedKeyResult, *, waits: bool) -> None:
    """Change a key result whose form is sent again after it was published: its answer had perhaps got lost."""
    shown = key_result_id(known.number)
    if waits:
        raise OkrError(
            f"{shown} was saved before this change and waits for agreement. You can change it when it comes back.",
            help_topic=HELP,
            field="title",
        )
    if drafts.has_moved_on(session, known.id):
        raise OkrError(
            f"{shown} was saved before this change and has moved on since. /okr edit {shown} changes it.",
            help_topic=HELP,
            field="title",
        )
    write(session, known, agreed)


def _keep_key_result(
    session: Session,
    who: Acting,
    objective: Objective,
    known: KeyResult | None,
    command: SaveKeyResult,
    now: datetime,
) -> None:
    agreed = agree(session, who, command.fields, Known(known, command.nobody))
    if known is None:
        if len(drafts.key_results(session, objective.id)) >= LONGEST_CHAIN:
            told = f"An objective has at most {LONGEST_CHAIN} key results. Empty this field and press Save to set it."
            raise InvalidAnswers({"title": told}, help_topic=HELP)
        known = KeyResult(
            workspace_id=who.workspace.id,
            number=workspaces.take_key_result_number(session, who.workspace.id),
            objective_id=objective.id,
            title=agreed.title,
            kind=agreed.kind.name,
            weight=agreed.weight,
            created_at=now,
            form_nonce=_nonce(objective, command),
        )
        session.add(known)
    write(session, known, agreed)


def _says_no_more(session: Session, objective: Objective, command: SaveKeyResult) -> bool:
    """Whether the form means that there is no other key result: it is empty, or nothing fits and it has no title."""
    kept = len(drafts.key_results(session, objective.id))
    no_title = not says_something(command.fields.title)
    return kept > 0 and (command.fields.is_blank or (no_title and kept >= LONGEST_CHAIN))


def _weightless(session: Session, objective: Objective) -> Refused | None:
    rows = drafts.key_results(session, objective.id)
    if sum((row.weight for row, _ in rows), Decimal(0)) > 0:
        return None
    said = "All weights together must be more than 0, or nothing would count."
    return Refused(InvalidAnswers({"weight": said}, help_topic="weights"))


def _nowhere(session: Session, who: Acting, objective: Objective, now: datetime) -> Refused | None:
    """Why it can't be published where it belongs: its team or cycle is not what it was when the draft was begun."""
    around = drafts.surroundings(session, objective.id)
    told = None
    if around.team.archived_at is not None:
        told = f"The team {around.team.name[:60]} is in the archive now."
    elif not may(Action.SET_OBJECTIVE, to_team(session, who, around.team.id), guest=who.member.is_guest):
        told = f"You can't set objectives for the team {around.team.name[:60]} any more."
    elif around.cycle.archived_at is not None:
        told = f"{around.cycle.name} is in the archive now."
    elif around.cycle.ends_on < local_day(now, who.zone):
        told = f"{around.cycle.name} is over."
    if told is None:
        return None
    way = "Your draft is kept: press Cancel, then /okr set and Continue, to choose another team or cycle."
    return Refused(InvalidAnswers({"title": f"{told} {way}"}, help_topic="set"))


def _nonce(objective: Objective, command: SaveKeyResult) -> str:
    parts = (objective.form_nonce or f"o{objective.id}", command.window, str(command.form))
    return ".".join(part for part in parts if part)


def _keep(session: Session, who: Acting, objective: Objective, fields: KeyResultFields, now: datetime) -> None:
    drafts.keep(session, who.workspace.id, who.member.id, KEY_RESULT_FORM, str(objective.id), fields.kept(), now)


def _of_form(session: Session, actor: Actor, number: int, *, adds: bool) -> tuple[Acting, Objective]:
    who = acting(session, actor)
    objective = drafts.objective(session, who.workspace.id, number, lock=True)
    if objective is None or objective.dropped_at is not None:
        raise NotFound(f"{objective_id(number)} was discarded meanwhile. /okr set begins a new one.", help_topic="set")
    if adds and objective.published_at is not None:
        adding.check_may_add(session, who, objective)
    else:
        check_may_edit(session, who, objective)
    return who, objective
