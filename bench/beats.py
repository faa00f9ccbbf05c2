"""What a beat costs in a company of ten thousand: with nothing due, and when a thousand prompts come due."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bench.company import MONDAY_NINE, SECONDS, fill, fresh_database
from bench.figures import Row, milliseconds
from bot.store.session import Database, Session
from bot.usecases.prompting import make_prompts, make_reminders
from bot.usecases.rounds import TickCommand, close_rounds, open_rounds

MEMBERS = 10_000
DUE = 1_000
Batch = Callable[[Session, TickCommand, datetime], int]


def _batch(database: Database, batch: Batch, command: TickCommand, now: datetime) -> int:
    return database.transact(lambda session: batch(session, command, now), seconds=SECONDS)


def _tick(database: Database, workspace_id: int, seconds_after_nine: int) -> tuple[float, int]:
    """How long a beat takes, and how many prompts came due."""
    command, now = TickCommand(workspace_id), MONDAY_NINE + timedelta(seconds=seconds_after_nine)
    prompts = 0
    began = time.perf_counter()
    for batch in (open_rounds, make_prompts, make_reminders, close_rounds):
        while done := _batch(database, batch, command, now):
            prompts += done if batch is make_prompts else 0
    return time.perf_counter() - began, prompts


def rows() -> list[Row]:
    """A thousand of ten thousand members live where Monday nine is now; the others' morning comes later."""
    with fresh_database() as database:
        workspace_id = fill(database, members=DUE, owners=DUE, elsewhere=MEMBERS - DUE)
        _tick(database, workspace_id, -60)  # everybody's part in the week is made
        idle = min(_tick(database, workspace_id, -30 + index)[0] for index in range(5))
        busy, prompts = _tick(database, workspace_id, 0)
        if prompts != DUE:
            raise RuntimeError(f"{prompts} prompts came due, not {DUE}")
        return [
            Row(
                f"A beat in a company of {MEMBERS:,}",
                f"{milliseconds(busy)} with {DUE:,} prompts due",
                f"{milliseconds(idle)} with nothing due",
                busy / idle,
            )
        ]
