"""A YAML seed becomes a workspace's first state; without one, a small invented company in several zones.

docs/sandbox.md shows every word a seed may use; a word it does not know is refused, so that no typing error is lost.
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.sandbox import direct_messages, dnd
from bot.sandbox.clock import parse_moment
from bot.sandbox.entities import SLACKBOT, Channel, Message, Person, Team, UserGroup
from bot.sandbox.errors import ControlError, SandboxError
from bot.sandbox.manifest import Manifest
from bot.sandbox.state import Workspace
from bot.sandbox.text import as_sent

Written = dict[str, Any]

DEFAULT_SEED = Path(__file__).parent / "default_seed.yaml"

WORDS: dict[str, frozenset[str]] = {
    "seed": frozenset({"workspace", "app", "clock", "opens_as", "people", "channels", "direct_messages", "usergroups"}),
    "workspace": frozenset({"id", "name", "domain", "tz", "weeks_into_quarter"}),
    "app": frozenset({"id", "bot_id", "bot_user", "name", "bot_token", "app_token", "signing_secret"}),
    "person": frozenset(
        {
            *("id", "handle", "name", "display_name", "tz", "email", "title", "locale", "admin", "owner"),
            *("primary_owner", "guest", "single_channel_guest", "stranger", "company", "is_bot", "deactivated"),
            *("status", "dnd"),
        }
    ),
    "status": frozenset({"text", "emoji", "until"}),
    "dnd": frozenset({"from", "until"}),
    "channel": frozenset(
        {
            *("id", "name", "members", "bot", "creator", "private", "archived", "general", "shared", "topic"),
            *("purpose", "messages"),
        }
    ),
    "direct message": frozenset({"members", "bot", "messages"}),
    "message": frozenset({"user", "text", "replies", "reactions"}),
    "usergroup": frozenset({"id", "handle", "name", "members", "description"}),
}
"""What may be said of each thing in a seed."""

COLOURS = ("4b6b50", "8a4f7d", "2f6f8f", "a0522d", "5b5ea6", "3c7a57", "9b2335", "6b5b95", "b5651d", "34568b")


def read_seed(path: Path | None) -> Written:
    """Parse a seed file (the built-in one if None)."""
    source = path or DEFAULT_SEED
    try:
        written = yaml.safe_load(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise SandboxError(f"The seed {source} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise SandboxError(f"The seed {source} is not YAML: {error}.") from error
    if not isinstance(written, dict) or not written.get("people"):
        raise SandboxError(f"The seed {source} has no people; a workspace needs at least one.")
    check_words(written, "seed")
    for name in ("workspace", "app"):
        check_words(written.get(name) or {}, name)
    return written


def check_words(written: Any, kind: str) -> None:
    """Refuse what is no mapping, or says something a seed has no word for."""
    if not isinstance(written, dict):
        raise SandboxError(f"In the seed, {kind} must be a mapping such as {{name: value}}, not {written!r}.")
    unknown = sorted(str(word) for word in set(written) - WORDS[kind])
    if unknown:
        known = ", ".join(sorted(WORDS[kind]))
        raise SandboxError(f"In the seed, {kind} has no “{unknown[0]}”; there are: {known}.")


def identifier(prefix: str, name: str, taken: dict[str, Any]) -> str:
    """An id that is the same in every run: prefix, 0 and the name in capitals, with a number if it is taken."""
    stem = prefix + "0" + (re.sub(r"[^A-Z0-9]", "", name.upper()) or "X")
    candidate, number = stem, 2
    while candidate in taken:
        candidate, number = f"{stem}{number}", number + 1
    return candidate


def team_from(written: Written, manifest: Manifest) -> Team:
    """The workspace's own row."""
    workspace = written.get("workspace", {})
    app = written.get("app", {})
    team = Team(
        id=workspace.get("id", "T0SANDBOX"),
        name=workspace.get("name", "Local Slack"),
        domain=workspace.get("domain", "local-slack"),
        tz=_checked_zone(workspace.get("tz", "UTC")),
        app_id=app.get("id", "A0SANDBOX"),
        bot_id=app.get("bot_id", "B0SANDBOX"),
        bot_user=app.get("bot_user", "U0SANDBOXBOT"),
        app_name=manifest.name or app.get("name") or "App",
        opens_as=written.get("opens_as", ""),
    )
    for name in ("bot_token", "app_token", "signing_secret"):
        if name in app:
            setattr(team, name, str(app[name]))
    return team


def _checked_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise SandboxError(f"“{name}” in the seed is not an IANA time zone such as Europe/Berlin.") from error
    return name


