"""A large company in the local Slack: 10,000 members, 200 channels, 100,000 messages.

    python -m bench sandbox [--share 1.0]

Prints how long it takes to start, to open a channel (page and API) and to post with everything kept on disk, and how
much memory that needs.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import milliseconds, quantile
from bot.sandbox.entities import Channel, Message, Person
from bot.sandbox.sandbox import Sandbox

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "Europe/Madrid")
WORDS = "we moved the number a little and learned that customers wait for the second reminder before they answer"


@dataclass(frozen=True)
class Size:
    """How large the company is."""

    people: int = 10_000
    channels: int = 200
    messages: int = 100_000

    def scaled(self, share: float) -> Size:
        """The same company, smaller; one channel and one message per channel at least."""
        channels = max(1, round(self.channels * share))
        return Size(max(2, round(self.people * share)), channels, max(channels, round(self.messages * share)))


def populate(sandbox: Sandbox, size: Size) -> None:
    """Add people, channels (everybody in every tenth, else fifty) and messages, a fifth of them in threads."""
    workspace = sandbox.workspace
    workspace.store.begin()
    people = [f"U0P{number:06d}" for number in range(size.people)]
    for number, user in enumerate(people):
        workspace.keep_person(
            Person(
                id=user,
                name=f"person{number}",
                real_name=f"Person {number}",
                display_name=f"Person {number}",
                email=f"person{number}@example.com",
                tz=ZONES[number % len(ZONES)],
            )
        )
    for number in range(size.channels):
        some = people if number % 10 == 0 else [people[(number * 37 + at * 11) % len(people)] for at in range(50)]
        members = list(dict.fromkeys([workspace.team.bot_user, workspace.opens_as().id, *some]))
        channel = Channel(f"C0P{number:06d}", f"team-{number}", members[1], 1, members)
        workspace.keep_channel(channel)
        _fill(sandbox, channel, size.messages // size.channels)
    workspace.store.commit()


def _fill(sandbox: Sandbox, channel: Channel, count: int) -> None:
    parent = None
    for number in range(count):
        ts = sandbox.workspace.next_ts()
        in_thread = parent if number % 5 == 4 else None
        author = channel.members[number % len(channel.members)]
        sandbox.workspace.keep_message(Message(channel.id, ts, author, f"{number} {WORDS}", thread_ts=in_thread))
        parent = parent if in_thread else ts


class Company:
    """The local Slack in a process of its own, on a folder that was filled before."""

    def __init__(self, folder: Path) -> None:
        started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot.sandbox", "--port", "0", "--data", str(folder), "--no-rate-limits"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None  # started with a pipe
        line = self._process.stdout.readline()
        self.seconds_to_start = time.monotonic() - started
        place = urllib.parse.urlsplit(line.removeprefix("Local Slack: ").strip())
        # One connection for all, as an app with a session has it.
        self._connection = http.client.HTTPConnection(place.netloc, timeout=60)

    def get(self, path: str) -> bytes:
        """The body of a page or control call."""
        return self._ask("GET", path, None, {})

    def call(self, method: str, **arguments: Any) -> Any:
        """A Web API call that must succeed."""
        headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/x-www-form-urlencoded"}
        said = json.loads(self._ask("POST", f"/api/{method}", urllib.parse.urlencode(arguments).encode(), headers))
        if not said["ok"]:
            raise RuntimeError(f"{method}: {said}")
        return said

    def act(self, name: str, **wish: Any) -> None:
        """Something a person does."""
        self._ask("POST", f"/control/{name}", json.dumps(wish).encode(), {"Content-Type": "application/json"})

    def _ask(self, verb: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        self._connection.request(verb, path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{verb} {path}: {answer.status}")
        return said

    def memory_mb(self) -> float:
        """The most it ever used, after it ended."""
        self._process.terminate()
        self._process.wait(30)
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def timed(work: Callable[[], Any], times: int) -> list[float]:
    """Seconds of each of `times` runs, after one that is not counted."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return taken


def main(arguments: list[str]) -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench sandbox", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--share", type=float, default=1.0, help="of 10,000 people, 200 channels, 100,000 messages")
    size = Size().scaled(parser.parse_args(arguments).share)
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        asyncio.run(_prepare(Path(folder), size))
        filled = time.monotonic() - started
        company = Company(Path(folder))
        taken = _measure(company)
        memory = company.memory_mb()
    lines = [
        f"{size.people:,} people, {size.channels:,} channels, {size.messages:,} messages (filled in {filled:.0f} s)"
    ]
    lines += [f"start: {company.seconds_to_start:.1f} s, memory: {memory:.0f} MB"]
    for what, seconds in taken.items():
        middle, high = milliseconds(statistics.median(seconds)), milliseconds(quantile(seconds, 0.95))
        lines.append(f"{what:<55} median {middle:>10}, p95 {high:>10}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


async def _prepare(folder: Path, size: Size) -> None:
    sandbox = Sandbox(data=folder, rate_limits=False)
    populate(sandbox, size)
    await sandbox.close()


def _measure(company: Company) -> dict[str, list[float]]:
    crowded, usual = "C0P000000", "C0P000001"
    page = company.get(f"/client/U0ANA/{crowded}")
    return {
        f"the page of a channel with everybody ({len(page) / 1000:.0f} kB)": timed(
            lambda: company.get(f"/client/U0ANA/{crowded}"), 10
        ),
        "the page of a channel of fifty": timed(lambda: company.get(f"/client/U0ANA/{usual}"), 10),
        "its messages alone (what a new message redraws)": timed(
            lambda: company.get(f"/page/messages/U0ANA/{crowded}"), 10
        ),
        "conversations.history, 100 messages": timed(
            lambda: company.call("conversations.history", channel=crowded, limit=100), 20
        ),
        "conversations.members, 1,000 at a time": timed(
            lambda: company.call("conversations.members", channel=crowded, limit=1000), 20
        ),
        "users.list, 1,000 at a time": timed(lambda: company.call("users.list", limit=1000), 10),
        "users.info": timed(lambda: company.call("users.info", user="U0P000001"), 20),
        "chat.postMessage, channel with everybody": timed(
            lambda: company.call("chat.postMessage", channel=crowded, text="hello"), 200
        ),
        "chat.postMessage, channel of fifty": timed(
            lambda: company.call("chat.postMessage", channel=usual, text="hello"), 200
        ),
        "somebody says something with a name in it": timed(
            lambda: company.act("say", user="ana", channel=crowded, text="hello @Person 7"), 50
        ),
    }
