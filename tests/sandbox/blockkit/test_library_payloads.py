"""What the bot's building library makes of each block and element is taken: a second reading of every field's name."""

from collections.abc import Callable

import pytest
import slackblocks as library

from bot.sandbox.blockkit import validate_blocks, validate_view
from bot.sandbox.blockkit.blocks import Surface
from tests.sandbox.blockkit.samples import Json

PLAIN = [library.Option(library.PlainText(name), name) for name in ("one", "two")]
CONFIRM = library.Confirm("Undo?", "The value is put back.", "Undo", "Keep")
IMAGE = library.Image(image_url="https://example.org/a.png", alt_text="Progress")
RICH = library.RichTextBlock([library.RichTextSection([library.RichText("Revenue", bold=True)])])

ELEMENTS: dict[str, Callable[[], library.Element]] = {
    "plain text": lambda: library.PlainTextInput("a", multiline=True, min_length=1, max_length=10, placeholder="x"),
    "email": lambda: library.EmailInput("a", initial_value="ada@example.org"),
    "url": lambda: library.URLInput("a", placeholder="x"),
    "number": lambda: library.NumberInput(action_id="a", is_decimal_allowed=True, min_value=0, max_value=10),
    "rich text": lambda: library.RichTextInput("a", initial_value=RICH, min_lines=1, max_lines=3),
    "checkboxes": lambda: library.CheckboxGroup("a", options=PLAIN, initial_options=PLAIN[:1], confirm=CONFIRM),
    "radio buttons": lambda: library.RadioButtonGroup("a", PLAIN, initial_option=PLAIN[1]),
    "date": lambda: library.DatePicker("a", initial_date="2026-02-28", placeholder="x"),
    "time": lambda: library.TimePicker("a", initial_time="09:05", timezone="Europe/Berlin"),
    "date and time": lambda: library.DateTimePicker("a", initial_datetime=1_790_000_000),
    "menu": lambda: library.StaticSelectMenu("a", options=PLAIN, initial_option=PLAIN[0], placeholder="x"),
    "grouped menu": lambda: library.StaticSelectMenu("a", option_groups=[library.OptionGroup("Teams", PLAIN)]),
    "external menu": lambda: library.ExternalSelectMenu("a", min_query_length=0),
    "people menu": lambda: library.UserSelectMenu("a", initial_user="U1"),
    "conversations menu": lambda: library.ConversationSelectMenu(
        "a", filter=library.ConversationFilter(include=["im"], exclude_bot_users=True), response_url_enabled=True
    ),
    "channels menu": lambda: library.ChannelSelectMenu("a", initial_channel="C1"),
    "multi menu": lambda: library.StaticMultiSelectMenu("a", options=PLAIN, max_selected_items=2),
    "external multi menu": lambda: library.ExternalMultiSelectMenu("a", min_query_length=1),
    "people multi menu": lambda: library.UserMultiSelectMenu("a", initial_users=["U1"]),
    "conversations multi menu": lambda: library.ConversationMultiSelectMenu("a", initial_conversations=["C1"]),
    "channels multi menu": lambda: library.ChannelMultiSelectMenu("a", initial_channels=["C1"]),
    "files": lambda: library.FileInput("a", filetypes=["pdf"], max_files=3),
}

AXIS = library.AxisConfig(["W1", "W2"], x_label="Week", y_label="%")
SERIES = [library.DataSeries("Plan", [library.DataPoint("W1", 1), library.DataPoint("W2", 2.5)])]

