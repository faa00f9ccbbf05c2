"""Facts of setting objectives: what its forms and messages are filled with. See `bot.okr.facts`."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.okr.details import AgreedChange
from bot.okr.facts import Person
from bot.okr.forms import KeyResultFields, ObjectiveFields
from bot.okr.kinds import METRIC, Kind, Terms


@dataclass(frozen=True)
class Choice:
    """An entry of a menu: what is sent, what is read, and a line below it."""

    value: int
    words: str
    note: str = ""


@dataclass(frozen=True)
class OfferedDraft:
    """Something the member began and may go on with; `nonce` names the form it came from.

    `number` is None where not even the first page was finished.
    """

    nonce: str
    number: int | None
    title: str
    key_results: int = 0


@dataclass(frozen=True)
class ObjectiveForm:
    """The **New objective** modal. `form`: which one of a chain of forms in one window.

    `teams` is None where there are too many for a menu. `begun`: the draft that is gone on with.
    """

    person: Person
    nonce: str
    form: int
    fields: ObjectiveFields
    team: Choice
    teams: tuple[Choice, ...] | None
    cycles: tuple[Choice, ...]
    supports: Choice | None = None
    may_be_individual: bool = False
    begun: OfferedDraft | None = None
    drafts: tuple[OfferedDraft, ...] = ()


@dataclass(frozen=True)
class SetKeyResult:
    """A key result as it was just set."""

    number: int
    title: str
    terms: Terms
    weight: Decimal
    owner: str | None
    kind: Kind = METRIC


@dataclass(frozen=True)
class KeyResultForm:
    """The **Key result** modal: for which objective, what is kept so far, and what its inputs hold.

    `asks`: saving the last one asks a lead or champion to agree. `fresh`: it is shown for the first time, not because
    another kind was chosen in it. `adding`: to an objective that is published.
    """

    person: Person
    form: int
    objective: int
    objective_title: str
    fields: KeyResultFields
    kept: tuple[SetKeyResult, ...] = ()
    asks: bool = False
    fresh: bool = True
    adding: bool = False


@dataclass(frozen=True)
class ObjectiveSet:
    """An objective with its key results, told to a person: to who set it, or to who is asked to agree.

    `waits`: it is not published before somebody agrees; `asked`: who is asked (None where nobody is left who may).
    `agreed_by`: who did. `version` names what it says, `seen` the newest change of it, while it waits.
    """

    person: Person
    number: int
    title: str
    why: str | None
    team: str
    cycle: str
    private: bool
    key_results: tuple[SetKeyResult, ...]
    author: str | None = None
    supports: Choice | None = None
    asked: str | None = None
    agreed_by: str | None = None
    waits: bool = False
    version: str | None = None
    seen: int | None = None


class Outcome(StrEnum):
    """What may come of asking a lead or champion; the value is the word that the change log keeps."""

    AGREED = "agreed"
    SENT_BACK = "sent back"
    WITHDRAWN = "withdrawn"
    DISCARDED = "dropped"
    PASSED_ON = "passed on"


@dataclass(frozen=True)
class Agreement:
    """What came of asking a lead or champion: by whom and when, with which comment.

    `by` is who is asked now where it was passed on. `zone` is the reader's, an IANA name. `nonce` names the form that
    the author goes on with.
    """

    number: int
    title: str
    outcome: Outcome
    by: str
    at: datetime
    zone: str
    author: str | None
    comment: str | None = None
    nonce: str | None = None

    @property
    def agreed(self) -> bool:
        """Whether it was published."""
        return self.outcome is Outcome.AGREED


@dataclass(frozen=True)
class ChangedMeanwhile:
    """One change of an objective (or of its key result `shown_id`) since somebody read it; `unit` of its values."""

    shown_id: str
    unit: str | None
    change: AgreedChange


@dataclass(frozen=True)
class AskedAnew:
    """**Approve** was pressed for what had changed since it was read: nothing is decided, and it is asked again."""

    asked: ObjectiveSet
    changes: tuple[ChangedMeanwhile, ...]
