"""Every block a message may hold, as the app posts it, for whoever wants to look at all of them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def rich(text: str) -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def raw(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


CHOICES: list[Json] = [
    {"type": "static_select", "action_id": "g1", "placeholder": plain("Choose a week"),
     "options": options("One", "Two")},
    {"type": "users_select", "action_id": "g2", "placeholder": plain("Choose somebody")},
    {"type": "datepicker", "action_id": "g3", "placeholder": plain("Choose a day"), "initial_date": "2031-01-06"},
    {"type": "timepicker", "action_id": "g4", "placeholder": plain("Choose an hour")},


]  # fmt: skip

TICKS: list[Json] = [
    {"type": "checkboxes", "action_id": "g6", "options": options("Remind me", "Tell my lead")},
    {"type": "radio_buttons", "action_id": "g7", "options": options("Weekly", "Monthly")},
    {"type": "overflow", "action_id": "g8", "options": options("Move", "Drop")},
]

TALKING: list[Json] = [
    {"type": "header", "text": plain("Every block there is")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Bold* _italic_ ~struck~ `code` <https://example.com|link>"},
     "fields": [{"type": "mrkdwn", "text": "*Owner*\nAna"}, {"type": "mrkdwn", "text": "*Due*\nFriday"}],
     "accessory": {"type": "overflow", "action_id": "g9", "options": options("Move", "Drop")}},
    {"type": "divider"},
    {"type": "actions", "elements": CHOICES},
    {"type": "actions", "elements": TICKS},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Only <@U0ANA> and :tada:"}]},
    {"type": "rich_text", "elements": [
        {"type": "rich_text_list", "style": "bullet", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "First"}]},
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "Second", "style": {"bold": True}}]}]},
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "border": 1, "elements": [
            {"type": "rich_text_section", "elements": [{"type": "color", "value": "#1d6b58"}]}]},
        {"type": "rich_text_quote", "border": 1, "elements": [
            {"type": "text", "text": "Quoted"}, {"type": "text", "text": "code", "style": {"code": True, "bold": True}},
            {"type": "user", "user_id": "U0ANA", "style": {"highlight": True}}]},
        {"type": "rich_text_preformatted", "elements": [
            {"type": "text", "text": "x = 1 "}, {"type": "link", "url": "https://example.com"}]}]},
    {"type": "markdown", "text": "## Written in markdown\n1. one\n2. **two**"},
]  # fmt: skip

SHOWING: list[Json] = [
    {"type": "data_table", "block_id": "figures", "caption": "Key results", "page_size": 5, "rows": [
        raw("Key result", "Value"),
        *([{"type": "raw_text", "text": f"KR-{number}"}, {"type": "raw_number", "value": 97 - 7 * number,
            "text": str(97 - 7 * number)}] for number in range(1, 13))]},
    {"type": "plan", "title": "The plan", "tasks": [
        {"task_id": "t1", "title": "Ask", "status": "complete"},
        {"task_id": "t2", "title": "Decide", "status": "in_progress"}]},
]  # fmt: skip

CHART: list[Json] = [
    {"type": "data_visualization", "title": "Progress", "chart": {
        "type": "line", "axis_config": {"categories": ["W1", "W2", "W3"]},
        "series": [{"name": "KR-3", "data": [{"label": f"W{week}", "value": week * 10} for week in (1, 2, 3)]}]}},
]  # fmt: skip
