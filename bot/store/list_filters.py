"""Which key results a filter of `/okr list` keeps, decided by the database, so that only a page of them is read whole.

`stale` is a question of age, and SQL answers it for good. `at risk` compares exact decimals, which SQLite keeps as
text; SQL compares them as floating point numbers and says of each key result how sure that is. What is too near the
border for such numbers is handed out undecided, for the exact rule to decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnClause,
    Float,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import values as sql_values
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.functions import FunctionElement

from bot.okr.kinds.baseline import Baseline
from bot.okr.kinds.guardrails import StayAbove, StayBelow
from bot.okr.kinds.metric import Metric
from bot.okr.kinds.milestones import Milestones
from bot.okr.kinds.yes_no import YesNo
from bot.store.keyresults import Scope, current_check_in_id, open_conditions
from bot.store.tables import CheckIn, Cycle, KeyResult, Member, MilestoneStep, Objective, Team
from bot.store.types import UtcDateTime
from bot.store.versions import superseded

_GUARDRAILS = (StayAbove.name, StayBelow.name)
_NEAR = 1e-9
"""Sums and products of floating point numbers are off by far less than this share of their size."""
_NEAR_IN_TIME = 1e-4
"""SQLite tells instants to the millisecond; a share of a cycle, added up from many of them, is nearer than this."""


@dataclass(frozen=True)
class Beat:
    """What paces key results: the days of a cycle, and the zone of the lead whose calendar they are counted in."""

    cycle_id: int
    starts_on: date
    ends_on: date
    lead_zone: str | None


@dataclass(frozen=True)
class Bar:
    """How far a cycle is by now, and the share a key result of that beat must have reached to count as on track.

    `elapsed` is the share of the cycle that is over; `begins` is its first instant, `ends` the first one after it.
    """

    beat: Beat
    elapsed: Decimal
    least: Decimal
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Candidate:
    """A key result that is below the bar, or too near it for SQL to tell (`sure` is false).

    `bar` is the place of its bar among those given.
    """

    number: int
    kind: str
    start: Decimal | None
    target: Decimal | None
    value: Decimal | None
    bar: int
    sure: bool


def stale(
    session: Session, workspace_id: int, scope: Scope, day: date, grace_from: date, fresh_from: Mapping[str, datetime]
) -> list[int]:
    """Numbers of open key results about which nothing was said at `fresh_from` or later, lowest first.

    fresh_from: that instant for each rhythm that teams have.
    """
    said = aliased(CheckIn)
    fresh = select(said.id).where(
        said.key_result_id == KeyResult.id,
        said.as_of >= _by_rhythm(fresh_from),
        said.withdrawn.is_(False),
        ~superseded(said),
    )
    wanted = open_conditions(workspace_id, scope, day, grace_from)
    return list(
        session.scalars(_around(select(KeyResult.number)).where(*wanted, ~fresh.exists()).order_by(KeyResult.number))
    )


def beats(session: Session, workspace_id: int, day: date, grace_from: date) -> list[Beat]:
    """What paces the workspace's open key results."""
    lead = aliased(Member)
    rows = session.execute(
        select(Cycle.id, Cycle.starts_on, Cycle.ends_on, lead.zone)
        .select_from(Objective)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .join(Team, Team.id == Objective.team_id)
        .outerjoin(lead, lead.id == Team.lead_id)
        .where(Cycle.workspace_id == workspace_id, Cycle.starts_on <= day, Cycle.ends_on >= grace_from)
        .distinct()
    )
    return [Beat(*row) for row in rows]


@dataclass(frozen=True)
class _Sums:
    """Where a key result stands above its bar, in whatever measure its kind has; below it where `over` is negative.

    `near` is how far off that may be.
    """

    over: Any
    near: Any


def below_the_bar(
    session: Session,
    workspace_id: int,
    scope: Scope,
    day: date,
    grace_from: date,
    bars: Sequence[Bar],
    known_after: Mapping[str, datetime],
    now: datetime,
) -> list[Candidate]:
    """Open key results of which something was said after `known_after` and that may be below their bar; by number.

    One statement, none without bars.
    """
    if not bars:
        return []
    wanted = open_conditions(workspace_id, scope, day, grace_from)
    bar, last, lead = _bars(bars, now), aliased(CheckIn), aliased(Member)
    kept = _kept_inside(wanted, bar, known_after)
    sums = _sums(bar, last, kept)
    statement = (
        _around(select(KeyResult.number, KeyResult.kind, KeyResult.start, KeyResult.target))
        .add_columns(func.coalesce(last.value, KeyResult.start), bar.c.place, sums.over < -sums.near)
        .outerjoin(lead, lead.id == Team.lead_id)
        .join(bar, _paced_by(bar, lead))
        .join(last, last.id == current_check_in_id(None))
        .outerjoin(kept, kept.c.key_result_id == KeyResult.id)
        .where(*wanted, last.as_of > _by_rhythm(known_after), sums.over <= sums.near)
        .order_by(KeyResult.number)
    )
    return [Candidate(*row) for row in session.execute(statement)]


