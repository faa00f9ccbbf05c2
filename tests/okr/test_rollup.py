from decimal import Decimal as D
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.errors import NegativeWeight, WeightsSumToZero
from bot.okr.rollup import Part, roll_up, weight_shares
from tests.okr.strategies import shares, weights

parts = st.builds(Part, progress=shares, unknown=st.booleans(), weight=weights)
weighty_lists = st.lists(parts, min_size=1, max_size=12).filter(lambda drawn: any(part.weight for part in drawn))


def test_weights_of_very_different_size_keep_their_share() -> None:
    printed = [round(share * 100, 1) for share in weight_shares([D(100_000), D(20_000), D(1000)])]
    assert printed == [D("82.6"), D("16.5"), D("0.8")]


def test_key_results_weigh_the_same_unless_said_otherwise() -> None:
    rolled = roll_up([Part(D("0.2")), Part(D("0.4")), Part(D("0.9"))])
    assert rolled.progress == D("0.5")
    assert rolled.unknown_share == 0


def test_one_overshooting_key_result_does_not_hide_another_that_stands_still() -> None:
    assert roll_up([Part(D(3)), Part(D(0))]).progress == D("0.5")
    assert roll_up([Part(D(-3)), Part(D(1))]).progress == D("0.5")


def test_a_key_result_nobody_checked_in_counts_as_nothing_done_and_as_unknown() -> None:
    rolled = roll_up([Part(D(1), weight=D(3)), Part(D(0), unknown=True, weight=D(1))])
    assert rolled.progress == D("0.75")
    assert rolled.unknown_share == D("0.25")


def test_nothing_to_roll_up_gives_no_figure_and_everything_unknown() -> None:
    rolled = roll_up([])
    assert rolled.progress is None
    assert rolled.unknown_share == 1


def test_weights_that_sum_to_zero_are_refused_instead_of_giving_nonsense() -> None:
    with pytest.raises(WeightsSumToZero):
        roll_up([Part(D(1), weight=D(0)), Part(D(0), weight=D(0))])


def test_a_weight_of_zero_beside_others_counts_for_nothing() -> None:
    assert roll_up([Part(D(1), weight=D(0), unknown=True), Part(D("0.3"))]) == roll_up([Part(D("0.3"))])


def test_a_negative_weight_is_refused_even_where_the_sum_is_positive() -> None:
    with pytest.raises(NegativeWeight):
        roll_up([Part(D(1), weight=D(-1)), Part(D(0), weight=D(5))])


@given(weighty_lists, st.decimals(min_value="0.001", max_value=10_000, places=3))
def test_only_the_relation_of_weights_matters_not_their_scale(drawn: list[Part], scale: D) -> None:
    scaled = [Part(part.progress, part.unknown, part.weight * scale) for part in drawn]
    assert roll_up(scaled) == roll_up(drawn)


@given(weighty_lists, st.randoms(use_true_random=False))
def test_the_order_of_key_results_does_not_change_a_roll_up(drawn: list[Part], random: Random) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert roll_up(shuffled) == roll_up(drawn)


@given(weighty_lists)
def test_a_roll_up_lies_between_its_weakest_and_its_strongest_part(drawn: list[Part]) -> None:
    rolled = roll_up(drawn)
    counted = [min(max(part.progress, D(0)), D(1)) for part in drawn if part.weight]
    assert rolled.progress is not None
    assert min(counted) <= rolled.progress <= max(counted)
    assert 0 <= rolled.unknown_share <= 1


@given(st.lists(weights, min_size=1).filter(any))
def test_shares_of_weight_add_up_to_the_whole(drawn: list[D]) -> None:
    assert abs(sum(weight_shares(drawn), D(-1))) < D("1e-20")
