"""What somebody reads in their direct messages after several answers in one week."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.okr.facts import Receipt
from tests.usecases.world import PROMPTED, World, at, company, world_on

TUESDAY = at("2026-10-06 10:00")


@pytest.fixture
def asked(database_url: str) -> Iterator[World]:
    """Ana owns KR-1 to KR-3 and has got the week's prompt."""
    with world_on(database_url) as world:
        lumen = company(world)
        for _ in range(3):
            lumen.key_result("U0ANA", "Growth")
        lumen.tick(PROMPTED)
        lumen.deliver(PROMPTED)
        yield lumen


def in_place_of_the_prompt(lumen: World) -> Receipt:
    """The receipt that stands where the prompt stood."""
    [prompt] = lumen.deliveries("prompt")
    shown = [each for each in lumen.deliveries("receipt") if each.ts == prompt.ts and each.state == "sent"]
    outgoing = lumen.prepare(max(shown, key=lambda each: each.id), TUESDAY)
    assert isinstance(getattr(outgoing, "facts", None), Receipt)
    return outgoing.facts  # type: ignore[union-attr, return-value]


def updates(lumen: World) -> int:
    [prompt] = lumen.deliveries("prompt")
    return sum(each.ts == prompt.ts for each in lumen.deliveries("receipt"))


def test_the_receipt_in_place_of_the_prompt_never_asks_for_what_was_answered_since(asked: World) -> None:
    asked.say("U0ANA", "1 45", TUESDAY)
    asked.deliver(TUESDAY)
    assert (in_place_of_the_prompt(asked).still_due, updates(asked)) == (2, 1)
    asked.say("U0ANA", "2 45 | 3 =", TUESDAY + timedelta(minutes=1))
    asked.deliver(TUESDAY + timedelta(minutes=1))
    assert (in_place_of_the_prompt(asked).still_due, updates(asked)) == (0, 2)


def test_what_is_taken_back_is_asked_for_again_where_the_prompt_stood(asked: World) -> None:
    asked.say("U0ANA", "1 45", TUESDAY)
    asked.deliver(TUESDAY)
    later = TUESDAY + timedelta(minutes=1)
    second = asked.say("U0ANA", "2 45 | 3 =", later)
    asked.deliver(later)
    asked.undo("U0ANA", second.submission, later)
    asked.deliver(later)
    assert (in_place_of_the_prompt(asked).still_due, updates(asked)) == (2, 3)


def test_the_value_it_has_already_is_no_change_however_it_is_typed(asked: World) -> None:
    asked.say("U0ANA", "1 45", TUESDAY)
    again = asked.say("U0ANA", "1 45.0 8", TUESDAY + timedelta(minutes=1))
    assert [line.unchanged for line in again.lines] == [True]
