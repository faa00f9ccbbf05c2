"""Somebody leaves: one message to whoever is responsible, one form to hand it all over."""

from datetime import timedelta
from typing import Any

import pytest

from bot.okr.errors import NotFound, OkrError
from bot.okr.leaving import HandedOver, HandOverForm, LeaverNotice
from bot.store.tables import Change, Delivery
from bot.usecases.actors import Actor
from bot.usecases.answers import InvalidAnswers
from bot.usecases.leavers import HandOver, OpenHandOver, hand_over, open_hand_over
from bot.usecases.people import KeepPeople, SlackPerson, keep_people, person_gone
from tests.usecases.world import PROMPTED, TEAM, KeyResult, Objective, World

TUESDAY = PROMPTED + timedelta(days=1)


@pytest.fixture
def growth(lumen: World) -> World:
    """KR-1 and KR-2 are Ana's in Growth, KR-3 hers in Quiet (no lead), KR-4 Bo's."""
    for owner, team in (("U0ANA", "Growth"), ("U0ANA", "Growth"), ("U0ANA", "Quiet"), ("U0BO", "Growth")):
        lumen.key_result(owner, team)
    return lumen


def leaves(world: World, who: str = "U0ANA", now: Any = TUESDAY, *, deleted: bool = True) -> None:
    """Slack says it (again)."""
    person = SlackPerson(who, who[2:].title(), zone="Europe/Berlin", deleted=deleted)
    world.do(keep_people, KeepPeople(TEAM, (person,)), now)


def told(world: World, now: Any = TUESDAY) -> dict[str, LeaverNotice]:
    return {
        delivery.recipient: outgoing.facts
        for delivery, outgoing in world.deliver(now)
        if isinstance(outgoing.facts, LeaverNotice)
    }


def opened(world: World, who: str, leaver: str = "U0ANA") -> HandOverForm:
    command = OpenHandOver(Actor(TEAM, who), world.members[leaver])
    return world.do(open_hand_over, command, TUESDAY, writes=False)


def give(world: World, who: str, to: str | None, **single: str) -> HandedOver:
    chosen = {f"KR-{number.removeprefix('kr')}": slack_id for number, slack_id in single.items()}
    return world.do(hand_over, HandOver(Actor(TEAM, who), world.members["U0ANA"], to, chosen), TUESDAY)


def owners(world: World) -> list[str | None]:
    return [world.row(number).owner_name for number in (1, 2, 3, 4)]


def test_the_lead_and_where_there_is_none_the_champion_hears_once_what_is_orphaned(growth: World) -> None:
    leaves(growth)
    leaves(growth)
    notes = told(growth)
    found = {who: [each.number for each in note.orphaned] for who, note in notes.items()}
    assert found == {"U0LEA": [1, 2], "U0CLEO": [3]}
    assert notes["U0LEA"].leaver == "Ana"
    leaves(growth, now=TUESDAY + timedelta(days=1))
    assert told(growth, TUESDAY + timedelta(days=1)) == {}


def test_who_returns_and_leaves_again_is_told_of_again(growth: World) -> None:
    leaves(growth)
    assert told(growth)
    leaves(growth, deleted=False)
    with pytest.raises(OkrError, match="is back"):
        opened(growth, "U0LEA")
    later = TUESDAY + timedelta(days=3)
    leaves(growth, now=later)
    assert set(told(growth, later)) == {"U0LEA", "U0CLEO"}


def test_a_lead_who_leaves_is_reported_to_the_champion(growth: World) -> None:
    growth.key_result("U0LEA", "Growth")
    leaves(growth, "U0LEA")
    assert {who: [each.number for each in note.orphaned] for who, note in told(growth).items()} == {"U0CLEO": [5]}


def test_who_leaves_nothing_behind_is_no_message(growth: World) -> None:
    leaves(growth, "U0SAM")
    leaves(growth, "U0OLU")
    growth.change(KeyResult, growth.row(4).id, dropped_at=TUESDAY)
    leaves(growth, "U0BO")
    assert growth.deliveries("somebody_left") == []


def test_what_is_handed_over_before_the_message_goes_is_left_out_of_it(growth: World) -> None:
    leaves(growth)
    give(growth, "U0CLEO", "U0BO")
    assert told(growth) == {}


