"""Key results with where they stand: the one query behind every list, form, prompt and digest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select, union
from sqlalchemy.orm import Session, aliased

from bot.store.tables import CheckIn, Contributor, Cycle, KeyResult, Member, Membership, Objective, Team
from bot.store.versions import superseded


@dataclass(frozen=True)
class KeyResultRow:
    """A key result, what it belongs to, and its current check-in (all `last_*` are None before the first)."""

    id: int
    number: int
    title: str
    kind: str
    start: Decimal | None
    target: Decimal | None
    unit: str | None
    commit: Decimal | None
    stretch: Decimal | None
    weight: Decimal
    created_at: datetime
    owner_id: int | None
    owner_slack_id: str | None
    owner_name: str | None
    owner_is_active: bool
    delegate_id: int | None
    objective_id: int
    objective_number: int
    objective_title: str
    objective_is_private: bool
    team_id: int
    team_name: str
    team_channel: str | None
    team_is_archived: bool
    team_rhythm: str
    lead_id: int | None
    lead_name: str | None
    lead_zone: str | None
    cycle_name: str
    starts_on: date
    ends_on: date
    last_id: int | None
    last_value: Decimal | None
    last_as_of: datetime | None
    last_confidence: int | None


IN_FORCE = (KeyResult.dropped_at.is_(None), Objective.dropped_at.is_(None), Objective.published_at.is_not(None))
"""What every list asks for: published, and neither dropped nor postponed."""


def current_check_in_id(until: datetime | None) -> Any:
    """The row id of the check-in in force with the latest `as_of`, for the key result of the query around it.

    Of several versions of one check-in the newest is in force, unless it withdraws it; then the latest `as_of` wins,
    then what was recorded last. Looked up key result by key result along the indexes: a join with windows over all
    check-ins took minutes for ten thousand key results. `until`: as if nothing had been said about that instant or
    later.
    """
    each = aliased(CheckIn)
    return (
        select(each.id)
        .where(
            each.key_result_id == KeyResult.id,
            each.withdrawn.is_(False),
            ~superseded(each),
            *(() if until is None else (each.as_of < until,)),
        )
        .order_by(each.as_of.desc(), each.recorded_at.desc(), each.id.desc())
        .limit(1)
        .correlate(KeyResult)
        .scalar_subquery()
    )


def _select(
    *conditions: Any,
    limit: int | None = None,
    in_force: bool = True,
    backwards: bool = False,
    until: datetime | None = None,
) -> Select[*tuple[Any, ...]]:
    wanted = [*(IN_FORCE if in_force else ()), *conditions]
    if limit is not None:
        # The page is cut first; check-ins are then looked up for its key results only.
        wanted = [KeyResult.id.in_(_page(wanted, limit, backwards=backwards))]
    return _every(until).where(*wanted)


@lru_cache(maxsize=4)
def _every(until: datetime | None) -> Select[*tuple[Any, ...]]:
    """Every key result. Kept, because putting the statement together takes longer than a small answer to it."""
    owner, lead, last = aliased(Member), aliased(Member), aliased(CheckIn)
    statement: Select[*tuple[Any, ...]] = (
        select(
            KeyResult.id,
            KeyResult.number,
            KeyResult.title,
            KeyResult.kind,
            KeyResult.start,
            KeyResult.target,
            KeyResult.unit,
            KeyResult.commit_level,
            KeyResult.stretch_level,
            KeyResult.weight,
            KeyResult.created_at,
            KeyResult.owner_id,
            owner.slack_id.label("owner_slack_id"),
            owner.name.label("owner_name"),
            case((and_(owner.id.is_not(None), owner.deactivated_at.is_(None)), literal(True)), else_=literal(False)),
            KeyResult.delegate_id,
            Objective.id.label("objective_id"),
            Objective.number.label("objective_number"),
            Objective.title.label("objective_title"),
            Objective.private,
            Team.id.label("team_id"),
            Team.name.label("team_name"),
            Team.channel.label("team_channel"),
            case((Team.archived_at.is_(None), literal(False)), else_=literal(True)),
            Team.rhythm,
            lead.id.label("lead_id"),
            lead.name.label("lead_name"),
            lead.zone.label("lead_zone"),
            Cycle.name.label("cycle_name"),
            Cycle.starts_on,
            Cycle.ends_on,
            last.id.label("last_id"),
            last.value.label("last_value"),
            last.as_of.label("last_as_of"),
            last.confidence.label("last_confidence"),
        )
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .join(Team, Team.id == Objective.team_id)
        .outerjoin(owner, owner.id == KeyResult.owner_id)
        .outerjoin(lead, lead.id == Team.lead_id)
        .outerjoin(last, last.id == current_check_in_id(until))
        .order_by(KeyResult.number)
    )
    return statement


def _page(wanted: list[Any], limit: int, *, backwards: bool) -> Select[tuple[int]]:
    page = (
        select(KeyResult.id)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .join(Team, Team.id == Objective.team_id)
        .where(*wanted)
        .order_by(KeyResult.number.desc() if backwards else KeyResult.number)
        .limit(limit)
        .subquery()
    )
    return select(page.c.id)


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[KeyResultRow]:
    return [KeyResultRow(*row) for row in session.execute(statement)]


@dataclass(frozen=True)
class Scope:
    """Whose key results: of an owner, of a team, or of everybody (all None).

    `works_on_id`: what somebody answers for, as owner, delegate or contributor. What an archived team owned is over:
    nobody is asked about it, and it is listed only `with_archived`, or where that team itself is named.
    """

    owner_id: int | None = None
    team_id: int | None = None
    works_on_id: int | None = None
    with_archived: bool = False

    def conditions(self) -> list[Any]:
        """As SQL."""
        found: list[Any] = []
        if self.owner_id is not None:
            found.append(KeyResult.owner_id == self.owner_id)
        if self.team_id is not None:
            found.append(Objective.team_id == self.team_id)
        if self.works_on_id is not None:
            found.append(KeyResult.id.in_(_worked_on_by(self.works_on_id)))
        if self.team_id is None and not self.with_archived:
            # Not a condition on the joined team: PostgreSQL would think nearly nothing is left, and plan for that.
            found.append(Objective.team_id.not_in(select(Team.id).where(Team.archived_at.is_not(None))))
        return found


def _worked_on_by(member_id: int) -> Any:
    """Row ids; each part along its own index."""
    return union(
        select(KeyResult.id).where(KeyResult.owner_id == member_id),
        select(KeyResult.id).where(KeyResult.delegate_id == member_id),
        select(Contributor.key_result_id).where(Contributor.member_id == member_id),
    )


@dataclass(frozen=True)
class Beyond:
    """Where a page of a list goes on: behind one number, or before one (then what is nearest to it)."""

    after: int | None = None
    before: int | None = None


START = Beyond()


def _in_scope(scope: Scope, day: date, grace_from: date) -> list[Any]:
    return [Cycle.starts_on <= day, Cycle.ends_on >= grace_from, *scope.conditions()]


def open_conditions(workspace_id: int, scope: Scope, day: date, grace_from: date) -> list[Any]:
    """What `open_in` asks for, for queries that go through all of it; they join the objective and its cycle.

    The workspace is that of the few cycles: asked of the key results, PostgreSQL would read an index of all of them
    again and again where it has no statistics yet, as right after an import.
    """
    return [*IN_FORCE, Cycle.workspace_id == workspace_id, *_in_scope(scope, day, grace_from)]


def open_in(
    session: Session,
    workspace_id: int,
    scope: Scope,
    day: date,
    grace_from: date,
    limit: int | None = None,
    beyond: Beyond = START,
    until: datetime | None = None,
) -> list[KeyResultRow]:
    """Key results of cycles that have begun on `day` and end on `grace_from` or later, lowest number first.

    until: with their check-ins as if nothing had been said about that instant or later.
    """
    conditions = [KeyResult.workspace_id == workspace_id, *_in_scope(scope, day, grace_from)]
    if beyond.after is not None:
        conditions.append(KeyResult.number > beyond.after)
    elif beyond.before is not None:
        conditions.append(KeyResult.number < beyond.before)
    backwards = beyond.after is None and beyond.before is not None
    return _rows(session, _select(*conditions, limit=limit, backwards=backwards, until=until))


def count_open(
    session: Session, workspace_id: int, scope: Scope, day: date, grace_from: date, below: int
) -> tuple[int, int]:
    """How many `open_in` would give without a limit, and how many of them have a number below that one."""
    row = session.execute(
        select(func.count(), func.count(case((KeyResult.number < below, 1))))
        .select_from(KeyResult)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(*open_conditions(workspace_id, scope, day, grace_from))
    ).one()
    return row[0], row[1]


def owned_by(session: Session, workspace_id: int, member_id: int, ends_from: date) -> list[KeyResultRow]:
    """Somebody's key results in cycles that end on that day or later, those that have not begun included."""
    conditions = [KeyResult.workspace_id == workspace_id, KeyResult.owner_id == member_id, Cycle.ends_on >= ends_from]
    return _rows(session, _select(*conditions))


