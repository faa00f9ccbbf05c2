"""What every test may ask for: a fresh database, on SQLite, on PostgreSQL, or on both in turn."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import TestDatabases

# The same examples on every run and machine; a fixture per test (not per example) is meant where it is used.
settings.register_profile(
    "ci", max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

BOTH_DATABASES = ["sqlite", "postgres"]


@pytest.fixture(scope="session")
def databases() -> Iterator[TestDatabases]:
    """The maker of databases; its PostgreSQL starts when first asked for, one per worker, and ends with the session."""
    with TestDatabases() as made:
        yield made


@pytest.fixture
def sqlite_url(databases: TestDatabases) -> Iterator[str]:
    """SQLAlchemy URL of a fresh SQLite database, migrated to head."""
    with databases.sqlite() as url:
        yield url


@pytest.fixture
def postgres_url(databases: TestDatabases) -> Iterator[str]:
    """SQLAlchemy URL of a fresh PostgreSQL database, migrated to head."""
    with databases.postgres() as url:
        yield url


@pytest.fixture(params=BOTH_DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy URL of a fresh, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=BOTH_DATABASES)
def empty_database_url(request: pytest.FixtureRequest, databases: TestDatabases, tmp_path: Path) -> Iterator[str]:
    """SQLAlchemy URL of a database without any table, on SQLite and on PostgreSQL."""
    made = (
        databases.postgres(migrated=False)
        if request.param == "postgres"
        else databases.sqlite(tmp_path, migrated=False)
    )
    with made as url:
        yield url
