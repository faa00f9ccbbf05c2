"""`/okr role`, `/okr team` and `/okr cycle` through the real Bolt app."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from bot.slack import ids
from bot.slack.listeners import teams
from bot.store.tables import Change, Cycle, KeyResult, Member, MemberRole, Membership, Objective, Team
from bot.usecases.actors import Actor
from bot.usecases.agreements import Agree, agree
from tests.slack.listeners.desk import Desk, Met, desk_on, eventually
from tests.usecases.world import PROMPTED, TEAM, World, company, world_on

GROUPS = {"usergroups": [{"id": "S0LEADS", "handle": "leads", "name": "Team leads"}, {"id": "S0OLD", "date_delete": 5}]}


@pytest.fixture
def lumen(met: Met) -> Iterator[World]:
    with world_on(met.database_url) as world:
        yield company(world)


@pytest.fixture
async def desk(lumen: World, met: Met) -> AsyncIterator[Desk]:
    async with desk_on(lumen, PROMPTED, met.way) as made:
        yield made


def user(slack_id: str, **more: object) -> dict[str, Any]:
    return {"user": {"id": slack_id, "team_id": TEAM, "real_name": "Nina New", **more}}


def members(desk: Desk, team: str) -> set[int]:
    return {row.member_id for row in desk.world.rows(Membership) if row.team_id == desk.world.teams[team]}


def chosen(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value}, "value": value}


async def test_a_role_is_given_to_somebody_who_joined_a_moment_ago(desk: Desk) -> None:
    desk.slack.answers["users.info"] = user("U0NEW")
    await desk.send(desk.command("role <@U0NEW|nina> champion", "U0CLEO"))
    told = await desk.told()
    assert told["text"] == "Nina New is champion now."
    assert len(desk.world.rows(MemberRole, MemberRole.role == "champion")) == 2


async def test_somebody_of_another_company_gets_no_role(desk: Desk) -> None:
    desk.slack.answers["users.info"] = user("U0NEW", team_id="T0OTHER")
    await desk.send(desk.command("role <@U0NEW|nina> champion", "U0CLEO"))
    assert "not a person of this workspace" in (await desk.told())["text"]


async def test_the_tree_leads_to_a_team_and_its_form(desk: Desk) -> None:
    await desk.send(desk.command("team", "U0CLEO"))
    told = await desk.told()
    assert "Growth" in str(told["blocks"])
    value = ids.pack(ids.TeamRef(desk.world.teams["Growth"]))
    desk.slack.calls.clear()
    await desk.send(desk.press(ids.TEAM_CHOICE, value, "U0CLEO"))
    assert "Lea" in str((await desk.told())["blocks"])
    await desk.send(desk.press(ids.TEAM_EDIT, value, "U0CLEO"))
    view = await desk.opened()
    assert view["title"]["text"] == "Edit team"
    response = await desk.send(desk.submit(view, {ids.TEAM_OWN_NAME: "Growth & co"}, "U0CLEO"))
    assert (response.status, response.body) == (200, "")
    assert [row.name for row in desk.world.rows(Team)][1] == "Growth & co"


async def test_an_old_button_of_somebody_who_may_not_is_refused_like_the_command(desk: Desk) -> None:
    value = ids.pack(ids.TeamRef(desk.world.teams["Growth"]))
    for action in (ids.TEAM_EDIT, ids.TEAM_ARCHIVE, ids.TEAM_NEW):
        desk.slack.calls.clear()
        await desk.send(desk.press(action, value, "U0ANA"))
        assert "Only " in (await desk.told())["text"]
    assert desk.slack.made("views.open") == []


async def test_a_new_team_takes_its_members_from_a_user_group(desk: Desk) -> None:
    desk.slack.answers |= {"usergroups.list": GROUPS, "users.info": user("U0NEW")}
    await desk.send(desk.command("team new Lamps of Lisbon", "U0CLEO"))
    view = await desk.opened()
    pressed = {**desk.submit(view, {ids.TEAM_SOURCE: "group"}, "U0CLEO"), "type": "block_actions",
               "actions": [{"type": "static_select", "action_id": ids.TEAM_SOURCE, "block_id": ids.TEAM_SOURCE,
                            "selected_option": chosen("group")}]}  # fmt: skip
    await desk.send(pressed)
    await eventually(lambda: desk.slack.made("views.update"), "the other form")
    other = desk.slack.made("views.update")[-1]["view"]
    [group] = [block for block in other["blocks"] if block["block_id"] == ids.TEAM_GROUP]
    assert [each["text"]["text"] for each in group["element"]["options"]] == ["Team leads (@leads)"]

    desk.slack.answers["usergroups.users.list"] = {"users": ["U0ANA", "U0NEW", "U0BOT"]}
    values = {ids.TEAM_OWN_NAME: "Lamps of Lisbon", ids.TEAM_GROUP: "S0LEADS"}
    response = await desk.send(desk.submit(other, values, "U0CLEO"))
    assert (response.status, response.body) == (200, "")
    [made] = desk.world.rows(Team, Team.name == "Lamps of Lisbon")
    desk.world.teams["Lisbon"] = made.id
    assert (made.members_from, made.members_source) == ("group", "S0LEADS")
    await eventually(lambda: len(members(desk, "Lisbon")) == 2, "the one who joined a moment ago")


async def test_a_channel_the_bot_cannot_see_is_said_at_its_field(desk: Desk) -> None:
    desk.slack.answers["conversations.members"] = {"ok": False, "error": "channel_not_found"}
    await desk.send(desk.command("team new Lisbon", "U0CLEO"))
    view = await desk.opened()
    values = {ids.TEAM_OWN_NAME: "Lisbon", ids.TEAM_SOURCE: "channel", ids.TEAM_OWN_CHANNEL: "C0SECRET"}
    response = await desk.send(desk.submit(view, values, "U0CLEO"))
    errors = json.loads(response.body)["errors"]
    assert "Invite me there first" in errors[ids.TEAM_OWN_CHANNEL]
    assert len(desk.world.rows(Team)) == 3


async def test_groups_that_cannot_be_read_are_said_in_the_form(desk: Desk) -> None:
    desk.slack.answers["usergroups.list"] = {"ok": False, "error": "missing_scope", "needed": "usergroups:read"}
    desk.world.change(Team, desk.world.teams["Growth"], members_from="group", members_source="S0LEADS")
    value = ids.pack(ids.TeamRef(desk.world.teams["Growth"]))
    await desk.send(desk.press(ids.TEAM_EDIT, value, "U0CLEO"))
    assert "usergroups:read" in str(await desk.opened())


async def test_the_rhythm_of_a_team_is_set_in_its_form_and_told_in_words(desk: Desk) -> None:
    value = ids.pack(ids.TeamRef(desk.world.teams["Growth"]))
    await desk.send(desk.press(ids.TEAM_EDIT, value, "U0CLEO"))
    view = await desk.opened()
    assert ids.TEAM_OPENS_DAY not in {block["block_id"] for block in view["blocks"]}, "it has the company's"
    assert "Lumen has: every week: opens Monday 09:00" in str(view)
    typed = {ids.TEAM_OWN_NAME: "Growth & co", ids.TEAM_RHYTHM: "2"}
    await desk.send(desk.press_in(view, typed, ids.TEAM_RHYTHM, "2", "U0CLEO"))
    await eventually(lambda: desk.slack.made("views.update"), "the form with the hours")
    other = desk.slack.made("views.update")[-1]["view"]
    there = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in other["blocks"]][: len(there)] == there, "Slack keeps what was typed in them"

    late = {**typed, ids.TEAM_RHYTHM: "1", ids.TEAM_CLOSES_DAY: "0", ids.TEAM_CLOSES_HOUR: "12:00"}
    response = await desk.send(desk.submit(other, late, "U0CLEO"))
    assert "after the next one has opened" in json.loads(response.body)["errors"][ids.TEAM_CLOSES_DAY]
    chosen_now = {**typed, ids.TEAM_DUE_DAY: "3", ids.TEAM_DUE_HOUR: "16:30"}
    response = await desk.send(desk.submit(other, chosen_now, "U0CLEO"))
    assert (response.status, response.body) == (200, "")
    await desk.send(desk.command("team Growth & co", "U0ANA"))
    assert (
        "Every 2 weeks: opens Monday 09:00 in each person's zone, due Thursday 16:30, closes Friday 12:00 "
        "(Europe/Berlin). Next round: Mon 12 Oct"
    ) in str(await desk.told()).replace("\\'", "'")


async def test_searched_menus_offer_what_was_typed(desk: Desk) -> None:
    desk.slack.answers["usergroups.list"] = GROUPS
    await desk.send(desk.command("team new", "U0CLEO"))
    view = await desk.opened()
    asking = {"type": "block_suggestion", "user": {"id": "U0CLEO", "team_id": TEAM}, "team": {"id": TEAM},
              "api_app_id": "A1", "view": view}  # fmt: skip
    for action, typed, found in ((ids.TEAM_PARENT, "gro", "Growth"), (ids.TEAM_GROUP, "LEAD", "Team leads (@leads)")):
        response = await desk.send({**asking, "action_id": action, "block_id": action, "value": typed})
        options = json.loads(response.body)["options"]
        assert [each["text"]["text"] for each in options] == [found]


@pytest.mark.parametrize(
    ("source", "event", "came"),
    [
        ("channel", {"type": "member_joined_channel", "user": "U0OLU", "channel": "C0X"}, True),
        ("channel", {"type": "member_left_channel", "user": "U0OLU", "channel": "C0X"}, False),
        ("group", {"type": "subteam_members_changed", "subteam_id": "C0X", "added_users": ["U0OLU"]}, True),
        ("group", {"type": "subteam_members_changed", "subteam_id": "C0X", "removed_users": ["U0OLU"]}, False),
    ],
)
async def test_who_comes_or_goes_in_slack_comes_or_goes_in_the_team(
    desk: Desk, source: str, event: dict[str, Any], came: bool
) -> None:
    desk.world.change(Team, desk.world.teams["Growth"], members_from=source, members_source="C0X")
    if not came:
        desk.world.joins("U0OLU", "Growth")
    for _ in range(2):
        await desk.send(desk.event("Ev1", event))
        await desk.idle()
    assert (desk.world.members["U0OLU"] in members(desk, "Growth")) is came


async def test_somebody_who_joins_the_channel_before_they_are_known_is_looked_up(desk: Desk) -> None:
    desk.slack.answers["users.info"] = user("U0NEW")
    desk.world.change(Team, desk.world.teams["Growth"], members_from="channel", members_source="C0X")
    await desk.send(desk.event("Ev1", {"type": "member_joined_channel", "user": "U0NEW", "channel": "C0X"}))
    await eventually(lambda: len(members(desk, "Growth")) == 4, "the new one")


async def test_a_cycle_is_proposed_and_made(desk: Desk) -> None:
    await desk.send(desk.command("cycle", "U0CLEO"))
    assert "Q4 2026" in str((await desk.told())["blocks"])
    await desk.send(desk.command("cycle new", "U0CLEO"))
    view = await desk.opened()
    pressed = {**desk.submit(view, {}, "U0CLEO"), "type": "block_actions",
               "actions": [{"type": "button", "action_id": ids.CYCLE_NEXT_YEAR, "block_id": "buttons"}]}  # fmt: skip
    await desk.send(pressed)
    await eventually(lambda: desk.slack.made("views.update"), "the other proposal")
    year = desk.slack.made("views.update")[-1]["view"]
    response = await desk.send(desk.submit(year, {}, "U0CLEO"))
    assert (response.status, response.body) == (200, "")
    assert [(row.name, str(row.ends_on)) for row in desk.world.rows(Cycle)][1:] == [("2026", "2026-12-31")]
    response = await desk.send(desk.submit(view, {ids.CYCLE_OWN_NAME: "q4 2026"}, "U0CLEO"))
    assert response.body == "", "the same form again is the same cycle"
    desk.slack.calls.clear()
    await desk.send(desk.command("cycle new", "U0CLEO"))
    again = await desk.opened()
    response = await desk.send(desk.submit(again, {ids.CYCLE_OWN_NAME: "q4 2026"}, "U0CLEO"))
    assert "Choose another name" in json.loads(response.body)["errors"][ids.CYCLE_OWN_NAME]


async def test_an_old_button_on_a_cycle_is_refused_like_the_command(desk: Desk) -> None:
    value = ids.pack(ids.CycleRef(desk.world.cycle_id))
    for action in (ids.CYCLE_EDIT, ids.CYCLE_ARCHIVE, ids.CYCLE_NEW):
        desk.slack.calls.clear()
        await desk.send(desk.press(action, value, "U0LEA"))
        assert "Only a champion" in (await desk.told())["text"]


def _values(desk: Desk) -> dict[str, str]:
    world = desk.world
    return {
        "team": ids.pack(ids.TeamRef(world.teams["Growth"])),
        "cycle": ids.pack(ids.CycleRef(world.cycle_id)),
        "leaver": ids.pack(ids.LeaverRef(world.members["U0OLU"])),
        "objective": ids.pack(ids.ObjectiveRef(1)),
        "": "",
    }


OLD_BUTTONS = (
    (ids.TEAM_NEW, "team", "Only "),
    (ids.TEAM_EDIT, "team", "Only "),
    (ids.TEAM_ARCHIVE, "team", "Only "),
    (ids.TEAM_RESTORE, "team", "Only "),
    (ids.CYCLE_NEW, "", "Only "),
    (ids.CYCLE_EDIT, "cycle", "Only "),
    (ids.CYCLE_ARCHIVE, "cycle", "Only "),
    (ids.CYCLE_RESTORE, "cycle", "Only "),
    (ids.OPEN_SET_UP, "", "Only "),
    (ids.HAND_OVER_OPEN, "leaver", "teams you do not lead"),
    (ids.OBJECTIVE_APPROVE, "objective", "Only "),
    (ids.OBJECTIVE_SEND_BACK, "objective", "Only "),
    (ids.OBJECTIVE_WITHDRAW, "objective", "Only "),
    (ids.AGREEMENT_OPEN, "objective", "Only "),
)


async def test_every_old_button_of_a_role_that_was_taken_away_is_refused_and_changes_nothing(desk: Desk) -> None:
    world = desk.world
    world.key_result("U0OLU", "Growth")
    world.change(Objective, world.rows(Objective)[0].id, published_at=None, approval_asked_at=PROMPTED)
    world.key_result("U0OLU", "Growth")
    world.change(Member, world.members["U0OLU"], deactivated_at=PROMPTED)
    before = world.how_many(Change)
    values = _values(desk)
    for action, value, said in OLD_BUTTONS:
        for _ in range(2):
            desk.slack.calls.clear()
            await desk.send(desk.press(action, values[value], "U0BO"))
            told = await desk.told()
            assert said in told["text"], action
            assert told["response_type"] == "ephemeral"
            assert desk.slack.made("views.open") == [], action
    assert world.how_many(Change) == before


@pytest.mark.parametrize(
    ("action", "value", "table", "values", "said"),
    [
        (ids.TEAM_EDIT, "team", Team, {"archived_at": PROMPTED}, "is in the archive"),
        (ids.TEAM_ARCHIVE, "team", Team, {"archived_at": PROMPTED}, "in the archive already"),
        (ids.TEAM_RESTORE, "team", Team, {}, "not in the archive"),
        (ids.CYCLE_EDIT, "cycle", Cycle, {"archived_at": PROMPTED}, "is in the archive"),
        (ids.CYCLE_ARCHIVE, "cycle", Cycle, {"archived_at": PROMPTED}, "in the archive already"),
        (ids.CYCLE_RESTORE, "cycle", Cycle, {}, "not in the archive"),
        (ids.HAND_OVER_OPEN, "leaver", None, {}, "is back"),
        (ids.OBJECTIVE_APPROVE, "objective", None, {}, "no objective O-1"),
    ],
)
async def test_old_buttons_on_what_is_not_so_any_more_say_so_and_change_nothing(
    desk: Desk, action: str, value: str, table: type[Any] | None, values: dict[str, Any], said: str
) -> None:
    if table is not None:
        row = desk.world.teams["Growth"] if table is Team else desk.world.cycle_id
        desk.world.change(table, row, **values)
    for _ in range(2):
        desk.slack.calls.clear()
        await desk.send(desk.press(action, _values(desk)[value], "U0CLEO"))
        assert said in (await desk.told())["text"]
        assert desk.slack.made("views.open") == []
    assert desk.world.how_many(Change) == 0


async def test_a_form_sent_after_the_role_was_taken_away_keeps_its_text_and_changes_nothing(desk: Desk) -> None:
    team = ids.pack(ids.TeamRef(desk.world.teams["Growth"]))
    opening = {
        ids.TEAM_EDIT: (desk.press(ids.TEAM_EDIT, team, "U0CLEO"), {ids.TEAM_OWN_NAME: "Other"}),
        ids.CYCLE_NEW: (desk.press(ids.CYCLE_NEW, None, "U0CLEO"), {ids.CYCLE_OWN_NAME: "Other"}),
        ids.OPEN_SET_UP: (desk.press(ids.OPEN_SET_UP, None, "U0CLEO"), {ids.TEAM_NAME: "Other"}),
    }
    views = []
    for pressed, values in opening.values():
        desk.slack.calls.clear()
        await desk.send(pressed)
        views.append((await desk.opened(), values))
    [role] = desk.world.rows(MemberRole, MemberRole.role == "champion")
    desk.world.change(MemberRole, role.id, member_id=desk.world.members["U0OLU"])
    desk.world.change(Team, desk.world.teams["Lumen"], lead_id=None)
    for view, values in views:
        response = await desk.send(desk.submit(view, values, "U0CLEO"))
        assert "Only " in str(json.loads(response.body)["errors"])
    assert desk.world.how_many(Change) == 0
    assert "Other" not in {row.name for row in desk.world.rows(Team)} | {row.name for row in desk.world.rows(Cycle)}


def _archived(desk: Desk, table: type[Any], row_id: int) -> None:
    desk.world.change(table, row_id, archived_at=PROMPTED)


def _growth_archived(desk: Desk) -> None:
    _archived(desk, Team, desk.world.teams["Growth"])


def _no_champion(desk: Desk) -> None:
    [role] = desk.world.rows(MemberRole, MemberRole.role == "champion")
    desk.world.change(MemberRole, role.id, member_id=desk.world.members["U0OLU"])
    desk.world.change(Team, desk.world.teams["Lumen"], lead_id=None)


def _decided(desk: Desk) -> None:
    desk.world.do(agree, Agree(Actor(TEAM, "U0LEA"), 1), PROMPTED)


MOVED: tuple[tuple[str, str, dict[str, str], Callable[[Desk], None], str], ...] = (
    (ids.TEAM_EDIT, "team", {ids.TEAM_OWN_NAME: "Other"}, _growth_archived, "Growth is in the archive"),
    (ids.TEAM_NEW, "team", {ids.TEAM_OWN_NAME: "Other"}, _growth_archived, "Growth is in the archive"),
    (ids.CYCLE_EDIT, "cycle", {ids.CYCLE_OWN_NAME: "Other"}, lambda desk: _archived(desk, Cycle, desk.world.cycle_id),
     "Q4 2026 is in the archive"),
    (ids.HAND_OVER_OPEN, "leaver", {ids.HAND_OVER_ALL: "U0ANA"}, _no_champion, "teams you do not lead"),
    (ids.OBJECTIVE_SEND_BACK, "objective", {ids.SEND_BACK_COMMENT: "Why?"}, _no_champion, "Only "),
    (ids.OBJECTIVE_SEND_BACK, "objective", {ids.SEND_BACK_COMMENT: "Why?"}, _decided, "Lea approved this"),
)  # fmt: skip


@pytest.mark.parametrize(("action", "value", "typed", "move", "said"), MOVED)
async def test_a_form_sent_after_the_ground_moved_says_so_and_saves_nothing(
    desk: Desk, action: str, value: str, typed: dict[str, str], move: Callable[[Desk], None], said: str
) -> None:
    world = desk.world
    world.key_result("U0OLU", "Growth")
    world.key_result("U0OLU", "Growth")
    waits = {"published_at": None, "approval_asked_at": PROMPTED, "created_by": world.members["U0ANA"]}
    world.change(Objective, world.rows(Objective)[0].id, **waits)
    world.change(Member, world.members["U0OLU"], deactivated_at=PROMPTED)
    await desk.send(desk.press(action, _values(desk)[value], "U0CLEO"))
    view = await desk.opened()
    world.change(Member, world.members["U0OLU"], deactivated_at=PROMPTED)
    move(desk)
    before = world.how_many(Change), world.how_many(Team), {row.owner_id for row in world.rows(KeyResult)}
    response = await desk.send(desk.submit(view, typed, "U0CLEO"))
    errors = json.loads(response.body)["errors"]
    assert said in str(errors)
    assert errors.keys() <= {block["block_id"] for block in view["blocks"]}
    assert (world.how_many(Change), world.how_many(Team), {row.owner_id for row in world.rows(KeyResult)}) == before


async def test_a_team_called_like_a_word_of_the_commands_is_found_in_quotation_marks(desk: Desk) -> None:
    for number, name in enumerate(("new", "company", "me", "at risk")):
        desk.world.team(name, parent_id=desk.world.teams["Lumen"])
        desk.world.key_result("U0ANA", name, title=f"Lamps {number}")
        for command in (f'team "{name}"', f'list "{name}"'):
            desk.slack.calls.clear()
            await desk.send(desk.command(command, "U0CLEO"))
            assert (name if command.startswith("team") else f"Lamps {number}") in str(await desk.told()), command


async def test_what_slack_says_too_late_about_a_channel_is_told_as_a_message(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teams, "READING_SECONDS", 0.0)
    desk.slack.answers["conversations.members"] = {"ok": False, "error": "channel_not_found"}
    await desk.send(desk.command("team new Lisbon", "U0CLEO"))
    values = {ids.TEAM_OWN_NAME: "Lisbon", ids.TEAM_SOURCE: "channel", ids.TEAM_OWN_CHANNEL: "C0SECRET"}
    response = await desk.send(desk.submit(await desk.opened(), values, "U0CLEO"))
    assert (response.status, response.body) == (200, "")
    await eventually(lambda: desk.slack.made("chat.postMessage"), "a message")
    assert "Invite me there first" in desk.slack.made("chat.postMessage")[-1]["text"]
