"""What my week costs beside one key result and beside ten thousand: statements and time."""

import time
from typing import Any

from sqlalchemy import event

from bench.company import MONDAY_NINE, SLACK_TEAM, fill, fresh_database
from bench.figures import Row, milliseconds, quantile
from bot.usecases.actors import Actor
from bot.usecases.weeks import ShowMyWeek, my_week

TIMES = 30
MANY = 10_000


def _my_week(owners: int) -> tuple[int, float]:
    """Statements and median seconds where so many people own a key result."""
    with fresh_database() as database:
        fill(database, members=owners, owners=owners)
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        command = ShowMyWeek(Actor(SLACK_TEAM, "U0"))
        taken: list[float] = []
        for _ in range(TIMES):
            began = time.perf_counter()
            database.transact(lambda session: my_week(session, command, MONDAY_NINE), seconds=60)
            taken.append(time.perf_counter() - began)
        return len(statements) // TIMES, quantile(taken, 0.5)


def rows() -> list[Row]:
    """Statements and time."""
    few_statements, few = _my_week(1)
    many_statements, many = _my_week(MANY)
    return [
        Row("My week, statements", f"{many_statements} among {MANY:,} key results", f"{few_statements} alone",
            many_statements / few_statements),
        Row("My week, median", f"{milliseconds(many)} among {MANY:,} key results", f"{milliseconds(few)} alone",
            many / few),
    ]  # fmt: skip
