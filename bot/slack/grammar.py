"""The text after `/okr`, taken apart. Words only: whether a value, a person or a team exists is asked elsewhere."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from bot.okr.errors import OkrError, UnreadableId
from bot.okr.human_ids import Prefix, key_result_id, looks_like_id, parse_human_id
from bot.okr.one_line import NUMBER_BEGINS, confidence_in, goes_on
from bot.slack.id_grammar import Edit, Show, read_edit, read_show
from bot.slack.organisation_grammar import OrganisationCommand, read_cycle, read_role, read_team
from bot.slack.other_words import OTHER_WORDS
from bot.slack.rhythm_grammar import RhythmCommand, read_away, read_back, read_rehearse, read_settings, read_why
from bot.slack.typed import CLOSING as _CLOSING
from bot.slack.typed import KEPT_SPACE as _KEPT_SPACE
from bot.slack.typed import OPENING as _OPENING
from bot.slack.typed import PERSON as _PERSON
from bot.slack.typed import SLACK_ESCAPE as _SLACK_ESCAPE
from bot.slack.typed import as_typed as _as_typed
from bot.slack.typed import shown as _shown
from bot.slack.typed import unquoted as _unquoted

EXAMPLE = "/okr update KR-3 45k 8 short note"
NOT_SAVED = f"Nothing was saved. An example: {EXAMPLE}"
MOST_TOLD = 5


class UnreadableLine(OkrError):
    """A one-line check-in that cannot be read; nothing of the whole message is saved."""

    default_help_topic = "update"


class ScopeKind(StrEnum):
    """Whose key results a list shows."""

    ME = "me"
    PERSON = "person"
    TEAM = "team"
    COMPANY = "company"


@dataclass(frozen=True)
class Scope:
    """`me`, `@person` (a Slack id, or only the name that was typed), a team's name, `company`."""

    kind: ScopeKind = ScopeKind.ME
    name: str | None = None
    slack_id: str | None = None


class ListFilter(StrEnum):
    """The last word or words of `/okr list`."""

    AT_RISK = "at risk"
    STALE = "stale"
    MISSING = "missing"
    ALL = "all"


@dataclass(frozen=True)
class UpdateLine:
    """One key result's one-line check-in. `value` is as typed: `45k`, `+3%`, `=`, `=-2m`, `done`."""

    key_result: int
    value: str
    confidence: int | None = None
    note: str | None = None
    rest: str | None = field(default=None, compare=False)
    """Everything behind the value as typed, quotation marks and all: it may begin with the value's unit."""


@dataclass(frozen=True)
class MyWeek:
    """`/okr`"""


@dataclass(frozen=True)
class Help:
    """`/okr help [topic]`"""

    topic: str | None = None


@dataclass(frozen=True)
class UpdateForm:
    """`/okr update`"""


@dataclass(frozen=True)
class UpdateLines:
    """`/okr update KR-3 45k 8 short note | KR-4 =`"""

    lines: tuple[UpdateLine, ...]


@dataclass(frozen=True)
class ListKeyResults:
    """`/okr list [me, @person, team name, company] [at risk, stale, missing, all]`"""

    scope: Scope = Scope()
    filter: ListFilter | None = None


@dataclass(frozen=True)
class SetObjective:
    """`/okr set`; what was typed behind it is the objective's first wording."""

    title: str | None = None


@dataclass(frozen=True)
class NotYet:
    """A command that is planned and not there yet."""

    word: str


@dataclass(frozen=True)
class Unknown:
    """A word that is no command, with the command that comes nearest, if one does."""

    word: str
    nearest: str | None


Command = (
    MyWeek
    | Help
    | UpdateForm
    | UpdateLines
    | ListKeyResults
    | SetObjective
    | Show
    | Edit
    | OrganisationCommand
    | RhythmCommand
    | NotYet
    | Unknown
)

