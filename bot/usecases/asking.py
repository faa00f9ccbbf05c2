"""Who is asked to agree to an objective, and who is asked instead once they no longer may."""

from datetime import datetime

from bot.okr.setting import Outcome
from bot.store import agreements, deliveries
from bot.store.session import Session
from bot.store.tables import Member, Objective

ANSWERS_FIRST = 0
"""The priority of what answers one's own click."""
ASKS = 20
SETTLED = "agreement_settled"


def approver(session: Session, objective: Objective) -> Member | None:
    """Who is to be asked: the nearest lead, of the team or above it, else the champion longest in office.

    Never the author, nor a guest or somebody who has left. None where nobody is left.
    """
    author = objective.created_by
    lead = agreements.nearest_lead(session, objective.team_id, other_than=author)
    return lead or agreements.first_champion(session, objective.workspace_id, other_than=author)


def ask(session: Session, objective: Objective, asked: Member, now: datetime, occasion: int = 0) -> None:
    """Queue the message that asks somebody; the objective waits for them from now on.

    `occasion` tells apart the times that the same objective is passed on.
    """
    objective.approval_asked_at = objective.approval_asked_at or now
    objective.approver_id = asked.id
    session.flush()
    asked_at = objective.approval_asked_at.isoformat()
    deliveries.add(
        session,
        objective.workspace_id,
        kind=agreements.KIND,
        recipient=asked.slack_id,
        arguments={"objective": objective.id, "member": asked.id, "asked_at": asked_at},
        dedupe_key=f"{_request_key(objective, objective.approval_asked_at)}:{occasion}",
        not_before=now,
        now=now,
        priority=ASKS,
    )


def ask_others(session: Session, workspace_id: int, now: datetime) -> None:
    """Ask the next who may agree wherever who was asked has left or may not any more; the author hears who.

    Whoever is asked rightly stays asked, so nobody is asked twice. One statement where nothing waits.
    """
    for objective in agreements.waiting(session, workspace_id):
        ask_somebody_else(session, objective, now)


def ask_somebody_else(session: Session, objective: Objective, now: datetime) -> None:
    """The same for one objective that waits."""
    before = objective.approver_id
    if before is not None and agreements.may_agree(session, objective.workspace_id, before, objective.team_id):
        return
    following = approver(session, objective)
    if (None if following is None else following.id) == before:
        return
    asked_at = objective.approval_asked_at
    assert asked_at is not None  # it waits
    settle(session, objective, asked_at, now, Outcome.PASSED_ON)
    objective.approver_id = None
    session.flush()
    whom = "Nobody is left who may agree." if following is None else f"{following.name} is asked now."
    occasion = agreements.note(session, objective.workspace_id, objective.id, actor_id=None,
                               action=agreements.PASSED_ON, comment=whom, now=now)  # fmt: skip
    if following is not None:
        ask(session, objective, following, now, occasion)
    tell_author(session, objective, f"objective_waits:{objective.id}:{asked_at.isoformat()}:{occasion}", now)


def settle(session: Session, objective: Objective, asked_at: datetime, now: datetime, outcome: Outcome) -> None:
    """Let every message that asked then say what came of it, without its buttons."""
    for request in agreements.requests(session, objective.workspace_id, _request_key(objective, asked_at)):
        deliveries.add(
            session,
            objective.workspace_id,
            kind=SETTLED,
            recipient=request.recipient,
            arguments={"objective": objective.id, "request": request.id, "outcome": outcome.value},
            dedupe_key=f"{SETTLED}:{request.id}:{outcome.value}",
            not_before=now,
            now=now,
            priority=ANSWERS_FIRST,
        )


def stop_waiting(session: Session, objective: Objective, now: datetime, outcome: Outcome) -> None:
    """Nobody is asked any more: it is a draft again, or published."""
    if objective.approval_asked_at is not None:
        settle(session, objective, objective.approval_asked_at, now, outcome)
    objective.approval_asked_at, objective.approver_id = None, None
    session.flush()


def _request_key(objective: Objective, asked_at: datetime) -> str:
    """What the dedupe keys of all messages of one asking begin with."""
    return f"{agreements.KIND}:{objective.id}:{asked_at.isoformat()}"


def tell_author(session: Session, objective: Objective, dedupe_key: str, now: datetime) -> None:
    """Queue the note to who set it. It says how things stand when it is sent."""
    author = None if objective.created_by is None else session.get(Member, objective.created_by)
    if author is None or author.deactivated_at is not None:
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
