"""`/okr rehearse`: the coming four weeks of whoever asks, of a lead's teams, or of the workspace."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.okr.facts import Person
from bot.okr.rehearsing import RehearsalShown, RehearsedMessage
from bot.okr.zones import local_day
from bot.store import rehearsing, team_trees
from bot.store.session import Database, Session
from bot.store.tables import Team
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.rehearsal import Rehearse, rehearse

WEEKS = 4
MOST_PEOPLE = 100
"""More are rehearsed by the operator's command only: they would take minutes here, beside everybody else's clicks."""
YOURS = "your own messages"


@dataclass(frozen=True)
class AskForRehearsal:
    """`/okr rehearse`"""

    actor: Actor


@dataclass(frozen=True)
class Extent:
    """Whose messages are rehearsed. `whose` in words; `too_many` people where those are only the asker's own then."""

    person: Person
    whose: str
    command: Rehearse
    own: bool
    too_many: int = 0


def extent(session: Session, command: AskForRehearsal, now: datetime) -> Extent:
    """A champion: the workspace. A lead: their teams and those below. Others: themselves. Raises UnknownMember."""
    who = acting(session, command.actor)
    asked = rehearsing.answering(session, who.workspace.id, local_day(now, who.zone))
    workspace_id = who.workspace.id
    led = {} if who.is_champion else _led(session, who)
    in_reach = [each for each in asked if who.is_champion or each.team_id in led]
    people = {each.slack_id for each in in_reach}
    if not people or len(people) > MOST_PEOPLE:
        return Extent(who.person, YOURS, _only(workspace_id, asked, {who.member.slack_id}), True, len(people))
    if who.is_champion:
        return Extent(who.person, "everybody", Rehearse(workspace_id, WEEKS), False)
    names = ", ".join(sorted(led.values(), key=str.casefold))
    channels = {each.channel for each in in_reach if each.channel is not None}
    recipients = {who.member.slack_id, *people, *channels}
    return Extent(who.person, names, _only(workspace_id, asked, recipients), False)


def _only(workspace_id: int, asked: Iterable[rehearsing.Answering], recipients: set[str]) -> Rehearse:
    """What these get, with everything that is asked in the teams in which they are asked."""
    teams = {each.team_id for each in asked if each.slack_id in recipients or each.channel in recipients}
    return Rehearse(workspace_id, WEEKS, recipients=recipients, teams=teams)


def _led(session: Session, who: Acting) -> dict[int, str]:
    """The teams somebody leads and those below them, by row id."""
    there = [row.team for row in team_trees.everywhere(session, who.workspace.id) if row.team.archived_at is None]
    found: dict[int, str] = {}
    level: list[Team] = [team for team in there if team.lead_id == who.member.id]
    while level:
        found |= {team.id: team.name for team in level}
        level = [team for team in there if team.parent_id in found and team.id not in found]
    return found


def rehearse_here(database: Database, command: AskForRehearsal, now: datetime) -> RehearsalShown:
    """Look up whose messages these are, and rehearse them. Takes seconds; raises what `extent` raises."""
    found = database.transact(lambda session: extent(session, command, now), writes=False)
    own: list[RehearsedMessage] = []
    tell = own.append if found.own else (lambda message: None)
    done = rehearse(database, found.command, now, tell)
    return RehearsalShown(found.person, found.whose, done, tuple(own), found.too_many)
