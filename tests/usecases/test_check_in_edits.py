"""Changing and back-dating check-ins."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.okr.details import CheckInVersion
from bot.okr.errors import NotAllowed, NotFound, OutsideCycle
from bot.okr.facts import Digest, DigestEntry, EditChoice, Edited, EditForm, Receipt
from bot.store import backgrounds
from bot.usecases.actors import Actor
from bot.usecases.answers import InvalidAnswers
from bot.usecases.details import ShowKeyResult, show_key_result
from tests.usecases.world import PROMPTED, TEAM, CheckIn, KeyResult, World, at

TUESDAY = at("2026-10-06 10:00")
LATER = TUESDAY + timedelta(hours=2)
CLOSED = at("2026-10-09 10:00")  # Friday noon in Berlin


@pytest.fixture
def asked(lumen: World) -> World:
    """Ana owns KR-1 and KR-2, Bo KR-3; the week's round is open."""
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    return lumen


def said(done: Edited | EditForm) -> Edited:
    assert isinstance(done, Edited)
    return done


def test_an_edit_is_the_next_version_and_what_was_said_first_is_kept(asked: World) -> None:
    sent = asked.say("U0ANA", "1 54 5", TUESDAY)
    done = said(asked.edit("U0ANA", sent.submission, 1, LATER, value="45", confidence=7, note="Digits swapped"))
    assert (done.line.before, done.line.after, done.line.confidence, done.line.note) == (
        Decimal(0), Decimal(45), 7, "Digits swapped"
    )  # fmt: skip
    assert (done.line.back_dated, done.line.counts_for, done.already) == (False, None, False)
    assert asked.value(1) == 45
    assert [(row.version, row.value, row.as_of) for row in asked.rows(CheckIn)] == [
        (1, Decimal(54), TUESDAY), (2, Decimal(45), TUESDAY)
    ]  # fmt: skip


def test_an_earlier_check_in_that_is_edited_does_not_become_the_current_one(asked: World) -> None:
    first = asked.say("U0ANA", "1 10", TUESDAY)
    asked.say("U0ANA", "1 20", LATER)
    asked.edit("U0ANA", first.submission, 1, LATER + timedelta(hours=1), value="12")
    assert asked.value(1) == 20


def test_back_dating_is_marked_and_the_value_is_the_one_of_the_latest_day(asked: World) -> None:
    friday = at("2026-10-02 12:00")
    first = asked.say("U0ANA", "1 10", friday)
    second = asked.say("U0ANA", "1 30", TUESDAY)
    done = said(asked.edit("U0ANA", second.submission, 1, LATER, day=date(2026, 10, 1)))
    assert (done.line.back_dated, done.line.counts_for) == (True, date(2026, 10, 1))
    assert (done.line.before, done.line.after) == (Decimal(0), Decimal(30))
    assert asked.value(1) == 10
    form = asked.open_edit("U0ANA", second.submission, LATER)
    assert isinstance(form, EditForm)
    assert (form.day, form.first_day, form.last_day) == (date(2026, 10, 1), date(2026, 10, 1), date(2026, 10, 6))
    back = said(asked.edit("U0ANA", second.submission, 1, LATER, day=date(2026, 10, 6)))
    assert (back.line.back_dated, back.line.counts_for, back.line.before) == (False, None, Decimal(10))
    assert asked.value(1) == 30
    assert first.submission != second.submission


def test_what_is_said_later_about_a_day_counts_more_than_what_was_said_on_it(asked: World) -> None:
    asked.say("U0ANA", "1 10", at("2026-10-02 20:00"))
    second = asked.say("U0ANA", "1 30", TUESDAY)
    asked.edit("U0ANA", second.submission, 1, LATER, day=date(2026, 10, 2))
    assert asked.value(1) == 30


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 10, 7), date(2027, 1, 1)])
def test_a_day_outside_the_cycle_or_ahead_is_told_at_its_field(asked: World, day: date) -> None:
    sent = asked.say("U0ANA", "1 54", TUESDAY)
    with pytest.raises(InvalidAnswers, match="from 1 Oct 2026 to 6 Oct 2026") as refused:
        asked.edit("U0ANA", sent.submission, 1, LATER, day=day)
    assert set(refused.value.by_field) == {"as_of"}
    assert asked.how_many(CheckIn) == 1


