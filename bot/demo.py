"""`okr-bot demo`: a local Slack, the bot as it runs in production, and a sample company, each in its own process."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

from bot.config import Settings
from bot.okr.errors import OkrError
from bot.sample import company_file, opener_zone, workspace_file
from bot.store import imports
from bot.store.migrate import upgrade
from bot.store.session import Database, Session
from bot.usecases.import_files import read_plan
from bot.usecases.imports import IMPORT_SECONDS, ImportCommand, import_plan

HOST = "127.0.0.1"
HOME = Path(".demo")
MANIFEST = Path(__file__).resolve().parents[1] / "manifest.json"
WRONG_SETTING = 2

START_SECONDS = 60.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.1
LAST_LINES = 15
CONNECTED = "is connected to"
"""In the one line the bot prints once Slack's events reach it."""

# What the demo itself writes: `--fresh` removes these and nothing else somebody may have put beside them.
OWN_FILES = (
    "okr.db*",
    "company.yaml",
    "workspace.yaml",
    "slack.log",
    "bot.log",
    "slack/slack.db*",
)


class DemoStopped(Exception):
    """Ctrl-C or SIGTERM came while something was waited for."""


class DemoRefused(Exception):
    """The demo cannot start here; the text says what to set or stop."""


class DemoFailed(Exception):
    """A process of the demo ended or never became ready; the text has its last lines."""


@dataclass
class Stopping:
    """Whether somebody asked the demo to end. SIGHUP too: the terminal was closed."""

    asked: bool = False
    before: dict[int, object] = field(default_factory=dict)

    def __enter__(self) -> "Stopping":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self.before.items():
            # Once asked, the process is about to end, and an impatient second Ctrl-C must not spoil a clean end.
            signal.signal(number, signal.SIG_IGN if self.asked else handler)  # type: ignore[arg-type]

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def wait(self, seconds: float) -> None:
        """Let time pass. Raises DemoStopped once somebody asked."""
        if not self.asked:
            time.sleep(seconds)
        if self.asked:
            raise DemoStopped


@dataclass(frozen=True)
class Child:
    """A process of the demo. It has a session of its own, so that Ctrl-C reaches the demo alone."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, name: str, arguments: Sequence[str], log: Path, settings: Mapping[str, str], lock: int) -> "Child":
        """Run `python -m bot ...` with nothing of the surroundings' own settings.

        lock: the open file that holds `.demo`. The process holds it too, so that it is not taken from under one that
        outlives a killed demo.
        """
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                env={**surroundings(), **settings, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[lock],
            )
        return cls(name, process, log)

    def check(self) -> None:
        """Raise DemoFailed if it has ended."""
        code = self.process.poll()
        if code is not None:
            raise DemoFailed(f"{self.name} ended with exit code {code}.{self.last_lines()}")

    def said(self) -> str:
        """Everything it has printed since it was started."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def last_lines(self) -> str:
        """What it said last, for a sentence about its end."""
        lines = self.said().splitlines()[-LAST_LINES:]
        return "".join(f"\n  {line}" for line in ["Its last lines:", *lines]) if lines else " It said nothing."

    def stop(self) -> None:
        """Ask it to end, and end it where it does not."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def surroundings() -> dict[str, str]:
    """The environment without any setting of a real workspace."""
    own = {name.upper() for name in Settings.model_fields}
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() not in own and not name.upper().startswith("SLACK_")
    }


def run_demo(*, fresh: bool, port: int) -> int:
    """Run the demo until Ctrl-C or SIGTERM; its data stays in `.demo` below the current directory.

    port: where the local Slack listens (0: any free one). Answers the exit code: 0 after a stop, 2 where something
    has to be set first, 1 where a process ended by itself.
    """
    with Stopping() as stopping:
        try:
            with _alone() as lock:
                _check_port(port)
                if fresh:
                    forget()
                _run(port or free_port(), stopping, lock)
        except DemoStopped:
            _say("Stopped. Everything is kept in .demo; start again with the same command.")
            return 0
        except DemoRefused as refused:
            sys.stderr.write(f"{refused}\n")
            return WRONG_SETTING
        except DemoFailed as failed:
            sys.stderr.write(f"{failed}\n")
            return 1
        except OkrError as error:
            sys.stderr.write(f"The demo's data cannot be used: {error} A fresh start may help: okr-bot demo --fresh\n")
            return 1
    return 0


@contextlib.contextmanager
def _alone() -> Iterator[int]:
    """Hold `.demo` against a second demo, before anything in it is touched. Gives the file that holds it."""
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoRefused(
                f"Another demo, or a process that one left behind, is using {HOME.resolve()}. Stop it first."
            ) from error
        yield lock.fileno()


def _check_port(port: int) -> None:
    try:
        with socket.create_server((HOST, port)):
            pass
    except OSError as error:
        raise DemoRefused(
            f"Port {port} cannot be used ({os.strerror(error.errno or 0)}), perhaps another demo is running. "
            f"Stop it, or set SANDBOX_PORT to a free port: SANDBOX_PORT={port + 1 if port < 65535 else 8065} make demo"
        ) from error


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.create_server((HOST, 0)) as listening:
        number: int = listening.getsockname()[1]
        return number


def forget() -> None:
    """Remove what earlier demos kept, and nothing else."""
    for pattern in OWN_FILES:
        for file in HOME.glob(pattern):
            file.unlink()
    with contextlib.suppress(OSError):  # somebody's own files are in there: they stay
        (HOME / "slack").rmdir()


def _run(port: int, stopping: Stopping, lock: int) -> None:
    slack_url = f"http://{HOST}:{port}"
    seed, database = HOME / "workspace.yaml", f"sqlite:///{(HOME / 'okr.db').resolve()}"
    seed.write_text(workspace_file(), encoding="utf-8")
    children: list[Child] = []
    try:
        _say("Starting the local Slack ...")
        arguments = ["sandbox", "--host", HOST, "--port", str(port), "--seed", str(seed)]
        arguments += ["--data", str(HOME / "slack"), "--manifest", str(MANIFEST)]
        slack = Child.start("The local Slack", arguments, HOME / "slack.log", {}, lock)
        children.append(slack)
        _await(lambda: _answer(f"{slack_url}/clock") is not None, children, stopping, slack)
        upgrade(database)
        first_time = prepare(database, _clock_of(slack_url))
        _say("Starting the bot ...")
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": f"{slack_url}/api/",
            "OKR_CLOCK_URL": f"{slack_url}/clock",
            "DATABASE_URL": database,
            "HOST": HOST,
            "PORT": str(free_port()),
        }
        bot = Child.start("The bot", ["run"], HOME / "bot.log", settings, lock)
        children.append(bot)
        _await(lambda: CONNECTED in bot.said(), children, stopping, bot)
        _say((WELCOME if first_time else WELCOME_BACK).format(address=f"{slack_url}/"))
        while True:
            for child in children:
                child.check()
            stopping.wait(POLL_SECONDS)
    finally:
        # The bot first: it finishes what it has in hand, and for that it needs its Slack.
        for child in reversed(children):
            child.stop()


WELCOME = """
  {address}

