"""An import of 10,000 people, 20,000 key results, up to 1,000,000 check-ins: time, memory, then every screen on it.

    python -m bench import [--rows 100000 --rows 1000000] [--once] [--database postgresql://...]

Each import is a process of its own (`okr-bot import`), so that its peak memory is its own. Without `--database` it runs
on an SQLite file; a PostgreSQL database must be empty and is left full.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bench import screens_beside
from bot.store.migrate import upgrade
from bot.store.session import Database

TEAM = "T0BENCH"
PEOPLE, TEAMS, KEY_RESULTS, EACH = 10_000, 500, 20_000, 4
BEGAN = datetime(2025, 1, 6, 9, tzinfo=UTC)
LATE = datetime(2025, 12, 22, 9, tzinfo=UTC)
WEEKS = 50


def main(arguments: Sequence[str]) -> int:
    """Measure and print. The exit code is 1 where a screen takes more than eight statements."""
    parser = argparse.ArgumentParser(prog="python -m bench import")
    parser.add_argument("--rows", type=int, action="append", help="how many check-ins; once for each import")
    parser.add_argument("--database", help="an empty PostgreSQL database instead of an SQLite file")
    parser.add_argument("--once", action="store_true", help="neither the second import nor the export")
    chosen = parser.parse_args(arguments)
    fine = True
    with tempfile.TemporaryDirectory(prefix="okr-bench-") as name:
        folder = Path(name)
        for rows in sorted(chosen.rows or [100_000, 1_000_000]):
            address = chosen.database or f"sqlite:///{folder / f'bench-{rows}.db'}"
            fine &= _measure(folder, address, rows, once=chosen.once)
            if chosen.database:
                _empty(address)
    return 0 if fine else 1


def _measure(folder: Path, address: str, rows: int, *, once: bool) -> bool:
    upgrade(address)
    (folder / "company.yaml").write_text("".join(_company()), encoding="utf-8")
    with (folder / "check-ins.csv").open("w", encoding="utf-8") as file:
        file.writelines(_check_ins(rows))
    _say(f"{address.partition(':')[0]}: {PEOPLE:,} people, {KEY_RESULTS:,} key results, {rows:,} check-ins")
    files = [("company.yaml", "company.yaml"), ("check-ins.csv", "check-ins.csv")]
    if not once:
        files.append(("check-ins.csv again", "check-ins.csv"))
    for what, file_name in files:
        _say(f"  import {what:<22} {_run(address, 'import', str(folder / file_name))}")
    if not once:
        _say(f"  export {'':<22} {_run(address, 'export', str(folder / f'export-{rows}'))}")
    return screens_beside.measure(address, TEAM, "U0", "Team 3", LATE)


def _run(address: str, *arguments: str) -> str:
    """What one command took: seconds, those of its own processor time (a server's are its own), peak memory."""
    began = time.perf_counter()
    started = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        env={**os.environ, "DATABASE_URL": address},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise SystemExit(f"okr-bot {' '.join(arguments)} ended with {started.returncode}.")
    seconds, of_processor = time.perf_counter() - began, used.ru_utime + used.ru_stime
    return f"{seconds:7.1f} s   processor {of_processor:6.1f} s   peak {used.ru_maxrss / 1024:6.0f} MB"


def _company() -> Iterator[str]:
    yield f"workspace: {{slack_id: {TEAM}, name: Bench}}\npeople:\n"
    for number in range(PEOPLE):
        role = ", roles: [champion]" if not number else ""
        yield f"  - {{key: p{number}, slack_id: U{number}, name: Person {number}, zone: Europe/Berlin{role}}}\n"
    yield "teams:\n  - {key: company, name: Bench, level: company}\n"
    for number in range(TEAMS):
        members = ", ".join(f"p{each}" for each in range(number, PEOPLE, TEAMS))
        yield f"  - {{key: t{number}, name: Team {number}, parent: company, lead: p{number}, members: [{members}]}}\n"
    yield "cycles:\n  - {key: y, name: 2025, start: 2025-01-01, end: 2025-12-31}\nobjectives:\n"
    for number in range(KEY_RESULTS // EACH):
        yield f"  - key: o{number}\n    title: Objective {number}\n    team: t{number % TEAMS}\n    cycle: y\n"
        yield "    key_results:\n"
        for at in range(number * EACH, (number + 1) * EACH):
            yield f"      - {{key: k{at}, title: Key result {at}, start: 0, target: 100, unit: orders, "
            yield f"owner: p{at % PEOPLE}}}\n"


def _check_ins(rows: int) -> Iterator[str]:
    yield "key,key_result,at,value,confidence,note\n"
    for number in range(rows):
        key_result, week = number % KEY_RESULTS, number // KEY_RESULTS % WEEKS
        at = BEGAN + timedelta(weeks=week, seconds=key_result)
        value, confidence = week * 2 + key_result % 7, number % 11
        yield f'c{number},k{key_result},{at.isoformat()},{value},{confidence},"Week {week}, on we go"\n'


def _empty(address: str) -> None:
    database = Database(address)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.dispose()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
