"""The DM that asks, read on a phone."""

from bot.slack import ids
from bot.slack.views import prompts
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, element, read


def test_a_prompt_says_what_is_due_until_when_and_has_one_button() -> None:
    shown = prompts.prompt(facts.prompt(), 17)
    assert shown.text == ("Your check-in for the week of 12 Oct: 5 key results, due Wed 14 Oct, 17:00 (Europe/Berlin).")
    assert buttons(shown) == ["Check in"]
    opening = element(shown, ids.CHECK_IN_OPEN)
    assert opening["style"] == "primary"
    assert ids.unpack(opening["value"], ids.CheckInOpening) == ids.CheckInOpening(17)


def test_a_prompt_shows_where_each_key_result_stands_and_the_one_line_way() -> None:
    shown = read(prompts.prompt(facts.prompt()))
    assert shown.count("of the way") == 4
    assert "no check-in yet" in shown
    assert "`/okr update KR-3 VALUE CONFIDENCE note`" in shown
