"""Checking in, as the user guide tells it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.okr.errors import NotAllowed, NothingDue, OkrError, OutsideCycle, TooLateToUndo, UnreadableNumber
from bot.okr.facts import MyWeek
from bot.store.tables import KeyResult
from bot.usecases.actors import Actor, UnknownMember
from bot.usecases.checkins import InvalidAnswers, SendLines, send_form, send_lines
from bot.usecases.weeks import ShowMyWeek, my_week
from tests.usecases.world import PROMPTED, TEAM, CheckIn, Member, Submission, World, at, with_typed

TUESDAY = at("2026-10-06 10:00")


@pytest.fixture
def asked(lumen: World) -> World:
    """Ana owns KR-1 to KR-5, Bo KR-6; the week's round is open."""
    for _ in range(5):
        lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    return lumen


def test_send_answers_every_due_key_result_shown(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY)
    assert form.numbers == [1, 2, 3, 4, 5]
    receipt = form.put(2, "45k").send(TUESDAY)
    assert [(line.number, line.unchanged) for line in receipt.lines] == [
        (1, True), (2, False), (3, True), (4, True), (5, True)
    ]  # fmt: skip
    assert receipt.still_due == 0
    assert not receipt.late
    assert asked.value(2) == 45000


def test_what_is_not_due_counts_only_if_changed(asked: World) -> None:
    asked.open("U0ANA", TUESDAY).send(TUESDAY)
    later = TUESDAY + timedelta(hours=1)
    receipt = asked.open("U0ANA", later).put(3, "7").send(later)
    assert [line.number for line in receipt.lines] == [3]
    with pytest.raises(NothingDue, match="Nothing has changed"):
        asked.open("U0ANA", later).send(later)


def test_a_cleared_value_means_not_answered(asked: World) -> None:
    receipt = asked.open("U0ANA", TUESDAY).put(4, None).put(5, "  ").send(TUESDAY)
    assert [line.number for line in receipt.lines] == [1, 2, 3]
    assert receipt.still_due == 2


def test_an_untouched_field_never_overwrites_a_newer_check_in_by_somebody_else(asked: World) -> None:
    asked.say("U0ANA", "1 10 5", TUESDAY - timedelta(hours=2))
    form = asked.open("U0ANA", TUESDAY)
    asked.say("U0LEA", "1 60 3 | 2 20 4", TUESDAY + timedelta(minutes=1))
    form.put(3, "5").send(TUESDAY + timedelta(minutes=2))
    assert asked.value(1) == 60
    assert asked.row(1).last_confidence == 3
    assert asked.value(2) == 20
    assert asked.row(2).last_confidence == 4


def test_a_new_value_with_an_untouched_confidence_keeps_the_newest_confidence(asked: World) -> None:
    asked.say("U0ANA", "1 10 8", TUESDAY - timedelta(hours=2))
    form = asked.open("U0ANA", TUESDAY)
    asked.say("U0LEA", "1 60 3", TUESDAY)
    form.put(1, "70").send(TUESDAY + timedelta(minutes=2))
    assert asked.value(1) == 70
    assert asked.row(1).last_confidence == 3


def test_a_changed_confidence_alone_is_an_answer(asked: World) -> None:
    asked.open("U0ANA", TUESDAY).put(1, "10").send(TUESDAY)
    later = TUESDAY + timedelta(hours=1)
    receipt = asked.open("U0ANA", later).choose(1, 9).send(later)
    assert [(line.number, line.unchanged, line.confidence) for line in receipt.lines] == [(1, True, 9)]
    assert asked.value(1) == 10


@pytest.mark.parametrize("typed", ["12345678901.123456", "0.000001", "-999999999999999.123456", "0"])
def test_values_are_kept_to_the_last_digit(asked: World, typed: str) -> None:
    asked.open("U0ANA", TUESDAY).put(1, typed).send(TUESDAY)
    assert asked.value(1) == Decimal(typed)
    assert asked.open("U0ANA", TUESDAY).command().answers[0].shown_value == typed


def test_what_was_learned_and_what_is_needed_are_kept(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY)
    form.learned, form.needs = "  Calls beat mails.\n", "A designer from Olu"
    receipt = form.send(TUESDAY)
    assert (receipt.learned, receipt.needs) == ("Calls beat mails.", "A designer from Olu")


def test_halves_of_characters_and_nul_in_a_text_are_no_reason_to_lose_it(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY)
    form.learned = "nul\x00 and half \ud83d of a face"
    assert "and half" in (form.send(TUESDAY).learned or "")


