"""Events, Socket Mode connections, acks and redelivery."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from tests.local_slack import eventually
from tests.sandbox.conftest import Running, Starter, manifest

Connect = Callable[[Running, App], None]
Json = dict[str, Any]


def listen(app: App, *kinds: str) -> list[Json]:
    heard: list[Json] = []
    for kind in kinds:
        app.event(kind)(lambda body: heard.append(body))
    return heard


def test_a_reaction_names_the_bot_as_the_messages_author(slack: Running, app: App, connect: Connect) -> None:
    heard = listen(app, "reaction_added", "reaction_removed")
    connect(slack, app)
    posted = slack.client().chat_postMessage(channel="C0OPERATIONS", text="Digest")
    slack.react("maria", "#operations", str(posted["ts"]), "tada")
    slack.unreact("maria", "#operations", str(posted["ts"]), "tada")
    eventually(lambda: len(heard) == 2, "two events")
    by_type = {body["event"]["type"]: body for body in heard}
    body = by_type["reaction_added"]
    assert body["event"]["item_user"] == "U0SANDBOXBOT"
    assert body["event"]["item"] == {"type": "message", "channel": "C0OPERATIONS", "ts": posted["ts"]}
    assert body["event"]["user"] == "U0MARIA"
    assert body["event_id"].startswith("Ev")
    assert body["authorizations"][0]["user_id"] == "U0SANDBOXBOT"
    assert {"token", "team_id", "api_app_id", "event_time", "event_context", "is_ext_shared_channel"} <= set(body)
    assert by_type["reaction_removed"]["event"]["reaction"] == "tada"


def test_only_subscribed_events_of_conversations_with_the_bot_are_sent(start_slack: Starter) -> None:
    slack = start_slack(manifest=manifest(events=("message.im", "message.channels")))
    slack.say("tom", "not the bot's business", channel="#sales")
    dm = slack.say("ana", "hello")
    slack.react("ana", "@bot", dm["ts"], "tada")
    slack.say("ana", "in a channel", channel="#operations")
    sent = [one["event"] for one in slack.events()]
    assert [(one["type"], one["channel_type"], one["text"]) for one in sent] == [
        ("message", "im", "hello"),
        ("message", "channel", "in a channel"),
    ]
    assert sent[0]["blocks"][0]["type"] == "rich_text"


def test_people_who_come_and_change_are_announced(slack: Running, app: App, connect: Connect) -> None:
    heard = listen(app, "user_change", "team_join", "member_joined_channel")
    connect(slack, app)
    slack.change_person("ana", tz="Asia/Tokyo")
    slack.change_person("tom", deleted=True)
    slack.add_person(handle="lea", name="Lea Novak", tz="Europe/Prague")
    eventually(lambda: len(heard) == 4, "four events")
    changed = {body["event"]["user"]["name"]: body["event"]["user"] for body in heard if "cache_ts" in body["event"]}
    assert changed["ana"]["tz_offset"] == 9 * 3600
    assert changed["tom"]["deleted"]
    assert changed["lea"]["tz"] == "Europe/Prague"
    joined = next(body["event"] for body in heard if body["event"]["type"] == "member_joined_channel")
    assert (joined["user"], joined["channel"], joined["channel_type"]) == (changed["lea"]["id"], "C0GENERAL", "C")


def test_a_mention_goes_by_the_names_people_have_now(slack: Running) -> None:
    slack.say("ana", "@Tom Ellis")
    slack.change_person("tom", real_name="Thomas Elliott", display_name="")
    slack.add_person(handle="lea", name="Lea Novak")
    slack.say("ana", "@Tom Ellis and @Thomas Elliott and @Lea Novak")
    assert [one["text"] for one in slack.messages("ana")] == ["<@U0TOM>", "<@U0TOM> Ellis and <@U0TOM> and <@U0LEA>"]


def test_the_bot_hears_when_it_is_invited(slack: Running) -> None:
    slack.invite_bot("tom", "#sales")
    event = slack.events("member_joined_channel")[-1]["event"]
    assert (event["user"], event["inviter"]) == ("U0SANDBOXBOT", "U0TOM")
    slack.say("tom", "hello bot", channel="#sales")
    assert slack.events("message")[-1]["event"]["text"] == "hello bot"


def test_an_event_without_an_ack_comes_again_three_times(slack: Running) -> None:
    async def silent() -> list[Json]:
        received: list[Json] = []
        async with aiohttp.ClientSession() as session:
            socket = await open_socket(slack, session)
            await asyncio.to_thread(slack.say, "ana", "hello")
            while len(received) < 4:
                received.append(await socket.receive_json(timeout=5))
        return received

    slack.expect_no_ack()
    received = asyncio.run(silent())
    assert len({one["payload"]["event_id"] for one in received}) == 1
    assert [one["retry_attempt"] for one in received] == [0, 1, 2, 3]
    assert [one["retry_reason"] for one in received] == ["", "timeout", "timeout", "timeout"]
    assert len({one["envelope_id"] for one in received}) == 4
    assert not received[0]["accepts_response_payload"]


def test_a_test_can_deliver_an_event_again(slack: Running, app: App, connect: Connect) -> None:
    heard = listen(app, "message")
    connect(slack, app)
    slack.say("ana", "hello")
    eventually(lambda: len(heard) == 1, "the event")
    event_id = slack.events("message")[0]["event_id"]
    assert slack.redeliver(event_id, times=3)["ok"]
    eventually(lambda: len(heard) == 4, "three copies")
    assert {body["event_id"] for body in heard} == {event_id}


async def open_socket(slack: Running, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    client = AsyncWebClient("xapp-sandbox", base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]
    socket = await session.ws_connect(url)
    hello = await socket.receive_json(timeout=5)
    assert hello["type"] == "hello"
    assert hello["connection_info"] == {"app_id": "A0SANDBOX"}
    return socket


async def test_each_envelope_goes_to_exactly_one_connection(slack: Running) -> None:
    received: list[tuple[int, Json]] = []

    async def read(number: int, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = message.json()
            received.append((number, frame))
            await socket.send_json({"envelope_id": frame["envelope_id"]})

    async with aiohttp.ClientSession() as session:
        sockets = [await open_socket(slack, session) for _ in range(3)]
        readers = [asyncio.create_task(read(number, socket)) for number, socket in enumerate(sockets)]
        for number in range(9):
            await asyncio.to_thread(slack.say, "ana", f"hello {number}")
        await asyncio.to_thread(eventually, lambda: len(received) >= 9, "nine envelopes")
        for socket in sockets:
            await socket.close()
        await asyncio.gather(*readers)
    assert len({frame["payload"]["event_id"] for _, frame in received}) == len(received) == 9
    assert {number for number, _ in received} == {0, 1, 2}


async def test_a_ticket_opens_one_connection_only_and_ten_are_the_most(slack: Running) -> None:
    client = AsyncWebClient("xapp-sandbox", base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]
    async with aiohttp.ClientSession() as session:
        opened = [await session.ws_connect(url)]
        with pytest.raises(aiohttp.WSServerHandshakeError, match="408"):
            await session.ws_connect(url)
        opened += [await open_socket(slack, session) for _ in range(9)]
        assert slack.sandbox.sockets.connections == len(opened) == 10
        last = await session.ws_connect((await client.apps_connections_open(app_token="xapp-sandbox"))["url"])
        assert (await last.receive_json(timeout=5))["reason"] == "too_many_websockets"


async def test_frames_that_are_no_acks_do_no_harm(slack: Running) -> None:
    async with aiohttp.ClientSession() as session:
        socket = await open_socket(slack, session)
        for frame in ("nonsense", "[1]", '{"envelope_id": "unknown"}', '"text"', "{}"):
            await socket.send_str(frame)
        await asyncio.to_thread(slack.say, "ana", "still there?")
        envelope = await socket.receive_json(timeout=5)
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await asyncio.to_thread(eventually, lambda: slack.calls(kind="event")[-1]["answer"], "the ack")
        assert len(slack.calls(kind="event")) == 1


async def test_an_async_bolt_app_works_over_the_aiohttp_client(slack: Running) -> None:
    app = AsyncApp(client=AsyncWebClient("xoxb-sandbox", base_url=slack.api_url))
    opened = asyncio.Event()

    @app.command("/okr")
    async def open_modal(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = {
            "type": "modal",
            "title": {"type": "plain_text", "text": "Check in"},
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
        }
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        opened.set()

    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        outcome = await asyncio.to_thread(slack.command, "ana", "/okr")
        assert outcome["ok"], outcome
        await asyncio.wait_for(opened.wait(), 10)
        assert (await asyncio.to_thread(slack.wait_for_modal, "ana"))["title"]["text"] == "Check in"
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def test_an_app_asked_to_reconnect_comes_back(slack: Running, app: App, connect: Connect) -> None:
    connect(slack, app)
    before = len(slack.calls("connected"))
    assert slack.disconnect("refresh_requested")["asked"] == 1
    eventually(lambda: len(slack.calls("connected")) > before and slack.is_connected(), "the app to come back", 20)


def test_the_bots_own_messages_are_sent_too_and_bolt_leaves_them_alone(
    slack: Running, app: App, connect: Connect
) -> None:
    heard = listen(app, "message")
    connect(slack, app)
    slack.client().chat_postMessage(channel="U0ANA", text="from the bot")
    slack.say("ana", "from ana")
    eventually(lambda: heard, "the event")
    eventually(lambda: all(one["answer"] for one in slack.calls(kind="event")), "both acks")
    assert [body["event"]["text"] for body in heard] == ["from ana"]
    assert slack.events("message")[0]["event"]["bot_id"] == "B0SANDBOX"


def test_a_client_that_repeats_after_a_reset_posts_twice(slack: Running) -> None:
    slack.fail_next("chat.postMessage", "reset-after")
    WebClient("xoxb-sandbox", base_url=slack.api_url).chat_postMessage(channel="U0ANA", text="twice")
    assert [one["text"] for one in slack.messages("ana")] == ["twice", "twice"]
