"""Checking in on every kind of key result, from the form and in one line, on both databases."""

from decimal import Decimal

import pytest

from bot.okr.errors import UnreadableNumber
from bot.okr.facts import KeyResultStanding, MyWeek
from bot.usecases.actors import Actor
from bot.usecases.checkins import InvalidAnswers, LineAnswer, SendLines, send_lines
from bot.usecases.weeks import ShowMyWeek, my_week
from tests.usecases.world import PROMPTED, TEAM, World, at

TUESDAY = at("2026-10-06 10:00")
NOON = at("2026-10-06 12:00")


@pytest.fixture
def asked(lumen: World) -> World:
    """Ana owns one key result of every kind: KR-1 to KR-6; the week's round is open."""
    lumen.key_result("U0ANA", "Growth", start="200", target="0", unit="hours")
    lumen.key_result("U0ANA", "Growth", kind="stay_above", start="99.9", target="99.5", unit="%")
    lumen.key_result("U0ANA", "Growth", kind="stay_below", start="1", target="3", unit="%")
    lumen.key_result("U0ANA", "Growth", kind="milestones", steps="Alpha = 10\nBeta = 20\nLaunch = 70")
    lumen.key_result("U0ANA", "Growth", kind="yes_no")
    lumen.key_result("U0ANA", "Growth", kind="baseline", unit="days")
    lumen.tick(PROMPTED)
    return lumen


def standings(world: World, now: str) -> dict[int, KeyResultStanding]:
    """Where everything of Ana's stands."""
    facts = world.do(my_week, ShowMyWeek(Actor(TEAM, "U0ANA")), at(now), writes=True)
    assert isinstance(facts, MyWeek)
    return {line.number: line for line in (*facts.due, *facts.others)}


def test_an_untouched_form_says_no_change_to_every_kind(asked: World) -> None:
    receipt = asked.open("U0ANA", TUESDAY).send(TUESDAY)
    assert [(line.number, line.after, line.unchanged) for line in receipt.lines] == [
        (1, Decimal(200), True), (2, Decimal("99.9"), True), (3, Decimal(1), True),
        (4, Decimal(0), True), (5, Decimal(0), True),
        (6, None, True),
    ]  # fmt: skip
    assert receipt.still_due == 0
    assert standings(asked, "2026-10-06 12:00")[6].progress == 0


def test_every_kind_takes_its_own_input(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY).put(1, "100").put(2, "99.4").put(3, "2,5".replace(",", "."))
    receipt = form.put(4, "2").put(5, "yes").put(6, "12").send(TUESDAY)
    assert [line.after for line in receipt.lines] == [
        Decimal(100), Decimal("99.4"), Decimal("2.5"), Decimal(2), Decimal(1), Decimal(12),
    ]  # fmt: skip
    told = standings(asked, "2026-10-06 12:00")
    assert {number: told[number].progress for number in (1, 4, 5, 6)} == {
        1: Decimal("0.5"), 4: Decimal("0.3"), 5: Decimal(1), 6: Decimal(1),
    }  # fmt: skip
    # Outside its rail since Tuesday, inside all the time.
    assert told[2].progress < told[2].expected == told[3].progress
    assert told[4].milestones[1].name == "Beta"


def test_every_kind_in_one_line(asked: World) -> None:
    receipt = asked.say("U0ANA", "4 beta | 5 done | 6 12", TUESDAY)
    assert [line.after for line in receipt.lines] == [Decimal(2), Decimal(1), Decimal(12)]
    again = asked.say("U0ANA", "4 +1 | 5 no | 6 +1", NOON)
    assert [(line.before, line.after) for line in again.lines] == [
        (Decimal(2), Decimal(3)), (Decimal(1), Decimal(0)), (Decimal(12), Decimal(13)),
    ]  # fmt: skip


def test_a_wrong_answer_is_told_at_its_field_and_nothing_is_kept(asked: World) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        asked.open("U0ANA", TUESDAY).put(1, "100").put(4, "Gamma").put(5, "perhaps").send(TUESDAY)
    assert set(refused.value.by_field) == {"kr.4.value", "kr.5.value"}
    assert asked.value(1) is None
    with pytest.raises(UnreadableNumber, match="KR-4"):
        asked.say("U0ANA", "1 100 | 4 Gamma", TUESDAY)
    assert asked.value(1) is None


def test_undo_brings_a_baseline_back_to_nobody_knows(asked: World) -> None:
    receipt = asked.say("U0ANA", "6 12", TUESDAY)
    assert (receipt.lines[0].before, receipt.lines[0].after) == (None, Decimal(12))
    asked.undo("U0ANA", receipt.submission, TUESDAY)
    told = standings(asked, "2026-10-06 10:05")
    assert (told[6].now, told[6].progress) == (None, Decimal(0))


def test_the_unit_behind_a_value_in_one_line_is_part_of_the_value(asked: World) -> None:
    line = LineAnswer(6, "3.5", None, "days 8 half of it counted", rest="days 8 half of it counted")
    receipt = asked.do(send_lines, SendLines(Actor(TEAM, "U0ANA"), "n", (line,)), TUESDAY)
    (said,) = receipt.lines
    assert (said.after, said.confidence, said.note) == (Decimal("3.5"), 8, "half of it counted")
