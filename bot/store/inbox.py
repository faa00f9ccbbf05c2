"""Events of Slack: kept before they are acknowledged, marked when their work is committed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from bot.store.session import insert_once
from bot.store.tables import InboxRow, Workspace


def keep(session: Session, slack_team: str, event_id: str, payload: dict[str, Any], now: datetime) -> bool:
    """Keep an event. False when it is known already."""
    values = {
        "slack_team": slack_team,
        "workspace_id": session.scalar(select(Workspace.id).where(Workspace.slack_id == slack_team)),
        "event_id": event_id,
        "payload": payload,
        "received_at": now,
        "attempts": 0,
    }
    return insert_once(session, InboxRow, values, ["event_id"]) is not None


def mark_processed(session: Session, event_id: str, now: datetime) -> bool:
    """Mark an event's work as done. False when it was done before (or the event is unknown)."""
    return (
        _count(
            session,
            update(InboxRow)
            .where(InboxRow.event_id == event_id, InboxRow.processed_at.is_(None))
            .values(processed_at=now),
        )
        == 1
    )


def waiting(session: Session, received_before: datetime, max_attempts: int, limit: int) -> list[InboxRow]:
    """Kept events whose work is not done, oldest first, without those that failed `max_attempts` times."""
    return list(
        session.scalars(
            select(InboxRow)
            .where(
                InboxRow.processed_at.is_(None),
                InboxRow.received_at <= received_before,
                InboxRow.attempts < max_attempts,
            )
            .order_by(InboxRow.received_at, InboxRow.id)
            .limit(limit)
        )
    )


def note_failure(session: Session, event_id: str, failure: str) -> int:
    """Count a failed try of an event's work and keep why. Answers how many there were; 0 for a processed event."""
    attempts = session.scalar(
        update(InboxRow)
        .where(InboxRow.event_id == event_id, InboxRow.processed_at.is_(None))
        .values(attempts=InboxRow.attempts + 1, failure=failure)
        .returning(InboxRow.attempts)
        .execution_options(synchronize_session=False)
    )
    return attempts or 0


def prune(session: Session, now: datetime, keep_for: timedelta, limit: int) -> int:
    """Forget events processed longer ago than `keep_for`. Answers how many."""
    old = (
        select(InboxRow.id)
        .where(InboxRow.processed_at < now - keep_for)
        .order_by(InboxRow.processed_at)
        .limit(limit)
        .scalar_subquery()
    )
    return _count(session, delete(InboxRow).where(InboxRow.id.in_(old)))


def _count(session: Session, statement: Any) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
