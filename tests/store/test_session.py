"""The database as use cases meet it: one transaction each, bounded in time, and values that stay as they were."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import exc, select, text
from sqlalchemy.dialects import postgresql, sqlite

from bot.okr.errors import Busy, OkrError
from bot.store.session import Database, DatabaseAddressError, Session, insert_once, read_address
from bot.store.tables import Member, Workspace
from bot.store.types import Exact, UtcDateTime
from tests.store.rows import NOW

DIALECTS: list[Any] = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url, pool_size=2)
    made.transact(lambda session: session.add(Workspace(slack_id="T1", name="Lumen", created_at=NOW)), seconds=30)
    yield made
    made.dispose()


def names(database: Database) -> list[str]:
    return database.transact(lambda session: list(session.scalars(select(Workspace.name))), writes=False, seconds=30)


def rename(session: Session, name: str) -> None:
    session.scalars(select(Workspace)).one().name = name


def test_what_a_use_case_did_is_committed(database: Database) -> None:
    database.transact(lambda session: rename(session, "New"), seconds=30)
    assert names(database) == ["New"]


def test_a_use_case_that_fails_leaves_nothing(database: Database) -> None:
    def work(session: Session) -> None:
        rename(session, "Half")
        session.flush()
        raise OkrError("no")

    with pytest.raises(OkrError, match="no"):
        database.transact(work, seconds=30)
    assert names(database) == ["Lumen"]


def test_a_use_case_that_only_reads_keeps_nothing(database: Database) -> None:
    database.transact(lambda session: rename(session, "By mistake"), writes=False, seconds=30)
    assert names(database) == ["Lumen"]


def test_a_use_case_out_of_time_keeps_nothing_and_says_busy(database: Database) -> None:
    def work(session: Session) -> None:
        rename(session, "Too late")
        session.flush()
        out_of_time = time.monotonic() + 0.2
        while time.monotonic() <= out_of_time:
            threading.Event().wait(0.01)

    with pytest.raises(Busy):
        database.transact(work, seconds=0.2)
    assert names(database) == ["Lumen"]


def test_a_locked_row_or_file_is_busy_in_time(database: Database) -> None:
    locked, let_go = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        rename(session, "Held")
        session.flush()
        locked.set()
        let_go.wait(30)

    holder = threading.Thread(target=lambda: database.transact(hold, seconds=60))
    holder.start()
    locked.wait(30)
    try:
        with pytest.raises(Busy):
            database.transact(lambda session: rename(session, "Other"), seconds=0.3)
    finally:
        let_go.set()
        holder.join()
    assert names(database) == ["Held"]


def test_readers_are_not_held_up_by_a_writer(database: Database) -> None:
    def write(session: Session) -> list[str]:
        rename(session, "Not yet")
        session.flush()
        return names(database)

    assert database.transact(write, seconds=30) == ["Lumen"]


def test_without_a_free_connection_it_is_busy(database: Database) -> None:
    with database.engine.connect(), database.engine.connect(), pytest.raises(Busy):
        database.transact(lambda session: names(database), writes=False, seconds=30)


def test_a_collision_is_tried_once_more(database: Database) -> None:
    tries: list[int] = []

    def work(session: Session) -> str:
        tries.append(1)
        if len(tries) == 1:
            session.add(Workspace(slack_id="T1", name="Twice", created_at=NOW))
            session.flush()
        return "second"

    assert database.transact(work, seconds=30) == "second"
    assert len(tries) == 2


def test_a_collision_that_stays_is_an_error(database: Database) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        session.add(Workspace(slack_id="T1", name="Twice", created_at=NOW))

    with pytest.raises(exc.IntegrityError):
        database.transact(work, seconds=30)
    assert len(tries) == 2


def test_inserting_once_answers_none_the_second_time(database: Database) -> None:
    values = {"slack_id": "T2", "name": "Two", "created_at": NOW, "next_objective": 1, "next_key_result": 1}

    def work(session: Session) -> list[int | None]:
        return [insert_once(session, Workspace, values, ["slack_id"]) for _ in range(2)]

    first, second = database.transact(work, seconds=30)
    assert first is not None
    assert second is None


def test_errors_of_the_database_do_not_quote_what_people_typed(database: Database) -> None:
    def work(session: Session) -> None:
        session.execute(text("INSERT INTO member (name) VALUES (:name)"), {"name": "my secret plan"})

    with pytest.raises(exc.SQLAlchemyError) as refused:
        database.transact(work, seconds=30)
    assert "my secret plan" not in str(refused.value).split("DETAIL")[0]


# --- values


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(exc.StatementError, match="no time zone"):
        database.transact(lambda session: session.add(Workspace(slack_id="T3", name="x", created_at=naive)), seconds=30)


@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgres"])
def test_instants_come_back_in_utc(dialect: Any) -> None:
    kind = UtcDateTime()
    there = datetime(2026, 10, 5, 9, tzinfo=timezone(timedelta(hours=2)))
    kept = kind.process_bind_param(there, dialect)
    back = kind.process_result_value(kept, dialect)
    assert (back, back and back.tzinfo) == (there, UTC)


def test_instants_are_kept_to_the_microsecond(database: Database) -> None:
    moment = NOW + timedelta(microseconds=123456)
    values = {"workspace_id": 1, "slack_id": "U1", "name": "Ana", "deactivated_at": moment}
    database.transact(lambda session: session.add(Member(**values)), seconds=30)
    read = database.transact(lambda session: session.scalar(select(Member.deactivated_at)), seconds=30)
    assert read == moment


@pytest.mark.parametrize("digits", ["0", "0.000001", "-999999999999999.123456", "1E+3", "1000", "0.10", "-0"])
@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgres"])
def test_numbers_keep_their_digits(dialect: Any, digits: str) -> None:
    kind = Exact()
    kept = kind.process_bind_param(Decimal(digits), dialect)
    back = kind.process_result_value(kept, dialect)
    assert back == Decimal(digits)


# --- addresses


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("postgres://u@h/d", "postgresql+psycopg"),
        ("postgresql://u@h/d", "postgresql+psycopg"),
        ("sqlite:///okr.db", "sqlite"),
    ],
)
def test_the_driver_is_chosen_for_the_user(address: str, driver: str) -> None:
    assert read_address(address).drivername == driver


@pytest.mark.parametrize("address", ["", "okr.db", "mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "://"])
def test_an_address_that_cannot_be_used_is_answered_with_one_that_can(address: str) -> None:
    with pytest.raises(DatabaseAddressError, match=r"DATABASE_URL.*sqlite:///okr\.db"):
        read_address(address)
