"""`okr-bot doctor` against a local Slack in process: what it says when all is well, and of everything that is not."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.config import Settings
from bot.doctor import examination, findings
from bot.doctor.findings import Reading, State
from bot.sandbox.entities import Message
from bot.sandbox.sandbox import Sandbox
from bot.slack.examination import Channel
from bot.store import leases
from bot.store.migrate import downgrade, upgrade
from bot.store.session import Database, DatabaseUnreachable
from bot.store.tables import Delivery, InboxRow, Member, Team, Workspace
from bot.usecases.import_files import read_plan
from bot.usecases.imports import IMPORT_SECONDS, ImportCommand, import_plan
from tests.journeys.office import COMPANY, FOUNDED, MANIFEST, SEED
from tests.sandbox.conftest import RealTime, Running

TOKENS = ("xoxb-sandbox", "xapp-sandbox", "secret-word")
CHECKS = (
    "token", "scopes", "mode", "database", "clock", "members", "channels", "owners", "zones", "deliveries", "events",
    "holidays",
)  # fmt: skip
MONDAY = datetime(2026, 10, 5, 6, 30, tzinfo=UTC)
OVER_HTTP = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "secret-word"}


class Practice:
    """A workspace, its database, and the doctor for both."""

    def __init__(self, slack: Running, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.slack = slack
        self.database = Database(database_url)
        self._monkeypatch = monkeypatch
        self.settings = {
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": slack.api_url,
            "OKR_CLOCK_URL": slack.clock_url,
        }

    def change(self, *statements: Any) -> None:
        """Change rows."""
        self.database.transact(lambda session: [session.execute(each) for each in statements], seconds=10)

    def ask(self, *options: str, **other: str) -> Result:
        """Run the command, perhaps with other settings; nothing secret is ever printed."""
        with self._monkeypatch.context() as patched:
            for name in Settings.model_fields:
                patched.delenv(name.upper(), raising=False)
            for name, value in {**self.settings, **other}.items():
                patched.setenv(name, value)
            result = CliRunner().invoke(app, ["doctor", *options])
        assert not any(token in result.output for token in TOKENS)
        return result

    def findings(self, **other: str) -> dict[str, tuple[str, str]]:
        """State and text by check; the exit code says whether there is a problem."""
        result = self.ask("--json", **other)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        answer = json.loads(result.stdout)
        found = {each["check"]: (each["state"], each["text"]) for each in answer["checks"]}
        has_problem = any(state == "problem" for state, _ in found.values())
        assert (answer["ok"], result.exit_code) == (not has_problem, int(has_problem))
        return found

    def only_problem(self, check: str, **other: str) -> str:
        """The text of the one problem there is."""
        problems = {name: words for name, (state, words) in self.findings(**other).items() if state == "problem"}
        assert list(problems) == [check], problems
        return problems[check]


@contextmanager
def practising(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    seed = folder / "seed.yaml"
    seed.write_text(SEED, encoding="utf-8")
    real_time = RealTime()
    slack = Running(Sandbox(seed=seed, manifest=MANIFEST, real_time=real_time), real_time)
    practice = Practice(slack, url, monkeypatch)
    try:
        plan = read_plan(COMPANY, "company.yaml")
        practice.database.transact(lambda each: import_plan(each, ImportCommand(plan), FOUNDED), seconds=IMPORT_SECONDS)
        practice.change(update(Workspace).values(members_synced_at=MONDAY))
        yield practice
    finally:
        practice.database.dispose()
        slack.stop()


@pytest.fixture
def practice(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    with practising(sqlite_url, tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def either_practice(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    with practising(database_url, tmp_path, monkeypatch) as made:
        yield made


# --- all is well


def test_when_all_is_well_every_line_says_so_and_nothing_was_changed(either_practice: Practice) -> None:
    result = either_practice.ask()
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", check] for check in CHECKS]
    found = either_practice.findings()
    assert "Harbour Lamps (T0SANDBOX)" in found["token"][1]
    assert "Socket Mode" in found["mode"][1]
    assert "newest version" in found["database"][1]
    assert "the bot goes by OKR_CLOCK_URL, which shows 2026-10-05 06:30 UTC" in found["clock"][1]
    agrees = "Slack's" if either_practice.database.is_sqlite else "Slack's and the database's"
    assert f"agrees with {agrees};" in found["clock"][1]
    called = {call["name"] for call in either_practice.slack.calls(kind="call")}
    assert called == {"auth.test", "apps.connections.open", "conversations.history"}
    assert either_practice.slack.workspace()["app"]["connected"] is False, "the address for a connection was not used"


def test_over_http_the_signing_secret_takes_the_place_of_the_app_token(practice: Practice) -> None:
    state, words = practice.findings(**OVER_HTTP)["mode"]
    assert (state, "HTTP: POST /slack/events" in words) == ("ok", True)
    assert "apps.connections.open" not in {call["name"] for call in practice.slack.calls(kind="call")}


def test_with_both_it_says_that_the_signing_secret_is_not_used(practice: Practice) -> None:
    assert "SLACK_SIGNING_SECRET is not used" in practice.findings(SLACK_SIGNING_SECRET="secret-word")["mode"][1]


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_APP_TOKEN": ""}, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET"),
        ({"DATABASE_URL": "mysql://u:secret-word@h/d"}, "DATABASE_URL asks for"),
    ],
)
def test_a_missing_or_wrong_setting_ends_it_as_it_ends_every_command(
    practice: Practice, missing: dict[str, str], named: str
) -> None:
    refused = practice.ask(**missing).exception
    assert isinstance(refused, Exception)
    assert named in str(getattr(refused, "sentence", refused))
    assert not isinstance(refused, SystemExit), "main() answers it with exit code 2"


# --- Slack


def test_a_token_that_slack_refuses_is_said_and_what_depends_on_it_is_left_out(practice: Practice) -> None:
    found = practice.findings(SLACK_BOT_TOKEN="xoxb-nobody")
    assert found["token"] == ("problem", found["token"][1])
    assert "does not accept SLACK_BOT_TOKEN (invalid_auth)" in found["token"][1]
    assert {check for check, (state, _) in found.items() if state == "skipped"} == {
        "scopes",
        "mode",
        "clock",
        "channels",
    }
    assert found["owners"][0] == "ok", "the database is looked at all the same"


def test_an_app_token_that_slack_refuses_is_said(practice: Practice) -> None:
    words = practice.only_problem("mode", SLACK_APP_TOKEN="xapp-nobody")
    assert "does not accept SLACK_APP_TOKEN (invalid_auth)" in words
    assert "connections:write" in words


def test_missing_scopes_are_named_with_what_to_do_and_optional_ones_with_what_is_off(practice: Practice) -> None:
    manifest = practice.slack.sandbox.manifest
    poorer = frozenset(manifest.scopes or ()) - {"reactions:read", "users:read.email"}
    object.__setattr__(manifest, "scopes", poorer)
    words = practice.only_problem("scopes")
    assert "lacks the scope reactions:read" in words
    assert "install it again" in words
    object.__setattr__(manifest, "scopes", poorer | {"reactions:read"})
    assert "without users:read.email, people can only be matched" in practice.findings()["scopes"][1]


def test_a_slack_that_is_not_there_or_stumbles_is_said(practice: Practice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/api/"
    found = practice.findings(SLACK_API_URL=nobody)
    assert "Slack cannot be reached at" in found["token"][1]
    practice.slack.fail_next("auth.test", "500")
    assert practice.findings()["token"][0] == "problem"


def test_a_slack_that_never_answers_is_not_waited_for(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "SLACK_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = practice.findings(SLACK_API_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/api/")
    assert (found["token"][0], found["database"][0]) == ("problem", "ok")


# --- channels


def leave(practice: Practice) -> None:
    sandbox = practice.slack.sandbox
    sandbox.workspace.channels["C0OPERATIONS"].members.remove(sandbox.team.bot_user)


def archive(practice: Practice) -> None:
    workspace = practice.slack.sandbox.workspace
    workspace.channels["C0OPERATIONS"].is_archived = True
    said = Message("C0OPERATIONS", workspace.next_ts(), "U0MARIA", "archived the channel", subtype="channel_archive")
    workspace.keep_message(said)


def forget(practice: Practice) -> None:
    practice.change(update(Team).values(channel="C0NOWHERE"))


@pytest.mark.parametrize(
    ("happens", "told"), [(leave, "type /invite"), (archive, "it is archived"), (forget, "does not show it to the bot")]
)
def test_a_channel_the_bot_cannot_use_is_named_with_its_team_and_what_to_do(
    practice: Practice, happens: Callable[[Practice], None], told: str
) -> None:
    happens(practice)
    words = practice.only_problem("channels")
    assert told in words
    assert "of Harbour Lamps" in words


def test_channels_that_slack_says_nothing_of_are_no_fault_of_theirs(practice: Practice) -> None:
    practice.change(
        Team.__table__.insert().values(workspace_id=1, name="Lanterns", level="team", channel="C0GENERAL")  # type: ignore[attr-defined]
    )
    practice.slack.fail_next("conversations.history", "429", times=1, retry_after=30)
    state, words = practice.findings()["channels"]
    assert (state, "1 could not be looked at now" in words) == ("ok", True)
    practice.slack.clear_faults()
    practice.change(delete(Team).where(Team.name == "Lanterns"), update(Team).values(channel=None))
    assert "No team has a channel" in practice.findings()["channels"][1]


# --- the database


def test_a_database_that_is_not_there_is_said_without_its_password(practice: Practice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = practice.findings(DATABASE_URL=f"postgresql://okr:secret-word@127.0.0.1:{port}/okr")
    assert "does not answer" in found["database"][1]
    assert {found[check][0] for check in ("members", "channels", "owners", "zones", "deliveries")} == {"skipped"}
    assert found["token"][0] == "ok"


def test_with_neither_slack_nor_a_database_server_there_is_no_clock_to_compare(practice: Practice) -> None:
    state, words = practice.findings(SLACK_BOT_TOKEN="xoxb-nobody")["clock"]
    assert (state, "neither Slack nor the database" in words) == ("skipped", True)


def test_a_database_that_never_answers_is_not_waited_for(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()
    monkeypatch.setattr(examination, "DATABASE_SECONDS", 0.1)
    monkeypatch.setattr(examination, "database_state", lambda *_: held.wait(30))
    found = practice.findings()
    held.set()
    assert "does not answer within" in found["database"][1]


def test_a_file_that_is_not_there_is_said_and_not_made(practice: Practice, tmp_path: Path) -> None:
    words = practice.only_problem("database", DATABASE_URL=f"sqlite:///{tmp_path}/other.db")
    assert "holds nothing yet" in words
    assert not (tmp_path / "other.db").exists()


def test_the_folder_of_a_file_is_made_by_migrate_as_doctor_says_and_one_that_cannot_be_made_is_said(
    practice: Practice, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path}/new/folder/other.db"
    assert "okr-bot migrate" in practice.only_problem("database", DATABASE_URL=address)
    assert upgrade(address)
    (tmp_path / "no-folder").write_text("")
    nowhere = f"sqlite:///{tmp_path}/no-folder/other.db"
    assert f"may not write to {tmp_path}/no-folder" in practice.only_problem("database", DATABASE_URL=nowhere)
    with pytest.raises(DatabaseUnreachable, match="cannot be made"):
        upgrade(nowhere)


def test_what_is_no_sqlite_file_is_said_without_speaking_of_a_server(practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Mia,\n" * 500)
    words = practice.only_problem("database", DATABASE_URL=f"sqlite:///{tmp_path}/letter.db")
    assert "not a database" in words
    assert "server" not in words


def test_an_older_database_and_one_of_a_newer_bot_are_told_apart(either_practice: Practice) -> None:
    either_practice.change(text("UPDATE alembic_version SET version_num = 'ffff'"))
    assert "newer than this bot" in either_practice.only_problem("database")


def test_an_older_database_wants_to_be_migrated(practice: Practice, tmp_path: Path, databases: Any) -> None:
    with databases.sqlite(tmp_path) as url:
        downgrade(url, "0001")
        words = practice.only_problem("database", DATABASE_URL=url)
    assert "is at version 0001" in words
    assert "Run okr-bot migrate" in words


def test_a_workspace_that_never_ran_is_no_problem(practice: Practice, tmp_path: Path, databases: Any) -> None:
    with databases.sqlite(tmp_path) as url:
        found = practice.findings(DATABASE_URL=url)
    assert found["deliveries"] == ("skipped", found["deliveries"][1])
    assert "okr-bot run makes it known" in found["deliveries"][1]


# --- people and what is sent


def test_owners_who_are_gone_are_named_with_their_key_results(either_practice: Practice) -> None:
    either_practice.change(update(Member).where(Member.slack_id == "U0ANA").values(deactivated_at=MONDAY))
    words = either_practice.only_problem("owners")
    assert "Ana Torres (KR-1, KR-2, KR-3, KR-4, KR-5)" in words
    either_practice.slack.move_clock(to="2027-02-01T09:00:00+01:00")
    assert either_practice.findings()["owners"][0] == "ok", "the quarter is over"


def test_a_name_gives_no_orders_to_the_terminal(practice: Practice) -> None:
    hostile = f"Ana\x1b[31m\u202e\n{'x' * 10_000}"
    practice.change(update(Member).where(Member.slack_id == "U0ANA").values(deactivated_at=MONDAY, name=hostile))
    lines = practice.ask().stdout.splitlines()
    assert len(lines) == len(CHECKS)
    assert not any(character in "".join(lines) for character in "\x1b\u202e")
    assert max(map(len, lines)) < 400


def test_zones_that_this_machine_does_not_know_are_named(practice: Practice) -> None:
    practice.change(update(Member).where(Member.slack_id == "U0TOM").values(zone="Mars/Base"))
    assert "knows no zone Mars/Base (1)" in practice.only_problem("zones")


def test_members_that_were_never_read_are_said(practice: Practice) -> None:
    practice.change(update(Workspace).values(members_synced_at=None))
    assert "never read" in practice.only_problem("members")


def a_delivery(key: str, **more: Any) -> Any:
    values = {
        "workspace_id": 1, "kind": "digest", "recipient": "C0OPERATIONS", "arguments": {}, "dedupe_key": key,
        "key": key, "not_before": MONDAY, "state": "pending", "attempts": 1, "created_at": MONDAY, "priority": 50,
    }  # fmt: skip
    return Delivery.__table__.insert().values(**values | more)  # type: ignore[attr-defined]


def test_what_failed_or_is_unknown_is_counted_and_no_problem_any_more_after_a_week(
    either_practice: Practice,
) -> None:
    for number, state in enumerate(("failed", "unknown", "unknown", "sent")):
        either_practice.change(a_delivery(f"d{number}", state=state, settled_at=MONDAY))
    words = either_practice.only_problem("deliveries")
    assert "1 digest failed, 2 digest unknown" in words
    assert "(1 sent, 0 pending, 2 unknown, 1 failed)" in words
    for state in ("failed", "unknown"):
        assert f"okr-bot deliveries --state {state}" in words
    assert "okr-bot deliveries retry or drop" in words
    either_practice.slack.move_clock(forward=8 * 24 * 3600)
    assert either_practice.findings()["deliveries"] == (
        "ok", "1 sent, 0 pending, 2 unknown, 1 failed; nothing failed in the last 7 days."
    )  # fmt: skip


def test_messages_that_wait_while_nobody_sends_are_said(practice: Practice) -> None:
    practice.change(a_delivery("d1", not_before=MONDAY - timedelta(hours=3)))
    words = practice.only_problem("deliveries")
    assert "has been due for 3 hours and nobody sends it" in words
    assert "okr-bot deliveries --state waiting" in words
    practice.database.transact(lambda session: leases.take(session, 1, "okr-1:42:abc", timedelta(hours=1)))
    assert "has been due for 3 hours although a process sends" in practice.only_problem("deliveries")


def test_events_that_were_given_up_are_counted(practice: Practice) -> None:
    row = {"slack_team": "T0SANDBOX", "event_id": "Ev1", "payload": {}, "received_at": MONDAY, "attempts": 5}
    practice.change(InboxRow.__table__.insert().values(**row))  # type: ignore[attr-defined]
    words = practice.only_problem("events")
    assert "given up: 1" in words
    assert "okr-bot deliveries" in words


# --- clocks


def test_a_clock_that_is_off_is_said_with_whose_and_how_far(
    either_practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def a_minute_late() -> datetime:
        return datetime.now(UTC) - timedelta(seconds=60)

    monkeypatch.setattr(examination, "real_clock", a_minute_late)
    words = either_practice.only_problem("clock")
    assert "seconds behind Slack's" in words
    assert ("behind the database's" in words) is not either_practice.database.is_sqlite


NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "took", "step", "ahead"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (7.0, 0.0, 0.0, 7.0),
        (7.0, 3.0, 0.0, 4.0),
        (-7.0, 0.0, 0.0, -7.0),
        (-7.0, 3.0, 1.0, -6.0),
        (-0.9, 0.0, 1.0, 0.0),
        (2.0, 3.0, 0.0, 0.0),
    ],
    ids=str,
)
def test_what_the_asking_took_is_nobody_s_fault(shown: float, took: float, step: float, ahead: float) -> None:
    reading = Reading(NOON + timedelta(seconds=shown), NOON, NOON + timedelta(seconds=took), timedelta(seconds=step))
    assert reading.ahead == timedelta(seconds=ahead)


def test_minutes_are_said_as_minutes() -> None:
    told = findings.the_clocks(
        {"Slack's": Reading(NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=1))}, Settings(), None
    )
    assert told.state is State.PROBLEM
    assert "60 minutes ahead of Slack's" in told.text


def test_a_movable_clock_that_is_not_obeyed_or_cannot_be_read_is_said(practice: Practice) -> None:
    assert "cannot be read" in practice.only_problem("clock", OKR_CLOCK_URL=f"{practice.slack.url}/nowhere")
    far = Settings(slack_api_url="https://slack.com/api/", okr_clock_url=practice.slack.clock_url)
    assert "not obeyed" in findings.the_clocks({}, far, None).text


def test_calendars_that_do_not_reach_next_year_are_said() -> None:
    told = findings.the_holidays(NOON.date(), {2026: 9, 2027: 0})
    assert (told.state, "2027" in told.text) == (State.PROBLEM, True)


def test_long_lists_are_cut() -> None:
    teams = {f"C{number}": ["Team"] for number in range(9)}
    told = findings.the_channels(teams, dict.fromkeys(teams, Channel.NOT_IN))
    assert "and 4 more" in told.text
