"""The first steps in a workspace: a champion, a team, a cycle; and what a champion sets up."""

import threading
from typing import Any

import pytest

from bot.okr.errors import NotAllowed, OkrError
from bot.okr.facts import EmptyWorkspace, MyWeek
from bot.store.tables import Change, Cycle, MemberRole, RecognitionEmoji, Workspace
from bot.usecases.actors import Actor
from bot.usecases.objectives import OpenObjective, open_objective
from bot.usecases.weeks import ShowMyWeek, my_week
from bot.usecases.workspaces import KeepWorkspace, OpenSetUp, SaveSetUp, keep_workspace, open_set_up, save_set_up
from tests.usecases.world import TEAM, Member, Team, World, at

NOW = at("2026-10-06 10:00")


def week(world: World, who: str) -> EmptyWorkspace | MyWeek:
    return world.do(my_week, ShowMyWeek(Actor(TEAM, who)), NOW)


def first_steps(world: World, who: str) -> EmptyWorkspace:
    told = week(world, who)
    assert isinstance(told, EmptyWorkspace)
    return told


def set_up(who: str, **more: Any) -> SaveSetUp:
    values: dict[str, Any] = {
        "nonce": "n1", "team": "Lumen Ltd", "cycle": "Autumn", "channel": "C0ALL", "lead": "U0ADA",
        "champions": ("U0ADA", "U0EVE"), "sponsors": ("U0EVE",), **more,
    }  # fmt: skip
    return SaveSetUp(Actor(TEAM, who), **values)


@pytest.fixture
def fresh(empty: World) -> World:
    """Ada is an admin of the Slack workspace, Eve is not."""
    empty.member("U0ADA", "Ada", is_admin=True)
    empty.member("U0EVE", "Eve")
    return empty


def test_a_workspace_is_known_once_with_its_emoji(empty: World) -> None:
    again = empty.do(keep_workspace, KeepWorkspace(TEAM, "Lumen renamed", "U0BOT2"), NOW)
    assert again == empty.workspace_id
    (row,) = empty.rows(Workspace)
    assert (row.name, row.bot_user) == ("Lumen renamed", "U0BOT2")
    assert {each.emoji: each.kind for each in empty.rows(RecognitionEmoji)} == {
        "tada": "result", "muscle": "effort", "bulb": "learning", "raised_hands": "candour"
    }  # fmt: skip


def test_the_first_admin_becomes_champion_and_finds_a_team_and_the_quarter(fresh: World) -> None:
    told = first_steps(fresh, "U0ADA")
    assert (told.team, told.cycle, told.may_set_up, told.just_appointed) == ("Lumen", "Q4 2026", True, True)
    again = first_steps(fresh, "U0ADA")
    assert (again.may_set_up, again.just_appointed) == (True, False)
    assert len(fresh.rows(Team)) == len(fresh.rows(Cycle)) == len(fresh.rows(MemberRole)) == 1
    assert [row.action for row in fresh.rows(Change)] == ["made", "made", "became champion"]


def test_anybody_else_is_told_who_can(fresh: World) -> None:
    told = first_steps(fresh, "U0EVE")
    assert (told.may_set_up, told.champions) == (False, ("Ada",))
    first_steps(fresh, "U0ADA")
    assert first_steps(fresh, "U0EVE").champions == ("Ada",)
    assert [row.member_id for row in fresh.rows(MemberRole)] == [fresh.members["U0ADA"]]


def test_the_second_admin_does_not_become_champion(fresh: World) -> None:
    fresh.member("U0BEA", "Bea", is_admin=True)
    first_steps(fresh, "U0ADA")
    told = first_steps(fresh, "U0BEA")
    assert (told.may_set_up, told.champions) == (False, ("Ada",))


def test_when_the_only_champion_has_left_the_next_admin_follows(fresh: World) -> None:
    first_steps(fresh, "U0ADA")
    fresh.change(Member, fresh.members["U0ADA"], deactivated_at=NOW)
    fresh.member("U0BEA", "Bea", is_admin=True)
    assert first_steps(fresh, "U0BEA").just_appointed


def test_an_admin_becomes_champion_also_where_objectives_came_with_an_import(fresh: World) -> None:
    fresh.team("Growth")
    fresh.cycle(at("2026-10-01 00:00").date(), at("2026-12-31 00:00").date())
    fresh.key_result("U0EVE", "Growth")
    assert isinstance(week(fresh, "U0ADA"), MyWeek)
    assert [row.member_id for row in fresh.rows(MemberRole)] == [fresh.members["U0ADA"]]
    assert fresh.do(open_set_up, OpenSetUp(Actor(TEAM, "U0ADA")), NOW).champions == ("U0ADA",)


