"""Every block and element is shown, and what can be filled in has its label, name and present value."""

import json
from typing import Any

import pytest

from bot.sandbox.page.blocks import Show, Surface
from bot.sandbox.page.charts import nice_ticks
from bot.sandbox.page.rendering import page_environment, render_blocks
from bot.sandbox.page.viewer import Viewer
from tests.sandbox.page.parsing import Element, parse

ENVIRONMENT = page_environment()
SHOW = Show(
    Viewer(id="U1", zone="Asia/Kolkata", people={"U1": "Ana"}),
    [("U1", "Ana Torres"), ("U2", "Maria Weber")],
    lambda: [("C1", "operations")],
)
OPTIONS = [{"text": {"type": "plain_text", "text": word}, "value": word.lower()} for word in ("Low", "High")]
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Rich"}]}],
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def shown(*blocks: dict[str, Any], values: dict[str, Any] | None = None) -> Element:
    numbered = [{"block_id": f"b{number}"} | block for number, block in enumerate(blocks)]
    return parse(render_blocks(ENVIRONMENT, SHOW, Surface("modal", "V1", values or {}), numbered))


BLOCKS: list[tuple[dict[str, Any], str]] = [
    ({"type": "header", "text": plain("Words")}, "Words"),
    ({"type": "section", "text": {"type": "mrkdwn", "text": "*Words*"}, "fields": [plain("Field")]}, "Words"),
    ({"type": "context", "elements": [plain("Words")]}, "Words"),
    ({"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain("Words")}]}, "Words"),
    ({"type": "image", "image_url": "https://example.com/i.png", "alt_text": "x", "title": plain("Words")}, "Words"),
    ({"type": "input", "label": plain("Words"), "element": {"type": "plain_text_input", "action_id": "a"}}, "Words"),
    (RICH, "Rich"),
    ({"type": "markdown", "text": "# Words"}, "Words"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "Words"}]]}, "Words"),
    ({"type": "data_table", "caption": "Words", "rows": [[plain("H")], [{"type": "raw_number", "value": 7}]]}, "Words"),
    ({"type": "data_visualization", "title": "Words",
      "chart": {"type": "pie", "segments": [{"label": "A", "value": 1}]}}, "Words"),
    ({"type": "card", "title": plain("Words")}, "Words"),
    ({"type": "carousel", "elements": [{"type": "card", "body": plain("Words")}]}, "Words"),
    ({"type": "alert", "level": "warning", "text": plain("Words")}, "Words"),
    ({"type": "container", "title": plain("Title"), "child_blocks": [{"type": "header", "text": plain("Words")}]},
     "Words"),
    ({"type": "task_card", "title": "Words", "status": "complete", "details": RICH}, "Words"),
    ({"type": "plan", "title": "Words", "tasks": [{"title": "Task", "status": "pending"}]}, "Words"),
    ({"type": "video", "title": plain("Words"), "video_url": "https://example.com/v", "alt_text": "x",
      "thumbnail_url": "https://example.com/t.png"}, "Words"),
    ({"type": "context_actions", "elements": [
        {"type": "feedback_buttons", "action_id": "f", "positive_button": {"text": plain("Good"), "value": "1"},
         "negative_button": {"text": plain("Bad"), "value": "0"}},
        {"type": "icon_button", "action_id": "i", "icon": "trash", "text": plain("Words")}]}, "👍"),
    ({"type": "file", "external_id": "Words"}, "Words"),
    ({"type": "hologram"}, "hologram"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "words"), BLOCKS, ids=[block["type"] for block, _ in BLOCKS])
def test_every_block_is_shown(block: dict[str, Any], words: str) -> None:
    assert words in shown(block).text


def test_a_divider_is_a_rule() -> None:
    shown({"type": "divider"}).one("hr")


LABELLED = {
    "plain_text_input": "input", "email_text_input": "input", "url_text_input": "input", "number_input": "input",
    "datepicker": "input", "timepicker": "input", "datetimepicker": "input",
    "static_select": "select", "external_select": "input", "users_select": "input", "channels_select": "input",
    "conversations_select": "input", "multi_static_select": "input", "multi_external_select": "input",
    "multi_users_select": "input", "multi_channels_select": "input", "multi_conversations_select": "input",
    "file_input": "input",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "tag"), LABELLED.items())
def test_every_input_has_a_label_that_points_at_it(kind: str, tag: str) -> None:
    element = {"type": kind, "action_id": "a", "options": OPTIONS}
    page = shown({"type": "input", "label": plain("KR-3 value"), "element": element})
    label = page.one("label", class_="label")
    assert label.text == "KR-3 value"
    assert page.one(id=label.attributes["for"]).tag == tag
    assert page.all(data_block_id="b0", data_action_id="a", data_type=kind)


def test_the_editor_of_rich_text_is_a_named_textbox_with_what_stands_in_it() -> None:
    element = {"type": "rich_text_input", "action_id": "a", "initial_value": RICH, "placeholder": plain("Say why")}
    block = {"type": "input", "label": plain("Why?"), "hint": plain("In short"), "element": element}
    page = shown(block)
    field = page.one(role="textbox")
    assert field.attributes["aria-multiline"] == "true"
    assert field.attributes["aria-placeholder"] == "Say why"
    assert page.one(id=field.attributes["aria-labelledby"]).text == "Why?"
    assert page.one(id=field.attributes["aria-describedby"]).text == "In short"
    assert json.loads(page.one(data_type="rich_text_input").attributes["data-value"]) == RICH
    assert [button.attributes["aria-label"] for button in page.one(role="toolbar").all("button")] == [
        "Bold", "Italic", "Underline", "Strikethrough", "Link", "Ordered list", "Bulleted list", "Quote", "Code",
        "Code block", "Mention someone", "Emoji",
    ]  # fmt: skip
    cleared = {"b0": {"a": {"type": "rich_text_input", "rich_text_value": None}}}
    emptied = shown(block, values=cleared).one(data_type="rich_text_input")
    assert json.loads(emptied.attributes["data-value"]) is None


