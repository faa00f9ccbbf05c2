from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.status import Freshness, ShownStatus, Status, freshness, objective_status, propose, shown_status
from tests.okr.strategies import shares

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
INSTANT = timedelta(microseconds=1)

shown = st.builds(ShownStatus, status=st.sampled_from(Status), hollow=st.booleans(), overridden=st.booleans())


@pytest.mark.parametrize(
    ("progress", "status"),
    [
        ("0.70", Status.ON_TRACK),
        ("0.50", Status.ON_TRACK),
        ("0.40", Status.ON_TRACK),
        ("0.3999999", Status.AT_RISK),
        ("0.25", Status.AT_RISK),
        ("0.2499999", Status.OFF_TRACK),
        ("-1", Status.OFF_TRACK),
    ],
)
def test_at_half_time_the_borders_are_forty_and_twenty_five_percent(progress: str, status: Status) -> None:
    assert propose(D(progress), D("0.50")) is status


def test_nobody_is_behind_on_the_first_day() -> None:
    assert propose(D(0), D(0)) is Status.ON_TRACK


@pytest.mark.parametrize(
    ("progress", "lowered"), [("0.5", Status.AT_RISK), ("0.3", Status.OFF_TRACK), ("0.1", Status.OFF_TRACK)]
)
def test_a_forecast_below_the_target_lowers_the_status_by_one_step(progress: str, lowered: Status) -> None:
    assert propose(D(progress), D("0.5"), forecast_below_target=True) is lowered


@given(shares, shares, st.decimals(min_value=0, max_value=1, places=4))
def test_more_progress_never_gives_a_weaker_status(one: D, other: D, expected: D) -> None:
    strongest_first = [Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK]
    less, more = sorted((one, other))
    assert strongest_first.index(propose(more, expected)) <= strongest_first.index(propose(less, expected))


def test_a_status_is_fresh_until_one_and_a_half_cadences_inclusive() -> None:
    assert freshness(NOW - WEEK * 1.5, NOW, WEEK) is Freshness.FRESH
    assert freshness(NOW - WEEK * 1.5 - INSTANT, NOW, WEEK) is Freshness.HOLLOW


def test_a_status_is_unknown_from_two_and_a_half_cadences_on() -> None:
    assert freshness(NOW - WEEK * 2.5 + INSTANT, NOW, WEEK) is Freshness.HOLLOW
    assert freshness(NOW - WEEK * 2.5, NOW, WEEK) is Freshness.UNKNOWN


def test_what_was_never_checked_in_is_unknown() -> None:
    assert freshness(None, NOW, WEEK) is Freshness.UNKNOWN


def test_days_away_do_not_age_a_status() -> None:
    assert freshness(NOW - 3 * WEEK, NOW, WEEK, paused=2 * WEEK) is Freshness.FRESH


@given(st.integers(min_value=1, max_value=10**12), st.integers(min_value=0, max_value=4 * 10**12))
def test_the_half_life_borders_hold_for_every_cadence(cadence_us: int, age_us: int) -> None:
    found = freshness(NOW - timedelta(microseconds=age_us), NOW, timedelta(microseconds=cadence_us))
    ratio = D(age_us) / D(cadence_us)
    assert (found is Freshness.UNKNOWN) == (ratio >= D("2.5"))
    assert (found is Freshness.FRESH) == (ratio <= D("1.5"))


def test_lists_call_hollow_and_unknown_stale() -> None:
    assert [each.stale for each in (Freshness.FRESH, Freshness.HOLLOW, Freshness.UNKNOWN)] == [False, True, True]


def test_a_persons_override_wins_over_the_proposal_and_says_so() -> None:
    assert shown_status(Status.OFF_TRACK, Freshness.FRESH, Status.ON_TRACK) == ShownStatus(
        Status.ON_TRACK, overridden=True
    )


def test_an_old_status_is_shown_hollow() -> None:
    assert shown_status(Status.AT_RISK, Freshness.HOLLOW) == ShownStatus(Status.AT_RISK, hollow=True)


@given(st.sampled_from(Status), st.none() | st.sampled_from(Status))
def test_nobody_is_green_by_silence_not_even_by_override(proposed: Status, override: Status | None) -> None:
    assert shown_status(proposed, Freshness.UNKNOWN, override).status is Status.UNKNOWN


def test_an_objective_stands_as_its_weakest_key_result() -> None:
    assert objective_status([ShownStatus(Status.ON_TRACK), ShownStatus(Status.AT_RISK)]).status is Status.AT_RISK
    assert objective_status([ShownStatus(Status.AT_RISK), ShownStatus(Status.OFF_TRACK)]).status is Status.OFF_TRACK


def test_silence_keeps_an_objective_from_being_on_track_but_hides_no_known_trouble() -> None:
    silent = ShownStatus(Status.UNKNOWN)
    assert objective_status([ShownStatus(Status.ON_TRACK), silent]).status is Status.UNKNOWN
    assert objective_status([ShownStatus(Status.AT_RISK), silent]).status is Status.AT_RISK


def test_an_objective_without_key_results_is_unknown() -> None:
    assert objective_status([]) == ShownStatus(Status.UNKNOWN)


def test_an_objective_is_hollow_where_the_key_result_that_decides_is_hollow() -> None:
    old_trouble = ShownStatus(Status.AT_RISK, hollow=True)
    assert objective_status([ShownStatus(Status.ON_TRACK), old_trouble]).hollow
    assert not objective_status([ShownStatus(Status.ON_TRACK, hollow=True), ShownStatus(Status.AT_RISK)]).hollow


@given(st.lists(shown, min_size=1, max_size=8), shown)
def test_one_more_key_result_never_makes_an_objective_look_better(
    before: list[ShownStatus], added: ShownStatus
) -> None:
    weakest_first = [Status.OFF_TRACK, Status.AT_RISK, Status.UNKNOWN, Status.ON_TRACK]
    with_it = objective_status([*before, added]).status
    assert weakest_first.index(with_it) <= weakest_first.index(objective_status(before).status)
    assert with_it is objective_status([added, *reversed(before)]).status


def test_statuses_are_named_in_words() -> None:
    assert [status.words for status in Status] == ["on track", "at risk", "off track", "unknown"]
