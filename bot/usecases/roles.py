"""Who has which role, and giving and taking the roles of champion and sponsor."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.errors import NotFound, OkrError
from bot.okr.organisation import LedTeam, RolesShown
from bot.okr.permissions import Action, may
from bot.store import changes, members, team_trees, workspaces
from bot.store.session import Session
from bot.store.tables import Member
from bot.usecases.actors import Acting, Actor, UnknownPerson, acting
from bot.usecases.appointments import tell
from bot.usecases.asking import ask_others
from bot.usecases.permits import permit
from bot.usecases.relations import roles_of

MOST_LEADS = 30
ROLES = ("champion", "sponsor")


class RefusedRole(OkrError):
    """Somebody cannot have this role, or it cannot be taken from them."""

    default_help_topic = "roles"


@dataclass(frozen=True)
class ShowRoles:
    """Who has which role."""

    actor: Actor


@dataclass(frozen=True)
class ChangeRole:
    """Give `role` (champion or sponsor) to `person` (a `U…` id, or `@name` as typed), or take it where `off`."""

    actor: Actor
    person: str
    role: str
    off: bool = False


def show_roles(session: Session, command: ShowRoles, now: datetime) -> RolesShown:
    """Champions, sponsors and the leads of teams."""
    who = acting(session, command.actor)
    return _shown(session, who, who.roles, None)


def change_role(session: Session, command: ChangeRole, now: datetime) -> RolesShown:
    """Give or take; a second time changes nothing. Raises NotAllowed, NotFound, UnknownPerson, RefusedRole."""
    who = acting(session, command.actor)
    permit(who, Action.GRANT_ROLE, roles_of(who), f"the role of {command.role}")
    if command.person.startswith("@"):
        raise NotFound(
            f"I can't tell who {command.person[:40]} is. Type @ and choose the person from Slack's list.",
            help_topic="roles",
        )
    person = members.by_slack_id(session, who.workspace.id, command.person)
    if person is None:
        raise UnknownPerson(Actor(command.actor.team, command.person), help_topic="roles")
    # Two champions may take the role from each other at the same moment: one of them waits, and looks again.
    workspaces.lock(session, who.workspace.id)
    holders = tuple(members.roles(session, who.workspace.id))
    said = _take(session, who, person, command.role, holders, now) if command.off else None
    said = said or _give(session, who, person, command.role, now)
    ask_others(session, who.workspace.id, now)
    return _shown(session, who, tuple(members.roles(session, who.workspace.id)), said)


def may_hold(person: Member) -> bool:
    """Whether somebody can be lead, champion or sponsor: a full member who is still there."""
    return not (person.is_bot or person.is_guest or person.deactivated_at is not None)


def _give(session: Session, who: Acting, person: Member, role: str, now: datetime) -> str:
    if person.is_bot or person.deactivated_at is not None:
        raise RefusedRole(f"{person.name} is no active person of this workspace. Choose somebody who is.")
    if person.is_guest:
        raise RefusedRole(
            f"{person.name} is a guest. Guests own key results and check in on them; a {role} is a full member."
        )
    if not members.give_role(session, who.workspace.id, person.id, role, now):
        return f"{person.name} is {role} already."
    _note(session, who, person, f"became {role}", now)
    tell(session, who, person, role, now)
    return f"{person.name} is {role} now."


def _take(
    session: Session, who: Acting, person: Member, role: str, holders: tuple[members.RoleHolder, ...], now: datetime
) -> str:
    active = {each.member_id for each in holders if each.role == role and each.is_active}
    if role == "champion" and active == {person.id}:
        raise RefusedRole(
            f"{person.name} is the only champion, and a programme needs one. "
            "Appoint somebody else first: /okr role @person champion"
        )
    if not members.take_role(session, who.workspace.id, person.id, role):
        return f"{person.name} was no {role}."
    _note(session, who, person, f"no longer {role}", now)
    tell(session, who, person, role, now, off=True)
    return f"{person.name} is no longer {role}."


def _note(session: Session, who: Acting, person: Member, action: str, now: datetime) -> None:
    changes.note(
        session, who.workspace.id, at=now, actor_id=who.member.id, entity="member", entity_id=person.id, action=action
    )


def _shown(session: Session, who: Acting, holders: tuple[members.RoleHolder, ...], said: str | None) -> RolesShown:
    leads, total = team_trees.leads(session, who.workspace.id, MOST_LEADS)
    champions, sponsors = (
        tuple(each.name for each in holders if each.role == role and each.is_active) for role in ROLES
    )
    return RolesShown(
        person=who.person,
        champions=champions,
        sponsors=sponsors,
        leads=tuple(LedTeam(team, lead) for team, lead in leads),
        more_leads=total - len(leads),
        may_change=may(Action.GRANT_ROLE, roles_of(who), guest=who.member.is_guest),
        said=said,
    )
