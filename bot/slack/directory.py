"""What is read from Slack: who is there. Handed to whoever needs it by the composition root."""

from collections.abc import AsyncIterator

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import parse
from bot.usecases.people import SlackPerson

PAGE = 200


class Directory:
    """Reads members over Slack's Web API."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

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
