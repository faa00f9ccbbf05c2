"""Members as Slack describes them."""

from dataclasses import replace
from datetime import timedelta

from bot.slack.parse import person
from bot.usecases.people import KeepPeople, SlackPerson, keep_people, person_gone
from tests.usecases.world import PROMPTED, TEAM, Member, Workspace, World, at

NOW = at("2026-10-06 10:00")


def keep(world: World, *people: SlackPerson, complete: bool = False, days: int = 0) -> int:
    return world.do(keep_people, KeepPeople(TEAM, people, complete), NOW + timedelta(days=days))


def known(world: World) -> dict[str, Member]:
    return {row.slack_id: row for row in world.rows(Member)}


def test_people_are_kept_and_brought_up_to_date(empty: World) -> None:
    assert (
        keep(empty, SlackPerson("U1", "Ana", "ana@lumen.example", "Europe/Berlin", "de-DE"), SlackPerson("U2", "Bo"))
        == 2
    )
    keep(empty, SlackPerson("U1", "Ana Berg", None, "Asia/Tokyo", "ja-JP", is_admin=True, is_guest=True))
    ana = known(empty)["U1"]
    assert (ana.name, ana.email, ana.zone, ana.locale) == ("Ana Berg", None, "Asia/Tokyo", "ja-JP")
    assert (ana.is_admin, ana.is_guest, len(known(empty))) == (True, True, 2)


def test_somebody_named_twice_on_a_page_is_kept_as_named_last(empty: World) -> None:
    assert keep(empty, SlackPerson("U1", "Old"), SlackPerson("U1", "New")) == 1
    assert known(empty)["U1"].name == "New"


def test_a_deactivation_keeps_its_first_instant_and_may_end(empty: World) -> None:
    keep(empty, SlackPerson("U1", "Ana"))
    keep(empty, SlackPerson("U1", "Ana", deleted=True), days=1)
    keep(empty, SlackPerson("U1", "Ana", deleted=True), days=2)
    assert known(empty)["U1"].deactivated_at == NOW + timedelta(days=1)
    keep(empty, SlackPerson("U1", "Ana"), days=3)
    assert known(empty)["U1"].deactivated_at is None


def test_a_full_reading_is_dated(empty: World) -> None:
    keep(empty, SlackPerson("U1", "Ana"))
    assert empty.rows(Workspace)[0].members_synced_at is None
    keep(empty, complete=True)
    assert empty.rows(Workspace)[0].members_synced_at == NOW


def test_people_of_a_workspace_nobody_knows_are_left_out(empty: World) -> None:
    assert empty.do(keep_people, KeepPeople("T0OTHER", (SlackPerson("U1", "Ana"),)), NOW) == 0
    assert known(empty) == {}


def test_people_of_another_company_in_a_shared_channel_are_not_kept(empty: World) -> None:
    assert keep(empty, SlackPerson("U1", "Ana", home=TEAM), SlackPerson("U2", "Stranger", home="T0OTHER")) == 1
    assert set(known(empty)) == {"U1"}


def test_who_moves_between_the_round_s_making_and_nine_o_clock_is_asked_by_the_new_clock(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    sunday = at("2026-10-04 20:00")
    lumen.tick(sunday)
    ana = SlackPerson("U0ANA", "Ana", zone="Asia/Tokyo")
    lumen.do(keep_people, KeepPeople(TEAM, (ana,)), sunday)
    lumen.tick(at("2026-10-04 23:59"))
    assert lumen.deliveries("prompt") == []
    lumen.tick(at("2026-10-05 00:00"))
    assert [row.not_before for row in lumen.deliveries("prompt")] == [at("2026-10-05 00:00")]
    # Who moves on afterwards was asked.
    lumen.do(keep_people, KeepPeople(TEAM, (replace(ana, zone="America/New_York"),)), PROMPTED)
    lumen.tick(at("2026-10-05 13:00"))
    assert len(lumen.deliveries("prompt")) == 1


def test_who_cannot_be_written_to_any_more_is_asked_nothing_further(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    (prompt,) = lumen.deliveries("prompt")
    lumen.do(person_gone, prompt, PROMPTED)
    assert lumen.prepare(prompt, PROMPTED) is None


def test_slackbot_and_apps_are_no_people() -> None:
    assert person({"id": "USLACKBOT", "is_bot": False}).is_bot
    assert person({"id": "U1", "is_bot": True}).is_bot
    assert person({"id": "U1", "is_workflow_bot": True}).is_bot
    assert not person({"id": "U1"}).is_bot


def test_slack_s_users_are_read_whatever_is_missing() -> None:
    bare = person({"id": "U1", "tz": None, "profile": {"display_name": "", "real_name": "Ana Berg"}})
    assert (bare.name, bare.email, bare.zone, bare.locale) == ("Ana Berg", None, None, None)
    assert person({"id": "U1"}).name == "U1"
    guest = person({"id": "U1", "name": "ana", "is_ultra_restricted": True, "is_owner": True, "deleted": True})
    assert (guest.name, guest.is_guest, guest.is_admin, guest.deleted) == ("ana", True, True, True)
    assert person({"id": "U1", "team_id": "T0OTHER"}).home == "T0OTHER"
    grid = {"id": "U1", "team_id": "E0GRID", "enterprise_user": {"id": "W1", "teams": ["T0OTHER", "T0THIRD"]}}
    assert [person(grid).is_of(team) for team in ("T0OTHER", "T0THIRD", TEAM)] == [True, True, False]
    assert person({"id": "U1", "team_id": "E0GRID", "enterprise_user": {"id": "W1"}}).is_of(TEAM)
