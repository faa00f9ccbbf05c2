"""Signed HTTP delivery to an app's Request URL, for apps that do not use Socket Mode."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import urllib.parse
from typing import Any

import aiohttp

from bot.sandbox.clock import RealTime
from bot.sandbox.dispatch import TOO_LATE, Ack, NoAck
from bot.sandbox.entities import Json, Team
from bot.sandbox.reading import parse_json

MOST_REDIRECTS = 2


class HttpMode:
    """One Request URL for events, interactions and commands; it counts as connected as long as it is set."""

    def __init__(self, request_url: str, team: Team, real_time: RealTime) -> None:
        self.request_url = request_url
        self._team = team
        self._real_time = real_time
        self._session: aiohttp.ClientSession | None = None

    @property
    def connected(self) -> bool:
        """Whether anybody listens there is only known after a delivery."""
        return True

    async def deliver(self, kind: str, payload: Json, *, attempt: int, reason: str, within: float) -> Ack | NoAck:
        """POST one payload, signed, and take a 200 as its ack."""
        headers = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason} if attempt else {}
        body, content_type = _encoded(kind, payload)
        try:
            async with asyncio.timeout(within):
                status, said, answered = await self._post(body, content_type, headers)
        except TimeoutError:
            return NoAck(TOO_LATE, "http_timeout")
        except aiohttp.TooManyRedirects:
            return NoAck("The app's Request URL redirects too often.", "too_many_redirects")
        except aiohttp.ClientSSLError:
            return NoAck("The app's Request URL has no certificate that can be trusted.", "ssl_error")
        except aiohttp.ClientError:
            return NoAck("The app's Request URL cannot be reached.", "connection_failed")
        # Interactions and commands are acknowledged with 200 exactly, events with any success.
        if status != 200 and not (kind == "events_api" and 200 <= status < 300):
            stop = answered.get("x-slack-no-retry") == "1"
            return NoAck(f"The app answered with status {status}.", "no_retry" if stop else "http_error")
        return Ack(_decoded(said, answered.get("Content-Type", "")))

    async def verify(self) -> bool:
        """Send the url_verification challenge; true if it comes back."""
        challenge = secrets.token_urlsafe(32)
        payload = {"type": "url_verification", "token": self._team.verification_token, "challenge": challenge}
        outcome = await self.deliver("events_api", payload, attempt=0, reason="", within=3.0)
        said = outcome.payload if isinstance(outcome, Ack) else None
        return said == challenge or said == {"challenge": challenge} or said == {"text": challenge}

    async def probe(self) -> bool:
        """Send the ssl_check probe, which an app answers with 200 whatever else it does."""
        form = {"ssl_check": "1", "token": self._team.verification_token}
        outcome = await self.deliver("slash_commands", form, attempt=0, reason="", within=3.0)
        return isinstance(outcome, Ack)

    async def close(self) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: bytes, content_type: str, headers: dict[str, str]) -> tuple[int, bytes, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        stamp = str(int(self._real_time()))
        signed = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(self._team.signing_secret, stamp, body),
            **headers,
        }
        # aiohttp counts the redirect it refuses as well.
        async with self._session.post(
            self.request_url, data=body, headers=signed, max_redirects=MOST_REDIRECTS + 1
        ) as response:
            return response.status, await response.read(), response.headers


def signature(secret: str, stamp: str, body: bytes) -> str:
    """`v0=` and the HMAC-SHA256 of `v0:<timestamp>:<raw body>`."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def _encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload, ensure_ascii=False).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload, ensure_ascii=False)}
    return urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"


def _decoded(said: bytes, content_type: str) -> Any:
    text = said.decode("utf-8", errors="replace")
    if not text.strip():
        return None
    if "json" in content_type:
        try:
            return parse_json(text)
        except ValueError:
            return None
    return {"text": text}
