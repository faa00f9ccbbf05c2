"""Teams: made, changed, kept in step with Slack, archived; never deleted."""

import contextlib
import threading
from typing import Any

import pytest

from bot.okr.errors import NotAllowed, NotFound
from bot.okr.organisation import TeamForm, TeamShown, TeamTree
from bot.slack.views.teams import team as team_view
from bot.slack.views.teams import team_tree
from bot.store.tables import Change, Membership, Team, TeamObserver
from bot.usecases.actors import Actor, UnknownPerson
from bot.usecases.in_step import (
    CHANNEL,
    GROUP,
    FindSources,
    FollowChange,
    KeepInStep,
    Source,
    find_sources,
    follow_change,
    keep_in_step,
)
from bot.usecases.lists import ListKeyResults, list_key_results
from bot.usecases.team_forms import FindParents, OpenTeam, SaveTeam, find_parents, open_team, save_team
from bot.usecases.teams import ArchiveTeam, RefusedTeam, ShowTeam, ShowTeams, archive_team, show_team, show_teams
from tests.usecases.world import PROMPTED, TEAM, Member, World, at

NOW = at("2026-10-06 10:00")
LEADS = Source(TEAM, GROUP, "S0LEADS")


def tree(world: World, who: str = "U0CLEO") -> TeamTree:
    found = world.do(show_teams, ShowTeams(Actor(TEAM, who)), NOW)
    assert isinstance(found, TeamTree)
    return found


def named(world: World, name: str, who: str = "U0CLEO") -> TeamShown:
    found = world.do(show_teams, ShowTeams(Actor(TEAM, who), name), NOW)
    assert isinstance(found, TeamShown)
    return found


def form(world: World, team: str | None = None, who: str = "U0CLEO", **more: Any) -> TeamForm:
    team_id = None if team is None else world.teams[team]
    return world.do(open_team, OpenTeam(Actor(TEAM, who), "n", team_id, **more), NOW)


def save(world: World, name: str, who: str = "U0CLEO", *, nonce: str = "n1", **more: Any) -> int:
    values: dict[str, Any] = {
        "team": None, "level": "team", "parent": world.teams["Lumen"], "lead": None, "channel": None, "members": (),
        "observers": (), "source": "hand", **more,
    }  # fmt: skip
    return world.do(save_team, SaveTeam(Actor(TEAM, who), nonce, name=name, **values), NOW)


def archive(world: World, team: str, who: str = "U0CLEO", *, back: bool = False) -> TeamShown:
    return world.do(archive_team, ArchiveTeam(Actor(TEAM, who), world.teams[team], back), NOW)


def members(world: World, team_id: int) -> set[str]:
    slack_ids = {row_id: slack_id for slack_id, row_id in world.members.items()}
    return {slack_ids[row.member_id] for row in world.rows(Membership, Membership.team_id == team_id)}


def test_the_tree_is_shown_from_the_company_down(lumen: World) -> None:
    lumen.teams["Sales"] = save(lumen, "Sales", parent=lumen.teams["Growth"], lead="U0BO", channel="C0SALES")
    shown = tree(lumen, "U0OLU")
    assert [(each.depth, each.name, each.lead, each.members) for each in shown.lines] == [
        (0, "Lumen", "Cleo", 0), (1, "Growth", "Lea", 3), (2, "Sales", "Bo", 0), (1, "Quiet", None, 1),
    ]  # fmt: skip
    assert (shown.more, shown.archived, shown.may_make) == (0, (), False)
    assert tree(lumen, "U0LEA").may_make


def test_a_lead_who_has_left_is_said_to_have_and_is_nobody_in_the_form(lumen: World) -> None:
    lumen.change(Member, lumen.members["U0LEA"], deactivated_at=NOW)
    assert "lead Lea (has left)" in str(team_tree(tree(lumen)).blocks)
    assert "Lead: Lea (has left)" in str(team_view(named(lumen, "Growth")).blocks)
    assert form(lumen, "Growth").lead is None


def test_one_team_is_shown_with_its_people_and_what_one_may_do(lumen: World) -> None:
    save(lumen, "Growth", team=lumen.teams["Growth"], lead="U0LEA", members=("U0ANA", "U0BO"), observers=("U0SAM",))
    shown = named(lumen, "gROWTH", "U0LEA")
    assert (shown.members, shown.observers, shown.parent) == (("Ana", "Bo"), ("Sam",), "Lumen")
    assert (shown.may_edit, shown.may_make, shown.may_archive) == (True, True, False)
    assert not named(lumen, "Growth", "U0ANA").may_edit
    assert named(lumen, "Growth").may_archive
    assert not named(lumen, "Lumen").may_archive


