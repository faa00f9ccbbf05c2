"""Messages go as fast as Slack takes them, on average and over any stretch of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pacing import POST, UPDATE, Pacing, Rate, Rates


class Clock:
    """A clock that stands until it is moved."""

    now = 50.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_in_no_stretch_of_time_do_more_go_than_the_burst_and_the_rate_allow(steps: list[float]) -> None:
    clock = Clock()
    pacing = Pacing(clock, Rates(posts=Rate(per_second=2, burst=5)))
    sent: list[float] = []
    for number, step in enumerate(steps * 3):
        clock.now += step / 10
        if not pacing.seconds_until(POST):
            pacing.take(POST, f"C{number}")
            sent.append(clock.now)
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            assert last - first + 1 <= 5 + 2 * (sent[last] - sent[first]) + 1e-6


def test_after_the_wait_it_says_a_message_may_go() -> None:
    clock = Clock()
    pacing = Pacing(clock)
    for _ in range(10):
        pacing.take(POST, "C1")
    clock.now += pacing.seconds_until(POST)
    assert pacing.seconds_until(POST) == 0
    assert pacing.resting() == {"C1": pytest.approx(7.8)}


def test_a_hold_concerns_one_method() -> None:
    clock = Clock()
    pacing = Pacing(clock)
    pacing.hold(POST, 30)
    pacing.hold(POST, 3)
    assert (pacing.seconds_until(POST), pacing.seconds_until(UPDATE)) == (30, 0)
    clock.now += 30
    assert pacing.seconds_until(POST) == 0


def test_conversations_that_have_rested_are_forgotten() -> None:
    clock = Clock()
    pacing = Pacing(clock)
    for number in range(1000):
        pacing.take(POST, f"C{number}")
    clock.now += 60
    pacing.resting()
    assert pacing._conversations == {}
