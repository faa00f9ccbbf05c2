"""Stay above, stay below: something that must not leave its rail while the rest moves (product rule 2)."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from bot.okr.kinds.kind import Kind, UnfitTerms
from bot.okr.kinds.terms import Course, Terms
from bot.okr.locales import DEFAULT_LOCALE
from bot.okr.progress import NONE_DONE

_MICROSECOND = timedelta(microseconds=1)


class Guardrail(Kind):
    """Progress is the share of the cycle spent inside the rail so far: always inside is exactly on pace.

    A value holds until the next check-in; before the first, the start holds. Time nobody knows about does not count as
    inside. The rail itself is inside.
    """

    needs_course = True
    needed = frozenset({"target"})

    def inside(self, value: Decimal, rail: Decimal) -> bool:
        """Whether a value keeps to the rail."""
        raise NotImplementedError

    def agreed(self, terms: Terms) -> Terms:
        _rail(terms)
        return terms

    def progress(self, terms: Terms, now: Decimal | None, course: Course | None, at: datetime) -> Decimal:
        rail = _rail(terms)
        if course is None or course.ends <= course.begins:
            return NONE_DONE
        kept = sum(
            (
                Fraction((end - begin) // _MICROSECOND, (course.ends - course.begins) // _MICROSECOND)
                for value, begin, end in course.stretches(terms.start, at)
                if value is not None and self.inside(value, rail)
            ),
            Fraction(0),
        )
        return Decimal(kept.numerator) / Decimal(kept.denominator)

    def pace(self, value: Decimal | None, share: str, expected: str) -> str:
        return f"kept for {share} of the cycle, {expected} of it is over"

    def done(self, terms: Terms) -> Decimal | None:
        return None

    def way(self, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return f"{self.label.lower()} {self.say_short(_rail(terms), terms, locale)}"


class StayAbove(Guardrail):
    """A value that must not fall below its rail."""

    name = "stay_above"
    label = "Stay above"
    hints = MappingProxyType(
        {
            "title": "What must not suffer meanwhile: “Orders that arrive whole”.",
            "start": "Where it stands at the beginning, if you know.",
            "target": "It must not fall below this.",
        }
    )
    examples = MappingProxyType({"start": Decimal("99.9"), "target": Decimal("99.5")})

    def inside(self, value: Decimal, rail: Decimal) -> bool:
        return value >= rail


class StayBelow(Guardrail):
    """A value that must not rise above its rail."""

    name = "stay_below"
    label = "Stay below"
    hints = MappingProxyType(
        {
            "title": "What must not grow meanwhile: “Customers who leave in a month”.",
            "start": "Where it stands at the beginning, if you know.",
            "target": "It must not rise above this.",
        }
    )
    examples = MappingProxyType({"start": Decimal("2.5"), "target": Decimal(3)})

    def inside(self, value: Decimal, rail: Decimal) -> bool:
        return value <= rail


def _rail(terms: Terms) -> Decimal:
    if terms.target is None:
        raise UnfitTerms("Give the rail as target: the value it must not cross, for example 99.5.", field="target")
    return terms.target
