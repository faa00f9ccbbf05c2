"""What became of a key result or an objective, made readable: the change log with the names behind its ids."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from bot.okr.details import AgreedChange, ChangedPart, CheckInVersion, HistoryPage, Mark
from bot.okr.human_ids import objective_id
from bot.okr.kinds import KINDS
from bot.store import history
from bot.store.history import Entry, Named
from bot.store.session import Session
from bot.store.tables import Change
from bot.usecases.kind_changes import Wordings

PAGE = 8


@dataclass(frozen=True)
class Window:
    """Which part of a history: the newest, or what stands beyond a mark."""

    older_than: Mark | None = None
    newer_than: Mark | None = None


NEWEST = Window()


@dataclass(frozen=True)
class Names:
    """What the ids in a history are called, by table and row id; and who contributes to the key result."""

    known: Mapping[tuple[str, int], Named]
    contributors: tuple[str, ...]

    def of(self, table: str, row_id: object) -> str | None:
        """The words for a row; None for nobody and for what is gone. A private objective is only its number."""
        found = self.known.get((table, row_id)) if isinstance(row_id, int) else None
        if found is None:
            return None
        if found.number is None:
            return found.words
        return objective_id(found.number) if found.private else f"{objective_id(found.number)} {found.words}"


# What a change log calls a column -> what people call it, and what its value is.
LABELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title": ("wording", "text"),
        "why": ("why it matters", "text"),
        "kind": ("kind", "kind"),
        "start": ("start", "value"),
        "target": ("target", "value"),
        "commit_level": ("commit", "value"),
        "stretch_level": ("stretch", "value"),
        "unit": ("unit", "text"),
        "weight": ("weight", "number"),
        "milestones": ("milestones", "steps"),
        "owner_id": ("owner", "member"),
        "delegate_id": ("delegate", "member"),
        "objective_id": ("objective", "objective"),
        "parent_id": ("what it supports", "objective"),
        "team_id": ("team", "team"),
        "cycle_id": ("cycle", "cycle"),
        "private": ("private", "truth"),
        "state": ("state", "text"),
        "contributor_ids": ("contributors", "members"),
        # As forms of earlier steps write it: people by name.
        "commit": ("commit", "value"),
        "stretch": ("stretch", "value"),
        "owner": ("owner", "text"),
        "delegate": ("delegate", "text"),
        "contributors": ("contributors", "texts"),
    }
)
_TABLES = ("member", "objective", "team", "cycle")


def page_of(entries: Sequence[Entry], window: Window) -> tuple[list[Entry], Mark | None, Mark | None]:
    """The entries of one page of those that were read (one more than fits), and the marks of its ends."""
    if window.newer_than is not None:
        shown = list(entries)[-PAGE:]
        more_newer, more_older = len(entries) > PAGE, True
    else:
        shown = list(entries)[:PAGE]
        more_newer, more_older = window.older_than is not None, len(entries) > PAGE
    if not shown:
        return [], None, None
    return shown, shown[-1].mark if more_older else None, shown[0].mark if more_newer else None


def names_in(session: Session, entries: Iterable[Entry | Change], contributors_of: int | None = None) -> Names:
    """The names behind the ids in these entries. One statement."""
    wanted: dict[str, set[int]] = {table: set() for table in _TABLES}
    for entry in entries:
        for values in (entry.before or {}, entry.after or {}):
            for column, value in values.items():
                table = LABELS.get(column, ("", ""))[1]
                if table in wanted and isinstance(value, int):
                    wanted[table].add(value)
                elif table == "members" and isinstance(value, list):
                    wanted["member"] |= {each for each in value if isinstance(each, int)}
    found = history.named(
        session,
        members=wanted["member"],
        objectives=wanted["objective"],
        teams=wanted["team"],
        cycles=wanted["cycle"],
        contributors_of=contributors_of,
    )
    known = {(each.table, each.row_id): each for each in found}
    return Names(known, tuple(each.words for each in found if each.table == "contributor"))


def change_told(session: Session, change: Change, author: str | None) -> AgreedChange:
    """One change as a fact. One statement."""
    return _change(change, author, names_in(session, [change]))


def told(
    entries: Iterable[Entry], names: Names, editable: Collection[int] = (), said: Wordings | None = None
) -> tuple[CheckInVersion | AgreedChange, ...]:
    """Entries as facts."""
    return tuple(
        _change(each, each.author, names)
        if each.kind == history.CHANGE
        else _check_in(each, said, may_edit=each.row_id in editable)
        for each in entries
    )


def as_page(
    shown: Sequence[Entry],
    older: Mark | None,
    newer: Mark | None,
    names: Names,
    editable: Collection[int] = (),
    said: Wordings | None = None,
) -> HistoryPage:
    """A page as a fact. `editable`: the row ids of check-ins that the reader may change; `said`: how they were told."""
    return HistoryPage(told(shown, names, editable, said), older_than=older, newer_than=newer)


def _check_in(entry: Entry, said: Wordings | None, *, may_edit: bool) -> CheckInVersion:
    assert entry.submission_id is not None
    assert entry.version is not None
    return CheckInVersion(
        at=entry.at,
        author=entry.author or "",
        submission=entry.submission_id,
        version=entry.version,
        about=entry.as_of or entry.at,
        before=entry.value_before,
        after=entry.value,
        unchanged=bool(entry.unchanged),
        confidence=entry.confidence,
        note=entry.note,
        superseded=bool(entry.superseded),
        withdrawn=bool(entry.withdrawn),
        back_dated=bool(entry.back_dated),
        may_edit=may_edit and not entry.superseded,
        said_as=None if said is None else said.of(entry),
        by_change_of_kind=said is not None and said.set_aside(entry),
    )


def _change(entry: Entry | Change, author: str | None, names: Names) -> AgreedChange:
    before, after = entry.before or {}, entry.after or {}
    parts = [
        ChangedPart(
            label,
            _readable(kind, before.get(column), names),
            _readable(kind, after.get(column), names),
            unitless=kind == "number",
        )
        for column, (label, kind) in LABELS.items()
        if column in before or column in after
    ]
    kept = tuple(each for each in parts if each.before != each.after)
    return AgreedChange(entry.at, author, entry.action or "changed", kept, entry.reason)


def _readable(kind: str, value: Any, names: Names) -> Decimal | str | None:
    if value is None:
        return None
    if kind in _TABLES:
        return names.of(kind, value)
    if isinstance(value, list):
        return _listed(kind, value, names)
    if kind in {"value", "number"}:
        return _number(value)
    if kind == "kind":
        return KINDS[value].label if value in KINDS else str(value)
    if kind == "truth":
        return "yes" if value else "no"
    return str(value)


def _listed(kind: str, values: list[Any], names: Names) -> str | None:
    if kind == "members":
        return ", ".join(filter(None, (names.of("member", each) for each in values))) or None
    if kind == "steps":
        return ", ".join(f"{each[0]} = {each[1]}" if isinstance(each, list) else str(each) for each in values) or None
    return ", ".join(map(str, values)) or None


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
