"""A rehearsal as the operator runs it: a table of people and weeks, a CSV of every message, and the proof in a line."""

import contextlib
import csv
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import typer

from bot.config import SettingsError
from bot.okr.attention import BUDGET
from bot.okr.human_ids import key_result_id
from bot.okr.rehearsing import Answers, Ledger, Rehearsed, RehearsedMessage
from bot.store.session import Database
from bot.usecases.exports import chosen_workspace
from bot.usecases.rehearsal import MOST_WEEKS, Rehearse, rehearse
from bot.usecases.spreadsheets import safe_cell

COLUMNS = ("person", "slack_id", "zone", "local_time", "kind", "teams", "key_results", "counted")
STANDARD_OUTPUT = "-"
LONGEST_NAME = 28
MOST_OFFENDERS = 20
MOST_ROWS = 200
"""People and channels in the table; the CSV has everybody."""


def rehearse_workspace(
    database: Database,
    now: datetime,
    *,
    weeks: int,
    answers: Answers,
    workspace: str | None = None,
    into: str | None = None,
) -> Rehearsed:
    """Rehearse, and write every message into the CSV where one is asked for. Raises SettingsError, NotFound."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise SettingsError(f"--weeks {weeks} cannot be rehearsed. Choose 1 to {MOST_WEEKS}.")
    workspace_id = database.transact(lambda session: chosen_workspace(session, workspace).id, writes=False)
    command = Rehearse(workspace_id, weeks, answers)
    with _table(into) as tell, _bar(weeks * 7) as progress:
        return rehearse(database, command, now, tell, progress)


@contextlib.contextmanager
def _table(into: str | None) -> Iterator[Any]:
    if into is None:
        yield lambda message: None
        return
    if into == STANDARD_OUTPUT:
        yield _writer(sys.stdout)
        return
    try:
        # People's names and when they are asked: nobody else on this machine needs to read them.
        descriptor = os.open(Path(into), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            yield _writer(file)
    except OSError as error:
        raise SettingsError(f"{into} cannot be written to ({error.strerror}).") from error


def _writer(file: TextIO) -> Any:
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)

    def write(message: RehearsedMessage) -> None:
        table.writerow(
            (
                safe_cell(message.person or ""),
                message.recipient,
                message.zone,
                message.at.astimezone(ZoneInfo(message.zone)).isoformat(timespec="minutes"),
                message.kind,
                safe_cell("; ".join(message.teams)),
                " ".join(map(key_result_id, message.key_results)),
                "yes" if message.counted else "no",
            )
        )

    return write


@contextlib.contextmanager
def _bar(days: int) -> Iterator[Any]:
    """A progress bar on standard error, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda done, whole: None
        return
    with typer.progressbar(length=days, label="rehearsing", file=sys.stderr) as bar:
        yield lambda done, whole: bar.update(done - bar.pos)


def table(done: Rehearsed) -> Iterator[str]:
    """A line for each person, and for each channel, with how many messages come in each week."""
    ledger = done.ledger
    weeks = sorted({monday for _, monday in [*ledger.told, *ledger.posts]})
    head = [f"{each:%d %b}" for each in weeks]
    for title, counted, names in (
        ("person", ledger.told, ledger.names),
        ("channel", ledger.posts, {each: each for each, _ in ledger.posts}),
    ):
        who = sorted({each for each, _ in counted}, key=lambda each: (_plain(names[each]).casefold(), each))
        if not who:
            continue
        yield f"{title:<{LONGEST_NAME}}  {'  '.join(head)}   all"
        for each in who[:MOST_ROWS]:
            row = [counted.get((each, monday), 0) for monday in weeks]
            cells = "  ".join(f"{number or '.':>6}" for number in row)
            yield f"{_plain(names[each]):<{LONGEST_NAME}}  {cells}  {sum(row):>4}"
        if len(who) > MOST_ROWS:
            yield f"and {len(who) - MOST_ROWS} more; --csv FILE has everybody"
        yield ""


def verdict(done: Rehearsed) -> Iterator[str]:
    """What there is to say at the end; the last line is the proof."""
    ledger = done.ledger
    if done.asks_until is None:
        yield "No key result is in force, so nobody is asked."
    elif done.asks_until < done.ends.date():
        yield f"Nobody is asked about anything after {done.asks_until}: the last cycle with key results ends then."
    for kind, many in sorted(ledger.not_made.items()):
        yield f"{many} of the kind {kind} could not be made, so this proves nothing; the log above tells why."
    if ledger.posts:
        channels = len({channel for channel, _ in ledger.posts})
        yield f"{_counted(ledger.posts.total(), 'message')} in {_counted(channels, 'channel')}."
    people = len({recipient for recipient, _ in ledger.told})
    yield (
        f"{_counted(ledger.messages, 'message')} to {_counted(people, 'person', 'people')} in "
        f"{_counted(done.weeks, 'week')}; {_proof(ledger)}"
    )


def _proof(ledger: Ledger) -> str:
    if ledger.holds:
        return f"at most {ledger.most} in any week and person that nobody asked for (allowed: {BUDGET}): holds"
    found = [
        f"{_plain(each.person)} ({each.recipient}) {each.messages} in the week of {each.monday}"
        for each in ledger.offences
    ]
    more = f", and {len(found) - MOST_OFFENDERS} more" if len(found) > MOST_OFFENDERS else ""
    return f"more than {BUDGET} that nobody asked for: DOES NOT HOLD: {', '.join(found[:MOST_OFFENDERS])}{more}"


def as_json(done: Rehearsed) -> str:
    """The same for scripts."""
    ledger = done.ledger
    return json.dumps(
        {
            "weeks": done.weeks,
            "answers": done.answers,
            "messages": ledger.messages,
            "people": len({recipient for recipient, _ in ledger.told}),
            "channel_messages": ledger.posts.total(),
            "most_in_a_week": ledger.most,
            "holds": ledger.proves,
            "offenders": [
                {"slack_id": each.recipient, "week_of": str(each.monday), "messages": each.messages}
                for each in ledger.offences
            ],
            "not_made": dict(sorted(ledger.not_made.items())),
            "asks_until": None if done.asks_until is None else str(done.asks_until),
        },
        ensure_ascii=False,
    )


def _counted(many: int, one: str, several: str | None = None) -> str:
    return f"{many:,} {one if many == 1 else several or f'{one}s'}"


def _plain(name: str) -> str:
    """A name on one line, without what a terminal would obey."""
    text = "".join(each if each.isprintable() else " " for each in name)
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
