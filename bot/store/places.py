"""Where objectives may be set: teams and cycles, for menus."""

from datetime import date

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from bot.store.tables import Cycle, Membership, Team

_ESCAPE = "\\"


def containing(typed: str) -> str:
    """A pattern for `ilike(…, escape="\\\\")`: the text anywhere, its own wildcards taken literally."""
    literal = typed.strip().replace(_ESCAPE, _ESCAPE * 2).replace("%", r"\%").replace("_", r"\_")
    return f"%{literal}%"


def teams_for(
    session: Session, workspace_id: int, member_id: int, *, everywhere: bool, typed: str = "", limit: int
) -> list[Team]:
    """The teams somebody may set objectives for: their own first, then what they lead with all below it; one statement.

    everywhere: all of them. typed: only those with this in their name.
    """
    own = Team.id.in_(select(Membership.team_id).where(Membership.member_id == member_id))
    led = select(Team.id).where(Team.workspace_id == workspace_id, Team.lead_id == member_id).cte(recursive=True)
    below = led.union(select(Team.id).join(led, Team.parent_id == led.c.id))
    found = select(Team).where(Team.workspace_id == workspace_id, Team.archived_at.is_(None))
    if not everywhere:
        found = found.where(or_(own, Team.id.in_(select(below.c.id))))
    if typed.strip():
        found = found.where(Team.name.ilike(containing(typed), escape=_ESCAPE))
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
