"""`okr-bot demo`: what it keeps, what it refuses, and that it starts, ends and starts again."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import demo
from bot.demo import forget, free_port, run_demo, surroundings
from tests.local_slack import SlackControl, eventually

ROOT = Path(__file__).parents[1]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_port_in_use_is_said_before_anything_is_started(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run_demo(fresh=True, port=port) == 2
    said = capsys.readouterr()
    assert f"Port {port} cannot be used (Address already in use), perhaps" in said.err
    assert "SANDBOX_PORT" in said.err
    assert said.out == ""
    assert [file.name for file in (elsewhere / ".demo").iterdir()] == ["lock"]


def test_a_fresh_start_removes_only_what_the_demo_wrote(elsewhere: Path) -> None:
    home = elsewhere / ".demo"
    (home / "slack").mkdir(parents=True)
    own = ["okr.db", "okr.db-wal", "okr.db.migrate.lock", "company.yaml", "workspace.yaml", "bot.log", "slack/slack.db"]
    for name in [*own, "notes.txt", "slack/mine.txt"]:
        (home / name).write_text("kept?")
    (elsewhere / "okr.db").write_text("the real one")
    forget()
    left = {str(file.relative_to(elsewhere)) for file in elsewhere.rglob("*") if file.is_file()}
    assert left == {"okr.db", ".demo/notes.txt", ".demo/slack/mine.txt"}


def test_no_setting_of_a_real_workspace_reaches_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "database_url",
        "SLACK_BOT_TOKEN",
        "SLACK_CLIENT_ID",
        "OKR_CLOCK_URL",
        "PORT",
        "LOG_FORMAT",
    ):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("SOMETHING_ELSE", "stays")
    assert "real" not in surroundings().values()
    assert surroundings()["SOMETHING_ELSE"] == "stays"


def test_a_process_that_ends_is_said_with_its_last_lines(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "MANIFEST", elsewhere / "nowhere.json")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert run_demo(fresh=False, port=0) == 1
    said = capsys.readouterr().err
    assert "The local Slack ended with exit code 2." in said
    assert "nowhere.json cannot be read" in said


@contextmanager
def running(folder: Path, *options: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """`python -m bot demo` in a folder of its own, beside the settings of a real workspace."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SANDBOX_PORT": str(port),
        "DATABASE_URL": f"sqlite:///{folder / 'real.db'}",
        "SLACK_BOT_TOKEN": "xoxb-real",
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
    }
    output = (folder / "said.txt").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *options],
        cwd=folder,
        env=environment,
        stdout=output,
        stderr=output,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(40)
        output.close()


def wait_for_address(folder: Path, process: subprocess.Popen[str]) -> str:
    def look() -> re.Match[str] | None:
        said = (folder / "said.txt").read_text()
        assert process.poll() is None, said
        return re.search(r"http://127\.0\.0\.1:\d+/", said)

    found = eventually(look, "the address of the demo", within=90)
    assert found is not None
    return found[0]


def children_of(process: subprocess.Popen[str]) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def interrupt_until_it_ends(process: subprocess.Popen[str]) -> None:
    """Ctrl-C, again and again, as an impatient person presses it."""

    def press_and_look() -> bool:
        process.send_signal(signal.SIGINT)
        return process.poll() is not None

    eventually(press_and_look, "the demo to end", within=40)


@pytest.mark.slow
def test_the_demo_starts_with_a_prompt_waiting_ends_cleanly_and_goes_on_with_its_data(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port=port) as process:
        slack = SlackControl(wait_for_address(tmp_path, process))
        prompt = slack.wait_for_message("noor", "Check in", within=30)
        slack.say("noor", "Good morning", "#kitchen")
        clock = slack.now()
        interrupt_until_it_ends(process)
        assert process.wait(40) == 0
    assert not (tmp_path / "real.db").exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port)).close()
    with running(tmp_path, port=port) as process:
        slack = SlackControl(wait_for_address(tmp_path, process))
        assert "everything is as you left it" in (tmp_path / "said.txt").read_text()
        assert slack.now() >= clock
        assert "Good morning" in str(slack.messages("noor", "#kitchen"))
        slack.wait_until_connected()
        assert [each["ts"] for each in slack.messages("noor") if "Check in" in str(each)] == [prompt["ts"]]
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


@pytest.mark.slow
def test_when_the_local_slack_dies_the_demo_says_so_and_stops_the_bot(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "--fresh", port=port) as process:
        wait_for_address(tmp_path, process)
        children = children_of(process)
        assert len(children) == 2
        slack = next(child for child in children if b"sandbox" in Path(f"/proc/{child}/cmdline").read_bytes())
        os.kill(slack, signal.SIGKILL)
        assert process.wait(40) == 1
        assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert "The local Slack ended with exit code -9." in (tmp_path / "said.txt").read_text()


@pytest.mark.slow
def test_a_second_demo_in_the_same_place_is_refused_also_beside_what_a_killed_one_left(tmp_path: Path) -> None:
    def start_anew() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", "demo", "--fresh"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SANDBOX_PORT": str(free_port())},
            capture_output=True,
            text=True,
            timeout=60,
        )

    with running(tmp_path, port=free_port()) as process:
        wait_for_address(tmp_path, process)
        refused = start_anew()
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "Another demo" in refused.stderr
        left = children_of(process)
        process.kill()
        process.wait(10)
        try:
            assert start_anew().returncode == 2
        finally:
            for child in left:
                os.kill(child, signal.SIGTERM)
        assert (tmp_path / ".demo" / "okr.db").exists()
