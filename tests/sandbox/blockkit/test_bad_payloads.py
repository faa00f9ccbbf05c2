"""Slack's refusals, word for word and in its order."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot.sandbox.blockkit import Problem, validate_blocks, validate_message, validate_view
from tests.sandbox.blockkit import bad_payloads
from tests.sandbox.blockkit.samples import Json, element, home, input_block, modal, plain

PLACE = {"actions": "/elements/0", "context_actions": "/elements/0", "input": "/element", "section": "/accessory"}


def said(problems: Sequence[Problem]) -> list[str]:
    return [problem.as_line() for problem in problems]


def expected(lines: Sequence[str], start: str = "") -> list[str]:
    """The table's "message @ pointer" as Slack prints it; `start` is the pointer the table leaves out."""
    result = []
    for line in lines:
        message, _, pointer = line.rpartition(" @")
        pointer = pointer.strip()
        result.append(f"{message} [json-pointer:{start}{'/' if start and pointer else ''}{pointer}]")
    return result


def placed(place: str, inner: Json) -> Json:
    if place == "input":
        return input_block(inner)
    if place == "section":
        return {"type": "section", "text": plain(), "accessory": inner}
    return {"type": place, "elements": [inner]}


def by_name(row: tuple[object, ...]) -> str:
    return str(row[1] if row[0] in PLACE else row[0])


@pytest.mark.parametrize("row", bad_payloads.BLOCKS, ids=by_name)
def test_a_bad_block_is_refused_in_slacks_words(row: tuple[Any, ...]) -> None:
    _, block, *lines = row
    assert said(validate_blocks([block], "message")) == expected(lines, "/blocks/0")


@pytest.mark.parametrize("row", bad_payloads.ELEMENTS, ids=by_name)
def test_a_bad_element_is_refused_in_slacks_words(row: tuple[str, str, Json, str]) -> None:
    place, _, inner, *lines = row
    assert said(validate_blocks([placed(place, inner)], "message")) == expected(lines, f"/blocks/0{PLACE[place]}")


@pytest.mark.parametrize("row", bad_payloads.LISTS, ids=by_name)
def test_a_bad_list_of_blocks_is_refused_in_slacks_words(row: tuple[Any, ...]) -> None:
    _, blocks, *lines = row
    assert said(validate_blocks(blocks, "message")) == expected(lines)


@pytest.mark.parametrize("row", bad_payloads.VIEWS, ids=by_name)
def test_a_bad_view_is_refused_in_slacks_words(row: tuple[Any, ...]) -> None:
    _, view, *lines = row
    assert said(validate_view(view)) == expected(lines)


@pytest.mark.parametrize("row", bad_payloads.MESSAGES, ids=by_name)
def test_a_bad_message_is_refused_in_slacks_words(row: tuple[str, Json, str, str]) -> None:
    _, payload, code, *lines = row
    found = validate_message(payload)
    assert said(found) == expected(lines)
    assert found[0].code == code


def test_the_table_is_long_enough_to_be_worth_its_name() -> None:
    tables = (bad_payloads.BLOCKS, bad_payloads.ELEMENTS, bad_payloads.LISTS, bad_payloads.VIEWS, bad_payloads.MESSAGES)
    rows = [row for table in tables for row in table]
    assert len(rows) >= 250
    assert all(isinstance(row[-1], str) and " @" in row[-1] for row in rows)
    assert len({by_name(row) for row in bad_payloads.ELEMENTS}) == len(bad_payloads.ELEMENTS)


@pytest.mark.parametrize(
    ("view", "codes"),
    [
        (modal(title=...), ["failed_constraint", "missing_field"]),
        (modal(title=plain(25)), ["failed_constraint"] * 3),
        (home(blocks="x"), ["failed_constraint", "invalid_type"]),
    ],
)
def test_each_line_carries_its_code(view: Json, codes: list[str]) -> None:
    assert [problem.code for problem in validate_view(view)] == codes


def test_a_line_says_what_was_expected_and_what_came() -> None:
    problems = validate_blocks([{"type": "header", "text": plain(151)}, {"type": "header"}], "message")
    assert [problem.constraint for problem in problems] == [
        {"type": "all_of"},
        {"type": "max_length", "expected": 150, "got": 151},
        None,
    ]
    assert problems[2].field == "text"


def test_an_element_only_slack_knows_names_what_would_fit() -> None:
    problem = validate_blocks([{"type": "context_actions", "elements": [element("button")]}], "message")[0]
    assert problem.constraint == {"type": "enum", "expected": ["feedback_buttons", "icon_button"], "got": "button"}


def grown_to(size: int, payload: Json, holder: Json, name: str) -> Json:
    """The payload with a text in it so long that its compact JSON takes exactly this many bytes."""
    holder[name] = ""
    holder[name] = "x" * (size - len(json.dumps(payload, separators=(",", ":"))))
    return payload


@pytest.mark.parametrize(("size", "codes"), [(8192, []), (8193, ["metadata_too_large"])])
def test_metadata_may_take_8_kb_and_not_a_byte_more(size: int, codes: list[str]) -> None:
    content: Json = {}
    metadata = grown_to(size, {"event_type": "delivery", "event_payload": content}, content, "key")
    assert [problem.code for problem in validate_message({"metadata": metadata})] == codes


@pytest.mark.parametrize(("size", "codes"), [(256_000, []), (256_001, ["view_too_large"])])
def test_a_view_may_take_250_kb_and_not_a_byte_more(size: int, codes: list[str]) -> None:
    button = element("button", url=..., confirm=...)
    rest = [{"type": "section", "text": plain(3000)}] * 83
    view = modal({"type": "actions", "elements": [button]}, *rest)
    grown_to(size, view, button, "value")
    assert [problem.code for problem in validate_view(view)] == codes


def test_bytes_are_counted_not_characters() -> None:
    metadata = {"event_type": "delivery", "event_payload": {"key": "é" * 4100}}
    assert [problem.code for problem in validate_message({"metadata": metadata})] == ["metadata_too_large"]
