"""What an objective may support: objectives by title or number, as far as the member may read them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.store.places import containing
from bot.store.tables import Contributor, Cycle, KeyResult, Membership, Objective, Team, TeamObserver

PUBLIC_TO_ALL = Objective.private.is_(False)
_LEVELS = {"company": 0, "department": 1}


@dataclass(frozen=True)
class Reader:
    """Who looks. `reads_all`: their role reads private objectives everywhere."""

    workspace_id: int
    member_id: int
    reads_all: bool


@dataclass(frozen=True)
class Supportable:
    """An objective that may be supported."""

    id: int
    number: int
    title: str
    team: str
    cycle: str


def search(
    session: Session,
    reader: Reader,
    *,
    cycle_id: int | None,
    number: int | None = None,
    title: str = "",
    excluding: int | None = None,
    limit: int,
) -> list[Supportable]:
    """Published objectives of cycles that overlap with this one (None: of any), the company's first; one statement.

    number: that one goes first, whatever its title. title: only those with this in it, and that number.
    excluding: an objective that is left out with everything that supports it, near or far.
    """
    wanted: list[Any] = [
        Objective.workspace_id == reader.workspace_id,
        Objective.published_at.is_not(None),
        Objective.dropped_at.is_(None),
    ]
    if not reader.reads_all:
        wanted.append(readable(reader))
    if title.strip():
        by_title = Objective.title.ilike(containing(title), escape="\\")
        wanted.append(by_title if number is None else or_(by_title, Objective.number == number))
    elif number is not None:
        wanted.append(Objective.number == number)
    if cycle_id is not None:
        chosen = aliased(Cycle)
        wanted.append(
            select(chosen.id)
            .where(chosen.id == cycle_id, chosen.starts_on <= Cycle.ends_on, chosen.ends_on >= Cycle.starts_on)
            .exists()
        )
    if excluding is not None:
        wanted.append(Objective.id.not_in(_itself_and_all_below(excluding)))
    rows = session.execute(
        select(Objective.id, Objective.number, Objective.title, Team.name, Cycle.name)
        .join(Team, Team.id == Objective.team_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(*wanted)
        .order_by(
            case((Objective.number == (number or 0), 0), else_=1),
            case(_LEVELS, value=Team.level, else_=2),
            func.length(Objective.title) if title.strip() else Objective.number,
            Objective.number,
        )
        .limit(limit)
    )
    return [Supportable(*row) for row in rows]


def numbered(session: Session, objective_id: int) -> Supportable | None:
    """One objective, whatever has become of it."""
    row = session.execute(
        select(Objective.id, Objective.number, Objective.title, Team.name, Cycle.name)
        .join(Team, Team.id == Objective.team_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(Objective.id == objective_id)
    ).first()
    return None if row is None else Supportable(*row)


def readable(reader: Reader) -> ColumnElement[bool]:
    """Whether somebody without a role for it may read an objective: public, or near to them in one of many ways."""
    led = select(Team.id).where(Team.workspace_id == reader.workspace_id, Team.lead_id == reader.member_id)
    tree = led.cte(recursive=True)
    tree = tree.union(select(Team.id).join(tree, Team.parent_id == tree.c.id))
    contributes = select(Contributor.key_result_id).where(Contributor.member_id == reader.member_id)
    works_on = select(KeyResult.id).where(
        KeyResult.objective_id == Objective.id,
        or_(
            KeyResult.owner_id == reader.member_id,
            KeyResult.delegate_id == reader.member_id,
            KeyResult.id.in_(contributes),
        ),
    )
    return or_(
        PUBLIC_TO_ALL,
        Objective.created_by == reader.member_id,
        Objective.owner_id == reader.member_id,
        Objective.team_id.in_(select(Membership.team_id).where(Membership.member_id == reader.member_id)),
        Objective.team_id.in_(select(TeamObserver.team_id).where(TeamObserver.member_id == reader.member_id)),
        Objective.team_id.in_(select(tree.c.id)),
        and_(works_on.exists()),
    )


def _itself_and_all_below(objective_id: int) -> Any:
    itself = select(Objective.id).where(Objective.id == objective_id).cte(recursive=True)
    # UNION, not UNION ALL: a tree that was bent into a ring by hand still ends.
    below = itself.union(select(Objective.id).join(itself, Objective.parent_id == itself.c.id))
    return select(below.c.id)
