"""From start to target, up or down: one rule (product rule 1)."""

from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from bot.okr.kinds.kind import Kind, UnfitTerms
from bot.okr.kinds.terms import Course, Terms
from bot.okr.locales import DEFAULT_LOCALE
from bot.okr.progress import NONE_DONE, check_distance, progress


class Metric(Kind):
    """A number that grows or falls from start to target, with levels: commit at least, stretch at best."""

    name = "metric"
    label = "Metric"
    has_levels = True
    inputs = ("start", "target", "unit", "commit", "stretch")
    needed = frozenset({"start", "target"})
    hints = MappingProxyType(
        {
            "title": "One number that shows it: “Hours until the first order”.",
            "start": "Where it stands at the beginning.",
            "target": "Where it shall be at the end. Less than the start is fine: 200 to 0 counts down.",
            "commit": "The least you promise, between start and target.",
            "stretch": "What would be wonderful, beyond the target.",
        }
    )
    examples = MappingProxyType(
        {"start": Decimal(200), "target": Decimal(100), "commit": Decimal(150), "stretch": Decimal(60)}
    )

    def agreed(self, terms: Terms) -> Terms:
        start, target = _both(terms)
        check_distance(start, target)
        if terms.commit is not None and not NONE_DONE < progress(start, target, terms.commit) <= 1:
            raise UnfitTerms("Commit is the least you promise: between start and target.", field="commit")
        if terms.stretch is not None and progress(start, target, terms.stretch) <= 1:
            raise UnfitTerms("Stretch lies beyond the target, on the same side.", field="stretch")
        return terms

    def progress(self, terms: Terms, now: Decimal | None, course: Course | None, at: datetime) -> Decimal:
        start, target = _both(terms)
        return progress(start, target, start if now is None else now)

    def way(self, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return f"{self.say_short(terms.start, terms, locale)} → {self.say_short(terms.target, terms, locale)}"


def _both(terms: Terms) -> tuple[Decimal, Decimal]:
    if terms.start is None:
        raise UnfitTerms("Give the value today as start, for example 200.", field="start")
    if terms.target is None:
        raise UnfitTerms("Give the value you want to reach as target, for example 150.", field="target")
    return terms.start, terms.target