def test_the_same_form_sent_again_is_the_same_submission(asked: World) -> None:
    command = asked.open("U0ANA", TUESDAY).put(1, "10").command()
    first = asked.do(send_form, command, TUESDAY)
    again = asked.do(send_form, command, TUESDAY + timedelta(seconds=2))
    assert (again.submission, again.lines, again.repeated) == (first.submission, first.lines, True)
    assert asked.how_many(Submission) == 1
    assert asked.how_many(CheckIn) == 5
    assert len(asked.deliveries("receipt")) == 1


def test_the_same_form_with_other_values_is_the_next_version(asked: World) -> None:
    command = asked.open("U0ANA", TUESDAY).put(1, "10").command()
    asked.do(send_form, command, TUESDAY)
    receipt = asked.do(send_form, with_typed(command, 1, "12"), TUESDAY + timedelta(seconds=5))
    assert asked.how_many(Submission) == 1
    assert asked.value(1) == 12
    first = receipt.lines[0]
    assert (first.number, first.before, first.after) == (1, Decimal(0), Decimal(12))
    versions = [row.version for row in asked.rows(CheckIn) if row.value in (10, 12)]
    assert versions == [1, 2]


def test_a_value_put_back_to_what_the_form_had_shown_is_taken_back_in_the_next_version(asked: World) -> None:
    command = asked.open("U0ANA", TUESDAY).put(1, "10").command()
    asked.do(send_form, command, TUESDAY)
    receipt = asked.do(send_form, with_typed(command, 1, "0"), TUESDAY + timedelta(seconds=5))
    assert asked.value(1) == 0
    assert receipt.lines[0].unchanged


def test_a_field_cleared_in_the_next_version_is_withdrawn(asked: World) -> None:
    command = asked.open("U0ANA", TUESDAY).put(1, "10").command()
    asked.do(send_form, command, TUESDAY)
    receipt = asked.do(send_form, with_typed(command, 1, None), TUESDAY + timedelta(seconds=5))
    assert asked.value(1) is None
    assert [line.number for line in receipt.lines] == [2, 3, 4, 5]
    assert receipt.still_due == 1


def test_errors_stand_at_every_wrong_field_and_nothing_is_kept(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY).put(1, "10").put(2, "many").put(4, "1,2,3.4.5")
    with pytest.raises(InvalidAnswers) as refused:
        form.send(TUESDAY)
    assert set(refused.value.by_field) == {"kr.2.value", "kr.4.value"}
    assert "many" in refused.value.by_field["kr.2.value"]
    assert asked.how_many(Submission) == asked.how_many(CheckIn) == 0
    assert asked.deliveries("receipt") == []


def test_a_key_result_that_went_away_meanwhile_does_not_hold_the_others_back(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY).put(1, "10")
    asked.change(KeyResult, asked.row(3).id, dropped_at=TUESDAY)
    asked.change(KeyResult, asked.row(4).id, owner_id=asked.members["U0BO"])
    receipt = form.send(TUESDAY)
    assert [line.number for line in receipt.lines] == [1, 2, 5]
    late = asked.open("U0ANA", TUESDAY).put(1, "11").put(2, "5")
    asked.change(KeyResult, asked.row(2).id, dropped_at=TUESDAY)
    with pytest.raises(InvalidAnswers, match="no open key result KR-2") as refused:
        late.send(TUESDAY)
    assert set(refused.value.by_field) == {"kr.2.value"}
    assert asked.value(1) == 10


WHO_MAY = {
    "U0BO": "owner",
    "U0LEA": "lead",
    "U0CLEO": "champion",
}


@pytest.mark.parametrize("who", WHO_MAY, ids=WHO_MAY.get)
def test_owner_lead_and_champion_may_check_in(asked: World, who: str) -> None:
    asked.say(who, "6 40", TUESDAY)
    assert asked.value(6) == 40
    assert asked.rows(CheckIn)[0].author_id == asked.members[who]


@pytest.mark.parametrize("who", ["U0ANA", "U0SAM", "U0OLU"])
def test_others_may_not_and_are_told_who_may(asked: World, who: str) -> None:
    with pytest.raises(NotAllowed, match=r"KR-6 is owned by Bo.*\(Lea\).*champion"):
        asked.say(who, "6 40", TUESDAY)
    assert asked.how_many(CheckIn) == 0


def test_somebody_deactivated_may_not(asked: World) -> None:
    asked.change(Member, asked.members["U0BO"], deactivated_at=TUESDAY)
    with pytest.raises(NotAllowed, match="people of this workspace"):
        asked.say("U0BO", "6 40", TUESDAY)


