"""What somebody hears when they were recognised."""

import pytest

from bot.okr.recognition import DEFAULT_EMOJI
from bot.slack.views import recognition
from tests.slack import sample_facts as facts
from tests.slack.reading import read


def test_the_notice_says_who_for_what_on_which_key_results() -> None:
    shown = recognition.notice(facts.recognition())
    assert shown.text == "Bo Berg, your lead, recognised your effort on KR-3 and KR-5."
    assert ":muscle:" in read(shown)
    assert "<https://acme.slack.com/p1|See the check-in>" in read(shown)


def test_a_colleague_is_not_called_a_lead() -> None:
    assert "lead" not in recognition.notice(facts.recognition(by_lead=False)).text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("result", "the result"),
        ("effort", "your effort"),
        ("learning", "what you learned"),
        ("candour", "your candour"),
    ],
)
def test_every_kind_is_said_in_words(kind: str, words: str) -> None:
    assert f"recognised {words}" in recognition.notice(facts.recognition(kind=kind)).text


def test_no_kind_of_recognition_is_without_words() -> None:
    assert set(recognition.KIND_WORDS) == set(DEFAULT_EMOJI.values())


@pytest.mark.parametrize("link", [None, "javascript:alert(1)", "https://x|<!channel>", "https://x> <!here>"])
def test_a_link_that_is_none_is_left_out(link: str | None) -> None:
    assert "See the check-in" not in read(recognition.notice(facts.recognition(link=link)))
