"""What `okr-bot doctor` asks Slack beside the installation: can the bot use a team's channel."""

import asyncio
from collections.abc import Iterable
from enum import StrEnum

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

AT_ONCE = 4
ARCHIVED_SUBTYPES = frozenset({"channel_archive", "group_archive"})


class Channel(StrEnum):
    """How a channel stands with the bot."""

    OPEN = "open"
    NOT_IN = "not in"
    """The bot may perhaps post there, but hears of no reaction and cannot look for what it has posted."""
    NOT_FOUND = "not found"
    """There is none of that id, or it is private and the bot was not invited."""
    ARCHIVED = "archived"
    NOT_SAID = "not said"
    """Slack did not answer, or not this."""


REFUSALS = {
    "not_in_channel": Channel.NOT_IN,
    "channel_not_found": Channel.NOT_FOUND,
    "is_archived": Channel.ARCHIVED,
}


async def channels(client: AsyncWebClient, ids: Iterable[str], seconds: float) -> dict[str, Channel]:
    """How each of these channels stands; those that were not answered within `seconds` are NOT_SAID."""
    found = dict.fromkeys(ids, Channel.NOT_SAID)
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(each: str) -> None:
        async with turns:
            found[each] = await channel(client, each)

    tasks = [asyncio.create_task(look(each)) for each in found]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return found


async def channel(client: AsyncWebClient, channel_id: str) -> Channel:
    """How a channel stands.

    conversations.info would say it all, and would need scopes that nothing else needs. The newest message says whether
    the bot is in, and whether the channel was archived: after that nothing more can be written.
    """
    try:
        answer = await client.conversations_history(channel=channel_id, limit=1)
    except SlackApiError as error:
        data = getattr(error.response, "data", error.response)
        code = data.get("error") if isinstance(data, dict) else None
        return REFUSALS.get(str(code), Channel.NOT_SAID)
    except (ClientError, TimeoutError, OSError):
        return Channel.NOT_SAID
    messages = answer.get("messages") or [{}]
    return Channel.ARCHIVED if messages[0].get("subtype") in ARCHIVED_SUBTYPES else Channel.OPEN
