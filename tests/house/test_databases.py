"""The databases of the tests themselves: fresh for each test, real, and gone afterwards."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from tests import postgres_server
from tests.databases import TestDatabases
from tests.postgres_server import PostgresDidNotStart, _server_in, _temporary_parent

ROOT = Path(__file__).parents[2]


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_a_database_of_a_test_is_migrated(database_url: str) -> None:
    assert {"alembic_version", "check_in", "delivery"} <= tables(database_url)


def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    assert tables(empty_database_url) == set()


def test_two_databases_of_one_run_do_not_see_each_other(databases: TestDatabases, tmp_path: Path) -> None:
    def fresh(kind: str) -> AbstractContextManager[str]:
        if kind == "sqlite":
            return databases.sqlite(tmp_path, migrated=False)
        return databases.postgres(migrated=False)

    for kind in ("sqlite", "postgres"):
        with fresh(kind) as one, fresh(kind) as other:
            engine = create_engine(one)
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE only_here (id INTEGER)"))
            engine.dispose()
            assert tables(one) == {"only_here"}
            assert tables(other) == set()


def test_a_dropped_database_takes_forgotten_connections_with_it(databases: TestDatabases) -> None:
    with databases.postgres(migrated=False) as url:
        left_open = create_engine(url).connect()
    with pytest.raises(Exception, match=r"terminat|closed|lost"):
        left_open.execute(text("SELECT 1"))
    left_open.invalidate()


def test_the_server_does_not_run_as_root(databases: TestDatabases) -> None:
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("the server is not ours")
    with databases.postgres(migrated=False) as url:
        socket = Path(str(make_url(url).query["host"]))
    assert (socket / "cluster").stat().st_uid != 0


@pytest.mark.slow
def test_the_server_is_gone_after_the_run_was_killed() -> None:
    program = (
        "from tests.postgres_server import running_postgres\n"
        "import sys\n"
        "with running_postgres() as url:\n"
        "    print(url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    url = make_url(run.stdout.readline().strip())
    socket = Path(str(url.query["host"]))
    server = int((socket / "cluster" / "postmaster.pid").read_text().split()[0])
    with psycopg.connect(host=str(socket), user=url.username, dbname="postgres") as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and (socket.parent.exists() or Path(f"/proc/{server}").exists()):
        time.sleep(0.05)
    assert not socket.parent.exists()
    assert not Path(f"/proc/{server}").exists()


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres_server, "WHEEL", "no_such_wheel")
    with pytest.raises(PostgresDidNotStart, match="no_such_wheel is not installed"), _server_in(tmp_path):
        pass
    monkeypatch.undo()
    monkeypatch.setitem(postgres_server.SERVER_SETTINGS, "no_such_setting", "1")
    with (
        tempfile.TemporaryDirectory(dir=_temporary_parent()) as home,
        pytest.raises(PostgresDidNotStart, match="no_such_setting"),
        _server_in(Path(home)),
    ):
        pass