def test_every_wrong_field_is_told_and_a_value_is_needed(asked: World) -> None:
    sent = asked.say("U0ANA", "1 54", TUESDAY)
    with pytest.raises(InvalidAnswers) as refused:
        asked.edit("U0ANA", sent.submission, 1, LATER, value="many", day=date(2026, 1, 1))
    assert set(refused.value.by_field) == {"value", "as_of"}
    with pytest.raises(InvalidAnswers, match="has a value"):
        asked.edit("U0ANA", sent.submission, 1, LATER, value=" ")


def test_in_the_grace_window_a_check_in_can_still_be_changed_and_afterwards_not(asked: World) -> None:
    sent = asked.say("U0ANA", "1 54", at("2027-01-05 10:00"))
    assert sent.lines[0].counts_for == date(2026, 12, 31)
    assert not sent.lines[0].back_dated
    done = said(asked.edit("U0ANA", sent.submission, 1, at("2027-01-14 10:00"), value="55"))
    assert (done.line.counts_for, done.line.back_dated) == (date(2026, 12, 31), False)
    moved = said(asked.edit("U0ANA", sent.submission, 1, at("2027-01-14 11:00"), day=date(2026, 12, 24)))
    assert moved.line.back_dated
    with pytest.raises(OutsideCycle, match="until 14 Jan 2027"):
        asked.open_edit("U0ANA", sent.submission, at("2027-01-15 10:00"))


@pytest.mark.parametrize(("who", "allowed"), [
    ("U0LEA", True), ("U0BO", True), ("U0CLEO", True), ("U0ANA", False), ("U0SAM", False), ("U0OLU", False),
])  # fmt: skip
def test_who_sent_it_the_owner_and_champions_may_edit(asked: World, who: str, *, allowed: bool) -> None:
    sent = asked.say("U0LEA", "3 54", TUESDAY)
    if allowed:
        done = said(asked.edit(who, sent.submission, 3, LATER, value="45"))
        assert done.line.edited_by == (None if who == "U0LEA" else {"U0BO": "Bo", "U0CLEO": "Cleo"}[who])
        assert done.line.owner == "Bo"
    else:
        with pytest.raises(NotAllowed, match="who wrote it, its owner or a champion"):
            asked.open_edit(who, sent.submission, LATER)


def test_what_was_dropped_cannot_be_edited_and_what_is_not_there_neither(asked: World) -> None:
    sent = asked.say("U0ANA", "1 54 | 2 3", TUESDAY)
    form = asked.open_edit("U0ANA", sent.submission, TUESDAY, 1)
    assert isinstance(form, EditForm)
    asked.change(KeyResult, asked.row(2).id, dropped_at=TUESDAY)
    with pytest.raises(NotFound, match="KR-2"):
        asked.open_edit("U0ANA", sent.submission, TUESDAY, 2)
    asked.undo("U0ANA", sent.submission, TUESDAY)
    told = asked.edit("U0ANA", sent.submission, 1, LATER, form, value="1")
    assert isinstance(told, EditForm)
    assert (told.changed_meanwhile, told.line.withdrawn) == (True, True)
    with pytest.raises(NotFound):
        asked.open_edit("U0ANA", 4711, LATER)
    assert asked.value(1) is None


def test_of_a_submission_with_several_check_ins_one_is_chosen(asked: World) -> None:
    sent = asked.open("U0ANA", TUESDAY).put(1, "5").send(TUESDAY)
    choice = asked.open_edit("U0ANA", sent.submission, LATER)
    assert isinstance(choice, EditChoice)
    assert [line.number for line in choice.lines] == [1, 2]
    done = said(asked.edit("U0ANA", sent.submission, 2, LATER, value="3"))
    assert (done.line.unchanged, done.line.after) == (False, Decimal(3))
    assert (asked.value(1), asked.value(2)) == (Decimal(5), Decimal(3))


def test_somebody_who_was_faster_is_told_of_and_nothing_is_overwritten_unseen(asked: World) -> None:
    sent = asked.say("U0ANA", "1 54", TUESDAY)
    mine = asked.open_edit("U0ANA", sent.submission, LATER)
    assert isinstance(mine, EditForm)
    asked.edit("U0CLEO", sent.submission, 1, LATER, value="50")
    told = asked.edit("U0ANA", sent.submission, 1, LATER, mine, value="45")
    assert isinstance(told, EditForm)
    assert (told.changed_meanwhile, told.line.after, told.line.edited_by, told.version) == (
        True, Decimal(50), "Cleo", 2
    )  # fmt: skip
    assert asked.value(1) == 50
    said(asked.edit("U0ANA", sent.submission, 1, LATER, told, value="45"))
    assert asked.value(1) == 45


