"""Check-ins on their way in: a temporary table, and the statements that make submissions and check-ins of it.

However many rows there are, nothing of them is held in memory, and what depends on other rows (which are new, what the
value was before) is said in SQL.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    case,
    func,
    insert,
    literal,
    over,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement, FromClause

from bot.store.tables import CheckIn, KeyResult, Submission
from bot.store.types import Exact, UtcDateTime

BATCH = 20_000
"""How many lines one inserting statement takes, so that a progress bar moves."""

STAGED = Table(
    "staged_check_in",
    MetaData(),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("key", String(200), nullable=False),
    Column("author_id", Integer, nullable=False),
    Column("key_result_id", Integer),
    Column("as_of", UtcDateTime),
    Column("value", Exact),
    Column("confidence", Integer),
    Column("note", Text),
    Column("learned", Text),
    Column("needs", Text),
    Column("version", Integer),
    Column("recorded_at", UtcDateTime),
    Column("before", Exact),
    Column("unchanged", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("back_dated", Boolean, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("undone_at", UtcDateTime),
    Column("source", String(16)),
    Column("submission_id", Integer),
    Column("state", Integer, nullable=False, default=0, server_default="0"),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)

BEFORE = Table(
    "staged_before",
    MetaData(),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("before", Exact),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""The value before each new row. A narrow table of its own, written in its order: the values are found in the order of
key results and dates, and a million wide rows updated in that order are read and written again and again."""

NEW, NEXT, SAME, OTHER = 1, 2, 3, 4
"""`state`: a check-in that is not there yet, a correction of one, one that is there so, one that is there otherwise."""

_at = STAGED.c
_GIVEN = [column.name for column in STAGED.columns if column.name not in ("submission_id", "state")]


@dataclass(frozen=True)
class Clash:
    """Two rows of the table that do not go together: the later line, the earlier one, and their key."""

    line: int
    other: int
    key: str


def open_stage(session: Session) -> None:
    """Make the temporary table, empty."""
    connection = session.connection()
    for table in (STAGED, BEFORE):
        connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))
        table.create(connection, checkfirst=False)


def close_stage(session: Session) -> None:
    """Give its room back."""
    for table in (STAGED, BEFORE):
        session.execute(text(f"DROP TABLE {table.name}"))


