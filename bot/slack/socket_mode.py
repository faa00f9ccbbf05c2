"""Socket Mode: Slack's requests over WebSockets that the bot opens itself, so that it needs no public address."""

import asyncio
from collections.abc import Callable

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

FINISHING_SECONDS = 10.0
QUIET_SECONDS = 0.3
POLL_SECONDS = 0.02


async def until_idle(idle: Callable[[], bool], quiet: float = 0.0) -> None:
    """Wait until nothing has been in hand for `quiet` seconds, or as long as a stop may take."""
    clock = asyncio.get_running_loop().time
    give_up = clock() + FINISHING_SECONDS
    idle_since = clock()
    while clock() < give_up:
        if not idle():
            idle_since = clock()
        elif clock() - idle_since >= quiet:
            return
        await asyncio.sleep(POLL_SECONDS)


class _Handler(AsyncSocketModeHandler):
    """Knows whether anything is in hand, so that a stop can wait for it."""

    in_hand = 0

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        self.in_hand += 1
        try:
            await super().handle(client, req)
        finally:
            self.in_hand -= 1


class SocketMode:
    """The connections of one process. `is_idle`: whether nothing that a request began is still being done."""

    routes = ()
    """Nothing comes in over the web endpoints."""

    def __init__(
        self, app: AsyncApp, app_token: str, client: AsyncWebClient, *, is_idle: Callable[[], bool], no_proxy: bool
    ) -> None:
        self._handler = _Handler(app, app_token, web_client=client)
        self._is_idle = is_idle
        if no_proxy:
            self._handler.client.proxy = None

    async def open(self) -> None:
        """Connect."""
        await self._handler.connect_async()  # type: ignore[no-untyped-call]

    async def trouble(self) -> str | None:
        """Why nothing of Slack's arrives, if so."""
        return None if await self._handler.client.is_connected() else "not connected over Socket Mode"

    async def close(self) -> None:
        """Answer what Slack had sent already when we were told to stop, then disconnect."""
        await until_idle(lambda: not self._handler.in_hand and self._is_idle(), QUIET_SECONDS)
        await self._handler.close_async()  # type: ignore[no-untyped-call]
