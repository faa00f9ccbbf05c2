"""The DM that asks, read on a phone."""

from bot.okr.facts import Waiting
from bot.slack import ids
from bot.slack.views import prompts
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, element, read


def test_a_prompt_says_what_is_due_until_when_and_how_to_answer() -> None:
    shown = prompts.prompt(facts.prompt())
    assert shown.text == ("Your check-in for the week of 12 Oct: 5 key results, due Wed 14 Oct, 17:00 (Europe/Berlin).")
    assert buttons(shown) == ["Check in", "No change", "Snooze", "Skip"]
    assert element(shown, ids.CHECK_IN_OPEN)["style"] == "primary"


def test_a_prompt_tells_what_had_waited_for_it() -> None:
    asking = facts.prompt(waiting=(Waiting("recognition", None, needs_answer=False),), more_waiting=2)
    shown = prompts.prompt(asking, ["Lea recognised your effort on KR-3."])
    assert "*Also for you*\n• Lea recognised your effort on KR-3.\nand 2 more messages" in read(shown)
    assert buttons(shown)[-1] == "Show Them"


def test_what_needs_no_answer_and_is_told_in_full_has_no_button() -> None:
    asking = facts.prompt(waiting=(Waiting("recognition", None, needs_answer=False),))
    assert "Show Them" not in buttons(prompts.prompt(asking, ["Lea recognised your effort on KR-3."]))


def test_a_reminder_says_that_it_is_the_only_one() -> None:
    shown = prompts.reminder(facts.prompt())
    assert "This is the only reminder" in read(shown)
    assert buttons(shown) == ["Check in", "No change", "Snooze", "Skip"]


def test_a_snoozed_prompt_says_when_it_comes_again_and_a_skipped_one_why() -> None:
    snoozed = prompts.answered(facts.snoozed())
    assert snoozed.text.startswith("Snoozed. I ask again Tue 13 Oct, 09:00 (Europe/Berlin)")
    skipped = prompts.answered(facts.skipped())
    assert "Skipped 2 key results this time." in skipped.text
    assert "On a fair" in read(skipped)
    assert buttons(snoozed) == buttons(skipped) == ["Check in"]


def test_a_prompt_shows_where_each_key_result_stands_and_the_one_line_way() -> None:
    shown = read(prompts.prompt(facts.prompt()))
    assert shown.count("of the way") == 4
    assert "no check-in yet" in shown
    assert "just reply here: `1 20000 8 note | 2 =`" in shown
    assert "`/okr update KR-3 =`" in shown
    assert [line[:3] for line in shown.splitlines() if "*KR-" in line] == ["1. ", "2. ", "3. ", "4. ", "5. "]
