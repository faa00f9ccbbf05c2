"""What some kinds look at beside the key result itself: the course of a guardrail, the steps of milestones."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, cast, null, select, union_all
from sqlalchemy.orm import Session

from bot.okr.kinds import Milestone
from bot.store.tables import CheckIn, MilestoneStep
from bot.store.versions import superseded


@dataclass(frozen=True)
class Backgrounds:
    """By row id of the key result: the values in force with the instants they are about, oldest first; the steps."""

    points: dict[int, list[tuple[datetime, Decimal]]]
    milestones: dict[int, tuple[Milestone, ...]]


def of(session: Session, with_course: Collection[int], with_steps: Collection[int]) -> Backgrounds:
    """The courses of some key results and the steps of others. One statement at most, however many."""
    points: dict[int, list[tuple[datetime, Decimal]]] = {id_: [] for id_ in with_course}
    steps: dict[int, list[Milestone]] = {id_: [] for id_ in with_steps}
    parts = [_courses(with_course)] if with_course else []
    parts += [_steps(with_steps)] if with_steps else []
    if parts:
        both = union_all(*parts).subquery()
        # Places in the order of time, then of recording; steps have neither.
        order = (both.c.as_of, both.c.recorded_at, both.c.place)
        for id_, name, as_of, _, _, number in session.execute(select(both).order_by(*order)):
            if name is None:
                points[id_].append((as_of, number))
            else:
                steps[id_].append(Milestone(name, number))
    return Backgrounds(points, {id_: tuple(each) for id_, each in steps.items()})


def _courses(wanted: Collection[int]) -> Select[*tuple[Any, ...]]:
    return select(
        CheckIn.key_result_id,
        cast(null(), MilestoneStep.name.type).label("name"),
        CheckIn.as_of,
        CheckIn.recorded_at,
        CheckIn.id.label("place"),
        CheckIn.value.label("number"),
    ).where(
        CheckIn.key_result_id.in_(wanted),
        CheckIn.value.is_not(None),
        CheckIn.withdrawn.is_(False),
        ~superseded(CheckIn),
    )


def _steps(wanted: Collection[int]) -> Select[*tuple[Any, ...]]:
    nothing = cast(null(), CheckIn.as_of.type)
    return select(
        MilestoneStep.key_result_id,
        MilestoneStep.name,
        nothing.label("as_of"),
        nothing.label("recorded_at"),
        MilestoneStep.position.label("place"),
        MilestoneStep.share.label("number"),
    ).where(MilestoneStep.key_result_id.in_(wanted))
