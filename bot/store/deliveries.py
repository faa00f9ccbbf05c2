"""Outgoing messages: the queue and what came of each try.

State changes are conditional UPDATEs that answer whether they hit, so two processes can never both change a row.
The lease and the age of a call are measured on the database's clock (`clock`), `not_before` on the bot's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.store.leases import DatabaseClock
from bot.store.session import database_now, insert_once
from bot.store.tables import Attempt, Delivery, SenderLease


def add(
    session: Session,
    workspace_id: int,
    *,
    kind: str,
    recipient: str,
    arguments: dict[str, Any],
    dedupe_key: str,
    not_before: datetime,
    now: datetime,
    priority: int = 50,
) -> int | None:
    """Queue a message. Answers its id, or None when the workspace has a delivery of that `dedupe_key` already.

    recipient: a user id (a DM) or a channel id. arguments: small and JSON; the content is looked up when it is sent.
    priority: smaller goes first among what is due.
    """
    values = {
        "workspace_id": workspace_id,
        "kind": kind,
        "recipient": recipient,
        "arguments": arguments,
        "dedupe_key": dedupe_key,
        "not_before": not_before,
        "priority": priority,
        "state": "pending",
        "attempts": 0,
        "created_at": now,
    }
    return insert_once(session, Delivery, values, ["workspace_id", "dedupe_key"])


# --- what to send


def id_of(session: Session, workspace_id: int, dedupe_key: str) -> int | None:
    """The row id behind a dedupe key."""
    return session.scalar(
        select(Delivery.id).where(Delivery.workspace_id == workspace_id, Delivery.dedupe_key == dedupe_key)
    )


@dataclass(frozen=True)
class Due:
    """A delivery whose time has come."""

    delivery_id: int
    kind: str
    recipient: str


def due(
    session: Session,
    workspace_id: int,
    now: datetime,
    *,
    not_to: Collection[str] = (),
    not_kinds: Collection[str] = (),
    not_ids: Collection[int] = (),
    limit: int = 100,
) -> list[Due]:
    """What waits to be sent at `now`, most urgent first, without those recipients, kinds and rows."""
    rows = session.execute(
        select(Delivery.id, Delivery.kind, Delivery.recipient)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.state == "pending",
            Delivery.not_before <= now,
            Delivery.recipient.not_in(not_to),
            Delivery.kind.not_in(not_kinds),
            Delivery.id.not_in(not_ids),
        )
        .order_by(Delivery.priority, Delivery.not_before, Delivery.id)
        .limit(limit)
    )
    return [Due(*row) for row in rows]


def next_due(session: Session, workspace_id: int) -> datetime | None:
    """When the next waiting delivery may go, on the bot's clock; may lie in the past. None when nothing waits."""
    return session.scalar(
        select(func.min(Delivery.not_before)).where(Delivery.workspace_id == workspace_id, Delivery.state == "pending")
    )


def claim(
    session: Session,
    workspace_id: int,
    delivery_id: int,
    holder: str,
    fence: int,
    now: datetime,
    clock: DatabaseClock = database_now,
) -> Delivery | None:
    """Take one due delivery for sending, under the lease. None when it is not to be had (any more)."""
    moment = clock(session)
    leased = exists().where(
        SenderLease.workspace_id == workspace_id,
        SenderLease.holder == holder,
        SenderLease.fence == fence,
        SenderLease.until > moment,
    )
    taken = _hit(
        session,
        update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.workspace_id == workspace_id,
            Delivery.state == "pending",
            Delivery.not_before <= now,
            leased,
        )
        .values(state="sending", fence=fence, sending_since=moment),
    )
    return session.get(Delivery, delivery_id, populate_existing=True) if taken else None


def begin_attempt(
    session: Session,
    delivery: Delivery,
    *,
    channel: str,
    thread_ts: str | None,
    update_ts: str | None,
    form: str,
    clock: DatabaseClock = database_now,
) -> Attempt:
    """Write down that a call is about to be made, and where it goes."""
    assert delivery.fence is not None
    delivery.attempts += 1
    attempt = Attempt(
        workspace_id=delivery.workspace_id,
        delivery_id=delivery.id,
        number=delivery.attempts,
        fence=delivery.fence,
        channel=channel,
        thread_ts=thread_ts,
        update_ts=update_ts,
        form=form,
        started_at=clock(session),
    )
    session.add(attempt)
    session.flush()
    return attempt


def last_attempt(session: Session, delivery_id: int) -> Attempt | None:
    """The latest try of a delivery; None where there is none that is not forgiven."""
    return session.scalar(
        select(Attempt)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .where(Attempt.delivery_id == delivery_id, Attempt.number > Delivery.tries_from)
        .order_by(Attempt.number.desc())
        .limit(1)
    )


