"""Sends the deliveries of one workspace."""

import asyncio
from dataclasses import dataclass

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.usecases.runner import UseCases


def sender_client(session: ClientSession, token: str, base_url: str | None = None) -> AsyncWebClient:
    """The client that only the sender uses: it repeats nothing by itself and gives up after CALL_SECONDS."""
    raise NotImplementedError


@dataclass(frozen=True)
class Drained:
    """What `drain` did. `held_elsewhere`: another process holds the lease and sends; nothing was done here."""

    sent: int = 0
    dropped: int = 0
    failed: int = 0
    unknown: int = 0
    postponed: int = 0
    unresolved: int = 0
    held_elsewhere: bool = False
    trouble: str | None = None


class Sender:
    """The one that sends for a workspace, while it holds the lease."""

    def __init__(self, use_cases: UseCases, client: AsyncWebClient, workspace_id: int) -> None:
        raise NotImplementedError

    @property
    def trouble(self) -> str | None:
        """Why nothing can be sent at the moment, in a sentence; None while all is well."""
        raise NotImplementedError

    def wake(self) -> None:
        """Look for due deliveries now. Call it after a commit that added some."""
        raise NotImplementedError

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until `stop`; then finish the calls in hand, record them and release the lease."""
        raise NotImplementedError

    async def drain(self) -> Drained:
        """Send until nothing due waits, and answer what happened."""
        raise NotImplementedError
