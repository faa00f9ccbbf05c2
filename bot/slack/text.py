"""The one place where what people typed becomes mrkdwn, and where lengths and times become words.

`Mrkdwn` marks a text that is safe to print. Whatever is not marked is escaped when a template prints it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from babel.dates import format_date, format_datetime

from bot.okr.zones import first_known_zone, utc

ELLIPSIS = "…"
LONGEST_TITLE = 90
LONGEST_NAME = 40

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_WORD_JOINER = "\u2060"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})

# Marks that would open a style, and what looks like them but never does. Slack has no escape for its marks, and
# whether an invisible character beside one stops the style differs from client to client.
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_URL = re.compile(r"https?://[^\s<>|`]+")
_INSIDE_A_WORD = re.compile(r"(?<=[^\W_])[*_~](?=[^\W_])")
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_QUOTE_AT_LINE_START = re.compile(r"^(\s*)(?=>)", re.MULTILINE)
# Controls, and marks that turn the writing direction for whatever follows them.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

_EXTENDING = frozenset({"Mn", "Me", "Mc"})
_JOINER = "\u200d"
_LONGEST_CLUSTER = 16
_CODE_POINTS_PER_CHARACTER = 4
_MRKDWN_UNIT = re.compile(r"<[^<>\n]*>|&(?:amp|lt|gt);", re.DOTALL)


class Mrkdwn(str):
    """A text that is mrkdwn already: safe to print as it is."""

    __slots__ = ()


def escape(text: str) -> Mrkdwn:
    """What a person typed, as mrkdwn that looks the same: no ping, no link, no style, no quote comes out of it.

    `&`, `<` and `>` become entities; marks that could open a style become lookalikes, except inside words and web
    addresses; `@channel` and its kin are broken up. A text marked as `Mrkdwn` is returned as it is.
    """
    if isinstance(text, Mrkdwn):
        return text
    clean = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts: list[str] = []
    end = 0
    for match in _URL.finditer(clean):
        parts += (_without_styles(clean, end, match.start()), match[0])
        end = match.end()
    parts.append(_without_styles(clean, end, len(clean)))
    unstyled = _QUOTE_AT_LINE_START.sub(rf"\1{_WORD_JOINER}", "".join(parts))
    entities = unstyled.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Mrkdwn(_BROADCAST.sub(f"@{_WORD_JOINER}", entities))


def _without_styles(text: str, start: int, end: int) -> str:
    kept = {match.start() for match in _INSIDE_A_WORD.finditer(text, start, end)}
    return "".join(text[i] if i in kept else text[i].translate(_LOOKALIKES) for i in range(start, end))


def single_line(text: str) -> str:
    """The text on one line, runs of white space taken together."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def clip(text: str, limit: int) -> str:
    """The text if it has at most `limit` characters as a reader counts them, else its beginning with `…`.

    Letters with their accents and joined emoji are never cut apart; what piles up more than a sane number of marks
    on one letter loses the rest of them.
    """
    if text.isascii() and len(text) <= limit:
        return text
    kept: list[str] = []
    room = limit * _CODE_POINTS_PER_CHARACTER + _LONGEST_CLUSTER
    for cluster in _clusters(text):
        shown = cluster[:_LONGEST_CLUSTER]
        room -= len(shown)
        if len(kept) == limit or room < 0:
            return "".join(kept[: limit - 1]).rstrip() + ELLIPSIS
        kept.append(shown)
    return "".join(kept)


def fit(text: str, limit: int) -> str:
    """The text if it has at most `limit` code points, else its beginning with `…`; no joined character is cut apart.

    For the places where Slack itself counts and refuses: the words of an option, a button, a title.
    """
    if len(text) <= limit:
        return text
    kept, room = "", limit - len(ELLIPSIS)
    for cluster in _clusters(text):
        if len(kept) + len(cluster) > room:
            break
        kept += cluster
    return kept.rstrip() + ELLIPSIS


def _clusters(text: str) -> Iterator[str]:
    """Characters as people see them: a base with its marks, joined emoji, flags by their two letters."""
    start = 0
    flags = 0
    for i, char in enumerate(text):
        flag = "\U0001f1e6" <= char <= "\U0001f1ff"
        if i > start:
            joined = _extends(char) or text[i - 1] == _JOINER or (flag and flags % 2 == 1)
            if not joined:
                yield text[start:i]
                start = i
        flags = flags + 1 if flag else 0
    if start < len(text):
        yield text[start:]


def _extends(char: str) -> bool:
    return (
        char == _JOINER
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or unicodedata.category(char) in _EXTENDING
    )


def isolate(text: Mrkdwn) -> Mrkdwn:
    """Wrapped so that writing from right to left does not turn the sentence around it."""
    if not text.isascii() and any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return Mrkdwn(f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}")
    return text


def title(text: str, limit: int = LONGEST_TITLE) -> Mrkdwn:
    """A title inside a sentence: one line, at most `limit` characters, escaped."""
    if isinstance(text, Mrkdwn):
        return text
    return isolate(escape(clip(single_line(text), limit)))


def name(text: str) -> Mrkdwn:
    """A person's or team's name inside a sentence. Names are text, so nobody is pinged."""
    return title(text, LONGEST_NAME)


