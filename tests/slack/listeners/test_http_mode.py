"""HTTP mode: Slack's signed requests over a real socket to the real Bolt app; the bot's clock stands in October."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import web
from bot.okr.errors import Busy
from bot.sandbox.http_mode import signature
from bot.slack import ids
from bot.store.tables import InboxRow, Recognition, Submission
from bot.web import Serving, SlackRequests, endpoints, serving
from tests.slack.listeners.desk import SIGNING_SECRET, Desk, desk_on, eventually
from tests.slack.listeners.test_listeners import TUESDAY, reaction
from tests.usecases.world import PROMPTED, TEAM, World, at, company, world_on

Json = dict[str, Any]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class Door:
    """The bot's web server, and somebody who knocks at it."""

    desk: Desk
    url: str
    server: Serving
    session: aiohttp.ClientSession

    async def post(self, body: bytes, kind: str = FORM, **headers: str) -> tuple[int, str]:
        """Send these bytes with these headers: status and text."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(self.url, data=body, headers={"Content-Type": kind, **named}) as answer:
            return answer.status, await answer.text()

    async def signed(self, body: bytes, kind: str = FORM, *, stamp: str | None = None, **more: str) -> tuple[int, str]:
        """The same, signed as Slack does it, now or at `stamp`."""
        stamp = str(int(time.time())) if stamp is None else stamp
        signs = {
            "X_Slack_Request_Timestamp": stamp,
            "X_Slack_Signature": signature(SIGNING_SECRET, stamp, body),
        }
        return await self.post(body, kind, **{**signs, **more})

    async def event(self, body: Json) -> tuple[int, str]:
        """An event of the Events API."""
        return await self.signed(json.dumps(body).encode(), JSON)

    async def interaction(self, body: Json) -> tuple[int, str]:
        """A click, a form, a shortcut, or what is typed into a select."""
        return await self.signed(urlencode({"payload": json.dumps(body, ensure_ascii=False)}).encode())

    async def command(self, text: str) -> tuple[int, str]:
        """`/okr text` by Ana."""
        return await self.signed(urlencode(self.desk.command(text)).encode())


@asynccontextmanager
async def door_of(desk: Desk) -> AsyncIterator[Door]:
    async def nothing() -> Any:
        return {}

    listening = socket.create_server(("127.0.0.1", 0))
    slack = SlackRequests(desk.app, SIGNING_SECRET)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    application = endpoints(nothing, nothing, slack.routes)
    async with aiohttp.ClientSession() as session, serving(application, listening) as slack.server:
        yield Door(desk, url, slack.server, session)


@pytest.fixture
async def door(sqlite_url: str) -> AsyncIterator[Door]:
    """Of a workspace where nothing was set up yet."""
    with world_on(sqlite_url) as world:
        async with desk_on(world, TUESDAY) as desk, door_of(desk) as made:
            yield made


def set_up(world: World) -> None:
    """A company whose members were asked on Monday."""
    company(world)
    world.key_result("U0ANA", "Growth")
    world.key_result("U0ANA", "Growth")
    world.tick(PROMPTED)


@pytest.fixture
def asked(door: Door) -> Door:
    """Ana was asked on Monday."""
    set_up(door.desk.world)
    return door


@pytest.fixture
def thread(asked: Door) -> Door:
    """Ana has answered, and the digest with her entry is out."""
    friday, world = at("2026-10-09 10:00"), asked.desk.world
    world.say("U0ANA", "1 5", TUESDAY)
    world.tick(friday)
    world.deliver(friday)
    return asked


# --- who may come in


async def test_a_new_address_is_verified_by_its_challenge(door: Door) -> None:
    asked = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"}).encode()
    status, said = await door.signed(asked, JSON)
    assert (status, json.loads(said)) == (200, {"challenge": "3eZbrw1a"})
    assert (await door.post(asked, JSON))[0] == 401


async def test_the_check_of_the_certificate_is_answered_without_a_signature(door: Door) -> None:
    assert await door.post(b"ssl_check=1&token=x") == (200, "")
    assert (await door.post(b"ssl_check=1&token=x", "text/plain"))[0] == 401
    assert (await door.post(b"ssl_check=0&token=x"))[0] == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Slack_Signature": "v0=" + "0" * 64},
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "ü"},
        {"X_Slack_Request_Timestamp": ""},
        {"X_Slack_Request_Timestamp": "yesterday"},
        {"X_Slack_Request_Timestamp": "9" * 400},
        {"X_Slack_Request_Timestamp": "9" * 5000},
        {"X_Slack_Request_Timestamp": "nan"},
    ],
    ids=lambda headers: "-".join(f"{name}={value[:9]}" for name, value in headers.items()),
)
async def test_what_is_not_signed_reaches_nobody(door: Door, headers: dict[str, str]) -> None:
    body = urlencode(door.desk.command("list")).encode()
    assert (await door.signed(body, **headers))[0] == 401
    await door.desk.idle()
    assert door.desk.slack.calls == [], "nothing is written to an address that a stranger names"


async def test_a_signature_is_good_for_five_real_minutes_wherever_the_clock_was_moved_to(door: Door) -> None:
    body = urlencode(door.desk.command("help")).encode()
    now = time.time()
    for stamp in (now - 330, now + 330, TUESDAY.timestamp()):
        assert (await door.signed(body, stamp=str(int(stamp))))[0] == 401
    assert (await door.signed(body, stamp=str(int(now - 240))))[0] == 200


async def test_a_changed_body_or_a_body_that_is_no_text_is_refused(door: Door) -> None:
    body, stamp = urlencode(door.desk.command("help")).encode(), str(int(time.time()))
    signs = signature(SIGNING_SECRET, stamp, body)
    changed = body.replace(b"help", b"list")
    assert (await door.post(changed, X_Slack_Request_Timestamp=stamp, X_Slack_Signature=signs))[0] == 401
    assert (await door.signed(b"text=\xff\xfe"))[0] == 401


@pytest.mark.parametrize("body", [b"payload=%7B", b"[1]", b"payload=[]", b"payload=null"])
async def test_a_signed_body_that_makes_no_sense_is_said_to_be_so(door: Door, body: bytes) -> None:
    kind = JSON if body.startswith(b"[") else FORM
    assert (await door.signed(body, kind))[0] == 400


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_long_is_not_read_to_its_end(
    door: Door, monkeypatch: pytest.MonkeyPatch, chunked: bool
) -> None:
    monkeypatch.setattr(web, "MOST_BYTES", 5_000)
    head = b"Transfer-Encoding: chunked\r\n\r\n2000\r\n" if chunked else b"Content-Length: 100000\r\n\r\n"
    reader, writer = await asyncio.open_connection(*door_address(door.url))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n" + head + b"x" * 5_001)
    assert b"413" in await reader.readline()
    writer.close()
    assert (await door.command("x" * 2_000))[0] == 200


async def test_a_body_that_does_not_arrive_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "READING_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection(*door_address(door.url))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    assert b"408" in await reader.readline()
    writer.close()


async def test_only_post_is_answered_and_only_at_its_path(door: Door) -> None:
    async with door.session.get(door.url) as answer:
        assert answer.status == 405
    async with door.session.post(door.url.removesuffix("/slack/events") + "/slack") as answer:
        assert answer.status == 404


async def test_refusals_are_in_the_log_once_a_minute_and_without_what_was_sent(door: Door) -> None:
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            await door.post(b"text=our+secret+plan")
    [line] = [line for line in lines if line["event"] == "slack_requests_refused"]
    assert "SLACK_SIGNING_SECRET" in line["why"]
    assert "secret plan" not in repr(lines)


# --- what Slack sends


async def test_a_command_is_acknowledged_and_answered(asked: Door) -> None:
    assert await asked.command("") == (200, "")
    assert "Your week" in (await asked.desk.told())["text"]


async def test_a_request_that_somebody_plays_back_changes_nothing_again(asked: Door) -> None:
    body, stamp = urlencode(asked.desk.command("update KR-1 +3")).encode(), str(int(time.time()))
    for _ in range(2):
        assert await asked.signed(body, stamp=stamp) == (200, "")
        await asked.desk.idle()
    assert asked.desk.world.value(1) == 3
    assert asked.desk.world.how_many(Submission) == 1


async def test_a_form_is_kept_before_it_closes_and_a_wrong_value_keeps_it_open(asked: Door) -> None:
    desk = asked.desk
    await asked.command("update")
    view = await desk.opened()
    status, said = await asked.interaction(desk.submit(view, {ids.value_block(1): "many"}))
    assert (status, json.loads(said)["response_action"]) == (200, "errors")
    sent = desk.submit(view, {ids.value_block(1): "45k", ids.LEARNED: "großartig 🎉"})
    assert await asked.interaction(sent) == (200, "")
    assert desk.world.value(1) == 45_000
    assert desk.world.rows(Submission)[-1].learned == "großartig 🎉"


async def test_what_is_typed_into_a_select_is_answered_with_options(door: Door) -> None:
    @door.desk.app.options("pick")
    async def offer(ack: AsyncAck, payload: Json) -> None:
        await ack(options=[{"text": {"type": "plain_text", "text": payload["value"]}, "value": "1"}])

    body = {
        "type": "block_suggestion", "user": {"id": "U0ANA", "team_id": TEAM}, "team": {"id": TEAM}, "value": "lam",
        "api_app_id": "A1", "action_id": "pick", "block_id": "b", "container": {"type": "view", "view_id": "V1"},
    }  # fmt: skip
    status, said = await door.interaction(body)
    assert (status, json.loads(said)["options"][0]["text"]["text"]) == (200, "lam")


async def test_what_bolt_reads_from_headers_of_its_own_cannot_be_set_from_outside(asked: Door) -> None:
    body = urlencode(asked.desk.command("")).encode()
    assert (await asked.signed(body, X_Slack_Bolt_Lazy_Only="1", X_Slack_Bolt_Lazy_Function_Name="x"))[0] == 200
    assert "Your week" in (await asked.desk.told())["text"]


async def test_an_event_is_kept_before_it_is_acknowledged_and_worked_on_once(thread: Door) -> None:
    world = thread.desk.world
    body = json.dumps(reaction(thread.desk, "Ev1")).encode()
    again = {"X_Slack_Retry_Num": "1", "X_Slack_Retry_Reason": "http_timeout"}
    for retry in ({}, again, again | {"X_Slack_Retry_Num": "2"}):
        assert (await thread.signed(body, JSON, **retry))[0] == 200
        assert [row.event_id for row in world.rows(InboxRow)] == ["Ev1"]
    await eventually(lambda: world.rows(InboxRow)[0].processed_at, "the event's work")
    await thread.desk.idle()
    assert len(world.rows(Recognition)) == 1


async def test_an_event_that_cannot_be_kept_is_not_acknowledged_so_that_slack_sends_it_again(
    thread: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = reaction(thread.desk, "Ev1")

    async def failing(*_: Any, **__: Any) -> Any:
        raise Busy

    monkeypatch.setattr(thread.desk.shell.use_cases, "do", failing)
    assert (await thread.event(body))[0] == 500
    monkeypatch.undo()
    assert thread.desk.world.rows(InboxRow) == []
    assert (await thread.event(body))[0] == 200
    await eventually(lambda: thread.desk.world.rows(Recognition), "the recognition")


async def test_of_several_processes_whichever_is_asked_answers_and_the_work_is_done_once(database_url: str) -> None:
    with world_on(database_url) as world:
        async with (
            desk_on(world, TUESDAY) as one_desk,
            desk_on(world, TUESDAY) as other_desk,
            door_of(one_desk) as one,
            door_of(other_desk) as other,
        ):
            set_up(world)
            await one.command("update")
            sent = one_desk.submit(await one_desk.opened(), {ids.value_block(1): "5"})
            for answer in await asyncio.gather(one.interaction(sent), other.interaction(sent)):
                assert answer == (200, "")
            assert world.how_many(Submission) == 1

            friday = at("2026-10-09 10:00")
            world.tick(friday)
            world.deliver(friday)
            event = reaction(one_desk, "Ev1")
            assert [status for status, _ in await asyncio.gather(one.event(event), other.event(event))] == [200, 200]
            await eventually(lambda: world.rows(InboxRow)[0].processed_at, "the event's work")
            await asyncio.gather(one_desk.idle(), other_desk.idle())
            assert len(world.rows(InboxRow)) == len(world.rows(Recognition)) == 1
            assert len(world.deliveries("recognition")) == 1


# --- the end


async def test_a_stop_answers_what_is_in_hand_and_takes_nothing_more(
    asked: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, seen = asyncio.Event(), asyncio.Event()
    dispatch = asked.desk.app.async_dispatch

    async def slowly(request: Any) -> Any:
        seen.set()
        await gate.wait()
        return await dispatch(request)

    monkeypatch.setattr(asked.desk.app, "async_dispatch", slowly)
    asking = asyncio.create_task(asked.command(""))
    await seen.wait()
    ending = asyncio.create_task(asked.server.finish())

    def is_closed() -> bool:
        with suppress(ConnectionRefusedError), socket.create_connection(door_address(asked.url), 1):
            return False
        return True

    await eventually(is_closed, "the door to close")
    gate.set()
    assert await asking == (200, "")
    await ending
    assert "Your week" in (await asked.desk.told())["text"]


def door_address(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").partition("/")[0].partition(":")
    return host, int(port)


# --- figures


async def test_every_figure_says_what_it_means() -> None:
    async def nothing() -> dict[str, str]:
        return {}

    async def figures() -> list[web.Figure]:
        labels = {"deliveries": {"state": "sent"}}
        return [web.Figure(name, 1.0, labels.get(name, {})) for name in web.HELP]

    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/metrics"
    async with (
        serving(endpoints(nothing, figures), listening),
        aiohttp.ClientSession() as session,
        session.get(address) as answer,
    ):
        text = await answer.text()
    for name, meaning in web.HELP.items():
        assert f"# HELP okr_bot_{name} {meaning}" in text
        assert len(meaning) > 60
    assert 'okr_bot_deliveries{state="sent"} 1.0' in text