def person_from(written: Written, workspace: Workspace) -> Person:
    """One entry under `people`; also what the control API takes for somebody new."""
    check_words(written, "person")
    name = str(written.get("name") or "").strip()
    if not name:
        raise SandboxError("Every person in the seed needs a name.")
    handle = str(written.get("handle") or name.split()[0].lower())
    status, night = written.get("status") or {}, written.get("dnd") or {}
    if isinstance(status, str):
        status = {"text": status}
    check_words(status, "status")
    check_words(night, "dnd")
    if set(night) not in (set(), {"from", "until"}) or not all(dnd.is_time_of_day(str(at)) for at in night.values()):
        raise SandboxError(f'The dnd of {name} in the seed needs from and until, such as "22:00" and "08:00".')
    return Person(
        id=written.get("id") or identifier("U", handle, workspace.people),
        name=handle,
        real_name=name,
        display_name=written.get("display_name", name.split()[0]),
        tz=_checked_zone(written.get("tz") or workspace.team.tz),
        email=written.get("email", f"{handle}@{workspace.team.domain}.example"),
        title=written.get("title", ""),
        locale=written.get("locale", "en-US"),
        is_admin=bool(written.get("admin") or written.get("owner")),
        is_owner=bool(written.get("owner")),
        is_primary_owner=bool(written.get("primary_owner")),
        is_restricted=bool(written.get("guest")),
        is_ultra_restricted=bool(written.get("single_channel_guest")),
        is_stranger=bool(written.get("stranger") or written.get("company")),
        home_team=_team_of(str(written["company"])) if written.get("company") else "",
        status_text=str(status.get("text", "")),
        status_emoji=str(status.get("emoji", ":speech_balloon:" if status.get("text") else "")),
        status_expiration=_moment(status["until"], workspace) if status.get("until") else 0,
        dnd_start=str(night.get("from", "")),
        dnd_end=str(night.get("until", "")),
        is_bot=bool(written.get("is_bot")),
        deleted=bool(written.get("deactivated")),
        color=COLOURS[len(workspace.people) % len(COLOURS)],
        updated=int(workspace.clock.seconds()),
    )


def _team_of(company: str) -> str:
    return identifier("T", company, {})


def _begin_quarter(workspace: Workspace, weeks: Any) -> None:
    """Count quarters of thirteen weeks, of which `weeks` lie before the Monday of this one; None: as the calendar."""
    if weeks is None:
        return
    if type(weeks) is not int or not 0 <= weeks < 13:
        raise SandboxError(f"In the seed, weeks_into_quarter is a whole number from 0 to 12, not {weeks!r}.")
    today = workspace.clock.now().astimezone(workspace.zone_of(workspace.opens_as())).date()
    workspace.team.quarter_start = (today - timedelta(days=today.weekday(), weeks=weeks)).isoformat()


def _moment(written: Any, workspace: Workspace) -> int:
    try:
        moment = parse_moment(str(written), ZoneInfo(workspace.team.tz), workspace.clock.now())
    except ControlError as error:
        raise SandboxError(f"In the seed: {error}") from error
    return int(moment.timestamp())


def plant(workspace: Workspace, written: Written) -> None:
    """Fill an empty workspace from a parsed seed and keep everything; the clock is set first."""
    store = workspace.store
    store.begin()
    _plant_robots(workspace)
    for entry in written["people"]:
        person = person_from(entry, workspace)
        if any(person.name == other.name for other in workspace.people.values()) or person.id in workspace.people:
            raise SandboxError(f"The seed introduces “{person.name}” twice.")
        workspace.keep_person(person)
    if not any(not person.deleted and not person.is_stranger for person in workspace.humans()):
        raise SandboxError("In the seed nobody is there to open the workspace.")
    if workspace.team.opens_as:
        _member(workspace, workspace.team.opens_as)
    if written.get("clock"):
        zone = workspace.zone_of(workspace.opens_as())
        try:
            workspace.clock.move_to(parse_moment(str(written["clock"]), zone, workspace.clock.now()))
        except ControlError as error:
            raise SandboxError(f"The seed's clock: {error}") from error
    _begin_quarter(workspace, (written.get("workspace") or {}).get("weeks_into_quarter"))
    planted = [(_plant_channel(workspace, entry), entry) for entry in written.get("channels") or ()]
    for channel, entry in planted:  # what is said in one channel may name another
        _plant_messages(workspace, channel, entry)
    for entry in written.get("direct_messages") or ():
        _plant_direct_message(workspace, entry)
    for entry in written.get("usergroups") or ():
        check_words(entry, "usergroup")
        if not entry.get("handle"):
            raise SandboxError("Every user group in the seed needs a handle.")
        workspace.keep_group(
            UserGroup(
                id=entry.get("id") or identifier("S", entry["handle"], workspace.groups),
                handle=entry["handle"],
                name=entry.get("name", entry["handle"]),
                users=[_member(workspace, who) for who in entry.get("members", ())],
                description=entry.get("description", ""),
            )
        )
    workspace.keep_team()
    store.commit()


