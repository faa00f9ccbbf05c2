"""Teams: one tree of company, departments and teams."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store.tables import Member, Team


def root(session: Session, workspace_id: int) -> Team | None:
    """The team without a parent: the company."""
    return session.scalar(
        select(Team)
        .where(Team.workspace_id == workspace_id, Team.parent_id.is_(None), Team.archived_at.is_(None))
        .order_by(Team.id)
        .limit(1)
    )


def named(session: Session, workspace_id: int, name: str) -> Team | None:
    """A team by its name, whatever its case."""
    return session.scalar(
        select(Team)
        .where(
            Team.workspace_id == workspace_id,
            func.lower(Team.name) == name.strip().lower(),
            Team.archived_at.is_(None),
        )
        .order_by(Team.id)
        .limit(1)
    )


def names(session: Session, workspace_id: int) -> list[str]:
    """Every team's name, for suggestions."""
    return list(
        session.scalars(
            select(Team.name).where(Team.workspace_id == workspace_id, Team.archived_at.is_(None)).order_by(Team.name)
        )
    )


def with_lead(session: Session, team_id: int) -> tuple[Team, Member | None]:
    """A team and its lead."""
    row = session.execute(
        select(Team, Member).outerjoin(Member, Member.id == Team.lead_id).where(Team.id == team_id)
    ).one()
    return row[0], row[1]
