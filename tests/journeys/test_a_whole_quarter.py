"""The sample company lives through the rest of its quarter and the whole of the next, by the clock's buttons alone.

The real tick and the real sender against a local Slack, all in this process: what is counted is what Slack received.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Bot, assembled
from bot.config import Settings
from bot.delivery import pacing
from bot.delivery.pacing import Rate, Rates
from bot.demo import prepare
from bot.okr.errors import OutsideCycle
from bot.sample import WEEKS, WEEKS_BEFORE, opener_zone, workspace_file
from bot.sandbox.manifest import manifest_from
from bot.sandbox.sandbox import Sandbox
from bot.store.session import Database
from bot.usecases.actors import Actor
from bot.usecases.checkins import LineAnswer, SendLines, send_lines
from tests.journeys.bot_process import ROOT
from tests.local_slack import Json
from tests.sandbox.conftest import RealTime, Running

pytestmark = pytest.mark.slow

FIRST_MONDAY = date(2026, 11, 16)
TEAM = "T0TIDEWELL"
BUTTONS = ("next-morning", "next-morning", "round-close", "next-monday")
"""A week as somebody in Berlin lives it. Nine o'clock comes later further west: hence the second morning."""
OWNERS_NOW = {
    *("DANIEL", "GRACE", "HANA", "INES", "KIRI", "LUCIA", "MATEUS", "NOOR", "PRIYA", "RUBEN", "SALMA", "SIOBHAN"),
    "WEITING",
}
ANSWERED_BEFORE = {"HANA", "KIRI", "PRIYA"}
"""Their Monday began earlier: they had answered when the demo started."""
OWNERS_NEXT = OWNERS_NOW | {"TOMASZ"}
IN_THIS_QUARTER, IN_THE_NEXT = 7, 31
"""A key result of Noor's in each."""
CHANNELS = {"C0GENERAL", "C0PRODUCT", "C0SKIPPERAPP", "C0FORECAST", "C0HARBOURS"}


@dataclass
class Demo:
    """The sample company's Slack and bot, without processes of their own."""

    slack: Running
    bot: Bot

    async def press(self, button: str) -> None:
        """One of the clock's buttons, as Noor; then the bot does what is due."""
        await asyncio.to_thread(self.slack.move_clock, preset=button, user="noor")
        await self.beat()

    async def beat(self) -> None:
        """Make and send what is due."""
        assert not (await self.bot.tick()).failed
        sent = await self.bot.sender.drain()
        assert (sent.failed, sent.unknown, sent.trouble) == (0, 0, None)

    async def answer(self, who: str, number: int, value: str) -> None:
        """`/okr update KR-7 2100`."""
        nonce = f"{who}-{number}-{value}"
        command = SendLines(Actor(TEAM, f"U0{who}"), nonce, (LineAnswer(number, value),))
        await self.bot.use_cases.do(send_lines, command, seconds=20)

    def asked(self) -> dict[int, Counter[str]]:
        """How many prompts everybody got from the bot, week by week from the first."""
        weeks: dict[int, Counter[str]] = {}
        for who in OWNERS_NEXT:
            for message in said_by_the_bot(self.slack.messages(who.lower())):
                if message["text"].startswith("Still open"):
                    continue  # the reminder of a round they have not answered
                weeks.setdefault(week_of(message), Counter())[who] += 1
        return weeks

    def digests(self, channel: str) -> list[str]:
        """The weeks the bot's posts in a channel are about."""
        seen = self.slack.messages("tomasz", channel)
        return [each["text"].split(" of ", 1)[1].split(":")[0] for each in said_by_the_bot(seen)]


def said_by_the_bot(seen: list[Json]) -> list[Json]:
    return [each for each in seen if each.get("bot_id")]


def week_of(message: Json) -> int:
    said = datetime.fromtimestamp(float(message["ts"]), UTC).astimezone(opener_zone()).date()
    return (said - FIRST_MONDAY).days // 7