def test_an_unknown_name_is_answered_with_the_nearest_and_a_shared_one_with_all(lumen: World) -> None:
    with pytest.raises(NotFound, match=r"called “Grwth”\. Did you mean Growth\?") as refused:
        named(lumen, "Grwth")
    assert refused.value.help_topic == "teams"
    save(lumen, "Quiet", parent=lumen.teams["Growth"])
    both = lumen.do(show_teams, ShowTeams(Actor(TEAM, "U0ANA"), "quiet"), NOW)
    assert isinstance(both, TeamTree)
    assert sorted(each.name for each in both.lines) == ["Lumen / Growth / Quiet", "Lumen / Quiet"]
    assert named(lumen, "Lumen / Growth / Quiet").parent == "Growth"


def test_a_team_is_made_once_and_confirmed(lumen: World) -> None:
    made = save(lumen, "  Lamps \n of Lisbon ", lead="U0ANA", members=("U0ANA", "U0OLU"), level="department")
    assert save(lumen, "Lamps of Lisbon") == made, "the same form again"
    [row] = lumen.rows(Team, Team.id == made)
    assert (row.name, row.level, row.parent_id) == ("Lamps of Lisbon", "department", lumen.teams["Lumen"])
    assert members(lumen, made) == {"U0ANA", "U0OLU"}
    [note] = lumen.deliveries("team_saved")
    outgoing = lumen.prepare(note, NOW)
    assert outgoing.facts.said == "Lamps of Lisbon is made."  # type: ignore[union-attr]
    assert [each.action for each in lumen.rows(Change, Change.entity == "team")] == ["members changed", "made"]


def test_a_team_is_renamed_moved_and_gets_other_people(lumen: World) -> None:
    opened = form(lumen, "Growth")
    assert (opened.name, opened.lead, opened.channel) == ("Growth", "U0LEA", "C0GROWTH")
    assert opened.members == ("U0ANA", "U0BO", "U0LEA")
    assert [each.words for each in opened.parents or ()] == ["Lumen", "Quiet"]
    growth = lumen.teams["Growth"]
    save(lumen, "Sales", team=growth, parent=lumen.teams["Quiet"], lead="U0BO", members=("U0BO", "U0OLU"))
    [row] = lumen.rows(Team, Team.id == growth)
    assert (row.name, row.parent_id, row.lead_id) == ("Sales", lumen.teams["Quiet"], lumen.members["U0BO"])
    assert (row.channel, members(lumen, growth)) == (None, {"U0BO", "U0OLU"})
    assert {row.member_id for row in lumen.rows(Membership) if row.team_id == lumen.teams["Quiet"]}, "several teams"


def test_the_company_belongs_to_nothing_and_keeps_its_level(lumen: World) -> None:
    assert form(lumen, "Lumen").parents == ()
    save(lumen, "Lumen Ltd", team=lumen.teams["Lumen"], parent=None, level="team")
    [row] = lumen.rows(Team, Team.id == lumen.teams["Lumen"])
    assert (row.name, row.parent_id, row.level) == ("Lumen Ltd", None, "company")


