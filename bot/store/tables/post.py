"""What comes in and what goes out: events, deliveries, attempts, the sender's lease."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.base import Base


class InboxRow(Base):
    """An event of Slack, kept before it is acknowledged; `processed_at` is None until its work is committed."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("event_id"), Index(None, "processed_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    slack_team: Mapped[str] = mapped_column(String(32))
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspace.id"))
    event_id: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]


class Delivery(Base):
    """One outgoing message that is not the direct answer to a click; rendered when it is sent.

    `state`: pending, sending, sent, dropped, failed, unknown. `not_before` is on the bot's clock, `sending_since`
    on the database's clock (a lease must not move with a clock that a person moves). `key` goes into the message's
    metadata, so that the message is recognised in a history. `channel` and `ts` are Slack's answer. `asked_for`: its
    receiver has clicked for it, so it counts against nobody's attention budget; `held_since`: it waits for room there.
    `tries_from`: tries up to that number are forgiven, because somebody had it sent again by hand.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index(None, "workspace_id", "state", "not_before"),
        Index(None, "workspace_id", "recipient", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    kind: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str] = mapped_column(String(32))
    arguments: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(8))
    priority: Mapped[int] = mapped_column(default=50)
    not_before: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="pending")
    reason: Mapped[str | None]
    asked_for: Mapped[bool] = mapped_column(default=False)
    held_since: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    tries_from: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int | None]
    sending_since: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Attempt(Base):
    """One try to send a delivery, and what came of it. `outcome` is None while the call is under way.

    `channel`, `thread_ts` and `update_ts` are where it went (a message is looked for there), `form` how much of it:
    full, plain (text only) or bare (text without metadata). `started_at` and `ended_at` are on the database's clock.
    """

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("delivery_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    number: Mapped[int]
    fence: Mapped[int]
    channel: Mapped[str] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    update_ts: Mapped[str | None] = mapped_column(String(32))
    form: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    error: Mapped[str | None]


class SenderLease(Base):
    """Who may send for a workspace, since and until when by the database's clock.

    `fence` grows with every new holder.
    """

    __tablename__ = "sender_lease"
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int]
    since: Mapped[datetime | None]
    until: Mapped[datetime]


Index(
    "ix_inbox_unprocessed",
    InboxRow.received_at,
    sqlite_where=text("processed_at IS NULL"),
    postgresql_where=text("processed_at IS NULL"),
)
