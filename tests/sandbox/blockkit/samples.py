"""One sound example of every block and element, written out as an app would send it."""

from typing import Any

Json = dict[str, Any]


def plain(text: str | int = "Check in") -> Json:
    """A plain_text object; a number stands for a text of that length."""
    return {"type": "plain_text", "text": text if isinstance(text, str) else "x" * text}


def mrkdwn(text: str | int = "*Revenue* is at 45%") -> Json:
    return {"type": "mrkdwn", "text": text if isinstance(text, str) else "x" * text}


def option(value: str = "on_track", **more: Any) -> Json:
    return {"text": plain(value.title()[:75] or "x"), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"choice-{number}") for number in range(count)]


def confirm(**more: Any) -> Json:
    return {
        "title": plain("Undo?"),
        "text": mrkdwn("The value is put back."),
        "confirm": plain("Undo"),
        "deny": plain("Keep"),
        **more,
    }


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.org/chart.png", "alt_text": "Progress by week", **more}


def rich_text(*paragraphs: Json) -> Json:
    return {"type": "rich_text", "elements": list(paragraphs) or [paragraph({"type": "text", "text": "Revenue"})]}


def paragraph(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(leaves)}


def raw(text: str | int = "45") -> Json:
    return {"type": "raw_text", "text": text if isinstance(text, str) else "x" * text}


def series(name: str = "Plan", labels: tuple[str, ...] = ("W1", "W2")) -> Json:
    return {"name": name, "data": [{"label": label, "value": 1} for label in labels]}


def chart(**more: Any) -> Json:
    return {"type": "line", "series": [series()], "axis_config": {"categories": ["W1", "W2"]}, **more}


def task(number: int = 1, **more: Any) -> Json:
    return {"task_id": f"task-{number}", "title": "Import", "status": "complete", **more}


def feedback(text: str = "Good", **more: Any) -> Json:
    return {"text": plain(text), "value": text.lower(), **more}


