"""Cycles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from bot.store.keyresults import IN_FORCE
from bot.store.places import containing
from bot.store.tables import CheckIn, Cycle, KeyResult, Member, Objective, Team
from bot.store.versions import superseded


def current(session: Session, workspace_id: int, day: date) -> Cycle | None:
    """The cycle that holds `day` and is not archived: of several the shortest (a quarter before its year)."""
    held = session.scalars(
        select(Cycle).where(
            Cycle.workspace_id == workspace_id,
            Cycle.starts_on <= day,
            Cycle.ends_on >= day,
            Cycle.archived_at.is_(None),
        )
    )
    return shortest(held)


def shortest(cycles: Iterable[Cycle]) -> Cycle | None:
    """Of cycles that hold one day, the one objectives are set for: the shortest, then the one that began last."""
    return min(
        cycles, key=lambda each: (each.ends_on - each.starts_on, -each.starts_on.toordinal(), each.id), default=None
    )


def with_text(session: Session, workspace_id: int, typed: str, day: date, limit: int) -> list[Cycle]:
    """Cycles with this in their name, without archived ones: those not over on `day` as they come, then the latest."""
    found = select(Cycle).where(
        Cycle.workspace_id == workspace_id, Cycle.archived_at.is_(None), containing(Cycle.name, typed)
    )
    over = case((Cycle.ends_on >= day, 0), else_=1)
    coming = case((Cycle.ends_on >= day, Cycle.starts_on))
    return list(session.scalars(found.order_by(over, coming, Cycle.starts_on.desc(), Cycle.id).limit(limit)))


def everywhere(session: Session, workspace_id: int) -> list[Cycle]:
    """Every cycle, archived ones too, the earliest first."""
    return list(
        session.scalars(
            select(Cycle).where(Cycle.workspace_id == workspace_id).order_by(Cycle.starts_on, Cycle.ends_on, Cycle.id)
        )
    )


def is_taken(session: Session, workspace_id: int, name: str, *, but: int) -> bool:
    """Whether a cycle in use other than `but` (a row id) has this name, in capitals or not; one statement."""
    names = session.scalars(
        select(Cycle.name).where(Cycle.workspace_id == workspace_id, Cycle.archived_at.is_(None), Cycle.id != but)
    )
    return any(each.casefold() == name.casefold() for each in names)


def how_much(session: Session, cycle_id: int) -> tuple[int, int]:
    """How many objectives and key results are in force in a cycle; one statement."""
    row = session.execute(
        select(func.count(Objective.id.distinct()), func.count(KeyResult.id))
        .select_from(Objective)
        .outerjoin(KeyResult, (KeyResult.objective_id == Objective.id) & KeyResult.dropped_at.is_(None))
        .where(Objective.cycle_id == cycle_id, *IN_FORCE[1:])
    ).one()
    return row[0], row[1]


@dataclass(frozen=True)
class DatedCheckIn:
    """A check-in's moment: which key result (`KR-` number) it is about, and the zone of its team's lead."""

    key_result: int
    as_of: datetime
    lead_zone: str | None


def check_ins_about(
    session: Session, cycle_id: int, *, before: datetime | None = None, after: datetime | None = None, limit: int
) -> list[DatedCheckIn]:
    """Check-ins in force in a cycle about a moment before `before` or after `after`, the furthest outside first."""
    lead = aliased(Member)
    outside = CheckIn.as_of < before if before is not None else CheckIn.as_of > after
    furthest = CheckIn.as_of if before is not None else CheckIn.as_of.desc()
    rows = session.execute(
        select(KeyResult.number, CheckIn.as_of, lead.zone)
        .join(KeyResult, KeyResult.id == CheckIn.key_result_id)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Team, Team.id == Objective.team_id)
        .outerjoin(lead, lead.id == Team.lead_id)
        .where(
            Objective.cycle_id == cycle_id,
            CheckIn.withdrawn.is_(False),
            ~superseded(CheckIn),
            outside,
        )
        .order_by(furthest, CheckIn.id)
        .limit(limit)
    )
    return [DatedCheckIn(*row) for row in rows]
