"""`/okr`, read as a member, a champion and somebody new."""

from dataclasses import replace
from datetime import date

from bot.okr.permissions import Relation
from bot.slack import ids
from bot.slack.views import weeks
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, element, read


def test_my_week_says_first_what_is_due_and_until_when() -> None:
    shown = weeks.my_week(facts.my_week())
    assert shown.text == "Your week: 5 key results wait for your check-in, due Wed 14 Oct, 17:00 (Europe/Berlin)."
    assert buttons(shown) == ["Check in", "New Objective", "Refresh"]
    assert element(shown, ids.CHECK_IN_OPEN)["style"] == "primary"


def test_what_is_overdue_is_said_so_and_stays_welcome() -> None:
    shown = weeks.my_week(facts.my_week(overdue=True))
    assert "It was due Wed 14 Oct, 17:00 (Europe/Berlin); a late answer is welcome." in shown.text


def test_a_champion_finds_the_set_up_in_their_week_and_a_new_one_is_told() -> None:
    shown = weeks.my_week(facts.my_week(may_set_up=True))
    assert buttons(shown) == ["Check in", "New Objective", "Set Up", "Refresh"]
    assert "champion" not in read(shown)
    assert "You are this workspace's champion" in read(
        weeks.my_week(facts.my_week(may_set_up=True, just_appointed=True))
    )


def test_what_belongs_to_an_ended_cycle_says_how_long_it_takes_check_ins() -> None:
    week = facts.my_week()
    ended = replace(week, due=(replace(week.due[0], closing=date(2027, 1, 14)), *week.due[1:]))
    assert read(weeks.my_week(ended)).count("its cycle has ended, takes check-ins until 14 Jan") == 1


def test_every_key_result_says_from_where_to_where_and_where_it_stands() -> None:
    shown = read(weeks.my_week(facts.my_week()))
    assert "*KR-3* Revenue per month · €10k → €50k" in shown
    assert "🟡 at risk: now €20k, 25% of the way, 55% expected · confidence 6" in shown
    assert "*KR-4* Hours until the first order · 48 hours → 8 hours" in shown
    assert "90% of the way" in shown  # counting down is progress too
    assert "-13% of the way" in shown
    assert "last check-in 30 Sep, getting old" in shown
    assert "no check-in yet" in shown


def test_nothing_due_is_said_and_what_did_not_fit_is_counted() -> None:
    shown = weeks.my_week(facts.my_week(due=(), others=facts.week_of_five(), more=7))
    assert "Nothing is due now. You own 12 key results in Q4 2026." in shown.text
    assert "and 7 more" in read(shown)
    assert buttons(shown) == ["Check in", "Show All", "New Objective", "Refresh"]
    assert ids.unpack(element(shown, ids.LIST_OPEN)["value"], ids.ListOpening).text == "me"


def test_what_belongs_to_others_is_counted_apart_and_says_whose_it_is() -> None:
    theirs = replace(facts.week_of_five()[0], answers_as=Relation.CONTRIBUTOR, owner="Bo Berg", due=False)
    both = weeks.my_week(facts.my_week(due=(), others=(facts.week_of_five()[1], theirs), of_others=1))
    assert "You own 1 key result in Q4 2026 and work on 1 of others." in both.text
    assert "owner: Bo Berg, you contribute" in read(both)
    only = weeks.my_week(facts.my_week(due=(), others=(theirs,), of_others=1))
    assert "Nothing is due now. You own none of these." in only.text


def test_somebody_who_owns_nothing_is_led_to_the_first_objective() -> None:
    shown = weeks.my_week(facts.my_week(due=(), due_at=None))
    assert "You own no key result" in shown.text
    assert element(shown, ids.OPEN_NEW_OBJECTIVE)["style"] == "primary"


def test_the_first_admin_hears_that_they_are_champion_and_is_led_on() -> None:
    shown = weeks.empty_workspace(facts.empty_workspace())
    assert "You are this workspace's champion" in read(shown)
    assert "*Acme*" in read(shown)
    assert "*Q4 2026*" in read(shown)
    assert buttons(shown) == ["Set Up", "New Objective"]


def test_anyone_else_is_told_who_can_set_up() -> None:
    shown = weeks.empty_workspace(facts.empty_workspace(may_set_up=False, champions=("Bo Berg", "Cleo Diaz")))
    assert "Bo Berg and Cleo Diaz can set it up" in shown.text
    assert buttons(shown) == []
    nobody = weeks.empty_workspace(facts.empty_workspace(may_set_up=False))
    assert "An admin or owner of this Slack workspace can set it up" in nobody.text


def test_what_waits_for_agreement_is_shown_with_a_way_to_read_it() -> None:
    shown = weeks.my_week(facts.my_week(waiting=facts.waiting(6)))
    assert "*O-1* Grow by Bo Berg, Growth, *waits for you to agree*" in read(shown)
    assert "*O-50* Shrink waits, and nobody is left to agree to it" in read(shown)
    assert "and 3 more that wait" in read(shown)
    assert element(shown, ids.one_of(ids.AGREEMENT_OPEN, 1))["text"]["text"] == "Read It"
