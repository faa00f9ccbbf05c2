"""The **New cycle** and **Edit cycle** form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.okr.cycle import Quarter, quarter_of, told_day, year_of
from bot.okr.human_ids import key_result_id
from bot.okr.organisation import CycleForm
from bot.okr.permissions import Action
from bot.okr.zones import first_known_zone, local_day
from bot.store import changes, cycles, deliveries, workspaces
from bot.store.session import Session
from bot.store.tables import Cycle, Delivery
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.cycles import RefusedCycle, known, note
from bot.usecases.permits import permit
from bot.usecases.relations import roles_of
from bot.usecases.typed import says_something, typed_line

LONGEST_NAME = 80
SHORTEST, LONGEST = timedelta(days=7), timedelta(days=3 * 366)
QUARTER, YEAR = "quarter", "year"
FURTHEST = timedelta(hours=15)
"""How far any zone's midnight lies from UTC's, at most."""
MOST_LOOKED_AT = 500
MOST_NAMED = 3


@dataclass(frozen=True)
class OpenCycle:
    """Show the form: for `cycle` (a row id) or a new one, proposing the next `quarter` or `year`."""

    actor: Actor
    nonce: str
    form: int = 1
    cycle: int | None = None
    name: str | None = None
    proposal: str = QUARTER


@dataclass(frozen=True)
class SaveCycle:
    """The form was saved; None for a day that was not chosen.

    `seen`: the newest change of the cycle when the form was opened; None in one that was opened before forms knew it.
    """

    actor: Actor
    nonce: str
    cycle: int | None
    name: str
    starts_on: date | None
    ends_on: date | None
    drafts_from: date | None
    seen: int | None = None


def open_cycle(session: Session, command: OpenCycle, now: datetime) -> CycleForm:
    """What the form is filled with. Raises NotAllowed, NotFound, RefusedCycle."""
    who = acting(session, command.actor)
    found = cycles.everywhere(session, who.workspace.id)
    cycle = _editable(who, found, command.cycle)
    if cycle is None:
        days = _proposed(who, found, local_day(now, who.zone), command.proposal)
        name, starts_on, ends_on, drafts_from = typed_line(command.name) or days.name, days.start, days.end, None
    else:
        name, starts_on, ends_on, drafts_from = cycle.name, cycle.starts_on, cycle.ends_on, cycle.drafts_from
    return CycleForm(
        person=who.person,
        nonce=command.nonce,
        form=command.form,
        cycle=command.cycle,
        name=name[:LONGEST_NAME],
        starts_on=starts_on,
        ends_on=ends_on,
        drafts_from=drafts_from,
        seen=None if cycle is None else changes.newest(session, who.workspace.id, "cycle", cycle.id),
    )


def _editable(who: Acting, found: Sequence[Cycle], cycle_id: int | None) -> Cycle | None:
    cycle = None if cycle_id is None else known(found, cycle_id)
    permit(who, Action.EDIT_CYCLE, roles_of(who), "a new cycle" if cycle is None else f"the cycle {cycle.name}")
    if cycle is not None and cycle.archived_at is not None:
        raise RefusedCycle(f"{cycle.name} is in the archive. Restore it before you change it.")
    return cycle


def _proposed(who: Acting, found: Sequence[Cycle], today: date, proposal: str) -> Quarter:
    """The first quarter or year from today on whose days and name are not taken yet."""
    span = year_of if proposal == YEAR else quarter_of
    taken = {(each.starts_on, each.ends_on) for each in found}
    names = {each.name.casefold() for each in found}
    days = span(today, who.workspace.fiscal_start_month)
    for _ in range(2 * len(taken)):
        if (days.start, days.end) not in taken and days.name.casefold() not in names:
            break
        days = span(days.end + timedelta(days=1), who.workspace.fiscal_start_month)
    return days


def save_cycle(session: Session, command: SaveCycle, now: datetime) -> int:
    """Make or change a cycle; the same form saved again is the same cycle. Answers its row id.

    Raises NotAllowed, NotFound, and RefusedCycle with `field` (`name`, `starts`, `ends`, `drafts`).
    """
    who = acting(session, command.actor)
    key = f"cycle_saved:{command.nonce}"
    done = deliveries.id_of(session, who.workspace.id, key)
    if done is not None:
        return int(session.get_one(Delivery, done).arguments["cycle"])
    # Two forms sent at one moment must not make two cycles of one name: the second one looks again.
    workspaces.lock(session, who.workspace.id)
    found = cycles.everywhere(session, who.workspace.id)
    cycle = _editable(who, found, command.cycle)
    by = None if cycle is None else changes.saved_since(session, who.workspace.id, "cycle", cycle.id, command.seen)
    if cycle is not None and by is not None:
        raise RefusedCycle(
            f"{by} changed {cycle.name} while this form was open, so nothing is saved. Press Cancel, then Edit once "
            "more: the form shows how it is now."
        )
    name = _name(command, found)
    starts_on, ends_on = _days(command)
    if cycle is not None and (starts_on > cycle.starts_on or ends_on < cycle.ends_on):
        _check_check_ins(session, who, cycle, starts_on, ends_on)
    made = cycle is None
    if cycle is None:
        cycle = Cycle(workspace_id=who.workspace.id)
        session.add(cycle)
    cycle.name, cycle.starts_on, cycle.ends_on, cycle.drafts_from = name, starts_on, ends_on, command.drafts_from
    session.flush()
    note(session, who, cycle, "made" if made else "changed", now)
    deliveries.add(
        session,
        who.workspace.id,
        kind="cycle_saved",
        recipient=who.member.slack_id,
        arguments={"cycle": cycle.id, "member": who.member.id, "made": made},
        dedupe_key=key,
        not_before=now,
        now=now,
        priority=0,
    )
    session.flush()
    return cycle.id


def _name(command: SaveCycle, found: Sequence[Cycle]) -> str:
    name = typed_line(command.name)
    if not says_something(name):
        raise RefusedCycle("Give the cycle a name, such as Q1 2027.", field="name")
    if len(name) > LONGEST_NAME:
        raise RefusedCycle(f"This name is too long: at most {LONGEST_NAME} characters.", field="name")
    for each in found:
        if each.archived_at is None and each.id != command.cycle and each.name.casefold() == name.casefold():
            raise RefusedCycle(f"There is a cycle called {each.name} already. Choose another name.", field="name")
    return name


def _days(command: SaveCycle) -> tuple[date, date]:
    if command.starts_on is None:
        raise RefusedCycle("Choose the first day.", field="starts")
    if command.ends_on is None:
        raise RefusedCycle("Choose the last day.", field="ends")
    if command.ends_on < command.starts_on:
        raise RefusedCycle("The last day comes before the first.", field="ends")
    length = command.ends_on - command.starts_on + timedelta(days=1)
    if length < SHORTEST:
        raise RefusedCycle("A cycle lasts a week at least, so that it has one check-in.", field="ends")
    if length > LONGEST:
        raise RefusedCycle("A cycle lasts three years at most. Check the year.", field="ends")
    if command.drafts_from is not None and command.drafts_from > command.ends_on:
        raise RefusedCycle("Objectives are set before the cycle is over. Choose an earlier day.", field="drafts")
    return command.starts_on, command.ends_on


def _check_check_ins(session: Session, who: Acting, cycle: Cycle, starts_on: date, ends_on: date) -> None:
    """Raise RefusedCycle naming the check-ins that the new days would leave outside."""
    midnight = time(tzinfo=UTC)
    if starts_on > cycle.starts_on:
        before = datetime.combine(starts_on, midnight) + FURTHEST
        early = cycles.check_ins_about(session, cycle.id, before=before, limit=MOST_LOOKED_AT)
        told = [f"{shown} on {told_day(day)}" for shown, day in _days_of(who, early) if day < starts_on]
        _refuse_outside(told, "starts", "an earlier first day")
    if ends_on < cycle.ends_on:
        after = datetime.combine(ends_on + timedelta(days=1), midnight) - FURTHEST
        late = cycles.check_ins_about(session, cycle.id, after=after, limit=MOST_LOOKED_AT)
        told = [f"{shown} on {told_day(day)}" for shown, day in _days_of(who, late) if day > ends_on]
        _refuse_outside(told, "ends", "a later last day")


def _days_of(who: Acting, found: Sequence[cycles.DatedCheckIn]) -> Iterator[tuple[str, date]]:
    for each in found:
        zone = first_known_zone([each.lead_zone, who.workspace_zone])
        yield key_result_id(each.key_result), local_day(each.as_of, zone)


def _refuse_outside(told: Sequence[str], field: str, way: str) -> None:
    if told:
        more = f" and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
        raise RefusedCycle(
            f"These check-ins would lie outside: {', '.join(told[:MOST_NAMED])}{more}. Choose {way}.", field=field
        )
