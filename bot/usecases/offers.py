"""What is offered while somebody types into a menu of a form that changes an objective or a key result."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.changing import Offered
from bot.okr.human_ids import objective_id, objective_number_in
from bot.okr.permissions import Action, may
from bot.store import cycles, objectives, teams
from bot.store.session import Session
from bot.store.tables import Cycle, Objective, Team
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.relations import may_read, to_objective, to_objectives, to_teams

MOST_OFFERED = 20
MOST_SEARCHED = 60
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Offer:
    """What there is with this typed: `what` is objective, supports, team or cycle; `about` the id being changed."""

    actor: Actor
    what: str
    typed: str
    about: str | None = None


def offer(session: Session, command: Offer, now: datetime) -> tuple[Offered, ...]:
    """The first entries that fit, only what the member may read and choose."""
    who = acting(session, command.actor)
    typed = " ".join(command.typed[:LONGEST_SEARCH].split())
    if command.what in ("objective", "supports"):
        return _objectives(session, who, command, typed)
    if command.what == "team":
        found = teams.with_text(session, who.workspace.id, typed, MOST_SEARCHED)
        relations = to_teams(session, who, [each.id for each in found])
        guest = who.member.is_guest
        allowed = [each for each in found if may(Action.SET_OBJECTIVE, relations[each.id], guest=guest)]
        return tuple(offer_team(each) for each in allowed[:MOST_OFFERED])
    if command.what == "cycle":
        return tuple(offer_cycle(each) for each in cycles.with_text(session, who.workspace.id, typed, MOST_OFFERED))
    return ()


def _objectives(session: Session, who: Acting, command: Offer, typed: str) -> tuple[Offered, ...]:
    found = objectives.offered(session, who.workspace.id, typed, objective_number_in(typed), MOST_SEARCHED)
    relations = to_objectives(session, who, {each.objective.id: each.objective.team_id for each in found})
    guest = who.member.is_guest
    offered = []
    for each in found:
        objective, mine = each.objective, relations[each.objective.id]
        if not may_read(who, mine, private=objective.private):
            continue
        if objective.published_at is None and not may(Action.SEE_DRAFT, mine, guest=guest):
            continue
        if command.what == "objective" and not may(Action.SET_OBJECTIVE, mine, guest=guest):
            continue
        if command.what == "supports" and command.about == objective_id(objective.number):
            continue
        offered.append(_named(objective))
    return tuple(offered[:MOST_OFFERED])


def offer_objective(session: Session, who: Acting, objective: Objective) -> Offered:
    """An objective as a menu shows it; of one that the member may not read only the number."""
    guarded = objective.private or who.member.is_guest
    relations = to_objective(session, who, objective) if guarded else set()
    hidden = guarded and not may_read(who, relations, private=objective.private)
    return Offered(objective.id, objective_id(objective.number)) if hidden else _named(objective)


def _named(objective: Objective) -> Offered:
    return Offered(objective.id, f"{objective_id(objective.number)} {objective.title}")


def offer_team(team: Team) -> Offered:
    """A team as a menu shows it."""
    return Offered(team.id, team.name)


def offer_cycle(cycle: Cycle) -> Offered:
    """A cycle as a menu shows it."""
    return Offered(cycle.id, cycle.name)
