"""What `/okr rehearse` shows."""

from bot.slack.views.rehearsals import rehearsal
from tests.slack import sample_facts as facts
from tests.slack.reading import lines_shown


def test_everybodys_weeks_are_told_week_by_week_with_the_proof() -> None:
    shown = lines_shown(rehearsal(facts.rehearsal("Mia")))
    assert "96 messages to 12 people, 1 post in channels in 4 weeks. At most two a week" in "\n".join(shown)
    assert sum(line.startswith("• Week of") for line in shown) == 4
    assert any("12 prompts, 12 reminders, 1 digest; 12 people" in line for line in shown)


def test_ones_own_messages_are_told_one_by_one() -> None:
    shown = lines_shown(rehearsal(facts.rehearsal("Mia", own=True)))
    assert sum(line.startswith("• ") for line in shown) == 8
    assert any("reminder: KR-3, KR-4" in line for line in shown)
    assert any("4,321 people are more than I rehearse here" in line for line in shown)


def test_a_budget_that_does_not_hold_is_said_with_whom_it_concerns() -> None:
    shown = "\n".join(lines_shown(rehearsal(facts.rehearsal("Mia", offends=True))))
    assert "More than 2 a week that nobody asked for would go to" in shown
    assert "(3, " in shown
    assert "and 43 more." in shown
