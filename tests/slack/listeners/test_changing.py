"""`/okr edit` and `/okr show` through the real Bolt app."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.slack import ids
from tests.slack.listeners.desk import Desk, Met, desk_on, eventually
from tests.usecases.world import PROMPTED, TEAM, Objective, World, company, world_on

TUESDAY = PROMPTED + timedelta(days=1)


@pytest.fixture
def lumen(met: Met) -> Iterator[World]:
    with world_on(met.database_url) as world:
        company(world)
        world.key_result("U0ANA", "Growth")
        world.key_result("U0ANA", "Growth")
        yield world


@pytest.fixture
async def desk(lumen: World, met: Met) -> AsyncIterator[Desk]:
    async with desk_on(lumen, TUESDAY, met.way) as made:
        yield made


async def opened(desk: Desk) -> Any:
    """The form that was opened. What was called is forgotten."""
    view = await desk.opened()
    desk.slack.calls.clear()
    return view


def answer(response: Any) -> Any:
    return json.loads(response.body)


async def test_a_target_is_changed_with_its_reason(desk: Desk) -> None:
    await desk.send(desk.command("edit KR-1"))
    view = await opened(desk)
    wrong = answer(await desk.send(desk.submit(view, {ids.KEY_RESULT_TARGET: "80"})))
    assert set(wrong["errors"]) == {ids.EDIT_REASON}
    values = {ids.KEY_RESULT_TARGET: "80", ids.EDIT_REASON: "Half the market is gone"}
    done = answer(await desk.send(desk.submit(view, values)))
    assert done["response_action"] == "update"
    assert "target: from 100 to *80*" in str(done["view"])
    assert desk.world.row(1).target == 80
    await desk.send(desk.command("show kr1"))
    assert "Half the market is gone" in str(await desk.told())


async def test_wrong_values_are_answered_at_the_fields_of_the_form_that_is_shown(desk: Desk) -> None:
    await desk.send(desk.command("edit KR-1"))
    view = await opened(desk)
    wrong = answer(await desk.send(desk.submit(view, {ids.KEY_RESULT_TARGET: "many", ids.KEY_RESULT_WEIGHT: "-1"})))
    assert set(wrong["errors"]) == {ids.KEY_RESULT_TARGET, ids.KEY_RESULT_WEIGHT}


async def test_another_kind_redraws_the_form_with_its_inputs(desk: Desk) -> None:
    await desk.send(desk.command("edit KR-1"))
    view = await opened(desk)
    body = desk.submit(view, {ids.KEY_RESULT_KIND: "milestones", ids.KEY_RESULT_TITLE: "Typed"})
    body |= {"type": "block_actions", "trigger_id": "t", "actions": [
        {"type": "static_select", "action_id": ids.KEY_RESULT_KIND, "block_id": ids.KEY_RESULT_KIND,
         "selected_option": {"value": "milestones"}}]}  # fmt: skip
    await desk.send(body)
    await eventually(lambda: desk.slack.made("views.update"), "the form of the other kind")
    again = desk.slack.made("views.update")[-1]["view"]
    again = json.loads(again) if isinstance(again, str) else again
    assert "Milestones" in str(again)
    assert "Typed" in str(again)
    milestones = ids.nth_form(ids.KEY_RESULT_MILESTONES, 2)
    done = answer(await desk.send(desk.submit(again, {milestones: "Alpha\nBeta", ids.EDIT_REASON: "Why not"})))
    assert done["response_action"] == "update"
    assert desk.world.row(1).kind == "milestones"


async def test_who_was_slower_gets_the_form_again_and_may_save_it_once_more(desk: Desk) -> None:
    await desk.send(desk.command("edit KR-1"))
    anas = await opened(desk)
    await desk.send(desk.submit(anas, {ids.KEY_RESULT_TITLE: "Lea's"}, user="U0LEA"))
    again = answer(await desk.send(desk.submit(anas, {ids.KEY_RESULT_TITLE: "Ana's"})))["view"]
    assert "Lea has changed this meanwhile: wording." in str(again)
    done = answer(await desk.send(desk.submit(again, {})))
    assert "from Lea's to *Ana's*" in str(done["view"])


async def test_an_objective_is_dropped_and_the_menu_finds_others(desk: Desk) -> None:
    await desk.send(desk.command("edit O-1", user="U0LEA"))
    view = await opened(desk)
    found = answer(await desk.send({
        "type": "block_suggestion", "user": {"id": "U0LEA", "team_id": TEAM}, "team": {"id": TEAM}, "api_app_id": "A1",
        "action_id": ids.EDIT_SUPPORTS, "block_id": ids.EDIT_SUPPORTS, "value": "obj", "view": {**view, "id": "V1"},
    }))  # fmt: skip
    assert [each["text"]["text"] for each in found["options"]] == ["O-2 Objective 2"]
    values = {ids.EDIT_STATE: "dropped", ids.EDIT_REASON: "Gone", ids.EDIT_SUPPORTS: found["options"][0]["value"]}
    done = answer(await desk.send(desk.submit(view, values, user="U0LEA")))
    assert "state: from in force to *dropped*" in str(done["view"])
    (first, _) = desk.world.rows(Objective)
    assert (first.drop_kind, first.drop_reason) == ("dropped", "Gone")


async def test_edit_stands_beside_what_is_shown_for_who_may(desk: Desk) -> None:
    await desk.send(desk.command("show KR-1"))
    shown = await desk.told()
    assert ids.EDIT_OPEN in str(shown)
    await desk.send(desk.press(ids.EDIT_OPEN, ids.pack(ids.Showing("KR-1"))))
    assert (await opened(desk))["title"]["text"] == "Edit KR-1"
    await desk.send(desk.press(ids.EDIT_OPEN, ids.pack(ids.Showing("KR-1")), user="U0BO"))
    await eventually(lambda: "Only its owner" in str(desk.slack.made("response")), "a refusal")


async def test_a_page_of_a_history_takes_the_place_of_a_private_answer_only(desk: Desk) -> None:
    press = desk.press(ids.SHOW_HISTORY, ids.pack(ids.Showing("O-1")))
    await desk.send(press)
    assert (await desk.told())["replace_original"] is False
    press["container"]["is_ephemeral"] = True
    await desk.send(press)
    await eventually(lambda: len(desk.slack.made("response")) == 2, "the page in its place")
    assert (await desk.told())["replace_original"] is True


async def test_a_list_turns_its_pages(desk: Desk) -> None:
    for _ in range(21):
        desk.world.key_result("U0ANA", "Growth")
    await desk.send(desk.command("list"))
    await desk.told()
    await desk.send(desk.press(ids.LIST_NEXT, ids.pack(ids.ListPage("me", after=20))))
    await eventually(lambda: len(desk.slack.made("response")) == 2, "the second page")
    assert "My key results: 23 key results, 21 to 23" in (await desk.told())["text"]


async def test_one_more_key_result_is_added_from_what_is_shown(desk: Desk) -> None:
    await desk.send(desk.command("show O-1", user="U0LEA"))
    assert "Add Key Result" in str(await desk.told())
    await desk.send(desk.press(ids.KEY_RESULT_ADD, ids.pack(ids.Showing("O-1")), user="U0LEA"))
    view = await opened(desk)
    assert "One more key result" in str(view)
    typed = {ids.KEY_RESULT_TITLE: "Nights without light", ids.KEY_RESULT_START: "9", ids.KEY_RESULT_TARGET: "3"}
    values = {ids.nth_form(name, 2): value for name, value in typed.items()}
    done = answer(await desk.send(desk.submit(view, values, user="U0LEA")))
    assert done["response_action"] == "update"
    assert "has 2 key results now" in str(done["view"])
    assert desk.world.row(3).title == "Nights without light"
