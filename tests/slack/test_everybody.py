"""Members are read before the first beat; a Slack that is slow or silent holds the beats up only for a while."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.app import run, tick_once
from bot.config import Settings
from bot.sandbox.manifest import manifest_from
from bot.sandbox.sandbox import Sandbox
from bot.slack.directory import Directory
from bot.slack.everybody import Everybody, wait_for_members
from bot.store.session import Database, Session
from bot.store.tables import Delivery, Member, Workspace
from bot.usecases.import_files import read_plan
from bot.usecases.imports import ImportCommand, import_plan
from bot.usecases.runner import UseCases
from tests.sandbox.conftest import RealTime, Running

ROOT = Path(__file__).parents[2]
MONDAY_IN_BERLIN = "2026-10-05T09:30:00+02:00"
NOW = datetime.fromisoformat(MONDAY_IN_BERLIN)
FOUNDED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TEAM = "T0SANDBOX"

SEED = """
workspace: {name: Harbour Lamps, tz: Europe/Berlin}
people:
  - {handle: ana, name: Ana Torres, tz: America/New_York}
  - {handle: bo, name: Bo Lind, tz: Europe/Berlin}
  - {handle: cai, name: Cai Wen, tz: Europe/Berlin, deactivated: true}
"""

COMPANY = """
workspace: {slack_id: T0SANDBOX, name: Harbour Lamps}
people:
  - {key: ana, slack_id: U0ANA, name: Ana Torres, zone: Europe/Berlin}
  - {key: bo, slack_id: U0BO, name: Bo Lind, zone: Asia/Tokyo}
  - {key: cai, slack_id: U0CAI, name: Cai Wen, zone: Europe/Berlin}
teams:
  - {key: all, name: Harbour Lamps, level: company, lead: bo, members: [ana, bo, cai]}
cycles:
  - {key: q4, name: Q4 2026, start: 2026-10-01, end: 2026-12-31}
objectives:
  - key: o-light
    title: Every lamp leaves the harbour on time
    team: all
    cycle: q4
    key_results:
      - {key: kr-days, title: Days from order to light, start: 200, target: 100, owner: ana}
      - {key: kr-shops, title: Shops that sell our lamps, start: 10, target: 50, owner: bo}
      - {key: kr-cost, title: Cost of a parcel, start: 9, target: 6, owner: cai}
"""
"""What was known before the bot was down: since then Ana has moved to New York, Bo to Berlin, and Cai has left."""


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Running]:
    """A local Slack on a Monday, half an hour after nine in Berlin."""
    seed = tmp_path / "seed.yaml"
    seed.write_text(SEED, encoding="utf-8")
    manifest = manifest_from(json.loads((ROOT / "manifest.json").read_text()))
    running = Running(Sandbox(seed=seed, manifest=manifest, rate_limits=False), RealTime())
    running.move_clock(to=MONDAY_IN_BERLIN)
    yield running
    running.stop()


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    made = Database(sqlite_url)
    plan = read_plan(COMPANY, "company.yaml")
    made.transact(lambda session: import_plan(session, ImportCommand(plan), FOUNDED), seconds=30)
    yield made
    made.dispose()


@pytest.fixture
def settings(slack: Running, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings.model_validate(
        {
            "database_url": sqlite_url,
            "slack_bot_token": "xoxb-sandbox",
            "slack_app_token": "xapp-sandbox",
            "slack_api_url": slack.api_url,
            "okr_clock_url": slack.clock_url,
            "port": 0,
        }
    )


@dataclass
class Reader:
    """Reads everybody; `pauses` are the seconds it would have waited between its tries."""

    everybody: Everybody
    pauses: list[float]


@pytest.fixture
async def reader(slack: Running, database: Database) -> AsyncIterator[Reader]:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def clock() -> datetime:
        return NOW

    async with ClientSession() as session:
        client = AsyncWebClient("xoxb-sandbox", base_url=slack.api_url, session=session, retry_handlers=[], timeout=10)
        client.proxy = None
        use_cases = UseCases(database, clock, workers=2)
        yield Reader(Everybody(Directory(client), use_cases, TEAM, sleep=sleep), pauses)
        use_cases.close()


def zone_of_ana(database: Database) -> str | None:
    return database.transact(
        lambda session: session.scalars(select(Member.zone).where(Member.slack_id == "U0ANA")).one(), writes=False
    )


def prompted(database: Database) -> set[str]:
    def read(session: Session) -> set[str]:
        return set(session.scalars(select(Delivery.recipient).where(Delivery.kind == "prompt")))

    return database.transact(read, writes=False)


async def test_the_first_beat_follows_where_people_live_now_also_when_slack_names_them_slowly(
    slack: Running, database: Database, settings: Settings
) -> None:
    slack.fail_next("users.list", "error")
    slack.fail_next("users.list", "slow", seconds=0.3)
    stop = asyncio.Event()
    running = asyncio.create_task(run(settings, database, lambda line: None, stop))
    async with asyncio.timeout(30):
        while not prompted(database):
            assert not running.done(), running.exception()
            await asyncio.sleep(0.02)
    stop.set()
    await running
    assert prompted(database) == {"U0BO"}


async def test_a_tick_reads_the_members_too_but_not_every_minute(
    slack: Running, database: Database, settings: Settings
) -> None:
    for minutes in (0, 1, 59, 61):
        await tick_once(settings, database, NOW + timedelta(minutes=minutes))
    assert prompted(database) == {"U0BO"}
    assert len(slack.calls("users.list")) == 2
    # A tick at another time than the last one cannot know, and reads.
    await tick_once(settings, database, NOW - timedelta(days=1))
    assert len(slack.calls("users.list")) == 3


async def test_a_reading_that_fails_is_tried_again_with_growing_pauses(
    slack: Running, database: Database, reader: Reader
) -> None:
    slack.fail_next("users.list", "500")
    slack.fail_next("users.list", "reset-before")
    slack.fail_next("users.list", "error", times=9)
    await reader.everybody.read_until_done()
    assert zone_of_ana(database) == "America/New_York"
    assert reader.pauses[:3] == [2, 4, 8]
    assert reader.pauses[-1] == 600
    synced = database.transact(lambda session: session.scalars(select(Workspace.members_synced_at)).one())
    assert synced == NOW


async def test_beats_wait_for_a_slow_reading_only_for_a_while_and_it_goes_on(
    slack: Running, database: Database, reader: Reader
) -> None:
    slack.fail_next("users.list", "slow", seconds=0.4)
    reading = asyncio.create_task(reader.everybody.read_until_done())
    await wait_for_members(reading, asyncio.Event(), seconds=0.01)
    assert not reading.done()
    await reading
    assert zone_of_ana(database) == "America/New_York"


async def test_a_stop_ends_the_waiting_at_once(reader: Reader, slack: Running) -> None:
    slack.fail_next("users.list", "slow", seconds=0.4)
    stop = asyncio.Event()
    stop.set()
    reading = asyncio.create_task(reader.everybody.read_until_done())
    async with asyncio.timeout(0.3):
        await wait_for_members(reading, stop, seconds=600)
    reading.cancel()


async def test_a_tick_gives_a_slow_reading_up_in_the_end(slack: Running, database: Database, reader: Reader) -> None:
    slack.fail_next("users.list", "slow", seconds=0.4)
    async with asyncio.timeout(0.3):
        await reader.everybody.read_if_old(seconds=0.05)
    assert zone_of_ana(database) == "Europe/Berlin"
