"""The database, and the only place that commits.

One use case is one transaction: `Database.transact(work)` opens a session, runs `work(session)` and commits.
All waits together (a free connection, the write lock, statements) end before the time that is left, so that
Slack still gets its answer in time; then everything is rolled back and `Busy` is raised.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, func, literal_column, select
from sqlalchemy import exc as sa_exc
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, ExecutionContext, make_url
from sqlalchemy.orm import DeclarativeBase, Session

from bot.okr.errors import Busy, OkrError

__all__ = [
    "Database",
    "DatabaseAddressError",
    "DatabaseUnreachable",
    "Session",
    "database_now",
    "insert_once",
    "make_engine",
    "read_address",
    "upsert",
]
"""`Session` for the use cases, which are given one and ask the query modules with it."""

T = TypeVar("T")

POOL_TIMEOUT = 0.4
CONNECT_TIMEOUT = 2
SQLITE_BUSY_SECONDS = 1.5
USE_CASE_SECONDS = 2.3

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class DatabaseAddressError(OkrError):
    """`DATABASE_URL` names nothing this bot can use. The sentence says what to set."""


class DatabaseUnreachable(OkrError):
    """The database does not answer at all. The sentence says what to look at."""


def read_address(address: str) -> URL:
    """Turn `DATABASE_URL` into an SQLAlchemy URL with the driver chosen for the user.

    Raises DatabaseAddressError for anything but SQLite and PostgreSQL.
    """
    try:
        url = make_url(address)
    except sa_exc.ArgumentError as error:
        raise DatabaseAddressError(
            "DATABASE_URL cannot be read. Set it to something like sqlite:///okr.db or postgresql://user@host/okr.",
            help_topic="operator",
        ) from error
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        if not url.database or url.database == ":memory:":
            raise DatabaseAddressError(
                "DATABASE_URL names a database in memory, which would forget everything. "
                "Set it to a file, for example sqlite:///okr.db.",
                help_topic="operator",
            )
        return url
    raise DatabaseAddressError(
        f"DATABASE_URL asks for {url.drivername!r}, but only SQLite and PostgreSQL are supported. "
        "Set it to something like sqlite:///okr.db or postgresql://user@host/okr.",
        help_topic="operator",
    )


def _time_left() -> float:
    deadline = _deadline.get()
    return USE_CASE_SECONDS if deadline is None else deadline - time.monotonic()


def _refuse_when_late() -> None:
    if _time_left() <= 0:
        raise Busy


def make_engine(address: str, *, pool_size: int = 10) -> Engine:
    """An engine for `DATABASE_URL` whose waits are bounded. `pool_size` is the number of connections kept."""
    url = read_address(address)
    bounded: dict[str, Any] = {"pool_timeout": POOL_TIMEOUT, "pool_size": pool_size, "max_overflow": 0}
    bounded["hide_parameters"] = True  # an error is logged, and what people typed is not
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, **bounded, connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}
        )
        _prepare_sqlite(engine)
    else:
        arguments = {"connect_timeout": CONNECT_TIMEOUT, "tcp_user_timeout": 2500, "keepalives_idle": 15}
        engine = create_engine(url, **bounded, connect_args=arguments, pool_pre_ping=True)
        _prepare_postgresql(engine)

    @event.listens_for(engine, "before_cursor_execute")
    def stop_when_late(
        _connection: Connection,
        _cursor: object,
        _statement: str,
        _parameters: object,
        _context: ExecutionContext,
        _many: bool,
    ) -> None:
        _refuse_when_late()

    return engine


def _at_begin(connection: Connection, statement: str, parameters: tuple[str, ...] = ()) -> None:
    """Run a statement while a transaction begins. SQLAlchemy does not translate what its listeners raise; this does."""
    raw: Any = connection.connection
    driver: Any = connection.dialect.loaded_dbapi
    try:
        raw.execute(statement, parameters)
    except driver.Error as error:
        raise sa_exc.DBAPIError.instance(statement, None, error, driver.Error) from error


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # SQLAlchemy's "begin" event below opens the transaction, not the driver
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        wait = max(0, int(min(SQLITE_BUSY_SECONDS, _time_left()) * 1000))
        _at_begin(connection, f"PRAGMA busy_timeout={wait}")
        # Read-then-write under a deferred BEGIN fails at once when somebody wrote in between; the write lock
        # is therefore taken first.
        _at_begin(connection, "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if _deadline.get() is None:
            return
        left = max(1, int(_time_left() * 1000))
        _at_begin(
            connection,
            "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', %s, true)",
            # A long transaction (an import) also thinks longer between its statements.
            (str(left), str(left), str(max(30_000, left // 10))),
        )


_LATE_SQLSTATES = {"57014", "55P03", "57P01", "57P02", "57P03", "53300", "08000", "08003", "08006"}
_REPEATABLE_SQLSTATES = {"40001", "40P01", "23505"}


def _sqlstate(error: sa_exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _is_busy(error: sa_exc.SQLAlchemyError) -> bool:
    if isinstance(error, sa_exc.TimeoutError):
        return True
    if not isinstance(error, sa_exc.DBAPIError):
        return False
    state = _sqlstate(error)
    if state is not None:
        return state in _LATE_SQLSTATES
    text = str(error.orig).lower()
    return error.connection_invalidated or (
        isinstance(error, sa_exc.OperationalError)
        and (
            "locked" in text
            or "busy" in text
            or "connect" in text
            or "closed" in text
            or "timeout" in text
            or "terminat" in text
            or "unable to open" in text
            or "disk i/o" in text
        )
    )


def _is_repeatable(error: sa_exc.SQLAlchemyError) -> bool:
    """Two people did the same at the same moment: the second look finds what the first one wrote."""
    if isinstance(error, sa_exc.DBAPIError) and _sqlstate(error) in _REPEATABLE_SQLSTATES:
        return True
    return isinstance(error, sa_exc.IntegrityError)


class Database:
    """An engine and the rule that one call of `transact` is one transaction."""

    def __init__(self, address: str, *, pool_size: int = 10) -> None:
        self.engine = make_engine(address, pool_size=pool_size)
        self._writing = self.engine.execution_options(writes=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        name = self.engine.url.database
        return Path(name).resolve() if self.is_sqlite and name else None

    def transact(self, work: Callable[[Session], T], *, writes: bool = True, seconds: float = USE_CASE_SECONDS) -> T:
        """Run `work(session)` in one transaction and commit it. Answers what `work` answers.

        seconds: the time all waits together may take. Raises Busy when they would take longer, after rolling
        everything back, and whatever `work` raises, likewise rolled back. A collision with somebody who wrote
        the same row is tried once more.
        """
        token = _deadline.set(time.monotonic() + seconds)
        try:
            try:
                return self._once(work, writes)
            except sa_exc.SQLAlchemyError as error:
                if not _is_repeatable(error):
                    raise
                return self._once(work, writes)
        except sa_exc.SQLAlchemyError as error:
            if _is_busy(error):
                raise Busy from error
            raise
        finally:
            _deadline.reset(token)

    def _once(self, work: Callable[[Session], T], writes: bool) -> T:
        with Session(self._writing if writes else self.engine, expire_on_commit=False) as session:
            try:
                answer = work(session)
                session.flush()
                _refuse_when_late()
                if writes:
                    session.commit()
                else:
                    session.rollback()
            except BaseException:
                with suppress(sa_exc.SQLAlchemyError):
                    session.rollback()
                raise
            return answer

    def probe(self) -> None:
        """Raise DatabaseUnreachable unless the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(select(literal_column("1")))
        except (sa_exc.SQLAlchemyError, ModuleNotFoundError) as error:
            where = self.engine.url.render_as_string(hide_password=True)
            cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
            do = "that the server runs"
            if self.is_sqlite:
                do = "that this account may write to the file and to its folder"
            raise DatabaseUnreachable(
                f"The database at {where} does not answer ({cause}). Check DATABASE_URL and {do}.",
                help_topic="operator",
            ) from error

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def database_now(session: Session) -> datetime:
    """The instant by the database's clock, for leases: it is one clock for all processes and nobody moves it."""
    if session.get_bind().dialect.name == "sqlite":
        text = session.scalar(select(func.strftime("%Y-%m-%d %H:%M:%f", "now")))
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    moment = session.scalar(select(func.clock_timestamp()))
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def insert_once(session: Session, row: type[DeclarativeBase], values: dict[str, Any], unique: list[str]) -> int | None:
    """Insert one row unless its unique columns are taken. Answers the new id, or None when it was there already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(row).values(**values).on_conflict_do_nothing(index_elements=unique)
    return session.execute(statement.returning(literal_column("id"))).scalar()


def upsert(
    session: Session, row: type[DeclarativeBase], values: list[dict[str, Any]], unique: list[str], update: list[str]
) -> None:
    """Insert rows, and where the unique columns are taken write the `update` columns instead."""
    if not values:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(row)
    statement = statement.on_conflict_do_update(
        index_elements=unique, set_={name: statement.excluded[name] for name in update}
    )
    session.execute(statement, values)
