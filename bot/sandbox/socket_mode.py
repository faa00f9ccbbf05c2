"""Socket Mode: WebSocket connections of the app; each envelope goes to exactly one of them.

A connection lives an hour, with `debug_reconnects=true` 360 s, on real time: ten seconds ahead it is warned, at the
end told to refresh and closed.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.clock import RealTime
from bot.sandbox.dispatch import TOO_LATE, Ack, NoAck
from bot.sandbox.entities import Json
from bot.sandbox.errors import ControlError
from bot.sandbox.journal import Journal, Notices
from bot.sandbox.reading import parse_json

MOST_CONNECTIONS = 10
TICKET_SECONDS = 30
DEBUG_LIFE_SECONDS = 360
USUAL_LIFE_SECONDS = 3600
WARNING_SECONDS = 10
PING_SECONDS = 10
"""Slack's own clients give a connection up when nothing has pinged them for half a minute."""
LAST_ACKS_SECONDS = 3.0
"""How long a connection that was told to go stays open for acks of what it was sent before."""
LOOKING_SECONDS = 0.25
"""How often ages are looked at; real time may be a test's own, so nobody sleeps through it."""

REASONS = ("warning", "refresh_requested", "link_disabled")
"""Why a connection may be told to go; only a warning leaves it open."""

RETRY_REASONS = {"http_timeout": "timeout"}
"""HTTP mode's names for a failed delivery, as Socket Mode spells them."""


@dataclass(eq=False)
class Connection:
    """One open WebSocket and the envelopes it has not acknowledged."""

    number: int
    socket: web.WebSocketResponse
    ends: float
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    warned: bool = False


class SocketMode:
    """The open connections of the app."""

    def __init__(self, app_id: str, journal: Journal, notices: Notices, real_time: RealTime) -> None:
        self._real_time = real_time
        self._app_id = app_id
        self._journal = journal
        self._notices = notices
        self._numbers = itertools.count(1)
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self._turn = 0

    @property
    def connected(self) -> bool:
        """At least one connection is open."""
        return bool(self._connections)

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._connections)

    def issue_ticket(self) -> str:
        """A ticket for one connection, for the address apps.connections.open answers."""
        now = time.monotonic()
        self._tickets = {ticket: until for ticket, until in self._tickets.items() if until > now}
        ticket = str(uuid.uuid4())
        self._tickets[ticket] = now + TICKET_SECONDS
        return ticket

    async def deliver(self, kind: str, payload: Json, *, attempt: int, reason: str, within: float) -> Ack | NoAck:
        """Send one envelope to one connection and wait for its ack."""
        connection = self._next_connection()
        envelope_id = str(uuid.uuid4())
        answerable = kind == "slash_commands" or payload.get("type") in ("view_submission", "block_suggestion")
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": answerable,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": RETRY_REASONS.get(reason, reason)}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = answer
        try:
            async with asyncio.timeout(within):
                await connection.socket.send_str(json.dumps(envelope, ensure_ascii=False))
                return Ack(await answer)
        except TimeoutError:
            return NoAck(TOO_LATE, "http_timeout")
        except ConnectionError:
            return NoAck("The app's connection broke before it answered.", "connection_failed")
        finally:
            connection.waiting.pop(envelope_id, None)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket endpoint behind apps.connections.open."""
        until = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if until < time.monotonic():
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=408)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        if len(self._connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": _debug()})
            await socket.close()
            return socket
        life = DEBUG_LIFE_SECONDS if request.query.get("debug_reconnects") == "true" else USUAL_LIFE_SECONDS
        connection = Connection(next(self._numbers), socket, self._real_time() + life)
        self._connections.append(connection)
        self._changed("connected", connection)
        ageing = asyncio.create_task(self._grow_old(connection))
        try:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self._connections),
                    "debug_info": {
                        **_debug(),
                        "started": time.strftime("%Y-%m-%d %H:%M:%S.000", time.gmtime()),
                        "build_number": 1,
                        "approximate_connection_time": life,
                    },
                    "connection_info": {"app_id": self._app_id},
                }
            )
            await self._receive(connection)
        finally:
            ageing.cancel()
            self._forget(connection)
        return socket

    async def disconnect(self, reason: str) -> int:
        """Ask every connection to reconnect (`warning`, `refresh_requested` or `link_disabled`); answers how many."""
        if reason not in REASONS:
            raise ControlError(f"No such reason: “{reason}”. There are {', '.join(REASONS)}.")
        asked = list(self._connections)
        await asyncio.gather(*(self._tell_to_go(connection, reason) for connection in asked))
        return len(asked)

    async def _tell_to_go(self, connection: Connection, reason: str) -> None:
        # Out of the ring first: an envelope sent meanwhile must go to a connection that stays.
        if reason != "warning":
            self._retire(connection)
        with suppress(ConnectionError):  # it went by itself
            await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": _debug()})
            if reason != "warning":
                # Acks that are under way still count: nothing is lost because a connection is replaced.
                if connection.waiting:
                    await asyncio.wait(connection.waiting.values(), timeout=LAST_ACKS_SECONDS)
                await connection.socket.close()

    async def close(self) -> None:
        """Close everything."""
        for connection in list(self._connections):
            await connection.socket.close()

    async def _receive(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                frame = parse_json(message.data)
            except ValueError:
                continue  # Slack ignores what it cannot read
            if not isinstance(frame, dict):
                continue
            answer = connection.waiting.get(str(frame.get("envelope_id")))
            if answer is not None and not answer.done():
                answer.set_result(frame.get("payload"))

    async def _grow_old(self, connection: Connection) -> None:
        next_ping = time.monotonic() + PING_SECONDS
        while (left := connection.ends - self._real_time()) > 0:
            if left <= WARNING_SECONDS and not connection.warned:
                connection.warned = True
                await self._tell_to_go(connection, "warning")
            if time.monotonic() >= next_ping:
                next_ping = time.monotonic() + PING_SECONDS
                with suppress(ConnectionError):  # it went by itself
                    await connection.socket.ping(b"Ping from the local Slack")
            await asyncio.sleep(min(left, LOOKING_SECONDS))
        await self._tell_to_go(connection, "refresh_requested")

    def _next_connection(self) -> Connection:
        self._turn += 1
        return self._connections[self._turn % len(self._connections)]

    def _retire(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)

    def _forget(self, connection: Connection) -> None:
        self._retire(connection)
        for answer in connection.waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError())
        self._changed("disconnected", connection)

    def _changed(self, what: str, connection: Connection) -> None:
        self._journal.note("connection", what, time.time(), {"number": connection.number, "open": self.connections})
        self._notices.send("connection", connected=self.connected, connections=self.connections)


def _debug() -> Json:
    return {"host": "applink-local-" + secrets.token_hex(2)}
