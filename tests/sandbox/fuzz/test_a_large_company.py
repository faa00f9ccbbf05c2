"""What one click costs does not grow with the company; `python -m bench sandbox` measures the whole one in time."""

from __future__ import annotations

import asyncio
import sys
import urllib.request
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from bench.sandbox_load import Size, populate
from bot.sandbox import interactions
from bot.sandbox.api import answer_call
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import Starter, manifest

SMALL, LARGE = Size(people=50, channels=4, messages=1_200), Size(people=500, channels=4, messages=6_000)
CROWDED = "C0P000000"


def company(size: Size) -> Sandbox:
    sandbox = Sandbox(manifest=manifest(), rate_limits=False, retry_delays=())
    populate(sandbox, size)
    return sandbox


def functions_called(sandbox: Sandbox, work: Callable[[Sandbox], Any]) -> int:
    """How many functions of Python one piece of work calls: a measure of rows touched that no busy machine changes."""
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    async def run() -> None:
        work(sandbox)
        sys.setprofile(note)
        try:
            work(sandbox)
        finally:
            sys.setprofile(None)
        await sandbox.close()

    asyncio.run(run())
    return count


def call(method: str, **arguments: Any) -> Callable[[Sandbox], Any]:
    def run(sandbox: Sandbox) -> None:
        assert answer_call(sandbox, method, arguments, "xoxb-sandbox").body["ok"]

    return run


def say(sandbox: Sandbox) -> None:
    """A person's message, as far as it goes without waiting."""
    person, channel = sandbox.workspace.people["U0ANA"], sandbox.workspace.channels[CROWDED]
    with pytest.raises(StopIteration):
        interactions.say(sandbox, person, channel, "no name in it").send(None)


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(call("chat.postMessage", channel=CROWDED, text="hello"), id="the app posts"),
        pytest.param(say, id="a person writes"),
        pytest.param(call("users.info", user="U0P000001"), id="one person is looked up"),
        pytest.param(call("conversations.history", channel=CROWDED, limit=20), id="twenty messages are read"),
        pytest.param(call("users.list", limit=20), id="twenty people are listed"),
        pytest.param(call("conversations.members", channel=CROWDED, limit=20), id="twenty members are listed"),
    ],
)
def test_a_call_costs_the_same_in_a_company_ten_times_as_large(work: Callable[[Sandbox], Any]) -> None:
    small, large = functions_called(company(SMALL), work), functions_called(company(LARGE), work)
    assert large < small * 1.3 + 20


def test_the_page_of_a_channel_does_not_grow_with_the_company(start_slack: Starter) -> None:
    lengths = []
    for size in (SMALL, LARGE):
        slack = start_slack()
        populate(slack.sandbox, size)
        with urllib.request.urlopen(f"{slack.url}/client/U0ANA/{CROWDED}", timeout=60) as page:
            lengths.append(len(page.read()))
    assert lengths[1] < lengths[0] * 1.5
