"""What is read from Slack: who is there, and who is in which group or channel. The composition root hands it on."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.okr.errors import OkrError
from bot.slack import parse
from bot.usecases.people import SlackPerson

PAGE = 200
PAGE_OF_IDS = 1000
GROUPS_ARE_OLD_AFTER = 60.0
"""Seconds for which the list of user groups is remembered: a menu asks for it at every letter that is typed."""


@dataclass(frozen=True)
class UserGroup:
    """A Slack user group (`S…`), such as `@leads`."""

    id: str
    handle: str
    name: str


class GroupUnreadable(OkrError):
    """Slack does not show who is in a group or channel; the sentence says what to do."""

    default_help_topic = "teams"


_REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "missing_scope": "I may not read this yet: the app needs the scope {needed}. Your operator can add it.",
        "plan_upgrade_required": "This Slack plan has no user groups. Choose the members here, or take the channel's.",
        "no_such_subteam": "This user group is not there any more. Choose another one.",
        "channel_not_found": "I can't see this channel. Invite me there first: type /invite @OKR Bot in it.",
        "not_in_channel": "I am not in this channel. Invite me there first: type /invite @OKR Bot in it.",
    }
)


class Directory:
    """Reads members over Slack's Web API."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._groups: tuple[float, list[UserGroup]] | None = None

    async def person(self, slack_id: str) -> SlackPerson | None:
        """One person; None where Slack knows nobody of that id, or does not show them."""
        try:
            answer = await self._client.users_info(user=slack_id, include_locale=True)
        except SlackApiError as error:
            if error.response.get("error") in {"user_not_found", "user_not_visible"}:
                return None
            raise
        return parse.person(answer["user"])

    async def everybody(self) -> AsyncIterator[list[SlackPerson]]:
        """All members, page by page; deactivated ones and bots included, so that they are known as such."""
        cursor = ""
        while True:
            answer = await self._client.users_list(limit=PAGE, cursor=cursor, include_locale=True)
            yield [parse.person(user) for user in answer["members"]]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def groups(self) -> list[UserGroup]:
        """The user groups, by name; remembered for a minute. Raises GroupUnreadable."""
        now = asyncio.get_running_loop().time()
        if self._groups is None or now - self._groups[0] > GROUPS_ARE_OLD_AFTER:
            try:
                answer = await self._client.usergroups_list()
            except SlackApiError as error:
                raise _unreadable(error, "group") from error
            found = [
                UserGroup(str(each["id"]), str(each.get("handle") or ""), str(each.get("name") or each["id"]))
                for each in answer["usergroups"]
                if not each.get("date_delete")
            ]
            self._groups = (now, sorted(found, key=lambda each: (each.name.casefold(), each.id)))
        return self._groups[1]

    async def in_group(self, group: str) -> tuple[str, ...]:
        """Who is in a user group (`U…`). Raises GroupUnreadable."""
        try:
            answer = await self._client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            raise _unreadable(error, "group") from error
        return tuple(str(each) for each in answer["users"])

    async def in_channel(self, channel: str) -> tuple[str, ...]:
        """Who is in a channel (`U…`), apps and people of other companies included. Raises GroupUnreadable."""
        found: list[str] = []
        cursor = ""
        while True:
            try:
                answer = await self._client.conversations_members(channel=channel, limit=PAGE_OF_IDS, cursor=cursor)
            except SlackApiError as error:
                raise _unreadable(error, "channel") from error
            found += [str(each) for each in answer["members"]]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return tuple(found)


def _unreadable(error: SlackApiError, field: str) -> Exception:
    """The refusal people are told; the error itself where it is none of theirs."""
    code = str(error.response.get("error"))
    if code not in _REFUSALS:
        return error
    needed = str(error.response.get("needed") or "it asks for")
    return GroupUnreadable(_REFUSALS[code].format(needed=needed), field=field)
