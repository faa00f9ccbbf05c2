"""The whole bot in process: its real Bolt app, a database, and a Slack that answers over HTTP and writes down calls."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request

from bot.app import Bot, bolt_app
from bot.config import Settings
from bot.sandbox.http_mode import signature
from bot.slack import ids
from bot.slack.directory import Directory
from bot.slack.installation import Installation
from bot.slack.shell import Shell
from bot.usecases.runner import UseCases
from bot.web import FORM, SLACK_EVENTS, SlackRequests
from tests.usecases.world import TEAM, World

Json = dict[str, Any]
PATIENCE = 20.0
STATE_KEYS = {
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}
"""What an input's state is called, and what it shows at first."""
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"

BOTH_WAYS = ["sqlite-socket", "postgres-http"]
"""Both databases and both modes, each with one of the other: what differs by one does not depend on the other."""


@dataclass(frozen=True)
class Met:
    """A fresh database, and how Slack reaches the bot: `socket` or `http`."""

    database_url: str
    way: str


@dataclass
class Slack:
    """What was called; `answers` has other answers than plain success, `after` things that happen before one."""

    url: str = ""
    calls: list[tuple[str, Json]] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)
    before: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        await self.before.get(method, _at_once)()
        self.calls.append((method, {**request.query, **body}))
        return web.json_response({"ok": True, "view": {"id": "V1"}, **self.answers.get(method, {})})

    def made(self, method: str) -> list[Json]:
        """The arguments of every call of a method (`response` for what came to a response_url)."""
        return [arguments for name, arguments in self.calls if name == method]


async def _at_once() -> None:
    """Nothing happens before."""


