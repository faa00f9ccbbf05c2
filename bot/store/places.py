"""Where objectives may be set: teams and cycles, for menus."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_, select
from sqlalchemy.orm import Session

from bot.store.tables import Cycle, Membership, Team

_ESCAPE = "\\"


def containing(column: Any, typed: str) -> ColumnElement[bool]:
    """Whether a column has this text anywhere, in whatever case; the text's own wildcards are taken literally."""
    literal = typed.strip().replace(_ESCAPE, _ESCAPE * 2).replace("%", r"\%").replace("_", r"\_")
    # Of the case of letters beyond A to Z not every database knows: "über" is to find "Über" on all of them.
    written = {literal} if literal.isascii() else {literal, literal.lower(), literal.upper(), literal.capitalize()}
    return or_(*(column.ilike(f"%{each}%", escape=_ESCAPE) for each in sorted(written)))


def settable(workspace_id: int, member_id: int) -> tuple[Select[Any], Select[Any]]:
    """The row ids of the teams somebody is in, and of those they lead with all below: there they set objectives."""
    own = select(Membership.team_id).where(Membership.member_id == member_id)
    led = select(Team.id).where(Team.workspace_id == workspace_id, Team.lead_id == member_id).cte(recursive=True)
    # UNION, not UNION ALL: a tree that was bent into a ring by hand still ends.
    below = led.union(select(Team.id).join(led, Team.parent_id == led.c.id))
    return own, select(below.c.id)


def teams_for(
    session: Session, workspace_id: int, member_id: int, *, everywhere: bool, typed: str = "", limit: int
) -> list[Team]:
    """The teams somebody may set objectives for: their own first, then what they lead with all below it; one statement.

    everywhere: all of them. typed: only those with this in their name.
    """
    member_of, leads = settable(workspace_id, member_id)
    own = Team.id.in_(member_of)
    found = select(Team).where(Team.workspace_id == workspace_id, Team.archived_at.is_(None))
    if not everywhere:
        found = found.where(or_(own, Team.id.in_(leads)))
    if typed.strip():
        found = found.where(containing(Team.name, typed))
    nearness = case((own, 0), (Team.lead_id == member_id, 1), else_=2)
    return list(session.scalars(found.order_by(nearness, Team.id).limit(limit)))


def cycles_for(session: Session, workspace_id: int, day: date, limit: int) -> list[Cycle]:
    """The cycles objectives may be set for on `day`: not over, not archived, open for drafts; the earliest first."""
    return list(
        session.scalars(
            select(Cycle)
            .where(
                Cycle.workspace_id == workspace_id,
                Cycle.ends_on >= day,
                Cycle.archived_at.is_(None),
                or_(Cycle.drafts_from.is_(None), Cycle.drafts_from <= day, Cycle.starts_on <= day),
            )
            .order_by(Cycle.starts_on, Cycle.ends_on.desc(), Cycle.id)
            .limit(limit)
        )
    )
