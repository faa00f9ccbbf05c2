"""The **Check in** modal and its receipt, read as the person who gets them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.okr.facts import Person
from bot.slack import ids
from bot.slack.views import checkins
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, element, labels, read


def test_five_key_results_fit_into_one_modal_with_value_and_confidence_each() -> None:
    view = checkins.check_in_modal(facts.check_in_form())
    assert labels(view) == [
        *(f"KR-{number} {what}" for number in (3, 4, 5, 6, 7) for what in ("value", "confidence")),
        "What did we learn?",
        "What do you need?",
    ]
    assert (view["title"]["text"], view["submit"]["text"]) == ("Check in", "Send")
    assert view["callback_id"] == ids.CHECK_IN


def test_a_value_is_filled_in_exactly_and_may_be_cleared() -> None:
    view = checkins.check_in_modal(
        facts.check_in_form(lines=(facts.standing(3, now=Decimal("1234567.891"), unit="€"),))
    )
    assert element(view, ids.value_block(3))["initial_value"] == "1234567.891"
    assert next(each for each in view["blocks"] if each["block_id"] == ids.value_block(3))["optional"] is True


def test_a_value_is_filled_in_as_the_persons_language_writes_it() -> None:
    person = Person("U1", "Ann", "Europe/Berlin", "de-DE")
    view = checkins.check_in_modal(facts.check_in_form(person=person, lines=(facts.standing(3, now=Decimal("5.4")),)))
    assert element(view, ids.value_block(3))["initial_value"] == "5,4"


def test_confidence_runs_from_0_to_10_in_words_and_starts_at_the_last_answer() -> None:
    view = checkins.check_in_modal(facts.check_in_form(lines=(facts.standing(3, confidence=0),)))
    menu = element(view, ids.confidence_block(3))
    assert [option["value"] for option in menu["options"]] == [str(n) for n in range(11)]
    assert menu["options"][7]["text"]["text"] == "7 - likely"
    assert menu["initial_option"] == menu["options"][0]
    unanswered = checkins.check_in_modal(facts.check_in_form(lines=(facts.standing(3, confidence=None),)))
    assert "initial_option" not in element(unanswered, ids.confidence_block(3))


def test_the_modal_says_what_is_due_until_when_and_what_an_untouched_field_means() -> None:
    lines = (facts.standing(3), facts.standing(4, due=False))
    shown = read(checkins.check_in_modal(facts.check_in_form(lines=lines)))
    assert "Due Wed 14 Oct, 17:00 (Europe/Berlin)" in shown
    assert "no change" in shown
    assert "not due, counts only if you change it" in shown
    assert "€10k → €50k" in shown


def test_the_modal_remembers_its_form_what_was_due_and_the_prompt_it_came_from() -> None:
    lines = (facts.standing(3), facts.standing(4, due=False))
    view = checkins.check_in_modal(facts.check_in_form(lines=lines), 17)
    remembered = ids.unpack(view["private_metadata"], ids.CheckInMetadata)
    assert remembered == ids.CheckInMetadata("n0nce", due=(3,), shown=(3, 4), prompt_delivery=17)


def test_ten_key_results_fit_and_what_does_not_is_counted() -> None:
    lines = tuple(facts.standing(number) for number in range(1, 11))
    view = checkins.check_in_modal(facts.check_in_form(lines=lines, more=4))
    assert len(labels(view)) == 22
    assert "and 4 more" in read(view)
    assert len(view["blocks"]) <= 100


def test_a_receipt_says_before_and_after_no_change_and_what_was_written() -> None:
    shown = read(checkins.receipt(facts.receipt()))
    assert "*KR-3* Revenue per month: €20,000 → *€25,000* · confidence 7" in shown
    assert ">Two new resellers signed" in shown
    assert "*KR-5* Churn: 5.4%, no change" in shown
    assert ">Resellers want a price list before they talk." in shown
    assert ">A decision on the price list, from Bo" in shown
    assert "late" not in shown


def test_undo_is_offered_as_long_as_it_works_and_says_until_when() -> None:
    shown = checkins.receipt(facts.receipt())
    undo = element(shown, ids.UNDO_SUBMISSION)
    assert ids.unpack(undo["value"], ids.SubmissionRef) == ids.SubmissionRef(12)
    assert "Undo works until 09:15 (Europe/Berlin)" in read(shown)
    assert buttons(checkins.receipt(facts.receipt(undo_until=None))) == []


def test_what_was_taken_back_is_told_and_a_new_answer_is_one_click_away_where_one_is_due() -> None:
    shown = checkins.receipt(facts.receipt(undone=True, undo_until=None, still_due=2))
    assert "Taken back" in shown.text
    assert "€20,000 → €25,000, taken back" in read(shown)
    assert "2 key results are due." in read(shown)
    assert buttons(shown) == ["Check in"]
    assert buttons(checkins.receipt(facts.receipt(undone=True, undo_until=None, still_due=0))) == []


def test_a_late_answer_is_called_late_and_what_is_still_due_is_one_click_away() -> None:
    shown = checkins.receipt(facts.receipt(late=True, still_due=1))
    assert "counts as late" in read(shown)
    assert "1 key result is still due" in read(shown)
    assert buttons(shown) == ["Check in", "Undo"]


def test_the_same_form_sent_twice_says_that_nothing_was_saved_twice() -> None:
    assert "nothing was saved twice" in checkins.receipt(facts.receipt(repeated=True)).text


@pytest.mark.parametrize("locale", ["en", "de-DE", "fr-FR", "ja-JP", "pt-BR", "xx", ""])
def test_a_receipt_can_be_read_in_every_language_slack_offers(locale: str) -> None:
    shown = checkins.receipt(facts.receipt(person=Person("U1", "Ann", "Asia/Tokyo", locale)))
    assert "KR-3" in shown.text


def test_a_receipt_after_midnight_still_names_the_day() -> None:
    shown = checkins.receipt(facts.receipt(submitted_at=facts.NOW + timedelta(hours=20)))
    assert "Tue 13 Oct, 05:05 (Europe/Berlin)" in read(shown)
