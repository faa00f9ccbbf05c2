"""What the repository may hold: the product, and nothing of the machine it was made on."""

import re
import subprocess

import pytest

from tests.house.sources import ROOT, tracked_files

# Written so that this file does not match itself.
NEVER = {
    "a registry's address": r"pypi[.]org|files[.]pythonhosted|registry[.]npmjs|--(extra-)?index-url|--find-links",
    "a path of somebody's machine": r"(?<![\w.])/(work|root)/(?=\w)|/home/[a-z]\w*/(?!app)",
    "a bot token": r"xoxb-[0-9]",
    "a user token": r"xoxp-[0-9]",
    "an app token": r"xapp-[0-9]",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
}
BINARY = {".png", ".jpg", ".gif", ".ico", ".webp", ".woff2"}
# Longer lines are somebody's minified asset, or data that belongs into a file of its own kind.
LONGEST_LINE = 1000


def texts() -> list[tuple[str, str]]:
    read = []
    for file in tracked_files():
        name = str(file.relative_to(ROOT))
        if file.suffix in BINARY or name == "tests/house/test_repository.py":
            continue
        read.append((name, file.read_text(encoding="utf-8")))
    return read


def test_every_text_file_is_utf_8_without_a_byte_order_mark_or_carriage_returns() -> None:
    for file in tracked_files():
        if file.suffix not in BINARY:
            content = file.read_bytes()
            assert content.decode("utf-8") is not None
            assert not content.startswith(b"\xef\xbb\xbf"), file
            assert b"\r" not in content, file


@pytest.mark.parametrize("what", NEVER)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(NEVER[what])
    found = []
    for name, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert found == []


def test_nothing_minified_is_carried_along() -> None:
    longest = {name: max(map(len, text.splitlines()), default=0) for name, text in texts()}
    assert {name: length for name, length in longest.items() if length > LONGEST_LINE} == {}


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_is_pinned_and_carries_hashes(lock: str) -> None:
    entries = re.sub(r"\\\n", " ", (ROOT / lock).read_text(encoding="utf-8")).splitlines()
    packages = [entry for entry in entries if entry.strip() and not entry.lstrip().startswith("#")]
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==\S+", package), package[:80]
        assert "--hash=sha256:" in package, package[:80]


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_developers_run_the_versions_that_operators_run() -> None:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: development.get(name) for name in runtime} == runtime


def test_every_process_of_the_procfile_is_the_module() -> None:
    lines = [line for line in (ROOT / "Procfile").read_text().splitlines() if line and not line.startswith("#")]
    processes = dict(line.split(":", 1) for line in lines)
    assert set(processes) == {"release", "web", "worker"}
    for command in processes.values():
        assert "python -m bot " in command + " "


def test_make_alone_prints_every_target() -> None:
    targets = re.findall(r"^([a-z-]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    printed = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert {"demo", "test", "test-fast", "check", "bench", "shots", "lock", "fmt", "clean"} <= set(targets)
    for target in targets:
        assert re.search(rf"^ +make {target} +\S", printed.stdout, re.MULTILINE), target
