"""Baseline: find out where we stand; done once a value is set (product rule 2)."""

from datetime import datetime
from decimal import Decimal

from bot.okr.kinds.kind import Kind
from bot.okr.kinds.terms import Course, Terms
from bot.okr.locales import DEFAULT_LOCALE
from bot.okr.progress import ALL_DONE, NONE_DONE


class Baseline(Kind):
    """Nobody knows the value yet, and knowing it is the result. A value of 0 is a value."""

    name = "baseline"
    label = "Baseline"
    inputs = ("unit",)

    def agreed(self, terms: Terms) -> Terms:
        return Terms(unit=terms.unit)

    def progress(self, terms: Terms, now: Decimal | None, course: Course | None, at: datetime) -> Decimal:
        return NONE_DONE if now is None else ALL_DONE

    def done(self, terms: Terms) -> Decimal | None:
        return None

    def way(self, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return "find out where we stand"
