"""A local Slack in a process of its own, with typed methods for what a person does in it.

with LocalSlack.start(manifest=Path("manifest.json")) as slack:
    slack.command("ana", "/okr", "update")
    view = slack.wait_for_modal("ana")
    slack.submit("ana", view["id"], {"KR-3 value": "45000"})
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from tests import forked
from tests.forked import Forked

Json = dict[str, Any]
T = TypeVar("T")

START_SECONDS = 30.0
PATIENCE_SECONDS = 10.0
POLL_SECONDS = 0.03


class LocalSlackError(AssertionError):
    """The local Slack refused what a test asked for, or something expected did not happen in time."""


def eventually(ask: Callable[[], T], what: str, within: float = PATIENCE_SECONDS) -> T:
    """Ask until the answer is truthy, at most `within` seconds; fails naming what was waited for."""
    deadline = time.monotonic() + within
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise LocalSlackError(f"Waited {within:g} s in vain for {what}.")
        time.sleep(POLL_SECONDS)


class SlackControl:
    """The control API of a running local Slack. A person is an id, handle or name, a channel an id, `#name`, `@bot`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` must say."""
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        """What `OKR_CLOCK_URL` must say."""
        return f"{self.url}/clock"

    # -- the raw calls ---------------------------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> Json:
        """GET /control/<path>."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._call("GET", f"{path}?{urllib.parse.urlencode(given)}", None)

    def post(self, path: str, **body: Any) -> Json:
        """POST /control/<path>."""
        return self._call("POST", path, {name: value for name, value in body.items() if value is not None})

    def _call(self, verb: str, path: str, body: Json | None) -> Json:
        request = urllib.request.Request(
            f"{self.url}/control/{path}",
            method=verb,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answer: Json = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            detail = error.read().decode(errors="replace")
            raise LocalSlackError(f"{verb} {path}: {detail}") from error

    # -- looking ---------------------------------------------------------------------------------------------------

    def workspace(self) -> Json:
        """People, channels, app, clock."""
        return self.get("workspace")

    def is_connected(self) -> bool:
        """The app has a Socket Mode connection open."""
        return bool(self.workspace()["app"]["connected"])

    def wait_until_connected(self, within: float = 20.0) -> None:
        """Wait for the app."""
        eventually(self.is_connected, "the app to connect", within)

    def messages(self, user: str, channel: str = "@bot", *, thread_ts: str | None = None) -> list[Json]:
        """A channel or thread as this person sees it, oldest first, ephemeral notes included."""
        answer: list[Json] = self.get("messages", user=user, channel=channel, thread_ts=thread_ts)["messages"]
        return answer

    def wait_for_message(
        self,
        user: str,
        containing: str,
        channel: str = "@bot",
        *,
        thread_ts: str | None = None,
        within: float = PATIENCE_SECONDS,
    ) -> Json:
        """The newest message whose JSON (text and blocks) contains these words, waiting for it."""

        def look() -> Json | None:
            seen = self.messages(user, channel, thread_ts=thread_ts)
            return next((one for one in reversed(seen) if containing in json.dumps(one, ensure_ascii=False)), None)

        found = eventually(look, f"a message in {channel} containing “{containing}”", within)
        assert found is not None  # eventually answers only what is truthy
        return found

    def stack(self, user: str) -> list[Json]:
        """The person's open modals, bottom first."""
        views: list[Json] = self.get("views", user=user)["stack"]
        return views

    def home(self, user: str) -> Json | None:
        """The person's Home tab."""
        view: Json | None = self.get("views", user=user)["home"]
        return view

    def wait_for_modal(self, user: str, title: str | None = None, within: float = PATIENCE_SECONDS) -> Json:
        """The person's topmost modal (with this title), waiting for it."""

        def look() -> Json | None:
            stack = self.stack(user)
            fits = stack and title in (None, stack[-1]["title"]["text"])
            return stack[-1] if fits else None

        found = eventually(look, f"a modal {title or ''} for {user}", within)
        assert found is not None  # eventually answers only what is truthy
        return found

    def calls(self, method: str | None = None, *, kind: str | None = None, after: int = 0) -> list[Json]:
        """The log: calls, events, interactions, acks."""
        entries: list[Json] = self.get("calls", method=method, kind=kind, after=after)["calls"]
        return entries

    def events(self, kind: str | None = None) -> list[Json]:
        """The events sent so far, whole envelopes."""
        sent: list[Json] = self.get("events", type=kind)["events"]
        return sent

    # -- doing -----------------------------------------------------------------------------------------------------

    def say(self, user: str, text: str, channel: str = "@bot", *, thread_ts: str | None = None) -> Json:
        """Write a message, or run a command."""
        return self.post("say", user=user, channel=channel, text=text, thread_ts=thread_ts)

    def command(self, user: str, command: str, text: str = "", channel: str = "@bot") -> Json:
        """Run a slash command: {ok, ack, failure}."""
        return self.post("command", user=user, channel=channel, command=command, text=text)

    def press(self, user: str, action_id: str, **where: Any) -> Json:
        """Press or choose; `where` is channel and ts, view_id, home=True or ephemeral_ts, and perhaps a value."""
        return self.post("press", user=user, action_id=action_id, **where)

    def change(self, user: str, view_id: str, action_id: str, value: Any, *, block_id: str | None = None) -> Json:
        """Fill in one input."""
        return self._call(
            "POST",
            "change",
            {"user": user, "view_id": view_id, "action_id": action_id, "value": value}
            | ({"block_id": block_id} if block_id else {}),
        )

    def submit(self, user: str, view_id: str, values: Mapping[str, Any] | None = None) -> Json:
        """Send a modal: {ok, outcome, view, errors, failure}. Keys are labels or block ids."""
        return self.post("submit", user=user, view_id=view_id, values=dict(values or {}))

    def close(self, user: str, view_id: str, *, everything: bool = False) -> Json:
        """Cancel a modal, or close the whole stack."""
        return self.post("close", user=user, view_id=view_id, all=everything)

    def shortcut(self, user: str, callback_id: str, *, channel: str | None = None, ts: str | None = None) -> Json:
        """A global shortcut, or with channel and ts a message shortcut."""
        return self.post("shortcut", user=user, callback_id=callback_id, channel=channel, ts=ts)

    def suggest(self, user: str, action_id: str, typed: str, **where: Any) -> Json:
        """Type into a select whose options come from the app."""
        return self.post("suggest", user=user, action_id=action_id, value=typed, **where)

    def react(self, user: str, channel: str, ts: str, name: str) -> Json:
        """Add a reaction."""
        return self.post("react", user=user, channel=channel, ts=ts, name=name)

    def unreact(self, user: str, channel: str, ts: str, name: str) -> Json:
        """Take a reaction back."""
        return self.post("unreact", user=user, channel=channel, ts=ts, name=name)

    def open_home(self, user: str, tab: str = "home") -> Json:
        """Look at the app's tab."""
        return self.post("open-home", user=user, tab=tab)

    def change_person(self, user: str, **changes: Any) -> Json:
        """Change a person: user_change."""
        return self.post("person", user=user, changes=changes)

    def add_person(self, **new: Any) -> Json:
        """Somebody new, described as in a seed: team_join."""
        return self.post("person", new=new)

    def invite_bot(self, user: str, channel: str) -> Json:
        """Bring the app into a channel."""
        return self.post("join", user=user, channel=channel, invite="@bot")

    # -- time, faults, repetition ----------------------------------------------------------------------------------

    def now(self) -> str:
        """The workspace's time, ISO 8601 in UTC."""
        return str(self.get("clock")["now"])

    def move_clock(
        self,
        *,
        to: str | None = None,
        preset: str | None = None,
        forward: float | None = None,
        user: str | None = None,
    ) -> str:
        """Move the clock; answers where it is."""
        return str(self.post("clock", to=to, preset=preset, forward=forward, user=user)["now"])

    def fail_next(self, method: str, kind: str, times: int = 1, **more: Any) -> None:
        """The next calls of a method fail: 429, 500, 503, reset-before, reset-after, slow or error."""
        self.post("faults", method=method, kind=kind, times=times, **more)

    def clear_faults(self) -> None:
        """No more faults."""
        self._call("DELETE", "faults", None)

    def rate_limits(self, *, enabled: bool) -> None:
        """Switch rate limits."""
        self._call("POST", "limits", {"enabled": enabled})

    def redeliver(self, event_id: str, times: int = 1) -> Json:
        """Deliver an event again."""
        return self.post("redeliver", event_id=event_id, times=times)

    def disconnect(self, reason: str = "refresh_requested") -> Json:
        """Ask the app's connections to reconnect."""
        return self.post("disconnect", reason=reason)


class LocalSlack(SlackControl):
    """A local Slack in a process of its own; use `LocalSlack.start(...)` as a context manager."""

    def __init__(self, process: Forked, url: str) -> None:
        super().__init__(url)
        self.process = process

    @classmethod
    def start(
        cls,
        *,
        seed: Path | None = None,
        manifest: Path | None = None,
        data: Path | None = None,
        port: int = 0,
        rate_limits: bool = True,
        request_url: str | None = None,
    ) -> Self:
        """Start one on a free port and wait until it listens. `request_url`: where an app takes signed HTTP."""
        arguments = ["--port", str(port)]
        for name, path in (("--seed", seed), ("--manifest", manifest), ("--data", data)):
            arguments += [name, str(path)] if path else []
        arguments += ["--request-url", request_url] if request_url else []
        arguments += [] if rate_limits else ["--no-rate-limits"]
        root = Path(__file__).parent.parent
        environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}
        reading, writing = os.pipe()
        try:
            process = forked.start("bot.sandbox", arguments, env=environment, folder=root, out=writing, error=writing)
        finally:
            os.close(writing)
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_read_lines, args=(reading, lines), daemon=True).start()
        said = ""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                line = lines.get(timeout=0.2)
            except queue.Empty:
                if process.poll() is not None:
                    break
                continue
            said += line
            if line.startswith("Local Slack: "):
                return cls(process, line.removeprefix("Local Slack: ").strip())
        process.kill()
        process.wait()
        raise LocalSlackError(f"The local Slack did not start: {said}")

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """End it at once, without a goodbye."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _read_lines(file: int, lines: queue.Queue[str]) -> None:
    with open(file, encoding="utf-8", errors="replace") as said:
        for line in said:
            lines.put(line)
