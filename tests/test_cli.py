"""What the operator's commands answer to what cannot be read."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import transfer
from bot.cli import app
from bot.config import SettingsError
from bot.store import staged_check_ins
from tests.databases import opened

RUNNER = CliRunner()


@pytest.mark.parametrize("typed", ["2026-10-05", "2026-10-05T09:00", "2026-10-05 09:00:00"])
def test_what_tick_suggests_for_a_time_without_a_zone_can_be_read(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    refused = RUNNER.invoke(app, ["tick", "--at", typed]).exception
    assert isinstance(refused, SettingsError)
    suggested = re.search(r"for example (\S+) or (\S+)\.", str(refused))
    assert suggested, str(refused)
    for each in suggested.groups():
        read = RUNNER.invoke(app, ["tick", "--at", each]).exception
        assert "SLACK_BOT_TOKEN is missing" in str(read), "the time was read, the next setting is asked for"


COMPANY = """\
workspace: {slack_id: T0LUMEN, name: Lumen}
people: [{key: mia, slack_id: U0MIA, name: Mia Berg}]
teams: [{key: company, name: Lumen, level: company}]
cycles: [{key: q4, name: Q4, start: 2026-01-01, end: 2026-12-31}]
objectives: [{key: o, title: Light, team: company, cycle: q4, key_results: [
  {key: k, title: Days, start: 200, target: 100, owner: mia}]}]
"""
CHECK_INS = "key,key_result,at,value\n1,k,2026-02-02T09:00:00Z,190\n"


@pytest.fixture
def backup(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    folder = tmp_path / "backup"
    folder.mkdir()
    (folder / "company.yaml").write_text(COMPANY)
    (folder / "check-ins.csv").write_text(CHECK_INS)
    return folder


def test_a_folder_is_imported_and_exported_and_asked_about(backup: Path, tmp_path: Path) -> None:
    tried = RUNNER.invoke(app, ["import", str(backup), "--dry-run"])
    assert tried.exit_code == 0
    assert tried.stdout.startswith("Nothing was written (--dry-run). It would be:\n  people: 1 new")
    done = RUNNER.invoke(app, ["import", str(backup), "--json"])
    answer = json.loads(done.stdout)
    assert (answer["workspace"], answer["dry_run"], answer["problems"]) == ("Lumen", False, [])
    assert answer["sections"]["check_ins"] == {"new": 1, "changed": 0, "unchanged": 0}
    again = RUNNER.invoke(app, ["import", str(backup / "check-ins.csv")])
    assert "check-ins: 0 new, 0 changed, 1 unchanged" in again.stdout
    (backup / "company.yaml").write_text(COMPANY.replace("target: 100", "target: 90").replace("Light", "Da\u202erk"))
    would = RUNNER.invoke(app, ["import", str(backup / "company.yaml"), "--dry-run"]).stdout.splitlines()[-3:]
    assert would[0] == "These are there and would be changed:"
    assert would[1:] == ["  objectives o: title Light → Da rk", "  key results k: target 100 → 90"]
    told = json.loads(RUNNER.invoke(app, ["import", str(backup / "company.yaml"), "--dry-run", "--json"]).stdout)
    assert told["changes"][1] == {
        "section": "key results", "key": "k", "before": {"target": "100"}, "after": {"target": "90"}
    }  # fmt: skip
    (backup / "company.yaml").write_text(COMPANY)
    copy = tmp_path / "copy"
    assert (
        "1 person, 1 team, 1 cycle, 1 objective, 1 key result, 1 check-in."
        in RUNNER.invoke(app, ["export", str(copy)]).stdout
    )
    assert sorted(each.name for each in copy.iterdir()) == ["check-ins.csv", "company.yaml"]
    before = (copy / "check-ins.csv").read_bytes()
    assert before.startswith(b"\xef\xbb\xbfkey,key_result,by,at,value")
    refused = RUNNER.invoke(app, ["export", str(copy)]).exception
    assert isinstance(refused, SettingsError)
    assert "add --force" in str(refused)
    assert json.loads(RUNNER.invoke(app, ["export", str(copy), "--force", "--json"]).stdout)["workspace"] == "Lumen"
    assert (copy / "check-ins.csv").read_bytes() == before
    assert "0 new, 0 changed, 1 unchanged" in RUNNER.invoke(app, ["import", str(copy)]).stdout


class Terminal(StringIO):
    """Somebody watches."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "drawn"), [(Terminal, True), (StringIO, False)])
def test_a_progress_bar_is_drawn_where_somebody_watches(
    backup: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, stream: type[StringIO], drawn: bool
) -> None:
    watched = stream()
    monkeypatch.setattr("sys.stderr", watched)
    with opened(sqlite_url) as database:
        transfer.import_files(database, transfer.source_of(backup), datetime.now(UTC))
    shown = watched.getvalue()
    assert all(what in shown for what in ("parsing", "keeping", "reading", "writing", "100%")) is drawn
    assert drawn or shown == ""


