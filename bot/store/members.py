"""Members and their roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, literal, select, update
from sqlalchemy.orm import Session

from bot.store.session import insert_once, upsert
from bot.store.tables import Member, MemberRole, Membership, Team, Workspace

_FROM_SLACK = ["name", "email", "zone", "locale", "is_admin", "is_guest", "is_bot", "deactivated_at"]


@dataclass(frozen=True)
class RoleHolder:
    """A member with a workspace-wide role. `since` orders champions: the first one's zone is the workspace's.

    `is_active`: they have not left, and are no guest by now, who can do nothing with the role.
    """

    role: str
    member_id: int
    slack_id: str
    name: str
    zone: str | None
    since: datetime
    is_active: bool


def with_workspace(session: Session, slack_team: str, slack_user: str) -> tuple[Workspace, Member] | None:
    """The workspace and the member in one query; None where either is not known yet."""
    row = session.execute(
        select(Workspace, Member)
        .join(Member, and_(Member.workspace_id == Workspace.id, Member.slack_id == slack_user))
        .where(Workspace.slack_id == slack_team)
    ).first()
    return None if row is None else (row[0], row[1])


def by_slack_id(session: Session, workspace_id: int, slack_id: str) -> Member | None:
    """The member with that `U…` id."""
    return session.scalar(select(Member).where(Member.workspace_id == workspace_id, Member.slack_id == slack_id))


def by_slack_ids(session: Session, workspace_id: int, slack_ids: Iterable[str]) -> dict[str, Member]:
    """Members by their `U…` ids; unknown ids are absent."""
    wanted = list(slack_ids)
    if not wanted:
        return {}
    found = session.scalars(select(Member).where(Member.workspace_id == workspace_id, Member.slack_id.in_(wanted)))
    return {member.slack_id: member for member in found}


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Member]:
    """Members by their row ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {member.id: member for member in session.scalars(select(Member).where(Member.id.in_(wanted)))}


def zones(session: Session, workspace_id: int, slack_ids: Iterable[str]) -> dict[str, str | None]:
    """The zones of members by their `U…` ids; unknown ids are absent."""
    rows = session.execute(
        select(Member.slack_id, Member.zone).where(
            Member.workspace_id == workspace_id, Member.slack_id.in_(list(slack_ids))
        )
    )
    return dict(rows.all())


def keep(session: Session, workspace_id: int, people: list[dict[str, Any]], now: datetime) -> None:
    """Insert or bring up to date what Slack says of these people.

    Each has `slack_id`, `name`, `email`, `zone`, `locale`, `is_admin`, `is_guest`, `is_bot`, `deleted`. The instant of
    a deactivation is kept from when it was first seen.
    """
    rows = [
        {
            "workspace_id": workspace_id,
            **{name: person[name] for name in ["slack_id", *_FROM_SLACK[:-1]]},
            "deactivated_at": now if person["deleted"] else None,
        }
        for person in people
    ]
    gone = select(Member.slack_id, Member.deactivated_at).where(
        Member.workspace_id == workspace_id,
        Member.deactivated_at.is_not(None),
        Member.slack_id.in_([row["slack_id"] for row in rows]),
    )
    already_gone = dict(session.execute(gone).all())
    for row in rows:
        if row["deactivated_at"] is not None:
            row["deactivated_at"] = already_gone.get(row["slack_id"], now)
    upsert(session, Member, rows, ["workspace_id", "slack_id"], _FROM_SLACK)


def active(session: Session, workspace_id: int, slack_ids: Iterable[str]) -> list[Member]:
    """Those of these `U…` ids who are known and have not left."""
    return list(
        session.scalars(
            select(Member).where(
                Member.workspace_id == workspace_id,
                Member.slack_id.in_(list(slack_ids)),
                Member.deactivated_at.is_(None),
            )
        )
    )


def roles(session: Session, workspace_id: int) -> list[RoleHolder]:
    """Everybody with a workspace-wide role, longest in office first."""
    rows = session.execute(
        select(
            MemberRole.role,
            Member.id,
            Member.slack_id,
            Member.name,
            Member.zone,
            MemberRole.since,
            case(
                (and_(Member.deactivated_at.is_(None), Member.is_guest.is_(False)), literal(True)), else_=literal(False)
            ),
        )
        .join(Member, Member.id == MemberRole.member_id)
        .where(MemberRole.workspace_id == workspace_id)
        .order_by(MemberRole.since, MemberRole.id)
    )
    return [RoleHolder(*row) for row in rows]


def first_champion_zone(holders: Iterable[RoleHolder]) -> str | None:
    """The workspace's zone: that of the active champion longest in office who has one. `holders` as `roles` gives."""
    return next((each.zone for each in holders if each.role == "champion" and each.is_active and each.zone), None)


def give_role(session: Session, workspace_id: int, member_id: int, role: str, now: datetime) -> bool:
    """Give a role. Answers whether it is new."""
    values = {"workspace_id": workspace_id, "member_id": member_id, "role": role, "since": now}
    return insert_once(session, MemberRole, values, ["workspace_id", "member_id", "role"]) is not None


def take_role(session: Session, workspace_id: int, member_id: int, role: str) -> bool:
    """Take a role away. Answers whether it was held."""
    held = delete(MemberRole).where(
        MemberRole.workspace_id == workspace_id, MemberRole.member_id == member_id, MemberRole.role == role
    )
    return session.execute(held.returning(MemberRole.id)).first() is not None


def join_team(session: Session, workspace_id: int, team_id: int, member_id: int) -> bool:
    """Make somebody a member of a team. Answers whether it is new."""
    values = {"workspace_id": workspace_id, "team_id": team_id, "member_id": member_id}
    return insert_once(session, Membership, values, ["team_id", "member_id"]) is not None


def teams_of(session: Session, member_id: int) -> list[Team]:
    """The teams somebody belongs to or leads, oldest first, without archived ones."""
    return list(
        session.scalars(
            select(Team)
            .outerjoin(Membership, and_(Membership.team_id == Team.id, Membership.member_id == member_id))
            .where(Team.archived_at.is_(None), (Membership.id.is_not(None)) | (Team.lead_id == member_id))
            .order_by(Team.id)
        )
    )


def admins(session: Session, workspace_id: int, limit: int) -> list[Member]:
    """Slack's admins and owners, by name."""
    return list(
        session.scalars(
            select(Member)
            .where(
                Member.workspace_id == workspace_id,
                Member.is_admin.is_(True),
                Member.is_bot.is_(False),
                Member.deactivated_at.is_(None),
            )
            .order_by(Member.name)
            .limit(limit)
        )
    )


def mark_gone(session: Session, workspace_id: int, slack_id: str, now: datetime) -> None:
    """Slack says this account is deactivated."""
    session.execute(
        update(Member)
        .where(Member.workspace_id == workspace_id, Member.slack_id == slack_id, Member.deactivated_at.is_(None))
        .values(deactivated_at=now)
    )


def count(session: Session, workspace_id: int) -> int:
    """How many people are known."""
    return session.scalar(select(func.count()).select_from(Member).where(Member.workspace_id == workspace_id)) or 0
