"""Nonsense, in bulk: is the local Slack still there afterwards, and sound?

    python -m bench sandbox-fuzz [--count 100000] [--seed 1]

A 5xx answer, an answer that takes longer than ten seconds, an exception nobody handled, a contradiction in the state or
memory that grows without end is a finding.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import resource
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from bench.sandbox_requests import Known, Requests
from bench.sandbox_state import contradictions
from bot.sandbox.manifest import manifest_from
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import start

PATIENCE_SECONDS = 10.0
AT_ONCE = 12

REFUSED_BY_AIOHTTP = (HttpProcessingError, web.RequestPayloadError)
"""Answered with 400 before any code of ours runs, and logged with a traceback all the same."""

FRAMES_IN_A_HUNDRED = 15

LEARNED = {
    "ts": ("ts", "message_ts"),
    "view_id": ("id",),
    "trigger_id": ("trigger_id",),
    "event_id": ("event_id",),
    "response_url": ("response_url",),
    "upload_url": ("upload_url",),
    "file": ("file_id",),
}
"""Argument, and the keys of answers and payloads its values are taken from."""

MANIFEST = {
    "display_information": {"name": "Fuzzed"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/okr", "description": "x", "should_escape": True},
            {"command": "/plain", "description": "x"},
        ],
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": ["message.channels", "message.im", "reaction_added", "user_change", "app_home_opened"]
        }
    },
}


@dataclass
class Findings:
    """What came out."""

    requests: int = 0
    frames: int = 0
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    hung_up: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    contradictions: list[str] = field(default_factory=list)
    memory_before_mb: float = 0.0
    memory_after_mb: float = 0.0
    slowest_seconds: float = 0.0
    slowest: str = ""
    patience_seconds: float = PATIENCE_SECONDS

    def report(self) -> str:
        """Figures, then what was found, each once with how often."""
        lines = [
            f"{self.requests} requests and {self.frames} frames in {self.seconds:.0f} s",
            "answers: "
            + ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
            + f", connections ended early: {self.hung_up}",
            f"slowest answer: {self.slowest_seconds * 1000:.0f} ms ({self.slowest[:120]})",
            f"memory: {self.memory_before_mb:.0f} MB before, {self.memory_after_mb:.0f} MB after (most ever used)",
            f"broken: {sum(self.broken.values())}, contradictions: {len(self.contradictions)}",
        ]
        lines += [f"{count} x {what}" for what, count in self.broken.most_common()]
        return "\n".join([*lines, *self.contradictions])


class Served:
    """A local Slack in a thread of its own, so that one that hangs is seen from outside."""

    def __init__(self, data: Path | None, broken: Counter[str]) -> None:
        self.sandbox = Sandbox(
            data=data, manifest=manifest_from(MANIFEST), rate_limits=False, ack_seconds=0.3, retry_delays=(0.0,)
        )
        self._broken = broken
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._note)
        self._log = _Log(broken)
        logging.getLogger("aiohttp.server").addHandler(self._log)
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._runner = self.run(start(self.sandbox, "127.0.0.1", 0))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something inside the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def look(self) -> list[str]:
        """Contradictions in the state, seen between two requests."""
        return contradictions(self.sandbox)

    def stop(self) -> None:
        """End it."""
        self.run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        logging.getLogger("aiohttp.server").removeHandler(self._log)

    def _note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self._broken[_where(error) if error else str(context.get("message"))] += 1


class _Log(logging.Handler):
    """Counts exceptions that became a 500."""

    def __init__(self, broken: Counter[str]) -> None:
        super().__init__()
        self._broken = broken

    def emit(self, record: logging.LogRecord) -> None:
        """Note where the exception came from."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and record.levelno >= logging.ERROR and not isinstance(error, REFUSED_BY_AIOHTTP):
            self._broken[_where(error)] += 1