@pytest.fixture(autouse=True)
def unhurried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own for what the demo writes, and a Slack that takes messages as fast as they come."""
    monkeypatch.chdir(tmp_path)
    fast = Rate(per_second=1000.0, burst=1000.0)
    monkeypatch.setattr(pacing, "Rates", lambda: Rates(fast, fast, fast))


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Running]:
    seed = tmp_path / "workspace.yaml"
    text = workspace_file().replace("latest-monday-09:05", f'"{FIRST_MONDAY}T09:05"')
    seed.write_text(text, encoding="utf-8")
    manifest = manifest_from(json.loads((ROOT / "manifest.json").read_text()))
    running = Running(Sandbox(seed=seed, manifest=manifest, rate_limits=False), RealTime())
    yield running
    running.stop()


@asynccontextmanager
async def demo_on(url: str, slack: Running) -> AsyncIterator[Demo]:
    prepare(url, datetime.fromisoformat(slack.now()))
    settings = Settings.model_validate(
        {
            "database_url": url,
            "slack_bot_token": "xoxb-sandbox",
            "slack_app_token": "xapp-sandbox",
            "slack_api_url": slack.api_url,
            "okr_clock_url": slack.clock_url,
        }
    )
    database = Database(url)
    async with assembled(settings, database) as bot:
        assert await bot.everybody.read()
        yield Demo(slack, bot)
    database.dispose()


async def test_a_quarter_is_lived_by_the_clock_s_buttons_and_the_next_one_begins_by_itself(
    slack: Running, sqlite_url: str
) -> None:
    left = WEEKS - WEEKS_BEFORE
    lived = left + 3
    async with demo_on(sqlite_url, slack) as demo:
        await demo.beat()
        for week in range(lived):
            if week in (0, 1, lived - 1):
                await demo.answer("NOOR", IN_THIS_QUARTER if week < left else IN_THE_NEXT, str(2000 - week))
            if week == left:
                # The quarter is over, and its grace window is open for two weeks.
                await demo.answer("NOOR", IN_THIS_QUARTER, "1500")
            if week == left + 2:
                with pytest.raises(OutsideCycle):
                    await demo.answer("NOOR", IN_THIS_QUARTER, "1400")
            for button in BUTTONS:
                await demo.press(button)
        for button in ("quarter-end", "next-monday", "next-morning", "round-close"):
            await demo.press(button)
        ended = datetime.fromisoformat(slack.now()).date()
        asked = await asyncio.to_thread(demo.asked)
        told = {channel: await asyncio.to_thread(demo.digests, channel) for channel in CHANNELS}
    assert asked[0] == Counter(OWNERS_NOW - ANSWERED_BEFORE)
    assert [asked[week] for week in range(1, left)] == [Counter(OWNERS_NOW)] * (left - 1)
    assert [asked[week] for week in range(left, lived)] == [Counter(OWNERS_NEXT)] * (lived - left)
    # The last press of the last week was a Monday: that week has begun, and who is not asked yet never is.
    assert set(asked[lived].values()) == {1}
    assert set(asked) == set(range(lived + 1)), "a leap over weeks asks nobody, nor does a quarter without a plan"
    assert ended == FIRST_MONDAY + timedelta(weeks=left + WEEKS, days=4)
    mondays = [FIRST_MONDAY + timedelta(weeks=week) for week in range(lived)]
    assert told == {channel: [f"{day.day} {day:%b}" for day in mondays] for channel in CHANNELS}


async def test_a_leap_to_the_quarter_s_end_brings_no_burst_and_the_next_quarter_asks_on_its_first_monday(
    slack: Running, sqlite_url: str
) -> None:
    async with demo_on(sqlite_url, slack) as demo:
        await demo.beat()
        before = await asyncio.to_thread(demo.asked)
        await demo.press("quarter-end")
        assert await asyncio.to_thread(demo.asked) == before
        assert datetime.fromisoformat(slack.now()).date() == FIRST_MONDAY + timedelta(days=20)
        await demo.press("next-monday")
        asked = await asyncio.to_thread(demo.asked)
    assert set(asked) == {0, 3}
    assert asked[3]["NOOR"] == 1
    assert max(asked[3].values()) == 1
