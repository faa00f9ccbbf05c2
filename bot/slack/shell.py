"""What every listener has at hand: use cases, Slack, and the way an answer gets back to who pressed or typed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import structlog
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.okr.errors import OkrError
from bot.slack.directory import Directory
from bot.slack.views import Message, View
from bot.slack.views.checkins import loading_modal
from bot.slack.views.errors import error_modal
from bot.usecases.actors import UnknownMember
from bot.usecases.people import KeepPeople, keep_people
from bot.usecases.runner import UseCases

C = TypeVar("C")
R = TypeVar("R")

LOADING_AFTER = 0.7
"""Seconds a modal's facts may take before a loading modal is shown: the trigger lives for three."""

MOST_LOOKED_UP = 10
"""How many people who are not known yet are looked up in Slack for one answer."""

_NOT_SHOWN = "Something went wrong on my side, so there is nothing to show here. I have written to you about it."

log = structlog.get_logger()


class NotShown(OkrError):
    """A window stays without what it was opened for."""


def patient_handlers() -> list[Any]:
    """Retry handlers for calls that may be repeated safely; never given to what posts a message."""
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=1),
        AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        AsyncServerErrorRetryHandler(max_retry_count=2),
    ]


class Shell:
    """The asynchronous shell around the use cases. `wake` tells the sender that deliveries may have been added."""

    def __init__(
        self,
        use_cases: UseCases,
        client: AsyncWebClient,
        directory: Directory,
        session: ClientSession,
        wake: Callable[[], None],
    ) -> None:
        self.use_cases = use_cases
        self.client = client
        self.directory = directory
        self._session = session
        self._wake = wake
        self.in_hand = 0
        """How many things are being done, so that a stop can wait for them."""

    @contextmanager
    def _holding(self) -> Iterator[None]:
        self.in_hand += 1
        try:
            yield
        finally:
            self.in_hand -= 1

    async def do(self, use_case: Callable[..., R], command: C, *, writes: bool = True) -> R:
        """Run a use case. Somebody who joined since the last reading is looked up in Slack first."""
        with self._holding():
            return await self._do(use_case, command, writes)

    async def _do(self, use_case: Callable[..., R], command: C, writes: bool) -> R:
        asked: set[str] = set()
        while True:
            try:
                answer = await self.use_cases.do(use_case, command, writes=writes)
                break
            except UnknownMember as unknown:
                # A form may name several people who have just joined.
                if unknown.actor.user in asked or len(asked) == MOST_LOOKED_UP:
                    raise
                asked.add(unknown.actor.user)
                person = await self.directory.person(unknown.actor.user)
                if person is None or not person.is_of(unknown.actor.team):
                    raise
                await self.use_cases.do(keep_people, KeepPeople(unknown.actor.team, (person,)))
        if writes:
            self._wake()
        return answer

    async def in_background(self, work: Callable[[datetime], R]) -> R:
        """Do what may take long, beside what others press and type; one piece at a time."""
        with self._holding():
            return await self.use_cases.in_background(work)

    async def open_modal(self, body: Mapping[str, Any], building: Awaitable[View]) -> None:
        """Open what `building` makes. When that takes long, a loading modal stands in, before the trigger dies.

        Raises what `building` raises as long as nothing is open; afterwards the open modal tells it.
        """
        with self._holding():
            await self._open_modal(body, building)

    async def _open_modal(self, body: Mapping[str, Any], building: Awaitable[View]) -> None:
        trigger = str(body["trigger_id"])
        task = asyncio.ensure_future(building)
        done, _ = await asyncio.wait({task}, timeout=LOADING_AFTER)
        if done:
            await self.client.views_open(trigger_id=trigger, view=task.result())
            return
        try:
            opened = await self.client.views_open(trigger_id=trigger, view=loading_modal())
        except BaseException:
            task.cancel()
            raise
        try:
            view = await task
        except OkrError as error:
            view = error_modal(error)
        except Exception:
            # The one place for errors tells it with its reference; the window must not go on saying "one moment".
            await self.client.views_update(view_id=opened["view"]["id"], view=error_modal(NotShown(_NOT_SHOWN)))
            raise
        await self.client.views_update(view_id=opened["view"]["id"], view=view)

    async def update_modal(self, body: Mapping[str, Any], view: View) -> None:
        """Put `view` in place of the modal in which somebody pressed or chose something."""
        with self._holding():
            await self.client.views_update(view_id=str(body["view"]["id"]), view=view)

    async def tell(self, body: Mapping[str, Any], message: Message, *, replace: bool = False) -> None:
        """Answer privately where somebody pressed or typed; `replace`: in place of the message they pressed on.

        Without a response_url (a modal, Home, a global shortcut) it becomes a direct message.
        """
        with self._holding():
            await self._tell(body, message, replace)

    async def _tell(self, body: Mapping[str, Any], message: Message, replace: bool) -> None:
        address = body.get("response_url")
        if not address:
            await self.client.chat_postMessage(
                channel=str(body["user"]["id"]), text=message.text, blocks=list(message.blocks)
            )
            return
        webhook = AsyncWebhookClient(str(address), session=self._session, retry_handlers=patient_handlers())
        answer = await webhook.send(
            text=message.text,
            blocks=list(message.blocks),
            response_type="ephemeral",
            replace_original=replace,
        )
        if answer.status_code != 200:
            log.warning("answer_refused", status=answer.status_code, body=answer.body[:200])

    async def replace_modal(self, body: Mapping[str, Any], view: View, *, unless_changed: bool = False) -> bool:
        """Show `view` in the window somebody pressed in. A window that was closed meanwhile is no matter.

        unless_changed: only where it still shows what they pressed in; answers False where it does not.
        """
        pressed_in = body["view"]
        expected = {"hash": str(pressed_in["hash"])} if unless_changed and pressed_in.get("hash") else {}
        with self._holding():
            try:
                await self.client.views_update(view_id=str(pressed_in["id"]), view=view, **expected)
            except SlackApiError as error:
                why = error.response.get("error")
                if why == "hash_conflict":
                    return False
                if why != "not_found":
                    raise
        return True
