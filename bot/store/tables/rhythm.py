"""The rhythm: rounds, everybody's part in them, and what was posted of them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.base import Base


class Round(Base):
    """One team's check-in for one period; `monday` is the first day of the period."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("team_id", "monday"), Index(None, "workspace_id", "closed_at", "closes_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    monday: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class RoundPart(Base):
    """What one member is asked in one round: when the prompt goes, and whether that is settled."""

    __tablename__ = "round_part"
    __table_args__ = (
        UniqueConstraint("round_id", "member_id"),
        Index(None, "workspace_id", "settled_at", "prompt_at"),
        Index(None, "member_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    prompt_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))


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