def _plant_robots(workspace: Workspace) -> None:
    team = workspace.team
    handle = re.sub(r"[^a-z0-9]", "", team.app_name.lower()) or "app"
    workspace.keep_person(
        Person(id=SLACKBOT, name="slackbot", real_name="Slackbot", display_name="Slackbot", tz=None, color="757575")
    )
    workspace.keep_person(
        Person(
            id=team.bot_user,
            name=handle,
            real_name=team.app_name,
            display_name="",
            tz="America/Los_Angeles",
            is_bot=True,
            color="2c5a7a",
            updated=int(workspace.clock.seconds()),
        )
    )


def _member(workspace: Workspace, who: str) -> str:
    try:
        return workspace.person(who).id
    except ControlError as error:
        raise SandboxError(f"The seed names somebody it does not introduce: {who}.") from error


def _plant_channel(workspace: Workspace, entry: Written) -> Channel:
    check_words(entry, "channel")
    if not entry.get("name"):
        raise SandboxError("Every channel in the seed needs a name.")
    listed = entry.get("members", "all")
    if listed == "all":
        members = [
            person.id
            for person in workspace.humans()
            if not (person.deleted or person.is_restricted or person.is_ultra_restricted or person.is_stranger)
        ]
    else:
        members = [_member(workspace, who) for who in listed]
    _check_members(workspace, entry, members)
    if entry.get("bot"):
        members.append(workspace.team.bot_user)
    creator = _member(workspace, entry["creator"]) if "creator" in entry else workspace.opens_as().id
    channel = Channel(
        id=entry.get("id") or identifier("C", entry["name"], workspace.channels),
        name=entry["name"],
        creator=creator,
        created=int(workspace.clock.seconds()),
        members=members,
        is_private=bool(entry.get("private")),
        is_archived=bool(entry.get("archived")),
        is_general=bool(entry.get("general")),
        is_ext_shared=bool(entry.get("shared")),
        topic=entry.get("topic", ""),
        purpose=entry.get("purpose", ""),
    )
    workspace.keep_channel(channel)
    return channel


def _plant_direct_message(workspace: Workspace, entry: Written) -> None:
    """What two or more people write to each other; with `bot` the app is one of them."""
    check_words(entry, "direct message")
    users = list(dict.fromkeys(_member(workspace, who) for who in entry.get("members") or ()))
    if entry.get("bot"):
        users.append(workspace.team.bot_user)
    if not 2 <= len(users) <= direct_messages.MOST_OTHERS + 1:
        raise SandboxError(
            f"In the seed a direct message has 2 to {direct_messages.MOST_OTHERS + 1} members, not {len(users)}."
        )
    _plant_messages(workspace, direct_messages.between(workspace, users, creator=users[0]), entry)


def _plant_messages(workspace: Workspace, channel: Channel, entry: Written) -> None:
    for message in entry.get("messages") or ():
        parent = _plant_message(workspace, channel, message, None)
        for reply in message.get("replies") or ():
            _plant_message(workspace, channel, reply, parent.ts)


def _check_members(workspace: Workspace, entry: Written, members: list[str]) -> None:
    for member in members:
        person = workspace.people[member]
        if person.is_stranger and not entry.get("shared"):
            raise SandboxError(
                f"In the seed {person.real_name} is of another company and only in shared channels,"
                f" but {entry['name']} is not shared."
            )
        elsewhere = any(member in channel.members for channel in workspace.channels.values())
        if person.is_ultra_restricted and elsewhere:
            raise SandboxError(f"In the seed {person.real_name} is a single-channel guest and in two channels.")


def _plant_message(workspace: Workspace, channel: Channel, written: Written, thread_ts: str | None) -> Message:
    check_words(written, "message")
    if not written.get("user") or not written.get("text"):
        raise SandboxError(f"Every message in the seed needs a user and a text; see {channel.name or channel.id}.")
    writer = _member(workspace, written["user"])
    text = as_sent(str(written["text"]), workspace, workspace.people[writer])
    message = Message(channel.id, workspace.next_ts(), writer, text, thread_ts=thread_ts)
    if message.user == workspace.team.bot_user:
        message.from_bot = True
    for name, people in (written.get("reactions") or {}).items():
        message.reactions[str(name)] = [_member(workspace, who) for who in people]
    workspace.keep_message(message)
    return message