def test_somebody_slack_refuses_to_write_to_has_left_as_well(growth: World) -> None:
    def work(session: Any) -> None:
        row = Delivery(workspace_id=growth.workspace_id, recipient="U0ANA", kind="prompt", arguments={})
        person_gone(session, row, TUESDAY)

    growth.database.transact(work, seconds=30)
    assert set(told(growth)) == {"U0LEA", "U0CLEO"}


def test_everything_goes_to_one_person_and_single_ones_to_others(growth: World) -> None:
    leaves(growth)
    assert [each.number for each in opened(growth, "U0CLEO").orphaned] == [1, 2, 3]
    done = give(growth, "U0CLEO", "U0BO", kr2="U0OLU")
    assert owners(growth) == ["Bo", "Olu", "Bo", "Bo"]
    received = {each.owner: [one.number for one in each.key_results] for each in done.received}
    assert received == {"Bo": [1, 3], "Olu": [2]}
    went = {row.recipient: out.facts for row, out in growth.deliver(TUESDAY) if row.kind == "handed_over"}
    assert set(went) == {"U0BO", "U0OLU"}
    assert [one.number for one in went["U0BO"].received[0].key_results] == [1, 3]  # type: ignore[attr-defined]
    logged = [row for row in growth.rows(Change) if row.entity == "key_result"]
    assert [(row.action, row.reason) for row in logged] == [("handed over", "Ana has left.")] * 3


def test_a_lead_hands_over_what_is_in_their_teams_only(growth: World) -> None:
    leaves(growth)
    assert [each.number for each in opened(growth, "U0LEA").orphaned] == [1, 2]
    give(growth, "U0LEA", "U0LEA")
    assert owners(growth) == ["Lea", "Lea", "Ana", "Bo"]
    assert growth.deliveries("handed_over") == [], "Lea did it herself"
    for who in ("U0LEA", "U0BO"):
        with pytest.raises(OkrError, match="teams you do not lead"):
            opened(growth, who)


def test_the_second_click_tells_who_did_it_already(growth: World) -> None:
    leaves(growth)
    give(growth, "U0CLEO", "U0BO")
    before = growth.how_many(Change)
    for late in (lambda: opened(growth, "U0LEA"), lambda: give(growth, "U0LEA", "U0OLU")):
        with pytest.raises(OkrError, match="done already by Cleo"):
            late()
    with pytest.raises(OkrError, match="by you"):
        opened(growth, "U0CLEO")
    assert owners(growth) == ["Bo", "Bo", "Bo", "Bo"]
    assert growth.how_many(Change) == before


def test_what_is_not_chosen_stays_and_can_be_handed_over_later(growth: World) -> None:
    leaves(growth)
    assert give(growth, "U0CLEO", None, kr1="U0BO").left == 2
    assert [each.number for each in opened(growth, "U0CLEO").orphaned] == [2, 3]
    with pytest.raises(InvalidAnswers) as refused:
        give(growth, "U0CLEO", None)
    assert set(refused.value.by_field) == {"all"}


def test_nobody_who_has_left_or_is_unknown_gets_anything(growth: World) -> None:
    leaves(growth)
    leaves(growth, "U0OLU")
    for nobody in ("U0OLU", "U0ANA", "U0STRANGER"):
        with pytest.raises(InvalidAnswers, match="nobody who can own it"):
            give(growth, "U0CLEO", nobody)
    with pytest.raises(NotFound):
        growth.do(open_hand_over, OpenHandOver(Actor(TEAM, "U0CLEO"), 999), TUESDAY, writes=False)


def test_a_delegate_who_becomes_the_owner_is_no_delegate_any_more(growth: World) -> None:
    growth.change(KeyResult, growth.row(1).id, delegate_id=growth.members["U0BO"])
    leaves(growth)
    give(growth, "U0CLEO", "U0BO")
    assert growth.row(1).delegate_id is None


def own(world: World, number: int, **values: Any) -> None:
    [row] = world.rows(Objective, Objective.number == number)
    world.change(Objective, row.id, **values)


