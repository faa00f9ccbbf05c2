"""Every table, as SQLAlchemy maps it. The migrations in `migrations/` make them; a test holds the two together.

Instants are UTC (`UtcDateTime`), calendar days are dates, values are exact decimals (`Exact`).
Every row belongs to a workspace. Relationships are not mapped on purpose: what a screen reads is one
visible query in a query module, never a hidden load while something is rendered.
"""

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.types import Exact, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Names every constraint, because SQLite's batch migrations can only drop what has a name."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's way of declaring it)
        datetime: UtcDateTime,
        Decimal: Exact,
        str: Text,
        dict[str, Any]: JSON,
    }


class Workspace(Base):
    """One Slack workspace (`T…`). The counters hand out human ids, which are never used twice."""

    __tablename__ = "workspace"
    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    bot_user: Mapped[str | None] = mapped_column(String(32))
    members_synced_at: Mapped[datetime | None]
    next_objective: Mapped[int] = mapped_column(default=1)
    next_key_result: Mapped[int] = mapped_column(default=1)


class Member(Base):
    """A person of the workspace, as Slack describes them. `zone` is an IANA name; None where Slack gives none."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slack_id"),
        UniqueConstraint("workspace_id", "external_key"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    slack_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(String(320))
    zone: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str | None] = mapped_column(String(16))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    deactivated_at: Mapped[datetime | None]
    external_key: Mapped[str | None] = mapped_column(String(120))


class MemberRole(Base):
    """A workspace-wide role of a member: champion or sponsor. (A lead is a column of the team.)"""

    __tablename__ = "member_role"
    __table_args__ = (UniqueConstraint("workspace_id", "member_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    role: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]


class RecognitionEmoji(Base):
    """Which reaction counts as which kind of recognition in a workspace (names without colons)."""

    __tablename__ = "recognition_emoji"
    __table_args__ = (UniqueConstraint("workspace_id", "emoji"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    emoji: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(16))


class Team(Base):
    """A node of the one tree of company, departments and teams. The root has no parent."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("workspace_id", "external_key"), Index(None, "workspace_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    name: Mapped[str]
    level: Mapped[str] = mapped_column(String(16))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    channel: Mapped[str | None] = mapped_column(String(32))
    archived_at: Mapped[datetime | None]
    external_key: Mapped[str | None] = mapped_column(String(120))


class Membership(Base):
    """A member belongs to a team; a person may belong to several."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("team_id", "member_id"), Index(None, "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))


class Cycle(Base):
    """A span of calendar days, both ends included; usually a quarter."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("workspace_id", "external_key"), Index(None, "workspace_id", "ends_on"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    external_key: Mapped[str | None] = mapped_column(String(120))


class Objective(Base):
    """`O-12`: owned by a team, in a cycle, possibly supporting another objective."""

    __tablename__ = "objective"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "external_key"),
        Index(None, "team_id", "cycle_id"),
        Index(None, "cycle_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    number: Mapped[int]
    title: Mapped[str]
    why: Mapped[str | None]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("objective.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    form_nonce: Mapped[str | None] = mapped_column(String(64), unique=True)
    external_key: Mapped[str | None] = mapped_column(String(120))


class KeyResult(Base):
    """`KR-34`: a measure of an objective with one owner. `start` and `target` are in `unit`."""

    __tablename__ = "key_result"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "external_key"),
        Index(None, "objective_id"),
        Index(None, "owner_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    number: Mapped[int]
    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id"))
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    start: Mapped[Decimal | None]
    target: Mapped[Decimal | None]
    unit: Mapped[str | None] = mapped_column(String(60))
    weight: Mapped[Decimal] = mapped_column(default=Decimal(1))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    external_key: Mapped[str | None] = mapped_column(String(120))


class Submission(Base):
    """One press of Send: its check-ins, the learning, the need.

    `form_nonce` names the form it came from: the same form sent again with the same `values_digest` is the same
    submission; with other values it becomes the next `version` of it.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("workspace_id", "form_nonce"),
        UniqueConstraint("workspace_id", "external_key"),
        Index(None, "member_id", "submitted_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    source: Mapped[str] = mapped_column(String(16))
    submitted_at: Mapped[datetime]
    form_nonce: Mapped[str | None] = mapped_column(String(64))
    values_digest: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    learned: Mapped[str | None]
    needs: Mapped[str | None]
    undone_at: Mapped[datetime | None]
    external_key: Mapped[str | None] = mapped_column(String(200))


class CheckIn(Base):
    """One key result's answer. Rows are only ever added: an edit or an undo is the next `version`.

    `as_of` is the instant the value is about, `recorded_at` when it was typed. `unchanged` marks "no change",
    `withdrawn` marks the version that an undo adds.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("submission_id", "key_result_id", "version"),
        Index(None, "key_result_id", "as_of"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    key_result_id: Mapped[int] = mapped_column(ForeignKey("key_result.id"))
    version: Mapped[int] = mapped_column(default=1)
    as_of: Mapped[datetime]
    recorded_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    value: Mapped[Decimal]
    before: Mapped[Decimal | None]
    confidence: Mapped[int | None]
    note: Mapped[str | None]
    unchanged: Mapped[bool] = mapped_column(default=False)
    withdrawn: Mapped[bool] = mapped_column(default=False)


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
    metadata, so that the message is recognised in a history. `channel` and `ts` are Slack's answer.
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
    attempts: Mapped[int] = mapped_column(default=0)
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
    """Who may send for a workspace, until when by the database's clock. `fence` grows with every new holder."""

    __tablename__ = "sender_lease"
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int]
    until: Mapped[datetime]


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


class Recognition(Base):
    """A recognition emoji on a check-in's message. Taking the reaction back sets `withdrawn_at`."""

    __tablename__ = "recognition"
    __table_args__ = (
        UniqueConstraint("workspace_id", "giver_id", "channel", "ts", "emoji"),
        Index(None, "receiver_id", "given_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    channel: Mapped[str] = mapped_column(String(32))
    ts: Mapped[str] = mapped_column(String(32))
    emoji: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(16))
    by_lead: Mapped[bool] = mapped_column(default=False)
    event_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class RecognisedKeyResult(Base):
    """The key results a recognition is about."""

    __tablename__ = "recognised_key_result"
    __table_args__ = (UniqueConstraint("recognition_id", "key_result_id"), Index(None, "key_result_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    recognition_id: Mapped[int] = mapped_column(ForeignKey("recognition.id"))
    key_result_id: Mapped[int] = mapped_column(ForeignKey("key_result.id"))


class Change(Base):
    """The change log: who changed what, when, from what to what."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "workspace_id", "entity", "entity_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    entity: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[int]
    action: Mapped[str] = mapped_column(String(32))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


Index(
    "ix_inbox_unprocessed",
    InboxRow.received_at,
    sqlite_where=text("processed_at IS NULL"),
    postgresql_where=text("processed_at IS NULL"),
)