def _by_rhythm(moments: Mapping[str, datetime]) -> Any:
    """The moment that counts for the team of the query around it."""
    told = [(Team.rhythm == rhythm, literal(moment, UtcDateTime)) for rhythm, moment in moments.items()]
    return case(*told) if told else literal(None, UtcDateTime)


def _around(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .join(Team, Team.id == Objective.team_id)
    )


def _bars(bars: Sequence[Bar], now: datetime) -> CTE:
    """The bars as a table; `least` as a share, `begins`, `ends` and `until` (now, within them) in seconds."""
    columns: list[ColumnClause[Any]] = [column("place", Integer), column("cycle_id", Integer), column("zone", String)]
    columns += [column(name, Float) for name in ("least", "begins", "ends", "until")]
    rows = [
        (
            place,
            each.beat.cycle_id,
            each.beat.lead_zone or "",
            float(each.least),
            each.begins.timestamp(),
            each.ends.timestamp(),
            min(max(now, each.begins), each.ends).timestamp(),
        )
        for place, each in enumerate(bars)
    ]
    return sql_values(*columns, name="bar").data(rows).cte("bar")


def _paced_by(bar: CTE, lead: type[Member]) -> Any:
    return and_(bar.c.cycle_id == Cycle.id, bar.c.zone == func.coalesce(lead.zone, ""))


def _sums(bar: CTE, last: type[CheckIn], kept: CTE) -> _Sums:
    """By kind; of a kind that is not here nothing is known, and the exact rule decides."""
    metric, steps = _of_metric(bar, last), _of_milestones(bar, last)
    reached = func.coalesce(_number(last.value), _number(KeyResult.start))
    is_yes = case((reached == 1.0, 1.0), else_=0.0) - bar.c.least
    is_found = case((reached.is_(None), 0.0), else_=1.0) - bar.c.least
    whole = bar.c.ends - bar.c.begins
    inside = kept.c.inside - bar.c.least * whole
    unclear = func.coalesce(kept.c.unclear, 1) > 0
    over = case(
        (KeyResult.kind == Metric.name, metric.over),
        (KeyResult.kind == YesNo.name, is_yes),
        (KeyResult.kind == Baseline.name, is_found),
        (KeyResult.kind == Milestones.name, steps.over),
        # Nobody is asked for any of it yet.
        (and_(KeyResult.kind.in_(_GUARDRAILS), bar.c.least <= 0), whole),
        (and_(KeyResult.kind.in_(_GUARDRAILS), ~unclear), inside),
        else_=0.0,
    )
    near = case(
        (KeyResult.kind == Metric.name, metric.near),
        (KeyResult.kind == Milestones.name, steps.near),
        (KeyResult.kind.in_(_GUARDRAILS), _NEAR_IN_TIME * whole),
        else_=0.0,
    )
    return _Sums(func.coalesce(over, 0.0), func.coalesce(near, 0.0))


def _of_metric(bar: CTE, last: type[CheckIn]) -> _Sums:
    """Not divided: a way of 1 between two large numbers would lose every digit."""
    start, target = _number(KeyResult.start), _number(KeyResult.target)
    value = func.coalesce(_number(last.value), start)
    gone = (value - start) - bar.c.least * (target - start)
    return _Sums(
        case((target > start, gone), else_=-gone), _NEAR * (func.abs(value) + func.abs(start) + func.abs(target))
    )


def _of_milestones(bar: CTE, last: type[CheckIn]) -> _Sums:
    share = _number(MilestoneStep.share)
    mine = MilestoneStep.key_result_id == KeyResult.id
    value = func.coalesce(_number(last.value), 0.0)
    whole = select(func.sum(share)).where(mine).correlate(KeyResult).scalar_subquery()
    reached = (
        select(func.coalesce(func.sum(share), 0.0))
        .where(mine, MilestoneStep.position <= value)
        .correlate(KeyResult, last)
        .scalar_subquery()
    )
    return _Sums(reached - bar.c.least * whole, _NEAR * whole)


