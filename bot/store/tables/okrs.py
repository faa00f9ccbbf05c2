"""What is aimed at and what is answered: cycles, objectives, key results, submissions, check-ins, recognition."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.base import Base


class Cycle(Base):
    """A span of calendar days, both ends included; usually a quarter. Cycles may overlap.

    `drafts_from`: the day from which objectives may be set for it; None: any time.
    """

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("workspace_id", "external_key"), Index(None, "workspace_id", "ends_on"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    drafts_from: Mapped[date | None]
    archived_at: Mapped[datetime | None]
    external_key: Mapped[str | None] = mapped_column(String(120))


class Objective(Base):
    """`O-12`: owned by a team, in a cycle, possibly supporting another objective.

    A draft until `published_at`; `approval_asked_at` while a lead or champion (`approver_id`) is asked to agree.
    `owner_id` only where it is one person's own. `dropped_at` with `drop_kind` (`dropped` or `postponed`) and
    `drop_reason` takes it out of every list; restoring clears them.
    """

    __tablename__ = "objective"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "external_key"),
        Index(None, "team_id", "cycle_id"),
        Index(None, "cycle_id"),
        Index(None, "parent_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    number: Mapped[int]
    title: Mapped[str]
    why: Mapped[str | None]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("objective.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    private: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    approval_asked_at: Mapped[datetime | None]
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    dropped_at: Mapped[datetime | None]
    drop_kind: Mapped[str | None] = mapped_column(String(16))
    drop_reason: Mapped[str | None]
    form_nonce: Mapped[str | None] = mapped_column(String(64), unique=True)
    external_key: Mapped[str | None] = mapped_column(String(120))


class KeyResult(Base):
    """`KR-34`: a measure of an objective with one owner. `start`, `target` and the levels are in `unit`.

    A `delegate_id` may check in for the owner and nothing else. `dropped_at`, `drop_kind`, `drop_reason` as for
    objectives.
    """

    __tablename__ = "key_result"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "external_key"),
        Index(None, "objective_id"),
        Index(None, "owner_id"),
        Index(None, "delegate_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    number: Mapped[int]
    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id"))
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    start: Mapped[Decimal | None]
    target: Mapped[Decimal | None]
    commit_level: Mapped[Decimal | None]
    stretch_level: Mapped[Decimal | None]
    unit: Mapped[str | None] = mapped_column(String(60))
    weight: Mapped[Decimal] = mapped_column(default=Decimal(1))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    drop_kind: Mapped[str | None] = mapped_column(String(16))
    drop_reason: Mapped[str | None]
    form_nonce: Mapped[str | None] = mapped_column(String(64), unique=True)
    external_key: Mapped[str | None] = mapped_column(String(120))


class MilestoneStep(Base):
    """One step of a milestones key result; `position` counts from 1 in the order they are to be reached."""

    __tablename__ = "milestone_step"
    __table_args__ = (UniqueConstraint("key_result_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    key_result_id: Mapped[int] = mapped_column(ForeignKey("key_result.id"))
    position: Mapped[int]
    name: Mapped[str]
    share: Mapped[Decimal]


class Contributor(Base):
    """Somebody who works on a key result beside its one owner."""

    __tablename__ = "contributor"
    __table_args__ = (UniqueConstraint("key_result_id", "member_id"), Index(None, "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    key_result_id: Mapped[int] = mapped_column(ForeignKey("key_result.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))


class Draft(Base):
    """What somebody had typed in a form that is not sent yet: `form` names the form, `subject` what it is about.

    `fields` holds each input's content as Slack sent it.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("member_id", "form", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    form: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    fields: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


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
    `withdrawn` marks the version that an undo adds, `back_dated` one whose day the person chose. `value` is None only
    for "no change" where nothing was known yet.
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
    value: Mapped[Decimal | None]
    before: Mapped[Decimal | None]
    confidence: Mapped[int | None]
    note: Mapped[str | None]
    unchanged: Mapped[bool] = mapped_column(default=False)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    back_dated: Mapped[bool] = mapped_column(default=False)


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