@pytest.mark.parametrize(("team", "user"), [("T0OTHER", "U0BO"), (TEAM, "U0STRANGE"), ("", "")])
def test_a_stranger_is_unknown(asked: World, team: str, user: str) -> None:
    with pytest.raises(UnknownMember):
        asked.do(send_lines, SendLines(Actor(team, user), "n", ()), TUESDAY)


def test_a_champion_who_left_may_not_any_more(asked: World) -> None:
    asked.change(Member, asked.members["U0CLEO"], deactivated_at=TUESDAY)
    with pytest.raises(NotAllowed):
        asked.say("U0CLEO", "6 40", TUESDAY)


# --- the end of a cycle


def test_in_the_grace_window_a_check_in_counts_for_the_last_moment_of_the_cycle(asked: World) -> None:
    asked.say("U0ANA", "1 90", at("2027-01-14 22:00"))
    assert asked.row(1).last_as_of == at("2026-12-31 22:59:59")
    assert asked.value(1) == 90


def test_when_a_cycle_turns_what_is_due_comes_first_and_the_ended_one_last_with_its_last_day(asked: World) -> None:
    asked.cycle(date(2027, 1, 1), date(2027, 3, 31), "Q1 2027")
    begun = asked.key_result("U0ANA", "Growth", created_at=at("2026-12-20 10:00"))
    monday = at("2027-01-04 08:00")
    asked.tick(monday)
    lines = asked.open("U0ANA", monday).facts.lines
    assert [(line.number, line.due, line.closing) for line in lines[:2]] == [
        (begun, True, None),
        (1, False, date(2027, 1, 14)),
    ]
    asked.say("U0ANA", f"{begun} 1", monday)
    week = asked.do(my_week, ShowMyWeek(Actor(TEAM, "U0ANA")), monday)
    assert isinstance(week, MyWeek)
    assert (week.cycle, week.others[0].number, week.others[-1].closing) == (None, begun, date(2027, 1, 14))


def test_a_closed_cycle_takes_no_check_in(asked: World) -> None:
    with pytest.raises(OutsideCycle, match="ended on 31 Dec 2026 and took check-ins until 14 Jan 2027"):
        asked.say("U0ANA", "1 90", at("2027-01-15 10:00"))
    assert asked.value(1) is None


def test_a_member_whose_monday_begins_before_the_team_s_may_answer_at_once(lumen: World) -> None:
    lumen.member("U0TUI", "Tui", zone="Pacific/Auckland")
    lumen.change(Member, lumen.members["U0LEA"], zone="America/Los_Angeles")
    lumen.cycle(*(at("2027-02-01 00:00").date(), at("2027-04-30 00:00").date()))
    number = lumen.key_result("U0TUI", "Growth")
    monday = at("2027-01-31 20:00")  # Monday 9:00 in Auckland, Sunday noon in Los Angeles
    lumen.tick(monday)
    assert lumen.open("U0TUI", monday).facts.lines[0].due
    assert not lumen.say("U0TUI", f"{number} 5", monday).late
    assert lumen.value(number) == 5


# --- undo


def test_undo_takes_everything_back_for_ten_minutes(asked: World) -> None:
    asked.say("U0ANA", "1 3", TUESDAY - timedelta(hours=1))
    form = asked.open("U0ANA", TUESDAY).put(1, "10").put(2, "20")
    receipt = form.send(TUESDAY)
    assert receipt.undo_until == TUESDAY + timedelta(minutes=10)
    undone = asked.undo("U0ANA", receipt.submission, TUESDAY + timedelta(minutes=10))
    assert undone.undone
    assert undone.undo_until is None
    assert asked.value(1) == 3
    assert asked.value(2) is None
    assert undone.still_due == 4


def test_undo_works_no_longer_after_ten_minutes(asked: World) -> None:
    receipt = asked.say("U0ANA", "1 10", TUESDAY)
    with pytest.raises(TooLateToUndo, match="/okr update"):
        asked.undo("U0ANA", receipt.submission, TUESDAY + timedelta(minutes=10, microseconds=1))
    assert asked.value(1) == 10


def test_undo_twice_is_the_same_as_once(asked: World) -> None:
    receipt = asked.say("U0ANA", "1 10", TUESDAY)
    first = asked.undo("U0ANA", receipt.submission, TUESDAY)
    again = asked.undo("U0ANA", receipt.submission, TUESDAY + timedelta(hours=1))
    assert again == first
    assert asked.how_many(CheckIn) == 2


