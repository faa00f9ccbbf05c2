"""One use case is one transaction, and it never waits longer than Slack does."""

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text

from bot.okr.errors import Busy
from bot.store.session import Database, Session
from bot.store.tables import Workspace


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.dispose()


@contextlib.contextmanager
def locked_by_somebody_else(database: Database) -> Iterator[None]:
    if database.file is not None:
        with contextlib.closing(sqlite3.connect(database.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with database.engine.connect() as other_connection:
        other_connection.execute(text("LOCK TABLE workspace IN ACCESS EXCLUSIVE MODE"))
        yield


def count_workspaces(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Workspace)) or 0


def test_a_lock_that_somebody_else_holds_is_busy_and_not_a_fault_of_ours(database: Database) -> None:
    with locked_by_somebody_else(database), pytest.raises(Busy):
        database.transact(count_workspaces, seconds=0.5)
    assert database.transact(count_workspaces) == 0
