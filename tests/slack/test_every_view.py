"""What holds for whatever the bot shows, whatever people typed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack.views import Message
from tests.slack.every_view import EVERY_VIEW
from tests.slack.hostile import HOSTILE_TEXTS
from tests.slack.reading import blocks_of, lines_shown, problems_of, text_objects

SPICE = ["<!channel>", "<@U1>", "*", "_", "`", "&amp;", "@here", "\u202e", "\n", "שלום", "👍🏽", "{{ x }}", "\u0301"]
typed_texts = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(SPICE)), max_size=12).map("".join)


@pytest.mark.parametrize("view", EVERY_VIEW)
def test_an_ordinary_title_is_shown_without_a_complaint_from_slack(view: str) -> None:
    assert problems_of(EVERY_VIEW[view]("Grow the business")) == []


@pytest.mark.parametrize("kind", HOSTILE_TEXTS)
@pytest.mark.parametrize("view", EVERY_VIEW)
def test_whatever_is_typed_pings_nobody_and_fits_into_slacks_limits(view: str, kind: str) -> None:
    assert problems_of(EVERY_VIEW[view](HOSTILE_TEXTS[kind])) == []


@given(typed=typed_texts, view=st.sampled_from(sorted(EVERY_VIEW)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_at_all_breaks_a_view(typed: str, view: str) -> None:
    assert problems_of(EVERY_VIEW[view](typed)) == []


@pytest.mark.parametrize("view", [name for name in EVERY_VIEW if "digest" in name and "entry" not in name])
@pytest.mark.parametrize("kind", ["an ordinary text", *HOSTILE_TEXTS])
def test_a_digest_has_at_most_twelve_lines_of_at_most_120_characters(view: str, kind: str) -> None:
    digest = EVERY_VIEW[view](HOSTILE_TEXTS.get(kind, "Grow the business"))
    assert isinstance(digest, Message)
    lines = lines_shown(digest)
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("view", EVERY_VIEW)
def test_signs_and_exclamation_marks_do_not_shout(view: str) -> None:
    shown = EVERY_VIEW[view]("Grow the business")
    assert not [part["text"] for part in text_objects(blocks_of(shown)) if "!!" in part["text"]]
