"""Teams: one tree of company, departments and teams."""

from collections.abc import Iterable

from sqlalchemy import CTE, func, or_, select
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


def named(session: Session, workspace_id: int, name: str, *, with_archived: bool = False) -> Team | None:
    """A team by its name, whatever its case; `with_archived`: one that is archived where no other has the name."""
    typed = name.strip()
    # SQLite, and PostgreSQL in the locale C, lower the letters of ASCII only.
    of_ascii = "".join(letter.lower() if letter.isascii() else letter for letter in typed)
    found = select(Team).where(
        Team.workspace_id == workspace_id,
        or_(Team.name == typed, func.lower(Team.name).in_([typed.lower(), of_ascii])),
    )
    if not with_archived:
        found = found.where(Team.archived_at.is_(None))
    return session.scalar(found.order_by(Team.archived_at.is_not(None), Team.id).limit(1))


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


def leads_any(session: Session, member_id: int, team_ids: Iterable[int]) -> bool:
    """Whether somebody leads one of these teams."""
    wanted = set(team_ids)
    found = select(Team.id).where(Team.id.in_(wanted), Team.lead_id == member_id).limit(1)
    return bool(wanted) and session.scalar(found) is not None


def channels(session: Session, team_ids: Iterable[int]) -> dict[int, str | None]:
    """The channel of each of these teams; archived ones are absent."""
    wanted = select(Team.id, Team.channel).where(Team.id.in_(set(team_ids)), Team.archived_at.is_(None))
    return dict(session.execute(wanted).all())


def led_tree(workspace_id: int, member_id: int) -> CTE:
    """The teams somebody leads and every team below them, as a table with the column `id`."""
    led = select(Team.id).where(Team.workspace_id == workspace_id, Team.lead_id == member_id).cte(recursive=True)
    # UNION, not UNION ALL: a tree that was bent into a ring by hand still ends.
    return led.union(select(Team.id).join(led, Team.parent_id == led.c.id))
