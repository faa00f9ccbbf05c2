"""Fresh databases for tests: migrated once through the real migrations, then copied for each test.

SQLite: a copy of a migrated file. PostgreSQL: a copy of a migrated template, emptied after each test. Its server is the
one that TEST_DATABASE_URL names (its user must be allowed to create databases), or else is started for the test run.

Both kinds come back under the addresses of earlier tests, so that `opened` can hand out the engine it knows for one.
"""

import contextlib
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Row, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.store.migrate import upgrade
from bot.store.session import Database
from tests.postgres_server import running_postgres

OTHERS_LEAVE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SCHEMA = """
    SELECT (SELECT string_agg(version_num, ',') FROM alembic_version),
           (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
           (SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'),
           (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public')
"""


# Where there are few rows, deleting them costs a fraction of giving the table a new file. Only a superuser may do it in
# any order, whatever keys and triggers say. The rows' numbers start anew.
EMPTY = """
    DO $$
    DECLARE
        each record;
        in_any_order boolean := current_setting('is_superuser') = 'on';
    BEGIN
        IF in_any_order THEN
            PERFORM set_config('session_replication_role', 'replica', true);
        END IF;
        FOR each IN SELECT oid, oid::regclass::text AS name FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
              AND pg_relation_size(oid) > 0
        LOOP
            IF in_any_order AND pg_relation_size(each.oid) <= 65536 THEN
                EXECUTE format('DELETE FROM %s', each.name);
            ELSE
                EXECUTE format('TRUNCATE %s CASCADE', each.name);
            END IF;
        END LOOP;
        PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
    END $$
"""


_opened: dict[str, Database] = {}


@contextlib.contextmanager
def opened(url: str) -> Iterator[Database]:
    """The bot's way to a database; no connection is left open.

    One engine serves all tests that get the same address: what it has learned of the server, and how it says each
    statement in SQL, need not be found out for every test.
    """
    if url not in _opened:
        _opened[url] = Database(url)
    database = _opened[url]
    try:
        yield database
    finally:
        database.dispose()


def _sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"


class TestDatabases:
    """Makes databases for one test run (one worker of it): keeps the migrated models and the PostgreSQL server.

    Use as a context manager; leaving it drops what was made and stops the server. Both models are made at first use, so
    a run that never asks for PostgreSQL never starts one.
    """

    __test__ = False

    def __init__(self) -> None:
        self._cleanup = contextlib.ExitStack()
        self._name = f"okr_test_{secrets.token_hex(4)}"
        self._count = 0
        self._idle: list[str] = []
        self._idle_files: list[Path] = []
        self._known_schema: Row[Any] | None = None

    def __enter__(self) -> "TestDatabases":
        return self

    def __exit__(self, *exception: object) -> None:
        for name in self._idle:
            self._drop(name)
        self._cleanup.close()

    @contextlib.contextmanager
    def sqlite(self, directory: Path | None = None, *, migrated: bool = True) -> Iterator[str]:
        """A fresh SQLite file; gives its URL. Without a `directory` of its own later tests get the same address."""
        if directory is not None:
            file = directory / f"{self._next_name()}.db"
            if migrated:
                shutil.copyfile(self._migrated_sqlite, file)
            yield _sqlite_url(file)
            return
        file = self._idle_files.pop() if self._idle_files else self._folder / f"{self._next_name()}.db"
        if migrated:
            shutil.copyfile(self._migrated_sqlite, file)
        try:
            yield _sqlite_url(file)
        finally:
            # Whoever still has it open keeps the file that is removed here.
            for name in ("", "-wal", "-shm"):
                file.with_name(f"{file.name}{name}").unlink(missing_ok=True)
            self._idle_files.append(file)

    @contextlib.contextmanager
    def postgres(self, *, migrated: bool = True) -> Iterator[str]:
        """A PostgreSQL database of its own, empty but for the schema; gives its URL.

        Making a database costs many times what emptying one does, so a migrated one is emptied and used again.
        """
        name = self._idle.pop() if migrated and self._idle else self._new_postgres(migrated)
        try:
            yield self._postgres_url(name)
        finally:
            if migrated and self._emptied(name):
                self._idle.append(name)
            else:
                self._drop(name)

    def _new_postgres(self, migrated: bool) -> str:
        name = self._next_name()
        template = self._migrated_postgres if migrated else "template0"
        # Copying files beats replaying the log for databases as small as these.
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def _emptied(self, name: str) -> bool:
        """Empty a database for the next test. False where the test left more than rows behind."""
        engine = create_engine(self._postgres_url(name), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text("SET lock_timeout = '5s'"))
                connection.execute(text(OTHERS_LEAVE))
                if connection.execute(text(SCHEMA)).one() != self._schema():
                    return False
                connection.execute(text(EMPTY))
        except DBAPIError:
            return False
        finally:
            engine.dispose()
        return True

    def _schema(self) -> Row[Any]:
        """What a migrated database looks like, read off the template the first time."""
        if self._known_schema is None:
            engine = create_engine(self._postgres_url(self._migrated_postgres))
            with engine.connect() as template:
                self._known_schema = template.execute(text(SCHEMA)).one()
            engine.dispose()
        return self._known_schema

    def _next_name(self) -> str:
        self._count += 1
        return f"{self._name}_{self._count}"

    @cached_property
    def _folder(self) -> Path:
        return Path(self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="okr-bot-sqlite-")))

    @cached_property
    def _migrated_sqlite(self) -> Path:
        file = self._folder / "migrated.db"
        upgrade(_sqlite_url(file))
        # Whatever the migrations left in a write-ahead log belongs into the one file that is copied.
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file

    @cached_property
    def _postgres_server(self) -> URL:
        given = os.environ.get("TEST_DATABASE_URL")
        url = make_url(given or self._cleanup.enter_context(running_postgres()))
        return url.set(drivername="postgresql+psycopg")

    @cached_property
    def _migrated_postgres(self) -> str:
        name = f"{self._name}_template"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "template0"')
        self._cleanup.callback(self._drop, name)
        upgrade(self._postgres_url(name))
        return name

    def _postgres_url(self, name: str) -> str:
        return self._postgres_server.set(database=name).render_as_string(hide_password=False)

    def _drop(self, name: str) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        engine = create_engine(self._postgres_server, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()