def test_save_pressed_twice_is_one_version(asked: World) -> None:
    sent = asked.say("U0ANA", "1 54", TUESDAY)
    form = asked.open_edit("U0ANA", sent.submission, LATER)
    assert isinstance(form, EditForm)
    said(asked.edit("U0ANA", sent.submission, 1, LATER, form, value="45"))
    assert said(asked.edit("U0ANA", sent.submission, 1, LATER, form, value="45")).already
    assert [row.version for row in asked.rows(CheckIn)] == [1, 2]


def test_the_value_before_is_the_one_that_stands_before_it_whatever_was_taken_back_or_corrected(asked: World) -> None:
    first = asked.say("U0ANA", "1 10", TUESDAY)
    second = asked.say("U0ANA", "1 20 | 2 =", TUESDAY + timedelta(minutes=1))
    assert second.lines[0].before == 10
    asked.undo("U0ANA", first.submission, TUESDAY + timedelta(minutes=2))
    again = asked.undo("U0ANA", second.submission, TUESDAY + timedelta(minutes=3))
    assert [line.before for line in again.lines] == [0, 0]
    third = asked.say("U0ANA", "1 30", TUESDAY + timedelta(minutes=4))
    assert third.lines[0].before == 0


def test_no_change_from_a_value_that_was_corrected_is_told_as_a_change(asked: World) -> None:
    asked.deliver(PROMPTED)
    first = asked.say("U0ANA", "1 20", TUESDAY)
    asked.open("U0ANA", LATER).put(2, "1").send(LATER)
    repeated = asked.say("U0ANA", "1 =", LATER + timedelta(minutes=1))
    asked.deliver(LATER + timedelta(minutes=1))
    assert repeated.lines[0].unchanged
    asked.edit("U0ANA", first.submission, 1, LATER + timedelta(hours=1), value="12")
    assert asked.value(1) == 20
    form = asked.open_edit("U0ANA", repeated.submission, LATER + timedelta(hours=1))
    assert isinstance(form, EditForm)
    assert (form.line.before, form.line.after, form.line.unchanged) == (Decimal(12), Decimal(20), False)


@pytest.mark.parametrize(("who", "editable"), [("U0LEA", [True]), ("U0BO", [True]), ("U0SAM", [False])])
def test_in_the_history_a_check_in_that_stands_can_be_edited_by_who_may(
    asked: World, who: str, editable: list[bool]
) -> None:
    sent = asked.say("U0LEA", "3 54", TUESDAY)
    asked.edit("U0LEA", sent.submission, 3, LATER, value="45")
    shown = asked.do(show_key_result, ShowKeyResult(Actor(TEAM, who), 3), LATER, writes=False)
    versions = [each for each in shown.history.entries if isinstance(each, CheckInVersion)]
    assert [each.may_edit for each in versions] == [*editable, False]


# --- taken back and put back


def test_a_check_in_is_taken_back_as_if_it_had_not_been_made_and_put_back_again(asked: World) -> None:
    asked.say("U0ANA", "1 10", TUESDAY)
    sent = asked.say("U0ANA", "1 20 4 | 2 7", LATER)
    done = said(asked.edit("U0ANA", sent.submission, 1, LATER + timedelta(hours=1), withdrawn=True, value="rubbish"))
    assert (done.line.withdrawn, done.line.after, done.already) == (True, Decimal(20), False)
    assert (asked.value(1), asked.value(2), asked.row(1).last_confidence) == (Decimal(10), Decimal(7), None)
    row = asked.row(1)
    course = asked.database.transact(lambda session: backgrounds.of(session, [row.id], []).points[row.id], writes=False)
    assert [value for _, value in course] == [10]
    assert said(asked.edit("U0ANA", sent.submission, 1, LATER + timedelta(hours=1), withdrawn=True)).already
    back = said(asked.edit("U0ANA", sent.submission, 1, LATER + timedelta(hours=2), withdrawn=False, value="25"))
    assert (back.line.withdrawn, back.line.before, back.line.after) == (False, Decimal(10), Decimal(25))
    assert asked.value(1) == 25
    versions = asked.rows(CheckIn, CheckIn.submission_id == sent.submission, CheckIn.key_result_id == row.id)
    assert [(each.version, each.value, each.withdrawn) for each in versions] == [
        (1, Decimal(20), False), (2, Decimal(20), True), (3, Decimal(25), False)
    ]  # fmt: skip