def _kept_inside(wanted: list[Any], bar: CTE, known_after: Mapping[str, datetime]) -> CTE:
    """For each guardrail with a value: how many seconds of its cycle it has spent `inside` its rail.

    Only the instants at which it crossed its rail are added up: a value is compared in passing, and what an instant is
    in seconds takes a database long to say. `unclear` counts values so near the rail that floating point numbers can't
    tell them from it, and those of one instant that were not recorded in the order of their rows.
    """
    rails = _rails(wanted, bar, known_after)
    each, before = rails.c, aliased(CheckIn)
    inside = _one_if(_is_inside(CheckIn.value, each))
    inside_before = case((before.id.is_(None), each.began_inside), else_=_one_if(_is_inside(before.value, each)))
    out_of_order = and_(before.as_of == CheckIn.as_of, before.recorded_at > CheckIn.recorded_at)
    unclear = _one_if(or_(out_of_order, _is_unclear(CheckIn.value, each)))
    crossings = (
        select(each.key_result_id, each.begins, each.until, each.began_inside, each.began_unclear)
        .add_columns(CheckIn.as_of, (inside_before - inside).label("left"), unclear.label("unclear"))
        .join(CheckIn, CheckIn.key_result_id == each.key_result_id)
        .outerjoin(before, before.id == _one_before())
        .where(*_counting(CheckIn), or_(before.id.is_(None), inside_before != inside, unclear > 0))
        .cte("crossings")
    )
    at = crossings.c
    left_at = func.sum(at.left * _within(_Seconds(at.as_of), at))
    begins, until, began_inside = func.min(at.begins), func.min(at.until), func.min(at.began_inside)
    return (
        select(
            at.key_result_id,
            (left_at + (began_inside - func.sum(at.left)) * until - began_inside * begins).label("inside"),
            func.sum(at.unclear + at.began_unclear).label("unclear"),
        )
        .group_by(at.key_result_id)
        .cte("kept")
    )


def _rails(wanted: list[Any], bar: CTE, known_after: Mapping[str, datetime]) -> CTE:
    """The guardrails that may be below their bar: those something was said about lately, and of which it asks."""
    lead, lately = aliased(Member), aliased(CheckIn)
    heard_of = select(lately.id).where(lately.key_result_id == KeyResult.id, lately.as_of > _by_rhythm(known_after))
    terms = (
        _around(select(KeyResult.id.label("key_result_id"), KeyResult.kind, KeyResult.start, KeyResult.target))
        .add_columns(bar.c.begins, bar.c.until, _number(KeyResult.target).label("rail"))
        .outerjoin(lead, lead.id == Team.lead_id)
        .join(bar, _paced_by(bar, lead))
        .where(*wanted, KeyResult.kind.in_(_GUARDRAILS), bar.c.least > 0, heard_of.exists())
        .cte("terms")
    )
    each = terms.c
    began_inside, began_unclear = _is_inside(each.start, each), _is_unclear(each.start, each)
    begun = (_one_if(began_inside).label("began_inside"), _one_if(began_unclear).label("began_unclear"))
    # Distinct as they are: to say so lets SQLite work each one out once and not for each of its check-ins.
    return select(terms, *begun).distinct().cte("rails")


def _counting(version: type[CheckIn]) -> tuple[Any, ...]:
    """Has a value and is in force. Few are ever edited; to look each one up would take longer than all the rest."""
    in_force = or_(version.submission_id.not_in(_edited()), ~superseded(version))
    return version.value.is_not(None), version.withdrawn.is_(False), in_force


def _one_before() -> Any:
    """The row id of the value before that of the query around it, in the order of the index."""
    each = aliased(CheckIn)
    earlier = or_(each.as_of < CheckIn.as_of, each.id < CheckIn.id)
    return (
        select(each.id)
        .where(each.key_result_id == CheckIn.key_result_id, each.as_of <= CheckIn.as_of, earlier, *_counting(each))
        .order_by(each.as_of.desc(), each.id.desc())
        .limit(1)
        .correlate(CheckIn)
        .scalar_subquery()
    )


def _edited() -> Select[int]:
    """Submissions of which a check-in has a further version."""
    version = aliased(CheckIn)
    return select(version.submission_id).where(version.version > 1)


def _one_if(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _within(seconds: Any, of: Any) -> Any:
    """Held between the beginning of the cycle and now."""
    return case((seconds < of.begins, of.begins), (seconds > of.until, of.until), else_=seconds)


def _is_inside(value: Any, of: Any) -> Any:
    number = _number(value)
    inside = case((of.kind == StayAbove.name, number >= of.rail), else_=number <= of.rail)
    return func.coalesce(inside, false())


def _is_unclear(value: Any, of: Any) -> Any:
    number = _number(value)
    near = func.abs(number - of.rail) <= _NEAR * (func.abs(number) + func.abs(of.rail))
    return func.coalesce(and_(near, value != of.target), false())


def _number(exact: Any) -> Any:
    """An exact number as a floating point number."""
    return cast(exact, Float)


class _Seconds(FunctionElement[float]):
    """An instant in seconds since 1970, as Python's `timestamp` gives them."""

    type = Float()
    name = "seconds"
    inherit_cache = True


@compiles(_Seconds, "sqlite")
def _seconds_in_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"((julianday({compiler.process(element.clauses, **more)}) - 2440587.5) * 86400.0)"


@compiles(_Seconds, "postgresql")
def _seconds_in_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **more)}) AS DOUBLE PRECISION)"
