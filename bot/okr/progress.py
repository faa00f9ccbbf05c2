"""How far a metric key result has come (product rule 1)."""

from decimal import Decimal

from bot.okr.errors import StartEqualsTarget

NONE_DONE = Decimal(0)
ALL_DONE = Decimal(1)


def progress(start: Decimal, target: Decimal, now: Decimal) -> Decimal:
    """(now - start) / (target - start) as a share: 0 at the start, 1 at the target, in either direction.

    Unclamped: overshoot is above 1, moving away is below 0. 200 -> 0 with 100 now is 0.5.
    Raises `StartEqualsTarget`.
    """
    check_distance(start, target)
    return (now - start) / (target - start)


def check_distance(start: Decimal, target: Decimal) -> None:
    """Raise `StartEqualsTarget` unless there is a way to go from start to target."""
    if start == target:
        raise StartEqualsTarget(
            "Start and target are the same, so there is no way to go. Give the value today as start "
            "and the value you want as target, for example 200 and 150.",
            field="target",
        )


def clamped(share: Decimal) -> Decimal:
    """The share held within [0, 1], as roll-ups and grades use it."""
    return min(max(share, NONE_DONE), ALL_DONE)
