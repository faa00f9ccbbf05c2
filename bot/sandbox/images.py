"""Whether Slack could download the pictures a payload points to.

Nothing outside this computer is ever contacted. An address on loopback is asked for, and counts as reachable if it
answers 200 with an image. Any other address is judged by its look: hosts that cannot be reached from the public
internet (no dot in the name, private and link-local numbers, endings kept for private use) are unreachable, all
others are taken to be reachable.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.reading import parse_json

PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa", ".invalid", ".test")
ASKING_SECONDS = 2.0
KEPT_VERDICTS = 500


class Images:
    """`look_at` a payload before it is judged; `is_reachable` then knows about its addresses."""

    def __init__(self) -> None:
        self._verdicts: dict[str, bool] = {}
        self._session: aiohttp.ClientSession | None = None

    async def look_at(self, payload: Any) -> None:
        """Ask for every picture on loopback in a payload; JSON in strings is looked into."""
        addresses = {address for _, address in addresses_in(payload) if is_on_loopback(address)}
        if not addresses:
            return
        if len(self._verdicts) > KEPT_VERDICTS:
            self._verdicts.clear()
        answers = await asyncio.gather(*(self._is_image(address) for address in addresses))
        self._verdicts |= dict(zip(addresses, answers, strict=True))

    def is_reachable(self, address: str) -> bool:
        """Whether Slack could download this picture."""
        if is_on_loopback(address):
            return self._verdicts.get(address, False)
        return looks_public(address)

    async def close(self) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()

    async def _is_image(self, address: str) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ASKING_SECONDS))
        try:
            # A redirect could lead away from this computer, so none is followed.
            async with self._session.get(address, allow_redirects=False) as answer:
                return answer.status == 200 and answer.content_type.startswith("image/")
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False


def addresses_in(payload: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every `image_url` in a payload with the JSON pointer to it."""
    if isinstance(payload, str):
        if "image_url" in payload:
            with suppress(ValueError):
                yield from addresses_in(parse_json(payload), pointer)
    elif isinstance(payload, list):
        for index, item in enumerate(payload):
            if isinstance(item, dict | list):
                yield from addresses_in(item, f"{pointer}/{index}")
    elif isinstance(payload, dict):
        for name, value in payload.items():
            here = f"{pointer}/{name}"
            if name == "image_url" and isinstance(value, str):
                yield here, value
            elif isinstance(value, dict | list) or name in ("blocks", "attachments", "view"):
                yield from addresses_in(value, here)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_on_loopback(address: str) -> bool:
    """The address names this computer by `localhost` or a loopback number; no name is looked up."""
    host = _host(address)
    number = _number(host)
    return host == "localhost" or (number is not None and number.is_loopback)


def looks_public(address: str) -> bool:
    """A host that could be on the public internet, by its look alone."""
    host = _host(address)
    number = _number(host)
    if number is not None:
        return number.is_global
    return "." in host and not host.endswith(PRIVATE_ENDINGS)
