"""Teams with what is shown of them: the tree, one team's people, and who is in which."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from bot.store.tables import Member, Membership, Team, TeamObserver


@dataclass(frozen=True)
class TeamRow:
    """A team, its lead's name, how many active members it has, whether its lead has left, and the lead's zone."""

    team: Team
    lead: str | None
    members: int
    lead_left: bool = False
    lead_zone: str | None = None


def everywhere(session: Session, workspace_id: int) -> list[TeamRow]:
    """Every team of the workspace, archived ones too, oldest first; one statement."""
    lead = aliased(Member)
    counted = (
        select(Membership.team_id, func.count().label("many"))
        .join(Member, Member.id == Membership.member_id)
        .where(Membership.workspace_id == workspace_id, Member.deactivated_at.is_(None))
        .group_by(Membership.team_id)
        .subquery()
    )
    rows = session.execute(
        select(Team, lead.name, func.coalesce(counted.c.many, 0), lead.deactivated_at, lead.zone)
        .outerjoin(lead, lead.id == Team.lead_id)
        .outerjoin(counted, counted.c.team_id == Team.id)
        .where(Team.workspace_id == workspace_id)
        .order_by(Team.id)
    )
    return [TeamRow(team, name, many, left is not None, zone) for team, name, many, left, zone in rows]


def leads(session: Session, workspace_id: int, limit: int) -> tuple[list[tuple[str, str]], int]:
    """Names of teams with their leads' names, and how many there are; archived teams and people who left are absent."""
    rows = session.execute(
        select(Team.name, Member.name, func.count().over())
        .join(Member, Member.id == Team.lead_id)
        .where(Team.workspace_id == workspace_id, Team.archived_at.is_(None), Member.deactivated_at.is_(None))
        .order_by(Team.id)
        .limit(limit)
    ).all()
    return [(team, lead) for team, lead, _ in rows], rows[0][2] if rows else 0


@dataclass(frozen=True)
class TeamPerson:
    """Somebody of a team: `what` is member, observer or lead."""

    what: str
    slack_id: str
    name: str


def people_of(session: Session, team_id: int) -> list[TeamPerson]:
    """The active members, observers and the lead of a team, by name; one statement."""

    def of(what: str, link: Any) -> Any:
        return (
            select(literal(what).label("what"), Member.slack_id, Member.name)
            .join(link, link.member_id == Member.id)
            .where(link.team_id == team_id, Member.deactivated_at.is_(None))
        )

    lead = (
        select(literal("lead"), Member.slack_id, Member.name)
        .join(Team, Team.lead_id == Member.id)
        .where(Team.id == team_id, Member.deactivated_at.is_(None))
    )
    rows = session.execute(union_all(of("member", Membership), of("observer", TeamObserver), lead)).all()
    return sorted((TeamPerson(*row) for row in rows), key=lambda each: (each.name.casefold(), each.slack_id))


def set_people(
    session: Session,
    link: type[Membership] | type[TeamObserver],
    workspace_id: int,
    team_id: int,
    wanted: Collection[int],
) -> tuple[set[int], set[int]]:
    """Let exactly these be the members (or observers) of a team. Answers who came and who went, by row ids.

    Who is deactivated stays where they were: they come back as they went.
    """
    rows = session.execute(
        select(link.member_id, Member.deactivated_at)
        .join(Member, Member.id == link.member_id)
        .where(link.team_id == team_id)
    ).all()
    before = {member_id for member_id, _ in rows}
    gone = {member_id for member_id, left in rows if left is None} - set(wanted)
    new = set(wanted) - before
    leave(session, link, team_id, gone)
    enter(session, link, workspace_id, team_id, new)
    return new, gone


def enter(
    session: Session, link: type[Membership] | type[TeamObserver], workspace_id: int, team_id: int, new: Collection[int]
) -> None:
    """Add people who are not in yet."""
    if new:
        values = [{"workspace_id": workspace_id, "team_id": team_id, "member_id": each} for each in sorted(new)]
        session.execute(insert(link), values)


def leave(session: Session, link: type[Membership] | type[TeamObserver], team_id: int, gone: Collection[int]) -> None:
    """Take people out."""
    if gone:
        session.execute(delete(link).where(link.team_id == team_id, link.member_id.in_(gone)))


def members_of(session: Session, team_id: int) -> set[int]:
    """Row ids of a team's members, deactivated ones included."""
    return set(session.scalars(select(Membership.member_id).where(Membership.team_id == team_id)))


def kept_in_step(session: Session, workspace_id: int) -> list[Team]:
    """The teams whose members come from a group or channel; archived ones are left as they are."""
    return list(
        session.scalars(
            select(Team)
            .where(
                Team.workspace_id == workspace_id,
                Team.members_from.is_not(None),
                Team.members_source.is_not(None),
                Team.archived_at.is_(None),
            )
            .order_by(Team.id)
        )
    )
