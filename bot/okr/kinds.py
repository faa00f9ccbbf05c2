"""The kinds of key results (product rule 2). A new kind is one entry here and one test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from bot.okr.errors import KindNotOffered
from bot.okr.progress import progress


@dataclass(frozen=True, slots=True)
class Standing:
    """What a kind may look at to say how far a key result has come. A new kind that needs more adds a field."""

    start: Decimal
    target: Decimal
    now: Decimal


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of key result: its stored `name`, the `label` people see, and how its progress comes about.

    `measure` gives the unclamped share of the way. A kind without a measure is named, but not offered yet.
    """

    name: str
    label: str
    measure: Callable[[Standing], Decimal] | None = None

    @property
    def offered(self) -> bool:
        """Whether people may choose this kind today."""
        return self.measure is not None


def _metric(standing: Standing) -> Decimal:
    return progress(standing.start, standing.target, standing.now)


METRIC = Kind("metric", "Metric", measure=_metric)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            METRIC,
            Kind("stay_above", "Stay above"),
            Kind("stay_below", "Stay below"),
            Kind("milestones", "Milestones"),
            Kind("yes_no", "Yes/no"),
            Kind("baseline", "Baseline"),
        )
    }
)


def offered_kinds() -> list[Kind]:
    """The kinds people may choose, in the order they are shown."""
    return [kind for kind in KINDS.values() if kind.offered]


def measured(kind_name: str, standing: Standing) -> Decimal:
    """The unclamped progress of a key result of this kind. Raises `KindNotOffered`, `StartEqualsTarget`."""
    kind = KINDS.get(kind_name)
    if kind is None or kind.measure is None:
        labels = ", ".join(offered.label for offered in offered_kinds())
        raise KindNotOffered(f"This kind of key result is not offered yet. Choose one of: {labels}.", field="kind")
    return kind.measure(standing)
