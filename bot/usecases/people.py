"""Members as Slack describes them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store import members, workspaces
from bot.store.session import Session
from bot.store.tables import Delivery, Workspace
from bot.usecases.asking import ask_others
from bot.usecases.leavers import somebody_left
from bot.usecases.rounds import follow_people

MEMBERS_ARE_OLD_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class SlackPerson:
    """One person of `users.list`, `users.info`, `team_join` or `user_change`. `zone` is an IANA name or None.

    `home` is the workspace (`T…`) they belong to: Slack also names people of other companies, met in shared channels.
    In a company with several workspaces it is None, and `homes` has those they are in, as far as Slack says.
    """

    slack_id: str
    name: str
    email: str | None = None
    zone: str | None = None
    locale: str | None = None
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    home: str | None = None
    homes: tuple[str, ...] = ()

    def is_of(self, team: str) -> bool:
        """Whether they belong to this workspace (`T…`)."""
        return self.home in (None, team) and (not self.homes or team in self.homes)


@dataclass(frozen=True)
class KeepPeople:
    """Some people of the Slack workspace `team` (`T…`). `complete`: these are the last of a full reading."""

    team: str
    people: tuple[SlackPerson, ...]
    complete: bool = False


def keep_people(session: Session, command: KeepPeople, now: datetime) -> int:
    """Insert or bring up to date. Answers how many; 0 where the workspace is not known.

    What somebody leaves behind is told once to whoever is responsible.
    Who moved to another zone is asked by its clock, also in a round that was made before.
    People of another company are left out: the bot answers the people of its own workspace only.
    """
    workspace = workspaces.by_slack_id(session, command.team)
    if workspace is None:
        return 0
    newest = {person.slack_id: person for person in command.people if person.is_of(command.team)}
    if newest:
        zones = members.zones(session, workspace.id, newest)
        leaving = members.active(session, workspace.id, [each.slack_id for each in newest.values() if each.deleted])
        members.keep(
            session,
            workspace.id,
            [
                {
                    "slack_id": person.slack_id,
                    "name": person.name,
                    "email": person.email,
                    "zone": person.zone,
                    "locale": person.locale,
                    "is_admin": person.is_admin,
                    "is_guest": person.is_guest,
                    "is_bot": person.is_bot,
                    "deleted": person.deleted,
                }
                for person in newest.values()
            ],
            now,
        )
        moved = [slack_id for slack_id, zone in zones.items() if zone != newest[slack_id].zone]
        follow_people(session, workspace.id, _fresh(session, workspace.id, moved), now)
        for member in leaving:
            session.refresh(member)
        somebody_left(session, workspace.id, leaving, now)
        ask_others(session, workspace.id, now)
    if command.complete:
        session.get_one(Workspace, workspace.id).members_synced_at = now
    return len(newest)


def _fresh(session: Session, workspace_id: int, slack_ids: Collection[str]) -> list[int]:
    """The row ids of these people, as they are kept now."""
    found = list(members.by_slack_ids(session, workspace_id, slack_ids).values())
    for member in found:
        session.refresh(member)
    return [member.id for member in found]


@dataclass(frozen=True)
class MembersKnown:
    """Whether the members of the Slack workspace `team` (`T…`) were read not long ago."""

    team: str


def members_known(session: Session, command: MembersKnown, now: datetime) -> bool:
    """Whether all members were read within the hour. A reading at a later time than now (`--at`) says nothing."""
    workspace = workspaces.by_slack_id(session, command.team)
    if workspace is None or workspace.members_synced_at is None:
        return False
    return timedelta(0) <= now - workspace.members_synced_at < MEMBERS_ARE_OLD_AFTER


def person_gone(session: Session, delivery: Delivery, now: datetime) -> None:
    """Slack says that the recipient of a delivery is no more: they are asked nothing further."""
    leaving = members.active(session, delivery.workspace_id, [delivery.recipient])
    members.mark_gone(session, delivery.workspace_id, delivery.recipient, now)
    for member in leaving:
        session.refresh(member)
    somebody_left(session, delivery.workspace_id, leaving, now)
    ask_others(session, delivery.workspace_id, now)
