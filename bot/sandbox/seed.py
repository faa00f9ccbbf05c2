"""A YAML seed becomes a workspace's first state; without one, a small invented company in several zones.

```yaml
workspace: {name: Northwind Bikes, domain: northwind, tz: Europe/Berlin}
app: {name: OKR Bot, bot_token: xoxb-sandbox, app_token: xapp-sandbox, signing_secret: sandbox}
clock: latest-monday-09:05        # or an ISO time; left out: real time. In the zone of the person the page opens as
opens_as: ana
people:
  - {handle: ana, name: Ana Torres, tz: Europe/Madrid, admin: true, email: ana@example.com, title: COO}
channels:
  - {name: general, members: all, bot: true, general: true, messages: [{user: ana, text: Hello}]}
usergroups:
  - {handle: sales, name: Sales, members: [ana]}
```
"""

from __future__ import annotations

import re
import zoneinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.sandbox.clock import parse_moment
from bot.sandbox.entities import SLACKBOT, Channel, Message, Person, Team, UserGroup
from bot.sandbox.errors import ControlError, SandboxError
from bot.sandbox.manifest import Manifest
from bot.sandbox.state import Workspace

Written = dict[str, Any]

DEFAULT_SEED = Path(__file__).parent / "default_seed.yaml"

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
    return written


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
    name = written.get("name")
    if not name:
        raise SandboxError("Every person in the seed needs a name.")
    handle = str(written.get("handle") or name.split()[0].lower())
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
        is_stranger=bool(written.get("stranger")),
        is_bot=bool(written.get("is_bot")),
        deleted=bool(written.get("deactivated")),
        color=COLOURS[len(workspace.people) % len(COLOURS)],
        updated=int(workspace.clock.seconds()),
    )


def plant(workspace: Workspace, written: Written) -> None:
    """Fill an empty workspace from a parsed seed and keep everything; the clock is set first."""
    store = workspace.store
    store.begin()
    _plant_robots(workspace)
    for entry in written["people"]:
        workspace.keep_person(person_from(entry, workspace))
    if written.get("clock"):
        zone = workspace.zone_of(workspace.opens_as())
        try:
            workspace.clock.move_to(parse_moment(str(written["clock"]), zone, workspace.clock.now()))
        except ControlError as error:
            raise SandboxError(f"The seed's clock: {error}") from error
    for entry in written.get("channels", ()):
        _plant_channel(workspace, entry)
    for entry in written.get("usergroups", ()):
        workspace.keep_group(
            UserGroup(
                id=identifier("S", entry["handle"], workspace.groups),
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


def _plant_channel(workspace: Workspace, entry: Written) -> None:
    listed = entry.get("members", "all")
    if listed == "all":
        members = [
            person.id
            for person in workspace.humans()
            if not (person.deleted or person.is_restricted or person.is_ultra_restricted or person.is_stranger)
        ]
    else:
        members = [_member(workspace, who) for who in listed]
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
    for message in entry.get("messages", ()):
        workspace.keep_message(
            Message(channel.id, workspace.next_ts(), _member(workspace, message["user"]), message["text"])
        )