def paragraph(text: str, limit: int) -> Mrkdwn:
    """What a person wrote in several lines, escaped; at most `limit` characters and no empty lines."""
    lines = (single_line(line) for line in text.splitlines())
    return isolate(escape(clip("\n".join(line for line in lines if line), limit)))


def quoted(text: str, limit: int) -> Mrkdwn:
    """The same as a quotation: every line marked."""
    return Mrkdwn("\n".join(f">{line}" for line in paragraph(text, limit).splitlines()))


def names(people: Sequence[str], limit: int, longest: int = LONGEST_NAME) -> Mrkdwn:
    """`Ann, Ben and 3 more`: as many names (of at most `longest` each) as fit into `limit` visible characters."""
    # One per character is more than can fit, and spares the work for thousands.
    shown = [title(person, longest) for person in people[:limit]]
    rest = len(f" and {len(people)} more")
    used = 0
    fitting = 0
    for person in shown:
        used += visible_length(person) + len(", ")
        if used - len(", ") + rest > limit:
            break
        fitting += 1
    whole = _listing(shown, len(people) - len(shown))
    if fitting >= len(shown) - 1 and visible_length(whole) <= limit:
        return whole
    if not fitting:
        return Mrkdwn(counted(len(people), "person", "people"))
    return _listing(shown[:fitting], len(people) - fitting)


def _listing(shown: Sequence[str], hidden: int) -> Mrkdwn:
    if hidden:
        return Mrkdwn(f"{', '.join(shown)} and {hidden} more")
    if len(shown) < 2:
        return Mrkdwn("".join(shown))
    return Mrkdwn(f"{', '.join(shown[:-1])} and {shown[-1]}")


def counted(number: int, one: str, many: str) -> str:
    """`1 key result`, `5 key results`."""
    return f"{number} {one if number == 1 else many}"


def visible_length(mrkdwn: str) -> int:
    """How many characters a reader sees at most: an entity counts once, a link as its label."""
    hidden = sum(len(match[0]) - _width(match[0]) for match in _MRKDWN_UNIT.finditer(mrkdwn))
    return len(mrkdwn) - hidden


def clip_mrkdwn(mrkdwn: str, limit: int) -> Mrkdwn:
    """Mrkdwn cut to `limit` visible characters without cutting an entity, a link or a date apart."""
    if visible_length(mrkdwn) <= limit:
        return Mrkdwn(mrkdwn)
    kept: list[str] = []
    room = limit - 1
    for unit in _units(mrkdwn):
        room -= _width(unit)
        if room < 0:
            break
        kept.append(unit)
    cut = "".join(kept).rstrip()
    open_isolates = cut.count(_FIRST_STRONG_ISOLATE) - cut.count(_POP_ISOLATE)
    return Mrkdwn(cut + ELLIPSIS + _POP_ISOLATE * max(0, open_isolates))


def _units(mrkdwn: str) -> Iterator[str]:
    end = 0
    for match in _MRKDWN_UNIT.finditer(mrkdwn):
        yield from _clusters(mrkdwn[end : match.start()])
        yield match[0]
        end = match.end()
    yield from _clusters(mrkdwn[end:])


def _width(unit: str) -> int:
    if unit.startswith("<") and unit.endswith(">") and len(unit) > 2:
        return len(unit.rpartition("|")[2]) - (1 if "|" in unit else 2)
    if unit.startswith("&") and unit.endswith(";"):
        return 1
    return len(unit)


def plain(mrkdwn: str) -> str:
    """Our own mrkdwn without its marks, for a place that shows no styles (the summary in a notification)."""
    return mrkdwn.replace("*", "").replace("`", "")


def zoned(instant: datetime, zone: str) -> str:
    """`Wed 14 Oct, 17:00 (Europe/Berlin)`: a time always names its zone. An unknown zone becomes UTC."""
    known = first_known_zone([zone])
    shown = format_datetime(utc(instant).astimezone(known), "EEE d MMM, HH:mm", tzinfo=known, locale="en")
    return f"{shown} ({known.key})"


def moment(instant: datetime, zone: str) -> Mrkdwn:
    """The instant as Slack shows it to each reader in their own zone; where it can't, as `zoned` tells it."""
    return Mrkdwn(f"<!date^{int(utc(instant).timestamp())}^{{date_short_pretty}}, {{time}}|{zoned(instant, zone)}>")


def clock(instant: datetime, zone: str) -> str:
    """`17:10 (Europe/Berlin)`, where the day goes without saying."""
    known = first_known_zone([zone])
    return f"{utc(instant).astimezone(known):%H:%M} ({known.key})"


def day(when: date) -> str:
    """`12 Oct`: a calendar day, which is the same everywhere."""
    return format_date(when, "d MMM", locale="en")


def weekday(when: date) -> str:
    """`Mon 30 Nov`: a calendar day with its day of the week."""
    return format_date(when, "EEE d MMM", locale="en")


def lines(parts: Iterable[str]) -> Mrkdwn:
    """Several lines of mrkdwn as one text, empty ones left out."""
    return Mrkdwn("\n".join(part for part in parts if part))