Open it: you are Noor Haddad, it is Monday morning, and a message of OKR Bot waits under Apps. Press "Check in" there
and send your five values. Then move the clock to the round's close, read the digest in #skipper-app, and look at it as
Daniel Osei, Noor's lead: a 🎉 on her check-in is kept as recognition. The clock's buttons go on through the weeks: this
quarter has three to go, and the next one is planned.
Ctrl-C ends the demo; what you did is kept.
"""

WELCOME_BACK = """
  {address}

Open it: everything is as you left it, and the clock goes on from there. FRESH=1 (or --fresh) starts anew.
Ctrl-C ends the demo; what you did is kept.
"""


def _await(ready: Callable[[], bool], children: Sequence[Child], stopping: Stopping, awaited: Child) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        for child in children:
            child.check()
        if time.monotonic() > deadline:
            raise DemoFailed(f"{awaited.name} was not ready after {START_SECONDS:g} seconds.{awaited.last_lines()}")
        stopping.wait(POLL_SECONDS)


def _answer(address: str) -> bytes | None:
    """What an address of this machine answers; None while it does not (yet)."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as response:
            body: bytes = response.read()
            return body
    except (urllib.error.URLError, OSError):
        return None


def _clock_of(slack_url: str) -> datetime:
    body = _answer(f"{slack_url}/clock")
    if body is None:
        raise DemoFailed("The local Slack does not say what time it is.")
    return datetime.fromisoformat(json.loads(body)["now"])


def prepare(database_url: str, now: datetime) -> bool:
    """Import the sample company into a migrated database that has no workspace yet. Answers whether it did.

    now: the present of the local Slack; the company's cycle began ten weeks before the Monday of that week, and the
    cycle after it is planned.
    """
    database = Database(database_url)
    try:
        if database.transact(lambda session: bool(imports.all_workspaces(session)), writes=False):
            return False
        _say("Importing the sample company ...")
        today = now.astimezone(opener_zone()).date()
        text = company_file(today - timedelta(days=today.weekday()))
        if HOME.exists():
            (HOME / "company.yaml").write_text(text, encoding="utf-8")
        command = ImportCommand(read_plan(text, "company.yaml"))

        def carry_out(session: Session) -> None:
            import_plan(session, command, now)

        database.transact(carry_out, seconds=IMPORT_SECONDS)
        return True
    finally:
        database.dispose()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
