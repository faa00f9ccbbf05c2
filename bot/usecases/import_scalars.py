"""One scalar of an import's file: its own text becomes a name, a day, a number. Each raises OkrError with a reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import yaml

from bot.okr.errors import OkrError
from bot.okr.kinds import KINDS, METRIC
from bot.okr.numbers import check_value, parse_value
from bot.okr.rollup import check_weight
from bot.okr.zones import utc, zone_named
from bot.usecases.import_plans import suggestion

LONGEST_KEY = 120
LONGEST_NAME = 80
LONGEST_TITLE = 3000
LONGEST_TEXT = 3000
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
    return " ".join(_whole(text).split())


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def scalar(node: yaml.Node, longest: int) -> str:
    """A text as it was written, with its line breaks."""
    if not isinstance(node, yaml.ScalarNode):
        raise OkrError("here should be a text, not a list or a mapping.")
    text = _whole(node.value).strip()
    if not text:
        raise OkrError("this is empty. Leave the name out, or write something.")
    if len(text) > longest:
        raise OkrError(f"this is too long: at most {longest} characters.")
    return text


def one_line(node: yaml.Node, longest: int) -> str:
    """A text on one line."""
    return " ".join(scalar(node, longest).split())


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
    """The stored name of a kind of key result that is offered today."""
    text = one_line(node, LONGEST_NAME)
    found = KINDS.get(text)
    if found is not METRIC:
        names = [METRIC.name]
        known = "can't be imported yet" if found else "is not a kind of key result"
        raise OkrError(f"“{text[:40]}” {known}. There is {', '.join(names)}{suggestion(text, names)}.")
    return text


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
    text = one_line(node, LONGEST_NAME)
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


def typed(node: yaml.Node) -> Typed:
    """A number's own text."""
    return Typed(line_of(node), one_line(node, LONGEST_NUMBER), bare=not getattr(node, "style", None))


def amount(given: Typed, measured_in: str | None) -> Decimal:
    """The exact number: YAML's own spelling to the last digit, and whatever people type otherwise (`45k`)."""
    if given.bare and _PLAIN_NUMBER.fullmatch(given.text):
        return check_value(Decimal(given.text))
    return parse_value(given.text, "en", measured_in)


def weight(node: yaml.Node) -> Decimal:
    """A weight, 0 or more."""
    value = amount(typed(node), None)
    check_weight(value)
    return value


def confidence(node: yaml.Node) -> int:
    """A whole number from 0 to 10."""
    text = one_line(node, LONGEST_NAME)
    if not re.fullmatch("[0-9]|10", text):
        raise OkrError(f"“{text[:40]}” is not a confidence. It is a whole number from 0 to 10.")
    return int(text)


def submission_key(author: str, at: datetime) -> str:
    """The external key of what one person said at one instant."""
    return f"import:{author}:{utc(at).isoformat()}"
