"""How the person who acts stands to what they want to touch; `bot/okr/permissions` says what that allows."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.okr.permissions import Action, Relation, may
from bot.store import people_around
from bot.store.keyresults import KeyResultRow
from bot.store.session import Session
from bot.store.tables import Objective
from bot.usecases.actors import Acting


def roles_of(who: Acting) -> set[Relation]:
    """The relations that hold everywhere: champion, sponsor."""
    held = {each.role for each in who.roles if each.member_id == who.member.id}
    return {relation for relation in (Relation.CHAMPION, Relation.SPONSOR) if relation.name.lower() in held}


def to_teams(session: Session, who: Acting, team_ids: Iterable[int]) -> Mapping[int, set[Relation]]:
    """Relations to each of these teams, one's roles included. One statement, however many teams."""
    wanted = set(team_ids)
    found = people_around.around(session, who.workspace.id, who.member.id, team_ids=wanted)
    return _of_teams(who, found, wanted)


def _of_teams(who: Acting, around: people_around.Around, team_ids: Iterable[int]) -> dict[int, set[Relation]]:
    found = {}
    for team_id in team_ids:
        relations = roles_of(who)
        relations |= {Relation.LEAD} if team_id in around.leads else set()
        relations |= {Relation.MEMBER} if team_id in around.member_of else set()
        relations |= {Relation.OBSERVER} if team_id in around.observer_of else set()
        found[team_id] = relations
    return found


def to_team(session: Session, who: Acting, team_id: int) -> set[Relation]:
    """Relations to one team."""
    return to_teams(session, who, [team_id])[team_id]


def to_key_results(session: Session, who: Acting, rows: Sequence[KeyResultRow]) -> Mapping[int, set[Relation]]:
    """Relations to key results, by row id; those to their teams included. One statement, however many rows."""
    teams = {row.team_id for row in rows}
    around = people_around.around(
        session, who.workspace.id, who.member.id, team_ids=teams, key_result_ids={row.id for row in rows}
    )
    of_team = _of_teams(who, around, teams)
    return {row.id: of_team[row.team_id] | _to_row(who, around, row) for row in rows}


def _to_row(who: Acting, around: people_around.Around, row: KeyResultRow) -> set[Relation]:
    relations = {Relation.OWNER} if row.owner_id == who.member.id else set()
    relations |= {Relation.DELEGATE} if row.delegate_id == who.member.id else set()
    relations |= {Relation.CONTRIBUTOR} if row.id in around.contributes_to else set()
    return relations


def to_objectives(session: Session, who: Acting, teams: Mapping[int, int]) -> Mapping[int, set[Relation]]:
    """Relations to objectives, given as row id -> row id of their team: to the team, as author and owner, and as
    somebody who works on their key results. One statement, however many."""
    around = people_around.around(
        session, who.workspace.id, who.member.id, team_ids=set(teams.values()), objective_ids=set(teams)
    )
    return _of_objectives(who, around, teams)


def _of_objectives(who: Acting, around: people_around.Around, teams: Mapping[int, int]) -> dict[int, set[Relation]]:
    of_team = _of_teams(who, around, set(teams.values()))
    found = {}
    for objective_id, team_id in teams.items():
        relations = set(of_team[team_id])
        relations |= {Relation.AUTHOR} if objective_id in around.wrote else set()
        relations |= {Relation.OWNER} if objective_id in around.owns else set()
        relations |= {Relation.CONTRIBUTOR} if objective_id in around.works_on else set()
        found[objective_id] = relations
    return found


def to_objective(session: Session, who: Acting, objective: Objective) -> set[Relation]:
    """Relations to one objective."""
    return to_objectives(session, who, {objective.id: objective.team_id})[objective.id]


def around_key_result(
    session: Session, who: Acting, row: KeyResultRow, objectives: Iterable[Objective]
) -> tuple[set[Relation], Mapping[int, set[Relation]]]:
    """Relations to a key result, and by row id to its objective and these others. One statement."""
    teams = {row.objective_id: row.team_id, **{each.id: each.team_id for each in objectives}}
    around = people_around.around(
        session,
        who.workspace.id,
        who.member.id,
        team_ids=set(teams.values()),
        key_result_ids=[row.id],
        objective_ids=set(teams),
    )
    of_its_team = _of_teams(who, around, [row.team_id])[row.team_id]
    return of_its_team | _to_row(who, around, row), _of_objectives(who, around, teams)


def may_read(who: Acting, relations: Collection[Relation], *, private: bool) -> bool:
    """Whether these relations to an objective let somebody read it and what belongs to it.

    To guests every objective is as a private one: they read what they work on.
    """
    guest = who.member.is_guest
    return may(Action.READ_PRIVATE if private or guest else Action.READ, relations, guest=guest)
