"""`okr-bot deliveries`: what the operator reads, filters, and changes by hand."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.config import Settings, SettingsError
from bot.okr.errors import NotFound
from bot.store import leases
from bot.store.migrate import downgrade
from bot.store.session import Database
from bot.store.tables import Delivery, InboxRow, Member, Workspace
from tests.databases import opened

RUNNER = CliRunner()
SECRET = "we lose the Meyer contract"
HOSTILE = f"<!channel> \x1b[31m\u202e\n{'x' * 10_000}"


@pytest.fixture
def post(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A workspace with one message of every state, to four receivers."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    with opened(database_url) as database:
        database.transact(_fill, seconds=10)
        yield database


def _fill(session: Any) -> None:
    now = datetime.now(UTC)
    session.add(Workspace(slack_id="T0LUMEN", name="Lumen", created_at=now))
    session.flush()
    for slack_id, name in (("U0ANAAA", "Ana Öztürk"), ("U0TOMMM", "Tom Fischer"), ("U0EVILL", HOSTILE)):
        session.add(Member(workspace_id=1, slack_id=slack_id, name=name))
    hour = timedelta(hours=1)
    rows: list[dict[str, Any]] = [
        {"state": "failed", "recipient": "U0ANAAA", "settled_at": now - 3 * hour, "reason": "given up after 12 tries"},
        {"state": "unknown", "recipient": "U0TOMMM", "settled_at": now - hour, "reason": HOSTILE},
        {"state": "pending", "recipient": "U0EVILL", "not_before": now - hour / 2, "reason": "ratelimited"},
        {"state": "pending", "recipient": "U0ANAAA", "not_before": now + hour, "held_since": now - 2 * hour},
        {"state": "sending", "recipient": "C0LUMEN", "kind": "digest", "sending_since": now},
        {"state": "sent", "recipient": "U0ANAAA", "settled_at": now},
        {"state": "dropped", "recipient": "U0ANAAA", "settled_at": now, "reason": "nobody needs it any more"},
    ]
    for number, row in enumerate(rows):
        values = {
            "workspace_id": 1, "kind": "prompt", "arguments": {"text": SECRET}, "dedupe_key": str(number),
            "not_before": now, "created_at": now - 4 * hour, "attempts": 1,
        }  # fmt: skip
        session.add(Delivery(**values | row))
        session.flush()
    given_up = {"event_id": "Ev1", "payload": {"text": SECRET}, "received_at": now, "attempts": 5}
    session.add(InboxRow(slack_team="T0LUMEN", failure="KeyError", **given_up))


def asked(*arguments: str) -> Result:
    result = RUNNER.invoke(app, ["deliveries", *arguments])
    assert SECRET not in result.output
    return result


def test_troubles_come_first_one_line_each_and_nothing_of_what_messages_say(post: Database) -> None:
    assert "Nobody sends" in asked().stdout
    post.transact(lambda session: leases.take(session, 1, "okr-1:4242:abc", timedelta(seconds=60)))
    lines = asked().stdout.splitlines()
    assert lines[:4] == [
        "Lumen: 1 unknown, 1 failed, 1 sending, 1 waiting, 1 held.",
        "The oldest due message has waited for 30 min.",
        lines[2],
        "Events of Slack that were given up: 1 (KeyError).",
    ]
    assert lines[2].startswith("Process 4242 on okr-1 sends, for ")
    assert [line.split()[:2] for line in lines[5:]] == [
        ["2", "unknown"], ["1", "failed"], ["5", "sending"], ["3", "waiting"], ["4", "held"]
    ]  # fmt: skip
    assert lines[6] == "1  failed   prompt to Ana Öztürk, 3 h ago: given up after 12 tries"
    assert "digest to C0LUMEN, begun" in lines[7]
    assert lines[8].endswith("made 4 h ago: ratelimited; next try now")
    assert lines[9].endswith("held 2 h ago; next try in 59 min")
    assert not any(each in "".join(lines) for each in "\x1b\u202e")
    assert max(map(len, lines)) < 320


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--state", "failed"], [1]),
        (["--state", "waiting"], [3]),
        (["--state", "held"], [4]),
        (["--to", "öztürk"], [1, 4]),
        (["--to", "ÖZTÜRK", "--state", "all"], [1, 4, 7, 6]),
        (["--to", "C0LUMEN"], [5]),
        (["--state", "all", "--limit", "2"], [2, 1]),
    ],
    ids=str,
)
def test_a_list_is_narrowed_by_state_and_receiver(post: Database, arguments: list[str], ids: list[int]) -> None:
    result = asked(*arguments, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert [each["id"] for each in answer["deliveries"]] == ids
    assert answer["counts"] == {"unknown": 1, "failed": 1, "sending": 1, "waiting": 1, "held": 1}
    assert answer["events"] == {"waiting": 0, "given_up": 1, "failures": ["KeyError"]}
    assert 1790 < answer["oldest_due_seconds"] < 1900
    if "--limit" in arguments:
        assert answer["found"] == 7
        assert "And 5 more: see them with --limit 7." in asked(*arguments).stdout


def test_a_failed_one_is_retried_and_another_dropped_and_what_cannot_be_is_said(post: Database) -> None:
    tried = asked("retry", "1", "2", "5", "99")
    assert tried.exit_code == 1
    assert tried.stdout.startswith("1: ")
    assert [line.split(":")[0] for line in tried.stderr.splitlines()] == ["2", "5", "99"]
    assert "--yes" in tried.stderr
    twice = asked("retry", "2", "--yes")
    assert (twice.exit_code, "may get it twice" in twice.stdout) == (0, True)
    dropped = asked("drop", "3", "6", "--reason", "Ana\nknows", "--json")
    assert (dropped.exit_code, json.loads(dropped.stdout)) == (
        1,
        {"done": [3], "not_done": {"6": "has been sent already"}},
    )
    answer = json.loads(asked("--json", "--state", "all").stdout)
    found = {each["id"]: (each["state"], each["why"]) for each in answer["deliveries"]}
    assert found[1] == found[2] == ("waiting", "sent again by hand")
    assert found[3] == ("dropped", "dropped by hand: Ana knows")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "Nobody"], "Nobody here is called Nobody"),
        (["--workspace", "T0OTHER"], "no workspace T0OTHER"),
        (["drop", "1", "--reason", "  "], "--reason needs a few words"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_said_and_changes_nothing(post: Database, arguments: list[str], said: str) -> None:
    refused = asked(*arguments).exception
    assert isinstance(refused, SettingsError | NotFound)
    assert said in str(refused)
    assert json.loads(asked("--json").stdout)["counts"]["failed"] == 1


@pytest.mark.parametrize(
    "arguments", [["retry"], ["retry", "x"], ["retry", str(10**30)], ["drop", "1"], ["--limit", "0"]]
)
def test_what_is_no_command_is_told_with_exit_code_2(arguments: list[str]) -> None:
    assert asked(*arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [[], ["retry"], ["drop"]], ids=str)
def test_help_has_an_example(arguments: list[str]) -> None:
    assert "okr-bot deliveries" in asked(*arguments, "--help").stdout.partition("Example")[2]


def test_a_database_of_another_version_is_left_as_it_is(
    databases: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.sqlite(tmp_path) as url:
        downgrade(url, "0001")
        monkeypatch.setenv("DATABASE_URL", url)
        assert "run okr-bot migrate" in str(asked().exception)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/nothing.db")
    assert "run okr-bot migrate" in str(asked().exception)
    assert not (tmp_path / "nothing.db").exists()
