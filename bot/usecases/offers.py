"""What is chosen in the menus of a form: as the menus that search would offer it."""

from bot.okr.human_ids import objective_id
from bot.okr.setting import Choice
from bot.store.session import Session
from bot.store.tables import Objective
from bot.usecases.actors import Acting
from bot.usecases.relations import may_read, to_objective


def chosen_objective(session: Session, who: Acting, objective: Objective) -> Choice:
    """An objective by its row id; of one that the member may not read only the number."""
    guarded = objective.private or who.member.is_guest
    relations = to_objective(session, who, objective) if guarded else set()
    hidden = guarded and not may_read(who, relations, private=objective.private)
    shown = objective_id(objective.number)
    return Choice(objective.id, shown if hidden else f"{shown} {objective.title}")