def count_attempts(session: Session, delivery_id: int, outcomes: Collection[str]) -> int:
    """How many tries of a delivery ended in one of `outcomes`, without those that are forgiven."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Attempt)
            .join(Delivery, Delivery.id == Attempt.delivery_id)
            .where(
                Attempt.delivery_id == delivery_id,
                Attempt.number > Delivery.tries_from,
                Attempt.outcome.in_(outcomes),
            )
        )
        or 0
    )


# --- what came of it


def end_attempt(
    session: Session,
    delivery_id: int,
    number: int,
    outcome: str,
    error: str | None,
    clock: DatabaseClock = database_now,
) -> bool:
    """Write down what came of a try. False when that was known already, with another outcome than `unclear`."""
    return _hit(
        session,
        update(Attempt)
        .where(
            Attempt.delivery_id == delivery_id,
            Attempt.number == number,
            or_(Attempt.outcome.is_(None), Attempt.outcome == "unclear"),
        )
        .values(outcome=outcome, error=error, ended_at=clock(session)),
    )


def settle_sent(session: Session, delivery_id: int, channel: str, ts: str, now: datetime) -> Delivery | None:
    """Keep Slack's answer. None when the delivery was known to be sent before.

    A message that stands in Slack is sent, whatever the row said meanwhile.
    """
    hit = _hit(
        session,
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state != "sent")
        .values(state="sent", channel=channel, ts=ts, settled_at=now, reason=None),
    )
    return session.get(Delivery, delivery_id, populate_existing=True) if hit else None


def settle_unsent(session: Session, delivery_id: int, number: int, state: str, reason: str, now: datetime) -> bool:
    """End a delivery as dropped, failed or unknown. `number` is the try it ends with; False when others went on."""
    return _hit(
        session,
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == "sending", Delivery.attempts == number)
        .values(state=state, reason=reason, settled_at=now),
    )


def put_back(session: Session, delivery_id: int, number: int, not_before: datetime | None, reason: str | None) -> bool:
    """Let a delivery wait again, until `not_before` (None: as before). False when others went on with it."""
    values: dict[str, Any] = {"state": "pending", "reason": reason, "sending_since": None}
    if not_before is not None:
        values["not_before"] = not_before
    return _hit(
        session,
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == "sending", Delivery.attempts == number)
        .values(**values),
    )


# --- calls whose outcome nobody recorded


def count_sending(session: Session, workspace_id: int, not_ids: Collection[int] = ()) -> int:
    """How many deliveries have a call whose outcome is not written down, without those."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Delivery)
            .where(Delivery.workspace_id == workspace_id, Delivery.state == "sending", Delivery.id.not_in(not_ids))
        )
        or 0
    )


@dataclass(frozen=True)
class Stranded:
    """A delivery whose call is over, one way or the other, and nobody wrote down how.

    `created_at` is on the bot's clock, `started_at` (of the try) on the database's.
    """

    delivery_id: int
    kind: str
    recipient: str
    key: str
    number: int
    channel: str
    thread_ts: str | None
    update_ts: str | None
    form: str
    created_at: datetime
    started_at: datetime


def stranded(
    session: Session,
    workspace_id: int,
    *,
    age: timedelta,
    over: Collection[int] = (),
    earlier_than_fence: int | None = None,
    not_ids: Collection[int] = (),
    limit: int = 20,
    clock: DatabaseClock = database_now,
) -> list[Stranded]:
    """Deliveries being sent for longer than `age` by the database's clock, so that no call can be under way.

    over: rows whose call is known to be over. earlier_than_fence: every row claimed under an earlier lease counts,
    whatever its age (for a holder that has had the lease for longer than `age`). not_ids: rows in hand.
    """
    over_for_sure = [Delivery.sending_since <= clock(session) - age, Delivery.id.in_(over)]
    if earlier_than_fence is not None:
        over_for_sure.append(Delivery.fence < earlier_than_fence)
    rows = session.execute(
        select(
            Delivery.id,
            Delivery.kind,
            Delivery.recipient,
            Delivery.key,
            Attempt.number,
            Attempt.channel,
            Attempt.thread_ts,
            Attempt.update_ts,
            Attempt.form,
            Delivery.created_at,
            Attempt.started_at,
        )
        .join(Attempt, and_(Attempt.delivery_id == Delivery.id, Attempt.number == Delivery.attempts))
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.state == "sending",
            or_(*over_for_sure),
            Delivery.id.not_in(not_ids),
        )
        .order_by(Delivery.sending_since, Delivery.id)
        .limit(limit)
    )
    return [Stranded(*row) for row in rows]


def known_channel(session: Session, workspace_id: int, recipient: str) -> str | None:
    """The conversation (`D…`) that Slack answered with when something was last sent to this recipient."""
    return session.scalar(
        select(Delivery.channel)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.recipient == recipient,
            Delivery.state == "sent",
            Delivery.channel.is_not(None),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )


def newest_before(session: Session, workspace_id: int, channel: str, before: datetime) -> str | None:
    """The ts of our newest top-level message in a conversation that stood there at `before` (database's clock)."""
    return session.scalar(
        select(func.max(Delivery.ts))
        .join(Attempt, Attempt.delivery_id == Delivery.id)
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.channel == channel,
            Delivery.state == "sent",
            Attempt.outcome == "sent",
            Attempt.thread_ts.is_(None),
            Attempt.ended_at <= before,
        )
    )


# --- how it stands


@dataclass(frozen=True)
class Standing:
    """How a workspace's deliveries stand: rows by state, the longest wait of what is due, and calls being made."""

    by_state: dict[str, int]
    oldest_due: datetime | None


def by_state(session: Session, workspace_id: int) -> dict[str, int]:
    """How many deliveries there ever were, by state."""
    rows = session.execute(
        select(Delivery.state, func.count()).where(Delivery.workspace_id == workspace_id).group_by(Delivery.state)
    )
    return dict(rows.all())


def standing(session: Session, workspace_id: int, now: datetime) -> Standing:
    """For `doctor`, and to see that the database answers."""
    oldest = session.scalar(
        select(func.min(Delivery.not_before)).where(
            Delivery.workspace_id == workspace_id, Delivery.state == "pending", Delivery.not_before <= now
        )
    )
    return Standing(by_state(session, workspace_id), oldest)


def _hit(session: Session, statement: Any) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
