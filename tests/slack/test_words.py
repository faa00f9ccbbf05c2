"""A message in the DM, taken apart; and the replies to it."""

from typing import Any

import pytest

from bot.slack import words
from bot.usecases.words import Meaning
from tests.usecases.world import TEAM


def event(text: str, **more: Any) -> dict[str, Any]:
    message = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U0ANA", "text": text, "ts": "1.2"}
    return {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": {**message, **more}}


@pytest.mark.parametrize(
    "text",
    [
        "1 45k 8 soon|2 +3| KR-9 =", "1. 45k 8 soon\n2) +3\nKR-9 =", "`1 45k 8 soon | 2 +3 | KR-9 =`",
        "#1 45k 8 soon\n\n#2: +3\n• kr 9 =",
        "/okr update 1 45k 8 soon | 2 +3 | kr-9 =", "update 1 45k 8 soon | 2 +3 | KR9 =",
        "\u200f١ 45k 8 soon | ٢ +3 | KR-9 =", "| 1 45k 8 soon || 2 + 3 | KR-9 = |",
    ],
)  # fmt: skip
def test_ways_to_write_the_same(text: str) -> None:
    meaning, parts = words.read(text)
    assert meaning is Meaning.ANSWER
    assert [part.problem for part in parts] == [None] * 3
    assert [(part.place, part.number, part.value) for part in parts] == [
        (1, None, "45k"), (2, None, "+3"), (None, 9, "="),
    ]  # fmt: skip
    assert (parts[0].confidence, parts[0].note) == (8, "soon")


def test_a_note_keeps_its_lines_and_its_bars_in_quotation_marks() -> None:
    _, (first, second) = words.read('1 45k 8 "legal | tax"\n2 5 waiting\nfor them')
    assert (first.note, second.note) == ("legal | tax", "waiting\nfor them")


@pytest.mark.parametrize(
    "text", ["=", "No change.", "nothing changed", "all the same!", "UNCHANGED", "  no   changes ", "`=`"]
)
def test_that_nothing_has_changed(text: str) -> None:
    assert words.read(text) == (Meaning.ALL_THE_SAME, ())


@pytest.mark.parametrize(
    "text", ["thanks!", "hello", "help", "/okr list", "<!channel>", "", "|", "a | b", "thanks for KR-3", "🎉", "\u200f"]
)
def test_something_else(text: str) -> None:
    assert words.read(text)[0] is Meaning.SOMETHING_ELSE


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "message_deleted"}, {"subtype": "bot_message"},
        {"subtype": "channel_join"}, {"channel_type": "channel"}, {"text": "  "}, {"user": None}, {"text": None},
        {"subtype": "file_share", "text": ""},
    ],
)  # fmt: skip
def test_what_nobody_wrote_to_the_bot_is_no_answer(more: dict[str, Any]) -> None:
    assert words.answer(event(**{"text": "1 5", **more})) is None


def test_words_beside_a_file_and_below_a_message_are_read() -> None:
    assert words.answer(event("1 5", subtype="file_share", files=[{"id": "F1"}])) is not None
    below = words.answer(event("1 5", thread_ts="1.1"))
    assert below is not None
    assert below.thread_ts == "1.1"
