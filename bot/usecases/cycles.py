"""`/okr cycle`: current, coming and past cycles, one of them, the archive; and the quarter that is made by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches

from bot.okr.cycle import GRACE, quarter_of, told_day
from bot.okr.errors import NotFound, OkrError
from bot.okr.organisation import CycleLine, CycleShown, CyclesShown
from bot.okr.permissions import Action, may
from bot.okr.zones import first_known_zone, local_day
from bot.store import changes, cycles, members, workspaces
from bot.store.session import Session
from bot.store.tables import Cycle, Delivery, Workspace
from bot.usecases.actors import Acting, Actor, acting, acting_as
from bot.usecases.deliverable import Outgoing
from bot.usecases.permits import permit
from bot.usecases.relations import roles_of
from bot.usecases.rounds import TickCommand

HELP = "cycles"
MOST_SHOWN = 12
MOST_PAST = 8
MOST_ARCHIVED = 20
PLANNED_AHEAD = timedelta(days=14)
"""How long before a quarter ends the next one is made."""
CURRENT, COMING, PAST = "current", "coming", "past"


class RefusedCycle(OkrError):
    """A cycle cannot be what was asked for; the sentence says why."""

    default_help_topic = HELP


@dataclass(frozen=True)
class ShowCycles:
    """All cycles; with a `name` that one."""

    actor: Actor
    name: str | None = None


@dataclass(frozen=True)
class ShowCycle:
    """One cycle, by its row id."""

    actor: Actor
    cycle: int


@dataclass(frozen=True)
class ArchiveCycle:
    """Put a cycle into the archive, or take it `back` from there."""

    actor: Actor
    cycle: int
    back: bool = False


def show_cycles(session: Session, command: ShowCycles, now: datetime) -> CyclesShown | CycleShown:
    """The list, or one cycle. Raises NotFound where none has that name."""
    who = acting(session, command.actor)
    found = cycles.everywhere(session, who.workspace.id)
    today = local_day(now, who.zone)
    if command.name is not None:
        return shown(session, who, found, _named(found, command.name), today)
    by_phase = {
        phase: [each for each in found if each.archived_at is None and phase_of(each, today) == phase]
        for phase in (CURRENT, COMING, PAST)
    }
    past = by_phase[PAST][::-1]
    default = cycles.shortest(by_phase[CURRENT])

    def lines(wanted: Sequence[Cycle]) -> tuple[CycleLine, ...]:
        return tuple(_line(each, today, default) for each in wanted[:MOST_SHOWN])

    return CyclesShown(
        person=who.person,
        current=lines(by_phase[CURRENT]),
        coming=lines(by_phase[COMING]),
        past=lines(past[:MOST_PAST]),
        more_past=max(0, len(past) - MOST_PAST),
        more=sum(max(0, len(by_phase[phase]) - MOST_SHOWN) for phase in (CURRENT, COMING)),
        archived=tuple([each.name for each in found if each.archived_at is not None][-MOST_ARCHIVED:]),
        may_change=_may_change(who),
    )


def show_cycle(session: Session, command: ShowCycle, now: datetime) -> CycleShown:
    """One cycle. Raises NotFound."""
    who = acting(session, command.actor)
    found = cycles.everywhere(session, who.workspace.id)
    return shown(session, who, found, known(found, command.cycle), local_day(now, who.zone))


def known(found: Sequence[Cycle], cycle_id: int) -> Cycle:
    """A cycle of the workspace. Raises NotFound for any other."""
    for each in found:
        if each.id == cycle_id:
            return each
    raise NotFound("This cycle is not here any more. /okr cycle shows those there are.", help_topic=HELP)


def phase_of(cycle: Cycle, today: date) -> str:
    """Whether a cycle runs today, is to come, or is over."""
    if today < cycle.starts_on:
        return COMING
    return PAST if cycle.ends_on < today else CURRENT


def _may_change(who: Acting) -> bool:
    return may(Action.EDIT_CYCLE, roles_of(who), guest=who.member.is_guest)


def _line(cycle: Cycle, today: date, default: Cycle | None) -> CycleLine:
    days = {
        CURRENT: cycle.ends_on - today,
        COMING: cycle.starts_on - today,
        PAST: today - cycle.ends_on,
    }[phase_of(cycle, today)]
    return CycleLine(
        id=cycle.id,
        name=cycle.name,
        starts_on=cycle.starts_on,
        ends_on=cycle.ends_on,
        days=days.days,
        is_default=default is not None and cycle.id == default.id,
        drafts_from=cycle.drafts_from,
    )


def _named(found: Sequence[Cycle], typed: str) -> Cycle:
    wanted = " ".join(typed.split()).casefold()
    same = [each for each in found if each.name.casefold() == wanted]
    active = [each for each in same if each.archived_at is None]
    if same:
        return (active or same)[-1]
    names = {each.name.casefold(): each.name for each in found}
    near = get_close_matches(wanted, names, n=1)
    hint = f" Did you mean {names[near[0]]}?" if near else " /okr cycle shows those there are."
    quoted = typed if len(typed) <= 60 else f"{typed[:59]}…"
    raise NotFound(f"There is no cycle called “{quoted}”.{hint}", help_topic=HELP)


def shown(
    session: Session, who: Acting, found: Sequence[Cycle], cycle: Cycle, today: date, said: str | None = None
) -> CycleShown:
    """One cycle with what is in it; one statement."""
    objectives, key_results = cycles.how_much(session, cycle.id)
    running = [each for each in found if each.archived_at is None and phase_of(each, today) == CURRENT]
    return CycleShown(
        person=who.person,
        line=_line(cycle, today, cycles.shortest(running)),
        phase=phase_of(cycle, today),
        objectives=objectives,
        key_results=key_results,
        archived=cycle.archived_at is not None,
        may_change=_may_change(who),
        said=said,
    )


def archive_cycle(session: Session, command: ArchiveCycle, now: datetime) -> CycleShown:
    """Archive or restore; a second time changes nothing. Raises NotAllowed, NotFound, RefusedCycle."""
    who = acting(session, command.actor)
    workspaces.lock(session, who.workspace.id)
    found = cycles.everywhere(session, who.workspace.id)
    cycle = known(found, command.cycle)
    today = local_day(now, who.zone)
    permit(who, Action.EDIT_CYCLE, roles_of(who), f"the cycle {cycle.name}")
    if command.back == (cycle.archived_at is None):
        state = "not in the archive" if command.back else "in the archive already"
        return shown(session, who, found, cycle, today, f"{cycle.name} is {state}.")
    if not command.back:
        _check_archiving(session, cycle, today)
    elif any(each.name.casefold() == cycle.name.casefold() and each.archived_at is None for each in found):
        raise RefusedCycle(f"There is another {cycle.name} by now. Rename that one first: press Edit.")
    cycle.archived_at = None if command.back else now
    note(session, who, cycle, "restored" if command.back else "archived", now)
    session.flush()
    what = "is back from the archive" if command.back else "is in the archive now"
    return shown(session, who, found, cycle, today, f"{cycle.name} {what}.")


def _check_archiving(session: Session, cycle: Cycle, today: date) -> None:
    """What is still worked on stays in sight: until its grace window is over, or nothing is in it."""
    objectives, key_results = cycles.how_much(session, cycle.id)
    if objectives and cycle.ends_on + GRACE >= today:
        raise RefusedCycle(
            f"{cycle.name} takes check-ins until {told_day(cycle.ends_on + GRACE)}, and there is work in it "
            f"(objectives: {objectives}, key results: {key_results}). Move or drop them first, or wait until then."
        )


def note(session: Session, who: Acting, cycle: Cycle, action: str, now: datetime) -> None:
    """Write a change of a cycle down, with how it is now."""
    changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity="cycle",
        entity_id=cycle.id,
        action=action,
        after=described(cycle),
    )


def described(cycle: Cycle) -> dict[str, object]:
    """A cycle as the change log keeps it."""
    return {
        "name": cycle.name,
        "starts_on": cycle.starts_on.isoformat(),
        "ends_on": cycle.ends_on.isoformat(),
        "drafts_from": None if cycle.drafts_from is None else cycle.drafts_from.isoformat(),
    }


def plan_next_quarter(session: Session, command: TickCommand, now: datetime) -> int:
    """Make the coming quarter two weeks before the one that runs ends. Answers whether one was made (1 or 0).

    Only where quarters are used: the cycle that runs is exactly the quarter of the company's fiscal year. One of the
    coming quarter's days that was put into the archive is not made again.
    """
    workspace = session.get_one(Workspace, command.workspace_id)
    zone = first_known_zone([members.first_champion_zone(members.roles(session, workspace.id))])
    today = local_day(now, zone)
    this = quarter_of(today, workspace.fiscal_start_month)
    if today < this.end - PLANNED_AHEAD:
        return 0
    coming = quarter_of(this.end + timedelta(days=1), workspace.fiscal_start_month)
    found = cycles.everywhere(session, workspace.id)
    in_use = {(each.starts_on, each.ends_on) for each in found if each.archived_at is None}
    if (this.start, this.end) not in in_use:
        return 0
    same_days = any((each.starts_on, each.ends_on) == (coming.start, coming.end) for each in found)
    if same_days or any(each.name.casefold() == coming.name.casefold() for each in found):
        return 0
    cycle = Cycle(workspace_id=workspace.id, name=coming.name, starts_on=coming.start, ends_on=coming.end)
    session.add(cycle)
    session.flush()
    changes.note(
        session,
        workspace.id,
        at=now,
        actor_id=None,
        entity="cycle",
        entity_id=cycle.id,
        action="made",
        after=described(cycle),
    )
    return 1


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The note that confirms to somebody what they saved in a cycle's form."""
    who = acting_as(session, delivery.arguments["member"])
    found = cycles.everywhere(session, who.workspace.id)
    cycle = known(found, delivery.arguments["cycle"])
    what = "is made" if delivery.arguments["made"] else "is saved"
    facts = shown(session, who, found, cycle, local_day(now, who.zone), f"{cycle.name} {what}.")
    return Outgoing(delivery.recipient, facts)
