"""What the house-rule tests read: the tracked files, the modules of the bot, the pages of the documentation."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file of the repository as git knows it, plus new files git would not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted(file for file in files if file.is_file()))


def modules(*folders: str) -> list[Path]:
    """The Python files below the given folders of the repository."""
    return [file for file in tracked_files() if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in folders]


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), str(module))


def place(module: Path, node: ast.AST | None = None) -> str:
    """How a finding names its place: `bot/app.py:12`."""
    line = getattr(node, "lineno", None)
    return str(module.relative_to(ROOT)) + (f":{line}" if line else "")


def pages() -> list[Path]:
    """Every Markdown page."""
    return [file for file in tracked_files() if file.suffix == ".md"]


FENCE = re.compile(r"^ {0,3}(```+|~~~+).*?$(.*?)^ {0,3}\1\s*$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def code_in(page: str) -> list[str]:
    """The fenced blocks and code spans of a Markdown text: what a reader may copy."""
    blocks = [match[2] for match in FENCE.finditer(page)]
    return blocks + SPAN.findall(FENCE.sub("", page))
