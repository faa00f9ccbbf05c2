"""What somebody who leaves leaves behind: facts, as in `bot.okr.facts`."""

from dataclasses import dataclass

from bot.okr.facts import Person
from bot.okr.human_ids import key_result_id, objective_id


@dataclass(frozen=True)
class Orphaned:
    """A key result whose owner has left; or an `is_objective` that was theirs alone, or that they had not published."""

    number: int
    title: str
    team: str
    is_objective: bool = False

    @property
    def shown_id(self) -> str:
        """`KR-3`, `O-1`."""
        return objective_id(self.number) if self.is_objective else key_result_id(self.number)


@dataclass(frozen=True)
class LeaverNotice:
    """Told once to the lead (else the first champion). `more` counts what is not listed.

    `led`: the teams without a lead now, told to the champion.
    """

    person: Person
    leaver: str
    leaver_id: int
    orphaned: tuple[Orphaned, ...]
    more: int
    led: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandOverForm:
    """A page of the form that hands it all over. `more` counts what follows on the next pages.

    `page` counts from 1; `handed`: how many were handed over with the page before.
    """

    person: Person
    leaver: str
    leaver_id: int
    orphaned: tuple[Orphaned, ...]
    more: int
    page: int = 1
    handed: int = 0


@dataclass(frozen=True)
class Received:
    """What one person owns now."""

    owner: str
    key_results: tuple[Orphaned, ...]


@dataclass(frozen=True)
class HandedOver:
    """What was handed over, and how much is `left`. `giver` where it is told to the new owner.

    `following`: the next page of the form, where there is one.
    """

    person: Person
    leaver: str
    received: tuple[Received, ...]
    left: int
    giver: str | None = None
    following: HandOverForm | None = None
