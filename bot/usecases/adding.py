"""One more key result for an objective that is published: the same form, and it is in force when it is saved."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.okr.errors import NotAllowed, OkrError
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.permissions import Action, check
from bot.okr.setting import KeyResultForm, ObjectiveSet
from bot.store import changes, drafts
from bot.store.session import Session
from bot.store.tables import KeyResult, Objective
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.change_notices import tell
from bot.usecases.details import check_readable, no_such
from bot.usecases.objectives import key_result_form
from bot.usecases.publishing import must_ask, told_objective
from bot.usecases.relations import to_objective
from bot.usecases.sheets import sheet_of

HELP = "key-results"


@dataclass(frozen=True)
class OpenAnother:
    """**Add Key Result** was pressed beside an objective (its number)."""

    actor: Actor
    objective: int


def open_another(session: Session, command: OpenAnother, now: datetime) -> KeyResultForm:
    """The form for one more key result. Raises NotFound, NotAllowed, OkrError."""
    who = acting(session, command.actor)
    objective = drafts.objective(session, who.workspace.id, command.objective)
    if objective is None:
        raise no_such(objective_id(command.objective))
    check_may_add(session, who, objective)
    return next_form(session, who, objective, drafts.forms_used(session, objective.id) + 1)


def next_form(session: Session, who: Acting, objective: Objective, form: int) -> KeyResultForm:
    """The form as it is shown for a published objective."""
    return replace(key_result_form(session, who, objective, form), adding=True, asks=False)


def check_may_add(session: Session, who: Acting, objective: Objective) -> None:
    """Raise unless the member may add to the objective: as who may change it, and agree where that is wanted."""
    shown = objective_id(objective.number)
    relations = to_objective(session, who, objective)
    check_readable(who, relations, objective, shown)
    check(Action.EDIT_OBJECTIVE, relations, shown, guest=who.member.is_guest)
    if objective.dropped_at is not None:
        raise OkrError(f"{shown} is {objective.drop_kind}. Restore it first: /okr edit {shown}.", help_topic="edit")
    if objective.published_at is None:
        raise OkrError(f"{shown} is still a draft: /okr set goes on with it.", help_topic="set")
    if must_ask(session, who, objective):
        raise NotAllowed(
            f"Here a lead or champion agrees to what is set, so one of them adds key results to {shown}.",
            help_topic="roles",
        )


def put_in_force(session: Session, who: Acting, objective: Objective, row: KeyResult, now: datetime) -> ObjectiveSet:
    """Write down that it was set, and tell its owner where somebody else did it."""
    agreed = {name: value for name, value in sheet_of(session, row).items() if name != "state"}
    change = changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity="key_result",
        entity_id=row.id,
        action="set",
        after={"id": key_result_id(row.number), **agreed},
    )
    session.flush()
    tell(session, who, change, {row.owner_id: "new owner"}, now)
    return told_objective(session, who.person, objective)