PLANNED = (
    "tree", "attention", "template", "digest", "thanks", "ask",
    "as-of", "close", "retro", "lessons", "learn", "champions", "pulse", "review",
    "my-data", "export", "report",
)  # fmt: skip

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\x00-\x08\x0e-\x1b\x7f]")
# A no-break space groups digits ("45 000"); anywhere else it separates words like any other.
_GROUPING_SPACE = re.compile("(?<=[0-9])[\u00a0\u202f\u2009](?=[0-9]{3}(?![0-9]))")
_LONE_LETTER = frozenset({"k", "m", "b"})
_FILTER_AT_END = re.compile(r"(?:^|\s)(?P<filter>at[\s_-]risk|stale|missing|all)$", re.IGNORECASE)
_DEFAULT_SCOPES = MappingProxyType(
    {"": ScopeKind.ME, "me": ScopeKind.ME, "mine": ScopeKind.ME, "company": ScopeKind.COMPANY}
)


def parse_command(text: str) -> Command:
    """Read what was typed after `/okr`. Raises `UnreadableLine` for a one-line check-in that cannot be read."""
    clean = cleaned(text)
    if not clean:
        return MyWeek()
    first, rest = _first_word(clean)
    word = _as_typed(first).casefold()
    reader = _READERS.get(word)
    if reader is not None:
        return reader(rest)
    if word in PLANNED:
        return NotYet(word)
    return Unknown(_as_typed(first), _nearest(word))


def cleaned(text: str) -> str:
    """Without what nobody sees, and with numbers such as “45 000” in one piece."""
    return _GROUPING_SPACE.sub(_KEPT_SPACE, _INVISIBLE.sub("", text)).strip()


def _first_word(text: str) -> tuple[str, str]:
    word, *rest = text.split(maxsplit=1)
    return word, rest[0] if rest else ""


def _nearest(word: str) -> str | None:
    if looks_like_id(word):
        return "update"
    if word in OTHER_WORDS:
        return OTHER_WORDS[word]
    for known in (tuple(_READERS), PLANNED):
        found = get_close_matches(word, known, n=1, cutoff=0.6)
        if found:
            return found[0]
    return None


def _read_help(rest: str) -> Command:
    topic = " ".join(_as_typed(rest).split()).casefold()
    return Help(topic or None)


def _read_update(rest: str) -> Command:
    return UpdateLines(tuple(_read_lines(rest))) if rest else UpdateForm()


def _read_set(rest: str) -> Command:
    return SetObjective(_note(rest))


def _read_list(rest: str) -> Command:
    asked = " ".join(rest.split())
    found = _FILTER_AT_END.search(asked)
    if found is None:
        return ListKeyResults(_scope(asked))
    chosen = re.sub(r"[\s_-]", " ", found["filter"].casefold())
    return ListKeyResults(_scope(asked[: found.start()].strip()), ListFilter(chosen))


def _scope(asked: str) -> Scope:
    person = _PERSON.fullmatch(asked)
    if person:
        return Scope(ScopeKind.PERSON, _as_typed(person["name"] or "") or None, person["id"])
    typed = _as_typed(asked)
    kind = _DEFAULT_SCOPES.get(typed.casefold())
    if kind is not None:
        return Scope(kind)
    if typed.startswith("@") and len(typed) > 1:
        return Scope(ScopeKind.PERSON, typed[1:])
    return Scope(ScopeKind.TEAM, _unquoted(typed))


_READERS: Mapping[str, Callable[[str], Command]] = MappingProxyType(
    {
        "help": _read_help,
        "update": _read_update,
        "list": _read_list,
        "set": _read_set,
        "show": read_show,
        "edit": read_edit,
        "role": read_role,
        "team": read_team,
        "cycle": read_cycle,
        "away": read_away,
        "back": read_back,
        "settings": read_settings,
        "why": read_why,
        "rehearse": read_rehearse,
    }
)
COMMANDS = tuple(_READERS)


def _read_lines(text: str) -> Iterator[UpdateLine]:
    seen: dict[int, None] = {}
    pieces = [piece for piece in split_at_bars(text) if piece]
    if not pieces:
        raise _unreadable("There is no key result in this line.")
    for piece in pieces:
        try:
            line = _read_line(piece)
        except UnreadableLine as unreadable:
            raise _behind_others(seen, unreadable) from unreadable
        if line.key_result in seen:
            raise _unreadable(f"{key_result_id(line.key_result)} is named twice; I can keep one value for it.")
        seen[line.key_result] = None
        yield line


