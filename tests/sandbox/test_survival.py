"""What a restart keeps, the clock, the seed, and the command line."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.sandbox.clock import parse_moment, preset_moment
from bot.sandbox.errors import SandboxError
from bot.sandbox.persistence import Store
from bot.sandbox.sandbox import Sandbox
from tests.local_slack import LocalSlack, LocalSlackError
from tests.sandbox.conftest import Running, Starter

BLOCKS = [{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]}]


def test_everything_is_there_after_a_kill(tmp_path: Path) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"key": "k-1"}}
    with LocalSlack.start(data=tmp_path) as slack:
        client = WebClient("xoxb-sandbox", base_url=slack.api_url)
        posted = client.chat_postMessage(channel="U0ANA", text="kept", blocks=BLOCKS, metadata=metadata)
        client.chat_postMessage(channel="D0ANA", text="reply", thread_ts=str(posted["ts"]))
        client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": BLOCKS})
        slack.react("ana", "@bot", str(posted["ts"]), "tada")
        slack.change_person("ana", tz="Asia/Tokyo")
        slack.move_clock(to="2030-01-07T09:00:00Z")
        before = slack.messages("ana")
        slack.kill()
    with LocalSlack.start(data=tmp_path) as slack:
        assert slack.messages("ana") == before
        assert before[0]["reply_count"] == 1
        assert before[0]["metadata"] == metadata
        assert before[0]["reactions"][0]["users"] == ["U0ANA"]
        assert slack.home("ana") is not None
        assert slack.now().startswith("2030-01-07T09:0")
        people = {person["name"]: person for person in slack.workspace()["people"]}
        assert people["ana"]["tz"] == "Asia/Tokyo"
        client = WebClient("xoxb-sandbox", base_url=slack.api_url)
        later = client.chat_postMessage(channel="U0ANA", text="later")
        assert str(later["ts"]) > before[-1]["ts"]


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "bot.sandbox", "--port", str(port)], capture_output=True, text=True, timeout=60
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Port {port} on 127.0.0.1 is in use")
    assert "Traceback" not in ended.stderr


def test_it_ends_cleanly_when_asked_to() -> None:
    slack = LocalSlack.start()
    slack.stop()
    assert slack.process.returncode == 0


def test_the_clock_is_served_and_goes_where_it_is_put(slack: Running) -> None:
    assert slack.move_clock(to="2026-10-05T09:00:00Z") == "2026-10-05T09:00:00Z"
    with urllib.request.urlopen(slack.clock_url, timeout=5) as response:
        assert json.load(response)["now"].startswith("2026-10-05T09:00:0")
    slack.move_clock(forward=3600)
    assert slack.now().startswith("2026-10-05T10:00:0")
    assert slack.move_clock(preset="next-monday", user="priya").startswith("2026-10-12T03:30:0")
    assert slack.move_clock(preset="round-close").startswith("2026-10-16T10:00:0")
    slack.real_time.pass_by(60)
    assert slack.now().startswith("2026-10-16T10:01:0")
    with pytest.raises(LocalSlackError, match="is not a time"):
        slack.move_clock(to="tomorrow")


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("next-evening", "2026-10-05T18:00+02:00"),
        ("next-morning", "2026-10-06T09:00+02:00"),
        ("next-monday", "2026-10-12T09:00+02:00"),
        ("round-close", "2026-10-09T12:00+02:00"),
        ("quarter-end", "2026-12-31T18:00+01:00"),
    ],
)
def test_presets_are_local_times_strictly_ahead(preset: str, expected: str) -> None:
    berlin = Sandbox().workspace.zone_of(None)
    now = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)  # Monday 9:00 in Berlin
    assert preset_moment(preset, now, berlin) == datetime.fromisoformat(expected)


def test_the_end_of_a_quarter_of_thirteen_weeks_is_its_last_sunday_also_after_it_has_passed() -> None:
    berlin = Sandbox().workspace.zone_of(None)
    begun = date(2026, 9, 7)
    first = preset_moment("quarter-end", datetime(2026, 11, 16, 8, 5, tzinfo=UTC), berlin, begun)
    assert first == datetime.fromisoformat("2026-12-06T18:00+01:00")
    assert preset_moment("quarter-end", first, berlin, begun) == datetime.fromisoformat("2027-03-07T18:00+01:00")


def test_a_seed_says_how_much_of_the_quarter_is_over(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    text = 'workspace: {weeks_into_quarter: %s}\nclock: "2026-11-18T09:05:00Z"\npeople: [{name: Ana}]\n'
    seed.write_text(text % 10)
    Sandbox(seed=seed, data=tmp_path / "data")
    kept = Sandbox(data=tmp_path / "data")
    assert kept.team.quarter_start == "2026-09-07"
    seed.write_text(text % 13)
    with pytest.raises(SandboxError, match="from 0 to 12"):
        Sandbox(seed=seed)


def test_the_latest_monday_is_never_in_the_future() -> None:
    berlin = Sandbox().workspace.zone_of(None)
    before, after = (datetime(2026, 10, 5, 7, minute, tzinfo=UTC) for minute in (4, 6))
    assert parse_moment("latest-monday-09:05", berlin, before).isoformat() == "2026-09-28T09:05:00+02:00"
    assert parse_moment("latest-monday-09:05", berlin, after).isoformat() == "2026-10-05T09:05:00+02:00"


def test_a_seed_makes_the_workspace(tmp_path: Path, start_slack: Starter) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(
        """
