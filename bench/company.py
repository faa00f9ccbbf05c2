"""A company of any size in a fresh database."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.okr.recognition import DEFAULT_EMOJI
from bot.store import workspaces
from bot.store.migrate import upgrade
from bot.store.session import Database
from bot.store.tables import Cycle, KeyResult, Member, Objective, Team

SLACK_TEAM = "T0BENCH"
LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 10, 5, 9, tzinfo=UTC)
SECONDS = 300.0


@contextmanager
def fresh_database() -> Iterator[Database]:
    """A migrated SQLite file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="okr-bench-") as folder:
        address = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(address)
        database = Database(address)
        try:
            yield database
        finally:
            database.dispose()


def fill(database: Database, *, members: int, owners: int, elsewhere: int = 0) -> int:
    """A team of `members` people in UTC; the first `owners` own a key result each. Answers the workspace's row id.

    elsewhere: so many further people live in a zone where Monday morning is hours away; each owns a key result too.
    """

    def work(session: Session) -> int:
        workspace = workspaces.keep(
            session, slack_id=SLACK_TEAM, name="Bench", bot_user="U0BOT", emoji=dict(DEFAULT_EMOJI), now=LONG_AGO
        )
        team = Team(workspace_id=workspace.id, name="Bench", level="company")
        cycle = Cycle(workspace_id=workspace.id, name="Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
        session.add_all([team, cycle])
        session.flush()
        objective = Objective(
            workspace_id=workspace.id,
            number=1,
            title="Bench",
            team_id=team.id,
            cycle_id=cycle.id,
            created_at=LONG_AGO,
            published_at=LONG_AGO,
        )
        session.add(objective)
        session.flush()
        people = [_person(workspace.id, index, "UTC") for index in range(members)]
        people += [_person(workspace.id, members + index, "America/Los_Angeles") for index in range(elsewhere)]
        ids = session.scalars(insert(Member).returning(Member.id, sort_by_parameter_order=True), people).all()
        owning = [*ids[:owners], *ids[members:]]
        results = [_key_result(workspace.id, objective.id, number + 1, owner) for number, owner in enumerate(owning)]
        session.execute(insert(KeyResult), results)
        return workspace.id

    return database.transact(work, seconds=SECONDS)


def _person(workspace_id: int, index: int, zone: str) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "slack_id": f"U{index}",
        "name": f"Person {index}",
        "zone": zone,
        "is_admin": False,
        "is_guest": False,
        "is_bot": False,
    }


def _key_result(workspace_id: int, objective_id: int, number: int, owner: int) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "objective_id": objective_id,
        "number": number,
        "title": f"Key result {number}",
        "kind": "metric",
        "start": Decimal(0),
        "target": Decimal(100),
        "weight": Decimal(1),
        "owner_id": owner,
        "created_at": LONG_AGO,
    }
