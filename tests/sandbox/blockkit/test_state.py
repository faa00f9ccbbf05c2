"""What a form holds before, while and after a person fills it in."""

import re
from typing import Any

import pytest

from bot.sandbox.blockkit import check_input, initial_state, normalise_blocks, normalise_view, read_input
from tests.sandbox.blockkit import samples
from tests.sandbox.blockkit.samples import Json, element, input_block, modal, mrkdwn, option, plain, rich_text

# element -> what stands in the state when nobody has touched it: without and with its initial value.
UNTOUCHED: dict[str, tuple[Json, Json]] = {
    "plain_text_input": ({"value": None}, {"value": "went well"}),
    "email_text_input": ({"value": None}, {"value": "ada@example.org"}),
    "url_text_input": ({"value": None}, {"value": "https://example.org"}),
    "number_input": ({"value": None}, {"value": "4.5"}),
    "rich_text_input": ({"rich_text_value": None}, {"rich_text_value": rich_text()}),
    "checkboxes": ({"selected_options": []}, {"selected_options": ["team"]}),
    "radio_buttons": ({"selected_option": None}, {"selected_option": "at_risk"}),
    "datepicker": ({"selected_date": None}, {"selected_date": "2028-02-29"}),
    "timepicker": (
        {"selected_time": None, "timezone": "Europe/Berlin"},
        {"selected_time": "09:05", "timezone": "Europe/Berlin"},
    ),
    "datetimepicker": ({"selected_date_time": None}, {"selected_date_time": 1_790_000_000}),
    "static_select": ({"selected_option": None}, {"selected_option": "support"}),
    "external_select": ({"selected_option": None}, {"selected_option": "o1"}),
    "users_select": ({"selected_user": None}, {"selected_user": "U1"}),
    "conversations_select": ({"selected_conversation": None}, {"selected_conversation": None}),
    "channels_select": ({"selected_channel": None}, {"selected_channel": "C1"}),
    "multi_static_select": ({"selected_options": []}, {"selected_options": ["night", "north"]}),
    "multi_external_select": ({"selected_options": []}, {"selected_options": ["o1"]}),
    "multi_users_select": ({"selected_users": []}, {"selected_users": ["U1", "U2"]}),
    "multi_conversations_select": ({"selected_conversations": []}, {"selected_conversations": ["C1"]}),
    "multi_channels_select": ({"selected_channels": []}, {"selected_channels": ["C1"]}),
    "file_input": ({"files": []}, {"files": []}),
}


def by_value(entry: Json) -> Json:
    """The entry with options written as their values, which is how the table above writes them."""

    def short(value: Any) -> Any:
        if isinstance(value, list):
            return [short(item) for item in value]
        return value["value"] if isinstance(value, dict) and "value" in value else value

    return {name: short(value) for name, value in entry.items() if name != "type"}


def bare(kind: str) -> Json:
    return {name: value for name, value in samples.ELEMENTS[kind].items() if not name.startswith("initial_")}


@pytest.mark.parametrize("kind", UNTOUCHED)
def test_an_untouched_field_is_in_the_state_with_its_initial_value_or_nothing(kind: str) -> None:
    empty, filled = UNTOUCHED[kind]
    for inner, expected in ((bare(kind), empty), (element(kind), filled)):
        state = initial_state(normalise_view(modal(input_block(inner, block_id="field"))))
        entry = state["field"][inner["action_id"]]
        assert entry["type"] == kind
        assert by_value(entry) == expected


def test_every_input_there_is_has_its_place_in_the_state() -> None:
    pressed = {"button", "workflow_button", "feedback_buttons", "icon_button", "overflow", "image"}
    assert set(UNTOUCHED) == set(samples.ELEMENTS) - pressed


def test_a_chosen_option_is_in_the_state_whole_as_slack_returns_it() -> None:
    state = initial_state(normalise_blocks([input_block(element("static_select"), block_id="b")]))
    assert state["b"]["team"]["selected_option"] == {
        "text": {"type": "plain_text", "text": "Support", "emoji": True},
        "value": "support",
    }


