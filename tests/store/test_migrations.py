"""The migrations: there and back with rows in every table, and the same as what the code maps."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, select, text

from bot.store.migrate import current, downgrade, newest, upgrade
from bot.store.session import Database, DatabaseUnreachable, read_address
from bot.store.tables import Base, CheckIn
from tests.store.rows import add_every_row, every_row

ROOT = Path(__file__).parents[2]


def engine_of(url: str) -> Engine:
    return create_engine(read_address(url))


def test_every_table_has_a_row_in_these_tests() -> None:
    assert {type(row).__tablename__ for row in every_row()} == set(Base.metadata.tables)


def test_down_to_nothing_and_up_again_with_a_row_in_every_table(database_url: str) -> None:
    database = Database(database_url)
    database.transact(add_every_row, seconds=30)
    assert current(database.engine) == newest()
    downgrade(database_url, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    assert current(database.engine) is None
    assert upgrade(database_url)
    assert not upgrade(database_url)
    database.transact(add_every_row, seconds=30)
    (kept,) = database.transact(lambda session: list(session.scalars(select(CheckIn.value))), seconds=30)
    assert str(kept) == "12345678901.123456"
    database.dispose()


def test_the_code_maps_what_the_migrations_make(database_url: str) -> None:
    engine = engine_of(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_every_constraint_and_index_has_a_name(database_url: str) -> None:
    engine = engine_of(database_url)
    look = inspect(engine)
    for table in Base.metadata.tables:
        assert look.get_pk_constraint(table)["name"] == f"pk_{table}"
        found = [*look.get_foreign_keys(table), *look.get_unique_constraints(table), *look.get_check_constraints(table)]
        assert all(each["name"] for each in found), table
        assert all(str(each["name"]).startswith(("ix_", "uq_")) for each in look.get_indexes(table)), table
    engine.dispose()


def test_every_row_belongs_to_a_workspace() -> None:
    without = [name for name, table in Base.metadata.tables.items() if "workspace_id" not in table.columns]
    assert without == ["workspace"]


def test_foreign_keys_hold(database_url: str) -> None:
    database = Database(database_url)
    database.transact(add_every_row, seconds=30)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        database.transact(lambda session: session.execute(text("DELETE FROM key_result")), seconds=30)
    database.dispose()


def test_two_processes_that_migrate_at_once_do_it_once(empty_database_url: str) -> None:
    program = "import sys; from bot.store.migrate import upgrade; print(upgrade(sys.argv[1]))"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_database_url],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    answers = [each.communicate(timeout=120) for each in running]
    assert [each.returncode for each in running] == [0, 0, 0], answers
    assert sorted(out.strip() for out, _ in answers) == ["False", "False", "True"]


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachable, match=r"\*\*\*@127\.0\.0\.1.*Check DATABASE_URL") as refused:
        upgrade("postgresql://okr:geheim@127.0.0.1:9/okr")
    assert "geheim" not in str(refused.value)
