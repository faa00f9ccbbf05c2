"""What Slack refuses, with the lines it refuses it with.

Each row: what is wrong, the payload, and the expected lines as "message @ pointer". Pointers of `BLOCKS` are relative
to the block, those of `ELEMENTS` to the element; those of `LISTS`, `VIEWS` and `MESSAGES` are complete.
"""

# One row is one line, however long: it is a table.
# ruff: noqa: E501
# fmt: off

from typing import Any

from tests.sandbox.blockkit.samples import (
    Json,
    block,
    chart,
    confirm,
    element,
    feedback,
    home,
    image,
    input_block,
    modal,
    mrkdwn,
    option,
    options,
    paragraph,
    plain,
    raw,
    rich_text,
    series,
    task,
)

Row = tuple[Any, ...]

ALL = "failed to match all allowed schemas"
ANY = "failed to match any allowed schemas"
ONE = "failed to match exactly one allowed schema"
NOT = "failed because matched disallowed schema"
EMPTY = "must be more than 0 characters"
ENUM = "must be a valid enum value"


def too_long(limit: int, where: str) -> str:
    return f"must be less than {limit + 1} characters @ {where}"


def text_too_long(limit: int, where: str) -> tuple[str, str]:
    """The two lines for a text object that is too long."""
    return f"{ALL} @ {where}", too_long(limit, f"{where}/text")


def not_plain(where: str) -> tuple[str, str]:
    return f"{ALL} @ {where}", f"{ENUM} @ {where}/type"


def leaf(**leaf: Any) -> Json:
    return rich_text(paragraph(leaf))


def listing(**changes: Any) -> Json:
    return rich_text({"type": "rich_text_list", "style": "bullet", "elements": [paragraph()], **changes})


def section(accessory: Json) -> Json:
    return {"type": "section", "text": mrkdwn(), "accessory": accessory}


def card(**changes: Any) -> Json:
    return {"type": "card", "title": plain(), **changes}


