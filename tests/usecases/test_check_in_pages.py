"""The **Check in** form page by page, its notes, and what was typed and not sent."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.okr.errors import NothingDue
from bot.okr.facts import CheckInForm
from bot.store.tables import Draft, KeyResult
from bot.usecases.actors import Actor
from bot.usecases.check_in_pages import DiscardDrafts, discard_drafts
from bot.usecases.checkins import InvalidAnswers, send_page
from tests.usecases.world import PROMPTED, TEAM, CheckIn, Submission, World, at

TUESDAY = at("2026-10-06 10:00")
LATER = TUESDAY + timedelta(hours=1)


@pytest.fixture
def many(lumen: World) -> World:
    """Ana owns KR-1 to KR-23; the week's round is open."""
    lumen.together(lambda: [lumen.key_result("U0ANA", "Growth") for _ in range(23)])
    lumen.tick(PROMPTED)
    return lumen


@pytest.fixture
def asked(lumen: World) -> World:
    """Ana owns KR-1 to KR-3; the week's round is open."""
    lumen.together(lambda: [lumen.key_result("U0ANA", "Growth") for _ in range(3)])
    lumen.tick(PROMPTED)
    return lumen


# --- pages


def test_more_than_ten_key_results_come_in_pages_and_each_is_saved_when_it_is_sent(many: World) -> None:
    first = many.open("U0ANA", TUESDAY)
    assert (first.numbers, first.facts.page, first.facts.pages) == (list(range(1, 11)), 1, 3)
    receipt, second = first.put(2, "45").send_page(TUESDAY)
    assert receipt is not None
    assert (len(receipt.lines), receipt.still_due) == (10, 13)
    assert many.value(2) == 45
    assert second is not None
    assert (second.numbers, second.facts.page, second.facts.pages) == (list(range(11, 21)), 2, 3)
    _, third = second.put(11, "7").send_page(TUESDAY)
    assert third is not None
    assert (third.numbers, third.facts.rest) == ([21, 22, 23], ())
    third.learned = "Pages are turned quickly"
    receipt, nothing = third.send_page(TUESDAY)
    assert nothing is None
    assert receipt is not None
    assert (receipt.still_due, receipt.learned) == (0, "Pages are turned quickly")
    assert [row.learned for row in many.rows(Submission)] == [None, None, "Pages are turned quickly"]
    assert many.how_many(CheckIn) == 23


def test_a_form_closed_in_the_middle_loses_nothing_that_was_sent(many: World) -> None:
    _, second = many.open("U0ANA", TUESDAY).send_page(TUESDAY)
    assert second is not None
    again = many.open("U0ANA", LATER)
    assert (again.numbers, again.facts.pages) == (list(range(11, 21)), 3)
    assert [line.due for line in again.facts.lines] == [True] * 10


def test_what_is_due_comes_first_and_a_page_without_a_change_is_turned_without_a_submission(many: World) -> None:
    many.say("U0ANA", " | ".join(f"{number} 1" for number in range(1, 16)), TUESDAY - timedelta(hours=1))
    first = many.open("U0ANA", TUESDAY)
    assert first.numbers[:8] == [16, 17, 18, 19, 20, 21, 22, 23]
    _, second = first.send_page(TUESDAY)
    assert second is not None
    receipt, third = second.send_page(TUESDAY)
    assert receipt is None
    assert third is not None
    receipt, nothing = third.send_page(TUESDAY)
    assert (receipt, nothing) == (None, None)
    assert many.how_many(Submission) == 2


def test_words_on_a_last_page_without_a_check_in_go_with_the_page_before(many: World) -> None:
    many.say("U0ANA", " | ".join(f"{number} 1" for number in range(1, 16)), TUESDAY - timedelta(hours=1))
    receipt, second = many.open("U0ANA", TUESDAY).send_page(TUESDAY)
    assert receipt is not None
    assert second is not None
    _, third = second.send_page(TUESDAY)
    assert third is not None
    third.needs = "A second pair of eyes"
    said, _ = third.send_page(TUESDAY)
    again, _ = third.send_page(TUESDAY)
    assert said is not None
    assert again is not None
    assert (said.submission, said.needs, said.edited) == (receipt.submission, "A second pair of eyes", False)
    assert (again.submission, again.repeated) == (receipt.submission, True)
    assert many.how_many(Submission) == 2


def test_a_page_sent_twice_is_one_submission_and_the_same_next_page(many: World) -> None:
    command = many.open("U0ANA", TUESDAY).put(1, "5").command()
    once = many.do(send_page, command, TUESDAY)
    twice = many.do(send_page, command, TUESDAY)
    assert once.receipt is not None
    assert twice.receipt is not None
    assert (twice.receipt.submission, twice.receipt.repeated) == (once.receipt.submission, True)
    assert once.following is not None
    assert twice.following is not None
    assert [line.number for line in twice.following.lines] == [line.number for line in once.following.lines]
    assert many.how_many(Submission) == 1


def test_a_mistake_on_the_second_page_leaves_the_first_one_saved(many: World) -> None:
    _, second = many.open("U0ANA", TUESDAY).put(1, "5").send_page(TUESDAY)
    assert second is not None
    with pytest.raises(InvalidAnswers) as refused:
        second.put(12, "many").send_page(TUESDAY)
    assert set(refused.value.by_field) == {"kr.12.value"}
    assert (many.value(1), many.how_many(Submission)) == (Decimal(5), 1)
    _, third = second.put(12, "12").send_page(LATER)
    assert third is not None
    assert many.value(12) == 12


def test_what_went_away_meanwhile_is_on_no_later_page(many: World) -> None:
    _, second = many.open("U0ANA", TUESDAY).send_page(TUESDAY)
    assert second is not None
    for number in (21, 22, 23):
        many.change(KeyResult, many.row(number).id, dropped_at=TUESDAY)
    receipt, third = second.send_page(TUESDAY)
    assert receipt is not None
    assert third is None