async def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait until it holds; fails naming what was waited for."""
    give_up = asyncio.get_running_loop().time() + PATIENCE
    while not condition():
        assert asyncio.get_running_loop().time() < give_up, f"in vain for {what}"
        await asyncio.sleep(0.005)


def signed(body: Json, secret: str) -> tuple[bytes, dict[str, str]]:
    """The request by which Slack brings a payload over HTTP: body and headers."""
    if "command" in body:
        content, kind = urlencode(body).encode(), FORM
    elif body["type"] == "event_callback":
        content, kind = json.dumps(body).encode(), "application/json"
    else:
        content, kind = urlencode({"payload": json.dumps(body)}).encode(), FORM
    stamp = str(int(time.time()))
    signs = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature(secret, stamp, content)}
    return content, {"content-type": kind, **signs}


@dataclass
class Desk:
    """Where listeners are tested: payloads go in as Slack brings them, acknowledgements come out.

    `over_http`: what takes the signed requests of HTTP mode; None for Socket Mode.
    """

    world: World
    slack: Slack
    app: AsyncApp
    shell: Shell
    now: datetime
    woken: list[int]
    over_http: SlackRequests | None = None
    _counter: Any = field(default_factory=lambda: count(1))

    async def send(self, body: Json) -> BoltResponse:
        """Dispatch a payload; answers what would be acknowledged."""
        if self.over_http is not None:
            return await self._post(self.over_http, body)
        response: BoltResponse = await self.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        return response

    async def _post(self, door: SlackRequests, body: Json) -> BoltResponse:
        content, headers = signed(body, SIGNING_SECRET)
        named = [(name.encode(), value.encode()) for name, value in headers.items()]

        async def receive() -> Json:
            return {"type": "http.request", "body": content, "more_body": False}

        scope = {"type": "http", "method": "POST", "path": SLACK_EVENTS, "query_string": b"", "headers": named}
        answer = await door.answer(Request(scope, receive))
        return BoltResponse(status=answer.status_code, body=bytes(answer.body).decode())

    async def idle(self) -> None:
        """Wait until nothing is in hand."""
        await asyncio.sleep(0.05)
        await eventually(lambda: not self.shell.in_hand, "the bot to come to rest")

    # --- payloads

    def command(self, text: str, user: str = "U0ANA", team: str = TEAM) -> Json:
        return {
            "command": "/okr", "text": text, "team_id": team, "user_id": user, "channel_id": "C1", "token": "x",
            "api_app_id": "A1", "trigger_id": f"t.{next(self._counter)}", "response_url": f"{self.slack.url}response",
        }  # fmt: skip

    def press(self, action_id: str, value: str | None, user: str = "U0ANA", team: str = TEAM, home: str = TEAM) -> Json:
        return {
            "type": "block_actions", "user": {"id": user, "team_id": home}, "team": {"id": team}, "api_app_id": "A1",
            "container": {"type": "message", "message_ts": "1.1", "channel_id": "D1"}, "channel": {"id": "D1"},
            "trigger_id": f"t.{next(self._counter)}", "response_url": f"{self.slack.url}response",
            "actions": [{"type": "button", "action_id": action_id, "block_id": "buttons", "value": value}],
        }  # fmt: skip

    def submit(self, view: Json, values: Json, user: str = "U0ANA") -> Json:
        """Send a view as Slack does: untouched inputs keep what they showed."""
        return {
            "type": "view_submission", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "api_app_id": "A1",
            "view": {**view, "id": "V1", "state": {"values": self.state(view, values)}},
        }  # fmt: skip

    def press_in(self, view: Json, values: Json, action_id: str, value: str | None, user: str = "U0ANA") -> Json:
        """Press a button (or choose from a menu) in a view whose inputs hold these values."""
        pressed = self.press(action_id, value, user)
        del pressed["response_url"], pressed["channel"]
        shown = {**view, "id": "V1", "hash": "h1", "state": {"values": self.state(view, values)}}
        return {**pressed, "container": {"type": "view", "view_id": "V1"}, "view": shown}

    def state(self, view: Json, values: Json) -> Json:
        """What a view's inputs hold: untouched ones keep what they showed."""
        state: Json = {}
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            element = block["element"]
            name = block["block_id"]
            entry: Json = {"type": element["type"]}
            if element["type"] in ("static_select", "external_select"):
                chosen = values.get(name)
                entry["selected_option"] = {"value": chosen} if chosen else element.get("initial_option")
            elif element["type"] == "users_select":
                entry["selected_user"] = values.get(name, element.get("initial_user"))
            elif element["type"] == "multi_users_select":
                entry["selected_users"] = values.get(name, element.get("initial_users") or [])
            elif element["type"] == "checkboxes":
                entry["selected_options"] = values.get(name, element.get("initial_options") or [])
            elif element["type"] in STATE_KEYS:
                key, initial = STATE_KEYS[element["type"]]
                entry[key] = values.get(name, element.get(initial))
            else:
                entry["value"] = values.get(name, element.get("initial_value"))
            state[name] = {element["action_id"]: entry}
        return state

    def event(self, event_id: str, event: Json, team: str = TEAM) -> Json:
        return {"type": "event_callback", "team_id": team, "event_id": event_id, "api_app_id": "A1", "event": event}

    async def opening(self) -> Json:
        """The modal that was opened last as it was at first, waiting for it."""
        await eventually(lambda: self.slack.made("views.open"), "a modal")
        view: Json = self.slack.made("views.open")[-1]["view"]
        return view

    async def opened(self) -> Json:
        """The same with what it was opened for: on a slow machine a modal that says to wait comes first."""
        view = await self.opening()
        if view["callback_id"] == ids.LOADING:
            await eventually(self._updates, "the form in its place")
            view = self._updates()[-1]["view"]
        return view

    def _updates(self) -> list[Json]:
        """The updates of views since one was opened."""
        names = [name for name, _ in self.slack.calls]
        since = len(names) - names[::-1].index("views.open")
        return [arguments for name, arguments in self.slack.calls[since:] if name == "views.update"]

    async def told(self) -> Json:
        """What came to the response_url last, waiting for it."""
        await eventually(lambda: self.slack.made("response"), "an answer")
        return self.slack.made("response")[-1]


@asynccontextmanager
async def desk_on(world: World, now: datetime, way: str = "socket") -> AsyncIterator[Desk]:
    """The bot, at a time that stands still, on a workspace that exists; `way`: as in Met."""
    slack = Slack()
    server = web.Application()
    server.router.add_route("*", "/api/{method}", slack.handle)
    runner = web.AppRunner(server, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    woken: list[int] = []

    async def clock() -> datetime:
        return now

    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-test", base_url=slack.url, session=session, retry_handlers=[])
        client.proxy = None
        use_cases = UseCases(world.database, clock)
        shell = Shell(use_cases, client, Directory(client), session, lambda: woken.append(1))
        settings = Settings(slack_api_url=slack.url, slack_signing_secret=SecretStr(SIGNING_SECRET))
        found = Installation(TEAM, "Lumen", "U0BOT", "B0BOT", None)
        # The sender has no part in what listeners do.
        bot = Bot(settings, found, client, use_cases, shell, None, world.workspace_id)  # type: ignore[arg-type]
        try:
            app = bolt_app(bot)
            door = SlackRequests(app, SIGNING_SECRET) if way == "http" else None
            yield Desk(world, slack, app, shell, now, woken, door)
        finally:
            use_cases.close()
            await runner.cleanup()
