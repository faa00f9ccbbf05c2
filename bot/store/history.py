"""What became of a key result or an objective: every version of every check-in, and every change of what was agreed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Select, cast, false, literal, null, select, tuple_, union_all
from sqlalchemy.orm import Session

from bot.okr.details import Mark
from bot.store.tables import Change, CheckIn, Contributor, Cycle, Member, Objective, Submission, Team
from bot.store.types import UtcDateTime
from bot.store.versions import superseded

CHECK_IN, CHANGE = 0, 1


@dataclass(frozen=True)
class Entry:
    """A version of a check-in, or a change; what belongs to the other kind is None.

    `superseded`: a newer version of the check-in stands.
    """

    at: datetime
    kind: int
    row_id: int
    author: str | None
    submission_id: int | None
    version: int | None
    as_of: datetime | None
    value: Decimal | None
    value_before: Decimal | None
    confidence: int | None
    note: str | None
    unchanged: bool | None
    withdrawn: bool | None
    back_dated: bool | None
    superseded: bool | None
    action: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None
    sender_id: int | None = None

    @property
    def mark(self) -> Mark:
        """Where it stands."""
        return Mark(self.at, self.kind, self.row_id)


def of_key_result(
    session: Session, key_result_id: int, *, older_than: Mark | None, newer_than: Mark | None, limit: int
) -> list[Entry]:
    """Check-ins and changes of a key result, newest first: those next to the mark given. One statement."""
    entries = union_all(_check_ins(key_result_id), _changes("key_result", key_result_id)).subquery()
    return _page(session, select(entries), entries.c, older_than, newer_than, limit)


def newest_versions(session: Session, key_result_id: int) -> list[CheckIn]:
    """The newest version of every check-in of a key result, those that were taken back too. One statement."""
    return list(
        session.scalars(
            select(CheckIn)
            .where(CheckIn.key_result_id == key_result_id, ~superseded(CheckIn))
            .order_by(CheckIn.as_of, CheckIn.recorded_at, CheckIn.id)
        )
    )


def of_objective(
    session: Session, objective_id: int, *, older_than: Mark | None, newer_than: Mark | None, limit: int
) -> list[Entry]:
    """Changes of an objective, newest first: those next to the mark given. One statement."""
    nothing = _check_ins(0).where(false())
    entries = union_all(nothing, _changes("objective", objective_id)).subquery()
    return _page(session, select(entries), entries.c, older_than, newer_than, limit)


def _check_ins(key_result_id: int) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = (
        select(
            CheckIn.recorded_at.label("at"),
            literal(CHECK_IN).label("kind"),
            CheckIn.id.label("row_id"),
            Member.name.label("author"),
            CheckIn.submission_id,
            CheckIn.version,
            CheckIn.as_of,
            CheckIn.value,
            CheckIn.before.label("value_before"),
            CheckIn.confidence,
            CheckIn.note,
            CheckIn.unchanged,
            CheckIn.withdrawn,
            CheckIn.back_dated,
            superseded(CheckIn).label("superseded"),
            cast(null(), Change.action.type).label("action"),
            cast(null(), JSON).label("before"),
            cast(null(), JSON).label("after"),
            cast(null(), Change.reason.type).label("reason"),
            Submission.member_id.label("sender_id"),
        )
        .join(Member, Member.id == CheckIn.author_id)
        .join(Submission, Submission.id == CheckIn.submission_id)
        .where(CheckIn.key_result_id == key_result_id)
    )
    return found


def _changes(entity: str, entity_id: int) -> Select[*tuple[Any, ...]]:
    nothing = [null() for _ in range(11)]
    found: Select[*tuple[Any, ...]] = (
        select(
            Change.at,
            literal(CHANGE),
            Change.id,
            Member.name,
            *nothing,
            Change.action,
            Change.before,
            Change.after,
            Change.reason,
            null(),
        )
        .outerjoin(Member, Member.id == Change.actor_id)
        .where(Change.entity == entity, Change.entity_id == entity_id)
    )
    return found


def _page(
    session: Session, statement: Any, of: Any, older_than: Mark | None, newer_than: Mark | None, limit: int
) -> list[Entry]:
    place = tuple_(of.at, of.kind, of.row_id)
    order = [of.at.desc(), of.kind.desc(), of.row_id.desc()]
    if older_than is not None:
        statement = statement.where(place < _place(older_than))
    if newer_than is not None:
        statement = statement.where(place > _place(newer_than))
        order = [of.at.asc(), of.kind.asc(), of.row_id.asc()]
    rows = [Entry(*row) for row in session.execute(statement.order_by(*order).limit(limit))]
    return rows if newer_than is None else rows[::-1]


def _place(mark: Mark) -> Any:
    return tuple_(literal(mark.at, UtcDateTime()), literal(mark.kind), literal(mark.row_id))


@dataclass(frozen=True)
class Named:
    """Somebody or something that a history or its details name: `table`, row id, its words.

    For objectives `number` is theirs and `private` whether others may not read their words.
    """

    table: str
    row_id: int
    words: str
    number: int | None = None
    private: bool = False


def named(
    session: Session,
    *,
    members: set[int],
    objectives: set[int],
    teams: set[int],
    cycles: set[int],
    contributors_of: int | None = None,
) -> list[Named]:
    """The names behind these row ids, and of who contributes to a key result (as the table `contributor`).

    One statement; the contributors by name.
    """
    no_number, not_private = null(), false()
    parts = [
        select(literal("member"), Member.id, Member.name, no_number, not_private).where(Member.id.in_(members)),
        select(literal("objective"), Objective.id, Objective.title, Objective.number, Objective.private).where(
            Objective.id.in_(objectives)
        ),
        select(literal("team"), Team.id, Team.name, no_number, not_private).where(Team.id.in_(teams)),
        select(literal("cycle"), Cycle.id, Cycle.name, no_number, not_private).where(Cycle.id.in_(cycles)),
        select(literal("contributor"), Member.id, Member.name, no_number, not_private)
        .join(Contributor, Contributor.member_id == Member.id)
        .where(Contributor.key_result_id == (contributors_of or 0)),
    ]
    rows = session.execute(union_all(*parts)).all()
    return sorted((Named(*row) for row in rows), key=lambda each: (each.table, each.words, each.row_id))
