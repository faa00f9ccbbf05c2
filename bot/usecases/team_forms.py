"""The **New team** and **Edit team** form."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.okr.organisation import Entry, TeamForm
from bot.okr.permissions import Action
from bot.okr.zones import first_known_zone
from bot.store import changes, deliveries, members, team_trees, workspaces
from bot.store.session import Session
from bot.store.tables import Delivery, Member, Team, TeamObserver
from bot.store.team_trees import TeamRow
from bot.usecases import in_step
from bot.usecases.actors import Acting, Actor, UnknownPerson, acting
from bot.usecases.appointments import tell_leads
from bot.usecases.asking import ask_others
from bot.usecases.in_step import CHANNEL, GROUP
from bot.usecases.permits import permit
from bot.usecases.relations import roles_of, to_team
from bot.usecases.roles import may_hold
from bot.usecases.team_rhythms import TypedRhythm, follow_rhythms, own_rhythm, rhythm_form
from bot.usecases.teams import HELP, RefusedTeam, Tree, check_name, known, may_be_parents, tree_of
from bot.usecases.typed import says_something, typed_line

HAND = "hand"
LEVELS = ("department", "team")
LONGEST_NAME = 80
MOST_CHOICES = 100


@dataclass(frozen=True)
class OpenTeam:
    """Show the form: for `team` (a row id) or a new one, `below` which team, with a `name` that was typed.

    `source` and `every` are what was just chosen in the open form for its members (hand, group or channel) and for its
    rhythm, and `seen` the newest change of the team that this form knew.
    """

    actor: Actor
    nonce: str
    team: int | None = None
    below: int | None = None
    name: str | None = None
    source: str | None = None
    every: str | None = None
    seen: int | None = None


@dataclass(frozen=True)
class FindParents:
    """What a team (None: a new one) may belong to, with `typed` in its name."""

    actor: Actor
    team: int | None
    typed: str


@dataclass(frozen=True)
class SaveTeam:
    """The form was saved. Slack ids for people, channel and group; `parent` is a row id.

    `read`: who is in the chosen group or channel; None where Slack did not say in time. `seen`: the newest change of
    the team when the form was opened; None in one that was opened before forms knew it. `rhythm`: None where the form
    did not ask for it, so that it stays.
    """

    actor: Actor
    nonce: str
    team: int | None
    name: str
    level: str | None
    parent: int | None
    lead: str | None
    channel: str | None
    members: tuple[str, ...]
    observers: tuple[str, ...]
    source: str
    group: str | None = None
    read: tuple[str, ...] | None = None
    seen: int | None = None
    rhythm: TypedRhythm | None = None


def open_team(session: Session, command: OpenTeam, now: datetime) -> TeamForm:
    """What the form is filled with. Raises NotAllowed, NotFound."""
    who = acting(session, command.actor)
    tree = tree_of(session, who)
    row = None if command.team is None else known(tree, command.team)
    parents = _parents(session, who, tree, row)
    if row is None:
        return _new_form(who, tree, parents, command)
    team = row.team
    people = team_trees.people_of(session, team.id)
    source = command.source or team.members_from or HAND
    return TeamForm(
        person=who.person,
        nonce=command.nonce,
        team=team.id,
        name=team.name,
        level=team.level,
        parent=None if team.parent_id is None else _entry(tree, team.parent_id),
        parents=None if len(parents) > MOST_CHOICES else tuple(_entry(tree, each) for each in parents),
        lead=next((each.slack_id for each in people if each.what == "lead"), None),
        channel=team.channel,
        members=tuple(each.slack_id for each in people if each.what == "member"),
        observers=tuple(each.slack_id for each in people if each.what == "observer"),
        source=source,
        rhythm=rhythm_form(team, _above(tree, team.parent_id), command.every),
        group=Entry(team.members_source, team.members_source) if _from_group(team) and team.members_source else None,
        seen=command.seen if command.seen is not None else changes.newest(session, who.workspace.id, "team", team.id),
    )


def _above(tree: Tree, team_id: int | None) -> Team | None:
    return None if team_id is None or team_id not in tree.rows else tree.rows[team_id].team


def _from_group(team: Team) -> bool:
    return team.members_from == GROUP


def _new_form(who: Acting, tree: Tree, parents: list[int], command: OpenTeam) -> TeamForm:
    chosen = command.below if command.below in parents else parents[0]
    return TeamForm(
        person=who.person,
        nonce=command.nonce,
        team=None,
        name=typed_line(command.name)[:LONGEST_NAME],
        level="team",
        parent=_entry(tree, chosen),
        parents=None if len(parents) > MOST_CHOICES else tuple(_entry(tree, each) for each in parents),
        lead=None,
        channel=None,
        members=(),
        observers=(),
        source=command.source or HAND,
        rhythm=rhythm_form(None, _above(tree, chosen), command.every),
    )


def find_parents(session: Session, command: FindParents, now: datetime) -> tuple[Entry, ...]:
    """At most a hundred of them."""
    who = acting(session, command.actor)
    tree = tree_of(session, who)
    row = None if command.team is None else known(tree, command.team)
    wanted = " ".join(command.typed.split()).casefold()
    found = (_entry(tree, each) for each in _parents(session, who, tree, row))
    return tuple([each for each in found if wanted in each.words.casefold()][:MOST_CHOICES])


def _parents(session: Session, who: Acting, tree: Tree, row: TeamRow | None) -> list[int]:
    """What a team may belong to, in the order of the tree; nothing for the root. Raises NotAllowed."""
    allowed = may_be_parents(who, tree)
    if row is None:
        if not allowed:
            permit(who, Action.MAKE_TEAM, roles_of(who), "a new team")
    else:
        permit(who, Action.EDIT_TEAM, to_team(session, who, row.team.id), f"the team {row.team.name}")
        if row.team.archived_at is not None:
            raise RefusedTeam(f"{row.team.name} is in the archive. Restore it before you change it.")
        if row.team.id == tree.root:
            return []
        if row.team.parent_id is not None:
            allowed = allowed | {row.team.parent_id}
    fitting = [each.team.id for _, each in tree.walk() if each.team.id in allowed]
    return fitting if row is None else [each for each in fitting if row.team.id not in tree.above(each)]


def _entry(tree: Tree, team_id: int) -> Entry:
    name = tree.rows[team_id].team.name
    return Entry(str(team_id), name if tree.is_alone(name) else tree.path(tree.rows[team_id].team))


def save_team(session: Session, command: SaveTeam, now: datetime) -> int:
    """Make or change a team; the same form saved again is the same team. Answers its row id.

    Raises NotAllowed, NotFound, UnknownPerson, and RefusedTeam with `field` (`name`, `parent`, `lead`, `channel`,
    `members`, `observers`, `source`), and RefusedRhythm with `field` (`every`, `opens`, `due`, `closes`).
    """
    who = acting(session, command.actor)
    key = f"team_saved:{command.nonce}"
    done = deliveries.id_of(session, who.workspace.id, key)
    if done is not None:
        return int(session.get_one(Delivery, done).arguments["team"])
    # Two forms sent at one moment must not make a ring of teams, nor two of one name: the second one looks again.
    workspaces.lock(session, who.workspace.id)
    tree = tree_of(session, who)
    row = None if command.team is None else known(tree, command.team)
    name = _name(command.name)
    parent_id = _parent(session, who, tree, row, command)
    if parent_id is not None:
        check_name(tree, name, parent_id, but=command.team)
    if row is not None:
        _check_seen(session, row.team, command.seen)
    people = _People(session, who, command)
    team = Team(workspace_id=who.workspace.id, name=name, level="team") if row is None else row.team
    before, led_by = None if row is None else _described(team), team.lead_id
    _write(team, command, name, parent_id, people)
    above = _above(tree, parent_id)
    zone = first_known_zone([people.lead_zone, who.workspace_zone])
    team.own_rhythm = own_rhythm(session, team, command.rhythm, above, zone, now)
    session.add(team)
    follow_rhythms(session, who.workspace.id, now)
    _keep_people(session, who, team, command, people, now)
    tell_leads(session, who, team, led_by, now)
    ask_others(session, who.workspace.id, now)
    changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity="team",
        entity_id=team.id,
        action="made" if row is None else "changed",
        before=before,
        after=_described(team),
    )
    deliveries.add(
        session,
        who.workspace.id,
        kind="team_saved",
        recipient=who.member.slack_id,
        arguments={"team": team.id, "member": who.member.id, "made": row is None},
        dedupe_key=key,
        not_before=now,
        now=now,
        priority=0,
    )
    session.flush()
    return team.id


def _check_seen(session: Session, team: Team, seen: int | None) -> None:
    """Raise RefusedTeam where somebody saved the team after this form was opened: the form would undo that."""
    by = changes.saved_since(session, team.workspace_id, "team", team.id, seen)
    if by is not None:
        raise RefusedTeam(
            f"{by} changed {team.name} while this form was open, so nothing is saved. Press Cancel, then Edit once "
            "more: the form shows how it is now."
        )


def _name(typed: str) -> str:
    name = typed_line(typed)
    if not says_something(name):
        raise RefusedTeam("Give the team a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise RefusedTeam(f"This name is too long: at most {LONGEST_NAME} characters.", field="name")
    return name


def _parent(session: Session, who: Acting, tree: Tree, row: TeamRow | None, command: SaveTeam) -> int | None:
    """What it is to belong to: None for the root. Raises NotAllowed, RefusedTeam."""
    allowed = _parents(session, who, tree, row)
    if row is not None and row.team.id == tree.root:
        return None
    if command.parent in allowed:
        return command.parent
    if command.parent is None or command.parent not in tree.rows:
        raise RefusedTeam("Choose what the team belongs to.", field="parent")
    parent = tree.rows[command.parent].team
    if row is not None and row.team.id in tree.above(parent.id):
        raise RefusedTeam(f"{parent.name} lies below {row.team.name}; a team can't belong to itself.", field="parent")
    if parent.archived_at is not None:
        raise RefusedTeam(f"{parent.name} is in the archive. Choose another one.", field="parent")
    permit(who, Action.MAKE_TEAM, to_team(session, who, parent.id), f"the team {parent.name}")
    return parent.id


class _People:
    """Everybody a form names, as members. Raises UnknownPerson and RefusedTeam at the field they stand in."""

    def __init__(self, session: Session, who: Acting, command: SaveTeam) -> None:
        by_hand = command.members if command.source == HAND else ()
        named = {"lead": [command.lead] if command.lead else [], "members": by_hand, "observers": command.observers}
        self._known = members.by_slack_ids(session, who.workspace.id, {each for ids in named.values() for each in ids})
        for field, ids in named.items():
            for each in ids:
                if each not in self._known:
                    raise UnknownPerson(Actor(command.actor.team, each), help_topic=HELP, field=field)
                _check(self._known[each], field)
        self.lead = self.id_of(command.lead)
        self.lead_zone = self._known[command.lead].zone if command.lead else None
        self.members = {self._known[each].id for each in by_hand}
        self.observers = {self._known[each].id for each in command.observers}

    def id_of(self, slack_id: str | None) -> int | None:
        return self._known[slack_id].id if slack_id else None


def _check(person: Member, field: str) -> None:
    if not in_step.belongs(person):
        raise RefusedTeam(f"{person.name} is no active person of this workspace. Choose somebody else.", field=field)
    if field == "lead" and not may_hold(person):
        raise RefusedTeam(f"{person.name} is a guest; a lead is a full member. Choose somebody else.", field=field)
    if field == "observers" and not may_hold(person):
        raise RefusedTeam(f"{person.name} is a guest, who reads only what they work on themselves.", field=field)


def _write(team: Team, command: SaveTeam, name: str, parent_id: int | None, people: _People) -> None:
    team.name, team.parent_id = name, parent_id
    if parent_id is not None and command.level in LEVELS:
        team.level = command.level
    team.lead_id, team.channel = people.lead, command.channel
    team.members_from, team.members_source = _source(command)


def _source(command: SaveTeam) -> tuple[str | None, str | None]:
    if command.source == GROUP:
        if not command.group:
            raise RefusedTeam("Choose a user group, or take the members from somewhere else.", field="source")
        return GROUP, command.group
    if command.source == CHANNEL:
        if not command.channel:
            raise RefusedTeam("Choose the channel whose members these are.", field="channel")
        return CHANNEL, command.channel
    return None, None


def _keep_people(session: Session, who: Acting, team: Team, command: SaveTeam, people: _People, now: datetime) -> None:
    wanted: Collection[int] | None = people.members
    if command.source != HAND:
        # What Slack did not say in time is read again later, and what shows nobody any more says nothing: until then
        # the members stay as they are.
        found = members.by_slack_ids(session, who.workspace.id, command.read or ())
        is_silent = command.read is None or (command.source == CHANNEL and not command.read)
        wanted = None if is_silent else {each.id for each in found.values() if in_step.belongs(each)}
    if wanted is not None:
        in_step.set_members(session, team, wanted, now, actor_id=who.member.id)
    came, went = team_trees.set_people(session, TeamObserver, who.workspace.id, team.id, people.observers)
    if came or went:
        # Observers read what is private, so who let them is written down.
        changes.note(
            session,
            who.workspace.id,
            at=now,
            actor_id=who.member.id,
            entity="team",
            entity_id=team.id,
            action="observers changed",
            after={"joined": sorted(came), "left": sorted(went)},
        )


def _described(team: Team) -> dict[str, object]:
    return {
        "name": team.name,
        "level": team.level,
        "parent": team.parent_id,
        "lead": team.lead_id,
        "channel": team.channel,
        "members_from": team.members_from,
        "members_source": team.members_source,
        "rhythm": team.own_rhythm,
    }
