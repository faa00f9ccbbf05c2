"""users.*, usergroups.*, dnd.*: who is here."""

from __future__ import annotations

from bot.sandbox.api.registry import Call, method, write_cursor
from bot.sandbox.entities import Json, Person
from bot.sandbox.errors import Refused
from bot.sandbox.state import page_of

LARGEST_PAGE = 1000


def _as_slack(call: Call, person: Person, *, include_locale: bool) -> Json:
    workspace = call.sandbox.workspace
    user = person.as_slack(workspace.team, workspace.clock.now(), include_locale=include_locale)
    granted = call.sandbox.manifest.scopes
    if granted is not None and "users:read.email" not in granted:
        user["profile"].pop("email", None)
    return user


@method("users.list", scopes=("users:read",), tier=2, json_body=False)
def users_list(call: Call) -> Json:
    """Everybody, deactivated people and bots included, by pages; a large workspace is only listed with a `limit`."""
    workspace = call.sandbox.workspace
    if not call.number("limit", 0) and len(workspace.people) > call.sandbox.limits.rates["people_listed_without_limit"]:
        raise Refused("limit_required")
    offset, limit = call.page(LARGEST_PAGE, LARGEST_PAGE)
    people, following = page_of(workspace.people.values(), offset, limit)
    with_locale = call.flag("include_locale")
    return {
        "members": [_as_slack(call, person, include_locale=with_locale) for person in people],
        "cache_ts": int(workspace.clock.seconds()),
        "response_metadata": {"next_cursor": write_cursor(following)},
    }


@method("users.info", scopes=("users:read",), required=("user",), tier=4, json_body=False)
def users_info(call: Call) -> Json:
    """One person."""
    return {"user": _as_slack(call, call.person(), include_locale=call.flag("include_locale"))}


@method("users.lookupByEmail", scopes=("users:read.email",), required=("email",), tier=3, json_body=False)
def users_lookup_by_email(call: Call) -> Json:
    """The person with this address."""
    wanted = call.text("email").lower()
    for person in call.sandbox.workspace.humans():
        if person.email.lower() == wanted and not person.deleted:
            return {"user": _as_slack(call, person, include_locale=False)}
    raise Refused("users_not_found")


@method("users.profile.get", scopes=("users.profile:read",), tier=4, json_body=False)
def users_profile_get(call: Call) -> Json:
    """One person's profile; the bot's own without `user`."""
    person = call.person() if call.text("user") else call.sandbox.workspace.bot
    profile = _as_slack(call, person, include_locale=False)["profile"]
    return {"profile": _without(profile, "team") | {"fields": None}}


def _without(body: Json, name: str) -> Json:
    return {key: value for key, value in body.items() if key != name}


@method("users.conversations", scopes=("channels:read", "groups:read", "im:read", "mpim:read"), tier=3, json_body=False)
def users_conversations(call: Call) -> Json:
    """The conversations a person (or the bot) is in."""
    workspace = call.sandbox.workspace
    person = call.person() if call.text("user") else workspace.bot
    kinds = conversation_kinds(call)
    offset, limit = call.page(100, 999, refuse_more=True)
    fitting = [
        channel
        for channel in workspace.channels.values()
        if person.id in channel.members
        and channel.kind in kinds
        and (channel.kind == "channel" or workspace.bot_is_in(channel))
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    channels, following = page_of(fitting, offset, limit)
    return {
        "channels": [_without(workspace.channel_as_slack(channel), "is_member") for channel in channels],
        "response_metadata": {"next_cursor": write_cursor(following)},
    }


KINDS_OF_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
READ_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def conversation_kinds(call: Call) -> set[str]:
    """The kinds asked for in `types`; refuses `invalid_types` and kinds the app may not read."""
    types = [kind.strip() for kind in call.text("types", "public_channel").split(",")]
    if any(kind not in KINDS_OF_TYPES for kind in types):
        raise Refused("invalid_types")
    kinds = {KINDS_OF_TYPES[kind] for kind in types}
    for kind in sorted(kinds):
        call.require_scope(READ_SCOPES[kind])
    return kinds


@method("usergroups.list", scopes=("usergroups:read",), tier=2, json_body=False)
def usergroups_list(call: Call) -> Json:
    """User groups, with their members if asked."""
    groups = call.sandbox.workspace.groups.values()
    listed = []
    for group in groups:
        body: Json = {
            "id": group.id,
            "team_id": call.sandbox.team.id,
            "is_usergroup": True,
            "is_subteam": True,
            "name": group.name,
            "description": group.description,
            "handle": group.handle,
            "is_external": False,
            "date_create": 0,
            "date_update": 0,
            "date_delete": 0,
            "auto_type": None,
            "prefs": {"channels": [], "groups": []},
            "user_count": len(group.users),
        }
        if call.flag("include_users"):
            body["users"] = list(group.users)
        listed.append(body)
    return {"usergroups": listed}


@method("usergroups.users.list", scopes=("usergroups:read",), required=("usergroup",), tier=2, json_body=False)
def usergroups_users_list(call: Call) -> Json:
    """The members of one user group."""
    group = call.sandbox.workspace.groups.get(call.text("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}
