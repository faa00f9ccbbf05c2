"""Looking for a message whose fate is unclear: does one with the delivery's key stand in Slack?

The times of messages come from Slack's clock, which need not be ours (the local Slack's can be moved), so where to stop
is decided by messages: the end of the history, or a message of ours that surely stood there before. Only after many
messages without either is a time far before the try taken for enough.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.failures import FailedCall, Failure, understand
from bot.store.deliveries import Stranded
from bot.usecases.deliveries import Form, Place, is_person

EVENT_TYPE = "okr_bot_delivery"
PAGE = 200
MOST_PAGES = 100
MESSAGES_IN_ANY_CASE = 1000
CLOCKS_DIFFER_AT_MOST = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """The message stands in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Absent:
    """Everything that could hold the message was read, and it is not there."""


@dataclass(frozen=True)
class Unreadable:
    """It cannot be found out; `reason` says why."""

    reason: str


@dataclass(frozen=True)
class Later:
    """It could not be looked up now; `seconds` is what Slack asked for, 0.0 if it did not."""

    failed: FailedCall


Finding = Found | Absent | Unreadable | Later


def message_key(delivery_id: int, key: str) -> str:
    """What the metadata of a delivery's message carries; unique over all deliveries and databases."""
    return f"{delivery_id}:{key}"


def metadata(delivery_id: int, key: str) -> dict[str, Any]:
    """The metadata of a delivery's message."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": message_key(delivery_id, key)}}


async def look_for(client: AsyncWebClient, row: Stranded, place: Place, call_seconds: float) -> Finding:
    """Look for the message of a stranded delivery. `call_seconds`: how long each call may take."""
    if row.form == Form.BARE:
        return Unreadable("it was sent without its key, so it cannot be told from others")
    try:
        conversation = place.conversation or await _open(client, row.channel, call_seconds)
        if conversation is None:
            return Unreadable("Slack does not say which conversation it went to")
        return await _search(client, row, conversation, place.after_ts, call_seconds)
    except Exception as error:
        return _not_read(understand(error))


def _not_read(failed: FailedCall) -> Finding:
    passing = failed.failure in (Failure.LIMITED, Failure.TEMPORARY, Failure.UNCLEAR)
    # A dead token is the operator's to mend; a scope that is not granted will not come by waiting.
    if passing or (failed.failure is Failure.INSTALL_BROKEN and failed.code != "missing_scope"):
        return Later(failed)
    return Unreadable(f"the history could not be read ({failed.code})")


async def _open(client: AsyncWebClient, recipient: str, call_seconds: float) -> str | None:
    if not is_person(recipient):
        return recipient
    async with asyncio.timeout(call_seconds):
        answer = await client.conversations_open(users=recipient)
    channel = answer.get("channel") or {}
    return channel.get("id")


async def _search(
    client: AsyncWebClient, row: Stranded, conversation: str, after_ts: str | None, call_seconds: float
) -> Finding:
    wanted = message_key(row.delivery_id, row.key)
    is_covered = _end_of_search(row, after_ts)
    read = 0
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        async with asyncio.timeout(call_seconds):
            page = await _page(client, conversation, row.thread_ts, cursor)
        messages: list[dict[str, Any]] = page.get("messages") or []
        for message in messages:
            if _key_of(message) == wanted:
                return Found(conversation, str(message["ts"]))
        read += len(messages)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return Unreadable("Slack ended the history early") if page.get("has_more") else Absent()
        # A thread is read to its end: its pages begin with the oldest reply.
        if row.thread_ts is None and messages and is_covered(read, float(messages[-1]["ts"])):
            return Absent()
    return Unreadable(f"more than {read} messages have been written since")


def _end_of_search(row: Stranded, after_ts: str | None) -> Callable[[int, float], bool]:
    """Answers, for the number of messages read and the time of the last one, whether the rest is too old."""
    clocks: list[datetime] = [row.created_at, row.started_at]
    long_before = (min(clocks) - CLOCKS_DIFFER_AT_MOST).timestamp()

    def is_covered(read: int, ts: float) -> bool:
        if after_ts is not None and ts <= float(after_ts):
            return True
        return read >= MESSAGES_IN_ANY_CASE and ts < long_before

    return is_covered


def _page(client: AsyncWebClient, conversation: str, thread_ts: str | None, cursor: str | None) -> Awaitable[Any]:
    if thread_ts is None:
        return client.conversations_history(channel=conversation, include_all_metadata=True, limit=PAGE, cursor=cursor)
    return client.conversations_replies(
        channel=conversation, ts=thread_ts, include_all_metadata=True, limit=PAGE, cursor=cursor
    )


def _key_of(message: dict[str, Any]) -> str | None:
    found = message.get("metadata") or {}
    if found.get("event_type") != EVENT_TYPE:
        return None
    key = (found.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
