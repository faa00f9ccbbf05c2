"""Teams whose members come from a Slack user group or a channel, kept in step with it.

Whoever leaves the group leaves the team and keeps their key results. Guests are taken; bots, people of other
companies and people who have left are not. Where Slack shows the group or channel no more (switched off, archived, or
the bot was removed from it), the people stay as they were.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store import changes, members, team_trees, workspaces
from bot.store.session import Session
from bot.store.tables import Member, Membership, Team

GROUP, CHANNEL = "group", "channel"


@dataclass(frozen=True)
class Source:
    """A user group (`S…`) or channel (`C…`) of the Slack workspace `team` (`T…`)."""

    team: str
    kind: str
    id: str

    def shows_nobody(self, people: Collection[str]) -> bool:
        """Whether this answer is that of a channel in Slack's archive, which says nothing about who is in the team."""
        return self.kind == CHANNEL and not people


@dataclass(frozen=True)
class FindSources:
    """What the teams of the Slack workspace `team` (`T…`) are kept in step with."""

    team: str


@dataclass(frozen=True)
class KeepInStep:
    """These people (`U…`), and nobody else, are in the source now."""

    source: Source
    people: tuple[str, ...]


@dataclass(frozen=True)
class FollowChange:
    """These people (`U…`) have come into the source, and those have left it."""

    source: Source
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def find_sources(session: Session, command: FindSources, now: datetime) -> tuple[Source, ...]:
    """Each source once."""
    workspace = workspaces.by_slack_id(session, command.team)
    if workspace is None:
        return ()
    found = {(team.members_from, team.members_source) for team in team_trees.kept_in_step(session, workspace.id)}
    return tuple(sorted((Source(command.team, str(kind), str(id_)) for kind, id_ in found), key=lambda each: each.id))


def keep_in_step(session: Session, command: KeepInStep, now: datetime) -> tuple[str, ...]:
    """Let the teams of this source have exactly these members. Answers the ids of people nobody knows yet."""
    teams = _teams_of(session, command.source)
    if not teams or command.source.shows_nobody(command.people):
        return ()
    known = members.by_slack_ids(session, teams[0].workspace_id, command.people)
    wanted = {member.id for member in known.values() if belongs(member)}
    for team in teams:
        set_members(session, team, wanted, now, actor_id=None)
    return _unknown(known, command.people)


def follow_change(session: Session, command: FollowChange, now: datetime) -> tuple[str, ...]:
    """Take who came into the teams of this source, and who left out. Answers the ids of people nobody knows yet."""
    teams = _teams_of(session, command.source)
    if not teams:
        return ()
    known = members.by_slack_ids(session, teams[0].workspace_id, {*command.joined, *command.left})
    came = {known[each].id for each in command.joined if each in known and belongs(known[each])}
    went = {known[each].id for each in command.left if each in known}
    for team in teams:
        before = team_trees.members_of(session, team.id)
        team_trees.enter(session, Membership, team.workspace_id, team.id, came - before)
        team_trees.leave(session, Membership, team.id, went & before)
        _note(session, team, came - before, went & before, None, now)
    return _unknown(known, command.joined)


def belongs(member: Member) -> bool:
    """Whether somebody of a group or channel becomes a member of its team: people who are there, guests included."""
    return not member.is_bot and member.deactivated_at is None


def set_members(session: Session, team: Team, wanted: Collection[int], now: datetime, *, actor_id: int | None) -> None:
    """Let exactly these be members, and write down who came and went."""
    came, went = team_trees.set_people(session, Membership, team.workspace_id, team.id, wanted)
    _note(session, team, came, went, actor_id, now)


def _note(session: Session, team: Team, came: set[int], went: set[int], actor_id: int | None, now: datetime) -> None:
    if not came and not went:
        return
    changes.note(
        session,
        team.workspace_id,
        at=now,
        actor_id=actor_id,
        entity="team",
        entity_id=team.id,
        action="members changed",
        after={"joined": sorted(came), "left": sorted(went)},
    )


def _teams_of(session: Session, source: Source) -> list[Team]:
    workspace = workspaces.by_slack_id(session, source.team)
    if workspace is None:
        return []
    teams = team_trees.kept_in_step(session, workspace.id)
    return [team for team in teams if (team.members_from, team.members_source) == (source.kind, source.id)]


def _unknown(known: dict[str, Any], people: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in people if each not in known))
