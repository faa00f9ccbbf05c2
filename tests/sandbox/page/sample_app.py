"""A small Bolt app of the tests' own, so that the page is tried against unmodified slack-bolt over Socket Mode."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.manifest import manifest_from
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import start

MANIFEST = {
    "display_information": {"name": "OKR Bot"},
    "features": {
        "bot_user": {"display_name": "OKR Bot"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/okr", "description": "My week: what is due", "usage_hint": "[help | update | list]"},
            {"command": "/slow", "description": "Answers too late"},
        ],
        "shortcuts": [
            {"name": "Check in", "type": "global", "callback_id": "check_in", "description": "Answer the round"},
            {"name": "Recognise this", "type": "message", "callback_id": "recognise", "description": "Say thanks"},
        ],
    },
    "oauth_config": {
        "scopes": {"bot": ["chat:write", "commands", "im:write", "users:read", "im:history", "reactions:read",
                           "channels:history", "groups:history"]}
    },
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im", "reaction_added"]},
    },
}  # fmt: skip

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def text_input(number: int, value: str) -> list[Json]:
    levels = [{"text": plain(f"{level} - {words}"), "value": str(level)} for level, words in
              ((0, "no chance"), (5, "even odds"), (8, "quite sure"), (10, "certain"))]  # fmt: skip
    return [
        {
            "type": "input", "block_id": f"value_{number}", "label": plain(f"KR-{number} value"),
            "hint": plain(f"Weekly active workspaces, last week {value} of 45,000"),
            "element": {"type": "plain_text_input", "action_id": "value", "initial_value": value},
        },
        {
            "type": "input", "block_id": f"confidence_{number}", "label": plain(f"KR-{number} confidence"),
            "optional": True,
            "element": {"type": "static_select", "action_id": "confidence", "options": levels,
                        "placeholder": plain("How sure are you?")},
        },
    ]  # fmt: skip


def check_in_view() -> Json:
    return {
        "type": "modal", "callback_id": "check_in_form", "title": plain("Check in"), "submit": plain("Send"),
        "notify_on_close": True,
        "blocks": [
            *text_input(3, "31200"),
            *text_input(4, "12"),
            {"type": "input", "block_id": "learned", "optional": True, "label": plain("What did we learn?"),
             "element": {"type": "plain_text_input", "action_id": "learned", "multiline": True}},
            {"type": "actions", "block_id": "more", "elements": [
                {"type": "button", "action_id": "ask_help", "text": plain("Ask for help")}]},
        ],
    }  # fmt: skip


def help_view() -> Json:
    return {
        "type": "modal", "callback_id": "help_form", "title": plain("Ask for help"), "submit": plain("Ask"),
        "blocks": [
            {"type": "input", "block_id": "whom", "label": plain("Whom do you ask?"),
             "element": {"type": "users_select", "action_id": "whom"}},
            {"type": "input", "block_id": "topics", "optional": True, "label": plain("Topics"),
             "element": {"type": "multi_static_select", "action_id": "topics", "options": [
                 {"text": plain(word), "value": word.lower()} for word in ("People", "Money", "Time")]}},
            {"type": "input", "block_id": "kr", "optional": True, "label": plain("Key result"),
             "element": {"type": "external_select", "action_id": "kr", "min_query_length": 1}},
            {"type": "input", "block_id": "urgent", "label": plain("How urgent?"),
             "element": {"type": "radio_buttons", "action_id": "urgent", "options": [
                 {"text": plain("This week"), "value": "week", "description": plain("Before the round closes")},
                 {"text": plain("This cycle"), "value": "cycle"}]}},
            {"type": "input", "block_id": "when", "optional": True, "label": plain("By when"),
             "element": {"type": "datepicker", "action_id": "when"}},
        ],
    }  # fmt: skip


PROMPT: list[Json] = [
    {"type": "section", "block_id": "words",
     "text": {"type": "mrkdwn", "text": "*Good morning.* Five key results are due until Wednesday 17:00 (CEST)."}},
    {"type": "actions", "block_id": "prompt", "elements": [
        {"type": "button", "action_id": "check_in", "style": "primary", "text": plain("Check in"), "value": "r1"},
        {"type": "button", "action_id": "no_change", "text": plain("No change"), "value": "r1"},
        {"type": "button", "action_id": "skip", "style": "danger", "text": plain("Skip"), "value": "r1",
         "confirm": {"title": plain("Skip this week?"), "text": plain("It does not count as missed."),
                     "confirm": plain("Skip it"), "deny": plain("Stay")}},
    ]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Round of *Operations* · closes Friday 12:00"}]},
]  # fmt: skip

HOME: list[Json] = [
    {"type": "header", "text": plain("My week")},
    {"type": "section", "block_id": "kr3", "text": {"type": "mrkdwn", "text": "*KR-3* Workspaces\n31,200 of 45,000"},
     "accessory": {"type": "button", "action_id": "check_in", "text": plain("Check in"), "style": "primary"}},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Updated just now"}]},
]  # fmt: skip


def build_app(base_url: str) -> AsyncApp:
    """The app; it talks to the local Slack at `base_url`."""
    client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{base_url}/api/")
    client.proxy = None
    app = AsyncApp(client=client, signing_secret="sandbox")

    @app.command("/okr")
    async def okr(ack: Any, command: Json, client: AsyncWebClient) -> None:
        if command["text"].startswith("update"):
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=check_in_view())
        else:
            await ack(text="Nothing is due. Try `/okr update`.")

    @app.command("/slow")
    async def slow(ack: Any) -> None:
        """Never acknowledges."""

    @app.action("check_in")
    async def open_form(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=check_in_view())

    @app.shortcut("check_in")
    async def shortcut(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=check_in_view())

    @app.shortcut("recognise")
    async def recognise(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(text="Recognised. :tada:")

    @app.action("no_change")
    async def no_change(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Kept: *no change* for five key results.", replace_original=False)

    @app.action("skip")
    async def skip(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Skipped this week.", blocks=[]
        )

    @app.action("ask_help")
    async def ask_help(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=help_view())

    @app.options("kr")
    async def key_results(ack: Any, payload: Json) -> None:
        found = [f"KR-{number}" for number in range(3, 9) if payload["value"].lower() in f"kr-{number}"]
        await ack(options=[{"text": plain(name), "value": name} for name in found])

    @app.view("check_in_form")
    async def send(ack: Any, body: Json, view: Json, client: AsyncWebClient) -> None:
        values = view["state"]["values"]
        if not values["value_3"]["value"]["value"].replace(",", "").isdigit():
            await ack(response_action="errors", errors={"value_3": "Write a number, for example 32,000."})
            return
        await ack()
        await client.chat_postMessage(
            channel=body["user"]["id"], text=f"Thank you. KR-3 is at {values['value_3']['value']['value']}."
        )

    @app.view("help_form")
    async def asked(ack: Any) -> None:
        await ack()

    @app.view_closed("check_in_form")
    async def closed(ack: Any) -> None:
        await ack()

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": HOME})

    @app.event("message")
    async def message(event: Json) -> None:
        """Heard."""

    @app.event("reaction_added")
    async def reaction(event: Json) -> None:
        """Heard."""

    return app


class Running:
    """A sandbox with the sample app connected, in a thread of its own; `do` runs a coroutine there."""

    def __init__(self, sandbox: Sandbox, loop: asyncio.AbstractEventLoop) -> None:
        self.sandbox = sandbox
        self._loop = loop
        self.handler: Any = None

    @property
    def url(self) -> str:
        """The page's address without a slash at its end."""
        return self.sandbox.base_url

    def do(self, work: Any) -> Any:
        """Run a coroutine in the server's loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    def disconnect_app(self) -> None:
        """The app goes away."""
        self.do(self.handler.close_async())

    def connect_app(self) -> None:
        """The app comes (back)."""

        async def connect() -> None:
            app = build_app(self.url)
            self.handler = AsyncSocketModeHandler(app, "xapp-sandbox", web_client=app.client)
            await self.handler.connect_async()

        self.do(connect())

    def post(self, **message: Any) -> Json:
        """The app posts a message."""
        return self.call("chat.postMessage", **message)

    def call(self, method: str, **arguments: Any) -> Json:
        """The app calls the Web API."""
        client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{self.url}/api/")
        client.proxy = None
        answer = self.do(client.api_call(method, json=arguments))
        return dict(answer.data)


@contextmanager
def running_sandbox(port: int = 0, **wishes: Any) -> Iterator[Running]:
    """Serve a fresh workspace with the sample app connected until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    sandbox = Sandbox(manifest=manifest_from(MANIFEST), rate_limits=False, **wishes)
    running = Running(sandbox, loop)
    runner = running.do(start(sandbox, "127.0.0.1", port))
    running.connect_app()
    try:
        yield running
    finally:
        running.do(running.handler.close_async())
        running.do(runner.cleanup())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()
