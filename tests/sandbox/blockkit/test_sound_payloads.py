"""Everything Slack documents for a surface is let through there, and refused elsewhere."""

import pytest

from bot.sandbox.blockkit import normalise_blocks, normalise_view, validate_blocks, validate_message, validate_view
from bot.sandbox.blockkit.blocks import BLOCKS as RULES
from bot.sandbox.blockkit.blocks import Surface
from bot.sandbox.blockkit.data_blocks import CHARTS
from bot.sandbox.blockkit.elements import ELEMENTS as ELEMENT_RULES
from tests.sandbox.blockkit import samples
from tests.sandbox.blockkit.samples import block, element, home, input_block, modal, plain

ALL: tuple[Surface, ...] = ("message", "modal", "home")

# As documented. Tables, data tables and charts on Home are contested and therefore refused there.
SURFACES: dict[str, tuple[Surface, ...]] = {
    "section": ALL,
    "divider": ALL,
    "header": ALL,
    "actions": ALL,
    "context": ALL,
    "image": ALL,
    "input": ALL,
    "rich_text": ALL,
    "video": ALL,
    "card": ALL,
    "carousel": ("message", "home"),
    "container": ("message", "home"),
    "context_actions": ("message",),
    "markdown": ("message",),
    "call": ("message",),
    "table": ("message",),
    "data_table": ("message",),
    "data_visualization": ("message",),
    "task_card": ("message",),
    "plan": ("message",),
    "alert": ("modal",),
}

INPUTS = (
    *("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"),
    *("checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"),
)
MENUS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI_MENUS = tuple(f"multi_{name}" for name in MENUS)
PRESSED = ("button", "workflow_button", "overflow")
CHOICES = ("checkboxes", "radio_buttons", "datepicker", "timepicker")

# block -> the elements it takes; file_input only in a modal.
PLACES: dict[str, tuple[str, ...]] = {
    "input": (*INPUTS, *MENUS, *MULTI_MENUS, "file_input"),
    "section": (*PRESSED, *CHOICES, *MENUS, *MULTI_MENUS, "image"),
    "actions": (*PRESSED, *CHOICES, *MENUS, "datetimepicker"),
    "context": ("image",),
    "context_actions": ("feedback_buttons", "icon_button"),
}


def holding(place: str, kind: str) -> samples.Json:
    """A block of the type `place` with that element in it."""
    inner = element(kind)
    if place == "input":
        return input_block(inner)
    if place == "section":
        return {"type": "section", "text": plain(), "accessory": inner}
    return {"type": place, "elements": [inner]}


def lines(blocks: list[samples.Json], surface: Surface) -> list[str]:
    return [problem.as_line() for problem in validate_blocks(blocks, surface)]


def test_the_examples_cover_every_block_and_element_there_is() -> None:
    assert set(samples.BLOCKS) == set(SURFACES) == {name for rules in RULES.values() for name in rules}
    assert set(samples.ELEMENTS) == set(ELEMENT_RULES) == {name for names in PLACES.values() for name in names}


@pytest.mark.parametrize("surface", ALL)
@pytest.mark.parametrize("kind", SURFACES)
def test_a_block_is_taken_exactly_where_it_is_documented(kind: str, surface: Surface) -> None:
    expected = [] if surface in SURFACES[kind] else [f"unsupported type: {kind} [json-pointer:/blocks/0/type]"]
    assert lines([block(kind)], surface) == expected


@pytest.mark.parametrize(
    ("place", "surface"), [(place, surface) for place in PLACES for surface in SURFACES[place]], ids=str
)
@pytest.mark.parametrize("kind", samples.ELEMENTS)
def test_an_element_is_taken_exactly_in_the_blocks_it_is_documented_for(
    kind: str, place: str, surface: Surface
) -> None:
    where = {"input": "element", "section": "accessory"}.get(place, "elements/0")
    fits = kind in PLACES[place] and (kind != "file_input" or surface == "modal")
    expected = [] if fits else [f"unsupported type: {kind} [json-pointer:/blocks/0/{where}/type]"]
    assert lines([holding(place, kind)], surface) == expected


@pytest.mark.parametrize("kind", ["bar", "area", "line"])
def test_a_chart_with_axes_is_taken(kind: str) -> None:
    assert lines([block("data_visualization", chart=samples.chart(type=kind))], "message") == []


def test_a_pie_is_taken() -> None:
    pie = {"type": "pie", "segments": [{"label": f"Team {number}", "value": 0.5} for number in range(12)]}
    assert lines([block("data_visualization", chart=pie)], "message") == []
    assert set(CHARTS) == {"pie", "bar", "area", "line"}


def test_a_modal_and_a_home_tab_with_everything_on_them_are_taken() -> None:
    sound = {surface: [block(kind) for kind in SURFACES if surface in SURFACES[kind]] for surface in ALL}
    assert validate_view(modal(*sound["modal"])) == []
    assert validate_view(home(*sound["home"])) == []
    assert validate_blocks(sound["message"], "message") == []


def test_a_message_with_text_attachments_and_metadata_is_taken() -> None:
    payload = {
        "channel": "C1",
        "text": "Five key results are due",
        "blocks": [block("section")] * 50,
        "attachments": [{"color": "#aabbcc", "blocks": [block("table")]}, {"fallback": "x", "text": "legacy"}],
        "metadata": {"event_type": "delivery", "event_payload": {"key": "d-1", "nested": {"n": 1}}},
    }
    assert validate_message(payload) == []


def test_a_message_without_blocks_is_taken() -> None:
    assert validate_message({"text": "hello", "blocks": None, "attachments": None, "metadata": None}) == []
    assert validate_message({"text": "hello", "blocks": []}) == []


def test_rows_of_a_list_may_share_their_action_id() -> None:
    rows = [{"type": "section", "text": plain(), "accessory": element("button", value=str(row))} for row in range(3)]
    assert lines(rows, "message") == []
    assert validate_view(home(*rows)) == []


def test_a_modal_of_the_largest_size_is_taken() -> None:
    view = modal(*[{"type": "divider"}] * 100, private_metadata="x" * 3000, title=plain(24), submit=plain(24))
    assert validate_view(view) == []


@pytest.mark.parametrize("kind", SURFACES)
def test_what_slack_gives_back_may_be_sent_again(kind: str) -> None:
    surface = SURFACES[kind][0]
    assert lines(normalise_blocks([block(kind)]), surface) == []


def test_a_view_slack_gave_back_may_be_sent_again() -> None:
    assert validate_view(normalise_view(modal(block("input"), block("actions")))) == []
    assert validate_view(normalise_view(home(block("card")))) == []
