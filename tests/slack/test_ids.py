"""Old messages keep their buttons, and broken ones get a sentence."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import ids

EXAMPLES: list[ids.Packed] = [
    ids.CheckInOpening(),
    ids.CheckInOpening(17),
    ids.SubmissionRef(12),
    ids.KeyResultRef(3),
    ids.EditOpening(12),
    ids.EditOpening(12, 3),
    ids.CheckInEditing(12, 3, 2),
    ids.HelpPage("update"),
    ids.HelpPage(),
    ids.ListOpening("company at risk"),
    ids.CheckInMetadata("n0nce", (3, 4), (3, 4, 5), 17),
    ids.CheckInMetadata("n0nce", (3,), (3, 4), None, 2, (5, 6), 2, ("45", None), (None, 7)),
    ids.ObjectiveMetadata("n0nce"),
    ids.ObjectiveMetadata("n0nce", 3),
    ids.KeyResultMetadata(12, 2),
    ids.DraftRef("n0nce"),
    ids.ObjectiveRef(12),
    ids.SetUpMetadata("n0nce"),
]

# Written by the first version; whatever comes later reads them.
SENT_BEFORE = {
    '{"t":"check_in_open","v":1,"prompt_delivery":17}': ids.CheckInOpening(17),
    '{"t":"submission","v":1,"submission":12}': ids.SubmissionRef(12),
    '{"t":"help","v":1,"topic":"update"}': ids.HelpPage("update"),
    '{"t":"list","v":1,"text":"company"}': ids.ListOpening("company"),
    '{"t":"check_in","v":1,"nonce":"n","due":[3],"shown":[3,4],"prompt_delivery":null}': ids.CheckInMetadata(
        "n", (3,), (3, 4)
    ),
    '{"t":"key_result_ref","v":1,"number":3}': ids.KeyResultRef(3),
    '{"t":"open_check_in_edit","v":1,"submission":12,"number":3}': ids.EditOpening(12, 3),
    '{"t":"edit_check_in","v":1,"submission":12,"number":3,"version":2}': ids.CheckInEditing(12, 3, 2),
    '{"t":"objective","v":1,"nonce":"n"}': ids.ObjectiveMetadata("n"),
    '{"t":"key_result","v":1,"objective":12,"form":2}': ids.KeyResultMetadata(12, 2),
    '{"t":"draft","v":1,"nonce":"n"}': ids.DraftRef("n"),
    '{"t":"objective_ref","v":1,"objective":12}': ids.ObjectiveRef(12),
    '{"t":"set_up","v":1,"nonce":"n"}': ids.SetUpMetadata("n"),
    '{"t":"team","v":1,"team":2}': ids.TeamRef(2),
    '{"t":"team_form","v":1,"nonce":"n","team":null}': ids.TeamMetadata("n"),
    '{"t":"cycle","v":1,"cycle":2}': ids.CycleRef(2),
    '{"t":"cycle_form","v":1,"nonce":"n","form":2,"cycle":3}': ids.CycleMetadata("n", 2, 3),
    '{"t":"showing","v":1,"id":"KR-3","direction":"older","at":1791788700000000,"kind":1,"row":7}': ids.Showing(
        "KR-3", "older", 1791788700000000, 1, 7
    ),
    '{"t":"prompt_place","v":1,"where":"D1:1.1"}': ids.PromptPlace("D1:1.1"),
    '{"t":"leaver","v":1,"member":5}': ids.LeaverRef(5),
    '{"t":"hand_over","v":1,"member":5,"shown":[3,4]}': ids.HandOverMetadata(5, (3, 4)),
    '{"t":"edit","v":1,"id":"KR-3","seen":41,"form":2}': ids.EditMetadata("KR-3", 41, 2),
    '{"t":"list_page","v":1,"scope":"team","person":null,"team":4,"only":"stale","after":20,"before":null}': (
        ids.ListPage("team", team=4, only="stale", after=20)
    ),
}


@pytest.mark.parametrize("packed", EXAMPLES)
def test_what_is_packed_comes_back_the_same(packed: ids.Packed) -> None:
    assert ids.unpack(ids.pack(packed), type(packed)) == packed


@pytest.mark.parametrize("written", SENT_BEFORE)
def test_a_button_sent_by_an_older_version_still_works(written: str) -> None:
    expected = SENT_BEFORE[written]
    assert ids.unpack(written, type(expected)) == expected


def test_every_kind_of_packed_data_is_held_by_an_example_sent_before() -> None:
    assert {type(each) for each in SENT_BEFORE.values()} == set(ids.Packed.__subclasses__())


def test_a_button_sent_by_a_newer_version_still_works_after_a_roll_back() -> None:
    assert ids.unpack('{"t":"submission","v":1,"submission":12,"why":"new"}', ids.SubmissionRef) == ids.SubmissionRef(
        12
    )


@pytest.mark.parametrize(
    "broken",
    [
        None, "", "x", "[]", "3", "null", "{}", "{", '{"t":"submission"}', '{"t":"submission","v":1}',
        '{"t":"submission","v":2,"submission":12}', '{"t":"help","v":1,"submission":12}',
        '{"t":"submission","v":1,"submission":"12"}', '{"t":"submission","v":1,"submission":true}',
        '{"t":"submission","v":1,"submission":-1}', '{"t":"submission","v":1,"submission":1e400}',
        '{"t":"submission","v":1,"submission":99999999999999999999}', '{"t":"submission","v":1,"submission":null}',
        "[" * 1900, "9" * 1900, '{"t":["submission"],"v":1,"submission":12}', '"\\ud800"',
    ],
)  # fmt: skip
def test_a_broken_or_foreign_button_is_answered_with_a_sentence(broken: str | None) -> None:
    with pytest.raises(ids.UnreadableControl, match="/okr"):
        ids.unpack(broken, ids.SubmissionRef)


@given(st.text(), st.sampled_from(ids.Packed.__subclasses__()))
def test_no_text_at_all_breaks_the_reading(written: str, kind: type[ids.Packed]) -> None:
    with pytest.raises(ids.UnreadableControl):
        ids.unpack(written, kind)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_wrong_types_in_the_right_places_are_refused_or_read_as_what_they_are(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(ids.Packed.__subclasses__()))
    values = {field.name: data.draw(json_values) for field in fields(kind)}
    try:
        read = ids.unpack(json.dumps({"t": kind.TAG, "v": 1, **values}), kind)
    except ids.UnreadableControl:
        return
    assert ids.unpack(ids.pack(read), kind) == read


def test_a_full_page_of_key_results_leaves_room_in_private_metadata() -> None:
    numbers = tuple(range(999_999_990, 1_000_000_000))
    assert len(ids.pack(ids.CheckInMetadata("n" * 36, numbers, numbers, 2**62))) < 500


@pytest.mark.parametrize("number", [1, 34, 999_999_999])
def test_the_key_result_of_an_input_is_read_back(number: int) -> None:
    assert ids.key_result_of_value_block(ids.value_block(number)) == number
    assert ids.key_result_of_confidence_block(ids.confidence_block(number)) == number
    assert ids.key_result_of_note_block(ids.note_block(number)) == number
    assert ids.key_result_of_value_block(ids.confidence_block(number)) is None
    assert ids.key_result_of_value_block(ids.nth_form(ids.value_block(number), 3)) == number


@pytest.mark.parametrize("block_id", ["", "kr.0.value", "kr.-1.value", "kr.٣.value", "kr.3.value ", "learned", "kr.3"])
def test_another_blocks_id_is_no_key_result(block_id: str) -> None:
    assert ids.key_result_of_value_block(block_id) is None


def test_names_that_went_out_once_are_still_there() -> None:
    assert {
        "check_in_open", "undo_submission", "open_set_up", "open_new_objective", "my_week_refresh", "help_topic",
        "help_topic_choice", "list_open", "add_note", "discard_draft", "open_check_in_edit", "edit_check_in_choice",
    } <= ids.ACTIONS | ids.RETIRED_ACTIONS  # fmt: skip
    assert not ids.ACTIONS & ids.RETIRED_ACTIONS
    assert (ids.CHECK_IN, ids.NEW_OBJECTIVE, ids.SET_UP, ids.CHECK_IN_SHORTCUT) == (
        "check_in", "new_objective", "set_up", "check_in_shortcut",
    )  # fmt: skip
    assert (ids.EDIT_CHECK_IN, ids.AS_OF, ids.one_of(ids.ADD_NOTE, 3)) == ("edit_check_in", "as_of", "add_note.3")
    assert (ids.value_block(3), ids.confidence_block(3), ids.note_block(3), ids.LEARNED, ids.NEEDS) == (
        "kr.3.value", "kr.3.confidence", "kr.3.note", "learned", "needs",
    )  # fmt: skip