def test_menus_outside_inputs_are_in_the_state_and_buttons_are_not() -> None:
    blocks: list[Json] = [
        {"type": "section", "block_id": "s", "text": plain(), "accessory": element("users_select")},
        {
            "type": "actions",
            "block_id": "a",
            "elements": [element("button"), element("overflow"), element("datepicker")],
        },
        {"type": "context", "block_id": "c", "elements": [plain()]},
        {
            "type": "container",
            "block_id": "k",
            "title": plain(),
            "child_blocks": [input_block(bare("number_input"), block_id="in")],
        },
    ]
    assert initial_state(blocks) == {
        "s": {"owner": {"type": "users_select", "selected_user": "U1"}},
        "a": {"due": {"type": "datepicker", "selected_date": "2028-02-29"}},
        "in": {"value": {"type": "number_input", "value": None}},
    }


def test_ids_that_were_left_out_are_made_and_differ() -> None:
    view = normalise_view(modal(*[input_block(element("number_input", action_id=...)) for _ in range(30)]))
    ids = [block["block_id"] for block in view["blocks"]]
    assert len(set(ids)) == 30
    assert all(3 <= len(made) <= 5 for made in ids)
    assert all(block["element"]["action_id"] for block in view["blocks"])


def test_made_ids_avoid_those_that_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("aaaaabbbbbccccc")
    monkeypatch.setattr("bot.sandbox.blockkit.normalise.secrets.choice", lambda _: next(letters))
    blocks = normalise_blocks([{"type": "divider", "block_id": "bbbbb"}, {"type": "divider"}], taken_ids={"aaaaa"})
    assert [block["block_id"] for block in blocks] == ["bbbbb", "ccccc"]


def test_slack_writes_out_its_defaults_and_keeps_what_was_said() -> None:
    blocks = [
        {
            "type": "section",
            "block_id": "b",
            "text": mrkdwn("x"),
            "fields": [plain("y"), {**plain("z"), "emoji": False}],
        }
    ]
    assert normalise_blocks(blocks) == [
        {
            "type": "section",
            "block_id": "b",
            "text": {"type": "mrkdwn", "text": "x", "verbatim": False},
            "fields": [
                {"type": "plain_text", "text": "y", "emoji": True},
                {"type": "plain_text", "text": "z", "emoji": False},
            ],
        }
    ]


TYPED: list[tuple[str, Any, Json]] = [
    ("plain_text_input", "on it", {"value": "on it"}),
    ("plain_text_input", "", {"value": None}),
    ("number_input", "45", {"value": "45"}),
    ("number_input", 45, {"value": "45"}),
    ("number_input", 4.5, {"value": "4.5"}),
    ("number_input", "abc", {"value": "abc"}),
    ("static_select", "sales", {"selected_option": "sales"}),
    ("static_select", None, {"selected_option": None}),
    ("radio_buttons", "on_track", {"selected_option": "on_track"}),
    ("checkboxes", ["own", "team"], {"selected_options": ["own", "team"]}),
    ("checkboxes", "own", {"selected_options": ["own"]}),
    ("checkboxes", [], {"selected_options": []}),
    ("multi_static_select", ["south", "night", "south"], {"selected_options": ["south", "night"]}),
    ("external_select", option("o9"), {"selected_option": "o9"}),
    ("external_select", "o1", {"selected_option": "o1"}),
    ("multi_external_select", [option("o9"), "o1"], {"selected_options": ["o9", "o1"]}),
    ("users_select", "U2", {"selected_user": "U2"}),
    ("multi_users_select", ["U2"], {"selected_users": ["U2"]}),
    ("conversations_select", "C2", {"selected_conversation": "C2"}),
    ("channels_select", "C2", {"selected_channel": "C2"}),
    ("multi_channels_select", ["C2", "C3"], {"selected_channels": ["C2", "C3"]}),
    ("datepicker", "2026-12-24", {"selected_date": "2026-12-24"}),
    ("timepicker", "23:59", {"selected_time": "23:59", "timezone": "Europe/Berlin"}),
    ("datetimepicker", "1790000001", {"selected_date_time": 1_790_000_001}),
    ("rich_text_input", rich_text(), {"rich_text_value": rich_text()}),
    ("file_input", [{"id": "F1"}], {"files": [{"id": "F1"}]}),
    ("overflow", "drop", {"selected_option": "drop"}),
]


