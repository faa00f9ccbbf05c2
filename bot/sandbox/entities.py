"""The things a workspace is made of, each kept as one row, and how Slack writes them in JSON."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]

SLACKBOT = "USLACKBOT"
TOMBSTONE = "tombstone"
"""The subtype of what stands in the place of a deleted message that has replies."""

STRANGERS_TEAM = "T0STRANGER"
AVATARS = "https://avatars.slack-edge.com/local"
"""Where the pictures of people would be: every profile has them, and nobody here asks for them."""


@dataclass
class Team:
    """The workspace itself and the app installed in it."""

    id: str
    name: str
    domain: str
    tz: str
    app_id: str
    bot_id: str
    bot_user: str
    app_name: str
    bot_token: str = "xoxb-sandbox"
    app_token: str = "xapp-sandbox"
    signing_secret: str = "sandbox"
    verification_token: str = "sandbox-verification"
    opens_as: str = ""
    installed: bool = True
    gone_as: str = ""
    """What calls answer while the app is not installed: `account_inactive` or `token_revoked`."""
    events_off: bool = False
    """Event delivery over HTTP was switched off, because nearly all of it failed."""
    quarter_start: str = ""
    """The first day of a quarter of thirteen weeks, for the clock's preset; empty: calendar quarters."""


@dataclass
class Person:
    """A member of the workspace, a bot user included."""

    id: str
    name: str
    real_name: str
    tz: str | None
    display_name: str = ""
    email: str = ""
    title: str = ""
    locale: str = "en-US"
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    color: str = "4b6b50"
    updated: int = 0
    dnd_start: str = ""
    dnd_end: str = ""
    """Do not disturb each night between these local times, such as 22:00 and 08:00; empty: never."""
    home_team: str = ""
    """The workspace a person of another company belongs to."""

    @property
    def shown_name(self) -> str:
        """What the page and a reader call this person."""
        return self.display_name or self.real_name

    def as_slack(self, team: Team, now: datetime, *, include_locale: bool = False) -> Json:
        """The `user` object of users.info, users.list and user_change."""
        user: Json = {
            "id": self.id,
            "team_id": self.team_id(team),
            "name": self.name,
            "deleted": self.deleted,
            "profile": self._profile(team),
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.is_stranger:
            user["is_stranger"] = True
        if self.deleted:
            return user
        user |= {
            "color": self.color,
            "real_name": self.real_name,
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": self.is_primary_owner,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_email_confirmed": not self.is_bot,
            "who_can_share_contact_card": "EVERYONE",
        }
        user |= _zone_fields(self.tz, now)
        if include_locale:
            user["locale"] = self.locale
        return user

    def bot_ids(self, team: Team) -> tuple[str, str]:
        """(app id, bot id) of a bot user."""
        ours = self.id == team.bot_user
        return (team.app_id, team.bot_id) if ours else ("A" + self.id[1:], "B" + self.id[1:])

    def team_id(self, team: Team) -> str:
        """The workspace this person belongs to: a stranger's is another one."""
        return (self.home_team or STRANGERS_TEAM) if self.is_stranger else team.id

    def _profile(self, team: Team) -> Json:
        first, _, last = self.real_name.partition(" ")
        profile: Json = {
            "title": self.title,
            "phone": "",
            "skype": "",
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "status_text": self.status_text,
            "status_emoji": self.status_emoji,
            "status_emoji_display_info": [],
            "status_expiration": self.status_expiration,
            "avatar_hash": "g" + self.id.lower(),
            **{f"image_{size}": f"{AVATARS}/{self.id}_{size}.png" for size in (24, 32, 48, 72, 192, 512)},
            "first_name": first,
            "last_name": last,
            "team": self.team_id(team),
        }
        if self.email and not self.is_bot:
            profile["email"] = self.email
        if self.is_bot:
            app_id, bot_id = self.bot_ids(team)
            profile |= {"api_app_id": app_id, "always_active": True, "bot_id": bot_id}
        return profile


def _zone_fields(tz: str | None, now: datetime) -> Json:
    if tz is None:
        return {"tz": None, "tz_label": None, "tz_offset": 0}
    local = now.astimezone(zoneinfo.ZoneInfo(tz))
    offset = local.utcoffset()
    return {"tz": tz, "tz_label": local.tzname(), "tz_offset": int(offset.total_seconds()) if offset else 0}


@dataclass
class Channel:
    """A channel, private channel or DM. `members` keeps the order of joining."""

    id: str
    name: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_im: bool = False
    im_user: str = ""
    is_archived: bool = False
    is_general: bool = False
    is_ext_shared: bool = False
    topic: str = ""
    purpose: str = ""
    is_mpim: bool = False

    @property
    def kind(self) -> str:
        """`im`, `mpim`, `group` or `channel`, as events name it in `channel_type`."""
        if self.is_mpim:
            return "mpim"
        return "im" if self.is_im else "group" if self.is_private else "channel"

    def as_slack(self, team: Team, *, num_members: bool = False) -> Json:
        """The `channel` object of conversations.info and conversations.list, as the bot sees it."""
        shared: Json = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.is_archived,
            "is_im": self.is_im,
            "is_org_shared": False,
            "context_team_id": team.id,
            "updated": self.created * 1000,
        }
        if self.is_im:
            return shared | {"user": self.im_user, "is_user_deleted": False, "is_open": True, "priority": 0}
        channel = shared | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_mpim": self.is_mpim,
            "is_private": self.kind != "channel",
            "is_general": self.is_general,
            "unlinked": 0,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "creator": self.creator,
            "shared_team_ids": [team.id],
            "pending_connected_team_ids": [],
            "is_member": team.bot_user in self.members,
            "topic": {"value": self.topic, "creator": self.creator if self.topic else "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": self.creator if self.purpose else "", "last_set": 0},
            "previous_names": [],
        }
        if num_members:
            channel["num_members"] = len(self.members)
        return channel


