"""`/okr show`: one objective or key result whole, with what became of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.okr.details import KeyResultDetails, ObjectiveDetails, ObjectiveHistory, OtherObjective, TakenOut
from bot.okr.errors import NotAllowed, NotFound
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.permissions import Action, Relation, may
from bot.okr.rollup import weight_shares
from bot.store import history, keyresults, objectives
from bot.store.session import Session
from bot.store.tables import KeyResult, Objective
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.history import NEWEST, PAGE, Window, as_page, names_in, page_of
from bot.usecases.kind_changes import wordings
from bot.usecases.relations import around_key_result, may_read, to_objectives
from bot.usecases.standings import Placed, background, place, rolled_up

MOST_KEY_RESULTS = 30
MOST_AROUND = 22


@dataclass(frozen=True)
class ShowKeyResult:
    """`/okr show KR-3`, and the pages of its history."""

    actor: Actor
    number: int
    window: Window = NEWEST


@dataclass(frozen=True)
class ShowObjective:
    """`/okr show O-1`"""

    actor: Actor
    number: int


@dataclass(frozen=True)
class ShowObjectiveHistory:
    """**History** on an objective, and its pages."""

    actor: Actor
    number: int
    window: Window = NEWEST


def show_key_result(session: Session, command: ShowKeyResult, now: datetime) -> KeyResultDetails:
    """The key result with a page of its history. Raises NotFound, NotAllowed. Eight statements."""
    who = acting(session, command.actor)
    name = key_result_id(command.number)
    found = keyresults.whole(session, who.workspace.id, command.number)
    if found is None:
        raise no_such(name)
    around = [found.objective, *([found.above] if found.above else [])]
    mine, to_them = around_key_result(session, who, found.row, around)
    check_readable(who, to_them[found.objective.id] | mine, found.objective, name)
    placed = place(found.row, None, now, who.workspace_zone, background(session, [found.row]))
    window = command.window
    entries = history.of_key_result(
        session, found.row.id, older_than=window.older_than, newer_than=window.newer_than, limit=PAGE + 1
    )
    shown, older, newer = page_of(entries, window)
    names = names_in(session, shown, contributors_of=found.row.id)
    said = wordings(session, found.key_result, placed.standing.terms, shown)
    return KeyResultDetails(
        person=who.person,
        standing=placed.standing,
        cycle=found.row.cycle_name,
        starts_on=found.row.starts_on,
        ends_on=found.row.ends_on,
        private=found.objective.private,
        draft=found.objective.published_at is None,
        taken_out=taken_out(found.key_result) or taken_out(found.objective),
        with_objective=taken_out(found.key_result) is None,
        owner_left=found.row.owner_id is not None and not found.row.owner_is_active,
        delegate=found.delegate,
        contributors=names.contributors,
        supports=None if found.above is None else _other(who, found.above, to_them),
        may_edit=may(Action.EDIT_KEY_RESULT, mine, guest=who.member.is_guest),
        history=as_page(shown, older, newer, names, _editable(who, shown, mine), said),
    )


def _editable(who: Acting, shown: Iterable[history.Entry], mine: set[Relation]) -> set[int]:
    """The row ids of the check-ins that the member may change; as the owner, a champion, or who sent them."""
    found = set()
    for entry in shown:
        sent = {Relation.AUTHOR} if entry.sender_id == who.member.id else set()
        if entry.kind == history.CHECK_IN and may(Action.EDIT_CHECK_IN, mine | sent, guest=who.member.is_guest):
            found.add(entry.row_id)
    return found


def show_objective(session: Session, command: ShowObjective, now: datetime) -> ObjectiveDetails:
    """The objective, its key results, what it supports and what supports it. Raises NotFound, NotAllowed.

    Eight statements at most.
    """
    who = acting(session, command.actor)
    found = _family(session, who, command.number)
    row, rest = found[0], found[1:]
    objective = row.objective
    relations = to_objectives(session, who, {each.objective.id: each.objective.team_id for each in found})
    check_readable(who, relations[objective.id], objective, objective_id(objective.number))
    rows = keyresults.of_objective(session, objective.id)
    behind = background(session, rows)
    placed = [place(each, None, now, who.workspace_zone, behind) for each in rows]
    total = next(iter(rolled_up(placed)), None)
    above = [each.objective for each in rest if each.objective.id == objective.parent_id]
    below = [each.objective for each in rest if each.objective.id != objective.parent_id]
    return ObjectiveDetails(
        person=who.person,
        number=objective.number,
        title=objective.title,
        why=objective.why,
        team=row.team.name,
        cycle=row.cycle.name,
        starts_on=row.cycle.starts_on,
        ends_on=row.cycle.ends_on,
        owner=row.owner,
        private=objective.private,
        draft=objective.published_at is None,
        taken_out=taken_out(objective),
        supports=_other(who, above[0], relations) if above else None,
        supported_by=tuple(_other(who, each, relations) for each in below),
        key_results=tuple(each.standing for each in placed[:MOST_KEY_RESULTS]),
        more=max(len(placed) - MOST_KEY_RESULTS, 0),
        progress=None if total is None else total.progress,
        expected=None if total is None else total.expected,
        status=None if total is None else total.status,
        unknown_share=None if total is None else total.unknown_share,
        may_edit=may(Action.EDIT_OBJECTIVE, relations[objective.id], guest=who.member.is_guest),
        weights=_weights(placed)[:MOST_KEY_RESULTS],
    )


def _weights(placed: Sequence[Placed]) -> tuple[Decimal, ...]:
    """What each weighs as a share of the whole; nothing where all weigh the same."""
    given = [each.row.weight for each in placed]
    return tuple(weight_shares(given)) if len(set(given)) > 1 else ()


def show_objective_history(session: Session, command: ShowObjectiveHistory, now: datetime) -> ObjectiveHistory:
    """A page of what became of an objective. Raises NotFound, NotAllowed. Six statements."""
    who = acting(session, command.actor)
    objective = _family(session, who, command.number)[0].objective
    relations = to_objectives(session, who, {objective.id: objective.team_id})
    check_readable(who, relations[objective.id], objective, objective_id(objective.number))
    window = command.window
    entries = history.of_objective(
        session, objective.id, older_than=window.older_than, newer_than=window.newer_than, limit=PAGE + 1
    )
    shown, older, newer = page_of(entries, window)
    names = names_in(session, shown)
    return ObjectiveHistory(who.person, objective.number, objective.title, as_page(shown, older, newer, names))


def _family(session: Session, who: Acting, number: int) -> list[objectives.ObjectiveRow]:
    found = objectives.family(session, who.workspace.id, number, MOST_AROUND)
    if not found:
        raise no_such(objective_id(number))
    return found


def check_readable(who: Acting, relations: Collection[Relation], objective: Objective, name: str) -> None:
    """Raise NotFound where the member may not know of it (a draft), NotAllowed where they may not read it."""
    guest = who.member.is_guest
    if objective.published_at is None and not may(Action.SEE_DRAFT, relations, guest=guest):
        raise no_such(name)
    if not may_read(who, relations, private=objective.private):
        raise NotAllowed(
            f"{name} is private. Its team, its lead, its observers, who works on it, sponsors and champions can read "
            "it."
            if objective.private
            else f"{name} is not shared with guests. Guests see the key results they own or work on."
        )


def no_such(name: str) -> NotFound:
    """Nothing has this id."""
    return NotFound(f"There is no {name}. /okr list company shows what there is, with the numbers.", help_topic="show")


def taken_out(row: KeyResult | Objective) -> TakenOut | None:
    """That it was dropped or postponed, and why."""
    if row.dropped_at is None:
        return None
    return TakenOut(row.drop_kind or "dropped", row.dropped_at, row.drop_reason)


def _other(who: Acting, objective: Objective, relations: Mapping[int, set[Relation]]) -> OtherObjective:
    readable = may_read(who, relations[objective.id], private=objective.private)
    return OtherObjective(objective.number, objective.title if readable else None)
