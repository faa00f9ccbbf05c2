"""What somebody leaves behind besides the key results they own."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.store.tables import Cycle, Delivery, Member, Objective, Team


@dataclass(frozen=True)
class ObjectiveLeft:
    """An objective that is somebody's own, or that they wrote and have not published; with its team's lead."""

    id: int
    number: int
    title: str
    team_id: int
    team_name: str
    lead_id: int | None


def objectives_of(session: Session, workspace_id: int, member_id: int, ends_from: date) -> list[ObjectiveLeft]:
    """Those of cycles that end on that day or later, by number; neither dropped nor postponed. One statement."""
    unpublished = and_(Objective.created_by == member_id, Objective.published_at.is_(None))
    rows = session.execute(
        select(Objective.id, Objective.number, Objective.title, Team.id, Team.name, Team.lead_id)
        .join(Team, Team.id == Objective.team_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(
            Objective.workspace_id == workspace_id,
            Objective.dropped_at.is_(None),
            Cycle.ends_on >= ends_from,
            or_(Objective.owner_id == member_id, unpublished),
        )
        .order_by(Objective.number)
    )
    return [ObjectiveLeft(*row) for row in rows]


def led_by(session: Session, workspace_id: int, member_id: int) -> list[str]:
    """The names of the teams somebody leads, without archived ones."""
    led = select(Team.name).where(
        Team.workspace_id == workspace_id, Team.lead_id == member_id, Team.archived_at.is_(None)
    )
    return list(session.scalars(led.order_by(Team.name, Team.id)))


def gone_before(session: Session, workspace_id: int, kind: str, told: str) -> list[Member]:
    """Who had left before and is gone still, of whom this person (`U…`) was told in deliveries of that kind."""
    rows = session.scalars(
        select(Delivery).where(Delivery.workspace_id == workspace_id, Delivery.kind == kind, Delivery.recipient == told)
    )
    leavers = {row.arguments["leaver"] for row in rows}
    gone = select(Member).where(Member.id.in_(leavers), Member.deactivated_at.is_not(None)).order_by(Member.id)
    return list(session.scalars(gone)) if leavers else []
