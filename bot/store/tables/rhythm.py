"""The rhythm: rounds, everybody's part in them, and what was posted of them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.base import Base


class Round(Base):
    """One team's check-in for one period, named by the Monday of the week it opens in.

    It keeps the times it was opened with: `rhythm` is the cadence that held then.
    """

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("team_id", "monday"), Index(None, "workspace_id", "closed_at", "closes_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    monday: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    rhythm: Mapped[str] = mapped_column(String(80))
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class RoundPart(Base):
    """What one member is asked in one round, and what became of it.

    `opens_at`: from then on an answer counts for the round; `due_at` and `closes_at` are the round's, later by the time
    the member is away. `prompt_at` is None where they can't be asked before the close; `settled_at` says that the
    prompt is decided, `reminder_settled_at` the same of the one reminder. `excuse` is away, skipped or not applicable.
    """

    __tablename__ = "round_part"
    __table_args__ = (
        UniqueConstraint("round_id", "member_id"),
        Index(None, "workspace_id", "settled_at", "prompt_at"),
        Index(None, "workspace_id", "reminder_settled_at", "remind_at"),
        Index(None, "member_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    opens_at: Mapped[datetime]
    prompt_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    reminder_settled_at: Mapped[datetime | None]
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    snoozed_until: Mapped[datetime | None]
    excuse: Mapped[str | None] = mapped_column(String(16))
    excused_at: Mapped[datetime | None]
    excuse_reason: Mapped[str | None]


class Absence(Base):
    """From when until when a member is away. `source` says who said so: command or slack_status.

    Who comes back earlier moves `until`; who never left has no row.
    """

    __tablename__ = "absence"
    __table_args__ = (Index(None, "member_id", "until"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class DigestPost(Base):
    """The top-level message that shows one round in the team's channel; details are in its thread."""

    __tablename__ = "digest_post"
    __table_args__ = (UniqueConstraint("round_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    channel: Mapped[str] = mapped_column(String(32))
    ts: Mapped[str] = mapped_column(String(32))
    posted_at: Mapped[datetime]


class PostedMessage(Base):
    """Which submission a message in Slack shows, so that a reaction or a reply finds its key results."""

    __tablename__ = "posted_message"
    __table_args__ = (UniqueConstraint("workspace_id", "channel", "ts"), Index(None, "submission_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    channel: Mapped[str] = mapped_column(String(32))
    ts: Mapped[str] = mapped_column(String(32))
    digest_post_id: Mapped[int | None] = mapped_column(ForeignKey("digest_post.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
