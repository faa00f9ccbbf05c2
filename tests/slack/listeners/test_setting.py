"""Setting an objective through the real Bolt app: what each press is acknowledged with."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.slack import ids
from bot.store.tables import Draft, KeyResult, Member, Objective
from tests.slack.listeners.desk import Desk, Met, desk_on, eventually
from tests.slack.reading import labels, read
from tests.usecases.world import PROMPTED, TEAM, Workspace, World, company, world_on

Json = dict[str, Any]


@pytest.fixture
def lumen(met: Met) -> Iterator[World]:
    with world_on(met.database_url) as world:
        yield company(world)


@pytest.fixture
async def desk(lumen: World, met: Met) -> AsyncIterator[Desk]:
    async with desk_on(lumen, PROMPTED, met.way) as desk:
        yield desk


def answer(response: Any) -> Json:
    assert response.status == 200
    found: Json = json.loads(response.body) if response.body else {}
    return found


async def first_page(desk: Desk, title: str = "Delight schools") -> Json:
    """`/okr set`, a title and **Next**; answers the **Key result** modal."""
    desk.slack.calls.clear()
    await desk.send(desk.command("set"))
    view = await desk.opened()
    desk.slack.calls.clear()
    next_view = answer(await desk.send(desk.submit(view, {ids.OBJECTIVE_TITLE: title})))
    assert next_view["response_action"] == "update"
    found: Json = next_view["view"]
    return found


def chosen(desk: Desk, view: Json, block_id: str, option: Json, values: Json) -> Json:
    """Somebody chooses an option of an input that tells of it at once."""
    submitted = desk.submit(view, values)["view"]
    submitted["state"]["values"][block_id][block_id]["selected_option"] = option
    body = desk.press(block_id, None)
    action = {"type": "static_select", "action_id": block_id, "block_id": block_id, "selected_option": option}
    return {**body, "container": {"type": "view", "view_id": "V1"}, "view": submitted, "actions": [action]}


DAYS = {ids.KEY_RESULT_TITLE: "Days", ids.KEY_RESULT_START: "9", ids.KEY_RESULT_TARGET: "3"}


async def test_next_is_answered_with_the_form_of_a_key_result_and_save_closes_it(desk: Desk) -> None:
    view = await first_page(desk, "  Delight <!channel> schools")
    assert "Delight &lt;!channel&gt; schools" in read(view)
    assert answer(await desk.send(desk.submit(view, DAYS))) == {}
    assert [row.title for row in desk.world.rows(KeyResult)] == ["Days"]
    assert desk.world.rows(Objective)[0].published_at == PROMPTED
    assert desk.woken


async def test_save_and_add_another_is_answered_with_an_empty_form_of_other_names(desk: Desk) -> None:
    view = await first_page(desk)
    submitted = desk.submit(view, DAYS)
    box = {"selected_options": [{"value": "yes", "text": {"type": "plain_text", "text": "Save and add another"}}]}
    submitted["view"]["state"]["values"][ids.KEY_RESULT_ANOTHER][ids.KEY_RESULT_ANOTHER] |= box
    kept = answer(await desk.send(submitted))
    assert kept["response_action"] == "update"
    assert "KR-1* Days" in read(kept["view"])
    assert "key_result.title.2" in [block["block_id"] for block in kept["view"]["blocks"]]
    wrong = answer(await desk.send(desk.submit(kept["view"], {"key_result.title.2": "Shops"})))
    assert (wrong["response_action"], set(wrong["errors"])) == (
        "errors", {"key_result.start.2", "key_result.target.2"},
    )  # fmt: skip
    assert answer(await desk.send(desk.submit(kept["view"], {}))) == {}
    assert desk.world.rows(Objective)[0].published_at == PROMPTED


async def test_what_is_wrong_is_said_at_its_input_and_kept(desk: Desk) -> None:
    await desk.send(desk.command("set"))
    wrong = answer(await desk.send(desk.submit(await desk.opened(), {ids.OBJECTIVE_TITLE: "\u200b"})))
    assert set(wrong["errors"]) == {ids.OBJECTIVE_TITLE}
    view = await first_page(desk)
    wrong = answer(await desk.send(desk.submit(view, {**DAYS, ids.KEY_RESULT_TARGET: "9"})))
    assert set(wrong["errors"]) == {ids.KEY_RESULT_TARGET}
    assert "/okr help key-results" in wrong["errors"][ids.KEY_RESULT_TARGET]
    assert sorted(row.form for row in desk.world.rows(Draft)) == ["key_result", "objective"]


async def test_another_kind_changes_the_inputs_and_keeps_what_was_typed(desk: Desk) -> None:
    view = await first_page(desk)
    options = next(block for block in view["blocks"] if block["block_id"] == ids.KEY_RESULT_KIND)["element"]["options"]
    milestones = next(each for each in options if each["value"] == "milestones")
    assert answer(await desk.send(chosen(desk, view, ids.KEY_RESULT_KIND, milestones, DAYS))) == {}
    await eventually(lambda: desk.slack.made("views.update"), "the modal to change")
    changed = desk.slack.made("views.update")[-1]["view"]
    assert "Milestones" in labels(changed)
    assert "Start" not in labels(changed)
    assert desk.world.rows(Draft)[0].fields["start"] == "9"


async def test_a_draft_is_offered_gone_on_with_and_discarded(desk: Desk) -> None:
    await first_page(desk)
    await desk.send(desk.command("set something else"))
    view = await desk.opened()
    ref = next(each for block in view["blocks"] if block["type"] == "actions" for each in block["elements"])["value"]
    for action, title in ((ids.DRAFT_CONTINUE, "Delight schools"), (ids.DRAFT_DISCARD, "something else")):
        desk.slack.calls.clear()
        pressed = desk.press(action, ref)
        body = {**pressed, "container": {"type": "view"}, "view": desk.submit(view, {})["view"]}
        assert answer(await desk.send(body)) == {}
        await eventually(lambda: desk.slack.made("views.update"), "the modal to change")
        updated = desk.slack.made("views.update")[-1]["view"]
        inputs = [block for block in updated["blocks"] if block["type"] == "input"]
        assert inputs[0]["element"].get("initial_value") == title
    assert desk.world.rows(Objective)[0].dropped_at == PROMPTED
    assert [row.fields["title"] for row in desk.world.rows(Draft)] == ["something else"], "what was typed beside it"


async def test_an_owner_nobody_has_heard_of_is_looked_up_in_slack(desk: Desk) -> None:
    view = await first_page(desk)
    new = {"id": "U0NEW", "team_id": TEAM, "real_name": "Nia", "profile": {"real_name": "Nia"}, "tz": "Europe/Berlin"}
    stranger = {**new, "id": "U0OTHER", "team_id": "T0OTHER"}
    values = {**DAYS, ids.KEY_RESULT_OWNER: "U0OTHER"}
    desk.slack.answers["users.info"] = {"user": stranger}
    refused = answer(await desk.send(desk.submit(view, values)))
    assert set(refused["errors"]) == {ids.KEY_RESULT_OWNER}
    assert [row.fields["title"] for row in desk.world.rows(Draft)] == ["Days"]
    desk.slack.answers["users.info"] = {"user": new}
    assert answer(await desk.send(desk.submit(view, {**values, ids.KEY_RESULT_OWNER: "U0NEW"}))) == {}
    [owner] = desk.world.rows(Member, Member.slack_id == "U0NEW")
    assert [row.owner_id for row in desk.world.rows(KeyResult)] == [owner.id]


async def test_supports_is_offered_while_one_types(desk: Desk) -> None:
    view = await first_page(desk)
    await desk.send(desk.submit(view, DAYS))
    await desk.send(desk.command("set"))
    view = await desk.opened()
    body = {
        "type": "block_suggestion", "team": {"id": TEAM}, "user": {"id": "U0BO", "team_id": TEAM}, "api_app_id": "A1",
        "action_id": ids.OBJECTIVE_SUPPORTS, "block_id": ids.OBJECTIVE_SUPPORTS, "value": "school",
        "container": {"type": "view"}, "view": desk.submit(view, {})["view"],
    }  # fmt: skip
    (found,) = answer(await desk.send(body))["options"]
    assert (found["text"]["text"], found["value"]) == ("O-1 Delight schools", "1")
    assert found["description"]["text"] == "Growth, Q4 2026"
    broken = {**body, "view": {**body["view"], "private_metadata": "?"}}
    assert answer(await desk.send(broken)) == {"options": []}
    await desk.idle()
    assert desk.slack.made("chat.postMessage") == desk.slack.made("response") == []


async def test_the_lead_approves_with_a_click_and_a_second_click_is_answered(desk: Desk) -> None:
    desk.world.change(Workspace, desk.world.workspace_id, approval_needed=True)
    await desk.send(desk.submit(await first_page(desk), DAYS))
    ref = ids.pack(ids.ObjectiveRef(1))
    for _ in range(2):
        desk.slack.calls.clear()
        await desk.send(desk.press(ids.OBJECTIVE_APPROVE, ref, user="U0LEA"))
        told = await desk.told()
        assert (told["text"], told["replace_original"]) == (
            "Lea agreed to O-1 Delight schools. It is published, and Ana knows.", True,
        )  # fmt: skip
    desk.slack.calls.clear()
    await desk.send(desk.press(ids.OBJECTIVE_SEND_BACK, ref, user="U0LEA"))
    assert "Lea agreed" in (await desk.told())["text"]
    assert desk.slack.made("views.open") == []


async def test_sending_back_asks_for_a_comment(desk: Desk) -> None:
    desk.world.change(Workspace, desk.world.workspace_id, approval_needed=True)
    await desk.send(desk.submit(await first_page(desk), DAYS))
    await desk.send(desk.press(ids.OBJECTIVE_SEND_BACK, ids.pack(ids.ObjectiveRef(1)), user="U0LEA"))
    view = await desk.opened()
    wrong = answer(await desk.send(desk.submit(view, {ids.SEND_BACK_COMMENT: " "}, user="U0LEA")))
    assert set(wrong["errors"]) == {ids.SEND_BACK_COMMENT}
    assert answer(await desk.send(desk.submit(view, {ids.SEND_BACK_COMMENT: "Which?"}, user="U0LEA"))) == {}
    assert desk.world.rows(Objective)[0].approval_asked_at is None
    assert len(desk.world.deliveries("objective_sent_back")) == 1


async def test_what_waits_is_withdrawn_read_again_and_approved_as_it_was_read(desk: Desk) -> None:
    desk.world.change(Workspace, desk.world.workspace_id, approval_needed=True)
    await desk.send(desk.submit(await first_page(desk), DAYS))
    ref = ids.pack(ids.ObjectiveRef(1))

    async def pressed(action: str, value: str, user: str) -> dict[str, Any]:
        desk.slack.calls.clear()
        await desk.send(desk.press(action, value, user=user))
        found: dict[str, Any] = await desk.told()
        return found

    asked = await pressed(ids.one_of(ids.AGREEMENT_OPEN, 1), ref, "U0LEA")
    [read] = [
        each["value"]
        for block in asked["blocks"] if block["type"] == "actions"
        for each in block["elements"] if each["action_id"] == ids.OBJECTIVE_APPROVE
    ]  # fmt: skip
    assert "Only who wrote it" in (await pressed(ids.OBJECTIVE_WITHDRAW, ref, "U0LEA"))["text"]
    desk.world.change(Objective, desk.world.rows(Objective)[0].id, title="Delight every school")
    anew = await pressed(ids.OBJECTIVE_APPROVE, read, "U0LEA")
    assert (anew["text"].startswith("It changed since you read it."), anew["replace_original"]) == (True, True)
    assert (await pressed(ids.OBJECTIVE_WITHDRAW, ref, "U0ANA"))["text"].startswith("You took it back")
    for action in (ids.OBJECTIVE_APPROVE, ids.OBJECTIVE_SEND_BACK, ids.AGREEMENT_OPEN):
        assert "Ana took it back on" in (await pressed(action, read, "U0LEA"))["text"]
    assert desk.world.rows(Objective)[0].published_at is None
    await desk.send(desk.command("edit O-1", "U0ANA"))
    assert (await desk.opened())["title"]["text"] == "Edit O-1"


async def test_it_is_withdrawn_in_its_form_too(desk: Desk) -> None:
    desk.world.change(Workspace, desk.world.workspace_id, approval_needed=True)
    await desk.send(desk.submit(await first_page(desk), DAYS))
    desk.slack.calls.clear()
    await desk.send(desk.command("edit O-1", "U0ANA"))
    view = await desk.opened()
    assert "waits for Lea to agree" in str(view)
    await desk.send(desk.press_in(view, {}, ids.OBJECTIVE_WITHDRAW, ids.pack(ids.ObjectiveRef(1)), "U0ANA"))
    await eventually(lambda: desk.slack.made("views.update"), "what became of it")
    assert desk.slack.made("views.update")[-1]["view"]["title"]["text"] == "Taken back"
    assert desk.world.rows(Objective)[0].approval_asked_at is None
