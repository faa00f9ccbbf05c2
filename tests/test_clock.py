"""The clock of a local Slack, as the bot reads it."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from aiohttp import ClientSession

from bot.clock import MovableClock

MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)


@contextmanager
def an_address_that_shows(instants: Iterator[datetime]) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"now": next(instants).isoformat()}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/clock"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def read(*shown: datetime) -> list[datetime]:
    async def readings(address: str) -> list[datetime]:
        async with ClientSession() as session:
            clock = MovableClock(session, address)
            return [await clock() for _ in shown]

    with an_address_that_shows(iter(shown)) as address:
        return asyncio.run(readings(address))


def test_what_is_said_twice_within_a_second_stays_in_the_order_it_was_said() -> None:
    told = read(*[MONDAY] * 6)
    assert told == sorted(set(told))
    assert told[0] >= MONDAY


def test_a_clock_that_a_person_moves_is_followed_forth_and_back() -> None:
    week = timedelta(days=7)
    before, after, back = read(MONDAY, MONDAY + week, MONDAY - week)
    second = timedelta(seconds=1)
    assert MONDAY <= before < MONDAY + second
    assert MONDAY + week <= after < MONDAY + week + second
    assert MONDAY - week <= back < MONDAY - week + second


def test_a_small_step_forward_is_followed_too() -> None:
    _, after = read(MONDAY, MONDAY + timedelta(seconds=1))
    assert after >= MONDAY + timedelta(seconds=1)
