"""One test's world: a local Slack with people in several zones, a database with their company, and bot processes.

The clock of the local Slack starts at Monday 5 October 2026, 8:30 in Berlin and Madrid, half an hour before the prompts
of most people. Ana owns five key results, Priya and Tom one each; Maria leads the team and owns none.
"""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select, update

from bot.store.session import Database, Session
from bot.store.tables import Base, Delivery, SenderLease, Workspace
from bot.usecases.import_files import read_plan
from bot.usecases.imports import IMPORT_SECONDS, ImportCommand, import_plan
from tests.journeys.bot_process import PATIENCE, ROOT, BotProcess, free_port, run_command
from tests.local_slack import Json, LocalSlack, LocalSlackError, eventually

Row = TypeVar("Row", bound=Base)

MANIFEST = ROOT / "manifest.json"
CHANNEL = "#operations"
FOUNDED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

EARLY_MONDAY = "2026-10-05T08:30:00+02:00"
MONDAY = "2026-10-05T09:05:00+02:00"
NEW_YORK_MONDAY = "2026-10-05T09:05:00-04:00"
CLOSE = "2026-10-09T12:00:30+02:00"

SEED = """\
workspace: {name: Harbour Lamps, domain: harbour-lamps, tz: Europe/Berlin}
clock: "2026-10-05T08:30:00+02:00"
opens_as: ana
people:
  - {handle: ana, name: Ana Torres, display_name: Ana Torres, tz: Europe/Madrid}
  - {handle: maria, name: Maria Weber, display_name: Maria Weber, tz: Europe/Berlin, owner: true, primary_owner: true}
  - {handle: jonas, name: Jonas Keller, display_name: Jonas Keller, tz: Europe/Berlin, admin: true}
  - {handle: priya, name: Priya Nair, display_name: Priya Nair, tz: Asia/Kolkata}
  - {handle: tom, name: Tom Ellis, display_name: Tom Ellis, tz: America/New_York}
channels:
  - {name: general, general: true, bot: true}
  - {name: operations, bot: true}
"""

COMPANY = """\
workspace: {slack_id: T0SANDBOX, name: Harbour Lamps}
people:
  - {key: ana, slack_id: U0ANA, name: Ana Torres, zone: Europe/Madrid}
  - {key: maria, slack_id: U0MARIA, name: Maria Weber, zone: Europe/Berlin, roles: [champion]}
  - {key: priya, slack_id: U0PRIYA, name: Priya Nair, zone: Asia/Kolkata}
  - {key: tom, slack_id: U0TOM, name: Tom Ellis, zone: America/New_York}
teams:
  - {key: company, name: Harbour Lamps, level: company, lead: maria, channel: C0OPERATIONS,
     members: [ana, maria, priya, tom]}
cycles:
  - {key: q4, name: Q4 2026, start: 2026-09-14, end: 2026-12-13}
objectives:
  - key: o-light
    title: Every lamp leaves the harbour on time
    team: company
    cycle: q4
    key_results:
      - {key: kr-days, title: Days from order to light, start: 200, target: 100, unit: days, owner: ana}
      - {key: kr-shops, title: Shops that sell our lamps, start: 10000, target: 50000, unit: shops, owner: ana}
      - {key: kr-share, title: Lamps that arrive whole, start: "80%", target: "99%", unit: "%", owner: ana}
      - {key: kr-cost, title: Cost of a parcel, start: "€9", target: "€6", unit: "€", owner: ana}
      - {key: kr-tested, title: Lamps tested before shipping, start: 0, target: 1200, unit: lamps, owner: ana}
"""

ABROAD = """\
  - key: o-abroad
    title: Lamps find their way abroad
    team: company
    cycle: q4
    key_results:
      - {key: kr-ports, title: Ports we ship to, start: 3, target: 12, unit: ports, owner: priya}
      - {key: kr-orders, title: Orders from overseas, start: 40, target: 90, unit: orders, owner: tom}
"""

FIVE = {
    "KR-1 value": "170",
    "KR-2 value": "24,500",
    "KR-3 value": "91.5",
    "KR-4 value": "7.85",
    "KR-5 value": "333",
}


