"""Rich text blocks look as they do in Slack: every leaf, every style, lists inside lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.page.rich_text import labels, rich_text
from bot.sandbox.page.viewer import Viewer
from tests.sandbox.page.parsing import Element, parse

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
Json = dict[str, Any]


def section(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(leaves)}


def listing(style: str, *words: str, **more: Any) -> Json:
    items = [section({"type": "text", "text": word}) for word in words]
    return {"type": "rich_text_list", "style": style, "elements": items, **more}


def block(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def shown(*parts: Json) -> str:
    return str(rich_text(block(*parts), ANA))


def tree(*parts: Json) -> Element:
    return parse(shown(*parts))


@pytest.mark.parametrize(
    ("leaf", "html"),
    [
        ({"type": "text", "text": "a\n<b>"}, "a<br>&lt;b&gt;"),
        ({"type": "text", "text": "x", "style": {"bold": True}}, "<strong>x</strong>"),
        ({"type": "text", "text": "x", "style": {"italic": True}}, "<em>x</em>"),
        ({"type": "text", "text": "x", "style": {"strike": True}}, "<s>x</s>"),
        ({"type": "text", "text": "x", "style": {"underline": True}}, "<u>x</u>"),
        ({"type": "text", "text": "x", "style": {"code": True, "bold": True}}, "<strong><code>x</code></strong>"),
        ({"type": "text", "text": "x", "style": {"bold": False}}, "x"),
        ({"type": "link", "url": "javascript:x", "text": "no"}, '<span class="dead-link">no</span>'),
        ({"type": "user", "user_id": "U0MARIA"}, '<span class="mention" data-user="U0MARIA">@Maria</span>'),
        ({"type": "usergroup", "usergroup_id": "S0LEADS"}, '<span class="mention">@leads</span>'),
        ({"type": "channel", "channel_id": "C0OPS"}, '<a class="mention" href="/client/U0ANA/C0OPS">#operations</a>'),
        ({"type": "broadcast", "range": "here"}, '<span class="mention mention-me">@here</span>'),
        ({"type": "team", "team_id": "T1"}, '<span class="mention">@T1</span>'),
        ({"type": "user", "user_id": "U0MARIA", "style": {"highlight": True}},
         '<mark><span class="mention" data-user="U0MARIA">@Maria</span></mark>'),
    ],
)  # fmt: skip
def test_every_leaf_and_style_has_its_looks(leaf: Json, html: str) -> None:
    assert shown(section(leaf)) == f"<p>{html}</p>"


def test_a_colour_is_named_and_shown() -> None:
    page = tree(section({"type": "color", "value": "#AA00ff"}))
    assert page.one("code").text == "#AA00ff"
    assert page.one("rect").attributes["fill"] == "#AA00ff"


def test_a_date_is_in_the_readers_words_and_a_link_where_it_has_an_address() -> None:
    date = {"type": "date", "timestamp": MONDAY_NINE_IN_MADRID, "format": "{date_short_pretty} at {time}"}
    assert tree(section(date)).one("time").text == "today at 09:00"
    linked = tree(section(date | {"url": "https://example.com"})).one("a")
    assert linked.attributes["href"] == "https://example.com"
    assert linked.text == "today at 09:00"


def test_an_emoji_that_is_not_listed_here_is_shown_by_its_code() -> None:
    assert tree(section({"type": "emoji", "name": "wave", "skin_tone": 3})).text == "👋🏼"
    axe = tree(section({"type": "emoji", "name": "axe", "unicode": "1fa93"})).one(role="img")
    assert (axe.text, axe.attributes["aria-label"]) == ("🪓", "axe")
    assert tree(section({"type": "emoji", "name": "a", "unicode": "1f469-200d-1f33e"})).text == "👩\u200d🌾"
    for code in ("", "zz", "110000", "7f"):
        assert tree(section({"type": "emoji", "name": "party_parrot", "unicode": code})).text == ":party_parrot:"


def test_a_deeper_list_stands_inside_the_item_above_and_the_numbers_go_on_behind_it() -> None:
    outer = tree(
        listing("ordered", "one", "two"),
        listing("bullet", "deep", indent=1),
        listing("ordered", "deeper", indent=2),
        listing("ordered", "three", offset=2),
        listing("ordered", "anew"),
    )
    first, second = outer.children
    assert [item.text for item in first.children] == ["one", "twodeepdeeper", "three"]
    nested = first.children[1].one("ul")
    assert nested.attributes["class"] == "indent-0 level-1"
    assert nested.one("ol").attributes["class"] == "indent-0 level-2"
    assert second.text == "anew"


def test_a_list_starts_where_its_offset_says_and_stands_as_deep_as_its_indent() -> None:
    listed = tree(listing("ordered", "five", offset=4, indent=8, border=1)).one("ol")
    assert listed.attributes == {"class": "indent-8 level-8 bordered", "start": "5"}
    assert [one.tag for one in tree(listing("bullet", "a"), listing("ordered", "b")).children] == ["ul", "ol"]


def test_quotes_and_code_keep_their_lines_borders_and_links() -> None:
    quote = tree({"type": "rich_text_quote", "border": 1, "elements": [{"type": "text", "text": "a\nb"}]})
    assert quote.one("blockquote").attributes["class"] == "quote bordered"
    assert quote.all("br")
    code = tree({"type": "rich_text_preformatted", "border": 0, "language": "python", "elements": [
        {"type": "text", "text": "x = 1\n  y "}, {"type": "link", "url": "https://example.com"}]})  # fmt: skip
    assert code.one("pre").attributes == {"class": "code", "data-language": "python"}
    assert code.one("code").text == "x = 1\n  y https://example.com"
    assert code.one("a").attributes["href"] == "https://example.com"


def test_the_editor_is_told_what_people_see_for_each_thing_that_is_chosen_whole() -> None:
    written = block(
        section({"type": "text", "text": "a"}, {"type": "user", "user_id": "U0MARIA", "style": {"bold": True}}),
        {"type": "rich_text_list", "style": "bullet", "elements": [section({"type": "emoji", "name": "tada"})]},
        {"type": "rich_text_quote", "elements": [{"type": "link", "url": "https://example.com"},
                                                 {"type": "broadcast", "range": "channel"}]},
    )  # fmt: skip
    assert labels(written, ANA) == ["@Maria", "🎉", "@channel"]
