"""Slack's official packages for Node, unmodified: a small Bolt app over Socket Mode and HTTP, and the bare clients.

They are fetched by npm into a temporary folder. Where Node or npm is absent, or npm reaches no registry, the tests say
so and are passed over; nothing of this project but the local Slack is tried here, and it needs no Node.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local_slack import eventually
from tests.sandbox.conftest import SCOPES, Running, Starter, manifest, start_slack

__all__ = ["start_slack"]  # the fixture of the local Slack's own tests

pytestmark = pytest.mark.slow

Json = dict[str, Any]

PACKAGES = {"@slack/bolt": "5.1.0", "@slack/socket-mode": "3.1.0", "@slack/web-api": "8.2.0"}
HERE = Path(__file__).parent
INSTALL_SECONDS = 240
PATIENCE_SECONDS = 30.0
NO_NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET")


def node_is_not_here(why: str) -> None:
    """Say why Slack's Node packages are not tried on this machine."""
    pytest.skip(f"Node is not here: {why}. Slack's Node packages were not tried.")


@pytest.fixture(scope="session")
def packages(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Slack's packages in `node_modules`: once installed, later runs find it in pytest's cache."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            node_is_not_here(f"there is no {tool} on the path")
    versions = "-".join(PACKAGES.values())
    kept = pytestconfig.cache.mkdir("node") / versions
    if not kept.is_dir():
        _install(tmp_path_factory.mktemp("node"), kept)
    return kept


def _install(folder: Path, kept: Path) -> None:
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": PACKAGES}), encoding="utf-8")
    installed = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-progress"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
    )
    if installed.returncode and any(sign in installed.stderr for sign in NO_NETWORK):
        node_is_not_here("npm reaches no registry")
    assert installed.returncode == 0, installed.stderr
    beside = kept.with_name(f"{kept.name}-{os.getpid()}")
    shutil.move(folder, beside)
    try:
        beside.rename(kept)
    except OSError:  # another worker was faster
        shutil.rmtree(beside)


class NodeApp:
    """A Node process that tells on stdout what happens to it."""

    def __init__(self, packages: Path, script: str, *arguments: str) -> None:
        self.told: list[Json] = []
        self.process = subprocess.Popen(
            ["node", str(HERE / script), *arguments],
            env={**os.environ, "NODE_PATH": str(packages / "node_modules")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None  # started with a pipe
        for line in self.process.stdout:
            self.told.append(json.loads(line))

    def hears(self, what: str) -> Json:
        """What the app told about `what`, waiting for it."""

        def look() -> Json | None:
            failed = [one for one in self.told if one["what"] in ("failed", "error")]
            assert not failed, failed
            return next((one for one in self.told if one["what"] == what), None)

        found = eventually(look, f"the Node app to tell of {what}", PATIENCE_SECONDS)
        assert found is not None  # eventually answers only what is truthy
        return found

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


StartApp = Callable[[str], tuple[Running, NodeApp]]


@pytest.fixture
def start_app(packages: Path, start_slack: Starter) -> Iterator[StartApp]:
    """Starts a local Slack and the Bolt app, connected over `socket` or `http`."""
    apps: list[NodeApp] = []

    def begin(mode: str) -> tuple[Running, NodeApp]:
        port = free_port()
        options = {"request_url": f"http://127.0.0.1:{port}/slack/events"} if mode == "http" else {}
        slack = start_slack(**options)
        apps.append(NodeApp(packages, "app.cjs", mode, slack.api_url, str(port)))
        ready = apps[-1].hears("ready")
        assert ready["user"] == "U0SANDBOXBOT"
        assert sorted(ready["scopes"]) == sorted(SCOPES)
        return slack, apps[-1]

    yield begin
    for app in apps:
        app.stop()


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a_bolt_app_for_node_lives_in_the_local_slack(start_app: StartApp, mode: str) -> None:
    slack, app = start_app(mode)

    outcome = slack.command("ana", "/okr", "update")
    assert outcome["ok"], outcome
    view = slack.wait_for_modal("ana", "Check in")
    refused = slack.submit("ana", view["id"], {"KR-3 value": "many"})
    assert (refused["outcome"], refused["errors"]) == ("errors", {"value": "Please type a number."})
    assert slack.submit("ana", view["id"], {"KR-3 value": "45000"})["outcome"] == "closed"
    slack.wait_for_message("ana", "Saved 45000")

    assert slack.command("ana", "/okr", "buttons")["ok"]
    message = slack.wait_for_message("ana", "Press it")
    assert slack.press("ana", "go", channel="@bot", ts=message["ts"])["ok"]
    slack.wait_for_message("ana", "Pressed KR-3")

    assert slack.command("ana", "/okr", "later", channel="#operations")["ok"]
    assert slack.wait_for_message("ana", "A late answer", "#operations")["is_ephemeral"]

    said = slack.say("ana", "hello")
    slack.wait_for_message("ana", "You said hello", thread_ts=said["ts"])
    slack.react("ana", "@bot", said["ts"], "tada")
    assert app.hears("reaction")["by"] == "U0ANA"


def test_a_node_app_comes_back_after_it_was_sent_away(start_app: StartApp) -> None:
    slack, _ = start_app("socket")
    before = len(slack.calls("connected"))
    slack.disconnect("refresh_requested")
    eventually(lambda: len(slack.calls("connected")) > before and slack.is_connected(), "the app to come back", 30)
    said = slack.say("ana", "still there?")
    slack.wait_for_message("ana", "You said still there?", thread_ts=said["ts"])


def test_the_clients_for_node_find_what_they_know_from_slack(packages: Path, start_slack: Starter) -> None:
    slack = start_slack(manifest=manifest(scopes=(*SCOPES, "files:write")))
    done = subprocess.run(
        ["node", str(HERE / "calls.cjs"), slack.api_url],
        env={**os.environ, "NODE_PATH": str(packages / "node_modules")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["user"] == "U0SANDBOXBOT"
    assert len(found["names"]) == len(set(found["names"])) == 10
    assert found["badBlocks"]["error"] == "invalid_blocks"
    assert "must be less than 151 characters [json-pointer:/blocks/0/text/text]" in str(found["badBlocks"]["messages"])
    assert found["badToken"]["error"] == "invalid_auth"
    assert found["metadata"] == {"event_type": "delivery", "event_payload": {"key": "k-1"}}
    assert found["event"]["event"] == "message"
    assert found["event"]["text"] == "over the socket"
    slack.wait_for_message("ana", "from Node too")