def container(*children: Json, **changes: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": list(children) or [{"type": "divider"}], **changes}


def lines_chart(**changes: Any) -> Json:
    return block("data_visualization", chart=chart(**changes))


def pie(*segments: Json) -> Json:
    return block("data_visualization", chart={"type": "pie", "segments": list(segments)})


SLICE = {"label": "Sales", "value": 1}

# ---------------------------------------------------------------------------------------------- blocks in a message
BLOCKS: list[Row] = [
    ("a block that is no object", "divider", "must provide an object @"),
    ("a block that is null", None, "must provide an object @"),
    ("a block without a type", {"text": mrkdwn()}, "must provide a string @ type"),
    ("a block whose type is no text", {"type": ["section"]}, "must provide a string @ type"),
    ("a block nobody knows", {"type": "sektion"}, "unsupported type: sektion @ type"),
    ("a block only Slack itself posts", {"type": "file", "external_id": "1", "source": "remote"}, "unsupported type: file @ type"),
    ("an alert in a message", block("alert"), "unsupported type: alert @ type"),
    ("a block_id of 256 characters", {"type": "divider", "block_id": "x" * 256}, too_long(255, "block_id")),
    ("a block_id of null", {"type": "divider", "block_id": None}, "must provide a string @ block_id"),
    ("a block_id that is a number", {"type": "divider", "block_id": 7}, "must provide a string @ block_id"),
    ("a property Slack does not know", {"type": "divider", "colour": "red"}, "invalid additional property: colour @"),
    ("two of them", {"type": "divider", "a": 1, "b": 2}, "invalid additional property: a @", "invalid additional property: b @"),
    # section
    ("a section with nothing in it", {"type": "section"}, "must define either `text` or `fields` @ section"),
    ("a section's text of 3,001", {"type": "section", "text": mrkdwn(3001)}, *text_too_long(3000, "text")),
    ("a section's empty text", {"type": "section", "text": mrkdwn("")}, f"{ALL} @ text", f"{EMPTY} @ text/text"),
    ("a section's text as a bare string", {"type": "section", "text": "hello"}, f"{ALL} @ text", "must provide an object @ text"),
    ("a section's text of null", {"type": "section", "text": None}, f"{ALL} @ text", "must provide an object @ text"),
    ("a text without text", {"type": "section", "text": {"type": "mrkdwn"}}, f"{ALL} @ text", "missing required field: text @ text"),
    ("a text without a type", {"type": "section", "text": {"text": "x"}}, f"{ALL} @ text", "must provide a string @ text/type"),
    ("a text in HTML", {"type": "section", "text": {"type": "html", "text": "x"}}, f"{ALL} @ text", "unsupported type: html @ text/type"),
    ("a text that is a number", {"type": "section", "text": {"type": "mrkdwn", "text": 45}}, f"{ALL} @ text", "must provide a string @ text/text"),
    ("emoji on mrkdwn", {"type": "section", "text": {**mrkdwn("x"), "emoji": True}}, f"{ALL} @ text", "invalid additional property: emoji @ text"),
    ("verbatim on plain text", {"type": "section", "text": {**plain("x"), "verbatim": True}}, f"{ALL} @ text", "invalid additional property: verbatim @ text"),
    ("emoji that is no boolean", {"type": "section", "text": {**plain("x"), "emoji": "yes"}}, f"{ALL} @ text", "must be a boolean @ text/emoji"),
    ("eleven fields", {"type": "section", "fields": [plain()] * 11}, "no more than 10 items allowed @ fields"),
    ("no field in the fields", {"type": "section", "fields": []}, "must provide at least 1 items @ fields"),
    ("fields of null", {"type": "section", "text": mrkdwn(), "fields": None}, "must provide an array @ fields"),
    ("a field of 2,001", {"type": "section", "fields": [plain(), mrkdwn(2001)]}, *text_too_long(2000, "fields/1")),
    ("an accessory of null", {"type": "section", "text": mrkdwn(), "accessory": None}, "must provide an object @ accessory"),
    ("two accessories", {"type": "section", "text": mrkdwn(), "accessory": [image()]}, "must provide an object @ accessory"),
    ("a text field as an accessory", section(element("plain_text_input")), "unsupported type: plain_text_input @ accessory/type"),
    # header, divider, image
    ("a header without text", {"type": "header"}, "missing required field: text @"),
    ("a header of 151", {"type": "header", "text": plain(151)}, *text_too_long(150, "text")),
    ("a header in mrkdwn", {"type": "header", "text": mrkdwn()}, *not_plain("text")),
    ("a text in a divider", {"type": "divider", "text": plain()}, "invalid additional property: text @"),
    ("an image without alt_text", {"type": "image", "image_url": "https://example.org/a.png"}, "missing required field: alt_text @"),
    ("an image with an empty alt_text", image(alt_text=""), f"{EMPTY} @ alt_text"),
    ("an alt_text of 2,001", image(alt_text="x" * 2001), too_long(2000, "alt_text")),
    ("an image address of 3,001", image(image_url="https://example.org/" + "x" * 2981), too_long(3000, "image_url")),
    ("an image address that is none", image(image_url="chart.png"), "input must be a valid: url @ image_url"),
    ("an image without a source", {"type": "image", "alt_text": "x"}, f"{ONE} @"),
    ("an image with two sources", image(slack_file={"id": "F1"}), f"{ONE} @"),
    ("a Slack file without id or url", {"type": "image", "alt_text": "x", "slack_file": {}}, f"{ONE} @ slack_file"),
    ("an image's title in mrkdwn", image(title=mrkdwn()), *not_plain("title")),
    ("an image's title of 2,001", image(title=plain(2001)), *text_too_long(2000, "title")),
    # actions, context
    ("actions without elements", {"type": "actions"}, "missing required field: elements @"),
    ("no element in the actions", {"type": "actions", "elements": []}, "must provide at least 1 items @ elements"),
    ("twenty-six buttons", {"type": "actions", "elements": [element("button", action_id=...)] * 26}, "no more than 25 items allowed @ elements"),
    ("elements that are no list", {"type": "actions", "elements": element("button")}, "must provide an array @ elements"),
    ("a text among the actions", {"type": "actions", "elements": [plain()]}, "unsupported type: plain_text @ elements/0/type"),
    ("a multi-select among the actions", {"type": "actions", "elements": [element("multi_users_select")]}, "unsupported type: multi_users_select @ elements/0/type"),
    ("the same action_id twice in a block", {"type": "actions", "elements": [element("button"), element("button")]}, '`action_id` "check_in" already exists @ elements/1/action_id'),
    ("no element in the context", {"type": "context", "elements": []}, "must provide at least 1 items @ elements"),
    ("eleven elements in the context", {"type": "context", "elements": [plain()] * 11}, "no more than 10 items allowed @ elements"),
    ("a button in the context", {"type": "context", "elements": [element("button")]}, "unsupported type: button @ elements/0/type"),
    ("an empty text in the context", {"type": "context", "elements": [mrkdwn("")]}, f"{EMPTY} @ elements/0/text"),
    ("a text of 3,001 in the context", {"type": "context", "elements": [mrkdwn(3001)]}, too_long(3000, "elements/0/text")),
    ("no element in the context actions", {"type": "context_actions", "elements": []}, "must provide at least 1 items @ elements"),
    ("six context actions", {"type": "context_actions", "elements": [element("icon_button", action_id=...)] * 6}, "no more than 5 items allowed @ elements"),
    ("a button among the context actions", {"type": "context_actions", "elements": [element("button")]}, "unsupported type: button @ elements/0/type"),
    # input
    ("an input without label and element", {"type": "input"}, "missing required field: label @", "missing required field: element @"),
    ("an input's label in mrkdwn", block("input", label=mrkdwn()), *not_plain("label")),
    ("an input's label of 2,001", block("input", label=plain(2001)), *text_too_long(2000, "label")),
    ("an input's hint of 2,001", block("input", hint=plain(2001)), *text_too_long(2000, "hint")),
    ("a button in an input", input_block(element("button")), "unsupported type: button @ element/type"),
    ("a file field outside a modal", input_block(element("file_input")), "unsupported type: file_input @ element/type"),
    ("optional that is no boolean", block("input", optional=1), "must be a boolean @ optional"),
    # markdown, rich text
    ("markdown without text", {"type": "markdown"}, "missing required field: text @"),
    ("empty markdown", {"type": "markdown", "text": ""}, f"{EMPTY} @ text"),
    ("markdown of 12,001", {"type": "markdown", "text": "x" * 12_001}, too_long(12_000, "text")),
    ("markdown as a text object", {"type": "markdown", "text": mrkdwn()}, "must provide a string @ text"),
    ("rich text without elements", {"type": "rich_text"}, "missing required field: elements @"),
    ("a leaf outside a paragraph", rich_text({"type": "text", "text": "x"}), "unsupported type: text @ elements/0/type"),
    ("an empty leaf", leaf(type="text", text=""), f"{EMPTY} @ elements/0/elements/0/text"),
    ("a leaf nobody knows", leaf(type="sparkle"), "unsupported type: sparkle @ elements/0/elements/0/type"),
    ("a leaf's style as a word", leaf(type="text", text="x", style="bold"), "must provide an object @ elements/0/elements/0/style"),
    ("a leaf's style Slack does not know", leaf(type="text", text="x", style={"blink": True}), "invalid additional property: blink @ elements/0/elements/0/style"),
    ("a link without address", leaf(type="link", text="x"), "missing required field: url @ elements/0/elements/0"),
    ("a mention without a user", leaf(type="user"), "missing required field: user_id @ elements/0/elements/0"),
    ("a broadcast to everybody at all", leaf(type="broadcast", range="all"), f"{ENUM} @ elements/0/elements/0/range"),
    ("a colour by name", leaf(type="color", value="red"), "input must match regex pattern: ^#[0-9a-fA-F]{6}$ @ elements/0/elements/0/value"),
    ("a date with a text for its time", leaf(type="date", timestamp="1", format="{date}"), "must provide a number @ elements/0/elements/0/timestamp"),
    ("a list of leaves", listing(elements=[{"type": "text", "text": "x"}]), "unsupported type: text @ elements/0/elements/0/type"),
    ("a list in a style Slack does not know", listing(style="roman"), f"{ENUM} @ elements/0/style"),
    ("a list without style", rich_text({"type": "rich_text_list", "elements": []}), "missing required field: style @ elements/0"),
    ("a list indented nine times", listing(indent=9), "must be less than 8 @ elements/0/indent"),
    ("a list indented less than nothing", listing(indent=-1), "must be greater than 0 @ elements/0/indent"),
    ("a list indented by a half", listing(indent=0.5), "must provide an integer @ elements/0/indent"),
    ("a list with a thick border", listing(border=2), "must be less than 1 @ elements/0/border"),
    ("a list with less than no border", listing(border=-1), "must be greater than 0 @ elements/0/border"),
    ("a list that counts from below nothing", listing(offset=-1), "must be greater than 0 @ elements/0/offset"),
    ("a mention in preformatted text", rich_text({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}), "unsupported type: user @ elements/0/elements/0/type"),
    # video, call
    ("a video without what it needs", {"type": "video"}, *(f"missing required field: {name} @" for name in ("alt_text", "title", "thumbnail_url", "video_url"))),
    ("a video's title of 201", block("video", title=plain(201)), *text_too_long(200, "title")),
    ("a video's author of 51", block("video", author_name="x" * 51), too_long(50, "author_name")),
    ("a video's description of 201", block("video", description=plain(201)), *text_too_long(200, "description")),
    ("a video's alt_text of 2,001", block("video", alt_text="x" * 2001), too_long(2000, "alt_text")),
    ("a video's provider of 51", block("video", provider_name="x" * 51), too_long(50, "provider_name")),
    ("a video's picture at an address of 3,001", block("video", thumbnail_url="https://" + "x" * 2993), too_long(3000, "thumbnail_url")),
    ("a video at an address of 3,001", block("video", video_url="https://" + "x" * 2993), too_long(3000, "video_url")),
    ("a video's title at an address of 2,001", block("video", title_url="https://" + "x" * 1993), too_long(2000, "title_url")),
    ("a video's icon at an address of 2,001", block("video", provider_icon_url="https://" + "x" * 1993), too_long(2000, "provider_icon_url")),
    ("a video without a real address", block("video", video_url="nowhere"), "input must be a valid: url @ video_url"),
    ("a call without its id", {"type": "call"}, "missing required field: call_id @"),
    # table
    ("a table without rows", {"type": "table"}, "missing required field: rows @"),
    ("a table of no rows", {"type": "table", "rows": []}, "must provide at least 1 items @ rows"),
    ("a table of 101 rows", {"type": "table", "rows": [[raw("x")]] * 101}, "no more than 100 items allowed @ rows"),
    ("a row of 21 cells", {"type": "table", "rows": [[raw("x")] * 21]}, "no more than 20 items allowed @ rows/0"),
    ("an empty cell", {"type": "table", "rows": [[raw("")]]}, f"{ANY} @ rows/0/0", f"{EMPTY} @ rows/0/0/text", "missing required field: elements @ rows/0/0"),
    ("a number in a plain table", {"type": "table", "rows": [[{"type": "raw_number", "value": 1, "text": "1"}]]}, f"{ANY} @ rows/0/0", f"{ENUM} @ rows/0/0/type", "invalid additional property: value @ rows/0/0", "missing required field: elements @ rows/0/0"),
    ("a row of no cells", {"type": "table", "rows": [[]]}, "must provide at least 1 items @ rows/0"),
    ("a table of 10,001 characters", {"type": "table", "rows": [[raw(5000)], [raw(5001)]]}, too_long(10_000, "rows")),
    ("twenty-one column settings", {"type": "table", "rows": [[raw("x")]], "column_settings": [{}] * 21}, "no more than 20 items allowed @ column_settings"),
    ("a column justified", block("table", column_settings=[{"align": "justify"}]), f"{ENUM} @ column_settings/0/align"),
    # data_table
    ("a data table without caption", block("data_table", caption=...), "missing required field: caption @"),
    ("a data table of a header alone", block("data_table", rows=[[raw()]]), "must provide at least 2 items @ rows"),
    ("a data table of 202 rows", block("data_table", rows=[[raw()]] * 202, row_header_column_index=0), "no more than 201 items allowed @ rows"),
    ("a data table of 21 columns", block("data_table", rows=[[raw()] * 21] * 2), "no more than 20 items allowed @ rows/0", "no more than 20 items allowed @ rows/1"),
    ("rich text in the header", block("data_table", rows=[[rich_text(), raw()], [raw(), raw()]]), f"{ENUM} @ rows/0/0/type"),
    ("a row that is too short", block("data_table", rows=[[raw(), raw()], [raw()]]), "must provide at least 2 items @ rows/1"),
    ("a row that is too long", block("data_table", rows=[[raw(), raw()], [raw()] * 3]), "no more than 2 items allowed @ rows/1"),
    ("a row header beyond the last column", block("data_table", row_header_column_index=2), "must be less than 1 @ row_header_column_index"),
    ("a row header before the first column", block("data_table", row_header_column_index=-1), "must be greater than 0 @ row_header_column_index"),
    ("a data table of no columns", block("data_table", rows=[[], []]), "must provide at least 1 items @ rows/0", "must provide at least 1 items @ rows/1"),
    ("a page of 101 rows", block("data_table", page_size=101), "must be less than 100 @ page_size"),
    ("a page of no rows", block("data_table", page_size=0), "must be greater than 1 @ page_size"),
    ("a data table of 20,001 characters", block("data_table", rows=[[raw("x"), raw("y")], [raw(19_998), raw("z")]]), too_long(20_000, "rows")),
    # data_visualization
    ("a chart's title of 51", block("data_visualization", title="x" * 51), too_long(50, "title")),
    ("a chart nobody draws", block("data_visualization", chart={"type": "radar"}), "unsupported type: radar @ chart/type"),
    ("a pie without slices", pie(), "must provide at least 1 items @ chart/segments"),
    ("a pie of 13 slices", pie(*[SLICE] * 13), "no more than 12 items allowed @ chart/segments"),
    ("a slice of nothing", pie({"label": "x", "value": 0}), "must be greater than 0 @ chart/segments/0/value"),
    ("a slice's label of 21", pie({"label": "x" * 21, "value": 1}), too_long(20, "chart/segments/0/label")),
    ("a slice's value as text", pie({"label": "x", "value": "1"}), "must provide a number @ chart/segments/0/value"),
    ("a chart of no series", lines_chart(series=[]), "must provide at least 1 items @ chart/series"),
    ("a series of no points", lines_chart(series=[series(labels=())]), "must provide at least 1 items @ chart/series/0/data"),
    ("a series of 21 points", lines_chart(series=[series(labels=tuple(map(str, range(21))))]), "no more than 20 items allowed @ chart/series/0/data"),
    ("a series' name of 21", lines_chart(series=[series("x" * 21)]), too_long(20, "chart/series/0/name")),
    ("thirteen series", lines_chart(series=[series(f"s{number}") for number in range(13)]), "no more than 12 items allowed @ chart/series"),
    ("two series of one name", lines_chart(series=[series(), series()]), '`name` "Plan" already exists @ chart/series/1/name'),
    ("a point for no category", lines_chart(series=[series("Plan", ("W1", "W3"))]), f"{ENUM} @ chart/series/0/data"),
    ("a category without a point", lines_chart(series=[series("Plan", ("W1",))]), f"{ENUM} @ chart/series/0/data"),
    ("twenty-one categories", lines_chart(axis_config={"categories": [f"c{number}" for number in range(21)]}), "no more than 20 items allowed @ chart/axis_config/categories"),
    ("a category twice", lines_chart(axis_config={"categories": ["W1", "W1"]}), "Input contains duplicate items @ chart/axis_config/categories"),
    ("an axis label of 51", lines_chart(axis_config={"categories": ["W1", "W2"], "x_label": "x" * 51}), too_long(50, "chart/axis_config/x_label")),
    # card, carousel, container
    ("a card with nothing to show", {"type": "card", "subtitle": plain()}, f"{ANY} @"),
    ("a card's title of 151", card(title=plain(151)), *text_too_long(150, "title")),
    ("a card's subtitle of 151", card(subtitle=plain(151)), *text_too_long(150, "subtitle")),
    ("a card's body of 201", card(body=mrkdwn(201)), *text_too_long(200, "body")),
    ("a card's subtext of 201", card(subtext=mrkdwn(201)), *text_too_long(200, "subtext")),
    ("a card with four actions", card(actions=[element("button", action_id=...)] * 4), "no more than 3 items allowed @ actions"),
    ("a menu on a card", card(actions=[element("overflow")]), "unsupported type: overflow @ actions/0/type"),
    ("a card with two icons", card(icon=image(), slack_icon={"type": "icon", "name": "bot"}), f"{NOT} @"),
    ("an image as Slack's icon", card(slack_icon=image()), "missing required field: name @ slack_icon"),
    ("an empty carousel", {"type": "carousel", "elements": []}, "must provide at least 1 items @ elements"),
    ("a carousel of eleven cards", {"type": "carousel", "elements": [card()] * 11}, "no more than 10 items allowed @ elements"),
    ("a section in a carousel", {"type": "carousel", "elements": [block("section")]}, "unsupported type: section @ elements/0/type"),
    ("an empty container", container(child_blocks=[]), "must provide at least 1 items @ child_blocks"),
    ("a container of eleven blocks", container(*[{"type": "divider"}] * 11), "no more than 10 items allowed @ child_blocks"),
    ("a container without title", {"type": "container", "child_blocks": [{"type": "divider"}]}, f"{ANY} @"),
    ("a card in a container", container(card()), "unsupported type: card @ child_blocks/0/type"),
    ("a data table in a container", container(block("data_table")), "unsupported type: data_table @ child_blocks/0/type"),
    ("a container in a container", container(container()), "unsupported type: container @ child_blocks/0/type"),
    ("a container's title in mrkdwn", container(title=mrkdwn()), *not_plain("title")),
    ("a container's title of 151", container(title=plain(151)), *text_too_long(150, "title")),
    ("a container's subtitle of 151", container(subtitle=mrkdwn(151)), *text_too_long(150, "subtitle")),
    ("a container of a width Slack does not know", container(width="huge"), f"{ENUM} @ width"),
    ("a collapsed container that cannot be opened", container(default_collapsed=True), f"{NOT} @"),
    ("a collapsible container with a line below its title", container(is_collapsible=True, has_header_divider=True), f"{NOT} @"),
    # task cards and plans
    ("a task without a state", {"type": "task_card", **task(), "status": None}, "must provide a string @ status"),
    ("a task of its own that waits", {"type": "task_card", **task(status="pending")}, f"{ENUM} @ status"),
    ("a task without title", {"type": "task_card", "task_id": "1", "status": "complete"}, "missing required field: title @"),
    ("a plan of 51 tasks", block("plan", tasks=[task(number) for number in range(51)]), "no more than 50 items allowed @ tasks"),
    ("a plan with a task twice", block("plan", tasks=[task(1), task(1)]), '`task_id` "task-1" already exists @ tasks/1/task_id'),
]

# --------------------------------------------------------------- elements: (where it stands, what, element, *lines)
BUTTON, INPUT, SECTION, CONTEXT_ACTIONS = "actions", "input", "section", "context_actions"
SELECT = "static_select"

ELEMENTS: list[Row] = [
    (BUTTON, "a button without text", {"type": "button"}, "missing required field: text @"),
    (BUTTON, "a button's text of 76", element("button", text=plain(76)), *text_too_long(75, "text")),
    (BUTTON, "a button's text in mrkdwn", element("button", text=mrkdwn()), *not_plain("text")),
    (BUTTON, "a button without a word on it", element("button", text=plain("")), f"{ALL} @ text", f"{EMPTY} @ text/text"),
    (BUTTON, "a button's value of 2,001", element("button", value="x" * 2001), too_long(2000, "value")),
    (BUTTON, "a button's value as an object", element("button", value={"id": 1}), "must provide a string @ value"),
    (BUTTON, "a button's address of 3,001", element("button", url="x" * 3001), too_long(3000, "url")),
    (BUTTON, "a button in green", element("button", style="success"), f"{ENUM} @ style"),
    (BUTTON, "a button in the default style by name", element("button", style="default"), f"{ENUM} @ style"),
    (BUTTON, "a button's label for screen readers of 76", element("button", accessibility_label="x" * 76), too_long(75, "accessibility_label")),
    (BUTTON, "an action_id of 256", element("button", action_id="x" * 256), too_long(255, "action_id")),
    (BUTTON, "a prompt of 4,001", element("button", agent_prompt="x" * 4001), too_long(4000, "agent_prompt")),
    (BUTTON, "a prompt's display without a prompt", element("button", agent_prompt_display="x"), "missing required field: agent_prompt @"),
    (BUTTON, "a workflow button without workflow", element("workflow_button", workflow=...), "missing required field: workflow @"),
    (BUTTON, "a workflow button's text of 76", element("workflow_button", text=plain(76)), *text_too_long(75, "text")),
    (BUTTON, "a workflow button's label for screen readers of 76", element("workflow_button", accessibility_label="x" * 76), too_long(75, "accessibility_label")),
    (BUTTON, "a workflow without trigger", element("workflow_button", workflow={}), "missing required field: trigger @ workflow"),
    # confirm
    (BUTTON, "a confirmation without buttons", element("button", confirm={"title": plain(), "text": plain()}), "missing required field: confirm @ confirm", "missing required field: deny @ confirm"),
    (BUTTON, "a confirmation's title of 101", element("button", confirm=confirm(title=plain(101))), *text_too_long(100, "confirm/title")),
    (BUTTON, "a confirmation's text of 301", element("button", confirm=confirm(text=mrkdwn(301))), *text_too_long(300, "confirm/text")),
    (BUTTON, "a confirmation's yes of 31", element("button", confirm=confirm(confirm=plain(31))), *text_too_long(30, "confirm/confirm")),
    (BUTTON, "a confirmation's no of 31", element("button", confirm=confirm(deny=plain(31))), *text_too_long(30, "confirm/deny")),
    (BUTTON, "a confirmation's title in mrkdwn", element("button", confirm=confirm(title=mrkdwn())), *not_plain("confirm/title")),
    (BUTTON, "a confirmation in green", element("button", confirm=confirm(style="success")), f"{ENUM} @ confirm/style"),
    (BUTTON, "a confirmation with a type", element("button", confirm=confirm(type="confirm")), "invalid additional property: type @ confirm"),
    # overflow, checkboxes, radio buttons
    (BUTTON, "an overflow menu without options", element("overflow", options=[]), "must provide at least 1 items @ options"),
    (BUTTON, "an overflow menu of six", element("overflow", options=options(6)), "no more than 5 items allowed @ options"),
    (BUTTON, "checkboxes without options", element("checkboxes", options=..., initial_options=...), "missing required field: options @"),
    (BUTTON, "checkboxes of no options", element("checkboxes", options=[], initial_options=...), "must provide at least 1 items @ options"),
    (BUTTON, "radio buttons of no options", element("radio_buttons", options=[], initial_option=...), "must provide at least 1 items @ options"),
    (BUTTON, "eleven checkboxes", element("checkboxes", options=options(11), initial_options=...), "no more than 10 items allowed @ options"),
    (BUTTON, "a checkbox ticked that is not there", element("checkboxes", initial_options=[option("x")]), f"{ENUM} @ initial_options/0"),
    (BUTTON, "an empty list of ticks", element("checkboxes", initial_options=[]), "must provide at least 1 items @ initial_options"),
    (BUTTON, "eleven radio buttons", element("radio_buttons", options=options(11), initial_option=...), "no more than 10 items allowed @ options"),
    (BUTTON, "a radio button chosen that is not there", element("radio_buttons", initial_option=option("gone")), f"{ENUM} @ initial_option"),
    # options
    (BUTTON, "an option without value", element(SELECT, options=[{"text": plain()}], initial_option=...), "missing required field: value @ options/0"),
    (BUTTON, "an option with an empty value", element(SELECT, options=[option("")], initial_option=...), f"{EMPTY} @ options/0/value"),
    (BUTTON, "an option's value of 151", element(SELECT, options=[option("x" * 151)], initial_option=...), too_long(150, "options/0/value")),
    (BUTTON, "an option's value that is a number", element(SELECT, options=[{"text": plain(), "value": 3}], initial_option=...), "must provide a string @ options/0/value"),
    (BUTTON, "an option's text of 76", element(SELECT, options=[option(text=plain(76))], initial_option=...), *text_too_long(75, "options/0/text")),
    (BUTTON, "a menu option in mrkdwn", element(SELECT, options=[option(text=mrkdwn())], initial_option=...), *not_plain("options/0/text")),
    (BUTTON, "an option's description of 76", element(SELECT, options=[option(description=plain(76))], initial_option=...), *text_too_long(75, "options/0/description")),
    (BUTTON, "a link outside an overflow menu", element(SELECT, options=[option(url="")], initial_option=...), "invalid additional property: url @ options/0"),
    (BUTTON, "an overflow option's address of 3,001", element("overflow", options=[option(url="x" * 3001)]), too_long(3000, "options/0/url")),
    (BUTTON, "an option with a type", element(SELECT, options=[option(type="option")], initial_option=...), "invalid additional property: type @ options/0"),
    # selects
    (BUTTON, "a menu without options", element(SELECT, options=..., initial_option=...), f"{ONE} @"),
    (BUTTON, "a menu with options and groups", element(SELECT, option_groups=[{"label": plain(), "options": options(1)}]), f"{ONE} @"),
    (BUTTON, "a menu of no options", element(SELECT, options=[], initial_option=...), "must provide at least 1 items @ options"),
    (BUTTON, "a menu of 101", element(SELECT, options=options(101), initial_option=...), "no more than 100 items allowed @ options"),
    (BUTTON, "a menu of 101 groups", element("static_select", options=..., initial_option=..., option_groups=[{"label": plain(), "options": options(1)}] * 101), "no more than 100 items allowed @ option_groups"),
    (BUTTON, "a group of no options", element(SELECT, options=..., initial_option=..., option_groups=[{"label": plain(), "options": []}]), "must provide at least 1 items @ option_groups/0/options"),
    (BUTTON, "a group of 101 options", element(SELECT, options=..., initial_option=..., option_groups=[{"label": plain(), "options": options(101)}]), "no more than 100 items allowed @ option_groups/0/options"),
    (BUTTON, "a group's label of 76", element(SELECT, options=..., initial_option=..., option_groups=[{"label": plain(76), "options": options(1)}]), *text_too_long(75, "option_groups/0/label")),
    (BUTTON, "an initial option of null", element(SELECT, initial_option=None), "must provide an object @ initial_option"),
    (BUTTON, "an initial option that is not offered", element(SELECT, initial_option=option("gone")), f"{ENUM} @ initial_option"),
    (BUTTON, "an initial option in other words", element(SELECT, initial_option=option("support", text=plain("Help"))), f"{ENUM} @ initial_option"),
    (BUTTON, "a placeholder of 151", element(SELECT, placeholder=plain(151)), *text_too_long(150, "placeholder")),
    (BUTTON, "a placeholder in mrkdwn", element(SELECT, placeholder=mrkdwn()), *not_plain("placeholder")),
    (BUTTON, "a query shorter than nothing", element("external_select", min_query_length=-1), "must be greater than 0 @ min_query_length"),
    (BUTTON, "options in an external menu", element("external_select", options=options(1)), "invalid additional property: options @"),
    (BUTTON, "a filter of nothing", element("conversations_select", filter={}), "must have minimum 1 properties @ filter"),
    (BUTTON, "a filter that includes nothing", element("conversations_select", filter={"include": []}), "must provide at least 1 items @ filter/include"),
    (BUTTON, "a filter for what does not exist", element("conversations_select", filter={"include": ["public", "secret"]}), f"{ENUM} @ filter/include/1"),
    (BUTTON, "a filter on a channels menu", element("channels_select", filter={"include": ["public"]}), "invalid additional property: filter @"),
    (SECTION, "a choice of none at most", element("multi_users_select", max_selected_items=0), "must be greater than 1 @ max_selected_items"),
    (SECTION, "more chosen than may be", element("multi_users_select", max_selected_items=1), "no more than 1 items allowed @ initial_users"),
    (SECTION, "a choice that is not among the groups", element("multi_static_select", initial_options=[option("north"), option("west")]), f"{ENUM} @ initial_options/1"),
    (SECTION, "an image without alt_text beside a section", image(alt_text=None), "must provide a string @ alt_text"),
    # dates and times
    (BUTTON, "a day that does not exist", element("datepicker", initial_date="2026-02-31"), "input must be a valid: date @ initial_date"),
    (BUTTON, "29 February outside a leap year", element("datepicker", initial_date="2027-02-29"), "input must be a valid: date @ initial_date"),
    (BUTTON, "a date with something behind it", element("datepicker", initial_date="2026-02-01T00:00"), "input must be a valid: date @ initial_date"),
    (BUTTON, "a date the German way", element("datepicker", initial_date="1.2.2026"), "input must be a valid: date @ initial_date"),
    (BUTTON, "an empty date", element("datepicker", initial_date=""), "input must be a valid: date @ initial_date"),
    (BUTTON, "a time that does not exist", element("timepicker", initial_time="24:00"), "input must be a valid: time @ initial_time"),
    (BUTTON, "a time with one digit", element("timepicker", initial_time="9:05"), "input must be a valid: time @ initial_time"),
    (BUTTON, "a zone nobody lives in", element("timepicker", timezone="Europe/Atlantis"), "input must be a valid: timezone @ timezone"),
    (BUTTON, "a moment in milliseconds", element("datetimepicker", initial_date_time=1_790_000_000_000), "must be less than 9999999999 @ initial_date_time"),
    (BUTTON, "a moment long ago", element("datetimepicker", initial_date_time=999_999_999), "must be greater than 1000000000 @ initial_date_time"),
    (BUTTON, "a moment as text", element("datetimepicker", initial_date_time="1790000000"), "must provide a number @ initial_date_time"),
    (BUTTON, "a placeholder in a date-and-time picker", element("datetimepicker", placeholder=plain()), "invalid additional property: placeholder @"),
    # typed inputs
    (INPUT, "a least length of 3,001", element("plain_text_input", min_length=3001, max_length=...), "must be less than 3000 @ min_length"),
    (INPUT, "a least length below nothing", element("plain_text_input", min_length=-1), "must be greater than 0 @ min_length"),
    (INPUT, "a greatest length of nothing", element("plain_text_input", max_length=0), "must be greater than 1 @ max_length"),
    (INPUT, "a greatest length of 3,001", element("plain_text_input", max_length=3001), "must be less than 3000 @ max_length"),
    (INPUT, "a least length above the greatest", element("plain_text_input", min_length=20, max_length=10), "must be less than 10 @ min_length"),
    (INPUT, "a length as text", element("plain_text_input", max_length="10"), "must provide a number @ max_length"),
    (INPUT, "a length that is a boolean", element("plain_text_input", max_length=True), "must provide a number @ max_length"),
    (INPUT, "an initial text that is too long for the field", element("plain_text_input", max_length=5, initial_value="x" * 6), too_long(5, "initial_value")),
    (INPUT, "an initial text of 3,001", element("plain_text_input", initial_value="x" * 3001, max_length=...), too_long(3000, "initial_value")),
    (INPUT, "an initial text of null", element("plain_text_input", initial_value=None), "must provide a string @ initial_value"),
    (INPUT, "an initial text that is a number", element("plain_text_input", initial_value=45), "must provide a string @ initial_value"),
    (INPUT, "a dispatch on nothing", element("plain_text_input", dispatch_action_config={"trigger_actions_on": []}), "must provide at least 1 items @ dispatch_action_config/trigger_actions_on"),
    (INPUT, "a dispatch on three things", element("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * 3}), "no more than 2 items allowed @ dispatch_action_config/trigger_actions_on"),
    (INPUT, "a dispatch twice on the same", element("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * 2}), "Input contains duplicate items @ dispatch_action_config/trigger_actions_on"),
    (INPUT, "a dispatch on a click", element("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_click"]}), f"{ENUM} @ dispatch_action_config/trigger_actions_on/0"),
    (INPUT, "a dispatch without triggers", element("plain_text_input", dispatch_action_config={}), "missing required field: trigger_actions_on @ dispatch_action_config"),
    (INPUT, "a number field that does not say whether decimals are allowed", element("number_input", is_decimal_allowed=...), "missing required field: is_decimal_allowed @"),
    (INPUT, "an initial number as a number", element("number_input", initial_value=4.5), "must provide a string @ initial_value"),
    (INPUT, "an initial number with a comma", element("number_input", initial_value="4,5"), "input must be a valid: number @ initial_value"),
    (INPUT, "an initial fraction where only whole numbers go", element("number_input", is_decimal_allowed=False), "must provide an integer @ initial_value"),
    (INPUT, "an initial number above the greatest", element("number_input", initial_value="10.5"), "must be less than 10 @ initial_value"),
    (INPUT, "an initial number below the least", element("number_input", initial_value="-10.5"), "must be greater than -10 @ initial_value"),
    (INPUT, "a least number above the greatest", element("number_input", min_value="11", initial_value=...), "must be less than 10 @ min_value"),
    (INPUT, "rich text as plain text", element("rich_text_input", initial_value="x"), "must provide an object @ initial_value"),
    (INPUT, "a field of 101 lines", element("rich_text_input", max_lines=101), "must be less than 100 @ max_lines"),
    (INPUT, "a field of no lines", element("rich_text_input", min_lines=0), "must be greater than 1 @ min_lines"),
    (INPUT, "more lines at least than at most", element("rich_text_input", min_lines=5, max_lines=4), "must be less than 4 @ min_lines"),
    (INPUT, "a property of another input", element("email_text_input", max_length=5), "invalid additional property: max_length @"),
    # context actions
    (CONTEXT_ACTIONS, "feedback without the second button", element("feedback_buttons", negative_button=...), "missing required field: negative_button @"),
    (CONTEXT_ACTIONS, "a feedback button's text of 76", element("feedback_buttons", positive_button=feedback(text="x" * 76, value="1")), *text_too_long(75, "positive_button/text")),
    (CONTEXT_ACTIONS, "a feedback button's value of 2,001", element("feedback_buttons", positive_button=feedback(value="x" * 2001)), too_long(2000, "positive_button/value")),
    (CONTEXT_ACTIONS, "a feedback button's label for screen readers of 76", element("feedback_buttons", positive_button=feedback(accessibility_label="x" * 76)), too_long(75, "positive_button/accessibility_label")),
    (CONTEXT_ACTIONS, "an icon's value of 2,001", element("icon_button", value="x" * 2001), too_long(2000, "value")),
    (CONTEXT_ACTIONS, "an icon's label for screen readers of 76", element("icon_button", accessibility_label="x" * 76), too_long(75, "accessibility_label")),
    (CONTEXT_ACTIONS, "an icon that does not exist", element("icon_button", icon="pencil"), f"{ENUM} @ icon"),
    (CONTEXT_ACTIONS, "an icon for eleven people", element("icon_button", visible_to_user_ids=["U1"] * 11), "no more than 10 items allowed @ visible_to_user_ids"),
]

# ------------------------------------------------------------------------------------- lists of blocks in a message
LISTS: list[Row] = [
    ("blocks as an object", {"blocks": []}, "must provide an array @ /blocks"),
    ("blocks as JSON text", "[]", "must provide an array @ /blocks"),
    ("fifty-one blocks", [{"type": "divider"}] * 51, "no more than 50 items allowed @ /blocks"),
    ("a block_id twice", [{"type": "divider", "block_id": "a"}, {"type": "header", "text": plain(), "block_id": "a"}], '`block_id` "a" already exists @ /blocks/1/block_id'),
    ("a block_id again inside a container", [{"type": "divider", "block_id": "a"}, container({"type": "divider", "block_id": "a"})], '`block_id` "a" already exists @ /blocks/1/child_blocks/0/block_id'),
    ("an action_id twice on one card of a carousel", [{"type": "carousel", "elements": [card(actions=[element("button"), element("button")])]}], '`action_id` "check_in" already exists @ /blocks/0/elements/0/actions/1/action_id'),
    ("markdown of 12,001 in all", [{"type": "markdown", "text": "x" * 12_000}, {"type": "markdown", "text": "y"}], too_long(12_000, "/blocks")),
    ("data tables of 20,002 characters in all", [block("data_table", rows=[[raw(5000), raw("y")], [raw(5000), raw("z")]])] * 2 + [{"type": "divider"}], too_long(20_000, "/blocks")),
    ("two tables in one message", [block("table")] * 2, "only_one_table_allowed @ /blocks/1"),
    ("three charts", [block("data_visualization")] * 3, "no more than 2 items allowed @ /blocks/2"),
    ("several faults at once", [{"type": "header"}, {"type": "divider"}, {"type": "section", "text": mrkdwn(3001)}, {"type": "nope"}], "missing required field: text @ /blocks/0", f"{ALL} @ /blocks/2/text", too_long(3000, "/blocks/2/text/text"), "unsupported type: nope @ /blocks/3/type"),
]

VIEW = f"{ALL} @ /view"
FIELD = input_block(element("plain_text_input"))

# --------------------------------------------------------------------------------------------------- modals and Home
VIEWS: list[Row] = [
    ("a view that is no object", [], VIEW, "must provide an object @ /view"),
    ("a view with nothing in it", {}, VIEW, *(f"missing required field: {name} @ /view" for name in ("type", "title", "blocks"))),
    ("a view of a kind Slack does not know", {**modal(), "type": "sheet"}, VIEW, "unsupported type: sheet @ /view/type"),
    ("a modal without title", modal(title=...), VIEW, "missing required field: title @ /view"),
    ("a modal's title of 25", modal(title=plain(25)), VIEW, *text_too_long(24, "/view/title")),
    ("a modal's title in mrkdwn", modal(title=mrkdwn("x")), VIEW, *not_plain("/view/title")),
    ("a modal's title as a bare string", modal(title="x"), VIEW, f"{ALL} @ /view/title", "must provide an object @ /view/title"),
    ("a modal's submit of 25", modal(submit=plain(25)), VIEW, *text_too_long(24, "/view/submit")),
    ("a modal's close of 25", modal(close=plain(25)), VIEW, *text_too_long(24, "/view/close")),
    ("an input without submit", modal(block("header"), FIELD, submit=...), "must define `submit` to use an `input` block in modals @ /view/blocks/1/input"),
    ("a modal without blocks", modal(blocks=...), VIEW, "missing required field: blocks @ /view"),
    ("a modal of no blocks", modal(blocks=[]), VIEW, "must provide at least 1 items @ /view/blocks"),
    ("a modal of 101 blocks", modal(*[{"type": "divider"}] * 101), VIEW, "no more than 100 items allowed @ /view/blocks"),
    ("a null among the blocks", modal({"type": "divider"}, None), VIEW, "must provide an object @ /view/blocks/1"),
    ("a carousel in a modal", modal(block("carousel")), VIEW, "unsupported type: carousel @ /view/blocks/0/type"),
    ("a table in a modal", modal(block("table")), VIEW, "unsupported type: table @ /view/blocks/0/type"),
    ("markdown in a modal", modal(block("markdown")), VIEW, "unsupported type: markdown @ /view/blocks/0/type"),
    ("an alert of 201", modal(block("alert", text=plain(201))), VIEW, *text_too_long(200, "/view/blocks/0/text")),
    ("an alert of a level Slack does not know", modal(block("alert", level="fatal")), VIEW, f"{ENUM} @ /view/blocks/0/level"),
    ("eleven files in a field", modal(input_block(element("file_input", max_files=11))), VIEW, "must be less than 10 @ /view/blocks/0/element/max_files"),
    ("no file in a field", modal(input_block(element("file_input", max_files=0))), VIEW, "must be greater than 1 @ /view/blocks/0/element/max_files"),
    ("private_metadata of 3,001", modal(private_metadata="x" * 3001), VIEW, too_long(3000, "/view/private_metadata")),
    ("private_metadata as an object", modal(private_metadata={}), VIEW, "must provide a string @ /view/private_metadata"),
    ("a callback_id of 256", modal(callback_id="x" * 256), VIEW, too_long(255, "/view/callback_id")),
    ("an external_id of 256", modal(external_id="x" * 256), VIEW, too_long(255, "/view/external_id")),
    ("notify_on_close that is no boolean", modal(notify_on_close="true"), VIEW, "must be a boolean @ /view/notify_on_close"),
    ("a property Slack does not know", modal(submit_disabled=False), VIEW, "invalid additional property: submit_disabled @ /view"),
    ("an option of 76 deep inside", modal(input_block(element(SELECT, options=[option(text=plain(76))], initial_option=...))), VIEW, *text_too_long(75, "/view/blocks/0/element/options/0/text")),
    ("a block_id twice in a modal", modal({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}), '`block_id` "a" already exists @ /view/blocks/1/block_id'),
    ("an action_id twice in a modal", modal({"type": "actions", "elements": [element("button"), element("button")]}), '`action_id` "check_in" already exists @ /view/blocks/0/elements/1/action_id'),
    ("a view above 250 KB", modal(*[{"type": "section", "text": mrkdwn(3000)}] * 90), "view_too_large @ /view"),
    ("a title on Home", home(title=plain()), VIEW, "invalid additional property: title @ /view"),
    ("a submit on Home", home(submit=plain()), VIEW, "invalid additional property: submit @ /view"),
    ("Home without blocks", home(blocks=[]), VIEW, "must provide at least 1 items @ /view/blocks"),
    ("Home of 101 blocks", home(*[{"type": "divider"}] * 101), VIEW, "no more than 100 items allowed @ /view/blocks"),
    ("an alert on Home", home(block("alert")), VIEW, "unsupported type: alert @ /view/blocks/0/type"),
    ("a chart on Home", home(block("data_visualization")), VIEW, "unsupported type: data_visualization @ /view/blocks/0/type"),
    ("a table in a container on Home", home(container(block("table"))), VIEW, "unsupported type: table @ /view/blocks/0/child_blocks/0/type"),
]

TABLE = block("table")
EVENT = {"event_type": "delivery", "event_payload": {}}

# -------------------------------------------------------- whole messages: (what, payload, code of the first, *lines)
MESSAGES: list[Row] = [
    ("text that is a number", {"text": 45}, "invalid_type", "must provide a string @ /text"),
    ("blocks of a Block Kit Builder export", {"text": "x", "blocks": {"blocks": []}}, "invalid_blocks_format", "must provide an array @ /blocks"),
    ("two tables", {"blocks": [TABLE, TABLE]}, "invalid_attachments", "only_one_table_allowed @ /blocks/1"),
    ("a second table in an attachment", {"blocks": [TABLE], "attachments": [{"blocks": [TABLE]}]}, "invalid_attachments", "only_one_table_allowed @ /attachments/0/blocks/0"),
    ("a second table in a container", {"blocks": [TABLE, container(TABLE)]}, "invalid_attachments", "only_one_table_allowed @ /blocks/1/child_blocks/0"),
    ("attachments as an object", {"attachments": {}}, "invalid_attachments", "must provide an array @ /attachments"),
    ("101 attachments", {"attachments": [{"text": "x"}] * 101}, "too_many_attachments", "too_many_attachments @ /attachments"),
    ("an attachment that is no object", {"attachments": ["x"]}, "invalid_type", "must provide an object @ /attachments/0"),
    ("a broken block in an attachment", {"attachments": [{"blocks": [{"type": "header", "text": plain(151)}]}]}, "failed_constraint", *text_too_long(150, "/attachments/0/blocks/0/text")),
    ("metadata as text", {"metadata": "x"}, "invalid_metadata_format", "must provide an object @ /metadata"),
    ("metadata without payload", {"metadata": {"event_type": "x"}}, "invalid_metadata_format", "missing required field: event_payload @ /metadata"),
    ("metadata with a list for payload", {"metadata": {**EVENT, "event_payload": []}}, "invalid_metadata_format", "must provide an object @ /metadata/event_payload"),
    ("metadata above 8 KB", {"metadata": {**EVENT, "event_payload": {"k": "x" * 8192}}}, "metadata_too_large", "metadata_too_large @ /metadata"),
]
