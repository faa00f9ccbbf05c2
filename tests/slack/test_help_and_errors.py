"""Help leads on, and every error ends with the way to the right page."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

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
from bot.slack.views.tips import TIPS, tip
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


def _errors_of(kind: type[OkrError]) -> Iterator[type[OkrError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _errors_of(below)


def _raised() -> Iterator[tuple[str, str]]:
    """Every place in the code that makes an expected error, with the sentence that is said there."""
    root = Path(bot.__file__).parent
    names = {each.__name__ for each in _errors_of(OkrError)}
    for path in sorted(root.rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names and call.args:
                said = _text_of(call.args[0])
                if said is not None:
                    yield f"{path.relative_to(root)}:{call.lineno}", said


def _text_of(written: ast.expr) -> str | None:
    """A literal text, `X` where a value is put in; None where it comes from somewhere else."""
    if isinstance(written, ast.Constant):
        return written.value if isinstance(written.value, str) else None
    if isinstance(written, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "X" for each in written.values)
    return None


def test_every_error_in_the_code_points_to_a_page_that_exists() -> None:
    for module in walk_packages(bot.__path__, "bot."):
        if not module.name.startswith("bot.sandbox") and module.name != "bot.__main__":
            import_module(module.name)
    root = Path(bot.__file__).parent
    used = {topic for path in root.rglob("*.py") for topic in _TOPIC_IN_CODE.findall(path.read_text("utf-8"))}
    used |= {kind.default_help_topic for kind in _errors_of(OkrError) if kind.__module__.startswith("bot.")}
    assert len(used) > 5
    assert used <= set(PAGES) | set(ALIASES)


def test_every_page_has_a_tip_for_the_moment_of_an_error() -> None:
    assert set(TIPS) == set(PAGES)
    for topic, said in TIPS.items():
        assert said[0].isupper(), topic
        assert re.search(r"[.]$", said), topic
        assert len(said) <= 120, topic
    assert tip("kr") == TIPS["key-results"]
    assert tip("quantum") is None


def test_every_refusal_in_the_code_is_a_sentence() -> None:
    found = dict(_raised())
    assert len(found) > 80
    # What is put in at the end is an example, a hint or a list of names.
    ends = re.compile(r"([.?X]|/okr .*)$")
    assert {place: said for place, said in found.items() if not ends.search(said)} == {}
    assert {place: said for place, said in found.items() if len(said) < 8 and said.strip("X: ")} == {}


@pytest.mark.parametrize("topic", PAGES)
def test_every_example_of_a_page_can_be_typed(topic: str) -> None:
    for example in re.findall(r"`/okr([^`]*)`", PAGES[topic].text):
        assert not isinstance(parse_command(example), Unknown | NotYet)


def test_the_pages_tell_the_hours_and_limits_the_rules_have() -> None:
    for moment in (WEEKLY.opens, WEEKLY.due, WEEKLY.closes):
        assert moment.words in PAGES["rhythm"].text
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
    assert TIPS["roles"] in read(shown)
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
        block_id: f"{said} {tip(topic, block_id)} More: /okr help {topic}"
        for block_id, said, topic in (
            (ids.KEY_RESULT_TARGET, "Start and target are the same.", "key-results"),
            (ids.value_block(4), "This is no number.", "numbers"),
            (ids.KEY_RESULT_TITLE, "Something else.", "start"),
            (ids.KEY_RESULT_START, "Start is no number.", "numbers"),
            (ids.value_block(3), "This is no number.", "numbers"),
        )
    }


def test_the_tip_at_an_input_is_about_that_input() -> None:
    told = errors.field_errors(
        [
            OkrError("No share.", help_topic="key-results", field="milestones"),
            OkrError("A weight is 0 or more.", help_topic="key-results", field="weight"),
        ],
        errors.KEY_RESULT_FIELDS,
        ids.KEY_RESULT_TITLE,
    )
    assert "without any, all steps count the same. More: /okr help key-results" in told[ids.KEY_RESULT_MILESTONES]
    assert TIPS["weights"] in told[ids.KEY_RESULT_WEIGHT]
    assert "a step such as +3 is for the one-line check-in" in (tip("numbers", "kr.3.value") or "")
    assert tip("numbers") == TIPS["numbers"]
    day = errors.field_errors(
        [OkrError("Not that day.", help_topic="update", field="as_of")], errors.EDITED_CHECK_IN_FIELDS, ids.AS_OF
    )
    assert "never for a day to come" in day[ids.AS_OF]


def test_where_there_is_no_room_for_the_tip_the_way_to_the_help_stays() -> None:
    told = errors.field_errors([OkrError("Much. " * 30, help_topic="cycles")], errors.SET_UP_FIELDS, ids.TEAM_NAME)
    assert told[ids.TEAM_NAME].endswith("Much. More: /okr help cycles")
    two = [UnreadableNumber("No.", field="team"), OkrError("Not so.", field="team")]
    told = errors.field_errors(two, errors.SET_UP_FIELDS, ids.TEAM_NAME)
    assert told[ids.TEAM_NAME] == "No. More: /okr help numbers Not so. More: /okr help start"


def test_a_long_error_at_an_input_is_cut_to_what_can_be_read_there() -> None:
    told = errors.field_errors([OkrError("No. " * 500)], errors.SET_UP_FIELDS, ids.TEAM_NAME)
    assert len(told[ids.TEAM_NAME]) <= 240
