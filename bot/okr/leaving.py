"""What somebody who leaves leaves behind: facts, as in `bot.okr.facts`."""

from dataclasses import dataclass

from bot.okr.facts import Person


@dataclass(frozen=True)
class Orphaned:
    """A key result whose owner has left."""

    number: int
    title: str
    team: str


@dataclass(frozen=True)
class LeaverNotice:
    """Told once to the lead (else the first champion). `more` counts what is not listed."""

    person: Person
    leaver: str
    leaver_id: int
    orphaned: tuple[Orphaned, ...]
    more: int


@dataclass(frozen=True)
class HandOverForm:
    """The form that hands it all over; `more` counts what has no line of its own and goes with everything."""

    person: Person
    leaver: str
    leaver_id: int
    orphaned: tuple[Orphaned, ...]
    more: int


@dataclass(frozen=True)
class Received:
    """What one person owns now."""

    owner: str
    key_results: tuple[Orphaned, ...]


@dataclass(frozen=True)
class HandedOver:
    """What was handed over, and how much is `left`. `giver` where it is told to the new owner."""

    person: Person
    leaver: str
    received: tuple[Received, ...]
    left: int
    giver: str | None = None