@pytest.mark.parametrize(
    ("more", "field", "why"),
    [
        ({"name": " \u200b "}, "name", "Give the team a name"),
        ({"name": "x" * 81}, "name", "too long"),
        ({"name": "gROWTH"}, "name", "Growth belongs to Lumen already"),
        ({"parent": None}, "parent", "Choose what"),
        ({"parent": 999_999}, "parent", "Choose what"),
        ({"lead": "U0GONE"}, "lead", "Gone is no active person"),
        ({"lead": "U0GUS"}, "lead", "Gus is a guest"),
        ({"members": ("U0ANA", "U0BOT")}, "members", "OKR Bot is no active person"),
        ({"observers": ("U0GUS",)}, "observers", "Gus is a guest"),
        ({"source": "group"}, "source", "Choose a user group"),
        ({"source": "channel"}, "channel", "Choose the channel"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    lumen: World, more: dict[str, Any], field: str, why: str
) -> None:
    lumen.member("U0GUS", "Gus", is_guest=True)
    lumen.member("U0GONE", "Gone", deactivated_at=NOW)
    lumen.member("U0BOT", "OKR Bot", is_bot=True)
    with pytest.raises(RefusedTeam, match=why) as refused:
        save(lumen, **{"name": "Sales", **more})
    assert (refused.value.field, refused.value.help_topic) == (field, "teams")
    assert len(lumen.rows(Team)) == 3
    assert lumen.deliveries("team_saved") == []


def test_a_team_cannot_belong_to_itself_or_to_what_is_below_it(lumen: World) -> None:
    sales = save(lumen, "Sales", parent=lumen.teams["Growth"])
    for parent in (lumen.teams["Growth"], sales):
        with pytest.raises(RefusedTeam, match="can't belong to itself") as refused:
            save(lumen, "Growth", nonce="n2", team=lumen.teams["Growth"], parent=parent)
        assert refused.value.field == "parent"
    assert [each.words for each in form(lumen, "Growth").parents or ()] == ["Lumen", "Quiet"]


def test_the_same_name_is_fine_below_another_team(lumen: World) -> None:
    assert save(lumen, "Growth", parent=lumen.teams["Quiet"]) not in lumen.teams.values()


def test_leads_make_and_change_teams_below_theirs_only(lumen: World) -> None:
    growth, quiet = lumen.teams["Growth"], lumen.teams["Quiet"]
    lumen.teams["Sales"] = save(lumen, "Sales", "U0LEA", parent=growth, lead="U0BO")
    assert [each.words for each in form(lumen, who="U0LEA").parents or ()] == ["Growth", "Sales"]
    save(lumen, "Shops", "U0LEA", nonce="n2", team=lumen.teams["Sales"], parent=growth, lead="U0BO")
    for more in ({"team": quiet, "parent": lumen.teams["Lumen"]}, {"parent": quiet}):
        with pytest.raises(NotAllowed, match="Only the lead of the team"):
            save(lumen, "Mine", "U0LEA", nonce="n3", **more)
    with pytest.raises(NotAllowed, match=r"a new team\. Champions here: Cleo\."):
        form(lumen, who="U0ANA")
    # A lead may leave the team where it is, also below a team that somebody else leads.
    save(lumen, "Shops 2", "U0BO", nonce="n4", team=lumen.teams["Sales"], parent=growth, lead="U0BO")


def test_somebody_nobody_knows_yet_is_asked_about_at_their_field(lumen: World) -> None:
    with pytest.raises(UnknownPerson) as unknown:
        save(lumen, "Sales", members=("U0ANA", "U0NEW"))
    assert (unknown.value.actor.user, unknown.value.field) == ("U0NEW", "members")


def test_many_teams_are_searched(lumen: World) -> None:
    lumen.together(lambda: [lumen.team(f"Team {n}", parent_id=lumen.teams["Lumen"]) for n in range(120)])
    assert form(lumen).parents is None
    found = lumen.do(find_parents, FindParents(Actor(TEAM, "U0CLEO"), None, " team 11 "), NOW)
    assert [each.words for each in found] == ["Team 11", *(f"Team 11{n}" for n in range(10))][: len(found)]
    shown = tree(lumen)
    assert (len(shown.lines), shown.more) == (60, 63)


# --- the archive


def test_an_archived_team_leaves_lists_and_prompts_and_comes_back(lumen: World) -> None:
    lumen.key_result("U0OLU", "Quiet")
    shown = archive(lumen, "Quiet")
    assert (shown.archived, shown.said, shown.may_edit) == (True, "Quiet is in the archive now.", False)
    assert archive(lumen, "Quiet").said == "Quiet is in the archive already."
    assert [each.name for each in tree(lumen).lines] == ["Lumen", "Growth"]
    assert tree(lumen).archived == ("Quiet",)
    assert "Quiet" not in [each.words for each in form(lumen).parents or ()]
    lumen.tick(PROMPTED)
    assert lumen.deliveries("prompt") == []
    own = lumen.do(list_key_results, ListKeyResults(Actor(TEAM, "U0OLU"), only="all"), NOW)
    assert own.total == 1, "its objectives stay readable"
    with pytest.raises(RefusedTeam, match="Restore it before"):
        form(lumen, "Quiet")
    assert named(lumen, "quiet").archived
    assert archive(lumen, "Quiet", back=True).may_edit
    assert [row.action for row in lumen.rows(Change, Change.entity == "team")] == ["archived", "restored"]


def test_the_company_and_teams_with_others_below_them_stay(lumen: World) -> None:
    with pytest.raises(RefusedTeam, match="Lumen is the company"):
        archive(lumen, "Lumen")
    lumen.teams["Sales"] = save(lumen, "Sales", parent=lumen.teams["Growth"])
    with pytest.raises(RefusedTeam, match="Sales belong to Growth"):
        archive(lumen, "Growth")
    archive(lumen, "Sales")
    archive(lumen, "Growth")
    with pytest.raises(RefusedTeam, match="belongs to Growth, which is in the archive"):
        archive(lumen, "Sales", back=True)


def test_a_name_that_was_given_again_keeps_a_team_in_the_archive(lumen: World) -> None:
    archive(lumen, "Quiet")
    save(lumen, "quiet")
    with pytest.raises(RefusedTeam, match="Choose another name"):
        archive(lumen, "Quiet", back=True)


def test_a_team_that_is_gone_is_said_to_be(lumen: World) -> None:
    with pytest.raises(NotFound, match="not here any more"):
        lumen.do(show_team, ShowTeam(Actor(TEAM, "U0ANA"), 999_999), NOW)


# --- kept in step


@pytest.fixture
def following(lumen: World) -> World:
    """Growth follows a user group; Gus is a guest, and a bot and somebody who left are in the group too."""
    lumen.member("U0GUS", "Gus", is_guest=True)
    lumen.member("U0GONE", "Gone", deactivated_at=NOW)
    lumen.member("U0BOT", "OKR Bot", is_bot=True)
    people = ("U0BO", "U0GUS", "U0GONE", "U0BOT", "U0STRANGER")
    save(lumen, "Growth", team=lumen.teams["Growth"], lead="U0LEA", source="group", group="S0LEADS", read=people)
    return lumen


def test_members_are_taken_from_a_group_when_the_team_is_saved(following: World) -> None:
    assert members(following, following.teams["Growth"]) == {"U0BO", "U0GUS"}
    opened = form(following, "Growth")
    assert (opened.source, opened.group and opened.group.value) == ("group", "S0LEADS")
    assert named(following, "Growth").source == "group"
    assert following.do(find_sources, FindSources(TEAM), NOW) == (LEADS,)


def test_what_slack_did_not_say_in_time_leaves_the_members_as_they_are(lumen: World) -> None:
    growth = lumen.teams["Growth"]
    save(lumen, "Growth", team=growth, source="channel", channel="C0GROWTH", read=None)
    assert members(lumen, growth) == {"U0ANA", "U0BO", "U0LEA"}
    lumen.do(keep_in_step, KeepInStep(Source(TEAM, CHANNEL, "C0GROWTH"), ("U0OLU",)), NOW)
    assert members(lumen, growth) == {"U0OLU"}


def test_who_leaves_the_group_leaves_the_team_and_keeps_their_key_results(following: World) -> None:
    number = following.key_result("U0BO", "Growth")
    unknown = following.do(keep_in_step, KeepInStep(LEADS, ("U0ANA", "U0NEW", "U0NEW")), NOW)
    assert unknown == ("U0NEW",)
    assert members(following, following.teams["Growth"]) == {"U0ANA"}
    assert following.row(number).owner_slack_id == "U0BO"
    following.say("U0BO", f"{number} 5", NOW)
    assert following.value(number) == 5


def test_a_change_of_the_group_is_followed(following: World) -> None:
    change = FollowChange(LEADS, joined=("U0ANA", "U0GONE", "U0NEW", "U0BO"), left=("U0GUS", "U0OLU", "U0OTHER"))
    assert following.do(follow_change, change, NOW) == ("U0NEW",)
    following.do(follow_change, change, NOW)
    assert members(following, following.teams["Growth"]) == {"U0ANA", "U0BO"}
    assert members(following, following.teams["Quiet"]) == {"U0OLU"}


def test_an_archived_team_and_other_groups_are_left_alone(following: World) -> None:
    following.do(keep_in_step, KeepInStep(Source(TEAM, GROUP, "S0OTHER"), ()), NOW)
    archive(following, "Growth")
    following.do(keep_in_step, KeepInStep(LEADS, ()), NOW)
    assert following.do(find_sources, FindSources(TEAM), NOW) == ()
    assert members(following, following.teams["Growth"]) == {"U0BO", "U0GUS"}
    assert following.do(find_sources, FindSources("T0OTHER"), NOW) == ()
    assert following.do(keep_in_step, KeepInStep(Source("T0OTHER", GROUP, "S0LEADS"), ()), NOW) == ()


def test_who_was_deactivated_comes_back_as_they_went(following: World) -> None:
    following.change(Member, following.members["U0BO"], deactivated_at=NOW)
    following.do(keep_in_step, KeepInStep(LEADS, ("U0GUS",)), NOW)
    assert members(following, following.teams["Growth"]) == {"U0BO", "U0GUS"}
    assert named(following, "Growth").members == ("Gus",)


def test_observers_are_set_by_hand(lumen: World) -> None:
    growth = lumen.teams["Growth"]
    for observers in (("U0SAM", "U0OLU"), ("U0SAM",)):
        save(lumen, "Growth", nonce=str(observers), team=growth, observers=observers)
    assert [row.member_id for row in lumen.rows(TeamObserver)] == [lumen.members["U0SAM"]]


def test_observers_who_are_members_too_stay_both_and_letting_them_read_is_written_down(lumen: World) -> None:
    growth = lumen.teams["Growth"]
    save(lumen, "Growth", team=growth, lead="U0LEA", members=("U0ANA",), observers=("U0ANA",))
    shown = named(lumen, "Growth")
    assert (shown.members, shown.observers) == (("Ana",), ("Ana",))
    [noted] = lumen.rows(Change, Change.action == "observers changed")
    assert (noted.actor_id, noted.after) == (lumen.members["U0CLEO"], {"joined": [lumen.members["U0ANA"]], "left": []})


def test_several_teams_follow_one_group_and_somebody_may_be_in_many(following: World) -> None:
    save(following, "Quiet", nonce="n2", team=following.teams["Quiet"], source="group", group="S0LEADS", read=("U0BO",))
    following.do(follow_change, FollowChange(LEADS, joined=("U0OLU",)), NOW)
    assert members(following, following.teams["Growth"]) == {"U0BO", "U0GUS", "U0OLU"}
    assert members(following, following.teams["Quiet"]) == {"U0BO", "U0OLU"}
    following.do(keep_in_step, KeepInStep(LEADS, ()), NOW)
    assert members(following, following.teams["Growth"]) | members(following, following.teams["Quiet"]) == set()


def test_a_channel_in_slack_s_archive_shows_nobody_and_takes_nobody_away(lumen: World) -> None:
    growth = lumen.teams["Growth"]
    follows: dict[str, Any] = {"team": growth, "source": "channel", "channel": "C0GROWTH"}
    save(lumen, "Growth", **follows, read=("U0OLU", "U0BO"))
    lumen.do(keep_in_step, KeepInStep(Source(TEAM, CHANNEL, "C0GROWTH"), ()), NOW)
    save(lumen, "Grown", nonce="n2", **follows, read=())
    assert members(lumen, growth) == {"U0OLU", "U0BO"}
    assert form(lumen, "Growth", source="hand").members == ("U0BO", "U0OLU"), "chosen here from now on: they stay"


def test_a_form_does_not_undo_what_somebody_else_saved_meanwhile(lumen: World) -> None:
    growth = lumen.teams["Growth"]
    opened = form(lumen, "Growth")
    assert form(lumen, "Growth", source="group", seen=opened.seen).seen == opened.seen
    save(lumen, "Growth", "U0LEA", nonce="n2", team=growth, lead="U0LEA", members=("U0ANA", "U0OLU"), seen=opened.seen)
    with pytest.raises(RefusedTeam, match="Lea changed Growth while this form was open"):
        save(lumen, "Grown", nonce="n3", team=growth, members=opened.members, seen=opened.seen)
    assert members(lumen, growth) == {"U0ANA", "U0OLU"}
    save(lumen, "Grown", nonce="n4", team=growth, members=("U0ANA", "U0OLU"), seen=form(lumen, "Growth").seen)


def test_two_who_move_teams_below_each_other_at_once_make_no_ring(lumen: World) -> None:
    growth, quiet = lumen.teams["Growth"], lumen.teams["Quiet"]
    together = threading.Barrier(2)

    def move(name: str, team: int, parent: int) -> None:
        together.wait()
        with contextlib.suppress(RefusedTeam):
            save(lumen, name, nonce=name, team=team, parent=parent)

    moving = [
        threading.Thread(target=move, args=each) for each in (("Growth", growth, quiet), ("Quiet", quiet, growth))
    ]
    for each in moving:
        each.start()
    for each in moving:
        each.join()
    assert lumen.teams["Lumen"] in {row.parent_id for row in lumen.rows(Team, Team.id.in_([growth, quiet]))}