ELEMENTS: dict[str, Json] = {
    "button": {
        "type": "button",
        "action_id": "check_in",
        "text": plain(),
        "value": "{}",
        "style": "primary",
        "url": "https://example.org",
        "confirm": confirm(style="danger"),
        "accessibility_label": "Check in on five key results",
    },
    "workflow_button": {
        "type": "workflow_button",
        "action_id": "run",
        "text": plain("Run"),
        "workflow": {
            "trigger": {
                "url": "https://slack.com/shortcuts/Ft1/abc",
                "customizable_input_parameters": [{"name": "team", "value": "Sales"}],
            }
        },
    },
    "feedback_buttons": {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": feedback("Good"),
        "negative_button": feedback("Bad"),
    },
    "icon_button": {
        "type": "icon_button",
        "action_id": "remove",
        "icon": "trash",
        "text": plain("Remove"),
        "value": "1",
        "visible_to_user_ids": ["U1"],
        "confirm": confirm(),
    },
    "overflow": {
        "type": "overflow",
        "action_id": "more",
        "options": [option("edit", url="https://example.org"), option("drop", description=plain("For good"))],
    },
    "checkboxes": {
        "type": "checkboxes",
        "action_id": "kinds",
        "options": [{"text": mrkdwn("*Team*"), "value": "team", "description": mrkdwn("_all_")}, option("own")],
        "initial_options": [{"text": mrkdwn("*Team*"), "value": "team", "description": mrkdwn("_all_")}],
        "focus_on_load": True,
    },
    "radio_buttons": {
        "type": "radio_buttons",
        "action_id": "status",
        "options": [option("on_track"), option("at_risk")],
        "initial_option": option("at_risk"),
    },
    "datepicker": {"type": "datepicker", "action_id": "due", "initial_date": "2028-02-29", "placeholder": plain()},
    "timepicker": {
        "type": "timepicker",
        "action_id": "hour",
        "initial_time": "09:05",
        "timezone": "Europe/Berlin",
        "placeholder": plain(),
    },
    "datetimepicker": {"type": "datetimepicker", "action_id": "at", "initial_date_time": 1_790_000_000},
    "static_select": {
        "type": "static_select",
        "action_id": "team",
        "placeholder": plain("Choose a team"),
        "options": [option("sales"), option("support")],
        "initial_option": option("support"),
        "confirm": confirm(),
    },
    "external_select": {
        "type": "external_select",
        "action_id": "objective",
        "min_query_length": 0,
        "initial_option": option("o1"),
    },
    "users_select": {"type": "users_select", "action_id": "owner", "initial_user": "U1"},
    "conversations_select": {
        "type": "conversations_select",
        "action_id": "place",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    },
    "channels_select": {"type": "channels_select", "action_id": "channel", "initial_channel": "C1"},
    "multi_static_select": {
        "type": "multi_static_select",
        "action_id": "teams",
        "option_groups": [
            {"label": plain("Sales"), "options": [option("north"), option("south")]},
            {"label": plain("Support"), "options": [option("night")]},
        ],
        "initial_options": [option("night"), option("north")],
        "max_selected_items": 2,
    },
    "multi_external_select": {
        "type": "multi_external_select",
        "action_id": "objectives",
        "min_query_length": 2,
        "initial_options": [option("o1")],
    },
    "multi_users_select": {"type": "multi_users_select", "action_id": "people", "initial_users": ["U1", "U2"]},
    "multi_conversations_select": {
        "type": "multi_conversations_select",
        "action_id": "places",
        "initial_conversations": ["C1"],
        "filter": {"include": ["im"]},
    },
    "multi_channels_select": {"type": "multi_channels_select", "action_id": "channels", "initial_channels": ["C1"]},
    "plain_text_input": {
        "type": "plain_text_input",
        "action_id": "comment",
        "multiline": True,
        "min_length": 0,
        "max_length": 3000,
        "initial_value": "went well",
        "placeholder": plain(150),
        "focus_on_load": False,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]},
    },
    "email_text_input": {"type": "email_text_input", "action_id": "email", "initial_value": "ada@example.org"},
    "url_text_input": {"type": "url_text_input", "action_id": "link", "initial_value": "https://example.org"},
    "number_input": {
        "type": "number_input",
        "action_id": "value",
        "is_decimal_allowed": True,
        "initial_value": "4.5",
        "min_value": "-10",
        "max_value": "10",
    },
    "rich_text_input": {
        "type": "rich_text_input",
        "action_id": "story",
        "initial_value": rich_text(),
        "min_lines": 2,
        "max_lines": 100,
    },
    "file_input": {"type": "file_input", "action_id": "proof", "filetypes": ["pdf"], "max_files": 10},
    "image": image(),
}


def element(kind: str, **changes: Any) -> Json:
    """The example of an element, changed; a property set to `...` is left out."""
    return {name: value for name, value in {**ELEMENTS[kind], **changes}.items() if value is not ...}


_LEAVES: list[Json] = [
    {"type": "text", "text": "Revenue", "style": {"bold": True, "italic": True, "strike": False, "code": False}},
    {"type": "link", "url": "https://example.org", "text": "more", "unsafe": True, "style": {"bold": True}},
    {"type": "emoji", "name": "tada", "skin_tone": 2},
    {"type": "user", "user_id": "U1", "style": {"bold": True}},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "team", "team_id": "T1"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#aa00FF"},
    {"type": "date", "timestamp": 1_790_000_000, "format": "{date_long}", "fallback": "a day"},
]

