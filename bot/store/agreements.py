"""What became of asking a lead or champion to agree to an objective; kept in the change log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.tables import Change, Delivery, Member, MemberRole

AGREED = "agreed"
SENT_BACK = "sent back"


@dataclass(frozen=True)
class Decision:
    """What somebody decided: `action` is one of the words above."""

    action: str
    by: str
    at: datetime
    comment: str | None


def latest(session: Session, objective_id: int) -> Decision | None:
    """The last decision about an objective; None where there was none."""
    row = session.execute(
        select(Change.action, Member.name, Change.at, Change.reason)
        .join(Member, Member.id == Change.actor_id)
        .where(Change.entity == "objective", Change.entity_id == objective_id, Change.action.in_([AGREED, SENT_BACK]))
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    return None if row is None else Decision(*row)


def note(
    session: Session,
    workspace_id: int,
    objective_id: int,
    *,
    actor_id: int,
    action: str,
    comment: str | None,
    now: datetime,
) -> None:
    """Write a decision down."""
    session.add(
        Change(
            workspace_id=workspace_id,
            at=now,
            actor_id=actor_id,
            entity="objective",
            entity_id=objective_id,
            action=action,
            reason=comment,
        )
    )
    session.flush()


def first_champion(session: Session, workspace_id: int, *, other_than: int | None) -> Member | None:
    """The active champion longest in office who is not this member."""
    return session.scalar(
        select(Member)
        .join(MemberRole, MemberRole.member_id == Member.id)
        .where(
            MemberRole.workspace_id == workspace_id,
            MemberRole.role == "champion",
            Member.deactivated_at.is_(None),
            Member.id != (other_than or 0),
        )
        .order_by(MemberRole.since, MemberRole.id)
        .limit(1)
    )


def posted(session: Session, workspace_id: int, dedupe_key: str) -> Delivery | None:
    """The message in which somebody was asked, if it is queued or stands in Slack."""
    return session.scalar(
        select(Delivery).where(Delivery.workspace_id == workspace_id, Delivery.dedupe_key == dedupe_key)
    )