def _where(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/bot/" in frame.filename]
    place = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames[-3:]))
    return f"{type(error).__name__}: {str(error)[:100]} at {place or 'the server'}"


async def _send(session: aiohttp.ClientSession, base: str, requests: Requests, findings: Findings) -> None:
    one = requests.next()
    started = time.monotonic()
    what = f"{one.verb} {one.path[:80]} {one.body[:300]!r}"
    try:
        async with asyncio.timeout(findings.patience_seconds):
            address = URL(base + one.path, encoded=True)
            async with session.request(
                one.verb, address, data=one.body, headers=one.headers, allow_redirects=False
            ) as answer:
                findings.statuses[answer.status] += 1
                if answer.content_type == "text/event-stream":
                    return
                said = await answer.read()
                if answer.status >= 500:
                    findings.broken[f"status {answer.status}: {one.verb} {one.path.partition('?')[0][:60]}"] += 1
                if answer.content_type == "application/json" and one.verb != "HEAD":
                    _learn(requests.known, json.loads(said))
    except TimeoutError:
        findings.broken[f"no answer within {findings.patience_seconds:g} s: {what}"] += 1
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        findings.hung_up += 1  # the answer came before the whole request was sent
    except (aiohttp.ClientError, ValueError) as error:
        findings.broken[f"{type(error).__name__}: {str(error)[:100]} {what[:120]}"] += 1
    took = time.monotonic() - started
    if took > findings.slowest_seconds:
        findings.slowest_seconds, findings.slowest = took, what


def _learn(known: Known, value: Any, depth: int = 0) -> None:
    if depth > 6:
        return
    if isinstance(value, list):
        for entry in value[-5:]:
            _learn(known, entry, depth + 1)
    elif isinstance(value, dict):
        for name, keys in LEARNED.items():
            for key in keys:
                if isinstance(value.get(key), str) and (name != "view_id" or value[key].startswith("V")):
                    known.learn(name, value[key])
        for inner in value.values():
            _learn(known, inner, depth + 1)


class App:
    """One Socket Mode connection that acknowledges most envelopes, and says things nobody should say."""

    def __init__(self, session: aiohttp.ClientSession, base: str, requests: Requests, findings: Findings) -> None:
        self._session, self._base, self._requests, self._findings = session, base, requests, findings
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None

    async def babble(self) -> None:
        """Send one frame of any kind; connects anew when the connection is gone."""
        if self._socket is None or self._socket.closed:
            await self._connect()
        self._findings.frames += 1
        chance, socket = self._requests.chance, self._socket
        assert socket is not None  # just connected
        try:
            async with asyncio.timeout(self._findings.patience_seconds):
                what = chance.random()
                if what < 0.2:
                    await socket.send_bytes(chance.randbytes(chance.randrange(200)))
                elif what < 0.23:
                    await socket.send_str("x" * chance.choice([10, 100_000, 3_000_000]))
                elif what < 0.3:
                    await socket.ping(chance.randbytes(10))
                elif what < 0.32:
                    await socket.close(code=chance.choice([1000, 1001, 1009, 3000]))
                else:
                    await socket.send_str(self._frame())
        except ConnectionError:
            self._findings.hung_up += 1
        except TimeoutError:
            self._findings.broken["a frame was not taken"] += 1

    def _frame(self) -> str:
        chance = self._requests.chance
        frames: list[Any] = [None, 1, [], {}, "text", {"type": "hello"}, {"type": "disconnect"}]
        frames += [{"envelope_id": None}, {"envelope_id": {}}, {"envelope_id": "none", "payload": {"a": 1}}]
        text = json.dumps(chance.choice(frames))
        garbage = ["[" * 20_000, "\x00", "\ufeff{}", '{"envelope_id":' + "9" * 5_000 + "}"]
        return chance.choice([text, text, text[:-1], *garbage])

    async def _connect(self) -> None:
        """An app tries again when it is refused, after whatever earlier requests did to it was undone."""
        for _ in range(20):
            try:
                async with self._session.post(
                    f"{self._base}/api/apps.connections.open", headers={"Authorization": "Bearer xapp-sandbox"}
                ) as answer:
                    address = (await answer.json()).get("url")
                if address:
                    self._socket = await self._session.ws_connect(address, max_msg_size=0)
                    self._reading = asyncio.create_task(self._read(self._socket))
                    return
                for wish in ("reinstall", "limits"):
                    async with self._session.post(f"{self._base}/control/{wish}", json={"enabled": False}):
                        pass
                async with self._session.delete(f"{self._base}/control/faults"):
                    pass
            except (aiohttp.ClientError, ValueError):
                self._findings.hung_up += 1
        raise RuntimeError("No connection could be opened any more.")

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with suppress(ConnectionError):  # closed while it was being answered
            async for message in socket:
                envelope = json.loads(message.data)
                if not envelope.get("envelope_id"):
                    continue
                _learn(self._requests.known, envelope["payload"])
                if self._requests.chance.random() < 0.97:
                    await socket.send_str(json.dumps(self._answer(envelope)))

    def _answer(self, envelope: Any) -> Any:
        chance = self._requests.chance
        ack: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        answers: list[Any] = [None, "text", 1, [], {}, {"text": "hi"}, {"text": {}}, {"blocks": [{}]}, {"options": 3}]
        actions: list[Any] = ["clear", "errors", "push", "update", {}, None, "x"]
        answers += [{"response_action": action} for action in actions]
        answers += [{"response_action": "errors", "errors": {"b0": said}} for said in ("no", 1)]
        answers += [{"options": [None]}, {"option_groups": {}}, {"response_action": "push", "view": {"type": "modal"}}]
        return ack if chance.random() < 0.4 else ack | {"payload": chance.choice(answers)}

    async def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading


async def _half_open(base: str, chance_of_more: bool) -> None:
    """A connection that begins something and never ends it."""
    address = urlsplit(base)
    assert address.hostname is not None  # it listens on an address
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    begun = b"POST /api/chat.postMessage HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
    writer.write(begun if chance_of_more else b"GET")
    await writer.drain()
    writer.transport.abort()


async def _fuzz(base: str, requests: Requests, count: int, findings: Findings) -> None:
    # Sockets that were given up still count until they are closed: a limit would let requests wait for them.
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        apps = [App(session, base, requests, findings) for _ in range(2)]
        left = iter(range(count))

        async def work(app: App) -> None:
            for number in left:
                if number % 2_000 == 0:
                    await _half_open(base, bool(number % 4_000))
                if requests.chance.randrange(100) < FRAMES_IN_A_HUNDRED:
                    await app.babble()
                else:
                    findings.requests += 1
                    await _send(session, base, requests, findings)

        await asyncio.gather(*(work(apps[number % 2]) for number in range(AT_ONCE)))
        for app in apps:
            await app.close()


def fuzz(count: int, seed: int, data: Path | None = None, *, patience: float = PATIENCE_SECONDS) -> Findings:
    """Send `count` requests and frames, and say what came of it; who waits longer than `patience` seconds is stuck."""
    findings = Findings(memory_before_mb=_memory_mb(), patience_seconds=patience)
    served = Served(data, findings.broken)
    started = time.monotonic()
    try:
        asyncio.run(_fuzz(served.sandbox.base_url, Requests(seed), count, findings))
        findings.contradictions = served.run(served.look())
    finally:
        served.stop()
    findings.seconds = time.monotonic() - started
    findings.memory_after_mb = _memory_mb()
    return findings


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str]) -> int:
    """Fuzz and print; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m bench sandbox-fuzz", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=100_000, help="requests and frames together")
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        findings = fuzz(wish.count, wish.seed, Path(folder))
    sys.stdout.write(findings.report() + "\n")
    return 1 if findings.broken or findings.contradictions else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