def numbered(session: Session, workspace_id: int, numbers: Iterable[int]) -> dict[int, KeyResultRow]:
    """Key results by their `KR-` numbers; unknown and dropped ones are absent."""
    wanted = set(numbers)
    if not wanted:
        return {}
    rows = _rows(session, _select(KeyResult.workspace_id == workspace_id, KeyResult.number.in_(wanted)))
    return {row.number: row for row in rows}


@dataclass(frozen=True)
class Whole:
    """A key result in whatever state it is, with the rows around it; `above` is what its objective supports."""

    row: KeyResultRow
    key_result: KeyResult
    objective: Objective
    above: Objective | None
    delegate: str | None


def whole(session: Session, workspace_id: int, number: int) -> Whole | None:
    """The key result of that `KR-` number, drafts, dropped and postponed ones too; one statement."""
    above, delegate = aliased(Objective), aliased(Member)
    statement = (
        _select(KeyResult.workspace_id == workspace_id, KeyResult.number == number, in_force=False)
        .add_columns(KeyResult, Objective, above, delegate.name)
        .outerjoin(above, above.id == Objective.parent_id)
        .outerjoin(delegate, delegate.id == KeyResult.delegate_id)
    )
    found = session.execute(statement).first()
    return None if found is None else Whole(KeyResultRow(*found[:-4]), *found[-4:])


