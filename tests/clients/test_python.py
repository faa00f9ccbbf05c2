"""Every Python client of Slack's, unmodified: Web clients, Socket Mode clients, Bolt over sockets and signed HTTP."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.asgi import SlackRequestHandler
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from tests.clients.test_node import free_port
from tests.local_slack import eventually
from tests.sandbox.conftest import Running, Starter, start_slack

__all__ = ["start_slack"]  # the fixture of the local Slack's own tests

Json = dict[str, Any]

MODAL: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Check in"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "value",
            "label": {"type": "plain_text", "text": "KR-3 value"},
            "element": {"type": "plain_text_input", "action_id": "typed"},
        }
    ],
}
NOT_A_NUMBER = {"response_action": "errors", "errors": {"value": "Please type a number."}}


def sync_app(slack: Running) -> App:
    """A sync Bolt app with a command, a modal and an event."""
    app = App(client=WebClient("xoxb-sandbox", base_url=slack.api_url), signing_secret="sandbox")

    @app.command("/okr")
    def open_form(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("form")
    def take(ack: Any, body: Json, view: Json, client: WebClient) -> None:
        typed = view["state"]["values"]["value"]["typed"]["value"]
        if not typed.isdigit():
            ack(**NOT_A_NUMBER)
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Saved {typed}")

    @app.event("message")
    def answer(event: Json, say: Any) -> None:
        say(text=f"You said {event['text']}", thread_ts=event["ts"])

    return app


def async_app(slack: Running) -> AsyncApp:
    """The same, asynchronous."""
    app = AsyncApp(client=AsyncWebClient("xoxb-sandbox", base_url=slack.api_url), signing_secret="sandbox")

    @app.command("/okr")
    async def open_form(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("form")
    async def take(ack: Any, body: Json, view: Json, client: AsyncWebClient) -> None:
        typed = view["state"]["values"]["value"]["typed"]["value"]
        if not typed.isdigit():
            await ack(**NOT_A_NUMBER)
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Saved {typed}")

    @app.event("message")
    async def answer(event: Json, say: Any) -> None:
        await say(text=f"You said {event['text']}", thread_ts=event["ts"])

    return app


def live_a_morning(slack: Running) -> None:
    """A command, a form with a mistake, the form again, a message: as a person would."""
    assert slack.command("ana", "/okr", "update")["ok"]
    view = slack.wait_for_modal("ana", "Check in")
    refused = slack.submit("ana", view["id"], {"KR-3 value": "many"})
    assert (refused["outcome"], refused["errors"]) == ("errors", {"value": "Please type a number."})
    assert slack.submit("ana", view["id"], {"KR-3 value": "45000"})["outcome"] == "closed"
    slack.wait_for_message("ana", "Saved 45000")
    said = slack.say("ana", "hello")
    slack.wait_for_message("ana", "You said hello", thread_ts=said["ts"])


@pytest.fixture
def slack(start_slack: Starter) -> Running:
    return start_slack()


@pytest.mark.parametrize(("adapter", "package"), [("builtin", "slack_sdk"), ("websocket_client", "websocket")])
def test_a_sync_bolt_app_lives_on_every_sync_socket_client(slack: Running, adapter: str, package: str) -> None:
    pytest.importorskip(package, reason=f"the optional client package {package} is not installed")
    module = importlib.import_module(f"slack_bolt.adapter.socket_mode.{adapter}")
    handler = module.SocketModeHandler(sync_app(slack), "xapp-sandbox")
    handler.connect()
    try:
        slack.wait_until_connected()
        live_a_morning(slack)
    finally:
        threading.Thread(target=handler.close, daemon=True).start()  # the built-in client takes 3 s to close


@pytest.mark.parametrize(("adapter", "package"), [("aiohttp", "aiohttp"), ("websockets", "websockets")])
async def test_an_async_bolt_app_lives_on_every_async_socket_client(slack: Running, adapter: str, package: str) -> None:
    pytest.importorskip(package, reason=f"the optional client package {package} is not installed")
    module = importlib.import_module(f"slack_bolt.adapter.socket_mode.{adapter}")
    handler = module.AsyncSocketModeHandler(async_app(slack), "xapp-sandbox")
    await handler.connect_async()
    try:
        await asyncio.to_thread(slack.wait_until_connected)
        await asyncio.to_thread(live_a_morning, slack)
    finally:
        await handler.close_async()


Serve = Callable[[Any, int], None]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves an ASGI application on a port until the test ends."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def begin(application: Any, port: int) -> None:
        server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        servers.append((server, thread))
        thread.start()
        eventually(lambda: server.started, "the app's server")

    yield begin
    for server, thread in servers:
        server.should_exit = True
        thread.join(10)


@pytest.mark.parametrize(
    ("app", "handler"), [(sync_app, SlackRequestHandler), (async_app, AsyncSlackRequestHandler)], ids=["sync", "async"]
)
def test_a_bolt_app_lives_on_signed_http(start_slack: Starter, serve: Serve, app: Any, handler: Any) -> None:
    port = free_port()
    slack = start_slack(request_url=f"http://127.0.0.1:{port}/slack/events")
    serve(handler(app(slack)), port)
    assert slack.post("verify-url") == {"ok": True}
    assert slack.post("ssl-check") == {"ok": True}
    live_a_morning(slack)


def test_the_sync_web_client_calls_each_kind_of_method(slack: Running) -> None:
    client = slack.client()
    assert client.auth_test()["bot_id"] == "B0SANDBOX"
    assert client.api_test(hello="there")["args"] == {"hello": "there"}
    assert client.users_info(user="U0ANA")["user"]["tz"] == "Europe/Madrid"
    assert client.conversations_info(channel="C0GENERAL", include_num_members=True)["channel"]["num_members"] > 5
    posted = client.chat_postMessage(channel="U0ANA", text="x")
    assert client.reactions_add(channel="D0ANA", timestamp=str(posted["ts"]), name="eyes")["ok"]
    assert client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [{"type": "divider"}]})["view"]["id"]


async def test_the_async_web_client_calls_each_kind_of_method(slack: Running) -> None:
    client = AsyncWebClient("xoxb-sandbox", base_url=slack.api_url)
    assert (await client.auth_test())["bot_id"] == "B0SANDBOX"
    assert (await client.users_info(user="U0ANA"))["user"]["tz"] == "Europe/Madrid"
    info = await client.conversations_info(channel="C0GENERAL", include_num_members=True)
    assert info["channel"]["num_members"] > 5
    posted = await client.chat_postMessage(channel="U0ANA", text="x")
    assert (await client.reactions_add(channel="D0ANA", timestamp=str(posted["ts"]), name="eyes"))["ok"]
    published = await client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [{"type": "divider"}]})
    assert published["view"]["id"]