def test_every_page_has_its_receipt_and_the_prompt_counts_what_is_left(many: World) -> None:
    many.deliver(PROMPTED)
    form = many.open("U0ANA", TUESDAY)
    going: list[object] = [form]
    while going[-1] is not None:
        page = going[-1]
        _, following = page.send_page(TUESDAY)  # type: ignore[attr-defined]
        going.append(following)
    went = many.deliver(TUESDAY)
    in_place = [outgoing.facts for row, outgoing in went if outgoing.update_ts]
    assert [row.kind for row, _ in went].count("receipt") >= 3
    assert getattr(in_place[-1], "still_due", None) == 0


def test_on_a_single_page_nothing_to_send_is_told(asked: World) -> None:
    asked.open("U0ANA", TUESDAY).send(TUESDAY)
    with pytest.raises(NothingDue, match="Nothing has changed"):
        asked.open("U0ANA", LATER).send_page(LATER)


# --- notes and drafts


def test_a_note_is_kept_with_its_check_in(asked: World) -> None:
    receipt = asked.open("U0ANA", TUESDAY).put(1, "5").note(1, " Two resellers signed\n").note(2, "quiet").send(TUESDAY)
    assert [(line.number, line.note, line.unchanged) for line in receipt.lines] == [
        (1, "Two resellers signed", False), (2, "quiet", True), (3, None, True)
    ]  # fmt: skip


def test_what_was_typed_before_a_button_was_pressed_is_there_when_the_form_opens_again(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY).put(1, "45 thousand or so").choose(2, 7)
    form.learned = "Half a sentence"
    assert form.press_note(1, now=TUESDAY) == {1}
    form.note(1, "why")
    assert form.press_note(3, now=TUESDAY) == {1, 3}
    again = asked.open("U0ANA", LATER)
    drafted = {each.number: (each.value, each.confidence, each.note) for each in again.facts.drafted}
    assert drafted == {1: ("45 thousand or so", None, "why"), 2: ("0", 7, None)}
    assert (again.facts.learned, again.facts.drafted_at) == ("Half a sentence", TUESDAY)
    receipt = again.put(1, "45k").send(LATER)
    assert [(line.number, line.after, line.confidence, line.note) for line in receipt.lines] == [
        (1, Decimal(45000), None, "why"), (2, Decimal(0), 7, None), (3, Decimal(0), None, None)
    ]  # fmt: skip


def test_what_is_sent_is_no_draft_any_more(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY).put(1, "5")
    form.needs = "Help"
    form.press_note(2, now=TUESDAY)
    form.send_page(TUESDAY)
    assert asked.rows(Draft) == []
    assert asked.open("U0ANA", LATER).facts.drafted_at is None


def test_a_draft_of_a_key_result_that_was_answered_since_is_not_offered(asked: World) -> None:
    asked.open("U0ANA", TUESDAY).put(1, "5").put(2, "6").press_note(3, now=TUESDAY)
    asked.say("U0LEA", "1 =", LATER)
    again = asked.open("U0ANA", LATER)
    assert [each.number for each in again.facts.drafted] == [2]


def test_a_draft_typed_over_a_newer_check_in_counts_as_typed_and_the_rest_stays_untouched(asked: World) -> None:
    asked.open("U0ANA", TUESDAY).put(1, "5").press_note(now=TUESDAY)
    form = asked.open("U0ANA", LATER)
    asked.say("U0LEA", "2 60", LATER)
    form.send(LATER + timedelta(minutes=1))
    assert (asked.value(1), asked.value(2)) == (Decimal(5), Decimal(60))


def test_a_cleared_field_stays_cleared_in_the_draft(asked: World) -> None:
    asked.open("U0ANA", TUESDAY).put(1, None).press_note(2, now=TUESDAY)
    again = asked.open("U0ANA", LATER)
    assert [(each.number, each.value) for each in again.facts.drafted] == [(1, None)]
    assert [line.number for line in again.send(LATER).lines] == [2, 3]


def test_put_back_to_what_it_was_it_is_no_draft(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY).put(1, "5")
    form.press_note(now=TUESDAY)
    form.put(1, "0").press_note(now=TUESDAY)
    assert asked.open("U0ANA", LATER).facts.drafted == ()


def test_discarding_shows_the_present_values_and_forgets_the_rest(many: World) -> None:
    many.open("U0ANA", TUESDAY).put(1, "5").press_note(now=TUESDAY)
    form = many.open("U0ANA", LATER)
    assert [each.number for each in form.facts.drafted] == [1]
    facts = form.facts
    command = DiscardDrafts(Actor(TEAM, "U0ANA"), facts.nonce, 1, (*form.numbers, *facts.rest))
    fresh = many.do(discard_drafts, command, LATER)
    assert isinstance(fresh, CheckInForm)
    assert ([line.number for line in fresh.lines], fresh.drafted, fresh.rest) == (form.numbers, (), facts.rest)
    assert many.rows(Draft) == []


def test_two_notes_opened_at_the_same_moment_are_both_known(asked: World) -> None:
    form = asked.open("U0ANA", TUESDAY)
    form.press_note(1, now=TUESDAY)
    assert form.press_note(2, now=TUESDAY) == {1, 2}
    other = asked.open("U0ANA", TUESDAY)
    assert other.press_note(3, now=TUESDAY) == {3}


def test_a_draft_belongs_to_who_typed_it(asked: World) -> None:
    asked.key_result("U0BO", "Growth")
    asked.open("U0ANA", TUESDAY).put(1, "5").press_note(now=TUESDAY)
    assert asked.open("U0BO", LATER).facts.drafted_at is None
