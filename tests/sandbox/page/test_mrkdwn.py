"""What people write in Slack's mrkdwn looks as it does in Slack."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.page.markdown import markdown
from bot.sandbox.page.mrkdwn import mrkdwn
from bot.sandbox.page.viewer import Viewer
from tests.sandbox.page.parsing import parse

MONDAY_NINE_IN_MADRID = int(datetime(2026, 10, 5, 7, 0, tzinfo=UTC).timestamp())

ANA = Viewer(
    id="U0ANA",
    zone="Europe/Madrid",
    now=datetime(2026, 10, 5, 8, 0, tzinfo=UTC),
    people={"U0ANA": "Ana", "U0MARIA": "Maria"},
    channels={"C0OPS": "operations"},
    groups={"S0LEADS": "leads"},
    link_base="/client/U0ANA",
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*bold*", "<strong>bold</strong>"),
        ("_italic_", "<em>italic</em>"),
        ("~old~", "<s>old</s>"),
        ("*bold _and italic_*", "<strong>bold <em>and italic</em></strong>"),
        ("a*b*c", "a*b*c"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("`a *b* <x>`", "<code>a *b* &lt;x&gt;</code>"),
        ("```one\n  two```", "<pre><code>one\n  two</code></pre>"),
        ("before ```code``` after", "before <pre><code>code</code></pre> after"),
        ("&gt; quoted\n&gt; twice\nnot", "<blockquote>quoted<br>twice</blockquote>not"),
        (">>> all\nof it", "<blockquote>all<br>of it</blockquote>"),
        ("one\ntwo", "one<br>two"),
        ("&lt;b&gt; &amp; co", "&lt;b&gt; &amp; co"),
        ("10:30:45", "10:30:45"),
        (":nosuchemoji:", ":nosuchemoji:"),
    ],
)
def test_styles_quotes_and_code_are_shown_as_slack_shows_them(written: str, shown: str) -> None:
    assert str(mrkdwn(written, ANA)) == shown


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("<@U0MARIA>", "@Maria"),
        ("<@U0GONE|pat>", "@pat"),
        ("<#C0OPS>", "#operations"),
        ("<#C0SECRET>", "#private-channel"),
        ("<!here>", "@here"),
        ("<!subteam^S0LEADS>", "@leads"),
        (f"<!date^{MONDAY_NINE_IN_MADRID}^{{date_short_pretty}} at {{time}}|Monday>", "today at 09:00"),
        (f"<!date^{MONDAY_NINE_IN_MADRID}^{{date_long}}|Monday>", "Monday, October 5th, 2026"),
        (f"<!date^{MONDAY_NINE_IN_MADRID}^{{ago}}|Monday>", "1 hour ago"),
        ("<!date^soon^{date}|on Monday>", "on Monday"),
        ("<https://example.com/a?b=1&amp;copy=2|the plan>", "the plan"),
        (":tada: :thumbsup::skin-tone-3:", "🎉 👍🏼"),
    ],
)
def test_mentions_dates_links_and_emoji_are_shown_in_the_readers_words(written: str, words: str) -> None:
    assert parse(str(mrkdwn(written, ANA))).text == words


def test_a_mention_of_the_reader_stands_out() -> None:
    mention = parse(str(mrkdwn("<@U0ANA>", ANA))).one("span")
    assert "mention-me" in mention.attributes["class"]


def test_a_link_keeps_its_address_and_opens_elsewhere_without_access_to_the_page() -> None:
    link = parse(str(mrkdwn("<https://example.com/a?b=1&amp;copy=2|plan>", ANA))).one("a")
    assert link.attributes["href"] == "https://example.com/a?b=1&copy=2"
    assert "noopener" in link.attributes["rel"]


def test_a_bare_address_becomes_a_link_without_the_full_stop_behind_it() -> None:
    assert parse(str(mrkdwn("See https://example.com/x.", ANA))).one("a").attributes["href"] == "https://example.com/x"


def test_an_emoji_is_read_out_by_its_name() -> None:
    emoji = parse(str(mrkdwn(":raised_hands:", ANA))).one("span")
    assert emoji.attributes["role"] == "img"
    assert emoji.attributes["aria-label"] == "raised hands"


def test_the_markdown_block_shows_headings_lists_and_code() -> None:
    page = parse(str(markdown("# Week\nSome **bold**\n\n1. one\n2. two\n\n```\nx < 1\n```\n> said", ANA)))
    assert page.one("h3").text == "Week"
    assert page.one("strong").text == "bold"
    assert [item.text for item in page.one("ol").all("li")] == ["one", "two"]
    assert page.one("pre").text == "x < 1"
    assert page.one("blockquote").text == "said"


def test_the_markdown_block_shows_tables_and_lists_in_lists() -> None:
    page = parse(str(markdown("Before\n| KR | Value |\n|---|--:|\n| **3** | 45 \\| k |\n| 4 |\nbehind", ANA)))
    assert [cell.text for cell in page.all("th")] == ["KR", "Value"]
    assert [cell.text for cell in page.all("td")] == ["3", "45 | k", "4", ""]
    assert page.all("td")[1].attributes["class"] == "num"
    assert [one.text for one in page.all("p")] == ["Before", "behind"]
    nested = parse(str(markdown("- a\n- b\n  1. c\n  2. d\n- e", ANA)))
    assert [item.text for item in nested.one("ol").all("li")] == ["c", "d"]
    assert len(nested.one("ul").all("li")) == 5
