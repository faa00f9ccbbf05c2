"""A world for every test of the sender, on both databases."""

from collections.abc import AsyncIterator

import pytest

from tests.delivery.world import World, world_on


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """A workspace with a fake Slack, on SQLite and on PostgreSQL in turn."""
    async with world_on(database_url) as made:
        yield made