def test_what_is_taken_back_is_due_again_and_gone_from_receipt_thread_and_digest(asked: World) -> None:
    asked.deliver(PROMPTED)
    sent = asked.open("U0ANA", TUESDAY).put(1, "54").send(TUESDAY)
    asked.tick(CLOSED)
    delivered(asked, CLOSED)
    asked.edit("U0ANA", sent.submission, 1, CLOSED + timedelta(hours=1), withdrawn=True)
    facts = delivered(asked, CLOSED + timedelta(hours=1))
    (receipt,) = [each for each in facts if isinstance(each, Receipt)]
    (entry,) = entries(facts)
    (digest,) = digests(facts)
    assert ([line.number for line in receipt.lines], receipt.still_due, receipt.undone) == ([2], 1, False)
    assert ([line.number for line in entry.lines], entry.undone) == ([2], False)
    assert digest.checked_in == 1
    assert {each.number: each.progress for each in digest.objectives}[1] == 0


def test_the_last_check_in_of_a_submission_takes_it_back_with_it_and_brings_it_back(asked: World) -> None:
    asked.deliver(PROMPTED)
    sent = asked.open("U0BO", TUESDAY).put(3, "54").send(TUESDAY)
    asked.tick(CLOSED)
    delivered(asked, CLOSED)
    later = CLOSED + timedelta(hours=1)
    asked.edit("U0BO", sent.submission, 3, later, withdrawn=True)
    facts = delivered(asked, later)
    assert [each.undone for each in facts if isinstance(each, Receipt | DigestEntry)] == [True, True]
    assert digests(facts)[0].missing == ("Ana", "Bo")
    asked.edit("U0BO", sent.submission, 3, later, withdrawn=False)
    facts = delivered(asked, later)
    assert [each.undone for each in facts if isinstance(each, Receipt | DigestEntry)] == [False, False]
    assert digests(facts)[0].missing == ("Ana",)
    assert asked.value(3) == 54


def test_words_stay_in_the_thread_when_their_only_check_in_is_taken_back(asked: World) -> None:
    form = asked.open("U0BO", TUESDAY).put(3, "54")
    form.learned = "Calls beat mails"
    sent = form.send(TUESDAY)
    asked.tick(CLOSED)
    delivered(asked, CLOSED)
    asked.edit("U0BO", sent.submission, 3, CLOSED, withdrawn=True)
    facts = delivered(asked, CLOSED)
    (entry,) = entries(facts)
    assert (entry.lines, entry.learned, entry.undone, entry.late) == ((), "Calls beat mails", False, False)
    (digest,) = digests(facts)
    assert (digest.learned, digest.answered, digest.missing) == (("Calls beat mails",), (), ("Ana", "Bo"))


def test_after_undo_a_single_check_in_can_be_put_back(asked: World) -> None:
    sent = asked.say("U0ANA", "1 54 | 2 3", TUESDAY)
    asked.undo("U0ANA", sent.submission, TUESDAY)
    form = asked.open_edit("U0ANA", sent.submission, LATER)
    assert isinstance(form, EditChoice)
    assert [line.withdrawn for line in form.lines] == [True, True]
    said(asked.edit("U0ANA", sent.submission, 1, LATER, withdrawn=False))
    assert (asked.value(1), asked.value(2)) == (Decimal(54), None)
    assert not asked.undo("U0ANA", sent.submission, TUESDAY + timedelta(minutes=5)).lines[0].unchanged
    assert asked.value(1) is None


def test_in_the_history_what_was_taken_back_can_be_put_back(asked: World) -> None:
    sent = asked.say("U0BO", "3 54", TUESDAY)
    asked.edit("U0BO", sent.submission, 3, LATER, withdrawn=True)
    shown = asked.do(show_key_result, ShowKeyResult(Actor(TEAM, "U0BO"), 3), LATER, writes=False)
    versions = [each for each in shown.history.entries if isinstance(each, CheckInVersion)]
    assert [(each.withdrawn, each.may_edit) for each in versions] == [(True, True), (False, False)]
    assert shown.standing.checked_at is None


# --- what shows it


def entries(went: list[object]) -> list[DigestEntry]:
    return [facts for facts in went if isinstance(facts, DigestEntry)]


def digests(went: list[object]) -> list[Digest]:
    return [facts for facts in went if isinstance(facts, Digest)]


def delivered(world: World, now: datetime) -> list[object]:
    return [outgoing.facts for _, outgoing in world.deliver(now)]


