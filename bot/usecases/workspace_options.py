"""The options of a workspace, which champions choose."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.errors import OkrError
from bot.okr.permissions import Action, check
from bot.store import changes
from bot.store.session import Session
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.relations import roles_of


@dataclass(frozen=True)
class ChangeOptions:
    """What is to hold from now on; None leaves an option as it is.

    approval_needed: an objective is published only after a lead or champion agreed. individual_objectives: people may
    own objectives. fiscal_start_month: 1-12, the month in which the business year begins.
    """

    actor: Actor
    approval_needed: bool | None = None
    individual_objectives: bool | None = None
    fiscal_start_month: int | None = None


def change_workspace_options(session: Session, command: ChangeOptions, now: datetime) -> None:
    """Change the options. What waits for agreement goes on waiting, whatever is chosen.

    Raises NotAllowed for everybody but champions, and OkrError at `fiscal_start_month`.
    """
    who = acting(session, command.actor)
    check(Action.CHANGE_WORKSPACE, roles_of(who), "this workspace", guest=who.member.is_guest)
    put_options(session, who, command, now)


def put_options(session: Session, who: Acting, command: ChangeOptions, now: datetime) -> None:
    """The same for somebody who was found to be allowed."""
    month = command.fiscal_start_month
    if month is not None and not 1 <= month <= 12:
        raise OkrError("Choose a month.", help_topic="start", field="fiscal_start_month")
    wanted: dict[str, bool | int | None] = {
        "approval_needed": command.approval_needed,
        "individual_objectives": command.individual_objectives,
        "fiscal_start_month": month,
    }
    before = {name: getattr(who.workspace, name) for name in wanted}
    after = {name: before[name] if value is None else value for name, value in wanted.items()}
    if after == before:
        return
    for name, value in after.items():
        setattr(who.workspace, name, value)
    changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity="workspace",
        entity_id=who.workspace.id,
        action="options",
        before=before,
        after=after,
    )
    session.flush()
