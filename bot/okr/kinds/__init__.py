"""The kinds of key results (product rule 2). A new kind is one subclass, one entry here and one test table."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.okr.errors import KindNotOffered
from bot.okr.kinds.baseline import Baseline
from bot.okr.kinds.guardrails import StayAbove, StayBelow
from bot.okr.kinds.kind import Control, Kind, UnfitTerms
from bot.okr.kinds.metric import Metric
from bot.okr.kinds.milestones import Milestones, milestones_text, read_milestones
from bot.okr.kinds.terms import Course, Milestone, Terms
from bot.okr.kinds.yes_no import YesNo

__all__ = [
    "KINDS",
    "METRIC",
    "Control",
    "Course",
    "Kind",
    "Milestone",
    "Terms",
    "UnfitTerms",
    "kind_of",
    "milestones_text",
    "read_milestones",
]

METRIC = Metric()

KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (METRIC, StayAbove(), StayBelow(), Milestones(), YesNo(), Baseline())}
)
"""By stored name, in the order people see them."""


def kind_of(name: str) -> Kind:
    """The kind of this stored name. Raises `KindNotOffered`."""
    kind = KINDS.get(name)
    if kind is None:
        labels = ", ".join(offered.label for offered in KINDS.values())
        raise KindNotOffered(f"There is no such kind of key result. Choose one of: {labels}.", field="kind")
    return kind
