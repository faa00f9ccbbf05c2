"""House rules a machine can see in the code itself."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.sources import ROOT, modules, place, tree

BOT = modules("bot")

COMMITTER = "bot/store/session.py"

# Where the clock may be read: at the edges, and where the database's own clock is asked.
CLOCK_READERS = ("bot/app.py", "bot/clock.py", "bot/cli.py", "bot/__main__.py", "bot/sandbox/")
CLOCK_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}

MODULE_LINES = 400
FUNCTION_LINES = 60
# path or path::function -> why it may be longer. This list is to stay short.
MAY_BE_LONGER: dict[str, str] = {}


def calls(module: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(module)) if isinstance(node, ast.Call))


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def called_name(call: ast.Call) -> tuple[str, str]:
    """The last two names of what is called: `datetime.datetime.now()` gives ("datetime", "now")."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return "", function.id if isinstance(function, ast.Name) else ""
    owner = function.value
    return (owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")), function.attr


@cache
def names_from_time(module: Path) -> set[str]:
    """Names bound by `from time import time` and the like."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if ("time", alias.name) in CLOCK_CALLS
    }


def handles_everything(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or getattr(kind, "id", "") in {"Exception", "BaseException"} for kind in kinds)


def does_nothing(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(statement, ast.Pass | ast.Continue)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in handler.body
    )


def suppresses_everything(call: ast.Call) -> bool:
    return called_name(call)[1] == "suppress" and any(
        getattr(argument, "id", "") in {"Exception", "BaseException"} for argument in call.args
    )


def test_there_is_code_to_look_at() -> None:
    assert ROOT / "bot" / "__init__.py" in BOT
    assert ROOT / COMMITTER in BOT


def test_only_the_session_commits() -> None:
    found = [
        place(module, call)
        for module in BOT
        if place(module) != COMMITTER
        for call in calls(module)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "commit"
        # The local Slack keeps its own state file; it is no part of the bot and has no session.
        and not place(module).startswith("bot/sandbox/")
    ]
    assert found == []


def test_time_is_an_argument_everywhere_but_at_the_edges() -> None:
    found = [
        f"{place(module, call)} {'.'.join(called_name(call)).strip('.')}"
        for module in BOT
        if not place(module).startswith(CLOCK_READERS)
        for call in calls(module)
        if called_name(call) in CLOCK_CALLS
        or (called_name(call)[0] == "" and called_name(call)[1] in names_from_time(module))
    ]
    assert found == []


def test_no_error_is_swallowed() -> None:
    found = [
        place(module, handler)
        for module in BOT
        for handler in ast.walk(tree(module))
        if isinstance(handler, ast.ExceptHandler)
        and (handler.type is None or (handles_everything(handler) and does_nothing(handler)))
    ]
    found += [place(module, call) for module in BOT for call in calls(module) if suppresses_everything(call)]
    assert found == []


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {place(module): len(module.read_text(encoding="utf-8").splitlines()) for module in BOT}
    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES and name not in MAY_BE_LONGER} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{place(module)}::{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in BOT
        for function in functions(module)
    }
    assert {
        name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES and name not in MAY_BE_LONGER
    } == {}


def test_every_exception_to_the_lengths_is_still_needed() -> None:
    for name in MAY_BE_LONGER:
        path, _, function = name.partition("::")
        if function:
            found = [node for node in functions(ROOT / path) if node.name == function]
            assert found, name
            assert max((node.end_lineno or 0) - node.lineno + 1 for node in found) > FUNCTION_LINES, name
        else:
            assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) > MODULE_LINES, name


def test_nothing_outside_the_tests_imports_the_tests() -> None:
    found = [
        place(module, node)
        for module in modules("bot", "bench", "migrations")
        for node in ast.walk(tree(module))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "tests")
        or (isinstance(node, ast.Import) and any(alias.name.partition(".")[0] == "tests" for alias in node.names))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("datetime.datetime.now(UTC)", ("datetime", "now")),
        ("datetime.now()", ("datetime", "now")),
        ("dt.date.today()", ("date", "today")),
        ("time.time()", ("time", "time")),
        ("now()", ("", "now")),
        ("f().now()", ("", "now")),
    ],
)
def test_a_reading_of_the_clock_is_recognised(line: str, name: tuple[str, str]) -> None:
    statement = ast.parse(line).body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert called_name(statement.value) == name


def test_rows_become_a_list_before_they_become_a_dict() -> None:
    """`dict(session.execute(...))` takes the columns for keys and fails; the type checker does not see it."""
    found = [
        f"{place(module)}:{call.lineno}"
        for module in BOT
        for call in calls(module)
        if called_name(call) == ("", "dict")
        and call.args
        and isinstance(call.args[0], ast.Call)
        and called_name(call.args[0])[1] in {"execute", "tuples", "scalars"}
    ]
    assert found == []
