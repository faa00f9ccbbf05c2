"""Champions and sponsors are appointed in one line; the last champion stays."""

import contextlib
import threading

import pytest

from bot.okr.errors import NotAllowed, NotFound
from bot.okr.organisation import LedTeam, RoleNotice, RolesShown
from bot.slack.views.roles import role_changed
from bot.store.tables import Change, MemberRole
from bot.usecases.actors import Actor, UnknownPerson
from bot.usecases.roles import ChangeRole, RefusedRole, ShowRoles, change_role, show_roles
from bot.usecases.team_forms import SaveTeam, save_team
from tests.usecases.world import TEAM, Member, World, at

NOW = at("2026-10-06 10:00")


def change(world: World, person: str, role: str, by: str = "U0CLEO", *, off: bool = False) -> RolesShown:
    return world.do(change_role, ChangeRole(Actor(TEAM, by), person, role, off), NOW)


def test_everybody_reads_who_has_which_role(lumen: World) -> None:
    shown = lumen.do(show_roles, ShowRoles(Actor(TEAM, "U0OLU")), NOW)
    assert (shown.champions, shown.sponsors, shown.said, shown.may_change) == (("Cleo",), ("Sam",), None, False)
    assert shown.leads == (LedTeam("Lumen", "Cleo"), LedTeam("Growth", "Lea"))


def test_a_champion_gives_and_takes_roles_and_it_is_written_down(lumen: World) -> None:
    assert change(lumen, "U0ANA", "champion").said == "Ana is champion now."
    again = change(lumen, "U0ANA", "champion")
    assert (again.said, again.champions) == ("Ana is champion already.", ("Cleo", "Ana"))
    assert change(lumen, "U0SAM", "sponsor", by="U0ANA", off=True).sponsors == ()
    assert change(lumen, "U0SAM", "sponsor", off=True).said == "Sam was no sponsor."
    assert [row.action for row in lumen.rows(Change)] == ["became champion", "no longer sponsor"]


@pytest.mark.parametrize("who", ["U0SAM", "U0LEA", "U0ANA"])
def test_nobody_else_gives_roles(lumen: World, who: str) -> None:
    with pytest.raises(NotAllowed, match=r"Only a champion .* Champions here: Cleo\.") as refused:
        change(lumen, who, "champion", by=who)
    assert refused.value.help_topic == "roles"


def test_the_last_champion_stays_until_there_is_another(lumen: World) -> None:
    with pytest.raises(RefusedRole, match="Cleo is the only champion"):
        change(lumen, "U0CLEO", "champion", off=True)
    change(lumen, "U0ANA", "champion")
    lumen.change(Member, lumen.members["U0ANA"], deactivated_at=NOW)
    with pytest.raises(RefusedRole, match="Cleo is the only champion"):
        change(lumen, "U0CLEO", "champion", off=True)
    lumen.change(Member, lumen.members["U0ANA"], deactivated_at=None, is_guest=True)
    with pytest.raises(RefusedRole, match="Cleo is the only champion"):
        change(lumen, "U0CLEO", "champion", off=True)
    lumen.change(Member, lumen.members["U0ANA"], is_guest=False)
    assert change(lumen, "U0CLEO", "champion", off=True).champions == ("Ana",)


def test_two_champions_who_take_the_role_from_each_other_leave_one(lumen: World) -> None:
    change(lumen, "U0ANA", "champion")
    together = threading.Barrier(2)

    def take(by: str, person: str) -> None:
        together.wait()
        with contextlib.suppress(RefusedRole, NotAllowed):
            change(lumen, person, "champion", by=by, off=True)

    both = [threading.Thread(target=take, args=pair) for pair in (("U0CLEO", "U0ANA"), ("U0ANA", "U0CLEO"))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len([row for row in lumen.rows(MemberRole) if row.role == "champion"]) == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"is_guest": True}, "Gus is a guest"),
        ({"is_bot": True}, "Gus is no active person"),
        ({"deactivated_at": NOW}, "Gus is no active person"),
    ],
)
def test_guests_bots_and_people_who_left_hold_no_role(lumen: World, more: dict[str, object], why: str) -> None:
    lumen.member("U0GUS", "Gus", **more)
    for role in ("champion", "sponsor"):
        with pytest.raises(RefusedRole, match=why):
            change(lumen, "U0GUS", role)


def test_who_left_with_a_role_can_be_relieved_of_it(lumen: World) -> None:
    lumen.change(Member, lumen.members["U0SAM"], deactivated_at=NOW)
    assert change(lumen, "U0SAM", "sponsor", off=True).said == "Sam is no longer sponsor."


def test_somebody_nobody_knows_yet_is_asked_about(lumen: World) -> None:
    with pytest.raises(UnknownPerson) as unknown:
        change(lumen, "U0NEW", "champion")
    assert unknown.value.actor == Actor(TEAM, "U0NEW")
    assert "not a person of this workspace" in unknown.value.sentence


def test_a_name_that_slack_did_not_recognise_is_not_guessed(lumen: World) -> None:
    with pytest.raises(NotFound, match="who @ana is"):
        change(lumen, "@ana", "champion")


def notes(world: World) -> list[tuple[str, RoleNotice]]:
    sent = world.deliver(NOW)
    return [(row.recipient, out.facts) for row, out in sent if isinstance(out.facts, RoleNotice)]


def test_who_is_appointed_by_somebody_else_hears_it_once_with_how_to_begin(lumen: World) -> None:
    change(lumen, "U0ANA", "champion")
    for _ in range(2):
        change(lumen, "U0ANA", "champion")
        change(lumen, "U0CLEO", "sponsor")
    [(to, note)] = notes(lumen)
    assert (to, note.role, note.giver, note.off) == ("U0ANA", "champion", "Cleo", False)
    shown = role_changed(note)
    assert shown.text == "Cleo made you champion."
    assert "Set Up" in str(shown.blocks)


def test_who_is_relieved_is_told_kindly_and_to_and_fro_is_told_once(lumen: World) -> None:
    change(lumen, "U0SAM", "sponsor", off=True)
    [(to, note)] = notes(lumen)
    assert (to, note.off) == ("U0SAM", True)
    assert role_changed(note).text.endswith("Thank you for what you did.")
    change(lumen, "U0OLU", "sponsor")
    change(lumen, "U0OLU", "sponsor", off=True)
    change(lumen, "U0OLU", "sponsor")
    assert [(to, note.off) for to, note in notes(lumen)] == [("U0OLU", False)]


def test_a_new_lead_and_the_one_of_before_are_told(lumen: World) -> None:
    growth = lumen.teams["Growth"]
    values: dict[str, object] = {
        "team": growth, "name": "Growth", "level": "team", "parent": lumen.teams["Lumen"], "channel": None,
        "members": (), "observers": (), "source": "hand",
    }  # fmt: skip
    for nonce in ("n1", "n2"):
        lumen.do(save_team, SaveTeam(Actor(TEAM, "U0CLEO"), nonce, lead="U0BO", **values), NOW)  # type: ignore[arg-type]
    told = {to: (note.team, note.off) for to, note in notes(lumen)}
    assert told == {"U0BO": ("Growth", False), "U0LEA": ("Growth", True)}
