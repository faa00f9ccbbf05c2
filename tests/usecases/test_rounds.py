"""Prompts come on the member's own Monday morning, once; rounds close with one digest."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.okr.errors import NothingDue
from bot.okr.facts import Prompt
from bot.store.tables import KeyResult
from bot.usecases.deliverable import Outgoing
from tests.usecases.world import MONDAY, PROMPTED, Delivery, Member, Round, RoundPart, Team, World, at

FRIDAY_NOON = at("2026-10-09 10:00")
"""Friday 12:00 in Berlin."""

ZONES = [
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Europe/Berlin",
    "Europe/London",
    "America/Sao_Paulo",
    "America/New_York",
    "America/St_Johns",
    "America/Los_Angeles",
    "Pacific/Pago_Pago",
]


CLOCKS_CHANGE_IN = (3, 4, 10, 11)


def prompts_to(world: World, who: str) -> list[Delivery]:
    return [row for row in world.deliveries("prompt") if row.recipient == who]


@pytest.mark.slow
def test_for_a_year_everybody_is_asked_on_monday_at_nine_of_their_own_clock(on_sqlite: World) -> None:
    world = on_sqlite
    world.cycle(date(2026, 1, 1), date(2027, 12, 31))
    for index, zone in enumerate(ZONES):
        world.member(f"U{index}", zone=zone)
        world.key_result(f"U{index}", "Growth", created_at=at("2026-01-02 00:00"))
    mondays = [date(2026, 10, 5) + timedelta(weeks=week) for week in range(53)]
    for monday in mondays:
        nine = {datetime(monday.year, monday.month, monday.day, 9, tzinfo=ZoneInfo(zone)) for zone in ZONES}
        for moment in sorted(each.astimezone(UTC) for each in nine):
            if monday.month in CLOCKS_CHANGE_IN:
                world.tick(moment - timedelta(seconds=1))
            world.tick(moment)
        world.tick(datetime(monday.year, monday.month, monday.day, 12, tzinfo=UTC) + timedelta(days=4))
    for index, zone in enumerate(ZONES):
        asked = [row.not_before.astimezone(ZoneInfo(zone)) for row in prompts_to(world, f"U{index}")]
        assert [f"{moment:%F %T}" for moment in asked] == [f"{monday} 09:00:00" for monday in mondays], zone
    assert [row.created_at for row in world.deliveries("prompt")] == [
        row.not_before for row in world.deliveries("prompt")
    ]


def test_nobody_is_asked_before_their_hour(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED - timedelta(seconds=1))
    assert lumen.deliveries("prompt") == []
    lumen.tick(PROMPTED)
    (prompt,) = lumen.deliveries("prompt")
    outgoing = lumen.prepare(prompt, PROMPTED)
    assert isinstance(outgoing, Outgoing)
    facts = outgoing.facts
    assert isinstance(facts, Prompt)
    assert [line.number for line in facts.due] == [1]
    assert (facts.due_at, facts.week_of) == (at("2026-10-07 15:00"), MONDAY)


def test_beats_without_end_ask_once(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    for minutes in (0, 0, 1, 60, 60 * 24, 60 * 24 * 2):
        lumen.tick(PROMPTED + timedelta(minutes=minutes))
    assert len(lumen.deliveries("prompt")) == 1


def test_a_small_batch_reaches_everybody_too(lumen: World) -> None:
    for who in ("U0ANA", "U0BO", "U0LEA", "U0CLEO", "U0SAM"):
        lumen.key_result(who, "Growth")
    for _ in range(8):
        lumen.tick(PROMPTED, limit=1)
    assert sorted(row.recipient for row in lumen.deliveries("prompt")) == [
        "U0ANA", "U0BO", "U0CLEO", "U0LEA", "U0SAM"
    ]  # fmt: skip


def test_somebody_in_two_teams_is_asked_once_about_both(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0ANA", "Quiet")
    lumen.tick(PROMPTED)
    (prompt,) = lumen.deliveries("prompt")
    outgoing = lumen.prepare(prompt, PROMPTED)
    assert isinstance(outgoing, Outgoing)
    assert isinstance(outgoing.facts, Prompt)
    assert [line.team for line in outgoing.facts.due] == ["Growth", "Quiet"]


def test_who_has_answered_before_the_prompt_went_is_not_asked(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    (prompt,) = lumen.deliveries("prompt")
    lumen.say("U0ANA", "1 =", PROMPTED + timedelta(seconds=5))
    assert lumen.prepare(prompt, PROMPTED + timedelta(seconds=6)) is None


# --- when the bot was not there


def test_a_prompt_late_by_an_hour_goes_at_once(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED + timedelta(hours=1))
    assert [row.not_before for row in lumen.deliveries("prompt")] == [PROMPTED + timedelta(hours=1)]


def test_after_a_day_of_downtime_the_prompt_waits_for_the_next_working_morning(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(at("2026-10-05 21:00"))  # 23:00 in Berlin
    assert [row.not_before for row in lumen.deliveries("prompt")] == [at("2026-10-06 07:00")]


def test_a_prompt_that_comes_on_the_day_it_is_due_brings_no_reminder_with_it(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(at("2026-10-07 06:00"))  # Wednesday, 8:00 in Berlin, after two days of downtime
    lumen.tick(at("2026-10-07 07:00"))
    lumen.tick(at("2026-10-07 12:00"))
    assert [row.kind for row in lumen.deliveries("prompt", "reminder")] == ["prompt"]


def test_a_part_made_with_the_clock_of_before_waits_for_the_new_one(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED - timedelta(hours=20))
    lumen.change(Member, lumen.members["U0ANA"], zone="America/New_York")  # behind the back of the part
    lumen.tick(PROMPTED)
    assert lumen.deliveries("prompt") == []
    lumen.tick(PROMPTED + timedelta(hours=6))
    assert [row.not_before for row in lumen.deliveries("prompt")] == [PROMPTED + timedelta(hours=6)]


def test_three_weeks_of_downtime_end_without_a_burst(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.tick(PROMPTED + timedelta(days=22))  # a Tuesday, three rounds later
    weeks = [row.arguments["monday"] for row in lumen.deliveries("prompt")]
    assert weeks == ["2026-10-05", "2026-10-26"]
    assert lumen.deliveries("digest") == []
    lumen.tick(at("2026-10-30 11:00"))
    assert len(lumen.deliveries("digest")) == 1


def test_a_round_that_was_over_before_the_bot_saw_it_asks_nobody(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(at("2026-10-09 11:00"))  # Friday, an hour after the close
    assert lumen.deliveries("prompt", "digest") == []


# --- who is asked, and about what


def test_a_key_result_set_after_the_round_opened_waits_for_the_next(lumen: World) -> None:
    set_at = PROMPTED + timedelta(hours=2)
    lumen.key_result("U0ANA", "Growth", created_at=set_at)
    lumen.tick(set_at + timedelta(minutes=1))
    assert lumen.deliveries("prompt") == []
    assert not lumen.open("U0ANA", set_at + timedelta(minutes=2)).facts.lines[0].due
    lumen.tick(PROMPTED + timedelta(weeks=1))
    assert len(lumen.deliveries("prompt")) == 1


def test_who_has_left_is_not_asked(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.change(Member, lumen.members["U0ANA"], deactivated_at=PROMPTED - timedelta(days=1))
    lumen.tick(PROMPTED)
    assert lumen.deliveries("prompt") == []


def test_who_leaves_after_the_prompt_was_made_gets_none(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.change(Member, lumen.members["U0ANA"], deactivated_at=PROMPTED)
    assert lumen.prepare(lumen.deliveries("prompt")[0], PROMPTED) is None


def test_an_archived_team_asks_nothing_and_has_no_digest(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0LEA", "Growth")
    lumen.tick(PROMPTED)
    lumen.say("U0LEA", "2 5", PROMPTED + timedelta(hours=1))
    lumen.change(Team, lumen.teams["Growth"], archived_at=PROMPTED + timedelta(hours=2))
    tuesday = PROMPTED + timedelta(days=1)
    assert lumen.prepare(lumen.deliveries("prompt")[0], tuesday) is None
    with pytest.raises(NothingDue):
        lumen.open("U0ANA", tuesday)
    lumen.tick(FRIDAY_NOON)
    assert lumen.deliveries("digest") == []
    lumen.tick(PROMPTED + timedelta(weeks=1))
    assert len(lumen.rows(Round)) == 1


def test_a_cycle_that_begins_in_the_middle_of_a_week_is_asked_about_from_the_next_monday(lumen: World) -> None:
    lumen.cycle(date(2026, 7, 1), date(2026, 10, 7), "Q3")
    lumen.key_result("U0BO", "Growth")
    lumen.cycle(date(2026, 10, 8), date(2026, 12, 31), "Q4")
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    assert [row.recipient for row in lumen.deliveries("prompt")] == ["U0BO"]
    thursday = at("2026-10-08 09:00")
    assert not lumen.open("U0ANA", thursday).facts.lines[0].due
    lumen.tick(PROMPTED + timedelta(weeks=1))
    assert [row.recipient for row in lumen.deliveries("prompt")] == ["U0BO", "U0ANA"]


def test_a_team_without_a_lead_keeps_the_first_champion_s_time(lumen: World) -> None:
    lumen.change(Member, lumen.members["U0CLEO"], zone="Asia/Tokyo")
    lumen.key_result("U0OLU", "Quiet")
    lumen.tick(PROMPTED)
    (row,) = lumen.rows(Round)
    assert (row.zone, row.closes_at) == ("Asia/Tokyo", at("2026-10-09 03:00"))


def test_a_lead_without_a_zone_leaves_the_team_to_the_champion_s_time_and_without_any_to_utc(lumen: World) -> None:
    for who in ("U0LEA", "U0CLEO"):
        lumen.change(Member, lumen.members[who], zone=None)
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    (row,) = lumen.rows(Round)
    assert (row.zone, row.closes_at) == ("UTC", at("2026-10-09 12:00"))


def test_a_member_without_a_zone_is_asked_by_the_team_s_clock(lumen: World) -> None:
    lumen.change(Member, lumen.members["U0ANA"], zone=None)
    lumen.change(Member, lumen.members["U0BO"], zone="Mars/Olympus")
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    assert [part.prompt_at for part in lumen.rows(RoundPart)] == [PROMPTED, PROMPTED]


def test_a_round_opens_with_its_first_member_and_closes_for_all_at_once(lumen: World) -> None:
    lumen.change(Member, lumen.members["U0BO"], zone="Pacific/Auckland")
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    (row,) = lumen.rows(Round)
    assert row.opens_at == at("2026-10-04 20:00")
    assert (row.due_at, row.closes_at) == (at("2026-10-07 15:00"), FRIDAY_NOON)
    early = at("2026-10-05 06:00")
    assert not lumen.open("U0ANA", early).facts.lines[0].due
    assert lumen.open("U0BO", early).facts.lines[0].due


def test_a_key_result_nobody_owns_prompts_nobody(lumen: World) -> None:
    lumen.key_result(None, "Growth")
    lumen.tick(PROMPTED)
    assert lumen.deliveries("prompt") == []


def test_a_key_result_given_to_somebody_in_the_middle_of_the_week_is_asked_about_there(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.change(KeyResult, lumen.row(1).id, owner_id=lumen.members["U0BO"])
    tuesday = PROMPTED + timedelta(days=1)
    lumen.tick(tuesday)
    assert [row.recipient for row in lumen.deliveries("prompt")] == ["U0ANA", "U0BO"]
    assert lumen.prepare(prompts_to(lumen, "U0ANA")[0], tuesday) is None
    assert lumen.prepare(prompts_to(lumen, "U0BO")[0], tuesday) is not None


# --- the close


def test_a_close_makes_one_digest_for_each_team_with_a_channel(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0CLEO", "Lumen")
    lumen.key_result("U0OLU", "Quiet")
    lumen.tick(PROMPTED)
    lumen.tick(FRIDAY_NOON - timedelta(seconds=1))
    assert lumen.deliveries("digest") == []
    lumen.tick(FRIDAY_NOON)
    lumen.tick(FRIDAY_NOON + timedelta(hours=1))
    assert sorted(row.recipient for row in lumen.deliveries("digest")) == ["C0GENERAL", "C0GROWTH"]
    assert all(row.closed_at is not None for row in lumen.rows(Round))


def test_a_digest_is_not_made_up_for_days_after_the_close(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.tick(FRIDAY_NOON + timedelta(days=4, seconds=1))
    assert lumen.deliveries("digest") == []
