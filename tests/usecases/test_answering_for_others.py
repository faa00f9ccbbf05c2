"""Who checks in for somebody else: a delegate is asked as the owner is, a contributor may answer and is never asked."""

from datetime import timedelta

import pytest

from bot.okr.errors import NothingDue
from bot.okr.facts import MyWeek, Prompt
from bot.okr.permissions import Relation
from bot.store.tables import Contributor, KeyResult
from bot.usecases.actors import Actor
from bot.usecases.weeks import ShowMyWeek, my_week
from tests.usecases.world import PROMPTED, TEAM, World, at

TUESDAY = at("2026-10-06 10:00")
LATER = TUESDAY + timedelta(minutes=30)


@pytest.fixture
def helped(lumen: World) -> World:
    """KR-1 is Bo's own; KR-2 is Ana's with Bo as delegate, KR-3 Ana's with Bo as contributor, KR-4 Ana's alone."""
    lumen.key_result("U0BO", "Growth")
    for _ in range(3):
        lumen.key_result("U0ANA", "Growth")
    bo = lumen.members["U0BO"]
    lumen.change(KeyResult, lumen.row(2).id, delegate_id=bo)
    lumen.add(Contributor(workspace_id=lumen.workspace_id, key_result_id=lumen.row(3).id, member_id=bo))
    lumen.tick(PROMPTED)
    return lumen


def test_the_form_offers_what_one_answers_for_own_due_ones_first(helped: World) -> None:
    lines = helped.open("U0BO", TUESDAY).facts.lines
    assert [(line.number, line.due, line.answers_as) for line in lines] == [
        (1, True, None), (2, True, Relation.DELEGATE), (3, False, Relation.CONTRIBUTOR)
    ]  # fmt: skip
    assert [line.owner for line in lines] == ["Bo", "Ana", "Ana"]


def test_send_answers_for_the_delegate_and_leaves_what_one_contributes_to(helped: World) -> None:
    receipt = helped.open("U0BO", TUESDAY).send(TUESDAY)
    assert [(line.number, line.owner, line.unchanged) for line in receipt.lines] == [
        (1, None, True), (2, "Ana", True)
    ]  # fmt: skip
    assert receipt.still_due == 0
    assert [(line.number, line.due) for line in helped.open("U0ANA", LATER).facts.lines] == [
        (3, True), (4, True), (2, False)
    ]  # fmt: skip


def test_a_contributor_counts_only_with_a_change_and_answers_for_the_owner(helped: World) -> None:
    receipt = helped.open("U0BO", TUESDAY).put(3, "30").send(TUESDAY)
    assert [line.number for line in receipt.lines] == [1, 2, 3]
    assert helped.value(3) == 30
    assert [line.number for line in helped.open("U0ANA", LATER).facts.lines if line.due] == [4]


def test_whoever_answers_first_answers_for_both_and_nothing_untouched_overwrites_it(helped: World) -> None:
    owners = helped.open("U0ANA", TUESDAY)
    delegates = helped.open("U0BO", TUESDAY)
    delegates.put(2, "20").choose(2, 8).send(TUESDAY + timedelta(minutes=1))
    receipt = owners.send(LATER)
    assert [line.number for line in receipt.lines] == [3, 4]
    assert helped.value(2) == 20
    assert (helped.row(2).last_confidence, receipt.still_due) == (8, 0)


def test_the_owner_may_answer_first_as_well(helped: World) -> None:
    delegates = helped.open("U0BO", TUESDAY)
    helped.open("U0ANA", TUESDAY).put(2, "20").send(TUESDAY + timedelta(minutes=1))
    receipt = delegates.put(1, "5").send(LATER)
    assert [line.number for line in receipt.lines] == [1]
    assert helped.value(2) == 20


def test_owner_and_delegate_are_both_asked_once_and_a_contributor_is_not(helped: World) -> None:
    asked = {row.recipient: helped.prepare(row, PROMPTED) for row in helped.deliveries("prompt")}
    told = {who: outgoing.facts for who, outgoing in asked.items() if outgoing is not None}  # type: ignore[union-attr]
    assert {who: [each.number for each in facts.due] for who, facts in told.items() if isinstance(facts, Prompt)} == {
        "U0BO": [1, 2], "U0ANA": [2, 3, 4]
    }  # fmt: skip


def test_a_delegate_without_key_results_of_their_own_is_asked_unless_it_is_answered(helped: World) -> None:
    helped.change(KeyResult, helped.row(4).id, delegate_id=helped.members["U0OLU"])
    helped.tick(TUESDAY)
    (prompt,) = [row for row in helped.deliveries("prompt") if row.recipient == "U0OLU"]
    assert helped.prepare(prompt, TUESDAY) is not None
    helped.say("U0ANA", "4 =", TUESDAY)
    assert helped.prepare(prompt, LATER) is None


def test_a_delegate_east_of_the_owner_answers_for_the_week(lumen: World) -> None:
    lumen.member("U0TOK", "Toko", zone="Asia/Tokyo")
    lumen.key_result("U0ANA", "Growth")
    lumen.change(KeyResult, lumen.row(1).id, delegate_id=lumen.members["U0TOK"])
    nine_in_tokyo = at("2026-10-05 00:00")
    lumen.tick(nine_in_tokyo)
    assert [row.recipient for row in lumen.deliveries("prompt")] == ["U0TOK"]
    lumen.open("U0TOK", nine_in_tokyo).put(1, "5").send(nine_in_tokyo)
    lumen.tick(PROMPTED)
    (owners,) = [row for row in lumen.deliveries("prompt") if row.recipient == "U0ANA"]
    assert lumen.prepare(owners, PROMPTED) is None


def test_who_is_no_delegate_any_more_is_offered_it_no_longer(helped: World) -> None:
    form = helped.open("U0BO", TUESDAY)
    helped.change(KeyResult, helped.row(2).id, delegate_id=None)
    assert [line.number for line in form.send(TUESDAY).lines] == [1]
    assert [line.number for line in helped.open("U0BO", LATER).facts.lines] == [1, 3]


def test_who_works_on_nothing_is_told_so(helped: World) -> None:
    with pytest.raises(NothingDue, match="own no open key result in this cycle and work on none"):
        helped.open("U0OLU", TUESDAY)


def test_my_week_shows_what_one_answers_for(helped: World) -> None:
    week = helped.do(my_week, ShowMyWeek(Actor(TEAM, "U0BO")), TUESDAY, writes=False)
    assert isinstance(week, MyWeek)
    assert ([each.number for each in week.due], [each.number for each in week.others]) == ([1, 2], [3])
    assert week.of_others == 1
