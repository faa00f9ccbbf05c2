"""A Slack for the sender's tests, at the level of HTTP: it keeps messages with their metadata, and can fail.

Its clock is its own: the times of its messages have nothing to do with the bot's.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass
class FakeSlack:
    """Faults are used up one by one, per method: `429`, `500`, `reset-before`, `reset-after`, `stuck`, `error:CODE`."""

    url: str = ""
    clock: float = 1_500_000_000.0
    page: int = 200
    messages: dict[str, list[Json]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    posts: list[tuple[float, str]] = field(default_factory=list)
    faults: dict[str, deque[str]] = field(default_factory=dict)
    token_is_dead: bool = False
    unreadable: set[str] = field(default_factory=set)
    monotonic: Callable[[], float] = lambda: 0.0
    called: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    def fail(self, method: str, *kinds: str) -> None:
        """The next calls of `method` fail in these ways."""
        self.faults.setdefault(method, deque()).extend(kinds)

    def everything(self) -> list[Json]:
        """All messages of all conversations."""
        return [message for posted in self.messages.values() for message in posted]

    def keys(self) -> Counter[str]:
        """How often each delivery's key stands in Slack."""
        return Counter(
            message["metadata"]["event_payload"]["key"] for message in self.everything() if message.get("metadata")
        )

    def texts(self, channel: str) -> list[str]:
        """What stands in a conversation, oldest first."""
        return [message["text"] for message in self.messages.get(channel, [])]

    def say(self, channel: str, text: str, thread_ts: str | None = None, metadata: Json | None = None) -> Json:
        """A message comes to stand in a conversation."""
        self.clock += 0.001
        message: Json = {"type": "message", "ts": f"{self.clock:.6f}", "text": text}
        if thread_ts is not None:
            message["thread_ts"] = thread_ts
        if metadata is not None:
            message["metadata"] = metadata
        self.messages.setdefault(channel, []).append(message)
        return message

    # --- the Web API

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await request.json() if request.content_type == "application/json" else {}
        arguments = {**request.query, **body}
        self.calls[method] += 1
        self.called.set()
        waiting = self.faults.get(method)
        fault = waiting.popleft() if waiting else ""
        if fault == "429":
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"})
        if fault == "500":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        if fault == "reset-before":
            return self._reset(request)
        if fault.startswith("error:"):
            return web.json_response({"ok": False, "error": fault.removeprefix("error:")})
        if self.token_is_dead:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        answer = ANSWERS[method](self, arguments)
        if fault == "reset-after":
            return self._reset(request)
        if fault == "stuck":
            await self.never.wait()
        if fault == "slow":
            await self.let_go.wait()
        return web.json_response(answer)

    def _reset(self, request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def _post(self, arguments: Json) -> Json:
        channel = _conversation(arguments["channel"])
        self.posts.append((self.monotonic(), channel))
        message = self.say(channel, arguments["text"], arguments.get("thread_ts"), arguments.get("metadata"))
        message["blocks"] = arguments.get("blocks")
        return {"ok": True, "channel": channel, "ts": message["ts"], "message": message}

    def _update(self, arguments: Json) -> Json:
        for message in self.messages.get(arguments["channel"], []):
            if message["ts"] == arguments["ts"]:
                message["text"] = arguments["text"]
                return {"ok": True, "channel": arguments["channel"], "ts": message["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _open(self, arguments: Json) -> Json:
        return {"ok": True, "channel": {"id": _conversation(arguments["users"])}}

    def _history(self, arguments: Json) -> Json:
        if arguments["channel"] in self.unreadable:
            return {"ok": False, "error": "not_in_channel"}
        top = [each for each in self.messages.get(arguments["channel"], []) if "thread_ts" not in each]
        return self._paged(list(reversed(top)), arguments)

    def _replies(self, arguments: Json) -> Json:
        thread = [
            each
            for each in self.messages.get(arguments["channel"], [])
            if arguments["ts"] in (each["ts"], each.get("thread_ts"))
        ]
        if not thread:
            return {"ok": False, "error": "thread_not_found"}
        return self._paged(thread, arguments)

    def _paged(self, found: list[Json], arguments: Json) -> Json:
        begin = int(arguments.get("cursor") or 0)
        end = begin + min(self.page, int(arguments.get("limit", 100)))
        shown = found[begin:end]
        if arguments.get("include_all_metadata") not in ("1", "true", True):
            shown = [{name: value for name, value in each.items() if name != "metadata"} for each in shown]
        more = end < len(found)
        return {
            "ok": True,
            "messages": shown,
            "has_more": more,
            "response_metadata": {"next_cursor": str(end) if more else ""},
        }


ANSWERS: dict[str, Callable[[FakeSlack, Json], Json]] = {
    "auth.test": lambda slack, arguments: {"ok": True},
    "chat.postMessage": FakeSlack._post,
    "chat.update": FakeSlack._update,
    "conversations.open": FakeSlack._open,
    "conversations.history": FakeSlack._history,
    "conversations.replies": FakeSlack._replies,
}


def _conversation(channel: str) -> str:
    return f"D{channel[1:]}" if channel.startswith("U") else channel


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """A running fake Slack on a free port."""
    slack = FakeSlack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.handle)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        slack.never.set()
        slack.let_go.set()
        await runner.cleanup()