def test_two_admins_at_the_same_moment_make_one_team_one_cycle_and_one_champion(fresh: World) -> None:
    fresh.member("U0BEA", "Bea", is_admin=True)
    together = threading.Barrier(4)
    told: list[object] = []

    def come_by(who: str) -> None:
        together.wait()
        told.append(week(fresh, who))

    people = [threading.Thread(target=come_by, args=(who,)) for who in ("U0ADA", "U0BEA", "U0ADA", "U0BEA")]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert len(told) == 4
    assert len(fresh.rows(Team)) == len(fresh.rows(Cycle)) == len(fresh.rows(MemberRole)) == 1


def test_a_member_without_a_workspace_role_may_not_set_up(fresh: World) -> None:
    first_steps(fresh, "U0ADA")
    for who in ("U0EVE",):
        with pytest.raises(NotAllowed, match="Champions here: Ada"):
            fresh.do(open_set_up, OpenSetUp(Actor(TEAM, who)), NOW)
        with pytest.raises(NotAllowed, match="Only a champion"):
            fresh.do(save_set_up, set_up(who), NOW)


def test_setting_up_names_chooses_and_appoints(fresh: World) -> None:
    first_steps(fresh, "U0ADA")
    for _ in range(2):
        fresh.do(save_set_up, set_up("U0ADA"), NOW)
    (team,) = fresh.rows(Team)
    assert (team.name, team.channel, team.lead_id) == ("Lumen Ltd", "C0ALL", fresh.members["U0ADA"])
    assert [row.name for row in fresh.rows(Cycle)] == ["Autumn"]
    assert sorted((row.role, row.member_id) for row in fresh.rows(MemberRole)) == [
        ("champion", fresh.members["U0ADA"]),
        ("champion", fresh.members["U0EVE"]),
        ("sponsor", fresh.members["U0EVE"]),
    ]
    form = fresh.do(open_set_up, OpenSetUp(Actor(TEAM, "U0EVE")), NOW)
    assert (form.team, form.channel, form.lead) == ("Lumen Ltd", "C0ALL", "U0ADA")
    assert (set(form.champions), form.sponsors) == ({"U0ADA", "U0EVE"}, ("U0EVE",))
    assert len(fresh.deliveries("set_up_done")) == 1


def test_what_is_left_empty_stays_as_it_was(fresh: World) -> None:
    first_steps(fresh, "U0ADA")
    fresh.do(save_set_up, set_up("U0ADA"), NOW)
    fresh.do(save_set_up, set_up("U0ADA", nonce="n2", channel=None, lead=None, champions=(), sponsors=()), NOW)
    form = fresh.do(open_set_up, OpenSetUp(Actor(TEAM, "U0ADA")), NOW)
    assert (form.channel, form.lead, len(form.champions), form.sponsors) == ("C0ALL", "U0ADA", 2, ("U0EVE",))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"team": "  "}, "team"),
        ({"team": "x" * 81}, "team"),
        ({"cycle": ""}, "cycle"),
        ({"lead": "U0NOBODY"}, "lead"),
        ({"champions": ("U0BOT",)}, "champions"),
        ({"sponsors": ("U0GONE",)}, "sponsors"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    fresh: World, wrong: dict[str, Any], field: str
) -> None:
    first_steps(fresh, "U0ADA")
    fresh.member("U0BOT", "OKR Bot", is_bot=True)
    fresh.member("U0GONE", "Gone", deactivated_at=NOW)
    with pytest.raises(OkrError) as refused:
        fresh.do(save_set_up, set_up("U0ADA", **wrong), NOW)
    assert refused.value.field == field
    assert [row.name for row in fresh.rows(Team)] == ["Lumen"]
    assert len(fresh.rows(MemberRole)) == 1


def test_a_new_quarter_is_made_by_the_first_who_sets_something_in_it(fresh: World) -> None:
    first_steps(fresh, "U0ADA")
    form = fresh.do(open_objective, OpenObjective(Actor(TEAM, "U0EVE"), "n"), at("2026-12-31 23:30"))
    assert [each.words for each in form.cycles] == ["Q1 2027"]
    assert form.fields.cycle == form.cycles[0].value  # it is January in Berlin
    assert [row.name for row in fresh.rows(Cycle)] == ["Q4 2026", "Q1 2027"]
