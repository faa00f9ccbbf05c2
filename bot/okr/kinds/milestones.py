"""Milestones: ordered steps, each with a share of the whole (product rule 2)."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from bot.okr.errors import UnreadableNumber
from bot.okr.kinds.kind import Control, Kind, UnfitTerms, unchanged
from bot.okr.kinds.terms import Course, Milestone, Terms
from bot.okr.locales import DEFAULT_LOCALE
from bot.okr.numbers import Change, ChangeKind, exact_text, parse_value
from bot.okr.progress import ALL_DONE, NONE_DONE
from bot.okr.typed_amounts import plain, quoted

MOST_MILESTONES = 50
LONGEST_NAME = 60
_NONE_YET = "None reached yet"
_STEP = re.compile(r"([+-]) ?([0-9]{1,2})", re.ASCII)
_EXAMPLE = "Write one per line, for example Beta = 40."


class Milestones(Kind):
    """The value is how many steps are reached, in their order: 0 for none, then 1, 2, ..."""

    name = "milestones"
    label = "Milestones"
    control = Control.SELECT
    takes_numbers = False
    inputs = ("milestones",)
    needed = frozenset({"milestones"})
    hints = MappingProxyType(
        {
            "title": "What is built step by step: “The shop opens in France”.",
            "milestones": "One per line, in order: name = share. For example Beta = 40. Without shares all count the "
            "same.",
        }
    )

    def agreed(self, terms: Terms) -> Terms:
        if not terms.milestones:
            raise UnfitTerms(f"There is no milestone yet. {_EXAMPLE}", field="milestones")
        if any(step.share <= 0 for step in terms.milestones):
            raise UnfitTerms("Every milestone has a share above 0.", field="milestones")
        return Terms(start=NONE_DONE, target=Decimal(len(terms.milestones)), milestones=terms.milestones)

    def progress(self, terms: Terms, now: Decimal | None, course: Course | None, at: datetime) -> Decimal:
        whole = sum((Fraction(step.share) for step in terms.milestones), Fraction(0))
        if now is None or not whole:
            return NONE_DONE
        reached = sum((Fraction(step.share) for step in terms.milestones[: int(now)]), Fraction(0)) / whole
        return ALL_DONE if reached == 1 else Decimal(reached.numerator) / Decimal(reached.denominator)

    def fits(self, value: Decimal, terms: Terms) -> bool:
        return value == value.to_integral_value() and 0 <= value <= len(terms.milestones)

    def read(self, typed: str, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> Decimal:
        written = plain(typed)
        # A number is the place of a milestone before it is a name: forms send places, and names may be numbers too.
        if written.isascii() and written.isdecimal() and len(written) < 4 and int(written) <= len(terms.milestones):
            return Decimal(int(written))
        by_name = [at for at, step in enumerate(terms.milestones, 1) if plain(step.name) == written]
        if len(by_name) == 1:
            return Decimal(by_name[0])
        named = ", ".join(f"{at} {step.name}" for at, step in enumerate(terms.milestones[:5], 1))
        raise UnreadableNumber(
            f"I can't find {quoted(typed)} among the milestones. Write the number of the last one reached, from 0 to "
            f"{len(terms.milestones)} ({named}{', ...' if len(terms.milestones) > 5 else ''})."
        )

    def read_change(
        self, typed: str, terms: Terms, now: Decimal | None, locale: str | None = DEFAULT_LOCALE
    ) -> Change | None:
        written = plain(typed)
        if written == "=":
            return unchanged(now)
        if written == "done" and all(plain(step.name) != written for step in terms.milestones):
            return Change(ChangeKind.DONE, Decimal(len(terms.milestones)))
        step = _STEP.fullmatch(written)
        if step is None:
            return Change(ChangeKind.ABSOLUTE, self.read(typed.strip().lstrip("=＝"), terms, locale))
        size = Decimal(int(step[2])) * (1 if step[1] == "+" else -1)
        after = (now or NONE_DONE) + size
        if not 0 <= after <= len(terms.milestones):
            raise UnreadableNumber(
                f"{quoted(typed)} would lead to milestone {after} of {len(terms.milestones)}. "
                "Write the number of the last one reached, for example 2."
            )
        return Change(ChangeKind.RELATIVE, after, step=size)

    def spellings(self, terms: Terms) -> Sequence[str]:
        return [step.name for step in terms.milestones]

    def done(self, terms: Terms) -> Decimal | None:
        return Decimal(len(terms.milestones))

    def prefill(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str | None:
        return None if value is None else str(int(value))

    def options(self, terms: Terms) -> Sequence[tuple[str, str]]:
        steps = enumerate(terms.milestones, 1)
        return [("0", _NONE_YET), *((str(at), f"{at}: {step.name}") for at, step in steps)]

    def say(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        if value is None or not 1 <= value <= len(terms.milestones):
            return f"none of {len(terms.milestones)}"
        return f"{int(value)} of {len(terms.milestones)}: {terms.milestones[int(value) - 1].name}"

    def say_short(self, value: Decimal | None, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return self.say(value, terms, locale)

    def way(self, terms: Terms, locale: str | None = DEFAULT_LOCALE) -> str:
        return f"{len(terms.milestones)} milestones" if len(terms.milestones) != 1 else "1 milestone"


def read_milestones(typed: str, locale: str | None = DEFAULT_LOCALE) -> tuple[Milestone, ...]:
    """The lines of the `Milestones` field: `name = share`, in order; without any shares all weigh the same.

    Shares are scale-free; where all are written in percent they must make 100. Raises `UnfitTerms` at `milestones`.
    """
    rows = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(rows) > MOST_MILESTONES:
        raise UnfitTerms(f"These are {len(rows)} milestones; at most {MOST_MILESTONES} fit.", field="milestones")
    steps: list[Milestone] = []
    percents: list[bool] = []
    for row in rows:
        name, mark, share = row.rpartition("=")
        name, share = (name.strip(), share.strip()) if mark else (row, "")
        _check_name(name, steps)
        percents.append(share.endswith("%"))
        steps.append(Milestone(name, _share(name, share, locale) if mark else Decimal(0)))
    without = [step.name for step in steps if not step.share]
    if without and len(without) < len(steps):
        raise UnfitTerms(f"{quoted(without[0])} has no share, others have one. {_EXAMPLE}", field="milestones")
    if without:
        return tuple(Milestone(step.name) for step in steps)
    total = sum((step.share for step in steps), Decimal(0))
    if steps and all(percents) and total != 100:
        raise UnfitTerms(f"The shares make {exact_text(total, locale)}%, not 100%.", field="milestones")
    return tuple(steps)


def milestones_text(milestones: Sequence[Milestone], locale: str | None = DEFAULT_LOCALE) -> str:
    """The lines `read_milestones` reads back as the same milestones."""
    return "\n".join(f"{step.name} = {exact_text(step.share, locale)}" for step in milestones)


def _check_name(name: str, before: Sequence[Milestone]) -> None:
    if not name:
        raise UnfitTerms(f"A line has a share and no name. {_EXAMPLE}", field="milestones")
    if len(name) > LONGEST_NAME:
        raise UnfitTerms(
            f"{quoted(name)} is too long for a milestone: at most {LONGEST_NAME} characters.", field="milestones"
        )
    if any(plain(step.name) == plain(name) for step in before):
        raise UnfitTerms(f"{quoted(name)} stands there twice. Give each milestone its own name.", field="milestones")


def _share(name: str, typed: str, locale: str | None) -> Decimal:
    try:
        share = parse_value(typed, locale, "%")
    except UnreadableNumber as error:
        raise UnfitTerms(f"{error.sentence} {_EXAMPLE}", field="milestones") from error
    if share <= 0:
        raise UnfitTerms(f"The share of {quoted(name)} must be above 0.", field="milestones")
    return share
