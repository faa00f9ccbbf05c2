"""Somebody has left: what one reads and chooses."""

from bot.okr.leaving import Orphaned
from bot.slack import ids
from bot.slack.views import leaving
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, labels, read


def test_the_message_names_what_is_orphaned_with_one_button() -> None:
    message = leaving.somebody_left(facts.leaver_notice(more=3))
    assert "*Cleo Diaz* has left, so 5 key results have no owner now." in read(message)
    assert "• *KR-3* Revenue per month · Growth" in read(message)
    assert "and 3 more" in read(message)
    assert buttons(message) == ["Hand Over"]


def test_the_form_has_one_line_for_all_and_one_for_each() -> None:
    view = leaving.hand_over(facts.hand_over_form())
    assert labels(view) == ["Everything to", "KR-3 Revenue per month", "KR-5 Churn"]
    assert ids.unpack(view["private_metadata"], ids.HandOverMetadata) == ids.HandOverMetadata(5, (3, 5))


def test_afterwards_both_sides_read_who_owns_what() -> None:
    shown = read(leaving.handed_over(facts.handed_over(left=2)))
    assert "*Bo Berg* owns now:\n• *KR-3* Revenue per month · Growth" in shown
    assert "2 are still without an owner" in shown
    note = read(leaving.received(facts.handed_over(giver="Ann Carter")))
    assert "Ann Carter handed you 2 key results of Cleo Diaz, who has left." in note


def test_objectives_have_their_own_lines_and_pages_lead_on() -> None:
    orphaned = (Orphaned(4, "Profit", "Growth", is_objective=True), *facts.ORPHANED)
    view = leaving.hand_over(facts.hand_over_form(orphaned=orphaned, more=7, page=2, handed=20))
    assert labels(view) == ["Everything to", "O-4 Profit", "KR-3 Revenue per month", "KR-5 Churn"]
    assert view["submit"]["text"] == "Hand Over and Go On"
    assert "20 handed over." in read(view)
    assert ids.unpack(view["private_metadata"], ids.HandOverMetadata) == ids.HandOverMetadata(5, (3, 5), (4,), 2)
    assert "Without a lead now: Growth." in read(leaving.somebody_left(facts.leaver_notice(led=("Growth",))))
