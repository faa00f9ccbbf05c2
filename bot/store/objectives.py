"""Objectives and what is around them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session, aliased

from bot.store.tables import Cycle, KeyResult, Member, Objective, Team


@dataclass(frozen=True)
class ObjectiveRow:
    """An objective in whatever state it is, with the rows around it."""

    objective: Objective
    team: Team
    cycle: Cycle
    lead_zone: str | None
    owner: str | None


def numbered(session: Session, workspace_id: int, number: int) -> ObjectiveRow | None:
    """The objective of that `O-` number, drafts, dropped and postponed ones too; one statement."""
    rows = _rows(session, _select().where(Objective.workspace_id == workspace_id, Objective.number == number))
    return rows[0] if rows else None


def family(session: Session, workspace_id: int, number: int, limit: int) -> list[ObjectiveRow]:
    """The objective of that number, then what it supports, then what supports it by number; one statement.

    Of what supports it only what is published and neither dropped nor postponed, `limit` rows altogether at most.
    Empty where there is none of that number.
    """
    one = aliased(Objective)
    itself = select(one.id).where(one.workspace_id == workspace_id, one.number == number).scalar_subquery()
    above = select(one.parent_id).where(one.workspace_id == workspace_id, one.number == number).scalar_subquery()
    in_force = (Objective.dropped_at.is_(None), Objective.published_at.is_not(None))
    supports = (Objective.parent_id == itself) & in_force[0] & in_force[1]
    nearness = case((Objective.id == itself, 0), (Objective.id == above, 1), else_=2)
    statement = (
        _select()
        .where(Objective.workspace_id == workspace_id, or_(Objective.id == itself, Objective.id == above, supports))
        .order_by(nearness, Objective.number)
        .limit(limit)
    )
    return _rows(session, statement)


def by_id(session: Session, workspace_id: int, objective_id: int) -> ObjectiveRow | None:
    """The objective of that row id; one statement."""
    rows = _rows(session, _select().where(Objective.workspace_id == workspace_id, Objective.id == objective_id))
    return rows[0] if rows else None


def lock(session: Session, row: type[Objective] | type[KeyResult], row_id: int) -> None:
    """Let nobody else change this row until the transaction ends."""
    session.execute(select(row.id).where(row.id == row_id).with_for_update())


def weights_in(session: Session, objective_id: int) -> dict[int, Decimal]:
    """The weights of an objective's key results that count, by row id."""
    rows = session.execute(
        select(KeyResult.id, KeyResult.weight).where(
            KeyResult.objective_id == objective_id, KeyResult.dropped_at.is_(None)
        )
    )
    return {row[0]: row[1] for row in rows}


def is_above(session: Session, objective_id: int, other_id: int) -> bool:
    """Whether the first objective is the other one, or supported by it, near or far."""
    at = select(Objective.id, Objective.parent_id).where(Objective.id == other_id).cte(recursive=True)
    # UNION, not UNION ALL: a tree that was bent into a ring by hand still ends.
    above = at.union(select(Objective.id, Objective.parent_id).join(at, Objective.id == at.c.parent_id))
    return session.scalar(select(above.c.id).where(above.c.id == objective_id).limit(1)) is not None


def _select() -> Select[*tuple[Any, ...]]:
    owner, lead = aliased(Member), aliased(Member)
    statement: Select[*tuple[Any, ...]] = (
        select(Objective, Team, Cycle, lead.zone, owner.name)
        .join(Team, Team.id == Objective.team_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .outerjoin(owner, owner.id == Objective.owner_id)
        .outerjoin(lead, lead.id == Team.lead_id)
    )
    return statement


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[ObjectiveRow]:
    return [ObjectiveRow(*row) for row in session.execute(statement)]