@pytest.mark.parametrize(("kind", "raw", "expected"), TYPED)
def test_what_a_person_enters_becomes_the_state_slack_sends(kind: str, raw: Any, expected: Json) -> None:
    entry = read_input(element(kind), raw)
    assert entry["type"] == kind
    assert by_value(entry) == expected


def test_typed_rich_text_becomes_one_paragraph() -> None:
    entry = read_input(element("rich_text_input"), "went well")
    assert entry["rich_text_value"] == rich_text(samples.paragraph({"type": "text", "text": "went well"}))


BULLETS = {"type": "rich_text_list", "style": "bullet", "indent": 0, "border": 0, "elements": [samples.paragraph()]}
EMPTY_RICH_TEXT = [
    rich_text(samples.paragraph()),
    rich_text(BULLETS),
    rich_text(samples.paragraph({"type": "text", "text": "\n"})),
    {"type": "rich_text", "elements": []},
]


@pytest.mark.parametrize("nothing", EMPTY_RICH_TEXT)
def test_rich_text_that_holds_nothing_is_no_value(nothing: Json) -> None:
    inner = element("rich_text_input")
    entry = read_input(inner, nothing)
    assert entry == {"type": "rich_text_input", "rich_text_value": None}
    assert check_input(input_block(inner), entry) == "Please complete this required field."
    untouched = {"type": "rich_text_input", "rich_text_value": nothing}
    assert check_input(input_block(inner), untouched) == "Please complete this required field."
    assert check_input(input_block(inner, optional=True), entry) is None


def test_every_leaf_of_rich_text_is_a_value() -> None:
    inner = element("rich_text_input")
    for leaf in ({"type": "user", "user_id": "U1"}, {"type": "text", "text": " "}, {"type": "emoji", "name": "tada"}):
        value = rich_text(samples.paragraph(leaf))
        assert read_input(inner, value)["rich_text_value"] == value
        assert check_input(input_block(inner), read_input(inner, value)) is None


NOT_RICH_TEXT: list[tuple[Json, str]] = [
    ({"type": "section", "elements": []}, "must be a valid enum value [json-pointer:/type]"),
    ({"type": "rich_text"}, "missing required field: elements [json-pointer:]"),
    (rich_text({"type": "text", "text": "x"}), "unsupported type: text [json-pointer:/elements/0/type]"),
    (
        rich_text(samples.paragraph({"type": "text", "text": "x", "style": {"blink": True}})),
        "invalid additional property: blink [json-pointer:/elements/0/elements/0/style]",
    ),
    (rich_text({**BULLETS, "indent": 9}), "must be less than 8 [json-pointer:/elements/0/indent]"),
]


@pytest.mark.parametrize(("value", "line"), NOT_RICH_TEXT)
def test_what_no_editor_could_have_written_is_refused(value: Json, line: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"This is no rich text Slack knows: {line}.")):
        read_input(element("rich_text_input"), value)


NOT_OFFERED: list[tuple[str, Any, str]] = [
    ("static_select", "marketing", "“marketing” is not one of the choices."),
    ("static_select", ["sales"], "“['sales']” is not one of the choices."),
    ("radio_buttons", "lost", "“lost” is not one of the choices."),
    ("checkboxes", ["team", "none"], "“none” is not one of the choices."),
    ("multi_static_select", ["west"], "“west” is not one of the choices."),
    ("external_select", "o2", "“o2” is not one of the choices."),
    ("datepicker", "2026-02-31", "“2026-02-31” is not a date (YYYY-MM-DD)."),
    ("timepicker", "9 am", "“9 am” is not a time (HH:MM)."),
    ("datetimepicker", "tomorrow", "“tomorrow” is not a moment (Unix seconds)."),
    ("users_select", 7, "Please choose from the list."),
    ("file_input", ["report.pdf"], "Please choose a file."),
    ("plain_text_input", {"a": 1}, "Please enter text."),
    ("button", "x", "Nothing can be entered or chosen here (button)."),
    ("image", "x", "Nothing can be entered or chosen here (image)."),
]