def test_problems_in_a_file_are_told_with_their_place_and_exit_code_1(backup: Path) -> None:
    (backup / "check-ins.csv").write_text(CHECK_INS + "2,k,soon,180\n")
    refused = RUNNER.invoke(app, ["import", str(backup)])
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[0].startswith("check-ins.csv:3: at: “soon” is not a point in time")
    listed = json.loads(RUNNER.invoke(app, ["import", str(backup), "--json"]).stdout)["problems"]
    assert [(each["file"], each["line"]) for each in listed] == [("check-ins.csv", 3)]
    (backup / "company.yaml").write_text("peple: []")
    refused = RUNNER.invoke(app, ["import", str(backup)])
    assert [line.partition(": ")[0] for line in refused.stderr.splitlines()[:2]] == [
        "check-ins.csv:3",
        "company.yaml:1",
    ]
    (backup / "company.yaml").write_text(COMPANY.replace("start: 200", "start: 100"))
    refused = RUNNER.invoke(app, ["import", str(backup)])
    assert [line.partition(": ")[0] for line in refused.stderr.splitlines()] == [
        "check-ins.csv:3",
        "company.yaml:6",
        "2 problems in backup, so nothing was imported.",
    ]
    (backup / "company.yaml").write_text("peple: []")
    refused = RUNNER.invoke(app, ["import", str(backup / "company.yaml")])
    assert "company.yaml:1: “peple” is not a name I know" in refused.stderr


def test_a_folder_that_holds_something_else_is_refused(backup: Path, tmp_path: Path) -> None:
    (backup / "people.yaml").write_text("people: []")
    refused = RUNNER.invoke(app, ["import", str(backup)]).exception
    assert isinstance(refused, SettingsError)
    assert "also holds people.yaml" in str(refused)
    (tmp_path / "empty").mkdir()
    assert "nothing to import" in str(RUNNER.invoke(app, ["import", str(tmp_path / "empty")]).exception)


def test_a_file_that_is_not_there_is_said_without_a_code(tmp_path: Path) -> None:
    refused = RUNNER.invoke(app, ["import", str(tmp_path / "nowhere.yaml")]).exception
    assert "nowhere.yaml cannot be read (No such file or directory)" in str(refused)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    picture = tmp_path / "picture.yaml"
    picture.write_bytes(b"people: []\n# M\xfcller\n")
    refused = RUNNER.invoke(app, ["import", str(picture)])
    assert refused.exit_code == 1
    assert refused.stderr.startswith("picture.yaml:2: this line is not UTF-8 (at byte 14 of the file)")


def test_a_yaml_file_without_measure_is_refused_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(2 * 1024**3)
    refused = RUNNER.invoke(app, ["import", str(huge), "--json"])
    assert refused.exit_code == 1
    [told] = json.loads(refused.stdout)["problems"]
    assert "check-ins belong in check-ins.csv" in told["reason"]


def test_who_comes_while_something_else_writes_is_told_what_to_do(backup: Path, sqlite_url: str) -> None:
    assert RUNNER.invoke(app, ["import", str(backup)]).exit_code == 0
    with opened(sqlite_url) as database, closing(sqlite3.connect(str(database.file), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for asked, words in (
            (["import", str(backup)], "nothing was imported"),
            (["export", str(backup / "new")], "nothing was exported"),
        ):
            refused = RUNNER.invoke(app, asked).exception
            assert isinstance(refused, SettingsError)
            assert words in str(refused)
        assert not (backup / "new").exists()


def test_who_stops_an_import_has_imported_nothing(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as pressed:
        pressed.setattr(staged_check_ins, "tell_again", stop)
        stopped = RUNNER.invoke(app, ["import", str(backup)])
    assert (stopped.exit_code, stopped.stderr) == (130, "Stopped. Nothing was imported.\n")
    tried = RUNNER.invoke(app, ["import", str(backup), "--dry-run", "--json"])
    assert json.loads(tried.stdout)["sections"]["people"]["new"] == 1


def test_a_rehearsal_tells_every_message_and_proves_the_budget(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = (
        COMPANY.replace("2026-01-01", "2020-01-01").replace("2026-12-31", "2099-12-31").replace("Mia Berg", "=Mia")
    )
    (backup / "company.yaml").write_text(company)
    (backup / "check-ins.csv").unlink()
    assert RUNNER.invoke(app, ["import", str(backup)]).exit_code == 0
    table = tmp_path / "messages.csv"
    done = RUNNER.invoke(app, ["rehearse", "--weeks", "2", "--csv", str(table)])
    assert done.exit_code == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert re.fullmatch(
        r"\d messages? to 1 person in 2 weeks; at most 2 in any week and person that nobody asked for "
        r"\(allowed: 2\): holds",
        last,
    ), done.stdout
    head, *rows = table.read_text("utf-8-sig").splitlines()
    assert head == "person,slack_id,zone,local_time,kind,teams,key_results,counted"
    assert len(rows) == int(last[0])
    assert all(
        re.match(r"'=Mia,U0MIA,UTC,20\d\d-\d\d-\d\dT09:00\+00:00,(prompt|reminder),Lumen,KR-1,yes", row) for row in rows
    )
    assert oct(table.stat().st_mode)[-3:] == "600"
    printed = RUNNER.invoke(app, ["rehearse", "--weeks", "1", "--csv", "-", "--answers", "all"])
    assert printed.stdout.startswith(head)
    assert "holds" not in printed.stdout
    assert "holds" in printed.stderr
    told = json.loads(RUNNER.invoke(app, ["rehearse", "--weeks", "1", "--json"]).stdout)
    assert (told["holds"], told["offenders"], told["people"]) == (True, [], 1)


def test_a_rehearsal_of_what_is_not_there_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert "There is no database" in str(RUNNER.invoke(app, ["rehearse"]).exception)
    assert list(tmp_path.iterdir()) == []


def test_a_rehearsal_has_an_end(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert "Choose 1 to 53" in str(RUNNER.invoke(app, ["rehearse", "--weeks", "99"]).exception)
