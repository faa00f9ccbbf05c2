"""How the person who acts stands to what they want to touch; `bot/okr/permissions` says what that allows."""

from collections.abc import Mapping, Sequence

from bot.okr.permissions import Relation
from bot.store import people_around, teams
from bot.store.keyresults import KeyResultRow
from bot.store.session import Session
from bot.store.tables import Objective
from bot.usecases.actors import Acting


def roles_of(who: Acting) -> set[Relation]:
    """The relations that hold everywhere: champion, sponsor."""
    held = {each.role for each in who.roles if each.member_id == who.member.id}
    return {relation for relation in (Relation.CHAMPION, Relation.SPONSOR) if relation.name.lower() in held}


def to_teams(session: Session, who: Acting, team_ids: Sequence[int]) -> Mapping[int, set[Relation]]:
    """Relations to each of these teams, one's roles included. Two statements, however many teams."""
    wanted = set(team_ids)
    leading = teams.led_with_all_below(session, who.workspace.id, who.member.id)
    around = people_around.of_teams(session, wanted, who.member.id)
    found = {}
    for team_id in wanted:
        relations = roles_of(who)
        relations |= {Relation.LEAD} if team_id in leading else set()
        relations |= {Relation.MEMBER} if team_id in around.member_of else set()
        relations |= {Relation.OBSERVER} if team_id in around.observer_of else set()
        found[team_id] = relations
    return found


def to_team(session: Session, who: Acting, team_id: int) -> set[Relation]:
    """Relations to one team."""
    return to_teams(session, who, [team_id])[team_id]


def to_key_results(session: Session, who: Acting, rows: Sequence[KeyResultRow]) -> Mapping[int, set[Relation]]:
    """Relations to key results, by row id; those to their teams included. Three statements, however many rows."""
    of_team = to_teams(session, who, [row.team_id for row in rows])
    contributing = people_around.contributes_to(session, {row.id for row in rows}, who.member.id)
    found = {}
    for row in rows:
        relations = set(of_team[row.team_id])
        relations |= {Relation.OWNER} if row.owner_id == who.member.id else set()
        relations |= {Relation.DELEGATE} if row.delegate_id == who.member.id else set()
        relations |= {Relation.CONTRIBUTOR} if row.id in contributing else set()
        found[row.id] = relations
    return found


def to_objective(session: Session, who: Acting, objective: Objective) -> set[Relation]:
    """Relations to an objective: its team's, its author's and owner's, and those of who works on its key results."""
    relations = set(to_team(session, who, objective.team_id))
    relations |= {Relation.AUTHOR} if objective.created_by == who.member.id else set()
    relations |= {Relation.OWNER} if objective.owner_id == who.member.id else set()
    relations |= {Relation.CONTRIBUTOR} if people_around.works_on(session, objective.id, who.member.id) else set()
    return relations