@pytest.mark.parametrize(("kind", "raw", "sentence"), NOT_OFFERED)
def test_what_the_field_does_not_offer_is_refused_with_a_sentence(kind: str, raw: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as refused:
        read_input(element(kind), raw)
    assert str(refused.value) == sentence


NUMBER = {"is_decimal_allowed": False, "min_value": "0", "max_value": "100"}
TEXT = {"min_length": 3, "max_length": 5}

HELD_BACK: list[tuple[str, Json, Any, str | None]] = [
    ("plain_text_input", {}, "", "Please complete this required field."),
    ("plain_text_input", TEXT, "ab", "Please enter at least 3 characters (now 2)."),
    ("plain_text_input", TEXT, "abcdef", "Please enter at most 5 characters (now 6)."),
    ("plain_text_input", TEXT, "abcde", None),
    ("plain_text_input", {"max_length": ...}, "x" * 3001, "Please enter at most 3000 characters (now 3001)."),
    ("number_input", NUMBER, "45k", "Please enter a number."),
    ("number_input", NUMBER, "４５", "Please enter a number."),
    ("number_input", NUMBER, "4.5", "Please enter a whole number."),
    ("number_input", NUMBER, "-1", "Please enter a number of at least 0."),
    ("number_input", NUMBER, "101", "Please enter a number of at most 100."),
    ("number_input", NUMBER, "100", None),
    ("number_input", NUMBER, "0", None),
    ("number_input", {"is_decimal_allowed": True}, "4.5", None),
    ("email_text_input", {}, "ada@example", "Please enter a valid email address."),
    ("email_text_input", {}, "ada@example.org", None),
    ("url_text_input", {}, "example.org", "Please enter a valid URL."),
    ("url_text_input", {}, "https://example.org/a?b=c", None),
    ("static_select", {}, None, "Please complete this required field."),
    ("checkboxes", {}, [], "Please complete this required field."),
    ("checkboxes", {}, ["own"], None),
    ("multi_static_select", {"max_selected_items": 1}, ["north", "south"], "Please choose at most 1."),
    ("multi_users_select", {"max_selected_items": 2}, ["U1", "U2"], None),
    ("file_input", {"max_files": 1}, [{"id": "F1"}, {"id": "F2"}], "Please choose at most 1."),
    ("datepicker", {}, None, "Please complete this required field."),
]


@pytest.mark.parametrize(("kind", "changes", "raw", "sentence"), HELD_BACK)
def test_slacks_client_holds_a_form_back_before_it_sends(
    kind: str, changes: Json, raw: Any, sentence: str | None
) -> None:
    inner = element(kind, **changes)
    assert check_input(input_block(inner), read_input(inner, raw)) == sentence


def test_an_optional_field_may_stay_empty_but_not_be_wrong() -> None:
    inner = element("number_input")
    assert check_input(input_block(inner, optional=True), read_input(inner, "")) is None
    assert check_input(input_block(inner, optional=True), read_input(inner, "x")) == "Please enter a number."


def test_a_menu_beside_a_section_is_never_required() -> None:
    inner = bare("users_select")
    section = {"type": "section", "text": plain(), "accessory": inner}
    assert check_input(section, read_input(inner, None)) is None


def test_nought_is_a_value() -> None:
    inner = element("number_input", min_value="0")
    assert read_input(inner, 0) == {"type": "number_input", "value": "0"}
    assert check_input(input_block(inner), read_input(inner, 0)) is None
