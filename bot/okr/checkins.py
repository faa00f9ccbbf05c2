"""Which check-in counts, and how long it may be taken back (product rule 7)."""

from collections.abc import Hashable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from bot.okr.errors import TooLateToUndo
from bot.okr.zones import utc

UNDO_WINDOW = timedelta(minutes=10)


class Dated(Protocol):
    """What decides which of several check-ins of one key result is the current one."""

    @property
    def as_of(self) -> date:
        """The day (or instant; the same for all compared) the value was true, which may lie before it was typed."""
        ...

    @property
    def recorded_at(self) -> datetime:
        """When it was entered."""
        ...

    @property
    def version(self) -> int:
        """1 for the first, counting up with every edit."""
        ...


class Valued(Dated, Protocol):
    """A dated check-in with what it says; None where the value was not answered."""

    @property
    def value(self) -> Decimal | None: ...


class Versioned(Dated, Protocol):
    """One version of a check-in: versions with the same `entry` are one check-in, edited."""

    @property
    def entry(self) -> Hashable:
        """What all versions of one check-in share."""
        ...

    @property
    def withdrawn(self) -> bool:
        """Whether this version takes the check-in back."""
        ...


DatedT = TypeVar("DatedT", bound=Dated)
VersionedT = TypeVar("VersionedT", bound=Versioned)


def current(check_ins: Iterable[DatedT]) -> DatedT | None:
    """The check-in with the latest day it is about (then the latest entered, then the highest version).

    The order of the argument plays no part. Give only check-ins in force (see `in_force`). None for none.
    """
    return max(check_ins, key=lambda each: (each.as_of, each.recorded_at, each.version), default=None)


def in_force(versions: Iterable[VersionedT]) -> list[VersionedT]:
    """The newest version of every check-in, without those that were taken back; in the order they first appear.

    An edit that moves a check-in to an earlier day thereby removes it from the later one.
    """
    newest: dict[Hashable, VersionedT] = {}
    for each in versions:
        known = newest.get(each.entry)
        if known is None or each.version > known.version:
            newest[each.entry] = each
    return [each for each in newest.values() if not each.withdrawn]


def value_now(start: Decimal, check_ins: Iterable[Valued]) -> Decimal:
    """The value a key result has: that of the current check-in that names one, else where it started.

    A value of 0 is a value like any other.
    """
    latest = current(each for each in check_ins if each.value is not None)
    return start if latest is None or latest.value is None else latest.value


def may_undo(submitted_at: datetime, now: datetime) -> bool:
    """Whether Undo still works: until ten minutes after the submission, the tenth minute's end included."""
    return utc(now) - utc(submitted_at) <= UNDO_WINDOW


def check_undo(submitted_at: datetime, now: datetime) -> None:
    """Raise `TooLateToUndo` once the ten minutes are over."""
    if not may_undo(submitted_at, now):
        raise TooLateToUndo("Undo works for ten minutes, and they are over. Enter the right value with /okr update.")
