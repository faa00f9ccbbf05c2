import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.errors import UnreadableId
from bot.okr.human_ids import (
    HumanId,
    Prefix,
    key_result_id,
    looks_like_id,
    objective_id,
    objective_number_in,
    parse_human_id,
)

human_ids = st.builds(HumanId, st.sampled_from(Prefix), st.integers(min_value=1, max_value=999_999_999))


@pytest.mark.parametrize("text", ["KR-3", "kr-3", "kr3", "Kr 3", " KR - 3 ", "KR–3", "KR−3", "kr003"])
def test_a_key_result_is_found_however_its_id_is_typed(text: str) -> None:
    assert parse_human_id(text) == HumanId(Prefix.KEY_RESULT, 3)


def test_objectives_and_key_results_are_written_as_people_say_them() -> None:
    assert objective_id(12) == "O-12"
    assert key_result_id(34) == "KR-34"
    assert parse_human_id("o12") == HumanId(Prefix.OBJECTIVE, 12)


@pytest.mark.parametrize(
    "text", ["", "3", "KR", "KR-0", "KR--3", "KR-3x", "KR-3 KR-4", "X-3", "K R-3", "KR-1234567890", "KR-³"]
)
def test_what_is_no_id_is_answered_with_examples(text: str) -> None:
    assert not looks_like_id(text)
    with pytest.raises(UnreadableId, match="KR-3"):
        parse_human_id(text)


@given(human_ids)
def test_a_printed_id_is_read_back_as_the_same(human_id: HumanId) -> None:
    assert parse_human_id(str(human_id)) == human_id
    assert looks_like_id(str(human_id).lower())


@given(st.text() | st.from_regex(r"(?i)(o|kr)[\s-]*\d*"))
def test_no_text_breaks_the_reading_of_ids(text: str) -> None:
    if looks_like_id(text):
        assert parse_human_id(text).number > 0
    else:
        with pytest.raises(UnreadableId):
            parse_human_id(text)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), ("O-12", 12), ("o12", 12), ("KR-3", None), ("grow 12", None), ("", None), ("1" * 10, None)],
)
def test_an_objective_is_searched_for_by_its_number(typed: str, number: int | None) -> None:
    assert objective_number_in(typed) == number
