"""What every kind of key result can be asked. A kind is one subclass, one entry in the registry, one test table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from bot.okr.errors import OkrError, UnreadableNumber
from bot.okr.kinds.terms import Course, Terms
from bot.okr.locales import DEFAULT_LOCALE
from bot.okr.numbers import Change, ChangeKind, exact_text, format_value, parse_change, parse_value, short_value
from bot.okr.progress import NONE_DONE
from bot.okr.typed_amounts import quoted


class Control(StrEnum):
    """What the **Check in** modal takes a value with."""

    TEXT = "text"
    RADIO = "radio"
    SELECT = "select"


class UnfitTerms(OkrError):
    """A key result of this kind can't be agreed like this; `field` names the input that must change."""

    default_help_topic = "key-results"


class Kind:
    """One kind: its stored `name`, the `label` people see, and how it is read, measured and told.

    All texts are plain; whoever shows them escapes them. A number is told in the reader's locale.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    control: ClassVar[Control] = Control.TEXT
    takes_numbers: ClassVar[bool] = True
    """Whether start, target and unit are the person's to give."""
    inputs: ClassVar[tuple[str, ...]] = ("start", "target", "unit")
    """What a person who sets one fills in beside title, owner and weight: the names of `Terms`, in order."""
    needed: ClassVar[frozenset[str]] = frozenset()
    """Which of `inputs` can't be left empty."""
    needs_course: ClassVar[bool] = False
    """Whether progress depends on all check-ins and not only on the current one."""
    hints: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What the form says below an input: by its name in `inputs`, and `title` for what it is called."""
    examples: ClassVar[Mapping[str, Decimal]] = MappingProxyType({})
    """What the form shows in an empty input, by its name in `inputs`."""
    has_levels: ClassVar[bool] = False
    """Whether `Commit` and `Stretch` mean something."""

    def reads_values_of(self, other: "Kind") -> bool:
        """Whether a value that was said of the other kind means the same of this one: numbers do."""
        return self.name == other.name or (self.takes_numbers and other.takes_numbers)

    def agreed(self, terms: Terms) -> Terms:
        """The terms with what the kind itself decides filled in. Raises `UnfitTerms`, `StartEqualsTarget`."""
        raise NotImplementedError

    def progress(self, terms: Terms, now: Decimal | None, course: Course | None, at: datetime) -> Decimal:
        """The unclamped share reached at the instant `at`. `now`: the current value, None where there is none yet."""
        raise NotImplementedError

    def expected(self, elapsed: Decimal) -> Decimal:
        """The progress one may expect when this share of the cycle is over: it comes evenly."""
        return elapsed

    def read(self, typed: str, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> Decimal:
        """A value as the modal sends it: typed text, or the value of an option. Raises `UnreadableNumber`."""
        return parse_value(typed, locale, terms.unit)

    def read_change(
        self, typed: str, terms: Terms, now: Decimal | None, locale: str | None = DEFAULT_LOCALE
    ) -> Change | None:
        """The VALUE of a one-line check-in; None for `=` where nothing is known yet. Raises `UnreadableNumber`."""
        change = parse_change(typed, now or NONE_DONE, target=self.done(terms), locale=locale, unit=terms.unit)
        if now is None and change.kind is ChangeKind.NO_CHANGE:
            return None
        if now is None and change.kind is ChangeKind.RELATIVE:
            # Without a value there is nothing to add to; a negative value is written as one, with =.
            raise UnreadableNumber(
                f"There is no value yet that {quoted(typed)} could change. Write the value itself, "
                "for example 45k, or =-2 for a negative one."
            )
        return change

    def spellings(self, terms: Terms) -> Sequence[str]:
        """Values that are words, as they may be typed in one line without quotation marks."""
        return ()

    def done(self, terms: Terms) -> Decimal | None:
        """What `done` sets; None where it means nothing for this kind."""
        return terms.target

    def prefill(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str | None:
        """What `read` gives back as the same value: the input's first text, or the option's value."""
        return None if value is None else exact_text(value, locale)

    def options(self, terms: Terms) -> Sequence[tuple[str, str]]:
        """The options of a radio or select: the value that is sent, and the words."""
        return ()

    def say(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        """A value in words: `€20,000`, `yes`, `2 of 4: Beta`."""
        return "no value yet" if value is None else format_value(value, terms.unit, locale)

    def say_short(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        """A value for a crowded line, abbreviated from 10,000 on; exact where it would look like start or target."""
        if value is None:
            return "no value yet"
        short = short_value(value, terms.unit, locale)
        others = {terms.start, terms.target} - {None, value}
        alike = any(short_value(other, terms.unit, locale) == short for other in others if other is not None)
        return format_value(value, terms.unit, locale) if alike else short

    def pace(self, value: Decimal | None, share: str, expected: str) -> str:
        """How far that is, in words: `25% of the way, 55% expected`. The shares are written already."""
        return f"{share} of the way, {expected} expected"

    @property
    def has_steps(self) -> bool:
        """Whether it is measured in milestones."""
        return "milestones" in self.inputs

    def fits(self, value: Decimal, terms: Terms) -> bool:
        """Whether a number that nobody typed (an import's) means something for this kind."""
        return True

    def way(self, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        """What is to be reached: `€10k → €50k`, `stay above 99.9%`, `done by yes`."""
        raise NotImplementedError


def unchanged(now: Decimal | None) -> Change | None:
    """`=`: no change; None where nothing is known yet."""
    return None if now is None else Change(ChangeKind.NO_CHANGE, now)
