"""Yes/no: something that is done or not (product rule 2)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from bot.okr.errors import UnreadableNumber
from bot.okr.kinds.kind import Control, Kind, unchanged
from bot.okr.kinds.terms import Course, Terms
from bot.okr.locales import DEFAULT_LOCALE
from bot.okr.numbers import Change, ChangeKind
from bot.okr.progress import ALL_DONE, NONE_DONE
from bot.okr.typed_amounts import plain, quoted

_YES = frozenset({"yes", "y", "true", "1", "done", "100%"})
_NO = frozenset({"no", "n", "false", "0", "not yet", "0%"})


class YesNo(Kind):
    """The value is 1 for yes and 0 for no."""

    name = "yes_no"
    label = "Yes/no"
    control = Control.RADIO
    takes_numbers = False
    inputs = ()
    hints = MappingProxyType({"title": "Something that is done or not: “The audit is passed”."})

    def agreed(self, terms: Terms) -> Terms:
        return Terms(start=NONE_DONE, target=ALL_DONE)

    def progress(self, terms: Terms, now: Decimal | None, course: Course | None, at: datetime) -> Decimal:
        return ALL_DONE if now == ALL_DONE else NONE_DONE

    def fits(self, value: Decimal, terms: Terms) -> bool:
        return value in (NONE_DONE, ALL_DONE)

    def pace(self, value: Decimal | None, share: str, expected: str) -> str:
        return "done" if value == ALL_DONE else f"not done yet, {expected} expected"

    def read(self, typed: str, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> Decimal:
        written = plain(typed)
        if written in _YES:
            return ALL_DONE
        if written in _NO:
            return NONE_DONE
        raise UnreadableNumber(f"I can't read {quoted(typed)} as yes or no. Write yes or no.")

    def read_change(
        self, typed: str, terms: Terms, now: Decimal | None, locale: str | None = DEFAULT_LOCALE
    ) -> Change | None:
        written = plain(typed)
        if written == "=":
            return unchanged(now)
        if written == "done":
            return Change(ChangeKind.DONE, ALL_DONE)
        return Change(ChangeKind.ABSOLUTE, self.read(typed.strip().lstrip("=＝"), terms, locale))

    def spellings(self, terms: Terms) -> Sequence[str]:
        return sorted(_YES | _NO)

    def prefill(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str | None:
        return None if value is None else self.say(value, terms)

    def options(self, terms: Terms) -> Sequence[tuple[str, str]]:
        return (("yes", "Yes"), ("no", "No"))

    def say(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return "yes" if value == ALL_DONE else "no"

    def say_short(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return self.say(value, terms, locale)

    def way(self, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return "yes or no"