def page(world: World, form: HandOverForm, to: str | None = None, **single: str) -> HandedOver:
    """Send a page of the form as it is shown."""
    shown = tuple(each.shown_id for each in form.orphaned)
    chosen = {key.replace("_", "-"): slack_id for key, slack_id in single.items()}
    command = HandOver(Actor(TEAM, "U0CLEO"), world.members["U0ANA"], to, chosen, shown, form.page)
    return world.do(hand_over, command, TUESDAY)


def test_objectives_of_their_own_and_unpublished_ones_are_handed_over_too(growth: World) -> None:
    ana, bo = growth.members["U0ANA"], growth.members["U0BO"]
    own(growth, 1, owner_id=ana)
    own(growth, 2, created_by=ana)
    own(growth, 4, created_by=ana, published_at=None, approval_asked_at=TUESDAY, approver_id=growth.members["U0LEA"])
    leaves(growth)
    assert [each.shown_id for each in told(growth)["U0LEA"].orphaned] == ["O-1", "O-4", "KR-1", "KR-2"]
    done = page(growth, opened(growth, "U0CLEO"), "U0BO", O_1="U0OLU")
    assert done.left == 0
    rows = {row.number: row for row in growth.rows(Objective)}
    assert (rows[1].owner_id, rows[2].created_by, rows[4].created_by) == (growth.members["U0OLU"], ana, bo)
    logged = [(row.entity, row.action) for row in growth.rows(Change) if row.entity == "objective"]
    assert logged == [("objective", "handed over")] * 2
    went = {row.recipient: out.facts for row, out in growth.deliver(TUESDAY) if row.kind == "handed_over"}
    assert {each.shown_id for each in went["U0BO"].received[0].key_results} == {"KR-1", "KR-2", "KR-3", "O-4"}  # type: ignore[attr-defined]
    assert {each.shown_id for each in went["U0OLU"].received[0].key_results} == {"O-1"}  # type: ignore[attr-defined]


def test_more_than_a_page_can_be_given_to_single_people_page_by_page(growth: World) -> None:
    for _ in range(40):
        growth.key_result("U0ANA", "Growth")
    leaves(growth)
    first = opened(growth, "U0CLEO")
    assert (len(first.orphaned), first.more) == (20, 23)
    done = page(growth, first, KR_2="U0BO")
    assert done.following is not None
    assert (done.following.page, done.following.handed, done.following.more) == (2, 1, 3)
    again = page(growth, first, KR_2="U0BO").following
    assert again is not None
    assert again.orphaned == done.following.orphaned, "the same page sent twice leads to the same next one"
    third = page(growth, done.following).following
    assert third is not None
    assert [each.shown_id for each in third.orphaned] == ["KR-42", "KR-43", "KR-44"]
    last = page(growth, third, KR_43="U0OLU")
    assert (last.following, last.left) == (None, 41)
    assert page(growth, opened(growth, "U0CLEO"), "U0BO").left == 0


def test_what_the_lead_had_not_handed_over_before_leaving_goes_on_to_the_champion(growth: World) -> None:
    leaves(growth)
    assert set(told(growth)) == {"U0LEA", "U0CLEO"}
    leaves(growth, "U0LEA")
    notes = growth.deliver(TUESDAY)
    led, ana = [out.facts for _, out in notes if isinstance(out.facts, LeaverNotice)]
    assert (led.leaver, led.led, led.orphaned) == ("Lea", ("Growth",), ())
    assert (ana.leaver, len(ana.orphaned)) == ("Ana", 3)
    assert [each.shown_id for each in opened(growth, "U0CLEO").orphaned] == ["KR-1", "KR-2", "KR-3"]


def test_a_champion_hears_of_it_who_had_heard_of_nothing_before(growth: World) -> None:
    growth.change(KeyResult, growth.row(3).id, owner_id=growth.members["U0BO"])
    leaves(growth)
    assert set(told(growth)) == {"U0LEA"}
    leaves(growth, "U0LEA")
    notes = [out.facts for _, out in growth.deliver(TUESDAY) if isinstance(out.facts, LeaverNotice)]
    assert {note.leaver: len(note.orphaned) for note in notes} == {"Lea": 0, "Ana": 2}
