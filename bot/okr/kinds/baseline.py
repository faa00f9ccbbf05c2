"""Baseline: find out where we stand; done once a value is set (product rule 2)."""

from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from bot.okr.kinds.kind import Kind
from bot.okr.kinds.terms import Course, Terms
from bot.okr.locales import DEFAULT_LOCALE
from bot.okr.progress import ALL_DONE, NONE_DONE


class Baseline(Kind):
    """Nobody knows the value yet, and knowing it is the result. A value of 0 is a value."""

    name = "baseline"
    label = "Baseline"
    inputs = ("unit",)
    hints = MappingProxyType(
        {"title": "What nobody knows yet: “Days from order to delivery”. It is done once a value is set."}
    )

    def agreed(self, terms: Terms) -> Terms:
        return Terms(unit=terms.unit)

    def progress(self, terms: Terms, now: Decimal | None, course: Course | None, at: datetime) -> Decimal:
        return NONE_DONE if now is None else ALL_DONE

    def pace(self, value: Decimal | None, share: str, expected: str) -> str:
        return f"not found out yet, {expected} expected" if value is None else "found out"

    def done(self, terms: Terms) -> Decimal | None:
        return None

    def way(self, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return "find out where we stand"
