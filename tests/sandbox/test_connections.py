"""How Socket Mode connections age and are told to go, on real time that a test may hold in hand."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.local_slack import LocalSlackError
from tests.sandbox.conftest import Running

Json = dict[str, Any]


async def connection(
    slack: Running, session: aiohttp.ClientSession, more: str = ""
) -> tuple[aiohttp.ClientWebSocketResponse, Json]:
    """An open connection and its hello."""
    client = AsyncWebClient("xapp-sandbox", base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]
    socket = await session.ws_connect(url + more)
    return socket, await socket.receive_json(timeout=5)


async def disconnect_frame(socket: aiohttp.ClientWebSocketResponse) -> str:
    frame = await socket.receive_json(timeout=5)
    assert frame["type"] == "disconnect"
    assert frame["debug_info"]["host"]
    return str(frame["reason"])


@pytest.mark.parametrize(("more", "life"), [("&debug_reconnects=true", 360), ("", 3600)])
async def test_an_old_connection_is_warned_and_ten_seconds_later_refreshed(
    slack: Running, more: str, life: int
) -> None:
    async with aiohttp.ClientSession() as session:
        socket, hello = await connection(slack, session, more)
        assert hello["debug_info"]["approximate_connection_time"] == life
        assert hello["num_connections"] == 1
        slack.real_time.pass_by(life - 12)
        with pytest.raises(TimeoutError):
            await socket.receive_json(timeout=0.6)
        slack.real_time.pass_by(3)
        assert await disconnect_frame(socket) == "warning"
        assert slack.sandbox.sockets.connections == 1
        slack.real_time.pass_by(10)
        assert await disconnect_frame(socket) == "refresh_requested"
        assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


async def test_an_envelope_goes_to_a_connection_that_stays(slack: Running) -> None:
    async with aiohttp.ClientSession() as session:
        old, _ = await connection(slack, session, "&debug_reconnects=true")
        new, _ = await connection(slack, session)
        slack.real_time.pass_by(361)
        while await disconnect_frame(old) != "refresh_requested":
            continue
        await asyncio.to_thread(slack.say, "ana", "hello")
        envelope = await new.receive_json(timeout=5)
        assert envelope["payload"]["event"]["text"] == "hello"
        await new.send_json({"envelope_id": envelope["envelope_id"]})


async def test_an_ack_that_is_under_way_when_a_connection_is_replaced_still_counts(slack: Running) -> None:
    async with aiohttp.ClientSession() as session:
        socket, _ = await connection(slack, session)
        asked = asyncio.create_task(asyncio.to_thread(slack.command, "ana", "/okr"))
        envelope = await socket.receive_json(timeout=5)
        leaving = asyncio.create_task(asyncio.to_thread(slack.disconnect, "refresh_requested"))
        assert await disconnect_frame(socket) == "refresh_requested"
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "still here"}})
        assert (await asked)["ack"] == {"text": "still here"}
        assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
        await leaving


@pytest.mark.parametrize(("reason", "open_after"), [("warning", 1), ("refresh_requested", 0), ("link_disabled", 0)])
async def test_a_person_may_send_connections_away(slack: Running, reason: str, open_after: int) -> None:
    async with aiohttp.ClientSession() as session:
        socket, _ = await connection(slack, session)
        await asyncio.to_thread(slack.disconnect, reason)
        assert await disconnect_frame(socket) == reason
        assert slack.sandbox.sockets.connections == open_after


def test_a_reason_slack_does_not_know_is_named(slack: Running) -> None:
    with pytest.raises(LocalSlackError, match="No such reason"):
        slack.disconnect("boredom")
