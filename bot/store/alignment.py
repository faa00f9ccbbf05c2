"""Objectives that may be chosen, by title or number: to be supported, or to take a key result.

Only what the member may read.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.store import places
from bot.store.places import containing
from bot.store.tables import Contributor, Cycle, KeyResult, Membership, Objective, Team, TeamObserver

PUBLIC_TO_ALL = Objective.private.is_(False)
_CYCLE = (Cycle.name, Cycle.starts_on, Cycle.ends_on)
_LEVELS = {"company": 0, "department": 1}


@dataclass(frozen=True)
class Reader:
    """Who looks. `reads_all`: their role reads private objectives everywhere."""

    workspace_id: int
    member_id: int
    reads_all: bool


@dataclass(frozen=True)
class Supportable:
    """An objective that may be chosen."""

    id: int
    number: int
    title: str
    team: str
    cycle: str
    starts_on: date
    ends_on: date

    def overlaps(self, starts_on: date, ends_on: date) -> bool:
        """Whether its cycle and one of these days have a day in common."""
        return self.starts_on <= ends_on and starts_on <= self.ends_on


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
    """What may be supported by an objective of this cycle: published objectives of cycles that overlap with it.

    The company's first; one statement. cycle_id: None for any. number: that one goes first, whatever its title.
    title: only those with this in it, and that number.
    excluding: an objective that is left out with everything that supports it, near or far.
    """
    wanted: list[ColumnElement[bool]] = [Objective.published_at.is_not(None)]
    if cycle_id is not None:
        chosen = aliased(Cycle)
        wanted.append(
            select(chosen.id)
            .where(chosen.id == cycle_id, chosen.starts_on <= Cycle.ends_on, chosen.ends_on >= Cycle.starts_on)
            .exists()
        )
    if excluding is not None:
        wanted.append(Objective.id.not_in(_itself_and_all_below(excluding)))
    order = [
        case(_LEVELS, value=Team.level, else_=2),
        func.length(Objective.title) if title.strip() else Objective.number,
        Objective.number,
    ]
    return _found(session, reader, wanted, order, number, title, limit)


def takers(
    session: Session,
    reader: Reader,
    *,
    day: date,
    drafts: bool,
    everywhere: bool,
    number: int | None = None,
    title: str = "",
    limit: int,
) -> list[Supportable]:
    """Where a key result may go: objectives of teams somebody may set objectives for (everywhere: of all teams).

    Those whose cycle is not over on `day` first, then the newest; one statement. drafts: only drafts nobody was asked
    to agree to, their own or of teams they lead; else only what is published. number, title: as for `search`.
    """
    own, led = places.settable(reader.workspace_id, reader.member_id)
    published = Objective.published_at.is_not(None)
    wanted: list[ColumnElement[bool]] = [~published if drafts else published]
    if drafts:
        wanted.append(Objective.approval_asked_at.is_(None))
    if not everywhere:
        theirs = Objective.created_by == reader.member_id if drafts else Objective.team_id.in_(own)
        wanted.append(or_(theirs, Objective.team_id.in_(led)))
    order = [case((Cycle.ends_on >= day, 0), else_=1), Objective.number.desc()]
    return _found(session, reader, wanted, order, number, title, limit)


def _found(
    session: Session,
    reader: Reader,
    wanted: list[ColumnElement[bool]],
    order: list[Any],
    number: int | None,
    title: str,
    limit: int,
) -> list[Supportable]:
    """Objectives that count, of teams and cycles in use, as far as the reader may read them; the one numbered first."""
    conditions = [
        Objective.workspace_id == reader.workspace_id,
        Objective.dropped_at.is_(None),
        Team.archived_at.is_(None),
        Cycle.archived_at.is_(None),
        *wanted,
    ]
    if not reader.reads_all:
        conditions.append(readable(reader))
    if title.strip():
        by_title = containing(Objective.title, title)
        conditions.append(by_title if number is None else or_(by_title, Objective.number == number))
    elif number is not None:
        conditions.append(Objective.number == number)
    rows = session.execute(
        select(Objective.id, Objective.number, Objective.title, Team.name, *_CYCLE)
        .join(Team, Team.id == Objective.team_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(*conditions)
        .order_by(case((Objective.number == (number or 0), 0), else_=1), *order)
        .limit(limit)
    )
    return [Supportable(*row) for row in rows]


def numbered(session: Session, objective_id: int) -> Supportable | None:
    """One objective, whatever has become of it."""
    row = session.execute(
        select(Objective.id, Objective.number, Objective.title, Team.name, *_CYCLE)
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
