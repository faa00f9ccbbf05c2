"""`/okr team`: the tree, one team, and the archive."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from bot.okr.errors import NotFound, OkrError
from bot.okr.organisation import TeamLine, TeamShown, TeamTree
from bot.okr.permissions import Action, Relation, may
from bot.store import changes, team_trees, workspaces
from bot.store.session import Session
from bot.store.tables import Delivery, Team
from bot.store.team_trees import TeamRow
from bot.usecases.actors import Acting, Actor, acting, acting_as
from bot.usecases.deliverable import Outgoing
from bot.usecases.permits import permit
from bot.usecases.relations import roles_of, to_team
from bot.usecases.team_rhythms import follow_rhythms, team_rhythm

SHOWN = 60
MOST_ARCHIVED = 30
HELP = "teams"


class RefusedTeam(OkrError):
    """A team cannot be what was asked for; the sentence says what to do first."""

    default_help_topic = HELP


@dataclass(frozen=True)
class ShowTeams:
    """The tree; with a `name` that team, or those that share it."""

    actor: Actor
    name: str | None = None


@dataclass(frozen=True)
class ShowTeam:
    """One team, by its row id."""

    actor: Actor
    team: int


@dataclass(frozen=True)
class ArchiveTeam:
    """Put a team into the archive, or take it `back` from there."""

    actor: Actor
    team: int
    back: bool = False


class Tree:
    """All teams of a workspace, and how they lie below each other."""

    def __init__(self, rows: Sequence[TeamRow]) -> None:
        self.rows: Mapping[int, TeamRow] = {row.team.id: row for row in rows}
        self.active = [row for row in rows if row.team.archived_at is None]
        below: dict[int | None, list[TeamRow]] = {}
        shown = {row.team.id for row in self.active}
        for row in sorted(self.active, key=lambda each: (each.team.name.casefold(), each.team.id)):
            parent = row.team.parent_id
            below.setdefault(parent if parent in shown else None, []).append(row)
        self._below = below
        self._called = Counter(row.team.name.casefold() for row in self.active)

    def is_alone(self, name: str) -> bool:
        """Whether one active team has this name."""
        return self._called[name.casefold()] == 1

    @property
    def root(self) -> int | None:
        """The company: the oldest team without a parent."""
        return next((row.team.id for row in self.active if row.team.parent_id is None), None)

    def below(self, team_id: int) -> list[TeamRow]:
        """The active teams directly below one, by name."""
        return self._below.get(team_id, [])

    def walk(self) -> Iterator[tuple[int, TeamRow]]:
        """Every active team behind the one it belongs to, with its depth. A ring made by hand is walked once."""
        seen: set[int] = set()
        tops = self._below.get(None, [])
        tops = sorted(tops, key=lambda row: row.team.id != self.root)
        rings = [row for row in self.active if not self._reaches_the_top(row.team)]
        for top in [*tops, *rings]:
            yield from self._walk(top, 0, seen)

    def _walk(self, row: TeamRow, depth: int, seen: set[int]) -> Iterator[tuple[int, TeamRow]]:
        if row.team.id in seen:
            return
        seen.add(row.team.id)
        yield depth, row
        for child in self.below(row.team.id):
            yield from self._walk(child, depth + 1, seen)

    def _reaches_the_top(self, team: Team) -> bool:
        return team.id not in set(self.above(team.parent_id))

    def above(self, team_id: int | None) -> Iterator[int]:
        """A team and those above it, the nearest first."""
        seen: set[int] = set()
        while team_id is not None and team_id in self.rows and team_id not in seen:
            seen.add(team_id)
            yield team_id
            team_id = self.rows[team_id].team.parent_id

    def led_by(self, member_id: int) -> set[int]:
        """The active teams somebody leads, and those below them."""
        led = {row.team.id for row in self.active if row.team.lead_id == member_id}
        return {row.team.id for row in self.active if not led.isdisjoint(self.above(row.team.id))}

    def rhythm_giver(self, team: Team) -> Team | None:
        """The nearest team above that has a rhythm of its own, else the topmost; None where `team` has its own."""
        if team.own_rhythm is not None:
            return None
        above = [self.rows[each].team for each in self.above(team.parent_id)]
        return next((each for each in above if each.own_rhythm is not None), above[-1] if above else None)

    def path(self, team: Team) -> str:
        """`Lumen / Growth / Sales`: tells teams of one name apart."""
        return " / ".join(self.rows[each].team.name for each in reversed([*self.above(team.id)]))


def tree_of(session: Session, who: Acting) -> Tree:
    """All teams of the workspace; one statement."""
    return Tree(team_trees.everywhere(session, who.workspace.id))


def show_teams(session: Session, command: ShowTeams, now: datetime) -> TeamTree | TeamShown:
    """The tree, or one team. Raises NotFound where no team has that name."""
    who = acting(session, command.actor)
    tree = tree_of(session, who)
    if command.name is None:
        return _tree(who, tree, [*tree.walk()])
    found = _named(tree, command.name)
    if len(found) == 1:
        return _shown(session, who, tree, found[0], now)
    lines = [(0, row) for row in found]
    return _tree(who, tree, lines, asked=command.name)


def show_team(session: Session, command: ShowTeam, now: datetime) -> TeamShown:
    """One team. Raises NotFound."""
    who = acting(session, command.actor)
    tree = tree_of(session, who)
    return _shown(session, who, tree, known(tree, command.team), now)


def known(tree: Tree, team_id: int) -> TeamRow:
    """A team of the workspace. Raises NotFound for any other."""
    if team_id not in tree.rows:
        raise NotFound("This team is not here any more. /okr team shows those there are.", help_topic=HELP)
    return tree.rows[team_id]


def _named(tree: Tree, typed: str) -> list[TeamRow]:
    wanted = " ".join(typed.split()).casefold()
    same = [row for row in tree.rows.values() if wanted in (row.team.name.casefold(), tree.path(row.team).casefold())]
    found = [row for row in same if row.team.archived_at is None] or same
    if found:
        return found
    names = {row.team.name.casefold(): row.team.name for row in tree.active}
    near = get_close_matches(wanted, names, n=1)
    hint = f" Did you mean {names[near[0]]}?" if near else " /okr team shows those there are."
    shown = typed if len(typed) <= 60 else f"{typed[:59]}…"
    raise NotFound(f"There is no team called “{shown}”.{hint}", help_topic=HELP)


def _tree(who: Acting, tree: Tree, lines: Sequence[tuple[int, TeamRow]], asked: str | None = None) -> TeamTree:
    archived = [row.team.name for row in tree.rows.values() if row.team.archived_at is not None]
    return TeamTree(
        person=who.person,
        lines=tuple(
            TeamLine(
                id=row.team.id,
                name=tree.path(row.team) if asked else row.team.name,
                depth=depth,
                lead=row.lead,
                lead_left=row.lead_left,
                members=row.members,
                channel=row.team.channel,
            )
            for depth, row in lines[:SHOWN]
        ),
        more=max(0, len(lines) - SHOWN),
        archived=() if asked else tuple(archived[:MOST_ARCHIVED]),
        may_make=bool(may_be_parents(who, tree)),
        asked=asked,
    )


def may_be_parents(who: Acting, tree: Tree) -> set[int]:
    """The teams below which the member may make one."""
    if may(Action.MAKE_TEAM, roles_of(who), guest=who.member.is_guest):
        return {row.team.id for row in tree.active}
    led = may(Action.MAKE_TEAM, {Relation.LEAD}, guest=who.member.is_guest)
    return tree.led_by(who.member.id) if led else set()


def _shown(
    session: Session, who: Acting, tree: Tree, row: TeamRow, now: datetime, said: str | None = None
) -> TeamShown:
    team = row.team
    people = team_trees.people_of(session, team.id)
    relations = to_team(session, who, team.id)
    archived = team.archived_at is not None
    parent = None if team.parent_id is None else tree.rows.get(team.parent_id)

    def allowed(action: Action) -> bool:
        return may(action, relations, guest=who.member.is_guest)

    return TeamShown(
        person=who.person,
        id=team.id,
        name=team.name,
        level=team.level,
        parent=None if parent is None else parent.team.name,
        lead=row.lead,
        lead_left=row.lead_left,
        channel=team.channel,
        members=_names(people, "member"),
        observers=_names(people, "observer"),
        source=team.members_from,
        below=tuple(each.team.name for each in tree.below(team.id)),
        archived=archived,
        may_edit=allowed(Action.EDIT_TEAM) and not archived,
        may_make=allowed(Action.MAKE_TEAM) and not archived,
        may_archive=allowed(Action.ARCHIVE_TEAM) and team.id != tree.root,
        rhythm=team_rhythm(session, team, row.lead_zone, who.workspace_zone, tree.rhythm_giver(team), now),
        said=said,
    )


def _names(people: Iterable[team_trees.TeamPerson], what: str) -> tuple[str, ...]:
    return tuple(each.name for each in people if each.what == what)


def archive_team(session: Session, command: ArchiveTeam, now: datetime) -> TeamShown:
    """Archive or restore; a second time changes nothing. Raises NotAllowed, NotFound, RefusedTeam."""
    who = acting(session, command.actor)
    workspaces.lock(session, who.workspace.id)
    tree = tree_of(session, who)
    row = known(tree, command.team)
    team = row.team
    permit(who, Action.ARCHIVE_TEAM, to_team(session, who, team.id), f"the team {team.name}")
    if command.back == (team.archived_at is None):
        state = "not in the archive" if command.back else "in the archive already"
        return _shown(session, who, tree, row, now, f"{team.name} is {state}.")
    if command.back:
        _check_restoring(tree, team)
    else:
        _check_archiving(tree, team)
    team.archived_at = None if command.back else now
    follow_rhythms(session, who.workspace.id, now)
    changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity="team",
        entity_id=team.id,
        action="restored" if command.back else "archived",
    )
    session.flush()
    what = "is back from the archive" if command.back else "is in the archive now"
    return _shown(session, who, tree_of(session, who), row, now, f"{team.name} {what}.")


def _check_archiving(tree: Tree, team: Team) -> None:
    if team.id == tree.root:
        raise RefusedTeam(f"{team.name} is the company: every team belongs below it, so it stays.")
    below = [each.team.name for each in tree.below(team.id)]
    if below:
        more = f" and {len(below) - 3} more" if len(below) > 3 else ""
        raise RefusedTeam(
            f"{', '.join(below[:3])}{more} belong to {team.name}. Archive them first, or let them belong elsewhere."
        )


def _check_restoring(tree: Tree, team: Team) -> None:
    parent = None if team.parent_id is None else tree.rows.get(team.parent_id)
    if parent is not None and parent.team.archived_at is not None:
        raise RefusedTeam(f"{team.name} belongs to {parent.team.name}, which is in the archive. Restore that first.")
    if team.parent_id is not None:
        check_name(tree, team.name, team.parent_id, but=team.id)


def check_name(tree: Tree, name: str, parent_id: int, *, but: int | None) -> None:
    """Raise RefusedTeam (`field` is name) where another team of this name belongs to the same one."""
    for row in tree.below(parent_id):
        if row.team.name.casefold() == name.casefold() and row.team.id != but:
            raise RefusedTeam(
                f"{row.team.name} belongs to {tree.rows[parent_id].team.name} already. Choose another name.",
                field="name",
            )


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The note that confirms to somebody what they saved in a team's form."""
    who = acting_as(session, delivery.arguments["member"])
    tree = tree_of(session, who)
    row = known(tree, delivery.arguments["team"])
    what = "is made" if delivery.arguments["made"] else "is saved"
    return Outgoing(delivery.recipient, _shown(session, who, tree, row, now, f"{row.team.name} {what}."))
