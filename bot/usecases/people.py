"""Members as Slack describes them."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import members, workspaces
from bot.store.session import Session
from bot.store.tables import Delivery, Workspace


@dataclass(frozen=True)
class SlackPerson:
    """One person of `users.list`, `users.info`, `team_join` or `user_change`. `zone` is an IANA name or None.

    `home` is the workspace (`T…`) they belong to: Slack also names people of other companies, met in shared channels.
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


@dataclass(frozen=True)
class KeepPeople:
    """Some people of the Slack workspace `team` (`T…`). `complete`: these are the last of a full reading."""

    team: str
    people: tuple[SlackPerson, ...]
    complete: bool = False


def keep_people(session: Session, command: KeepPeople, now: datetime) -> int:
    """Insert or bring up to date. Answers how many; 0 where the workspace is not known.

    People of another company are left out: the bot answers the people of its own workspace only.
    """
    workspace = workspaces.by_slack_id(session, command.team)
    if workspace is None:
        return 0
    newest = {person.slack_id: person for person in command.people if person.home in (None, command.team)}
    if newest:
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
    if command.complete:
        session.get_one(Workspace, workspace.id).members_synced_at = now
    return len(newest)


def person_gone(session: Session, delivery: Delivery, now: datetime) -> None:
    """Slack says that the recipient of a delivery is no more: they are asked nothing further."""
    members.mark_gone(session, delivery.workspace_id, delivery.recipient, now)
