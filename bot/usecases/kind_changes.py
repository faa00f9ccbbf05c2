"""What becomes of check-ins when their key result becomes one of another kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.okr.details import SaidAs
from bot.okr.kinds import Milestone, Terms, kind_of
from bot.store import changes, history
from bot.store.history import Entry
from bot.store.session import Session
from bot.store.tables import Change, CheckIn, KeyResult
from bot.usecases.actors import Acting

ENTITY = "key_result"
_TOLD_BY = frozenset({"kind", "unit", "milestones"})
"""What decides how a value is worded."""


def follow_kind(session: Session, who: Acting, row: KeyResult, kind_before: str, now: datetime) -> None:
    """Set aside what the new kind can't read, and put back what an earlier change of kind had set aside and it can.

    Both are new versions of the check-ins, at the instant of the change. A number said of one kind is a number of
    another; yes and milestones mean something only to their own kind.
    """
    kind, before = kind_of(row.kind), kind_of(kind_before)
    if kind.reads_values_of(before):
        return
    came_back = {
        change.at
        for change, _ in changes.since(session, row.workspace_id, ENTITY, row.id, 0)
        if (left := (change.before or {}).get("kind")) and kind.reads_values_of(kind_of(left))
    }
    for each in history.newest_versions(session, row.id):
        if each.withdrawn and each.recorded_at in came_back:
            session.add(_next(each, who, now, withdrawn=False))
        elif not each.withdrawn:
            session.add(_next(each, who, now, withdrawn=True))
    session.flush()


def _next(line: CheckIn, who: Acting, now: datetime, *, withdrawn: bool) -> CheckIn:
    return CheckIn(
        workspace_id=line.workspace_id,
        submission_id=line.submission_id,
        key_result_id=line.key_result_id,
        version=line.version + 1,
        as_of=line.as_of,
        recorded_at=now,
        author_id=who.member.id,
        value=line.value,
        before=line.before,
        confidence=line.confidence,
        note=line.note,
        unchanged=line.unchanged,
        withdrawn=withdrawn,
        back_dated=line.back_dated,
    )


@dataclass(frozen=True)
class Wordings:
    """How values were worded at any time: the terms of today, and what had been before each change, newest first."""

    today: SaidAs
    before: tuple[tuple[datetime, Mapping[str, Any]], ...] = ()

    def of(self, entry: Entry) -> SaidAs | None:
        """How a version of a check-in was worded when it was said; None where as today."""
        then, at = self.today, entry.at
        for changed_at, was in self.before:
            if changed_at > at or (entry.withdrawn and changed_at == at):
                then = _with(then, was)
        return None if then == self.today else then

    def set_aside(self, entry: Entry) -> bool:
        """Whether a change of kind made this version, and no person."""
        return any("kind" in was and changed_at == entry.at for changed_at, was in self.before)


def wordings(session: Session, row: KeyResult, terms: Terms, entries: Iterable[Entry]) -> Wordings:
    """What it takes to tell these entries as they were said. One statement, none where no check-in is among them."""
    today = SaidAs(kind_of(row.kind), terms)
    if not any(entry.kind == history.CHECK_IN for entry in entries):
        return Wordings(today)
    log = [change for change, _ in changes.since(session, row.workspace_id, ENTITY, row.id, 0)]
    return Wordings(today, tuple((each.at, each.before or {}) for each in reversed(log) if _rewords(each)))


def _rewords(change: Change) -> bool:
    return bool(_TOLD_BY & (change.before or {}).keys())


def _with(said: SaidAs, was: Mapping[str, Any]) -> SaidAs:
    """The wording before a change of these fields."""
    terms = said.terms
    steps = _steps(was["milestones"]) if "milestones" in was else terms.milestones
    return SaidAs(
        kind_of(was["kind"]) if was.get("kind") else said.kind,
        Terms(
            _amount(was, "start", terms.start),
            _amount(was, "target", terms.target),
            was.get("unit", terms.unit),
            milestones=steps,
        ),
    )


def _steps(kept: Any) -> tuple[Milestone, ...]:
    """Milestones as the change log keeps them: name and share, or (from an import) one text `name = share`."""
    pairs = [each if isinstance(each, list) else each.rpartition("=")[::2] for each in kept or ()]
    return tuple(Milestone(name.strip(), Decimal(str(share).strip())) for name, share in pairs)


def _amount(was: Mapping[str, Any], name: str, now: Decimal | None) -> Decimal | None:
    if name not in was:
        return now
    return None if was[name] is None else Decimal(str(was[name]))
