"""The people and teams of an import."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.store import imports
from bot.store.tables import Member, MemberRole, Membership, Team, TeamObserver
from bot.usecases.import_plans import ImportPlan, PersonEntry, TeamEntry
from bot.usecases.importing import Importing, refuse_loops, refuse_same_names
from bot.usecases.rounds import follow_people
from bot.usecases.team_rhythms import follow_rhythms

ASKED_BY = frozenset({"zone", "prompt_hour", "prompt_days", "profile", "country", "region"})
"""What decides when somebody is asked: rounds under way follow it."""


def import_people(importing: Importing, plan: ImportPlan) -> None:
    """Make or change members, and give roles."""
    members = imports.all_members(importing.session, importing.workspace.id)
    by_slack_id = {member.slack_id: member for member in members}
    # Whoever left and came back has two accounts with one address: the open one is meant.
    closed_first = sorted(members, key=lambda each: each.deactivated_at is None)
    by_email = {member.email.casefold(): member for member in closed_first if member.email and not member.is_bot}
    by_key = {member.external_key: member for member in members if member.external_key}
    importing.people.update({**by_email, **by_slack_id, **by_key})
    new: list[Member] = []
    found: list[tuple[PersonEntry, Member]] = []
    for entry in plan.people:
        member = _find(entry, by_slack_id, by_email, by_key)
        names = [name for name in (entry.key, entry.slack_id, entry.email and entry.email.casefold()) if name]
        holder = by_key.get(entry.key) if entry.key else None
        if holder is not None and holder is not member:
            importing.refuse(entry.line, f"the key “{entry.key}” belongs to {holder.name} ({holder.slack_id}) already")
            continue
        is_new = member is None
        if member is None:
            if not importing.has_all(entry.line, "this person", slack_id=entry.slack_id, name=entry.name):
                importing.people.update(dict.fromkeys(names))
                continue
            member = Member(workspace_id=importing.workspace.id, slack_id=entry.slack_id)
            new.append(member)
        values: dict[str, Any] = {"name": entry.name, "email": entry.email, "zone": entry.zone, "locale": entry.locale}
        values |= {"is_admin": entry.admin, "is_guest": entry.guest, "is_bot": entry.bot}
        values |= {"deactivated_at": entry.deactivated_at, "external_key": entry.key}
        values |= {"prompt_hour": entry.prompt_hour, "prompt_days": entry.prompt_days, "profile": entry.profile}
        values |= {"country": entry.country, "region": entry.region}
        moves_away = entry.country is not None and entry.country != member.country
        importing.write("people", member, values, new=is_new)
        if moves_away and entry.region is None:
            importing.write_exactly("people", member, {"region": None})
        importing.people.update(dict.fromkeys(names, member))
        found.append((entry, member))
    imports.keep_all(importing.session, new, Member.slack_id)
    _give_roles(importing, found)
    moved = [member.id for _, member in found if not ASKED_BY.isdisjoint(importing.changed_in(member))]
    if not importing.problems:
        follow_people(importing.session, importing.workspace.id, moved, importing.now)


def _find(
    entry: PersonEntry, by_slack_id: Mapping[str, Member], by_email: Mapping[str, Member], by_key: Mapping[str, Member]
) -> Member | None:
    if entry.slack_id is not None:
        return by_slack_id.get(entry.slack_id)
    found = by_email.get(entry.email.casefold()) if entry.email else None
    return found or (by_key.get(entry.key) if entry.key else None)


def _give_roles(importing: Importing, found: Iterable[tuple[PersonEntry, Member]]) -> None:
    holders = imports.all_roles(importing.session, importing.workspace.id)
    given: list[MemberRole] = []
    for entry, member in found:
        since = {each.role: each.since for each in reversed(entry.roles) if (member.id, each.role) not in holders}
        importing.write_added(member, "roles", since)
        given += [
            MemberRole(workspace_id=importing.workspace.id, member_id=member.id, role=role, since=at or importing.now)
            for role, at in since.items()
        ]
    imports.insert_all(importing.session, given)


def import_teams(importing: Importing, plan: ImportPlan) -> None:
    """Make or change teams, and place them in the tree; a root team made in Slack is taken over by the company."""
    teams = imports.all_teams(importing.session, importing.workspace.id)
    importing.teams.update({team.external_key: team for team in teams if team.external_key})
    root = next((team for team in teams if team.parent_id is None and team.archived_at is None), None)
    without_key = {team.name.casefold(): team for team in teams if not team.external_key and not team.archived_at}
    kept: list[tuple[TeamEntry, Team]] = []
    new: list[Team] = []
    for entry in plan.teams:
        team = importing.teams.get(entry.key) or _made_in_slack(entry, without_key, root)
        is_new = team is None
        if team is None:
            importing.teams[entry.key] = None
            if not importing.has_all(entry.line, f"the team “{entry.key}”", name=entry.name):
                continue
            if entry.parent is None and root is not None:
                reason = f"the team “{entry.key}” needs parent: …, because only one team has none: {root.name}"
                importing.refuse(entry.line, reason)
                continue
            team = Team(workspace_id=importing.workspace.id, level=entry.level or "team")
            root = team if entry.parent is None else root
            new.append(team)
        importing.teams[entry.key] = team
        values: dict[str, Any] = {"name": entry.name, "level": entry.level, "channel": entry.channel}
        values |= {"members_from": entry.members_from, "members_source": entry.members_source}
        values |= {"archived_at": entry.archived_at, "external_key": entry.key, "own_rhythm": entry.rhythm}
        importing.write("teams", team, values, new=is_new)
        kept.append((entry, team))
    imports.keep_all(importing.session, new, Team.external_key)
    _place(importing, kept)
    above = {team.id: team.parent_id for team in [*teams, *new]}
    placed = [(entry.parent.line, team.id) for entry, team in kept if entry.parent]
    refuse_loops(importing, placed, above, "this would make the team its own parent")
    named = [(entry.line, team) for entry, team in kept]
    if not importing.problems:
        follow_rhythms(importing.session, importing.workspace.id, importing.now)
    refuse_same_names(importing, named, teams, lambda each: (each.parent_id, each.name.casefold()), "team")


def _made_in_slack(entry: TeamEntry, without_key: dict[str, Team], root: Team | None) -> Team | None:
    """A team without a key that this entry means: one of its name, or the root team for the company."""
    if entry.name is not None and entry.name.casefold() in without_key:
        return without_key.pop(entry.name.casefold())
    is_company = entry.level == "company" and entry.parent is None
    if is_company and root is not None and without_key.get(root.name.casefold()) is root:
        return without_key.pop(root.name.casefold())
    return None


def _place(importing: Importing, kept: list[tuple[TeamEntry, Team]]) -> None:
    """Parents, leads and members: every team and person has its id by now."""
    for entry, team in kept:
        parent = importing.named(importing.teams, entry.parent, "team")
        lead = importing.person(entry.lead)
        importing.write("teams", team, {"parent_id": parent and parent.id, "lead_id": lead and lead.id})
    session, workspace_id = importing.session, importing.workspace.id
    _join(importing, Membership, imports.pairs(session, workspace_id, Membership.team_id, Membership.member_id), kept)
    observing = imports.pairs(session, workspace_id, TeamObserver.team_id, TeamObserver.member_id)
    _join(importing, TeamObserver, observing, kept)


def _join(
    importing: Importing,
    row: type[Membership] | type[TeamObserver],
    known: set[tuple[int, int]],
    kept: list[tuple[TeamEntry, Team]],
) -> None:
    """Add the members, or the observers, that a team does not have yet."""
    joined: list[Membership | TeamObserver] = []
    for entry, team in kept:
        named = entry.members if row is Membership else entry.observers
        people = [importing.person(reference) for reference in named]
        added = {person.id: person for person in people if person and (team.id, person.id) not in known}
        what = "members" if row is Membership else "observers"
        importing.write_added(team, what, [person.slack_id for person in added.values()])
        joined += [row(workspace_id=importing.workspace.id, team_id=team.id, member_id=person) for person in added]
    imports.insert_all(importing.session, joined)