BLOCKS: dict[str, Json] = {
    "section": {
        "type": "section",
        "text": mrkdwn(3000),
        "fields": [plain(2000), mrkdwn()],
        "accessory": element("button"),
        "expand": True,
    },
    "divider": {"type": "divider"},
    "header": {"type": "header", "text": plain(150)},
    "actions": {"type": "actions", "elements": [element("button"), element("static_select"), element("datepicker")]},
    "context": {"type": "context", "elements": [mrkdwn(), plain(), image()]},
    "context_actions": {"type": "context_actions", "elements": [element("feedback_buttons"), element("icon_button")]},
    "image": image(title=plain("Progress")),
    "input": {
        "type": "input",
        "label": plain(2000),
        "hint": plain(2000),
        "optional": True,
        "dispatch_action": True,
        "element": element("plain_text_input"),
    },
    "markdown": {"type": "markdown", "text": "**Revenue** is at 45%"},
    "rich_text": rich_text(
        paragraph(*_LEAVES),
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 8,
            "offset": 3,
            "border": 1,
            "elements": [paragraph({"type": "text", "text": "one"})],
        },
        {
            "type": "rich_text_preformatted",
            "border": 0,
            "language": "python",
            "elements": [{"type": "text", "text": "print()"}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
    ),
    "video": {
        "type": "video",
        "alt_text": "How a check-in works",
        "title": plain(200),
        "description": plain(200),
        "thumbnail_url": "https://example.org/t.png",
        "video_url": "https://example.org/v",
        "author_name": "Ada",
        "provider_name": "Example",
        "provider_icon_url": "https://example.org/i.png",
        "title_url": "https://example.org/title",
    },
    "call": {"type": "call", "call_id": "R1"},
    "alert": {"type": "alert", "text": mrkdwn(200), "level": "warning"},
    "table": {
        "type": "table",
        "rows": [[raw("Key result"), raw("Now")], [raw("Revenue"), rich_text()]],
        "column_settings": [{"align": "right", "is_wrapped": True}, None],
    },
    "data_table": {
        "type": "data_table",
        "caption": "Key results",
        "rows": [
            [raw("Key result"), raw("Now")],
            [rich_text(), {"type": "raw_number", "value": 45, "text": "45%"}],
        ],
        "page_size": 5,
        "row_header_column_index": 1,
    },
    "data_visualization": {
        "type": "data_visualization",
        "title": "Progress",
        "chart": chart(
            series=[series("Plan"), series("Actual", ("W2", "W1"))],
            axis_config={"categories": ["W1", "W2"], "x_label": "Week", "y_label": "%"},
        ),
    },
    "card": {
        "type": "card",
        "hero_image": image(),
        "icon": image(),
        "title": plain(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "subtext": plain(200),
        "actions": [element("button")],
    },
    "carousel": {
        "type": "carousel",
        "elements": [
            {"type": "card", "title": plain("One"), "slack_icon": {"type": "icon", "name": "rocket"}},
            {"type": "card", "body": plain("Two")},
        ],
    },
    "container": {
        "type": "container",
        "title": plain(150),
        "subtitle": mrkdwn(150),
        "width": "wide",
        "icon": image(),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [{"type": "divider"}, {"type": "section", "text": mrkdwn()}],
    },
    "task_card": {
        "type": "task_card",
        **task(),
        "details": rich_text(),
        "output": rich_text(),
        "sources": [{"type": "url", "url": "https://example.org", "text": "source"}],
    },
    "plan": {"type": "plan", "title": "Import", "tasks": [task(1, status="pending"), task(2, type="task_card")]},
}


def block(kind: str, **changes: Any) -> Json:
    """The example of a block, changed; a property set to `...` is left out."""
    return {name: value for name, value in {**BLOCKS[kind], **changes}.items() if value is not ...}


def input_block(inner: Json, **changes: Any) -> Json:
    return {"type": "input", "label": plain("Value"), "element": inner, **changes}


def modal(*blocks: Json | None, **changes: Any) -> Json:
    view = {
        "type": "modal",
        "title": plain("Check in"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "callback_id": "check_in",
        "private_metadata": "{}",
        "external_id": "form-1",
        "clear_on_close": True,
        "notify_on_close": True,
        "blocks": list(blocks) or [{"type": "divider"}],
        **changes,
    }
    return {name: value for name, value in view.items() if value is not ...}


def home(*blocks: Json, **changes: Any) -> Json:
    return {"type": "home", "blocks": list(blocks) or [{"type": "divider"}], "callback_id": "home", **changes}
