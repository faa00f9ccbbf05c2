"""Forms that change what was agreed, and what is said afterwards: facts, as in `bot.okr.facts`."""

from dataclasses import dataclass
from enum import StrEnum

from bot.okr.details import AgreedChange
from bot.okr.facts import Person
from bot.okr.forms import KeyResultFields
from bot.okr.setting import Choice


class State(StrEnum):
    """Whether something counts; the value is stored in the change log and what people read."""

    IN_FORCE = "in force"
    POSTPONED = "postponed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class KeyResultEdit:
    """The **Edit** form of a key result. `seen` is the newest change that it shows; `form` counts its redrawings.

    `asks_why`: its cycle runs or somebody has checked in, so another target wants a reason. `contested` says in
    sentences what somebody else has changed meanwhile.
    """

    person: Person
    number: int
    title: str
    fields: KeyResultFields
    objective: Choice
    state: State
    seen: int
    form: int
    asks_why: bool
    contested: tuple[str, ...] = ()


@dataclass(frozen=True)
class ObjectiveEdit:
    """The **Edit** form of an objective; as `KeyResultEdit`. `owner` is a `U…` id.

    `may_have_owner`: it is somebody's own, or objectives may be in this workspace. `waits_for`: who is asked to agree
    to it, an empty text for nobody, None where it does not wait; `may_withdraw`: the reader may take it back.
    """

    person: Person
    number: int
    title: str
    why: str
    team: Choice
    cycle: Choice
    supports: Choice | None
    owner: str | None
    may_have_owner: bool
    private: bool
    state: State
    seen: int
    form: int
    contested: tuple[str, ...] = ()
    waits_for: str | None = None
    may_withdraw: bool = False


@dataclass(frozen=True)
class ChangeSaved:
    """What a form has changed of `shown_id` (`KR-3`); `change` None where nothing was different."""

    person: Person
    shown_id: str
    title: str
    unit: str | None
    change: AgreedChange | None


@dataclass(frozen=True)
class ChangeNotice:
    """Told once to somebody whom a change by another concerns: as the `new owner`, `old owner` or `owner`."""

    person: Person
    concerns: str
    shown_id: str
    title: str
    unit: str | None
    change: AgreedChange
