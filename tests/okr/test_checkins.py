from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.checkins import check_undo, current, in_force, may_undo, value_now
from bot.okr.errors import TooLateToUndo

SENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class CheckIn:
    as_of: date
    value: D | None = D(1)
    recorded_at: datetime = SENT
    version: int = 1
    entry: int = 0
    withdrawn: bool = False


check_ins = st.builds(
    CheckIn,
    as_of=st.dates(min_value=date(2026, 10, 1), max_value=date(2026, 10, 5)),
    value=st.none() | st.integers(min_value=0, max_value=9).map(D),
    recorded_at=st.integers(min_value=0, max_value=3).map(lambda minutes: SENT + timedelta(minutes=minutes)),
    version=st.integers(min_value=1, max_value=3),
    entry=st.integers(min_value=0, max_value=3),
    withdrawn=st.booleans(),
)


def test_the_check_in_about_the_latest_day_counts_not_the_one_typed_last() -> None:
    october = CheckIn(date(2026, 10, 12), D(20), SENT)
    back_dated = CheckIn(date(2026, 10, 5), D(10), SENT + timedelta(days=9))
    assert current([october, back_dated]) is october


def test_on_the_same_day_the_later_entry_counts() -> None:
    morning = CheckIn(date(2026, 10, 12), D(20), SENT)
    evening = CheckIn(date(2026, 10, 12), D(21), SENT + timedelta(hours=8))
    assert current([evening, morning]) is evening


def test_an_edit_counts_instead_of_what_it_replaces() -> None:
    typed = CheckIn(date(2026, 10, 12), D(20), version=1)
    edited = CheckIn(date(2026, 10, 12), D(2), version=2)
    assert current([edited, typed]) is edited


def test_an_edit_to_an_earlier_day_leaves_nothing_on_the_later_one() -> None:
    typed = CheckIn(date(2026, 10, 12), D(20), version=1, entry=7)
    moved = CheckIn(date(2026, 10, 5), D(20), version=2, entry=7)
    other = CheckIn(date(2026, 10, 8), D(15), entry=8)
    assert value_now(D(0), in_force([typed, moved, other])) == 15


def test_after_an_undo_the_value_before_it_is_back() -> None:
    before = CheckIn(date(2026, 10, 5), D(10), entry=1)
    typed = CheckIn(date(2026, 10, 12), D(99), entry=2, version=1)
    undone = CheckIn(date(2026, 10, 12), D(99), entry=2, version=2, withdrawn=True)
    assert value_now(D(0), in_force([before, typed, undone])) == 10


def test_a_key_result_without_check_in_stands_at_its_start() -> None:
    assert value_now(D(200), []) == 200
    assert current([]) is None


def test_a_fall_back_to_zero_is_kept_as_zero() -> None:
    assert value_now(D(200), [CheckIn(date(2026, 10, 12), D(0))]) == 0


def test_a_check_in_that_names_no_value_leaves_the_value_as_it_was() -> None:
    told = CheckIn(date(2026, 10, 5), D(42))
    silent = CheckIn(date(2026, 10, 12), None)
    assert value_now(D(0), [told, silent]) == 42


@given(st.lists(check_ins, max_size=8), st.randoms(use_true_random=False))
def test_the_value_does_not_depend_on_the_order_of_entry(drawn: list[CheckIn], random: Random) -> None:
    distinct = list({(each.as_of, each.recorded_at, each.version): each for each in drawn}.values())
    shuffled = list(distinct)
    random.shuffle(shuffled)
    assert value_now(D(5), shuffled) == value_now(D(5), distinct)


@given(st.lists(check_ins, max_size=8, unique_by=lambda each: (each.entry, each.version)))
def test_of_every_check_in_at_most_its_newest_version_is_in_force(drawn: list[CheckIn]) -> None:
    for kept in in_force(drawn):
        assert not kept.withdrawn
        assert kept.version == max(each.version for each in drawn if each.entry == kept.entry)


def test_undo_works_for_ten_minutes_to_the_last_instant() -> None:
    tenth = SENT + timedelta(minutes=10)
    assert may_undo(SENT, SENT)
    assert may_undo(SENT, tenth)
    assert not may_undo(SENT, tenth + timedelta(microseconds=1))


def test_after_ten_minutes_undo_names_the_way_to_the_right_value() -> None:
    with pytest.raises(TooLateToUndo, match="/okr update"):
        check_undo(SENT, SENT + timedelta(minutes=11))


def test_ten_minutes_are_ten_minutes_while_the_clocks_change() -> None:
    # 25 October 2026, 03:00 in Berlin becomes 02:00: the wall clock goes back, the ten minutes do not.
    sent = datetime(2026, 10, 25, 0, 55, tzinfo=UTC)
    assert not may_undo(sent, sent + timedelta(minutes=15))
