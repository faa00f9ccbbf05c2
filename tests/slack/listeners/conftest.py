"""How Slack and the database are met: everything that goes through the real Bolt app does so in two ways."""

import pytest

from tests.slack.listeners.desk import BOTH_WAYS, Met


@pytest.fixture(params=BOTH_WAYS)
def met(request: pytest.FixtureRequest) -> Met:
    """SQLite over Socket Mode, and PostgreSQL over HTTP."""
    database, _, way = request.param.partition("-")
    return Met(request.getfixturevalue(f"{database}_url"), way)
