"""A key result that becomes one of another kind after it was checked in on."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.okr.details import AgreedChange, CheckInVersion, KeyResultDetails
from bot.slack.views import details
from bot.store.tables import Change
from bot.usecases.actors import Actor
from bot.usecases.details import ShowKeyResult, show_key_result
from tests.slack.reading import read
from tests.usecases.test_changing import Editing
from tests.usecases.world import PROMPTED, TEAM, World

TUESDAY = PROMPTED + timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def growth(lumen: World) -> World:
    """KR-1, from 10 to 50 €, is Ana's, who said 20 and then 45."""
    lumen.key_result("U0ANA", "Growth", start="10", target="50", unit="€")
    lumen.tick(PROMPTED)
    lumen.say("U0ANA", "1 20", TUESDAY - 2 * MINUTE)
    lumen.say("U0ANA", "1 45 7", TUESDAY - MINUTE)
    return lumen


def becomes(world: World, kind: str, now: datetime, **typed: Any) -> None:
    assert Editing(world, now=now).save("It is another question now", kind=kind, **typed).change is not None


def shown(world: World, now: datetime) -> KeyResultDetails:
    return world.do(show_key_result, ShowKeyResult(Actor(TEAM, "U0ANA"), 1), now, writes=False)


def versions(found: KeyResultDetails) -> list[CheckInVersion]:
    return [each for each in found.history.entries if not isinstance(each, AgreedChange)]


@pytest.mark.parametrize(("kind", "typed"), [("yes_no", {}), ("milestones", {"milestones": "Alpha\nBeta"})])
def test_what_the_new_kind_cannot_read_counts_for_nothing_and_stays_in_its_own_words(
    growth: World, kind: str, typed: dict[str, Any]
) -> None:
    becomes(growth, kind, TUESDAY, **typed)
    found = shown(growth, TUESDAY)
    assert (found.standing.progress, found.standing.checked_at, found.standing.confidence) == (Decimal(0), None, None)
    assert [line.due for line in growth.open("U0ANA", TUESDAY).facts.lines] == [True]
    told = read(details.key_result(found))
    assert "Ana checked in: €20 → *€45*" in told
    assert "Ana changed the kind, so this is set aside: €20 → *€45*" in told
    assert "taken back" not in told
    assert [(each.withdrawn, each.by_change_of_kind) for each in versions(found)] == [
        (True, True), (True, True), (False, False), (False, False)
    ]  # fmt: skip
    growth.say("U0ANA", "1 done", TUESDAY + MINUTE)
    assert shown(growth, TUESDAY + MINUTE).standing.progress == 1


def test_numbers_stay_numbers(growth: World) -> None:
    becomes(growth, "stay_above", TUESDAY, target="30")
    assert (growth.value(1), len(versions(shown(growth, TUESDAY)))) == (Decimal(45), 2)


def test_changed_back_everything_counts_again_but_what_a_person_took_back(growth: World) -> None:
    first = growth.say("U0ANA", "1 30", TUESDAY - 3 * MINUTE)
    growth.edit("U0ANA", first.submission, 1, TUESDAY - MINUTE, withdrawn=True)
    becomes(growth, "yes_no", TUESDAY)
    growth.say("U0ANA", "1 yes", TUESDAY + MINUTE)
    becomes(growth, "metric", TUESDAY + 2 * MINUTE, start="10", target="50", unit="€")
    found = shown(growth, TUESDAY + 2 * MINUTE)
    assert (growth.value(1), found.standing.confidence) == (Decimal(45), 7)
    told = read(details.key_result(found))
    assert "Ana changed the kind, so this counts again: €20 → *€45*" in told
    assert "Ana changed the kind, so this is set aside: no → *yes*" in told
    assert "Ana checked in: no → *yes*" in told


def test_one_of_them_is_put_back_by_hand_in_the_new_kind(growth: World) -> None:
    becomes(growth, "yes_no", TUESDAY)
    (newest, *_) = versions(shown(growth, TUESDAY))
    assert newest.may_edit
    growth.edit("U0ANA", newest.submission, 1, TUESDAY + MINUTE, value="yes", withdrawn=False)
    assert shown(growth, TUESDAY + MINUTE).standing.progress == 1


def test_another_unit_leaves_old_words_as_they_were(growth: World) -> None:
    Editing(growth, now=TUESDAY).save("Dollars now", unit="$")
    told = read(details.key_result(shown(growth, TUESDAY)))
    assert "Ana checked in: €20 → *€45*" in told
    growth.say("U0ANA", "1 46", TUESDAY + MINUTE)
    assert "Ana checked in: $45 → *$46*" in read(details.key_result(shown(growth, TUESDAY + MINUTE)))


def test_what_an_import_wrote_down_is_read_as_well(growth: World) -> None:
    row = growth.row(1)
    said_before = {"kind": "milestones", "milestones": ["Alpha = 40", "Beta = 60"], "start": "0", "target": "2"}
    growth.add(
        Change(
            workspace_id=growth.workspace_id, at=TUESDAY, entity="key_result", entity_id=row.id,
            action="changed by import", before=said_before, after={"kind": "metric"},
        )
    )  # fmt: skip
    found = shown(growth, TUESDAY)
    assert [each.said_as is not None for each in versions(found)] == [True, True]
    assert "checked in:" in read(details.key_result(found))
