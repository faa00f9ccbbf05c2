"""Journeys: the real bot in its own process against the local Slack."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BOTH_DATABASES
from tests.databases import TestDatabases
from tests.journeys.office import ABROAD, COMPANY, Office, open_office

LONGEST_LOG = 20_000

EITHER_WAY = [*BOTH_DATABASES, "sqlite-http"]
"""For `@pytest.mark.parametrize("office", EITHER_WAY, indirect=True)`: over Socket Mode and over HTTP."""

OpenOffice = Callable[..., Office]


@pytest.fixture
def opened_offices() -> list[Office]:
    """The offices of a test, so that their logs can be shown when it fails."""
    return []


@pytest.fixture
def open_one(opened_offices: list[Office], tmp_path: Path) -> Iterator[OpenOffice]:
    """Opens an office: `open_one(database_url, company=…, seed=…)`."""
    with ExitStack() as stack:

        def open_and_remember(database_url: str, **how: Any) -> Office:
            office = stack.enter_context(open_office(database_url, tmp_path, **how))
            opened_offices.append(office)
            return office

        yield open_and_remember


@pytest.fixture(params=BOTH_DATABASES)
def office(request: pytest.FixtureRequest, open_one: OpenOffice) -> Office:
    """A company whose only owner is Ana, on each database, or as EITHER_WAY says; no bot is running yet."""
    database, _, way = request.param.partition("-")
    return open_one(request.getfixturevalue(f"{database}_url"), over_http=way == "http")


@pytest.fixture
def sqlite_office(open_one: OpenOffice, sqlite_url: str) -> Office:
    """The same on SQLite alone."""
    return open_one(sqlite_url)


@pytest.fixture(scope="module")
def shared_office(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office for a whole module, for commands that end before they change anything. SQLite."""
    folder = tmp_path_factory.mktemp("shared")
    with databases.sqlite(folder) as url, open_office(url, folder) as office:
        yield office


@pytest.fixture
def postgres_office(open_one: OpenOffice, postgres_url: str) -> Office:
    """A company with owners in three zones, on PostgreSQL alone."""
    return open_one(postgres_url, company=COMPANY + ABROAD)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome: Any = yield
    report = outcome.get_result()
    if not report.failed:
        return
    for office in getattr(item, "funcargs", {}).get("opened_offices", []):
        for bot in office.bots:
            report.sections.append((bot.log_file.name, bot.log[-LONGEST_LOG:]))
