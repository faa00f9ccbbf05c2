"""What the operator's commands answer to what cannot be read."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.config import SettingsError

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


def test_a_file_that_is_not_there_is_said_without_a_code(tmp_path: Path) -> None:
    refused = RUNNER.invoke(app, ["import", str(tmp_path / "nowhere.yaml")]).exception
    assert "nowhere.yaml cannot be read (No such file or directory)" in str(refused)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    picture = tmp_path / "picture.yaml"
    picture.write_bytes(b"\x89PNG")
    refused = RUNNER.invoke(app, ["import", str(picture)]).exception
    assert "byte 0 is not UTF-8" in str(refused)
