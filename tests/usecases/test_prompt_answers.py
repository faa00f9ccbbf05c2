"""No change, Snooze and Skip; the one reminder; and what waits for room."""

from datetime import datetime, timedelta

import pytest

from bot.okr.errors import NothingDue, OkrError
from bot.okr.facts import Prompt, Receipt
from bot.okr.prompting import Skipped, Snoozed
from bot.store.tables import Absence, RoundPart
from bot.usecases.actors import Actor
from bot.usecases.deliverable import Outgoing
from bot.usecases.prompt_answers import (
    NoChange,
    OpenAnswer,
    ShowWaiting,
    Skip,
    Snooze,
    no_change,
    open_skip,
    open_snooze,
    show_waiting,
    skip,
    snooze,
)
from bot.usecases.recognition import Reaction, react
from bot.usecases.rounds import follow_people
from tests.usecases.world import PROMPTED, TEAM, Delivery, Member, World, at

ANA = Actor(TEAM, "U0ANA")
WHERE = "D0ANA:1700000000.000001"
TUESDAY_NINE = at("2026-10-06 07:00")
WEDNESDAY_NINE = at("2026-10-07 07:00")
CLOSE = at("2026-10-09 10:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def asked(lumen: World) -> World:
    """Ana has two key results and was prompted on Monday at nine."""
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.deliver(PROMPTED)
    return lumen


def went(world: World, now: datetime) -> list[tuple[str, str]]:
    """What a beat at that time sends: kind and receiver."""
    world.tick(now)
    return [(row.kind, row.recipient) for row, _ in world.deliver(now)]


def facts_of(world: World, kind: str, now: datetime) -> object:
    (row,) = [each for each in world.deliveries(kind) if each.state == "pending"]
    outgoing = world.prepare(row, now)
    assert isinstance(outgoing, Outgoing)
    return outgoing.facts


def test_no_change_answers_everything_that_is_due_at_once(asked: World) -> None:
    kept = asked.do(no_change, NoChange(ANA, "m1"), PROMPTED + HOUR)
    assert [(line.number, line.unchanged) for line in kept.lines] == [(1, True), (2, True)]
    assert kept.still_due == 0
    assert went(asked, PROMPTED + HOUR) == [("receipt", "U0ANA")]


def test_no_change_pressed_again_is_the_same_answer(asked: World) -> None:
    first = asked.do(no_change, NoChange(ANA, "m1"), PROMPTED + HOUR)
    again = asked.do(no_change, NoChange(ANA, "m1"), PROMPTED + 2 * HOUR)
    assert (again.submission, again.repeated) == (first.submission, True)


def test_no_change_when_nothing_waits_any_more_says_so(asked: World) -> None:
    asked.say("U0ANA", "1 5 | 2 6", PROMPTED + HOUR)
    with pytest.raises(NothingDue, match="Nothing waits"):
        asked.do(no_change, NoChange(ANA, "m1"), PROMPTED + 2 * HOUR)


# --- the reminder


def test_who_has_not_answered_is_reminded_once_on_the_morning_it_is_due(asked: World) -> None:
    assert went(asked, WEDNESDAY_NINE - timedelta(seconds=1)) == []
    assert went(asked, WEDNESDAY_NINE) == [("reminder", "U0ANA")]
    for hours in (0, 1, 8, 24, 48, 72):
        assert went(asked, WEDNESDAY_NINE + hours * HOUR) == ([("digest", "C0GROWTH")] if hours == 72 else [])


@pytest.mark.parametrize("line", ["1 5 | 2 6", "1 = | 2 ="])
def test_who_has_answered_is_not_reminded(asked: World, line: str) -> None:
    asked.say("U0ANA", line, PROMPTED + HOUR)
    asked.deliver(PROMPTED + HOUR)
    assert went(asked, WEDNESDAY_NINE) == []


def test_half_an_answer_is_reminded_of_the_other_half(asked: World) -> None:
    asked.say("U0ANA", "2 6", PROMPTED + HOUR)
    asked.deliver(PROMPTED + HOUR)
    asked.tick(WEDNESDAY_NINE)
    ((_, outgoing),) = asked.deliver(WEDNESDAY_NINE)
    assert isinstance(outgoing.facts, Prompt)
    assert [each.number for each in outgoing.facts.due] == [1]


def test_the_light_profile_is_never_reminded(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.change(Member, lumen.members["U0ANA"], profile="light")
    assert went(lumen, PROMPTED) == [("prompt", "U0ANA")]
    assert went(lumen, WEDNESDAY_NINE) == []


# --- snooze


def test_a_snooze_asks_again_at_the_chosen_time_and_changes_the_prompt(asked: World) -> None:
    form = asked.do(open_snooze, OpenAnswer(ANA, WHERE), PROMPTED + HOUR, writes=False)
    assert (form.later_today, form.next_day, form.until) == (PROMPTED + 4 * HOUR, TUESDAY_NINE, CLOSE)
    asked.do(snooze, Snooze(ANA, TUESDAY_NINE, WHERE), PROMPTED + HOUR)
    facts = facts_of(asked, "prompt_answered", PROMPTED + HOUR)
    assert isinstance(facts, Snoozed)
    assert (facts.until, facts.due_at) == (TUESDAY_NINE, at("2026-10-07 15:00"))
    assert went(asked, PROMPTED + HOUR) == [("prompt_answered", "U0ANA")]
    assert went(asked, TUESDAY_NINE) == [("prompt_again", "U0ANA")]


def test_who_answers_while_it_is_snoozed_is_not_asked_again(asked: World) -> None:
    asked.do(snooze, Snooze(ANA, TUESDAY_NINE, WHERE), PROMPTED + HOUR)
    asked.say("U0ANA", "1 5 | 2 6", PROMPTED + 2 * HOUR)
    asked.deliver(PROMPTED + 2 * HOUR)
    assert went(asked, TUESDAY_NINE) == []


def test_a_snooze_beyond_the_reminder_takes_its_place(asked: World) -> None:
    thursday = at("2026-10-08 07:00")
    asked.do(snooze, Snooze(ANA, thursday, WHERE), PROMPTED + HOUR)
    asked.deliver(PROMPTED + HOUR)
    assert went(asked, WEDNESDAY_NINE) == []
    assert went(asked, thursday) == [("prompt_again", "U0ANA")]


@pytest.mark.parametrize("until", [None, PROMPTED, CLOSE, CLOSE + timedelta(days=30)])
def test_a_time_that_is_no_use_is_refused_at_its_field(asked: World, until: datetime | None) -> None:
    with pytest.raises(OkrError) as refused:
        asked.do(snooze, Snooze(ANA, until, WHERE), PROMPTED + HOUR)
    assert refused.value.field == "at"


def test_late_in_the_day_there_is_no_later_today(asked: World) -> None:
    form = asked.do(open_snooze, OpenAnswer(ANA, WHERE), at("2026-10-05 15:30"), writes=False)
    assert (form.later_today, form.next_day) == (None, TUESDAY_NINE)


# --- skip


def test_a_skip_ends_the_round_for_somebody_with_a_reason(asked: World) -> None:
    form = asked.do(open_skip, OpenAnswer(ANA, WHERE), PROMPTED + HOUR, writes=False)
    assert form.key_results == 2
    asked.do(skip, Skip(ANA, "On a fair", WHERE), PROMPTED + HOUR)
    facts = facts_of(asked, "prompt_answered", PROMPTED + HOUR)
    assert isinstance(facts, Skipped)
    assert (facts.reason, facts.key_results, facts.until) == ("On a fair", 2, CLOSE)
    asked.deliver(PROMPTED + HOUR)
    assert went(asked, WEDNESDAY_NINE) == []
    with pytest.raises(NothingDue):
        asked.do(open_skip, OpenAnswer(ANA, WHERE), PROMPTED + 2 * HOUR, writes=False)


def test_who_skipped_may_still_check_in(asked: World) -> None:
    asked.do(skip, Skip(ANA, "On a fair", WHERE), PROMPTED + HOUR)
    kept: Receipt = asked.say("U0ANA", "1 5", PROMPTED + 2 * HOUR)
    assert [line.number for line in kept.lines] == [1]


def test_a_skip_without_a_reason_is_refused_at_its_field(asked: World) -> None:
    with pytest.raises(OkrError) as refused:
        asked.do(skip, Skip(ANA, "  ", WHERE), PROMPTED + HOUR)
    assert refused.value.field == "reason"


def test_the_next_round_asks_who_skipped_this_one(asked: World) -> None:
    asked.do(skip, Skip(ANA, "On a fair", WHERE), PROMPTED + HOUR)
    asked.deliver(CLOSE)
    assert ("prompt", "U0ANA") in went(asked, PROMPTED + timedelta(weeks=1))


# --- away


def away(world: World, since: datetime, until: datetime, seen: datetime) -> None:
    values = {"workspace_id": world.workspace_id, "member_id": world.members["U0ANA"]}
    world.add(Absence(**values, since=since, until=until, source="command", created_at=seen))
    world.database.transact(
        lambda session: follow_people(session, world.workspace_id, [world.members["U0ANA"]], seen), seconds=30
    )


def test_who_is_away_on_monday_is_asked_on_the_day_they_are_back(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    away(lumen, at("2026-10-04 22:00"), at("2026-10-06 22:00"), at("2026-10-02 10:00"))
    assert went(lumen, PROMPTED) == []
    assert went(lumen, TUESDAY_NINE) == []
    assert went(lumen, WEDNESDAY_NINE) == [("prompt", "U0ANA")]


def test_who_leaves_after_the_prompt_is_not_reminded_while_away(asked: World) -> None:
    away(asked, at("2026-10-05 22:00"), at("2026-10-11 22:00"), PROMPTED + 2 * HOUR)
    assert went(asked, WEDNESDAY_NINE) == []
    assert [kind for kind, _ in went(asked, CLOSE)] == ["digest"]


def test_who_is_back_early_is_asked_after_all(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    away(lumen, at("2026-10-04 22:00"), at("2026-10-18 22:00"), at("2026-10-02 10:00"))
    assert went(lumen, PROMPTED) == []
    (absence,) = lumen.rows(Absence)
    lumen.change(Absence, absence.id, until=at("2026-10-06 06:00"))
    lumen.database.transact(
        lambda session: follow_people(session, lumen.workspace_id, [lumen.members["U0ANA"]], TUESDAY_NINE - HOUR),
        seconds=30,
    )
    assert went(lumen, TUESDAY_NINE) == [("prompt", "U0ANA")]


# --- the attention budget


def recognised(world: World, profile: str, now: datetime) -> None:
    """Ana checks in last week's round late, and Lea reacts on it."""
    world.change(Member, world.members["U0ANA"], profile=profile)
    (entry,) = [row for row in world.deliveries("digest_entry") if row.state == "sent"]
    assert entry.channel is not None
    assert entry.ts is not None
    world.do(react, Reaction(Actor(TEAM, "U0LEA"), entry.channel, entry.ts, "tada", True, now), now)


@pytest.fixture
def told(lumen: World) -> World:
    """Ana's check-in stands in the digest's thread; it is Saturday, and her week has had one message."""
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.deliver(PROMPTED)
    lumen.say("U0ANA", "1 5", PROMPTED + HOUR)
    lumen.tick(CLOSE)
    lumen.deliver(CLOSE)
    lumen.deliver(CLOSE)
    return lumen


NEXT_MONDAY = PROMPTED + timedelta(weeks=1)


@pytest.mark.parametrize("profile", ["active", "standard"])
def test_who_has_answered_hears_of_recognition_at_once(told: World, profile: str) -> None:
    recognised(told, profile, CLOSE + HOUR)
    assert went(told, CLOSE + HOUR) == [("recognition", "U0ANA")]


def test_in_the_light_profile_recognition_is_told_in_the_next_prompt(told: World) -> None:
    recognised(told, "light", CLOSE + HOUR)
    assert went(told, CLOSE + HOUR) == []
    told.tick(NEXT_MONDAY)
    ((row, outgoing),) = told.deliver(NEXT_MONDAY)
    assert row.kind == "prompt"
    assert isinstance(outgoing.facts, Prompt)
    assert [(each.kind, each.needs_answer) for each in outgoing.facts.waiting] == [("recognition", False)]
    (notice,) = told.deliveries("recognition")
    assert (notice.state, notice.reason) == ("dropped", "told in the prompt")


def change_notice(world: World, key: str) -> None:
    """Something Ana is responsible for: a channel that is closed to the bot."""
    world.add(
        Delivery(
            workspace_id=world.workspace_id, kind="closed_channel", recipient="U0ANA", priority=60,
            arguments={"team": world.teams["Growth"], "channel": "C0GROWTH"}, dedupe_key=key,
            not_before=PROMPTED, created_at=PROMPTED,
        )
    )  # fmt: skip


def test_a_duty_is_never_held_and_takes_nobody_s_prompt_or_reminder(asked: World) -> None:
    for key in "abc":
        change_notice(asked, key)
    assert went(asked, PROMPTED + HOUR) == [("closed_channel", "U0ANA")] * 3
    assert went(asked, WEDNESDAY_NINE) == [("reminder", "U0ANA")]


def test_a_duty_takes_the_place_of_recognition(told: World) -> None:
    change_notice(told, "a")
    assert went(told, CLOSE + HOUR) == [("closed_channel", "U0ANA")]
    recognised(told, "active", CLOSE + 2 * HOUR)
    assert went(told, CLOSE + 2 * HOUR) == []
    assert went(told, NEXT_MONDAY) == [("prompt", "U0ANA")]


def test_recognition_leaves_room_for_the_reminder(told: World) -> None:
    told.tick(NEXT_MONDAY)
    told.deliver(NEXT_MONDAY)
    recognised(told, "standard", NEXT_MONDAY + HOUR)
    assert went(told, NEXT_MONDAY + HOUR) == []
    assert went(told, WEDNESDAY_NINE + timedelta(weeks=1)) == [("reminder", "U0ANA")]
    assert went(told, CLOSE + timedelta(weeks=1)) == [("digest", "C0GROWTH")]


def test_an_answer_makes_room_for_what_waited(told: World) -> None:
    told.tick(NEXT_MONDAY)
    told.deliver(NEXT_MONDAY)
    recognised(told, "standard", NEXT_MONDAY + HOUR)
    assert went(told, NEXT_MONDAY + HOUR) == []
    told.say("U0ANA", "1 6", NEXT_MONDAY + 2 * HOUR)
    assert ("recognition", "U0ANA") in went(told, NEXT_MONDAY + 2 * HOUR)


def test_show_them_brings_what_waits_without_counting_it(told: World) -> None:
    recognised(told, "light", CLOSE + HOUR)
    assert went(told, CLOSE + HOUR) == []
    assert told.do(show_waiting, ShowWaiting(ANA), CLOSE + 2 * HOUR) == 1
    assert went(told, CLOSE + 2 * HOUR) == [("recognition", "U0ANA")]
    assert told.do(show_waiting, ShowWaiting(ANA), CLOSE + 3 * HOUR) == 0


def test_parts_have_times_of_their_own(asked: World) -> None:
    (part,) = asked.rows(RoundPart)
    assert (part.opens_at, part.prompt_at, part.remind_at) == (PROMPTED, PROMPTED, WEDNESDAY_NINE)
