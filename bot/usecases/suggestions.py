"""What is offered while somebody types into a menu: objectives to support, teams."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.human_ids import objective_number_in
from bot.okr.setting import Choice
from bot.okr.zones import local_day
from bot.store import alignment, cycles, keyresults
from bot.store.session import Session
from bot.usecases.actors import Actor, acting
from bot.usecases.objective_forms import objective_choice, reader, team_choices

MOST_SUGGESTED = 20
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class SuggestSupports:
    """What may be supported, with this typed. `cycle`: the one chosen in the form; `nonce`: the form itself."""

    actor: Actor
    typed: str
    cycle: int | None
    nonce: str | None


@dataclass(frozen=True)
class SuggestTeams:
    """The teams the member may set objectives for, with this typed."""

    actor: Actor
    typed: str


def suggest_supports(session: Session, command: SuggestSupports, now: datetime) -> tuple[Choice, ...]:
    """Objectives whose title has what was typed, or whose number it is; only what the member may read."""
    who = acting(session, command.actor)
    if who.member.is_guest:
        return ()
    itself = None if command.nonce is None else keyresults.objective_of_form(session, command.nonce)
    cycle_id = command.cycle
    if cycle_id is None:
        current = cycles.current(session, who.workspace.id, local_day(now, who.zone))
        cycle_id = None if current is None else current.id
    typed = " ".join(command.typed[:LONGEST_SEARCH].split())
    found = alignment.search(
        session,
        reader(who),
        cycle_id=cycle_id,
        number=objective_number_in(typed),
        title=typed,
        excluding=None if itself is None else itself.id,
        limit=MOST_SUGGESTED,
    )
    return tuple(objective_choice(each) for each in found)


def suggest_teams(session: Session, command: SuggestTeams, now: datetime) -> tuple[Choice, ...]:
    """Teams whose name has what was typed."""
    who = acting(session, command.actor)
    return team_choices(session, who, command.typed[:LONGEST_SEARCH], MOST_SUGGESTED)
