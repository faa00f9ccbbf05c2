"""Deliveries as the operator sees them: what waits, what went wrong, and what is changed by hand.

By hand, a row is changed only while it is as it was read; the sender's own conditions (`bot.store.deliveries`) do the
rest, so a row that is being sent is left to whoever sends it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, case, func, literal, not_, select, update
from sqlalchemy.orm import Session

from bot.store.tables import Attempt, Delivery, InboxRow, Member, Round, RoundPart, Submission, Workspace


class Shown(StrEnum):
    """How a delivery stands, in the operator's words: those that wait for room in somebody's budget are `held`."""

    UNKNOWN = "unknown"
    FAILED = "failed"
    SENDING = "sending"
    WAITING = "waiting"
    HELD = "held"
    DROPPED = "dropped"
    SENT = "sent"


OPEN = (Shown.UNKNOWN, Shown.FAILED, Shown.SENDING, Shown.WAITING, Shown.HELD)
"""All that did not end well, or not yet."""
_OPEN_STATES = ("pending", "sending", "failed", "unknown")


def _is_held(now: datetime) -> ColumnElement[bool]:
    return and_(
        Delivery.state == "pending",
        Delivery.held_since.is_not(None),
        Delivery.asked_for.is_(False),
        Delivery.not_before > now,
    )


def _shown(now: datetime) -> ColumnElement[str]:
    waits = Delivery.state == "pending"
    return case((_is_held(now), literal(Shown.HELD.value)), (waits, literal(Shown.WAITING.value)), else_=Delivery.state)


def _is_shown_as(wanted: Collection[Shown], now: datetime) -> ColumnElement[bool]:
    states = {"pending" if each in (Shown.WAITING, Shown.HELD) else each.value for each in wanted}
    found: ColumnElement[bool] = Delivery.state.in_(states)
    if Shown.HELD not in wanted:
        found = and_(found, not_(_is_held(now)))
    if Shown.WAITING not in wanted:
        found = and_(found, (Delivery.state != "pending") | _is_held(now))
    return found


@dataclass(frozen=True)
class OpenCounts:
    """How many open deliveries there are by what is shown and kind, and since when the oldest due one waits."""

    by_shown_and_kind: dict[tuple[Shown, str], int]
    oldest_due: datetime | None


def open_counts(session: Session, workspace_id: int, now: datetime) -> OpenCounts:
    """Count what did not end well, or not yet. One statement."""
    rows = (
        select(_shown(now).label("shown"), Delivery.kind.label("kind"), Delivery.not_before.label("not_before"))
        .where(Delivery.workspace_id == workspace_id, Delivery.state.in_(_OPEN_STATES))
        .subquery()
    )
    counted = session.execute(
        select(rows.c.shown, rows.c.kind, func.count(), func.min(rows.c.not_before)).group_by(rows.c.shown, rows.c.kind)
    ).all()
    due = [oldest for shown, _, _, oldest in counted if shown == Shown.WAITING and oldest <= now]
    return OpenCounts({(Shown(shown), kind): count for shown, kind, count, _ in counted}, min(due, default=None))


@dataclass(frozen=True)
class Listed:
    """One delivery, without what it says. `name` is the receiver's; None for a channel or somebody not known here.

    `since` is on the bot's clock, but for `sending` on the database's.
    """

    delivery_id: int
    shown: Shown
    kind: str
    recipient: str
    name: str | None
    since: datetime
    reason: str | None
    next_try: datetime | None
    tries: int


def listed(
    session: Session,
    workspace_id: int,
    shown: Collection[Shown],
    recipients: Collection[str] | None,
    now: datetime,
    limit: int,
) -> list[Listed]:
    """Deliveries that stand so, to these receivers (None: to anybody): the troubles first, then what is due longest."""
    wanted = [Delivery.workspace_id == workspace_id, _is_shown_as(shown, now)]
    if recipients is not None:
        wanted.append(Delivery.recipient.in_(recipients))
    stands = _shown(now)
    urgency = case({each.value: rank for rank, each in enumerate(Shown)}, value=stands)
    waits = case((Delivery.state == "pending", Delivery.not_before))
    rows = session.execute(
        select(Delivery, stands, Member.name)
        .outerjoin(Member, and_(Member.workspace_id == Delivery.workspace_id, Member.slack_id == Delivery.recipient))
        .where(*wanted)
        .order_by(urgency, waits, Delivery.id.desc())
        .limit(limit)
    )
    return [_listed(row, Shown(state), name) for row, state, name in rows]


def _listed(row: Delivery, shown: Shown, name: str | None) -> Listed:
    since = row.settled_at
    if shown is Shown.SENDING:
        since = row.sending_since
    elif shown is Shown.HELD:
        since = row.held_since
    return Listed(
        row.id,
        shown,
        row.kind,
        row.recipient,
        name,
        since or row.created_at,
        row.reason,
        row.not_before if row.state == "pending" else None,
        row.attempts,
    )


def count(
    session: Session, workspace_id: int, shown: Collection[Shown], recipients: Collection[str] | None, now: datetime
) -> int:
    """How many there are of those."""
    wanted = [Delivery.workspace_id == workspace_id, _is_shown_as(shown, now)]
    if recipients is not None:
        wanted.append(Delivery.recipient.in_(recipients))
    return session.scalar(select(func.count()).select_from(Delivery).where(*wanted)) or 0


def names(session: Session, workspace_id: int) -> list[tuple[str, str]]:
    """Everybody's Slack id and name."""
    rows = session.execute(select(Member.slack_id, Member.name).where(Member.workspace_id == workspace_id))
    return [(slack_id, name) for slack_id, name in rows]


