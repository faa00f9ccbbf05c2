"""Whatever anybody writes, it stays words: no script, no handler, no address that runs something, no broken markup."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.blocks import Show, Surface
from bot.sandbox.page.markdown import markdown
from bot.sandbox.page.mrkdwn import mrkdwn
from bot.sandbox.page.rendering import page_environment, render_blocks
from bot.sandbox.page.rich_text import rich_text
from bot.sandbox.page.viewer import Viewer
from tests.sandbox.page.parsing import Element, parse

READER = Viewer(people={"U1": '<img src=x onerror="alert(1)">'}, channels={"C1": "a\"b'c"})
SHOW = Show(READER, [("U1", "<script>alert(1)</script>")], lambda: [("C1", '"><svg onload=alert(1)>')])
ENVIRONMENT = page_environment()

ALLOWED = frozenset(
    "a strong em s u code pre br p ul ol li blockquote span time h3 h4 h5 h6 hr div table thead tbody tr th td".split()  # noqa: SIM905
)

ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<javascript:alert(1)|click>",
    "<JaVaScRiPt:alert(1)|click>",
    "<java\tscript:alert(1)|click>",
    "<data:text/html,<script>alert(1)</script>|click>",
    "<vbscript:x|click>",
    '<https://example.com/" onmouseover="alert(1)|click>',
    "<https://example.com/' onmouseover='alert(1)|click>",
    '<https://example.com|"><script>alert(1)</script>>',
    '<@U1|"><b>',
    '<!date^1^{date}^javascript:alert(1)|"><b>>',
    "<!subteam^S1|@<b>x</b>>",
    "`<script>`",
    "```<script>alert(1)</script>```",
    "*<b>* _</em>_ ~</s>~",
    "*a _b* c_",
    "\ue0000\ue001 <b> \ue00099\ue001",
    "[click](javascript:alert(1))",
    '| <b> | "x" |\n|:-:|--|\n| <img src=x onerror=y> | `<i>` | more |',
    '[click](https://example.com/"onload="x)',
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&amp;gt;",
    "&#60;script&#62; &quot;",
    ':tada" onclick="x:',
]


def assert_harmless(html: str) -> Element:
    page = parse(html)
    for element in page.walk():
        assert element.tag not in ("script", "iframe", "object", "embed", "style", "base", "form"), element.tag
        for name, value in element.attributes.items():
            assert not name.startswith("on"), (element.tag, name)
            if name in ("href", "src", "action", "formaction"):
                assert value == "" or value.startswith(("https://", "http://", "mailto:", "tel:", "/client/", "#i-")), (
                    value
                )
    return page


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_in_messages_are_words(attack: str) -> None:
    for render in (mrkdwn, markdown):
        page = assert_harmless(str(render(attack, READER)))
        assert {element.tag for element in page.walk()} <= ALLOWED


@given(st.text(alphabet="<>&\"'`*_~:@#!|^[]()/\\ \n\tjavscript:httpdae0123456789{}\ue000\ue001", max_size=80))
def test_no_text_at_all_breaks_the_markup(text: str) -> None:
    for render in (mrkdwn, markdown):
        page = assert_harmless(str(render(text, READER)))
        assert {element.tag for element in page.walk()} <= ALLOWED


@given(st.text(max_size=60))
def test_text_without_markup_is_shown_unchanged(text: str) -> None:
    plain = "".join(char for char in text if char.isalnum() or char in " ,.äß")
    assert parse(str(mrkdwn(plain, READER))).text == plain


def hostile(text: str) -> list[dict[str, Any]]:
    """Every place of Block Kit that carries text or an address, filled with one text."""
    plain, words = {"type": "plain_text", "text": text}, {"type": "mrkdwn", "text": text}
    option = {"text": plain, "value": text, "description": plain, "url": text}
    confirm = {"title": plain, "text": words, "confirm": plain, "deny": plain, "style": text}
    elements: list[dict[str, Any]] = [
        {"type": "button", "text": plain, "value": text, "url": text, "style": text, "confirm": confirm,
         "accessibility_label": text},
        {"type": "overflow", "options": [option]},
        {"type": "static_select", "placeholder": plain, "option_groups": [{"label": plain, "options": [option]}]},
        {"type": "multi_static_select", "placeholder": plain, "options": [option], "initial_options": [option]},
        {"type": "users_select", "initial_user": "U1"},
        {"type": "conversations_select", "initial_conversation": "C1"},
        {"type": "external_select", "initial_option": option},
        {"type": "checkboxes", "options": [option]},
        {"type": "radio_buttons", "options": [option]},
        {"type": "plain_text_input", "initial_value": text, "placeholder": plain},
        {"type": "plain_text_input", "initial_value": text, "multiline": True},
        {"type": "datepicker", "initial_date": text},
        {"type": "feedback_buttons", "positive_button": {"text": plain, "value": text},
         "negative_button": {"text": plain, "value": text}},
        {"type": "icon_button", "icon": text, "text": plain, "value": text},
        {"type": "image", "image_url": text, "alt_text": text},
        {"type": text},
    ]  # fmt: skip
    for element in elements:
        element["action_id"] = text
    leaf: list[dict[str, Any]] = [
        {"type": "text", "text": text, "style": {text: True, "code": True}},
        {"type": "link", "url": text, "text": text},
        {"type": "emoji", "name": text},
        {"type": "user", "user_id": "U1"},
        {"type": "channel", "channel_id": text},
        {"type": "date", "timestamp": 1, "format": text, "fallback": text},
        {"type": "color", "value": text},
        {"type": "broadcast", "range": text},
    ]
    rich = {"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": leaf},
        {"type": "rich_text_list", "style": text, "elements": [{"type": "rich_text_section", "elements": leaf}]},
        {"type": "rich_text_preformatted", "elements": leaf},
    ]}  # fmt: skip
    chart = {"type": "line", "series": [{"name": text, "data": [{"label": text, "value": 1}]}],
             "axis_config": {"categories": [text], "x_label": text}}  # fmt: skip
    pie = {"type": "pie", "segments": [{"label": text, "value": 1}]}
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain},
        {"type": "section", "text": words, "fields": [words, plain], "accessory": elements[0]},
        {"type": "actions", "elements": elements},
        *[{"type": "input", "label": plain, "hint": plain, "element": element} for element in elements],
        {"type": "context", "elements": [words, elements[-2]]},
        {"type": "image", "image_url": text, "alt_text": text, "title": plain},
        rich,
        {"type": "markdown", "text": text},
        {"type": "table", "rows": [[{"type": "raw_text", "text": text}], [rich]], "column_settings": [{"align": text}]},
        {"type": "data_table", "caption": text, "rows": [[{"type": "raw_text", "text": text}]] * 2},
        {"type": "data_visualization", "title": text, "chart": chart},
        {"type": "data_visualization", "title": text, "chart": pie},
        {"type": "card", "title": words, "subtitle": plain, "body": words, "hero_image": elements[-2],
         "slack_icon": {"name": text}, "actions": elements[:1]},
        {"type": "alert", "text": words, "level": text},
        {"type": "container", "title": plain, "child_blocks": [{"type": "header", "text": plain}]},
        {"type": "plan", "title": text, "tasks": [{"title": text, "status": text, "details": rich,
                                                   "sources": [{"url": text, "text": text}]}]},
        {"type": "video", "title": plain, "title_url": text, "video_url": text, "thumbnail_url": text,
         "alt_text": text},
        {"type": text},
    ]  # fmt: skip
    return [block | {"block_id": f"{number}{text}"} for number, block in enumerate(blocks)]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_in_every_corner_of_block_kit_are_words(attack: str) -> None:
    assert_harmless(render_blocks(ENVIRONMENT, SHOW, Surface("modal", attack), hostile(attack)))


def test_styles_of_rich_text_that_slack_does_not_know_make_no_tags() -> None:
    leaf = {"type": "text", "text": "x", "style": {"script": True, "bold": True}}
    html = str(rich_text({"elements": [{"type": "rich_text_section", "elements": [leaf]}]}, READER))
    assert html == "<p><strong>x</strong></p>"