workspace: {name: Tiny, domain: tiny, tz: Europe/Paris}
app: {bot_token: xoxb-mine}
clock: "2026-03-02T09:05:00Z"
opens_as: zoe
people:
  - {handle: zoe, name: Zoé Blanc, tz: Europe/Paris, owner: true}
  - {handle: max, name: Max Roy, tz: America/Toronto, guest: true}
channels:
  - {name: all, members: all, bot: true, messages: [{user: zoe, text: Bonjour}]}
""",
        encoding="utf-8",
    )
    slack = start_slack(seed=seed)
    assert slack.workspace()["opens_as"] == "U0ZOE"
    assert slack.now().startswith("2026-03-02T09:05:0")
    assert [one["text"] for one in slack.messages("Zoé Blanc", "#all")] == ["Bonjour"]
    assert slack.client("xoxb-mine").auth_test()["team"] == "Tiny"
    assert slack.client("xoxb-mine").conversations_members(channel="C0ALL")["members"] == ["U0ZOE", "U0SANDBOXBOT"]
    with pytest.raises(LocalSlackError, match="cannot see this channel"):
        slack.messages("max", "#all")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("people: []", "has no people"),
        ("people: [{name: A, tz: Mars/Base}]", "not an IANA time zone"),
        ("people: [{name: A}]\nchannels: [{name: x, members: [b]}]", "somebody it does not introduce: b"),
        ("people: [{name: A}]\nclock: soon", "is not a time"),
        ("people: [", "is not YAML"),
    ],
)
def test_a_seed_that_makes_no_sense_is_answered_with_a_sentence(tmp_path: Path, written: str, sentence: str) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(written, encoding="utf-8")
    with pytest.raises(SandboxError, match=sentence):
        Sandbox(seed=seed)


def test_a_half_planted_workspace_is_planted_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("person", "U0GHOST", {})
    store.close()
    assert "U0GHOST" not in Sandbox(data=tmp_path).workspace.people


def test_fresh_forgets_what_was_kept(tmp_path: Path, start_slack: Starter) -> None:
    start_slack(data=tmp_path).client().chat_postMessage(channel="U0ANA", text="old")
    assert start_slack(data=tmp_path, fresh=True).messages("ana") == []


def test_the_stream_tells_a_person_what_concerns_them(slack: Running) -> None:
    with urllib.request.urlopen(f"{slack.url}/control/stream?user=ana", timeout=5) as stream:
        first = json.loads(stream.readline().removeprefix(b"data: "))
        assert first == {"kind": "connection", "connected": False}
        stream.readline()
        slack.client().chat_postMessage(channel="U0JONAS", text="not for ana")
        posted = slack.client().chat_postMessage(channel="U0ANA", text="for ana")
        notice = json.loads(stream.readline().removeprefix(b"data: "))
    assert notice["kind"] == "message"
    assert (notice["channel"], notice["ts"]) == ("D0ANA", posted["ts"])
