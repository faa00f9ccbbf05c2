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
from tests.usecases.world import PROMPTED, TEAM, KeyResult, World

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
    chosen = {int(number.removeprefix("kr")): slack_id for number, slack_id in single.items()}
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
