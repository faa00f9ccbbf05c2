"""One objective or key result shown whole, with what became of it: facts, as in `bot.okr.facts`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.okr.facts import KeyResultStanding, Person
from bot.okr.kinds import Kind, Terms
from bot.okr.status import Status


@dataclass(frozen=True, order=True)
class Mark:
    """A place in a history: an entry's instant, its kind (0 a check-in, 1 a change), and its row id."""

    at: datetime
    kind: int
    row_id: int


@dataclass(frozen=True)
class SaidAs:
    """What a value meant when it was said: the key result's kind and terms of that time."""

    kind: Kind
    terms: Terms


@dataclass(frozen=True)
class CheckInVersion:
    """One version of a check-in. `version` counts from 1; `superseded` where a newer one stands.

    `before` is the value that was known when the check-in was first made; `about` the instant it counts for.
    """

    at: datetime
    author: str
    submission: int
    version: int
    about: datetime
    before: Decimal | None
    after: Decimal | None
    unchanged: bool
    confidence: int | None
    note: str | None
    superseded: bool
    withdrawn: bool
    back_dated: bool
    may_edit: bool = False
    """Whether the reader may change it, or put it back: it is the newest version, and theirs to change."""
    said_as: SaidAs | None = None
    """How its values were worded then; None where as today."""
    by_change_of_kind: bool = False
    """A change of the key result's kind set it aside or put it back."""


@dataclass(frozen=True)
class ChangedPart:
    """One thing that a change was about: its words (`target`), and what it was before and after (None: nothing).

    A Decimal is a value in the key result's unit unless it is `unitless` (a weight), a text is told as it is.
    """

    label: str
    before: Decimal | str | None
    after: Decimal | str | None
    unitless: bool = False


@dataclass(frozen=True)
class AgreedChange:
    """A change of what was agreed. `action` is its stored word; `author` None where no person did it."""

    at: datetime
    author: str | None
    action: str
    parts: tuple[ChangedPart, ...]
    reason: str | None


@dataclass(frozen=True)
class HistoryPage:
    """Some entries, newest first, and the marks behind which there are older and newer ones (None: no more)."""

    entries: tuple[CheckInVersion | AgreedChange, ...] = ()
    older_than: Mark | None = None
    newer_than: Mark | None = None


@dataclass(frozen=True)
class OtherObjective:
    """An objective that another one supports or is supported by; `title` None where the reader may not read it."""

    number: int
    title: str | None


@dataclass(frozen=True)
class TakenOut:
    """It is out of every list: `kind` is `dropped` or `postponed`."""

    kind: str
    at: datetime
    reason: str | None


@dataclass(frozen=True)
class KeyResultDetails:
    """`/okr show KR-3`. `taken_out` may come from its objective (`with_objective`)."""

    person: Person
    standing: KeyResultStanding
    cycle: str
    starts_on: date
    ends_on: date
    private: bool
    draft: bool
    taken_out: TakenOut | None
    with_objective: bool
    owner_left: bool
    delegate: str | None
    contributors: tuple[str, ...]
    supports: OtherObjective | None
    may_edit: bool
    history: HistoryPage


@dataclass(frozen=True)
class ObjectiveDetails:
    """`/okr show O-1`. `progress`, `status` and `unknown_share` roll all its key results up; None without any.

    `more` counts those that are not in `key_results`.
    """

    person: Person
    number: int
    title: str
    why: str | None
    team: str
    cycle: str
    starts_on: date
    ends_on: date
    owner: str | None
    private: bool
    draft: bool
    taken_out: TakenOut | None
    supports: OtherObjective | None
    supported_by: tuple[OtherObjective, ...]
    key_results: tuple[KeyResultStanding, ...]
    more: int
    progress: Decimal | None
    expected: Decimal | None
    status: Status | None
    unknown_share: Decimal | None
    may_edit: bool
    weights: tuple[Decimal, ...] = ()
    """The share of the whole that each of `key_results` weighs; empty where all weigh the same."""


@dataclass(frozen=True)
class ObjectiveHistory:
    """What became of an objective."""

    person: Person
    number: int
    title: str
    history: HistoryPage
