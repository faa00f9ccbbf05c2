"""What is offered while somebody types into a menu: objectives to support or to move to, teams, cycles."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.human_ids import objective_number_in
from bot.okr.setting import Choice
from bot.okr.zones import local_day
from bot.store import alignment, cycles, keyresults, objectives
from bot.store.session import Session
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.objective_forms import cycle_choice, objective_choice, reader, team_choices
from bot.usecases.typed import typed_line

MOST_SUGGESTED = 100
"""What a menu in Slack takes."""
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class SuggestSupports:
    """What may be supported, with this typed, in the form that sets an objective or changes it.

    `cycle`: the row id of the one chosen in the form; None where Slack did not say. `nonce`: the form that sets it;
    `objective`: the number of the one that is changed.
    """

    actor: Actor
    typed: str
    cycle: int | None
    nonce: str | None = None
    objective: int | None = None


@dataclass(frozen=True)
class SuggestPlaces:
    """The objectives a key result (its number) may be moved to, with this typed."""

    actor: Actor
    typed: str
    key_result: int


@dataclass(frozen=True)
class SuggestTeams:
    """The teams the member may set objectives for, with this typed."""

    actor: Actor
    typed: str


@dataclass(frozen=True)
class SuggestCycles:
    """The cycles an objective may be moved to, with this typed."""

    actor: Actor
    typed: str


def suggest_supports(session: Session, command: SuggestSupports, now: datetime) -> tuple[Choice, ...]:
    """Objectives whose title has what was typed, or whose number it is; only what the member may read.

    Of the cycles that overlap with that of the objective, and never itself or what supports it. What is sent is the
    number where an objective is set, the row id where one is changed.
    """
    who = acting(session, command.actor)
    if who.member.is_guest:
        return ()
    itself, cycle_id = _about(session, who, command)
    if cycle_id is None:
        current = cycles.current(session, who.workspace.id, local_day(now, who.zone))
        cycle_id = None if current is None else current.id
    typed = _searched(command.typed)
    found = alignment.search(
        session,
        reader(who),
        cycle_id=cycle_id,
        number=objective_number_in(typed),
        title=typed,
        excluding=itself,
        limit=MOST_SUGGESTED,
    )
    return tuple(objective_choice(each, by_row=command.objective is not None) for each in found)


def _about(session: Session, who: Acting, command: SuggestSupports) -> tuple[int | None, int | None]:
    """The row ids of the objective that the form is about, where there is one, and of its cycle."""
    if command.objective is not None:
        row = objectives.numbered(session, who.workspace.id, command.objective)
        return (None, command.cycle) if row is None else (row.objective.id, command.cycle or row.cycle.id)
    begun = None if command.nonce is None else keyresults.objective_of_form(session, command.nonce)
    return None if begun is None else begun.id, command.cycle


def suggest_places(session: Session, command: SuggestPlaces, now: datetime) -> tuple[Choice, ...]:
    """By row id: objectives of teams the member may set objectives for. A draft's key result goes to drafts only."""
    who = acting(session, command.actor)
    found = keyresults.whole(session, who.workspace.id, command.key_result)
    if who.member.is_guest or found is None:
        return ()
    typed = _searched(command.typed)
    places = alignment.takers(
        session,
        reader(who),
        day=local_day(now, who.zone),
        drafts=found.objective.published_at is None,
        everywhere=who.is_champion,
        number=objective_number_in(typed),
        title=typed,
        limit=MOST_SUGGESTED,
    )
    return tuple(objective_choice(each, by_row=True) for each in places)


def suggest_teams(session: Session, command: SuggestTeams, now: datetime) -> tuple[Choice, ...]:
    """Teams whose name has what was typed."""
    return team_choices(session, acting(session, command.actor), _searched(command.typed), MOST_SUGGESTED)


def suggest_cycles(session: Session, command: SuggestCycles, now: datetime) -> tuple[Choice, ...]:
    """Cycles whose name has what was typed: those under way and to come, then the latest of those that are over."""
    who = acting(session, command.actor)
    day = local_day(now, who.zone)
    found = cycles.with_text(session, who.workspace.id, _searched(command.typed), day, MOST_SUGGESTED)
    return tuple(cycle_choice(each) for each in found)


def _searched(typed: str) -> str:
    return typed_line(typed)[:LONGEST_SEARCH].strip()
