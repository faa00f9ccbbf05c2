"""One scalar of an import's file: its own text becomes a name, a day, a number. Each raises OkrError with a reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import yaml

from bot.okr.cadence import WEEKDAYS_SHORT, Rhythm
from bot.okr.errors import OkrError
from bot.okr.kinds import KINDS, Kind, Milestone, Terms
from bot.okr.numbers import check_value, parse_value
from bot.okr.rollup import check_weight
from bot.okr.zones import utc, zone_named
from bot.store.tables import KeyResult
from bot.usecases.import_plans import suggestion

LONGEST_KEY = 120
LONGEST_NAME = 80
LONGEST_TITLE = 3000
LONGEST_TEXT = 40_000
LONGEST_UNIT = 60
LONGEST_NUMBER = 80
YEARS = range(1970, 2200)

_PLAIN_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Typed:
    """A number's text, to be read once its key result's unit is known. `bare`: written without quotes."""

    line: int
    text: str
    bare: bool


def line_of(node: yaml.Node) -> int:
    """The line of the file a node begins on, from 1."""
    return int(node.start_mark.line) + 1


def words(text: str) -> str:
    """A text on one line, without NUL and halves of characters, which no database takes."""
    return " ".join(whole_text(text).split())


def whole_text(text: str) -> str:
    """A text without NUL and halves of characters, which no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def scalar(node: yaml.Node, longest: int) -> str:
    """A text as it was written, with its line breaks; spaces around it count only in double quotes."""
    if not isinstance(node, yaml.ScalarNode):
        raise OkrError("here should be a text, not a list or a mapping.")
    text = whole_text(node.value)
    if not text.strip():
        raise OkrError("this is empty. Leave the name out, or write something.")
    text = text if _is_exact(node) else text.strip()
    if len(text) > longest:
        raise OkrError(f"this is too long: at most {longest} characters.")
    return text


def one_line(node: yaml.Node, longest: int) -> str:
    """A text on one line; in double quotes it is taken as it is."""
    text = scalar(node, longest)
    return text if _is_exact(node) else " ".join(text.split())


def _is_exact(node: yaml.Node) -> bool:
    """Double quotes are what an export writes: every character between them is meant."""
    return getattr(node, "style", None) == '"'


def external_key(node: yaml.Node) -> str:
    """A key: any short text on one line."""
    return one_line(node, LONGEST_KEY)


def slack_id(node: yaml.Node, letters: str) -> str:
    """An id of Slack that begins with one of `letters`."""
    text = one_line(node, LONGEST_KEY)
    if not re.fullmatch(rf"[{letters}][A-Z0-9]{{1,31}}", text):
        raise OkrError(f"“{text[:40]}” is not an id of Slack such as {letters[0]}012AB3CD.")
    return text


def one_of(node: yaml.Node, offered: Iterable[str]) -> str:
    """One of a few words."""
    text = one_line(node, LONGEST_NAME)
    if text not in set(offered):
        raise OkrError(f"“{text[:40]}” is none of {', '.join(offered)}{suggestion(text, offered)}.")
    return text


def zone(node: yaml.Node) -> str:
    """An IANA zone's name."""
    return zone_named(one_line(node, 64)).key


def kind(node: yaml.Node) -> str:
    """The stored name of a kind of key result."""
    return one_of(node, tuple(KINDS))


def yes_or_no(node: yaml.Node) -> bool:
    """`true` or `false`."""
    return one_of(node, ("true", "false")) == "true"


def whole(node: yaml.Node) -> int:
    """A whole number from 1, such as that of O-12."""
    text = one_line(node, LONGEST_NAME)
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise OkrError(f"“{text[:40]}” is not a whole number from 1.")
    return int(text)


def month(node: yaml.Node) -> int:
    """A month of the year, from 1 to 12."""
    found = whole(node)
    if found > 12:
        raise OkrError(f"“{found}” is not a month. Months run from 1 to 12.")
    return found


def unit(node: yaml.Node) -> str:
    """A word or a sign."""
    return one_line(node, LONGEST_UNIT)


def day(node: yaml.Node) -> date:
    """A calendar day."""
    text = one_line(node, LONGEST_NAME)
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise OkrError(f"“{text[:40]}” is not a day. Days look like 2026-09-14.") from error
    _check_year(found)
    return found