@dataclass
class Office:
    """A local Slack, a database, and whatever bots a test starts."""

    slack: LocalSlack
    database_url: str
    folder: Path
    database: Database
    http_port: int | None = None
    """Where the bot listens in HTTP mode; None for Socket Mode."""
    bots: list[BotProcess] = field(default_factory=list)

    # -- the bot ---------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> dict[str, str]:
        """What the operator has set."""
        way = {"SLACK_APP_TOKEN": "xapp-sandbox"} if self.http_port is None else {"SLACK_SIGNING_SECRET": "sandbox"}
        return {
            "DATABASE_URL": self.database_url,
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            **way,
            "SLACK_API_URL": self.slack.api_url,
            "OKR_CLOCK_URL": self.slack.clock_url,
            "PORT": str(self.http_port or free_port()),
        }

    def launch_bot(self) -> BotProcess:
        """Start a bot without waiting for it."""
        log_file = self.folder / f"bot-{len(self.bots) + 1}.log"
        bot = BotProcess.launch(self.settings, log_file, self.folder)
        self.bots.append(bot)
        return bot

    def start_bot(self) -> BotProcess:
        """Start a bot and wait until it is connected and knows everybody."""
        bot = self.launch_bot().wait_until_connected()
        eventually(lambda: self.rows(Workspace)[0].members_synced_at, "the bot to know everybody", PATIENCE)
        return bot

    def okr_bot(self, *arguments: str, **other_settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the operator to its end, perhaps with other settings."""
        return run_command({**self.settings, **other_settings}, *arguments, folder=self.folder)

    def close(self) -> None:
        """Nothing is left running."""
        for bot in self.bots:
            if bot.is_running:
                bot.thaw()
                bot.kill()
        # Nothing in it is to be kept, so nobody waits for its goodbye.
        self.slack.kill()
        self.database.dispose()

    # -- the company -----------------------------------------------------------------------------------------------

    def found(self, company: str) -> None:
        """Import a company, as if weeks before the clock's Monday."""
        plan = read_plan(company, "company.yaml")
        self.database.transact(
            lambda session: import_plan(session, ImportCommand(plan), FOUNDED), seconds=IMPORT_SECONDS
        )

    # -- what is kept ----------------------------------------------------------------------------------------------

    def rows(self, row: type[Row], **where: Any) -> list[Row]:
        """The rows of a table, oldest first."""

        def read(session: Session) -> list[Row]:
            found = list(session.scalars(select(row).filter_by(**where).order_by(*row.__table__.primary_key)))
            session.expunge_all()
            return found

        return self.database.transact(read, writes=False, seconds=10)

    def change(self, statement: Any) -> None:
        """Change rows behind the bot's back."""
        self.database.transact(lambda session: session.execute(statement), seconds=10)

    def states(self, kind: str) -> list[str]:
        """The states of the deliveries of a kind."""
        return [delivery.state for delivery in self.rows(Delivery, kind=kind)]

    # -- what people see -------------------------------------------------------------------------------------------

    def bot_messages(self, user: str, channel: str = "@bot", *, thread_ts: str | None = None) -> list[Json]:
        """What the bot said there that stays: no ephemeral notes."""
        seen = self.slack.messages(user, channel, thread_ts=thread_ts)
        return [one for one in seen if one.get("bot_id") and not one["is_ephemeral"] and one["ts"] != thread_ts]

    def keys(self, messages: list[Json]) -> list[str]:
        """The delivery keys in the metadata of these messages."""
        return [one["metadata"]["event_payload"]["key"] for one in messages if one.get("metadata")]

    def wait_for(self, kind: str, states: list[str], within: float = PATIENCE) -> None:
        """Wait until the deliveries of a kind are in these states; where they never are, say how they stand."""
        try:
            eventually(lambda: self.states(kind) == states, f"the {kind} deliveries to be {states}", within)
        except LocalSlackError as error:
            rows = self.rows(Delivery, kind=kind)
            told = [(row.id, row.state, row.reason, row.not_before, row.attempts, row.sending_since) for row in rows]
            raise LocalSlackError(f"{error} They are {told} at {self.slack.now()}.") from error

    def press_check_in(self, user: str) -> Json:
        """Press **Check in** on the person's prompt; answers the modal."""
        prompt = self.slack.wait_for_message(user, "check_in_open", within=PATIENCE)
        self.slack.press(user, "check_in_open", channel="@bot", ts=prompt["ts"])
        return self.slack.wait_for_modal(user, "Check in", within=PATIENCE)

    def check_in(self, user: str = "ana", values: Mapping[str, str] = FIVE) -> None:
        """Answer the prompt that waits."""
        view = self.press_check_in(user)
        answer = self.slack.submit(user, view["id"], values)
        assert answer["ok"], answer

    def reach_the_thread(self) -> Json:
        """With a bot running: Ana answers her prompt, the round closes; answers her message in the digest's thread."""
        self.slack.move_clock(to=MONDAY)
        self.check_in()
        self.wait_for("receipt", ["sent"])
        self.slack.move_clock(to=CLOSE)
        self.wait_for("digest_entry", ["sent"])
        [digest] = self.bot_messages("maria", CHANNEL)
        [entry] = self.bot_messages("maria", CHANNEL, thread_ts=digest["ts"])
        return entry

    def forget_the_last_holder(self) -> None:
        """As if a killed bot had died a minute ago: its lease has lapsed and no call of its can be under way."""
        long_ago = datetime(2000, 1, 1, tzinfo=UTC)
        self.change(update(SenderLease).values(until=long_ago))
        self.change(update(Delivery).where(Delivery.state == "sending").values(sending_since=long_ago))


@contextlib.contextmanager
def open_office(
    database_url: str,
    folder: Path,
    *,
    company: str | None = COMPANY,
    seed: str = SEED,
    manifest: Path = MANIFEST,
    over_http: bool = False,
) -> Iterator[Office]:
    """A world for one test; everything it started ends with the block. `over_http`: its bots run in HTTP mode."""
    seed_file = folder / "seed.yaml"
    seed_file.write_text(seed, encoding="utf-8")
    port = free_port() if over_http else None
    request_url = f"http://127.0.0.1:{port}/slack/events" if over_http else None
    with LocalSlack.start(seed=seed_file, manifest=manifest, request_url=request_url) as slack:
        office = Office(slack, database_url, folder, Database(database_url), port)
        try:
            if company is not None:
                office.found(company)
            yield office
        finally:
            office.close()
