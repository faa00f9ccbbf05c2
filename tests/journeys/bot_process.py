"""The bot as its operator runs it: `python -m bot …` in a process of its own, stopped by signals, its log kept."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Self

from tests import forked
from tests.forked import Forked
from tests.local_slack import eventually

ROOT = Path(__file__).parents[2]
CONNECTED = "OKR Bot is connected to"
PATIENCE = 30.0
COMMAND_PATIENCE = 60.0
STOPPING_PATIENCE = 20.0
KEPT_OF_THE_TEST_RUN = ("PATH", "HOME", "LANG", "TMPDIR", "TZ")


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def environment_of(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a bot with these settings and none of the developer's own."""
    kept = {name: os.environ[name] for name in KEPT_OF_THE_TEST_RUN if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **settings}


def run_command(settings: Mapping[str, str], *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command of the operator to its end."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        process = forked.start(
            "bot", arguments, env=environment_of(settings), folder=folder, out=out.fileno(), error=error.fileno()
        )
        try:
            code = process.wait(COMMAND_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(list(arguments), code, _text_of(out), _text_of(error))


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", errors="replace")


class BotProcess:
    """A running `okr-bot run`. `log` holds everything it printed, whatever became of it."""

    def __init__(self, process: Forked, log_file: Path, port: int) -> None:
        self.process = process
        self.log_file = log_file
        self.port = port

    @classmethod
    def launch(cls, settings: Mapping[str, str], log_file: Path, folder: Path) -> Self:
        """Start it without waiting for anything."""
        port = int(settings["PORT"])
        with log_file.open("ab") as log:
            process = forked.start(
                "bot", ["run"], env=environment_of(settings), folder=folder, out=log.fileno(), error=log.fileno()
            )
        return cls(process, log_file, port)

    @property
    def log(self) -> str:
        """What it printed so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    @property
    def is_running(self) -> bool:
        """It has not ended."""
        return self.process.poll() is None

    def wait_until_connected(self) -> Self:
        """Wait for the line that says so."""
        eventually(lambda: CONNECTED in self.log or not self.is_running, "the bot to connect", PATIENCE)
        assert self.is_running, f"The bot ended with {self.process.returncode}:\n{self.log}"
        return self

    def wait_until_logged(self, words: str) -> None:
        """Wait until its log says this."""
        eventually(lambda: words in self.log, f"“{words}” in the bot's log", PATIENCE)

    def terminate(self) -> None:
        """Ask it to stop, without waiting."""
        self.process.send_signal(signal.SIGTERM)

    def wait_until_ended(self) -> int:
        """Wait for its end; answers the exit code."""
        return self.process.wait(STOPPING_PATIENCE)

    def stop(self) -> None:
        """SIGTERM, as a host stops it; it must end cleanly."""
        if self.is_running:
            self.terminate()
        code = self.wait_until_ended()
        assert code == 0, f"After SIGTERM the bot ended with {code}:\n{self.log}"

    def kill(self) -> None:
        """kill -9: no goodbye."""
        self.process.kill()
        self.process.wait(STOPPING_PATIENCE)

    def freeze(self) -> None:
        """SIGSTOP: it stays as it is at this very moment."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)

    def ask(self, path: str) -> tuple[int, str]:
        """GET one of its web endpoints: status and text."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
