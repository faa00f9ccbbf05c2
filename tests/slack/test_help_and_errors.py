"""Help leads on, and every error ends with the way to the right page."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import bot
from bot.okr.cadence import WEEKLY
from bot.okr.checkins import UNDO_WINDOW
from bot.okr.errors import NotAllowed, OkrError, StartEqualsTarget, UnreadableNumber
from bot.okr.recognition import DEFAULT_EMOJI
from bot.okr.status import AT_RISK_MARGIN, ON_TRACK_MARGIN
from bot.slack import ids
from bot.slack.grammar import NotYet, Unknown, UnreadableLine, parse_command
from bot.slack.views import errors
from bot.slack.views import help as help_views
from bot.slack.views.help_pages import ALIASES, PAGES
from tests.slack.reading import buttons, element, read

_TOPIC_IN_CODE = re.compile(r"help_topic(?:: ClassVar\[str\])?\s*=\s*\"([^\"]+)\"")


def test_the_overview_names_every_command_and_topic() -> None:
    shown = help_views.help_message()
    assert all(f"*{topic}* - " in read(shown) for topic in PAGES)
    assert "`/okr update KR-3 45k 8 short note`" in read(shown)
    values = [option["value"] for option in element(shown, ids.HELP_TOPIC_CHOICE)["options"]]
    assert [ids.unpack(value, ids.HelpPage).topic for value in values] == list(PAGES)


@pytest.mark.parametrize("topic", PAGES)
def test_a_topic_has_a_short_page(topic: str) -> None:
    shown = help_views.help_message(topic)
    assert PAGES[topic].text in read(shown)
    assert len(PAGES[topic].text) < 1000


@pytest.mark.parametrize(
    ("typed", "topic"), [("values", "numbers"), ("Check-In", "update"), ("recogniton", "recognition")]
)
def test_another_word_or_a_slip_finds_the_page(typed: str, topic: str) -> None:
    assert PAGES[topic].text in read(help_views.help_message(typed))


def test_an_unknown_topic_says_so_and_shows_what_there_is() -> None:
    shown = help_views.help_message("quantum <!channel>")
    assert "no page about “quantum &lt;!channel&gt;”" in read(shown)
    assert "`/okr help update`" in read(shown)


def test_every_other_word_leads_to_a_page_that_exists() -> None:
    assert set(ALIASES.values()) <= set(PAGES)
    assert not set(ALIASES) & set(PAGES)


def test_every_error_in_the_code_points_to_a_page_that_exists() -> None:
    root = Path(bot.__file__).parent
    used = {topic for path in root.rglob("*.py") for topic in _TOPIC_IN_CODE.findall(path.read_text("utf-8"))}
    assert used
    assert used <= set(PAGES) | set(ALIASES)


@pytest.mark.parametrize("topic", PAGES)
def test_every_example_of_a_page_can_be_typed(topic: str) -> None:
    for example in re.findall(r"`/okr([^`]*)`", PAGES[topic].text):
        assert not isinstance(parse_command(example), Unknown | NotYet)


def test_the_pages_tell_the_hours_and_limits_the_rules_have() -> None:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    rhythm = PAGES["rhythm"].text
    for day, hour in (
        (WEEKLY.prompt_day, WEEKLY.prompt_hour),
        (WEEKLY.due_day, WEEKLY.due_hour),
        (WEEKLY.close_day, WEEKLY.close_hour),
    ):
        assert f"{days[day]} {hour:%H:%M}" in rhythm
    assert f"at most {int(ON_TRACK_MARGIN * 100)} points behind" in PAGES["status"].text
    assert f"at most {int(AT_RISK_MARGIN * 100)}." in PAGES["status"].text
    assert timedelta(minutes=10) == UNDO_WINDOW
    assert "ten minutes" in PAGES["update"].text
    assert all(f":{emoji}: {kind}" in PAGES["recognition"].text for emoji, kind in DEFAULT_EMOJI.items())


def test_an_unknown_command_names_the_nearest() -> None:
    assert "Did you mean `/okr update`?" in read(help_views.unknown_command("updte", "update"))
    assert "Did you mean" not in read(help_views.unknown_command("xyzzy", None))


def test_a_planned_command_says_so_and_what_there_is_today() -> None:
    assert "`/okr tree` is planned" in read(help_views.not_yet("tree"))


def test_an_error_ends_with_the_way_to_the_right_topic() -> None:
    shown = errors.error_message(NotAllowed("Only a champion may do this."))
    assert shown.text == "Only a champion may do this. More about it: /okr help roles"
    assert buttons(shown) == ["Show Help"]
    assert ids.unpack(element(shown, ids.HELP_TOPIC)["value"], ids.HelpPage) == ids.HelpPage("roles")
    assert "/okr help roles" in read(errors.error_modal(NotAllowed("Only a champion may do this.")))


def test_a_refused_line_quotes_what_was_typed_without_pinging() -> None:
    with pytest.raises(UnreadableLine) as refused:
        parse_command("update &lt;!channel&gt;")
    assert "“&lt;!channel&gt;”" in errors.error_message(refused.value).text


def test_an_unexpected_error_gives_a_reference_to_pass_on() -> None:
    assert "*a1b2*" in read(errors.trouble_message("a1b2"))
    assert "*a1b2*" in read(errors.trouble_modal("a1b2"))
    told = errors.trouble_field_error("a1b2", ids.value_block(3))
    assert "not saved" in told["kr.3.value"]
    assert "a1b2" in told["kr.3.value"]


class Several(OkrError):
    """An error about more than one input, as use cases raise it."""

    def __init__(self) -> None:
        super().__init__("Two things.", help_topic="numbers")
        self.by_field = {"start": "Start is no number.", "kr.3.value": "This is no number."}


def test_errors_stand_at_the_inputs_they_are_about() -> None:
    told = errors.field_errors(
        [
            StartEqualsTarget("Start and target are the same.", field="target"),
            UnreadableNumber("This is no number.", field=ids.value_block(4)),
            OkrError("Something else.", field="nowhere"),
            Several(),
        ],
        errors.KEY_RESULT_FIELDS,
        ids.KEY_RESULT_TITLE,
    )
    assert told == {
        ids.KEY_RESULT_TARGET: "Start and target are the same. More: /okr help key-results",
        ids.value_block(4): "This is no number. More: /okr help numbers",
        ids.KEY_RESULT_TITLE: "Something else. More: /okr help start",
        ids.KEY_RESULT_START: "Start is no number. More: /okr help numbers",
        ids.value_block(3): "This is no number. More: /okr help numbers",
    }


def test_a_long_error_at_an_input_is_cut_to_what_can_be_read_there() -> None:
    told = errors.field_errors([OkrError("No. " * 500)], errors.SET_UP_FIELDS, ids.TEAM_NAME)
    assert len(told[ids.TEAM_NAME]) <= 240
