"""`python -m bot …` and `python -m bot.sandbox …` as processes that start at once.

Importing the bot takes longer than much of what journeys do with it. A helper process per test run imports it once and
forks for every start. What it forks is a process like any other: its own environment, folder, output, signals and exit
code; the module runs in it as `python -m` would run it. The demo's tests start everything the long way.

Run as a program this module is the helper. It ends when the test run ends in any way, `kill -9` included, and takes
with it what it started.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MODULES = ("bot.cli", "bot.app", "bot.demo", "bot.sandbox.server", "psycopg", "sqlalchemy.dialects.sqlite", "holidays")
LENGTH, NUMBER = struct.Struct("!I"), struct.Struct("!i")
STANDARD_STREAMS = (1, 2)
FILES_OF_A_PROCESS = 1024


class Forked:
    """A started process, with what the tests use of `subprocess.Popen`."""

    def __init__(self, report: socket.socket, arguments: Sequence[str]) -> None:
        """report: where the helper says the process's id, and its exit code once it has ended."""
        self._report = report
        self.args = list(arguments)
        self.returncode: int | None = None
        report.settimeout(None)
        self.pid = self._number()

    def _number(self) -> int:
        told = self._report.recv(NUMBER.size, socket.MSG_WAITALL)
        if len(told) < NUMBER.size:
            raise RuntimeError("The helper that starts the tests' processes is gone.")
        number: int = NUMBER.unpack(told)[0]
        return number

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait at most `timeout` seconds for its end. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._report, selectors.EVENT_READ)
                if not selector.select(timeout):
                    raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
            self.returncode = self._number()
            self._report.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


def start(
    module: str, arguments: Sequence[str], *, env: Mapping[str, str], folder: Path, out: int, error: int
) -> Forked:
    """Start `python -m module arguments…`; `out` and `error` are the open files for its two outputs. No input."""
    ours, theirs = socket.socketpair()
    with theirs:
        wish = {"module": module, "arguments": list(arguments), "env": dict(env), "folder": str(folder)}
        message = json.dumps(wish).encode()
        helper = _helper()
        socket.send_fds(helper, [LENGTH.pack(len(message))], [out, error, theirs.fileno()])
        helper.sendall(message)
    return Forked(ours, [module, *arguments])


_running: list[socket.socket] = []


def _helper() -> socket.socket:
    """The connection to the helper, started when first needed."""
    if not _running:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        _running.append(ours)
        atexit.register(_end, ours, process)
    return _running[0]


def _end(connection: socket.socket, process: subprocess.Popen[bytes]) -> None:
    connection.close()
    process.wait(10)


class _Helper:
    """Forks for every wish that comes over the connection, and reports how each process ended."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reports: dict[int, int] = {}
        self._woken, self._wake = socket.socketpair()
        for end in (self._woken, self._wake):
            end.setblocking(False)
        self._before = {
            signal.SIGCHLD: signal.signal(signal.SIGCHLD, lambda *_: None),
            # Ctrl-C goes to the whole foreground group; the test run decides what it means.
            signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN),
        }
        signal.set_wakeup_fd(self._wake.fileno())

    def serve(self) -> dict[str, Any] | None:
        """Answers the wish in the process that is to fulfil it, and None in the helper itself at its end."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._woken:
                        self._woken.recv(4096)
                        self._reap()
                        continue
                    wish, files = self._next_wish()
                    if wish is None:
                        self._end_all()
                        return None
                    if self._fork(files):
                        return wish

    def _next_wish(self) -> tuple[dict[str, Any] | None, list[int]]:
        head, files, _, _ = socket.recv_fds(self._connection, LENGTH.size, 3)
        if len(head) < LENGTH.size:
            return None, []
        body = self._connection.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL)
        wish: dict[str, Any] = json.loads(body)
        return wish, files

    def _fork(self, files: list[int]) -> bool:
        """True in the new process."""
        *streams, report = files
        process_id = os.fork()
        if process_id == 0:
            self._become_ordinary(streams)
            return True
        for file in streams:
            os.close(file)
        self._reports[process_id] = report
        os.write(report, NUMBER.pack(process_id))
        return False

    def _become_ordinary(self, streams: list[int]) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        for stream, file in zip(STANDARD_STREAMS, streams, strict=True):
            os.dup2(file, stream)
        for end in (self._connection, self._woken, self._wake):
            end.detach()
        os.closerange(max(STANDARD_STREAMS) + 1, FILES_OF_A_PROCESS)

    def _reap(self) -> None:
        while self._reports:
            process_id, status = os.waitpid(-1, os.WNOHANG)
            if process_id == 0:
                return
            report = self._reports.pop(process_id)
            with contextlib.suppress(OSError):  # whoever started it may not care any more
                os.write(report, NUMBER.pack(os.waitstatus_to_exitcode(status)))
            os.close(report)

    def _end_all(self) -> None:
        for process_id in self._reports:
            os.kill(process_id, signal.SIGKILL)


def _fulfil(wish: dict[str, Any]) -> None:
    """Be `python -m module`."""
    os.chdir(wish["folder"])
    os.environ.clear()
    os.environ.update(wish["env"])
    time.tzset()
    sys.argv = [wish["module"], *wish["arguments"]]
    runpy.run_module(wish["module"], run_name="__main__", alter_sys=True)


def main() -> None:
    """Import everything, then fork for whatever is wished."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    for module in MODULES:
        importlib.import_module(module)
    gc.freeze()
    wish = _Helper(connection).serve()
    if wish is not None:
        _fulfil(wish)


if __name__ == "__main__":
    main()