def of_objective(session: Session, objective_id: int, limit: int | None = None) -> list[KeyResultRow]:
    """An objective's key results that are neither dropped nor postponed, a draft's too, lowest number first."""
    conditions = [KeyResult.objective_id == objective_id, KeyResult.dropped_at.is_(None)]
    return _rows(session, _select(*conditions, in_force=False).limit(limit))


def without_key_results(
    session: Session, workspace_id: int, day: date, team_id: int | None, person_id: int | None
) -> list[tuple[int, str]]:
    """Active members of a team (or of any team; or only this person) who own no open key result on `day`.

    Belonging to an archived team asks for nothing, and what an archived team owned is nothing.

    Row ids and names, in no order: databases do not agree on that of names.
    """
    owns = (
        select(KeyResult.id)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(
            KeyResult.owner_id == Member.id,
            *IN_FORCE,
            *Scope().conditions(),
            Cycle.starts_on <= day,
            Cycle.ends_on >= day,
        )
    )
    belongs = (
        select(Membership.id)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.member_id == Member.id, Team.archived_at.is_(None))
    )
    if team_id is not None:
        belongs = belongs.where(Membership.team_id == team_id)
    found = select(Member.id, Member.name).where(
        and_(Member.workspace_id == workspace_id, Member.deactivated_at.is_(None), Member.is_bot.is_(False)),
        ~owns.exists(),
        belongs.exists() if person_id is None else Member.id == person_id,
    )
    return [(row[0], row[1]) for row in session.execute(found)]


def any_set(session: Session, workspace_id: int) -> bool:
    """Whether anybody has ever set a key result."""
    return session.scalar(select(KeyResult.id).where(KeyResult.workspace_id == workspace_id).limit(1)) is not None


def objective_of_form(session: Session, nonce: str) -> Objective | None:
    """The objective that a form led to."""
    return session.scalar(select(Objective).where(Objective.form_nonce == nonce))
