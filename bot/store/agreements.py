"""Who may be asked to agree to an objective, what waits for whom, and what became of it (kept in the change log)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from bot.store import teams
from bot.store.tables import Change, Cycle, Delivery, KeyResult, Member, MemberRole, Objective, Team

ASKED = "asked for agreement"
AGREED = "agreed"
SENT_BACK = "sent back"
WITHDRAWN = "withdrawn"
DISCARDED = "dropped"
PASSED_ON = "passed on"
DECISIONS = (AGREED, SENT_BACK, WITHDRAWN, DISCARDED)
KIND = "agreement_asked"
HIGHEST_TREE = 50


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
        .where(Change.entity == "objective", Change.entity_id == objective_id, Change.action.in_(DECISIONS))
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    return None if row is None else Decision(*row)


def note(
    session: Session,
    workspace_id: int,
    objective_id: int,
    *,
    actor_id: int | None,
    action: str,
    comment: str | None,
    now: datetime,
) -> int:
    """Write a decision down; answers its row id."""
    change = Change(
        workspace_id=workspace_id,
        at=now,
        actor_id=actor_id,
        entity="objective",
        entity_id=objective_id,
        action=action,
        reason=comment,
    )
    session.add(change)
    session.flush()
    return change.id


def first_champion(session: Session, workspace_id: int, *, other_than: int | None) -> Member | None:
    """The active champion longest in office who is not this member."""
    return session.scalar(
        select(Member)
        .join(MemberRole, MemberRole.member_id == Member.id)
        .where(
            MemberRole.workspace_id == workspace_id,
            MemberRole.role == "champion",
            *_can_hold_a_role(Member),
            Member.id != (other_than or 0),
        )
        .order_by(MemberRole.since, MemberRole.id)
        .limit(1)
    )


def _can_hold_a_role(member: type[Member]) -> tuple[ColumnElement[bool], ...]:
    return member.deactivated_at.is_(None), member.is_guest.is_(False), member.is_bot.is_(False)


def nearest_lead(session: Session, team_id: int, *, other_than: int | None) -> Member | None:
    """The lead of the team, else of the one above it, and so on; never this member, nor who can hold no role."""
    own = select(Team.id, Team.parent_id, Team.lead_id, literal(0).label("height")).where(Team.id == team_id)
    up = own.cte(recursive=True)
    above = select(Team.id, Team.parent_id, Team.lead_id, up.c.height + 1).join(up, Team.id == up.c.parent_id)
    # A tree that was bent into a ring by hand ends at this height.
    up = up.union_all(above.where(up.c.height < HIGHEST_TREE))
    return session.scalar(
        select(Member)
        .join(up, up.c.lead_id == Member.id)
        .where(*_can_hold_a_role(Member), Member.id != (other_than or 0))
        .order_by(up.c.height)
        .limit(1)
    )


def may_agree(session: Session, workspace_id: int, member_id: int, team_id: int) -> bool:
    """Whether somebody leads this team or one above it, or is champion, and is still there."""
    led = teams.led_tree(workspace_id, member_id)
    leads = select(led.c.id).where(led.c.id == team_id).exists()
    role = select(MemberRole.id).where(MemberRole.member_id == member_id, MemberRole.role == "champion").exists()
    found = select(Member.id).where(Member.id == member_id, *_can_hold_a_role(Member), or_(leads, role))
    return session.scalar(found) is not None


def waiting(session: Session, workspace_id: int) -> list[Objective]:
    """Every objective that waits for agreement, the one that waits longest first."""
    found = select(Objective).where(Objective.workspace_id == workspace_id, *_waits())
    return list(session.scalars(found.order_by(Objective.approval_asked_at, Objective.id)))


def _waits() -> tuple[ColumnElement[bool], ...]:
    return (
        Objective.approval_asked_at.is_not(None),
        Objective.published_at.is_(None),
        Objective.dropped_at.is_(None),
    )


@dataclass(frozen=True)
class Waiting:
    """An objective that waits: for whom (None: nobody is left who may agree), and who wrote it."""

    number: int
    title: str
    team: str
    asked_at: datetime | None
    asked_id: int | None
    asked: str | None
    author_id: int | None
    author: str | None


def waiting_around(session: Session, workspace_id: int, member_id: int, limit: int) -> list[Waiting]:
    """What waits for this member, then what they wrote and waits for others; the longest first. One statement."""
    asked, author = aliased(Member), aliased(Member)
    rows = session.execute(
        select(
            Objective.number,
            Objective.title,
            Team.name,
            Objective.approval_asked_at,
            asked.id,
            asked.name,
            author.id,
            author.name,
        )
        .join(Team, Team.id == Objective.team_id)
        .outerjoin(asked, asked.id == Objective.approver_id)
        .outerjoin(author, author.id == Objective.created_by)
        .where(
            Objective.workspace_id == workspace_id,
            *_waits(),
            or_(Objective.approver_id == member_id, Objective.created_by == member_id),
        )
        .order_by((Objective.approver_id == member_id).desc().nulls_last(), Objective.approval_asked_at, Objective.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def newest_change(session: Session, objective_id: int) -> int:
    """The row id of the newest change of an objective or of a key result in it; 0 before the first."""
    return session.scalar(select(func.max(Change.id)).where(_about(objective_id))) or 0


def asked_last(session: Session, objective_id: int) -> int:
    """The row id of the change that asked for agreement last; 0 where none did."""
    asked = select(func.max(Change.id)).where(
        Change.entity == "objective", Change.entity_id == objective_id, Change.action == ASKED
    )
    return session.scalar(asked) or 0


def changes_after(
    session: Session, objective_id: int, seen: int, limit: int
) -> list[tuple[Change, str | None, KeyResult | None]]:
    """What became of an objective and the key results in it after that change, oldest first, with who did it."""
    rows = session.execute(
        select(Change, Member.name, KeyResult)
        .outerjoin(Member, Member.id == Change.actor_id)
        .outerjoin(KeyResult, and_(Change.entity == "key_result", KeyResult.id == Change.entity_id))
        .where(_about(objective_id), Change.id > seen)
        .order_by(Change.id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _about(objective_id: int) -> ColumnElement[bool]:
    inside = select(KeyResult.id).where(KeyResult.objective_id == objective_id)
    return or_(
        and_(Change.entity == "objective", Change.entity_id == objective_id),
        and_(Change.entity == "key_result", Change.entity_id.in_(inside)),
    )


def place(session: Session, objective_id: int) -> tuple[Team, Cycle]:
    """The team and the cycle of an objective."""
    row = session.execute(
        select(Team, Cycle)
        .select_from(Objective)
        .join(Team, Team.id == Objective.team_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(Objective.id == objective_id)
    ).one()
    return row[0], row[1]


def requests(session: Session, workspace_id: int, key: str) -> list[Delivery]:
    """The messages in which somebody was asked, queued or standing in Slack, whose dedupe key begins so."""
    return list(
        session.scalars(
            select(Delivery)
            .where(
                Delivery.workspace_id == workspace_id,
                Delivery.kind == KIND,
                Delivery.dedupe_key.startswith(key, autoescape=True),
            )
            .order_by(Delivery.id)
        )
    )