def test_receipt_thread_message_and_digest_are_corrected_in_place(asked: World) -> None:
    asked.deliver(PROMPTED)
    sent = asked.open("U0ANA", TUESDAY).put(1, "54").send(TUESDAY)
    asked.tick(CLOSED)
    delivered(asked, CLOSED)
    asked.edit("U0ANA", sent.submission, 1, CLOSED + timedelta(hours=1), value="45")
    went = asked.deliver(CLOSED + timedelta(hours=1))
    assert sorted(row.kind for row, _ in went) == ["digest_refresh", "entry_refresh", "receipt"]
    assert all(outgoing.update_ts for _, outgoing in went)
    facts = [outgoing.facts for _, outgoing in went]
    (entry,) = entries(facts)
    assert entry.edited
    assert entry.lines[0].after == 45
    (receipt,) = [each for each in facts if isinstance(each, Receipt)]
    assert (receipt.edited, receipt.lines[0].after) == (True, Decimal(45))


def test_the_next_check_in_s_messages_follow_when_what_stood_before_it_is_corrected(asked: World) -> None:
    asked.deliver(PROMPTED)
    first = asked.open("U0ANA", TUESDAY).put(1, "10").send(TUESDAY)
    second = asked.open("U0ANA", LATER).put(1, "20").send(LATER)
    asked.deliver(LATER)
    asked.edit("U0ANA", first.submission, 1, LATER, value="12")
    receipts = [each for each in delivered(asked, LATER) if isinstance(each, Receipt)]
    told = {each.submission: each.lines[0].before for each in receipts}
    assert told == {first.submission: 0, second.submission: 12}


def test_a_check_in_dated_into_an_earlier_round_changes_both_digests_and_neither_shows_what_came_later(
    asked: World,
) -> None:
    asked.say("U0BO", "3 5", TUESDAY)
    asked.tick(CLOSED)
    (first_digest,) = digests(delivered(asked, CLOSED))
    assert "Ana" in first_digest.missing
    next_monday, next_friday = PROMPTED + timedelta(days=7), CLOSED + timedelta(days=7)
    asked.tick(next_monday)
    sent = asked.say("U0ANA", "1 60 | 2 70", next_monday + timedelta(hours=1))
    asked.tick(next_friday)
    delivered(asked, next_friday)
    asked.edit("U0ANA", sent.submission, 1, next_friday + timedelta(hours=1), day=date(2026, 10, 7))
    again = delivered(asked, next_friday + timedelta(hours=1))
    by_week = {each.week_of: each for each in digests(again)}
    earlier, later = by_week[date(2026, 10, 5)], by_week[date(2026, 10, 12)]
    assert (earlier.missing, earlier.checked_in) == ((), 2)
    assert (later.checked_in, later.missing) == (1, ("Bo",))
    # KR-2 was answered a week later: in the earlier digest nobody knows of it.
    assert {each.number: each.progress for each in earlier.objectives}[2] == 0
    moved = next(each for each in entries(again) if each.late)
    first = moved.lines[0]
    assert (first.number, first.counts_for, first.back_dated) == (1, date(2026, 10, 7), True)


# --- in any order

DAYS = [date(2026, 10, day) for day in range(1, 7)]
dated = st.lists(
    st.tuples(st.sampled_from(DAYS), st.integers(0, 99), st.none() | st.integers(0, 99)),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each[0],
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said_=dated, random=st.randoms(use_true_random=False))
def test_value_trend_and_what_stood_before_do_not_depend_on_the_order_of_entry_and_edits(
    on_sqlite: World, said_: list[tuple[date, int, int | None]], random: Random
) -> None:
    world = on_sqlite
    number = world.key_result("U0ANA", "Growth")
    entered = list(said_)
    random.shuffle(entered)
    sent = {}
    for minute, (day, value, _) in enumerate(entered):
        moment = TUESDAY + timedelta(minutes=minute)
        sent[day] = world.say("U0ANA", f"{number} {value}", moment).submission
    edited: list[tuple[date, dict[str, Any]]] = [(day, {"day": day}) for day, _, _ in entered]
    edited += [(day, {"value": str(corrected)}) for day, _, corrected in entered if corrected is not None]
    random.shuffle(edited)
    for minute, (day, changes) in enumerate(edited):
        world.edit("U0ANA", sent[day], number, LATER + timedelta(minutes=minute), **changes)
    final = {day: Decimal(value if corrected is None else corrected) for day, value, corrected in said_}
    in_order = [final[day] for day in sorted(final)]
    assert world.value(number) == in_order[-1]
    row = world.row(number)
    course = world.database.transact(lambda session: backgrounds.of(session, [row.id], []).points[row.id], writes=False)
    assert [value for _, value in course] == in_order
    forms = [world.open_edit("U0ANA", sent[day], LATER + timedelta(hours=1), number) for day in sorted(final)]
    assert [form.line.before for form in forms if isinstance(form, EditForm)] == [Decimal(0), *in_order[:-1]]
