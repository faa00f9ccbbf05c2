"""A company for every test of the use cases, on both databases."""

from collections.abc import Iterator

import pytest

from tests.usecases.world import World, company, world_on


@pytest.fixture
def lumen(database_url: str) -> Iterator[World]:
    """A company of six people, three teams and a quarter; nobody has set anything yet."""
    with world_on(database_url) as world:
        yield company(world)


@pytest.fixture
def empty(database_url: str) -> Iterator[World]:
    """A workspace that the bot was just installed in."""
    with world_on(database_url) as world:
        yield world


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[World]:
    """Lumen on SQLite only, for what has nothing to do with the database."""
    with world_on(sqlite_url) as world:
        yield company(world)