# --- by hand


def by_ids(session: Session, delivery_ids: Iterable[int]) -> dict[int, Delivery]:
    """Deliveries by their ids, as they are now."""
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(set(delivery_ids))))
    return {row.id: row for row in rows}


def send_again(session: Session, seen: Delivery, reason: str, now: datetime) -> bool:
    """Let a delivery that was seen so be tried now, as if for the first time. False where it is not so any more."""
    return _hit(
        session,
        _as_seen(seen).values(
            state="pending",
            not_before=now,
            reason=reason,
            sending_since=None,
            settled_at=None,
            held_since=None,
            tries_from=Delivery.attempts,
        ),
    )


def drop(session: Session, seen: Delivery, reason: str, now: datetime) -> bool:
    """End a delivery that was seen so. False where it is not so any more."""
    return _hit(session, _as_seen(seen).values(state="dropped", reason=reason, settled_at=now))


def _as_seen(seen: Delivery) -> Any:
    return update(Delivery).where(
        Delivery.id == seen.id, Delivery.state == seen.state, Delivery.attempts == seen.attempts
    )


def _hit(session: Session, statement: Any) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


# --- figures


def last_try(session: Session, workspace_id: int) -> datetime | None:
    """When a message was last tried to be sent, on the database's clock."""
    return session.scalar(
        select(Attempt.started_at).where(Attempt.workspace_id == workspace_id).order_by(Attempt.id.desc()).limit(1)
    )


@dataclass(frozen=True)
class InboxCounts:
    """Kept events of Slack whose work is not done: those that will be worked on, and those that were given up."""

    waiting: int
    given_up: int


def inbox_counts(session: Session, workspace_id: int, max_attempts: int) -> InboxCounts:
    """Count the events. One statement."""
    is_over = InboxRow.attempts >= max_attempts
    slack_team = select(Workspace.slack_id).where(Workspace.id == workspace_id).scalar_subquery()
    waiting, given_up = session.execute(
        select(func.count(case((not_(is_over), 1))), func.count(case((is_over, 1)))).where(
            InboxRow.processed_at.is_(None), InboxRow.slack_team == slack_team
        )
    ).one()
    return InboxCounts(waiting, given_up)


def why_events_failed(session: Session, workspace_id: int, max_attempts: int, limit: int) -> list[str]:
    """What went wrong in the newest events that were given up, each reason once."""
    slack_team = select(Workspace.slack_id).where(Workspace.id == workspace_id).scalar_subquery()
    newest = func.max(InboxRow.id)
    rows = session.execute(
        select(InboxRow.failure, newest)
        .where(
            InboxRow.processed_at.is_(None),
            InboxRow.attempts >= max_attempts,
            InboxRow.slack_team == slack_team,
            InboxRow.failure.is_not(None),
        )
        .group_by(InboxRow.failure)
        .order_by(newest.desc())
        .limit(limit)
    )
    return [str(failure) for failure, _ in rows]


@dataclass(frozen=True)
class PromptCounts:
    """Prompts of the rounds under way: how many were sent, and to how many of those somebody has answered."""

    sent: int
    answered: int


def prompt_counts(session: Session, workspace_id: int, now: datetime) -> PromptCounts:
    """Count the prompts. Who sends a check-in after the round opened for them has answered. One statement."""
    answer = select(Submission.id).where(
        Submission.member_id == RoundPart.member_id,
        Submission.submitted_at >= RoundPart.opens_at,
        Submission.undone_at.is_(None),
    )
    sent, answered = session.execute(
        select(
            func.count(Delivery.id.distinct()),
            func.count(case((answer.exists(), Delivery.id)).distinct()),
        )
        .select_from(Round)
        .join(RoundPart, RoundPart.round_id == Round.id)
        .join(Delivery, Delivery.id == RoundPart.delivery_id)
        .where(
            Round.workspace_id == workspace_id,
            Round.closed_at.is_(None),
            Round.opens_at <= now,
            Delivery.kind == "prompt",
            Delivery.state == "sent",
        )
    ).one()
    return PromptCounts(sent, answered)