def instant(node: yaml.Node) -> datetime:
    """A point in time, with the offset it was written with (its day is the day meant)."""
    return instant_of_text(one_line(node, LONGEST_NAME))


def instant_of_text(text: str) -> datetime:
    """The same, of a text."""
    example = "Times look like 2026-09-21T10:00:00+02:00, with their offset from UTC."
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise OkrError(f"“{text[:40]}” is not a point in time. {example}") from error
    if found.tzinfo is None:
        raise OkrError(f"“{text[:40]}” names no zone. {example}")
    _check_year(found)
    return found


def _check_year(found: date) -> None:
    if found.year not in YEARS:
        raise OkrError(f"the year {found.year} is too far away. Days lie between {YEARS[0]} and {YEARS[-1]}.")


def hour(node: yaml.Node) -> str:
    """An hour of the wall clock, as `HH:MM`."""
    text = one_line(node, LONGEST_NAME)
    if not re.fullmatch("(?:[01]?[0-9]|2[0-3]):[0-5][0-9]", text):
        raise OkrError(f"“{text[:40]}” is not an hour. Hours look like 09:00.")
    return text.zfill(5)


def weekdays(node: yaml.Node) -> str:
    """Days of the week (`Mon Tue Wed`), kept as digits."""
    text = one_line(node, LONGEST_NAME)
    named = [each.casefold() for each in re.split("[ ,]+", text) if each]
    known = [each.casefold() for each in WEEKDAYS_SHORT]
    if not named or not set(named) <= set(known):
        raise OkrError(f"“{text[:40]}” are not days of the week. They look like {' '.join(WEEKDAYS_SHORT[:5])}.")
    return "".join(str(number) for number, each in enumerate(known) if each in named)


def rhythm(node: yaml.Node) -> str:
    """A team's rhythm, as it is kept."""
    text = one_line(node, LONGEST_KEY)
    try:
        return str(Rhythm.read(text))
    except ValueError as error:
        example = "2 week open Mon 09:00 due Wed 17:00 close Fri 12:00 from 2026-11-30"
        raise OkrError(f"“{text[:80]}” is not a rhythm. Rhythms look like {example}, from a Monday on.") from error


def typed(node: yaml.Node) -> Typed:
    """A number's own text."""
    return Typed(line_of(node), one_line(node, LONGEST_NUMBER), bare=not getattr(node, "style", None))


def amount(given: Typed, measured_in: str | None) -> Decimal:
    """The exact number: YAML's own spelling to the last digit, and whatever people type otherwise (`45k`)."""
    if given.bare and _PLAIN_NUMBER.fullmatch(given.text):
        return check_value(Decimal(given.text))
    return parse_value(given.text, "en", measured_in)


def check_in_value(given: Typed, measured: Kind, terms: Terms) -> Decimal:
    """What a check-in says of a key result of this kind: a number, or what its kind reads (`yes`, a milestone)."""
    if measured.takes_numbers:
        return amount(given, terms.unit)
    if measured.has_steps and not terms.milestones and given.text.isdecimal():
        return amount(given, None)  # its milestones are in the database, which is asked later
    return measured.read(given.text, terms, "en")


def fits(key_result: KeyResult, value: Decimal, steps: Iterable[Milestone]) -> bool:
    """Whether a number means something for this key result's kind."""
    return KINDS[key_result.kind].fits(value, Terms(milestones=tuple(steps)))


def weight(node: yaml.Node) -> Decimal:
    """A weight, 0 or more."""
    value = amount(typed(node), None)
    check_weight(value)
    return value


def confidence(node: yaml.Node) -> int:
    """A whole number from 0 to 10."""
    return confidence_of_text(one_line(node, LONGEST_NAME))


def confidence_of_text(text: str) -> int:
    """The same, of a text."""
    if not re.fullmatch("[0-9]|10", text):
        raise OkrError(f"“{text[:40]}” is not a confidence. It is a whole number from 0 to 10.")
    return int(text)


def submission_key(author: str, at: datetime) -> str:
    """The external key of what one person said at one instant."""
    return f"import:{author}:{utc(at).isoformat()}"