@dataclass
class Message:
    """One message. Ephemeral ones (`only_for` is set) are held in memory, never in history."""

    channel: str
    ts: str
    user: str
    text: str
    from_bot: bool = False
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    reply_broadcast: bool = False
    edited_ts: str | None = None
    edited_by: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    subtype: str | None = None
    client_msg_id: str | None = None
    only_for: str | None = None
    slash_command: str | None = None
    files: list[str] = field(default_factory=list)
    """Ids of the files shared with it; the workspace knows them."""

    @property
    def is_reply(self) -> bool:
        """A message inside somebody else's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_deleted(self) -> bool:
        """What stands in the place of a deleted message that has replies; nobody can do anything with it."""
        return self.subtype == TOMBSTONE

    def as_slack(self, team: Team, *, with_metadata: bool = False) -> Json:
        """The message as history and events write it; thread counters are added by the workspace."""
        body: Json = {"user": self.user, "type": "message", "ts": self.ts}
        subtype = self.subtype or ("thread_broadcast" if self.reply_broadcast else None)
        if subtype:
            body["subtype"] = subtype
        if self.is_deleted:
            body |= {"hidden": True, "thread_ts": self.ts, "parent_user_id": self.user}
        if self.client_msg_id:
            body["client_msg_id"] = self.client_msg_id
        if self.from_bot:
            body |= {"bot_id": team.bot_id, "app_id": team.app_id}
        body |= {"text": self.text, "team": team.id}
        if self.from_bot:
            body["bot_profile"] = bot_profile(team)
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        if self.edited_ts:
            body["edited"] = {"user": self.edited_by, "ts": self.edited_ts}
        if self.blocks:
            body["blocks"] = self.blocks
        if self.attachments:
            body["attachments"] = self.attachments
        if self.metadata and with_metadata:
            body["metadata"] = self.metadata
        if self.reactions:
            body["reactions"] = self.reactions_as_slack()
        return body

    def reactions_as_slack(self) -> list[Json]:
        """`[{"name", "users", "count"}]` in the order of first use."""
        return [{"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()]


def bot_profile(team: Team) -> Json:
    """The `bot_profile` Slack puts into each message of the app."""
    return {
        "id": team.bot_id,
        "app_id": team.app_id,
        "name": team.app_name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": team.id,
    }


def stack_name(user: str, window: str) -> str:
    """Each window of a person has a stack of modals of its own."""
    return f"{user}/{window}" if window else user


@dataclass
class View:
    """A modal or a Home tab of one person; `values` is what stands in its inputs now: block id, action id, state."""

    id: str
    type: str
    user: str
    body: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    channel: str | None = None
    window: str = ""
    """The browser window a modal was opened in; empty: not known, so it is shown in all of the person's."""

    @property
    def stack(self) -> str:
        """The name of the stack of modals this one is in."""
        return stack_name(self.user, self.window)

    @property
    def blocks(self) -> list[Json]:
        """The blocks as Slack keeps them."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    def as_slack(self, team: Team, *, with_state: bool = True) -> Json:
        """The `view` object of responses and payloads; responses carry an empty state."""
        body = self.body
        placeholder = {"type": "plain_text", "text": "View Title", "emoji": True}
        return {
            "id": self.id,
            "team_id": team.id,
            "type": self.type,
            "blocks": self.blocks,
            "private_metadata": body.get("private_metadata") or "",
            "callback_id": body.get("callback_id") or "",
            "state": {"values": self.values if with_state else {}},
            "hash": self.hash,
            "title": body.get("title") or placeholder,
            "clear_on_close": bool(body.get("clear_on_close")),
            "notify_on_close": bool(body.get("notify_on_close")),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": self.previous_view_id,
            "root_view_id": self.root_view_id,
            "app_id": team.app_id,
            "external_id": body.get("external_id") or "",
            "app_installed_team_id": team.id,
            "bot_id": team.bot_id,
        }


@dataclass
class UserGroup:
    """A named group of people (`@sales`)."""

    id: str
    handle: str
    name: str
    users: list[str]
    description: str = ""


@dataclass
class ResponseUrl:
    """Where an app may answer one interaction: five uses within thirty minutes of real time."""

    key: str
    user: str
    channel: str
    expires: float
    uses_left: int
    message_ts: str | None = None
    is_ephemeral: bool = False
    thread_ts: str | None = None
