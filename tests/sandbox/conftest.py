"""A local Slack served from a thread of the test's own process, so that a test may hold its real time in hand."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.manifest import Manifest, manifest_from
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import start
from tests.local_slack import SlackControl


class RealTime:
    """The real clock, plus the seconds a test lets pass without waiting."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return time.time() + self.passed

    def pass_by(self, seconds: float) -> None:
        """Let time go by."""
        self.passed += seconds


class Running(SlackControl):
    """A sandbox and the thread that serves it."""

    def __init__(self, sandbox: Sandbox, real_time: RealTime) -> None:
        self.sandbox = sandbox
        self.real_time = real_time
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner: web.AppRunner = self._do(start(sandbox, "127.0.0.1", 0))
        super().__init__(sandbox.base_url)

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def client(self, token: str = "xoxb-sandbox") -> WebClient:
        """An unmodified Web client."""
        return WebClient(token, base_url=self.api_url)

    def expect_no_ack(self) -> None:
        """From here on a missing ack is noticed at once, so that a test need not wait for it."""
        self.sandbox.dispatch.ack_seconds = 0.2

    def stop(self) -> None:
        """Close everything."""
        self._do(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


EVENTS = (
    "app_home_opened",
    "member_joined_channel",
    "message.channels",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "user_change",
)
SCOPES = (
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "users:read",
)


def manifest(*, scopes: tuple[str, ...] = SCOPES, events: tuple[str, ...] = EVENTS) -> Manifest:
    """An installed app with a command, two shortcuts and the scopes and events most tests need."""
    return manifest_from(
        {
            "display_information": {"name": "Tester"},
            "features": {
                "bot_user": {"display_name": "Tester"},
                "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
                "slash_commands": [
                    {"command": "/okr", "description": "x", "should_escape": True},
                    {"command": "/plain", "description": "x"},
                ],
                "shortcuts": [
                    {"name": "Check in", "type": "global", "callback_id": "check_in", "description": "x"},
                    {"name": "Recognise", "type": "message", "callback_id": "recognise", "description": "x"},
                ],
            },
            "oauth_config": {"scopes": {"bot": list(scopes)}},
            "settings": {"event_subscriptions": {"bot_events": list(events)}, "socket_mode_enabled": True},
        }
    )


Starter = Callable[..., Running]


@pytest.fixture
def start_slack() -> Iterator[Starter]:
    """Starts a local Slack with the given options of Sandbox; all are stopped after the test."""
    running: list[Running] = []

    def begin(*, data: Path | None = None, **options: Any) -> Running:
        real_time = RealTime()
        options.setdefault("manifest", manifest())
        options.setdefault("retry_delays", (0.0, 0.0, 0.0))
        options.setdefault("ack_seconds", 20.0)
        running.append(Running(Sandbox(data=data, real_time=real_time, **options), real_time))
        return running[-1]

    yield begin
    for one in running:
        one.stop()


@pytest.fixture
def slack(start_slack: Starter) -> Running:
    """A local Slack with the built-in company and the usual app; a busy machine may take its time to ack."""
    return start_slack()


@pytest.fixture(scope="session")
def closing() -> Iterator[list[threading.Thread]]:
    """The SDK's built-in client takes 3 s to close: clients close beside the next tests and are joined at the end."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join(10)


@pytest.fixture
def connect(closing: list[threading.Thread]) -> Iterator[Callable[[Running, App], None]]:
    """Connects an unmodified Bolt app over Socket Mode with the SDK's built-in client; closed after the test."""
    handlers: list[SocketModeHandler] = []

    def connect_app(slack: Running, app: App) -> None:
        handler = SocketModeHandler(app, "xapp-sandbox")
        handlers.append(handler)
        before = slack.sandbox.sockets.connections
        handler.connect()  # type: ignore[no-untyped-call]
        slack.wait_until_connected()
        assert slack.sandbox.sockets.connections == before + 1

    yield connect_app
    for handler in handlers:
        closing.append(threading.Thread(target=handler.close, daemon=True))
        closing[-1].start()


@pytest.fixture
def app(slack: Running) -> App:
    """An unmodified sync Bolt app for `slack`, not yet connected."""
    return App(client=slack.client(), token_verification_enabled=False)