def test_nobody_undoes_what_somebody_else_sent(asked: World) -> None:
    receipt = asked.say("U0BO", "6 10", TUESDAY)
    for who in ("U0ANA", "U0LEA", "U0CLEO"):
        with pytest.raises(NotAllowed, match="Only the person who sent"):
            asked.undo(who, receipt.submission, TUESDAY)
    assert asked.value(6) == 10


def test_a_submission_nobody_knows_is_answered_with_a_sentence(asked: World) -> None:
    with pytest.raises(OkrError, match="can't find this check-in"):
        asked.undo("U0ANA", 4711, TUESDAY)


# --- in one line


def test_a_line_is_read_by_its_grammar(asked: World) -> None:
    asked.change(KeyResult, asked.row(2).id, unit="%")
    receipt = asked.say("U0ANA", "1 45k 8 | 2 70% | 3 done | 4 = | 5 =-2m", TUESDAY)
    assert [line.after for line in receipt.lines] == [45000, 70, 100, 0, -2000000]
    assert [line.unchanged for line in receipt.lines] == [False, False, False, True, False]
    assert receipt.lines[0].confidence == 8
    later = asked.say("U0ANA", "1 +3 | 2 +3% | 3 -4", TUESDAY + timedelta(minutes=1))
    assert [line.before for line in later.lines] == [45000, 70, 100]
    assert [line.after for line in later.lines] == [45003, 73, 96]
    assert later.lines[0].confidence == 8


def test_a_line_is_read_in_the_member_s_own_way_of_writing_numbers(asked: World) -> None:
    asked.change(Member, asked.members["U0ANA"], locale="de-DE")
    asked.change(KeyResult, asked.row(2).id, unit="€")
    receipt = asked.say("U0ANA", "1 1.234,5 | 2 3.500€", TUESDAY)
    assert [line.after for line in receipt.lines] == [Decimal("1234.5"), 3500]
    assert asked.open("U0ANA", TUESDAY).command().answers[0].shown_value in {"1234,5", "0"}
    shown = {each.number: each.shown_value for each in asked.open("U0ANA", TUESDAY).command().answers}
    assert shown[1] == "1234,5"


def test_one_part_that_cannot_be_read_keeps_the_whole_line_back(asked: World) -> None:
    with pytest.raises(UnreadableNumber, match=r"KR-2: .*many.*Nothing was saved"):
        asked.say("U0ANA", "1 45k | 2 many", TUESDAY)
    with pytest.raises(OkrError, match="no open key result KR-99"):
        asked.say("U0ANA", "1 45k | 99 3", TUESDAY)
    with pytest.raises(OkrError, match="KR-1 stands in this line twice"):
        asked.say("U0ANA", "1 45k | 1 46k", TUESDAY)
    assert asked.how_many(Submission) == 0


def test_a_command_delivered_twice_is_kept_once(asked: World) -> None:
    asked.say("U0ANA", "1 +3", TUESDAY, nonce="command:1.2.3")
    again = asked.say("U0ANA", "1 +3", TUESDAY, nonce="command:1.2.3")
    assert again.repeated
    assert asked.value(1) == 3


def test_who_owns_nothing_is_told_how_to_begin(asked: World) -> None:
    with pytest.raises(NothingDue, match="/okr set"):
        asked.open("U0SAM", TUESDAY)


# --- answers and messages


def test_the_prompt_becomes_the_receipt(asked: World) -> None:
    (prompt, _), *_ = [pair for pair in asked.deliver(PROMPTED) if pair[0].recipient == "U0ANA"]
    assert prompt.kind == "prompt"
    asked.open("U0ANA", TUESDAY).send(TUESDAY)
    ((receipt, outgoing),) = asked.deliver(TUESDAY)
    assert receipt.kind == "receipt"
    assert outgoing.update_ts is not None
    second = asked.open("U0ANA", TUESDAY).put(1, "4").send(TUESDAY)
    ((_, another),) = asked.deliver(TUESDAY)
    assert another.update_ts is None
    asked.undo("U0ANA", second.submission, TUESDAY)
    ((_, changed),) = asked.deliver(TUESDAY)
    assert changed.update_ts is not None


def test_an_answer_after_the_due_time_is_late_and_says_so(asked: World) -> None:
    assert not asked.say("U0ANA", "1 10", at("2026-10-07 15:00")).late  # Wednesday 17:00 in Berlin
    assert asked.say("U0BO", "6 10", at("2026-10-07 15:00:01")).late
