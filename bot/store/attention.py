"""Which messages somebody got without asking, and which wait for room in their attention budget."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from bot.store import deliveries
from bot.store.tables import Delivery


def _held_for(workspace_id: int, recipient: str) -> tuple[ColumnElement[bool], ...]:
    """What makes a delivery wait for room for somebody."""
    return (
        Delivery.workspace_id == workspace_id,
        Delivery.recipient == recipient,
        Delivery.state == "pending",
        Delivery.held_since.is_not(None),
    )


def count_sent(session: Session, workspace_id: int, recipient: str, kinds: Collection[str], since: datetime) -> int:
    """How many messages of these kinds have gone to somebody since then without being asked for.

    Those of which nobody knows whether they arrived count too.
    """
    return (
        session.scalar(
            select(func.count())
            .select_from(Delivery)
            .where(
                Delivery.workspace_id == workspace_id,
                Delivery.recipient == recipient,
                Delivery.state.in_(("sent", "unknown")),
                Delivery.kind.in_(kinds),
                Delivery.asked_for.is_(False),
                Delivery.settled_at >= since,
            )
        )
        or 0
    )


def waiting_until(session: Session, workspace_id: int, recipient: str, kind: str, until: datetime) -> list[datetime]:
    """When the messages of that kind to somebody may go that wait and may go before `until`."""
    return list(
        session.scalars(
            select(Delivery.not_before).where(
                Delivery.workspace_id == workspace_id,
                Delivery.recipient == recipient,
                Delivery.state == "pending",
                Delivery.kind == kind,
                Delivery.not_before < until,
            )
        )
    )


def hold(session: Session, delivery: Delivery, until: datetime, reason: str, now: datetime) -> bool:
    """Let a claimed delivery wait for room, until then; False when others went on with it."""
    if not deliveries.put_back(session, delivery.id, delivery.attempts, until, reason):
        return False
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.held_since.is_(None))
        .values(held_since=now)
        .execution_options(synchronize_session=False)
    )
    return True


def held(session: Session, workspace_id: int, recipient: str, limit: int = 20) -> list[Delivery]:
    """What waits for room for somebody, oldest first."""
    return list(
        session.scalars(
            select(Delivery)
            .where(
                *_held_for(workspace_id, recipient),
            )
            .order_by(Delivery.id)
            .limit(limit)
        )
    )


def look_again(session: Session, workspace_id: int, recipient: str, reason: str, now: datetime) -> None:
    """What waits for somebody for that reason may be tried now."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.recipient == recipient,
            Delivery.state == "pending",
            Delivery.reason == reason,
            Delivery.not_before > now,
        )
        .values(not_before=now)
        .execution_options(synchronize_session=False)
    )


def ask_for_held(session: Session, workspace_id: int, recipient: str, now: datetime) -> int:
    """They want to see now what waits for them. Answers how many messages those are."""
    return len(
        session.execute(
            update(Delivery)
            .where(
                *_held_for(workspace_id, recipient),
            )
            .values(asked_for=True, not_before=now, priority=0)
            .returning(Delivery.id)
            .execution_options(synchronize_session=False)
        ).all()
    )


def tell_elsewhere(session: Session, delivery_ids: Collection[int], reason: str, now: datetime) -> None:
    """These were told in another message, so they need not go any more."""
    if delivery_ids:
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(delivery_ids), Delivery.state == "pending", Delivery.held_since.is_not(None))
            .values(state="dropped", reason=reason, settled_at=now)
            .execution_options(synchronize_session=False)
        )


def count_held(session: Session, workspace_id: int, recipient: str) -> int:
    """How many messages wait for room for somebody."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Delivery)
            .where(
                *_held_for(workspace_id, recipient),
            )
        )
        or 0
    )


def last_sent(
    session: Session, workspace_id: int, recipient: str, kinds: Collection[str], limit: int
) -> list[Delivery]:
    """The last messages of these kinds that somebody got, newest first."""
    return list(
        session.scalars(
            select(Delivery)
            .where(
                Delivery.workspace_id == workspace_id,
                Delivery.recipient == recipient,
                Delivery.state == "sent",
                Delivery.kind.in_(kinds),
            )
            .order_by(Delivery.settled_at.desc(), Delivery.id.desc())
            .limit(limit)
        )
    )


def newest_list(
    session: Session, workspace_id: int, recipient: str, kinds: Collection[str], before: str, at: str | None
) -> Delivery | None:
    """The newest message of these kinds that somebody got before a `ts`; if one of them stands `at` a ts, that one."""
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.recipient == recipient,
            Delivery.kind.in_(kinds),
            Delivery.state == "sent",
            Delivery.ts < before,
        )
        .order_by(case((Delivery.ts == (at or ""), 0), else_=1), Delivery.ts.desc(), Delivery.id.desc())
        .limit(1)
    )