def fill(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows: every column of the table but `submission_id` and `state`."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        raw: Any = connection.connection.cursor()
        with raw.copy(f"COPY staged_check_in ({', '.join(_GIVEN)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in _GIVEN])
        raw.close()
        return
    # Straight to the driver: of a million rows, most of the time would go into building statements.
    told = [(name, STAGED.c[name].type.dialect_impl(connection.dialect)) for name in _GIVEN]
    processors = [(name, each.bind_processor(connection.dialect)) for name, each in told]
    places = ", ".join("?" for _ in _GIVEN)
    connection.exec_driver_sql(
        f"INSERT INTO staged_check_in ({', '.join(_GIVEN)}) VALUES ({places})",
        [tuple(row[name] if process is None else process(row[name]) for name, process in processors) for row in rows],
    )


def settle(session: Session) -> None:
    """All rows are there: let the database know where they are and how many."""
    session.execute(text("CREATE INDEX ix_staged_check_in_key ON staged_check_in (key)"))
    _analyze(session, "staged_check_in")


def _analyze(session: Session, table: str) -> None:
    """Let PostgreSQL's planner know of rows that this transaction has just added."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE {table}"))


def repeated(session: Session, most: int) -> list[Clash]:
    """Rows that are about the same key, key result and version as an earlier one."""
    first = func.min(_at.line).over(partition_by=(_at.key, _at.key_result_id, _at.version)).label("first")
    seen = select(_at.line, first, _at.key).subquery()
    found = session.execute(
        select(seen.c.line, seen.c.first, seen.c.key)
        .where(seen.c.line > seen.c.first)
        .order_by(seen.c.line)
        .limit(most)
    )
    return [Clash(*row) for row in found]


def at_odds(session: Session, column: str, most: int) -> list[Clash]:
    """Rows whose `column` differs from another row's of the same key, where both say something."""
    of_key = (
        select(_at.key, func.min(_at.line).label("first"), func.max(_at.line).label("last"))
        .where(_at[column].is_not(None))
        .group_by(_at.key)
        .having(func.count(_at[column].distinct()) > 1)
        .subquery()
    )
    found = session.execute(select(of_key.c.last, of_key.c.first, of_key.c.key).order_by(of_key.c.last).limit(most))
    return [Clash(*row) for row in found]


def somebody_elses(session: Session, workspace_id: int, most: int) -> list[tuple[int, str, int]]:
    """Rows whose key is that of another member's submission, as (line, key, that member)."""
    found = session.execute(
        select(func.min(_at.line), _at.key, Submission.member_id)
        .join(Submission, and_(Submission.workspace_id == workspace_id, Submission.external_key == _at.key))
        .where(Submission.member_id != _at.author_id)
        .group_by(_at.key, Submission.member_id)
        .order_by(func.min(_at.line))
        .limit(most)
    )
    return [(line, key, member_id) for line, key, member_id in found]


def keep_submissions(session: Session, workspace_id: int) -> None:
    """Make the submissions that are not there yet, in the order of the table, and find all of them."""
    of_key = (
        select(
            _at.key,
            func.min(_at.line).label("first"),
            func.max(_at.learned).label("learned"),
            func.max(_at.needs).label("needs"),
        )
        .group_by(_at.key)
        .subquery()
    )
    known = select(Submission.id).where(Submission.workspace_id == workspace_id, Submission.external_key == _at.key)
    made = (
        select(
            literal(workspace_id), _at.author_id, _at.source, _at.sent_at, literal(1), of_key.c.learned,
            of_key.c.needs, _at.undone_at, _at.key,
        )
        .join(of_key, of_key.c.first == _at.line)
        .where(~known.exists())
        .order_by(_at.line)
    )  # fmt: skip
    columns = ["workspace_id", "member_id", "source", "submitted_at", "version", "learned", "needs", "undone_at"]
    connection = session.connection()
    connection.execute(insert(Submission).from_select([*columns, "external_key"], made, include_defaults=False))
    _analyze(session, "submission")
    # From here on nothing looks for keys, and every row is written twice more: an index would be too.
    connection.execute(text("DROP INDEX ix_staged_check_in_key"))
    connection.execute(
        update(STAGED)
        .where(Submission.workspace_id == workspace_id, Submission.external_key == _at.key)
        .values(submission_id=Submission.id)
    )


def compare(session: Session, *, history: bool) -> None:
    """Set each row's `state`, and the version where the table has none."""
    connection = session.connection()
    _analyze(session, "staged_check_in")
    there = (CheckIn.submission_id == _at.submission_id) & (CheckIn.key_result_id == _at.key_result_id)
    says = (
        CheckIn.value.is_not_distinct_from(_at.value)
        & CheckIn.confidence.is_not_distinct_from(_at.confidence)
        & CheckIn.note.is_not_distinct_from(_at.note)
        & (CheckIn.withdrawn == _at.withdrawn)
    )
    if history:
        there &= CheckIn.version == _at.version
        says &= CheckIn.as_of == _at.as_of
    same, any_there = select(CheckIn.id).where(there, says).exists(), select(CheckIn.id).where(there).exists()
    otherwise = OTHER if history else NEXT
    found: dict[str, ColumnElement[Any]] = {"state": case((same, SAME), (any_there, otherwise), else_=NEW)}
    if not history:
        newest = select(func.coalesce(func.max(CheckIn.version), 0) + 1).where(there)
        found["version"] = newest.scalar_subquery()
    connection.execute(update(STAGED).where(_at.key_result_id.is_not(None)).values(found))
    connection.execute(text("CREATE INDEX ix_staged_check_in_answer ON staged_check_in (submission_id, key_result_id)"))
    _analyze(session, "staged_check_in")  # how many rows have which state decides how the next statements run


def otherwise_known(session: Session, most: int) -> list[tuple[int, str, int]]:
    """Rows that contradict a version the database has, as (line, key, version)."""
    found = session.execute(
        select(_at.line, _at.key, _at.version).where(_at.state == OTHER).order_by(_at.line).limit(most)
    )
    return [(line, key, version) for line, key, version in found]


def find_before(session: Session) -> None:
    """Say in `BEFORE` what each new row's value was before: that of the check-in in force then, else the start."""
    newer = aliased(CheckIn)
    later = select(newer.id).where(
        newer.submission_id == CheckIn.submission_id,
        newer.key_result_id == CheckIn.key_result_id,
        newer.version > CheckIn.version,
    )
    corrected = select(_at.line).where(
        _at.state == NEXT, _at.submission_id == CheckIn.submission_id, _at.key_result_id == CheckIn.key_result_id
    )
    touched = select(_at.key_result_id).where(_at.state.in_((NEW, NEXT)))
    in_force = select(
        CheckIn.key_result_id.label("of"), CheckIn.as_of.label("as_of"), CheckIn.value.label("value"),
        literal(0).label("line"),
    ).where(
        CheckIn.key_result_id.in_(touched), CheckIn.withdrawn.is_(False), ~later.exists(), ~corrected.exists()
    )  # fmt: skip
    coming = select(_at.key_result_id, _at.as_of, _at.value, _at.line).where(_at.state.in_((NEW, NEXT)))
    every: FromClause = in_force.union_all(coming).subquery()
    in_order = partial(over, partition_by=every.c.of, order_by=(every.c.as_of, every.c.line))
    nth = in_order(func.row_number())
    placed = (
        select(
            every.c.line,
            case((nth == 1, KeyResult.start), else_=in_order(func.lag(every.c.value))).label("before"),
        )
        .join(KeyResult, KeyResult.id == every.c.of)
        .subquery()
    )
    known = select(placed.c.line, placed.c.before).where(placed.c.line > 0).order_by(placed.c.line)
    session.connection().execute(insert(BEFORE).from_select(["line", "before"], known))
    _analyze(session, "staged_before")


def keep_check_ins(session: Session, workspace_id: int, *, history: bool) -> Iterator[tuple[int, int]]:
    """Add the check-ins that are new, some lines at a time; answers after each how many lines are done, of how many.

    history: the value before is the table's own, not what `find_before` said.
    """
    last = session.scalar(select(func.max(_at.line))) or 0
    given = ["submission_id", "key_result_id", "version", "as_of", "recorded_at", "author_id", "value"]
    given += ["confidence", "note", "withdrawn", "back_dated"]
    before: ColumnElement[Any] = _at.before if history else BEFORE.c.before
    unchanged: ColumnElement[Any] = _at.unchanged if history else _at.value.is_not_distinct_from(BEFORE.c.before)
    source: FromClause = STAGED if history else STAGED.join(BEFORE, BEFORE.c.line == _at.line)
    every = select(literal(workspace_id), *(_at[name] for name in given), before, unchanged).select_from(source)
    every = every.where(_at.state.in_((NEW, NEXT))).order_by(_at.line)
    columns = ["workspace_id", *given, "before", "unchanged"]
    connection = session.connection()
    for begin in range(0, last + 1, BATCH):
        rows = every.where(_at.line.between(begin, begin + BATCH - 1))
        connection.execute(insert(CheckIn).from_select(columns, rows, include_defaults=False))
        yield min(begin + BATCH - 1, last), last
    _analyze(session, "check_in")


def tell_again(session: Session, *, history: bool) -> None:
    """Write what was learned and needed (and undone) into submissions that were there and are told otherwise.

    history: only where the table brings a version the database does not have, because the newest one counts.
    """
    said = (
        select(
            _at.submission_id, func.max(_at.learned).label("learned"), func.max(_at.needs).label("needs"),
            func.max(_at.undone_at).label("undone_at"),
        )
        .group_by(_at.submission_id)
        .having(func.min(_at.state).in_((NEW, NEXT)) if history else true())
        .subquery()
    )  # fmt: skip
    connection = session.connection()
    for name in ("learned", "needs", "undone_at") if history else ("learned", "needs"):
        column = getattr(Submission, name)
        connection.execute(
            update(Submission)
            .where(Submission.id == said.c.submission_id, said.c[name].is_not(None))
            .where(column.is_distinct_from(said.c[name]))
            .values({name: said.c[name]})
            .execution_options(synchronize_session=False)
        )


def counts(session: Session) -> dict[int, int]:
    """How many rows have each `state`."""
    found = session.execute(select(_at.state, func.count()).where(_at.state > 0).group_by(_at.state))
    return dict(found.all())
