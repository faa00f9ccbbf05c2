"""From key results to one figure, and how much of it is really known (product rule 3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bot.okr.errors import NegativeWeight, WeightsSumToZero
from bot.okr.progress import clamped

DEFAULT_WEIGHT = Decimal(1)


@dataclass(frozen=True, slots=True)
class Part:
    """One key result (or objective) in a roll-up.

    `progress` is its unclamped share. `unknown` is true where its status is unknown by half-life or where it never
    had a check-in; a key result without any check-in stands at its start, so its progress is 0.
    """

    progress: Decimal
    unknown: bool = False
    weight: Decimal = DEFAULT_WEIGHT


@dataclass(frozen=True, slots=True)
class Rollup:
    """The weighted mean of clamped progress, and the share of the weight nobody knows about; both in [0, 1].

    `progress` is None where there was nothing to average.
    """

    progress: Decimal | None
    unknown_share: Decimal


NOTHING_TO_ROLL_UP = Rollup(progress=None, unknown_share=Decimal(1))


def roll_up(parts: Iterable[Part]) -> Rollup:
    """The weighted mean of the parts' clamped progress with its unknown share.

    A part nobody has checked in counts with the progress it was given (0 for a key result that stands at its start)
    and in the unknown share: silence neither lifts the mean nor is left out of it. Without any part there is no
    figure, and everything is unknown. Raises `WeightsSumToZero`, `NegativeWeight`.
    """
    counted = list(parts)
    if not counted:
        return NOTHING_TO_ROLL_UP
    shares = _exact_shares([part.weight for part in counted])
    mean = sum(
        (share * Fraction(clamped(part.progress)) for share, part in zip(shares, counted, strict=True)), Fraction(0)
    )
    unknown = sum((share for share, part in zip(shares, counted, strict=True) if part.unknown), Fraction(0))
    return Rollup(progress=_decimal(mean), unknown_share=_decimal(unknown))


def weight_shares(weights: Sequence[Decimal]) -> list[Decimal]:
    """What each weight is worth as a share of 1: 100000, 20000 and 1000 weigh 0.826, 0.165 and 0.008.

    An empty sequence has no shares. Raises `WeightsSumToZero`, `NegativeWeight`.
    """
    return [_decimal(share) for share in _exact_shares(weights)] if weights else []


def check_weight(weight: Decimal) -> None:
    """Raise `NegativeWeight` where a weight is below zero; zero itself means "counts for nothing"."""
    if weight < 0:
        raise NegativeWeight("A weight can't be below 0. Use 1 for normal, 2 for twice as important.", field="weight")


def _exact_shares(weights: Sequence[Decimal]) -> list[Fraction]:
    # Fractions, because a rounded share would make the result depend on the scale the weights were typed in.
    for weight in weights:
        check_weight(weight)
    total = sum((Fraction(weight) for weight in weights), Fraction(0))
    if total == 0:
        raise WeightsSumToZero(
            "All weights are 0, so nothing would count. Give at least one key result a weight, for example 1.",
            field="weight",
        )
    return [Fraction(weight) / total for weight in weights]


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)