def _behind_others(read: Collection[int], unreadable: UnreadableLine) -> UnreadableLine:
    """That of several parts the earlier ones could be read."""
    if not read:
        return unreadable
    named = ", ".join(map(key_result_id, list(read)[:MOST_TOLD]))
    return UnreadableLine(f"{named} I could read. {unreadable.sentence}")


def split_at_bars(text: str) -> Iterator[str]:
    """The parts between `|`, where one inside quotes or inside Slack's `<@U1|name>` does not count."""
    start = at = 0
    while at < len(text):
        escaped = _SLACK_ESCAPE.match(text, at)
        if escaped:
            at = escaped.end()
        elif text[at] in _OPENING and (at == start or text[at - 1].isspace() or text[at - 1] == "|"):
            at = _behind_quotation(text, at)
        elif text[at] == "|":
            yield text[start:at].strip()
            at = start = at + 1
        else:
            at += 1
    yield text[start:].strip()


def _behind_quotation(text: str, opening: int) -> int:
    """The place behind the quotation's end; behind the mark itself when it is no quotation."""
    for at in range(opening + 1, len(text)):
        ends_word = at + 1 == len(text) or text[at + 1].isspace() or text[at + 1] in "|.,;:!?)"
        if text[at] in _CLOSING and ends_word:
            return at + 1
    if "|" in text[opening:]:
        raise _unreadable(
            f"A quotation begins at {_shown(text[opening:])} and never ends, "
            "so I can't tell where the next line begins."
        )
    return opening + 1


def _read_line(piece: str) -> UpdateLine:
    number, rest = read_key_result(piece)
    return line_of(number, key_result_id(number), rest)


def line_of(number: int, shown_id: str, text: str) -> UpdateLine:
    """What stands behind a key result, which errors call `shown_id`. Raises `UnreadableLine`."""
    value, rest = _read_value(text)
    if not value:
        raise _unreadable(f"I read {shown_id}, but no value after it.")
    confidence, rest = _read_confidence(rest)
    word = _first_word(rest)[0] if rest else ""
    read = f"I read {shown_id} and the value {_shown(value)}"
    read += f" with confidence {confidence}" if confidence is not None else ""
    if NUMBER_BEGINS.match(word):
        raise _unreadable(
            f"{read}. Then comes {_shown(word)}: confidence is a whole number from 0 to 10, once, "
            f"and a note that begins with a number needs quotation marks around it."
        )
    if confidence is None and word.casefold() in _LONE_LETTER and value[-1:].isdigit():
        raise _unreadable(f"{read}. Then comes {_shown(word)}: write {_as_typed(value + word)} without a space.")
    behind = _as_typed(rest).strip() if confidence is None and rest else None
    return UpdateLine(number, _as_typed(value), confidence, _note(rest), behind)


def read_key_result(piece: str) -> tuple[int, str]:
    """The number of the key result at the beginning, and what follows it. Raises `UnreadableLine`."""
    word, rest = _first_word(piece)
    if word.casefold() in {"kr", "kr-"} and rest:
        digits, rest = _first_word(rest)
        word += digits
    try:
        human_id = parse_human_id(_as_typed(word).rstrip(":,"))
    except UnreadableId as unknown:
        raise _unreadable(
            f"I expected a key result such as KR-3 at the beginning, but read {_shown(word)}."
        ) from unknown
    if human_id.prefix is not Prefix.KEY_RESULT:
        raise _unreadable(f"{human_id} is an objective. Values belong to its key results, such as KR-3.")
    return human_id.number, rest


def _read_value(text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    if text[0] in _OPENING:
        end = _behind_quotation(text, 0)
        if end > 1:
            return text[1 : end - 1].strip(), text[end:].strip()
    value, rest = _first_word(text)
    if rest and goes_on(value, rest):
        digits, rest = _read_value(rest)
        value += digits
    if rest and _first_word(rest)[0] in {"%", "٪"}:
        sign, rest = _first_word(rest)
        value += sign
    return value, rest


def _read_confidence(text: str) -> tuple[int | None, str]:
    word, rest = _first_word(text) if text else ("", "")
    confidence = confidence_in(word)
    return (confidence, rest) if confidence is not None else (None, text)


def _note(text: str) -> str | None:
    return _unquoted(_as_typed(text).strip()) or None


def _unreadable(what: str) -> UnreadableLine:
    return UnreadableLine(f"{what} {NOT_SAVED}")
