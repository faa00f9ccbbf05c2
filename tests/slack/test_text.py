"""What people type becomes text that looks the same and does nothing."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.mrkdwn import inline
from bot.sandbox.page.viewer import Viewer
from bot.slack import text

SHOWN_TO = Viewer(id="U1", zone="Europe/Berlin", people={"U1": "ann"}, channels={"C1": "general"})


@pytest.mark.parametrize(
    "typed", ["<!channel>", "<@U1>", "<!subteam^S1|team>", "<!here>", "<#C1|general>", "@channel", "@Everyone", "@here"]
)
def test_nothing_typed_pings_anybody(typed: str) -> None:
    shown = text.escape(f"ask {typed} now")
    assert "<" not in shown
    assert typed not in shown or not typed.startswith("@")
    assert "mention" not in str(inline(shown, SHOWN_TO))


@pytest.mark.parametrize("typed", ["*bold*", "_it_", "~no~", "`code`", "a *b* c", "(*b*)", "**b**", "*_x_*"])
def test_marks_in_a_title_are_shown_and_style_nothing(typed: str) -> None:
    html = str(inline(text.escape(typed), SHOWN_TO))
    assert not any(tag in html for tag in ("<strong", "<em", "<s>", "<code"))


@pytest.mark.parametrize("typed", ["snake_case_name", "2*3*4", "https://x.example/_a_/b~c*", "€3,500 & more", "it's"])
def test_marks_inside_words_and_addresses_stay_as_they_were_typed(typed: str) -> None:
    assert text.escape(typed) == typed.replace("&", "&amp;")


def test_only_the_three_characters_slack_knows_are_escaped() -> None:
    assert text.escape("Q&A <5% \"quoted\" 'and'") == "Q&amp;A &lt;5% \"quoted\" 'and'"


def test_a_line_that_begins_with_a_bracket_is_no_quotation() -> None:
    assert not text.escape("> 50 customers").startswith("&gt;")


@given(st.text())
def test_escaping_twice_is_escaping_once(typed: str) -> None:
    once = text.escape(typed)
    assert text.escape(once) == once


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_clipped_text_is_a_beginning_of_the_text(typed: str, limit: int) -> None:
    clipped = text.clip(typed, limit)
    assert typed.startswith(clipped.removesuffix(text.ELLIPSIS).rstrip()) or len(typed) > 2 * limit


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("12345", "12345"),
        ("123456", "1234…"),
        ("e\u0301" * 6, "e\u0301" * 4 + "…"),
        ("👨‍👩‍👧‍👦" * 6, "👨‍👩‍👧‍👦" * 4 + "…"),
        ("👍🏽" * 6, "👍🏽" * 4 + "…"),
        ("🇩🇪" * 6, "🇩🇪" * 4 + "…"),
        ("one two", "one…"),
    ],
)
def test_clipping_counts_what_a_reader_counts_and_cuts_nothing_apart(typed: str, shown: str) -> None:
    assert text.clip(typed, 5) == shown


def test_a_heap_of_accents_does_not_make_a_short_text_long() -> None:
    assert len(text.clip("Z" + "\u0301" * 10_000, 90)) < 100


@given(st.text(max_size=200), st.integers(2, 60))
def test_clipped_mrkdwn_is_never_longer_than_allowed_and_cuts_no_entity(typed: str, limit: int) -> None:
    clipped = text.clip_mrkdwn(text.escape(typed), limit)
    assert text.visible_length(clipped) <= limit
    assert clipped.count("&") == sum(clipped.count(each) for each in ("&amp;", "&lt;", "&gt;"))


def test_writing_from_right_to_left_does_not_turn_the_sentence_around_it() -> None:
    assert text.title("הגדלת ההכנסות") == "\u2068הגדלת ההכנסות\u2069"
    assert text.title("Revenue") == "Revenue"
    assert "\u202e" not in text.title("\u202eevil")


def test_a_title_of_several_lines_is_shown_in_one() -> None:
    assert text.title("Grow\n\nthe   business\t!") == "Grow the business !"


def test_a_quotation_marks_every_line() -> None:
    assert text.quoted("first\n\n> second", 100) == ">first\n>\u2060&gt; second"


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, ""), (1, "Ann"), (2, "Ann and Ann"), (3, "Ann, Ann and Ann"), (900, "Ann, Ann and 898 more")],
)
def test_as_many_names_as_fit_are_listed_and_the_rest_is_counted(count: int, shown: str) -> None:
    assert text.names(["Ann"] * count, 25) == shown


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=40), st.integers(20, 150))
def test_a_list_of_names_never_gets_longer_than_asked(people: list[str], limit: int) -> None:
    assert text.visible_length(text.names(people, limit)) <= limit


def test_a_printed_time_names_its_zone_and_follows_the_clocks() -> None:
    summer = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
    winter = datetime(2026, 10, 28, 16, 0, tzinfo=UTC)
    assert text.zoned(summer, "Europe/Berlin") == "Wed 14 Oct, 17:00 (Europe/Berlin)"
    assert text.zoned(winter, "Europe/Berlin") == "Wed 28 Oct, 17:00 (Europe/Berlin)"
    assert text.clock(summer, "Asia/Kolkata") == "20:30 (Asia/Kolkata)"


def test_an_unknown_zone_is_told_in_utc() -> None:
    assert text.zoned(datetime(2026, 10, 14, 15, 0, tzinfo=UTC), "Mars/Base") == "Wed 14 Oct, 15:00 (UTC)"


def test_a_naive_time_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="naive"):
        text.zoned(datetime(2026, 10, 14, 15, 0), "UTC")  # noqa: DTZ001


def test_a_calendar_day_is_the_same_everywhere() -> None:
    assert text.day(date(2026, 10, 12)) == "12 Oct"
