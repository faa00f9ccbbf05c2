from decimal import Decimal as D

import pytest
from hypothesis import assume, given

from bot.okr.errors import StartEqualsTarget
from bot.okr.progress import clamped, progress
from tests.okr.strategies import small_values, values


def test_halfway_down_from_200_to_0_is_half_done() -> None:
    assert progress(D(200), D(0), D(100)) == D("0.5")


@pytest.mark.parametrize(
    ("start", "target", "now", "expected"),
    [
        ("0", "100", "0", "0"),
        ("0", "100", "100", "1"),
        ("0", "100", "130", "1.3"),
        ("0", "100", "-20", "-0.2"),
        ("200", "0", "0", "1"),
        ("200", "0", "-50", "1.25"),
        ("200", "0", "250", "-0.25"),
        ("-10", "10", "0", "0.5"),
        ("3.2", "3.6", "3.3", "0.25"),
    ],
)
def test_progress_goes_in_either_direction_and_is_not_clamped(start: str, target: str, now: str, expected: str) -> None:
    assert progress(D(start), D(target), D(now)) == D(expected)


def test_a_fall_back_to_zero_is_progress_like_any_other() -> None:
    assert progress(D(10), D(20), D(0)) == D(-1)


@given(values)
def test_a_key_result_without_distance_is_refused_whatever_its_value(value: D) -> None:
    with pytest.raises(StartEqualsTarget) as refused:
        progress(value, value, value)
    assert refused.value.field == "target"


def test_70_and_70_point_0_are_the_same_start_and_target() -> None:
    with pytest.raises(StartEqualsTarget):
        progress(D("70"), D("70.0"), D(1))


@given(values, values)
def test_the_start_is_nothing_and_the_target_is_everything(start: D, target: D) -> None:
    assume(start != target)
    assert progress(start, target, start) == 0
    assert progress(start, target, target) == 1


@given(values, values, values)
def test_a_key_result_upside_down_progresses_alike(start: D, target: D, now: D) -> None:
    assume(start != target)
    assert progress(-start, -target, -now) == progress(start, target, now)


@given(small_values, small_values, small_values)
def test_the_way_there_and_the_way_back_add_up_to_the_whole(start: D, target: D, now: D) -> None:
    assume(start != target)
    assert abs(progress(start, target, now) + progress(target, start, now) - 1) < D("1e-20")


@given(values)
def test_a_clamped_share_stays_between_nothing_and_all(share: D) -> None:
    assert 0 <= clamped(share) <= 1
    assert clamped(share) == share or not 0 <= share <= 1