@pytest.mark.parametrize(("kind", "role"), [("radio_buttons", "radiogroup"), ("checkboxes", "group")])
def test_a_set_of_choices_is_a_named_group_of_labelled_boxes(kind: str, role: str) -> None:
    element = {"type": kind, "action_id": "a", "options": OPTIONS}
    page = shown({"type": "input", "label": plain("How sure?"), "element": element})
    group = page.one(role=role)
    assert group.attributes["aria-label"] == "How sure?"
    assert [label.text for label in group.all("label")] == ["Low", "High"]
    assert all(label.all("input") for label in group.all("label"))


def test_what_stands_side_by_side_has_keys_of_its_own() -> None:
    pair = {"type": "feedback_buttons", "action_id": "f",
            "positive_button": {"text": plain("Good"), "value": "g"},
            "negative_button": {"text": plain("Bad"), "value": "b"}}  # fmt: skip
    page = shown({"type": "context_actions", "elements": [pair]})
    assert [one.attributes["aria-label"] for one in page.all("button")] == ["Good", "Bad"]
    assert len({one.attributes["data-key"] for one in page.all("button")}) == 2
    select = {"type": "static_select", "action_id": "s", "options": OPTIONS}
    keys = [one.attributes.get("data-key") for one in shown({"type": "actions", "elements": [select]}).all("option")]
    assert len(set(keys)) == len(OPTIONS) + 1


def test_what_was_typed_wins_over_the_initial_value() -> None:
    block = {"type": "input", "label": plain("Value"),
             "element": {"type": "plain_text_input", "action_id": "a", "initial_value": "old"}}  # fmt: skip
    assert shown(block).one("input").attributes["value"] == "old"
    typed = {"b0": {"a": {"type": "plain_text_input", "value": "new"}}}
    assert shown(block, values=typed).one("input").attributes["value"] == "new"
    cleared = {"b0": {"a": {"type": "plain_text_input", "value": None}}}
    assert shown(block, values=cleared).one("input").attributes["value"] == ""


def test_the_chosen_option_is_selected() -> None:
    element = {"type": "static_select", "action_id": "a", "options": OPTIONS, "initial_option": OPTIONS[1]}
    options = shown({"type": "input", "label": plain("Sure"), "element": element}).all("option")
    assert [(option.text, "selected" in option.attributes) for option in options] == [
        ("Choose an option", False), ("Low", False), ("High", True)
    ]  # fmt: skip


def test_a_date_and_time_is_shown_in_the_readers_zone() -> None:
    element = {"type": "datetimepicker", "action_id": "a", "initial_date_time": 1791171000}
    page = shown({"type": "input", "label": plain("When"), "element": element})
    assert page.one("input").attributes["value"] == "2026-10-05T09:00"


def test_an_optional_input_says_so_and_a_required_one_is_marked_for_screen_readers() -> None:
    element = {"type": "plain_text_input", "action_id": "a"}
    page = shown(
        {"type": "input", "label": plain("A"), "optional": True, "element": element},
        {"type": "input", "label": plain("B"), "element": element},
    )
    assert "(optional)" in page.text
    assert [field.attributes.get("aria-required") for field in page.all("input")] == [None, "true"]


def test_a_button_carries_its_ids_value_and_question() -> None:
    button = {"type": "button", "action_id": "skip", "value": "r1", "style": "danger", "text": plain("Skip"),
              "confirm": {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"),
                          "deny": plain("No")}}  # fmt: skip
    found = shown({"type": "actions", "elements": [button]}).one("button")
    assert found.attributes["data-action-id"] == "skip"
    assert found.attributes["data-value"] == "r1"
    assert "danger" in found.attributes["class"]
    assert '"title": "Sure?"' in found.attributes["data-confirm"]


def test_a_chart_has_its_figures_as_a_table_too() -> None:
    points = [{"label": "W2", "value": 12}, {"label": "W1", "value": -3}]
    series = [{"name": "KR-3", "data": points}]
    chart = {"type": "bar", "axis_config": {"categories": ["W1", "W2"]}, "series": series}
    page = shown({"type": "data_visualization", "title": "Progress", "chart": chart})
    assert page.one("svg", role="img").attributes["aria-label"] == "Progress"
    assert [row.text for row in page.one("tbody").all("tr")] == ["W1-3", "W212"]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0, 100, [0, 25, 50, 75, 100]), (-3, 12, [-5, 0, 5, 10, 15]), (0, 0, [0, 0.25, 0.5, 0.75, 1])],
)
def test_axes_have_round_ticks_that_span_the_figures(low: float, high: float, ticks: list[float]) -> None:
    assert nice_ticks(low, high) == ticks


def test_a_picture_without_a_usable_address_is_its_description() -> None:
    page = shown({"type": "image", "image_url": "ftp://example.com/i.png", "alt_text": "Progress"})
    assert not page.all("img")
    assert "Progress" in page.text
