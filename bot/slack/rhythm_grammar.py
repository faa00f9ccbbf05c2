"""The text after `/okr away`, `back`, `settings`, `why`, `rehearse`, taken apart. The others are in `grammar`."""

import re
from dataclasses import dataclass

from bot.slack.typed import as_typed

_FROM = re.compile(r"from\s+(?P<since>.+?)\s+(?:until|till|to|-)\s+(?P<until>.+)", re.IGNORECASE)
_UNTIL = re.compile(r"(?:(?:until|till|to)\s+|for\s+)?(?P<until>.+)", re.IGNORECASE)


@dataclass(frozen=True)
class GoAway:
    """`/okr away until 12 Aug`, `/okr away from 3 Aug until 12 Aug`; the days as typed. Without any: how it stands."""

    until: str | None = None
    since: str | None = None


@dataclass(frozen=True)
class ComeBack:
    """`/okr back`"""


@dataclass(frozen=True)
class OpenSettings:
    """`/okr settings`"""


@dataclass(frozen=True)
class AskWhy:
    """`/okr why`"""


@dataclass(frozen=True)
class Rehearse:
    """`/okr rehearse`"""


RhythmCommand = GoAway | ComeBack | OpenSettings | AskWhy | Rehearse


def read_away(rest: str) -> GoAway:
    """What stands behind `/okr away`."""
    typed = " ".join(as_typed(rest).split())
    if not typed:
        return GoAway()
    both = _FROM.fullmatch(typed)
    if both:
        return GoAway(both["until"], both["since"])
    until = _UNTIL.fullmatch(typed)
    return GoAway(until["until"] if until else typed)


def read_back(rest: str) -> ComeBack:
    """`/okr back`; whatever is typed behind it changes nothing."""
    return ComeBack()


def read_settings(rest: str) -> OpenSettings:
    """`/okr settings`; everything is in the form."""
    return OpenSettings()


def read_why(rest: str) -> AskWhy:
    """`/okr why`"""
    return AskWhy()


def read_rehearse(rest: str) -> Rehearse:
    """`/okr rehearse`; whatever is typed behind it changes nothing."""
    return Rehearse()
