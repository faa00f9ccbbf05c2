"""The **Check in** modal and its receipt, read as the person who gets them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.okr.facts import Edited, Person
from bot.okr.permissions import Relation
from bot.slack import ids
from bot.slack.views import check_in_edits, checkins
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


def test_the_form_says_for_whom_somebody_answers() -> None:
    for_ann = replace(facts.standing(3, owner="Ann *Lee*"), answers_as=Relation.DELEGATE)
    helped = replace(facts.standing(4, owner="Ann Lee", due=False), answers_as=Relation.CONTRIBUTOR)
    shown = read(checkins.check_in_modal(facts.check_in_form(lines=(for_ann, helped, facts.standing(5)))))
    assert "due · for Ann" in shown
    assert "you are the delegate" in shown
    assert "not due, counts only if you change it · owner: Ann Lee, you contribute" in shown
    assert shown.count("delegate") == shown.count("contribute") == 1


def test_the_modal_remembers_its_form_what_was_due_and_the_prompt_it_came_from() -> None:
    lines = (facts.standing(3), facts.standing(4, due=False))
    view = checkins.check_in_modal(facts.check_in_form(lines=lines), 17)
    remembered = ids.unpack(view["private_metadata"], ids.CheckInMetadata)
    assert remembered == ids.CheckInMetadata("n0nce", due=(3,), shown=(3, 4), prompt_delivery=17)


def test_of_more_than_ten_key_results_a_page_says_which_it_is_and_the_words_come_last() -> None:
    first = checkins.check_in_modal(facts.ten_of_many(rest=tuple(range(11, 33)), pages=4))
    assert first["submit"]["text"] == "Send and continue 1/4"
    assert labels(first)[-1] == "KR-10 confidence"
    assert "Page 1 of 4" in read(first)
    remembered = ids.unpack(first["private_metadata"], ids.CheckInMetadata)
    assert (remembered.page, remembered.rest) == (1, tuple(range(11, 33)))
    last = checkins.check_in_modal(facts.ten_of_many(page=4, pages=4, more=2))
    assert last["submit"]["text"] == "Send"
    assert labels(last)[-2:] == ["What did we learn?", "What do you need?"]
    assert "What you sent before is saved." in read(last)
    assert "and 2 more" in read(last)


def test_a_hundred_key_results_leave_room_in_what_the_modal_remembers() -> None:
    numbers = range(999_999_900, 1_000_000_000)
    lines = tuple(facts.standing(number, now=Decimal("-123456789012345.123456")) for number in numbers[:10])
    form = facts.check_in_form(lines=lines, rest=tuple(numbers[10:]), pages=10, **facts.typed_before(), nonce="f" * 32)
    drafted = tuple(replace(each, number=number) for each, number in zip(form.drafted, numbers, strict=False))
    view = checkins.check_in_modal(replace(form, drafted=drafted), 10**9)
    assert len(ids.unpack(view["private_metadata"], ids.CheckInMetadata).rest) == 90


def test_add_a_note_reveals_its_input_and_leaves_everything_else_as_it_is() -> None:
    view = checkins.check_in_modal(facts.check_in_form())
    assert buttons(view) == ["Add a note"] * 5
    noted = checkins.with_notes({**view, "id": "V1", "hash": "h", "state": {}}, {4})
    assert labels(noted) == [*labels(view)[:4], "KR-4 note", *labels(view)[4:]]
    assert buttons(noted) == ["Add a note"] * 4
    known = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert all(known.get(block["block_id"], block) == block for block in noted["blocks"] if block["type"] == "input")
    assert set(noted) == {"type", "title", "submit", "close", "callback_id", "private_metadata", "blocks"}
    both = checkins.with_notes(noted, {4, 7})
    assert [label for label in labels(both) if "note" in label] == ["KR-4 note", "KR-7 note"]


def test_what_was_typed_and_not_sent_is_back_in_its_fields_and_what_is_known_is_remembered() -> None:
    view = checkins.check_in_modal(facts.ten_of_many(**facts.typed_before()))
    assert element(view, ids.value_block(1))["initial_value"] == "45k"
    assert element(view, ids.confidence_block(1))["initial_option"]["value"] == "7"
    assert element(view, ids.note_block(2))["initial_value"] == "Because"
    assert "initial_value" not in element(view, ids.value_block(3))
    assert element(view, ids.LEARNED)["initial_value"] == "A lot"
    assert "Not sent yet" in read(view)
    assert "KR-1, KR-2, KR-3, what you learned, what you need" in read(view)
    remembered = ids.unpack(view["private_metadata"], ids.CheckInMetadata)
    assert remembered.known_values == ("20000",) * 10
    assert remembered.known_confidences == (6,) * 10
    assert buttons(view)[0] == "Discard"


def test_where_nothing_is_due_the_modal_says_so() -> None:
    shown = read(checkins.check_in_modal(facts.check_in_form(lines=(facts.standing(3, due=False),), due_at=None)))
    assert "Nothing here is due" in shown


def test_a_receipt_says_for_whom_about_which_day_and_who_edited() -> None:
    shown = read(checkins.receipt(facts.receipt(lines=facts.special_lines())))
    assert "confidence 7 · for Bo Berg" in shown
    assert "back-dated to 5 Oct · edited by Cleo Diaz" in shown
    assert "counts for 31 Dec, the last day of its cycle" in shown


def test_a_check_in_that_was_taken_back_says_so_in_its_form_and_afterwards() -> None:
    form = facts.edit_form()
    gone = replace(form, line=replace(form.line, withdrawn=True))
    view = check_in_edits.edit_modal(gone)
    assert "taken back" in read(view)
    assert "initial_options" in element(view, ids.TAKE_BACK)
    assert "initial_options" not in element(check_in_edits.edit_modal(form), ids.TAKE_BACK)
    told = check_in_edits.edited(Edited(form.person, gone.line))
    assert told.text.startswith("Taken back.")
    assert "/okr show KR-3" in read(told)


def test_a_check_in_is_edited_with_everything_it_says_filled_in() -> None:
    view = check_in_edits.edit_modal(facts.edit_form())
    assert labels(view) == ["KR-3 value", "KR-3 confidence", "KR-3 note", "As of", "Take it back"]
    assert element(view, ids.value_block(3))["initial_value"] == "25000"
    assert element(view, ids.note_block(3))["initial_value"] == "Two new resellers signed"
    assert element(view, ids.AS_OF)["initial_date"] == "2026-10-12"
    assert "from 1 Oct to 12 Oct" in read(view)
    assert ids.unpack(view["private_metadata"], ids.CheckInEditing) == ids.CheckInEditing(12, 3, 1)
    assert "Changed meanwhile" in read(check_in_edits.edit_modal(facts.edit_form(changed_meanwhile=True)))


def test_every_check_in_of_a_submission_can_be_chosen_for_a_change() -> None:
    menu = element(check_in_edits.choice_modal(facts.edit_choice()), ids.EDIT_CHECK_IN_CHOICE)
    assert [(each["value"], each["text"]["text"]) for each in menu["options"]] == [
        ("3", "KR-3: €25,000 - Revenue per month"), ("5", "KR-5: 5.4% - Churn")
    ]  # fmt: skip


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
    edit = element(shown, ids.EDIT_CHECK_IN_OPEN)
    assert ids.unpack(edit["value"], ids.EditOpening) == ids.EditOpening(12)
    assert buttons(checkins.receipt(facts.receipt(undo_until=None))) == ["Edit"]


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
    assert buttons(shown) == ["Check in", "Edit", "Undo"]


def test_the_same_form_sent_twice_says_that_nothing_was_saved_twice() -> None:
    assert "nothing was saved twice" in checkins.receipt(facts.receipt(repeated=True)).text


@pytest.mark.parametrize("locale", ["en", "de-DE", "fr-FR", "ja-JP", "pt-BR", "xx", ""])
def test_a_receipt_can_be_read_in_every_language_slack_offers(locale: str) -> None:
    shown = checkins.receipt(facts.receipt(person=Person("U1", "Ann", "Asia/Tokyo", locale)))
    assert "KR-3" in shown.text


def test_a_receipt_after_midnight_still_names_the_day() -> None:
    shown = checkins.receipt(facts.receipt(submitted_at=facts.NOW + timedelta(hours=20)))
    assert "Tue 13 Oct, 05:05 (Europe/Berlin)" in read(shown)
