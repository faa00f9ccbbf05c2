"""Setting an objective with its first key result."""

import threading
from decimal import Decimal
from typing import Any

import pytest

from bot.okr.facts import ObjectiveSet
from bot.store.tables import Change, Cycle, KeyResult, Membership, Objective
from bot.usecases.actors import Actor
from bot.usecases.answers import InvalidAnswers
from bot.usecases.objectives import OpenObjective, SetObjective, open_objective, set_objective
from tests.usecases.world import TEAM, Team, World, at

NOW = at("2026-10-06 10:00")


def form(who: str = "U0ANA", nonce: str = "n1", **more: Any) -> SetObjective:
    values: dict[str, Any] = {
        "objective": "Delight schools", "key_result": "Days to light", "start": "200", "target": "100", "unit": "days",
        **more,
    }  # fmt: skip
    return SetObjective(Actor(TEAM, who), nonce, **values)


def save(world: World, **more: Any) -> ObjectiveSet:
    return world.do(set_objective, form(**more), NOW)


def test_an_objective_is_set_in_the_member_s_team_and_the_current_cycle(lumen: World) -> None:
    shown = lumen.do(open_objective, OpenObjective(Actor(TEAM, "U0ANA"), "n1"), NOW)
    assert (shown.team, shown.cycle) == ("Growth", "Q4 2026")
    told = save(lumen)
    assert (told.number, told.title, told.team, told.cycle) == (1, "Delight schools", "Growth", "Q4 2026")
    key_result = told.key_result
    assert (key_result.number, key_result.owner, key_result.unit) == (1, "Ana", "days")
    assert [key_result.start, key_result.target, key_result.progress] == [200, 100, 0]
    assert not key_result.due
    (change,) = lumen.rows(Change)
    assert (change.action, (change.after or {})["id"]) == ("set", "O-1")
    assert [row.recipient for row in lumen.deliveries("objective_set")] == ["U0ANA"]
    assert lumen.deliver(NOW)[0][1].facts == told


def test_who_has_no_team_sets_it_for_the_company_and_joins_it(lumen: World) -> None:
    assert save(lumen, who="U0SAM").team == "Lumen"
    assert lumen.members["U0SAM"] in [row.member_id for row in lumen.rows(Membership)]


def test_the_same_form_twice_is_one_objective(lumen: World) -> None:
    assert save(lumen) == save(lumen)
    assert len(lumen.rows(Objective)) == len(lumen.rows(KeyResult)) == 1
    assert len(lumen.deliveries("objective_set")) == 1


def test_a_double_click_at_the_same_moment_is_one_objective(lumen: World) -> None:
    together = threading.Barrier(3)
    told: list[ObjectiveSet] = []

    def press() -> None:
        together.wait()
        told.append(save(lumen))

    presses = [threading.Thread(target=press) for _ in range(3)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert [each.number for each in told] == [1, 1, 1]
    assert len(lumen.rows(Objective)) == len(lumen.rows(KeyResult)) == 1


def test_numbers_are_never_used_again(lumen: World) -> None:
    save(lumen)
    with pytest.raises(InvalidAnswers):
        save(lumen, nonce="n2", start="x")
    lumen.change(Objective, lumen.rows(Objective)[0].id, dropped_at=NOW)
    lumen.change(KeyResult, lumen.rows(KeyResult)[0].id, dropped_at=NOW)
    told = save(lumen, nonce="n3")
    assert (told.number, told.key_result.number) == (2, 2)


def test_objectives_of_many_at_once_have_numbers_of_their_own(lumen: World) -> None:
    together = threading.Barrier(6)
    numbers: list[int] = []

    def press(index: int) -> None:
        together.wait()
        numbers.append(save(lumen, nonce=f"n{index}").number)

    presses = [threading.Thread(target=press, args=(index,)) for index in range(6)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"objective": " \n "}, {"objective"}),
        ({"key_result": "\x00"}, {"key_result"}),
        ({"objective": "x" * 3001}, {"objective"}),
        ({"start": "soon"}, {"start"}),
        ({"target": "5 €"}, {"target"}),
        ({"target": "200"}, {"target"}),
        ({"unit": "x" * 61}, {"unit"}),
        ({"start": "", "target": ""}, {"start", "target"}),
        ({"objective": "", "start": "", "target": "?"}, {"objective", "start", "target"}),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named_at_once(on_sqlite: World, wrong: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        save(on_sqlite, **wrong)
    assert set(refused.value.by_field) == fields
    assert on_sqlite.rows(Objective) == []


def test_white_space_and_halves_of_characters_do_no_harm(lumen: World) -> None:
    told = save(lumen, objective="  Delight\n  schools \ud83d ", unit=" ")
    assert told.title == "Delight schools ?"
    assert told.key_result.unit is None


def test_a_target_below_the_start_and_negative_numbers_are_fine(lumen: World) -> None:
    told = save(lumen, start="-5", target="-100.5", unit=None)
    assert (told.key_result.start, told.key_result.target) == (Decimal(-5), Decimal("-100.5"))


def test_an_archived_team_gets_no_new_objective(lumen: World) -> None:
    lumen.change(Team, lumen.teams["Growth"], archived_at=NOW)
    assert save(lumen).team == "Lumen"


def test_of_two_cycles_under_way_the_one_that_began_last_is_meant(lumen: World) -> None:
    lumen.add(
        Cycle(
            workspace_id=lumen.workspace_id,
            name="2026",
            starts_on=at("2026-01-01 00:00").date(),
            ends_on=at("2026-12-31 00:00").date(),
        )
    )
    assert save(lumen).cycle == "Q4 2026"