BLOCKS: dict[str, tuple[Surface, Callable[[], library.Block]]] = {
    "section": (
        "message",
        lambda: library.SectionBlock(
            "*Revenue*",
            fields=["a", "b"],
            accessory=library.Button("Go", "go", value="1", url="https://example.org", style="danger", confirm=CONFIRM),
        ),
    ),
    "overflow beside a section": (
        "home",
        lambda: library.SectionBlock("x", accessory=library.OverflowMenu("a", PLAIN, confirm=CONFIRM)),
    ),
    "divider": ("home", library.DividerBlock),
    "header": ("home", lambda: library.HeaderBlock("Five key results")),
    "image": ("message", lambda: library.ImageBlock("https://example.org/a.png", alt_text="x", title="t")),
    "context": ("message", lambda: library.ContextBlock([library.Text("a"), IMAGE])),
    "actions": ("modal", lambda: library.ActionsBlock([library.Button("Go", "go"), library.DatePicker("d")])),
    "context actions": (
        "message",
        lambda: library.ContextActionsBlock(
            [
                library.FeedbackButtons(library.FeedbackButton("Good", "1"), library.FeedbackButton("Bad", "2")),
                library.IconButton(text="Remove", visible_to_user_ids=["U1"]),
            ]
        ),
    ),
    "markdown": ("message", lambda: library.MarkdownBlock("**Revenue**")),
    "rich text": (
        "modal",
        lambda: library.RichTextBlock(
            [
                library.RichTextSection(
                    [
                        library.RichTextUser("U1", bold=True),
                        library.RichTextChannel("C1"),
                        library.RichTextUserGroup("S1"),
                        library.RichTextEmoji("tada", skin_tone=2),
                        library.RichTextLink("https://example.org", text="x", italic=True),
                    ]
                ),
                library.RichTextList("bullet", [library.RichTextSection([library.RichText("x")])], indent=1),
                library.RichTextQuote([library.RichText("x")]),
                library.RichTextCodeBlock([library.RichText("x")]),
            ]
        ),
    ),
    "video": (
        "home",
        lambda: library.VideoBlock(
            alt_text="x", title="t", thumbnail_url="https://example.org/t", video_url="https://example.org/v"
        ),
    ),
    "alert": ("modal", lambda: library.AlertBlock("x", level="warning")),
    "card": (
        "modal",
        lambda: library.CardBlock(
            hero_image=IMAGE,
            slack_icon=library.SlackIcon("rocket"),
            title="t",
            subtitle="s",
            body="b",
            subtext="u",
            actions=[library.Button("Go", "go")],
        ),
    ),
    "carousel": ("home", lambda: library.CarouselBlock([library.CardBlock(title="a"), library.CardBlock(body="b")])),
    "container": (
        "message",
        lambda: library.ContainerBlock(
            [library.DividerBlock()], title="t", icon=IMAGE, is_collapsible=True, default_collapsed=True
        ),
    ),
    "container with a rich title": (
        "message",
        lambda: library.ContainerBlock([library.DividerBlock()], rich_text_title=RICH, has_header_divider=True),
    ),
    "table": (
        "message",
        lambda: library.TableBlock(
            [[library.RawText("a"), library.RichTextSection([library.RichText("b")])]],
            column_settings=[library.ColumnSettings(align="right", is_wrapped=True)],
        ),
    ),
    "data table": (
        "message",
        lambda: library.DataTableBlock([[library.RawText("a")], [library.RawNumber(45, "45%")]], caption="Now"),
    ),
    "pie": (
        "message",
        lambda: library.DataVisualizationBlock("x", library.PieChart([library.ChartSegment("a", 1.5)])),
    ),
    "bars": ("message", lambda: library.DataVisualizationBlock("x", library.BarChart(SERIES, AXIS))),
    "areas": ("message", lambda: library.DataVisualizationBlock("x", library.AreaChart(SERIES, AXIS))),
    "lines": ("message", lambda: library.DataVisualizationBlock("x", library.LineChart(SERIES, AXIS))),
    "task card": (
        "message",
        lambda: library.TaskCardBlock(
            "t1", "Import", details=RICH, sources=[library.URLSource("https://example.org", "x")], status="complete"
        ),
    ),
    "plan": (
        "message",
        lambda: library.PlanBlock("Import", [library.TaskCardBlock("t1", "Read", status="pending")]),
    ),
}


def rendered(built: library.Block) -> Json:
    result: Json = built._resolve()
    return result


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_of_the_library_is_taken(name: str) -> None:
    surface, build = BLOCKS[name]
    assert [problem.as_line() for problem in validate_blocks([rendered(build())], surface)] == []


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_input_of_the_library_is_taken(name: str) -> None:
    block = rendered(library.InputBlock("Value", ELEMENTS[name](), hint="x", optional=True))
    assert [problem.as_line() for problem in validate_blocks([block], "modal")] == []


def test_a_modal_of_the_library_is_taken() -> None:
    view = library.ModalView(
        title="Check in",
        submit="Send",
        close="Cancel",
        blocks=[library.HeaderBlock("x"), library.InputBlock("Value", ELEMENTS["number"]())],
        private_metadata="{}",
        callback_id="check_in",
        notify_on_close=True,
    )
    assert [problem.as_line() for problem in validate_view(view.to_dict())] == []


def test_a_home_tab_of_the_library_is_taken() -> None:
    view = library.HomeTabView(blocks=[library.HeaderBlock("x")], callback_id="home", private_metadata="{}")
    assert [problem.as_line() for problem in validate_view(view.to_dict())] == []
