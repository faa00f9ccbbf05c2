"""The processes that tests fork instead of starting them are processes like any other."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked
from tests.forked import ROOT, Forked
from tests.local_slack import LocalSlack, eventually


def started(folder: Path, *arguments: str, **env: str) -> Forked:
    """`python -m bot …` whose outputs are the files `out` and `error` of the folder."""
    with (folder / "out").open("wb") as out, (folder / "error").open("wb") as error:
        return forked.start("bot", arguments, env=env, folder=folder, out=out.fileno(), error=error.fileno())


@pytest.mark.slow
def test_it_says_and_ends_as_a_process_started_anew(tmp_path: Path) -> None:
    for arguments, env in (
        (["run", "--help"], {}),
        (["run"], {"LOG_FORMAT": "rhyme"}),
    ):
        anew = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env={"PYTHONPATH": str(ROOT), **env},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        process = started(tmp_path, *arguments, **env)
        assert process.wait(30) == process.poll() == anew.returncode
        assert (tmp_path / "out").read_text() == anew.stdout
        assert (tmp_path / "error").read_text() == anew.stderr


def test_it_has_its_own_folder_and_none_of_the_open_files(tmp_path: Path) -> None:
    with (tmp_path / "a file of the test").open("wb") as ours:
        os.set_inheritable(ours.fileno(), True)
        with LocalSlack.start() as slack:
            about = Path(f"/proc/{slack.process.pid}")
            targets = {os.readlink(file) for file in (about / "fd").iterdir()}
            assert not any(target.endswith("a file of the test") for target in targets)
            assert (about / "cwd").readlink() == ROOT


def test_a_signal_ends_it_and_is_its_exit_code(tmp_path: Path) -> None:
    with LocalSlack.start() as slack:
        process = slack.process
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        process.send_signal(signal.SIGSTOP)
        process.kill()
        assert process.wait(10) == -signal.SIGKILL
        process.terminate()
        assert process.poll() == -signal.SIGKILL


@pytest.mark.slow
def test_everything_ends_with_a_test_run_that_was_killed() -> None:
    program = (
        "import json, sys\n"
        "from tests.local_slack import LocalSlack\n"
        "with LocalSlack.start() as slack:\n"
        "    parent = int(open(f'/proc/{slack.process.pid}/stat').read().rpartition(')')[2].split()[1])\n"
        "    print(json.dumps([slack.process.pid, parent]), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    left = json.loads(run.stdout.readline())
    run.kill()
    run.communicate()
    eventually(lambda: not any(is_running(process_id) for process_id in left), "both to be gone", 30)


def is_running(process_id: int) -> bool:
    """It has not ended; one that ended and that nobody has asked about yet counts as ended."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
