"""Who is acting, and what they may do because of it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.okr.errors import NotAllowed, OkrError
from bot.okr.facts import Person
from bot.okr.locales import offered_locale
from bot.okr.zones import first_known_zone
from bot.store import members
from bot.store.session import Session
from bot.store.tables import Member, Workspace


@dataclass(frozen=True)
class Actor:
    """Who pressed or typed: Slack's team id (`T…`) and user id (`U…`)."""

    team: str
    user: str


class UnknownMember(OkrError):
    """Nobody of that id is known yet; the caller asks Slack about them and tries once more."""

    def __init__(self, actor: Actor) -> None:
        super().__init__("I do not know you yet. Please try again in a moment.", help_topic="start")
        self.actor = actor


class UnknownPerson(UnknownMember):
    """Somebody who was named is not known yet; the caller asks Slack about them and tries once more."""

    def __init__(self, actor: Actor, *, help_topic: str = "roles", field: str | None = None) -> None:
        super().__init__(actor)
        self.sentence = "One of these is not a person of this workspace. Choose somebody else."
        self.help_topic, self.field = help_topic, field


@dataclass(frozen=True)
class Acting:
    """The member who acts, their workspace, and everybody with a workspace-wide role."""

    workspace: Workspace
    member: Member
    roles: tuple[members.RoleHolder, ...]

    @property
    def is_champion(self) -> bool:
        """Whether the member runs the programme."""
        return any(each.member_id == self.member.id for each in self.champions)

    @property
    def champions(self) -> tuple[members.RoleHolder, ...]:
        """Active champions, longest in office first."""
        return tuple(each for each in self.roles if each.role == "champion" and each.is_active)

    @property
    def workspace_zone(self) -> str | None:
        """The zone of a team without a lead: the first champion's."""
        return members.first_champion_zone(self.roles)

    @property
    def zone(self) -> ZoneInfo:
        """The member's own zone, else the workspace's, else UTC."""
        return first_known_zone([self.member.zone, self.workspace_zone])

    @property
    def person(self) -> Person:
        """The member as views name them."""
        return person_of(self.member, self.workspace_zone)


def person_of(member: Member, fallback_zone: str | None = None) -> Person:
    """A member as views name them."""
    return Person(
        slack_id=member.slack_id,
        name=member.name,
        zone=first_known_zone([member.zone, fallback_zone]).key,
        locale=offered_locale(member.locale),
    )


def acting(session: Session, actor: Actor) -> Acting:
    """Look the actor up, in two statements.

    Raises UnknownMember, and NotAllowed for people of another company in a shared channel and for deactivated ones.
    """
    found = members.with_workspace(session, actor.team, actor.user)
    if found is None:
        raise UnknownMember(actor)
    workspace, member = found
    if member.deactivated_at is not None or member.is_bot:
        raise NotAllowed("OKR Bot only answers people of this workspace.")
    return Acting(workspace, member, tuple(members.roles(session, workspace.id)))


def acting_as(session: Session, member_id: int) -> Acting:
    """The same for a member who is known, for work that goes on without them."""
    member = session.get_one(Member, member_id)
    return Acting(
        session.get_one(Workspace, member.workspace_id), member, tuple(members.roles(session, member.workspace_id))
    )
