"""To the app: events with retries, interactions with a three-second ack, over whichever transport there is."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.entities import Channel, Json
from bot.sandbox.errors import ControlError
from bot.sandbox.event_limits import EventLimits
from bot.sandbox.journal import Journal, Notices
from bot.sandbox.limits import Limits
from bot.sandbox.manifest import Manifest
from bot.sandbox.state import Workspace, new_id

RETRY_DELAYS = (0.0, 60.0, 300.0)
"""Real seconds before each repetition of an unacknowledged event."""

REMEMBERED_EVENTS = 2_000

EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "channel_created": ("channels:read",),
    "dnd_updated_user": ("dnd:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}
"""What the app must be granted, any one of them, to hear of an event; an event not named here needs nothing."""

FAREWELLS = ("app_uninstalled", "tokens_revoked")
"""What an app hears of when it is no longer installed."""

NOT_CONNECTED = "The app is not connected."
NOT_INSTALLED = "The app is not installed in this workspace."
TOO_LATE = "The app did not answer within 3 seconds."


@dataclass(frozen=True)
class Ack:
    """The app's acknowledgement; `payload` is what it said (None: nothing)."""

    payload: Any = None


@dataclass(frozen=True)
class NoAck:
    """No acknowledgement: why, as a sentence, and as Slack's `retry_reason`."""

    sentence: str
    reason: str


class Transport(Protocol):
    """A way to the app: Socket Mode connections or signed HTTP."""

    @property
    def connected(self) -> bool:
        """Somebody is there to receive."""
        ...

    async def deliver(self, kind: str, payload: Json, *, attempt: int, reason: str, within: float) -> Ack | NoAck:
        """Send one envelope (`events_api`, `interactive` or `slash_commands`) and wait for its ack."""
        ...


class Dispatch:
    """Sends to the app and keeps account of it."""

    def __init__(
        self,
        workspace: Workspace,
        manifest: Manifest,
        journal: Journal,
        notices: Notices,
        limits: Limits,
        *,
        ack_seconds: float = 3.0,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self.transports: list[Transport] = []
        self.http: Transport | None = None
        """The one of the transports whose failures are counted: only HTTP delivery is ever switched off."""
        self.ack_seconds = ack_seconds
        self.retry_delays = tuple(retry_delays)
        self._workspace = workspace
        self._manifest = manifest
        self._journal = journal
        self._notices = notices
        self._limits = limits
        self._counts = EventLimits(limits.rates, limits.real_time)
        self._events: OrderedDict[str, Json] = OrderedDict()
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def connected(self) -> bool:
        """The app can be reached."""
        return any(transport.connected for transport in self.transports)

    async def ask(self, kind: str, name: str, payload: Json) -> Ack | NoAck:
        """Send an interaction or command and wait for its ack, at most three real seconds."""
        if not self._workspace.team.installed:
            return NoAck(NOT_INSTALLED, "connection_failed")
        return await self._send(kind, name, payload, "interaction")

    def event(self, subscription: str, event: Json, *, channel: Channel | None = None) -> str | None:
        """Send an event if the manifest subscribes to it and the bot is in its channel; answers the event id.

        Nothing is sent without the scope the event needs, once the app is uninstalled, while delivery is switched off,
        or above the number of events an app may be sent in an hour.

        `subscription` is the name in the manifest (`message.im`), `event["type"]` the one on the wire (`message`).
        """
        if not self._manifest.wants(subscription) or not self._may_hear(subscription):
            return None
        if channel is not None and not self._workspace.bot_is_in(channel):
            return None
        if self.is_switched_off or not self._within_limits():
            return None
        envelope = self._envelope(event, channel)
        event_id: str = envelope["event_id"]
        self._events[event_id] = envelope
        while len(self._events) > REMEMBERED_EVENTS:
            self._events.popitem(last=False)
        self._start(self._deliver_event(envelope))
        return event_id

    def _may_hear(self, subscription: str) -> bool:
        if not self._workspace.team.installed and subscription not in FAREWELLS:
            return False
        needed, granted = EVENT_SCOPES.get(subscription), self._manifest.scopes
        return needed is None or granted is None or bool(granted & set(needed))

    @property
    def is_switched_off(self) -> bool:
        """Events would go over HTTP, and their delivery was switched off."""
        return self._workspace.team.events_off and self.http is not None and self._transport() is self.http

    def switch_on(self) -> None:
        """Deliver events again; what was lost meanwhile stays lost."""
        self._counts.begin_anew()
        self._set_events_off(False)

    def _within_limits(self) -> bool:
        if not self._limits.enabled or self._counts.may_send():
            return True
        self._tell_of_limit()
        return False

    def _tell_of_limit(self) -> None:
        """`app_rate_limited`, at most once a minute: an event without an envelope of its own."""
        if not self._counts.is_time_to_tell():
            return
        team = self._workspace.team
        payload = {
            "token": team.verification_token,
            "type": "app_rate_limited",
            "team_id": team.id,
            "minute_rate_limited": int(self._workspace.clock.seconds()) // 60 * 60,
            "api_app_id": team.app_id,
        }
        self._start(self._send_quietly(payload))

    async def _send_quietly(self, payload: Json) -> None:
        await self._send("events_api", payload["type"], payload, "event")

    def _note_attempt(self, transport: Transport | None, outcome: Ack | NoAck, *, first: bool) -> None:
        if transport is None or transport is not self.http or self._workspace.team.events_off:
            return
        if self._counts.note(succeeded=isinstance(outcome, Ack), first=first):
            self._set_events_off(True)
            self._tell_of_limit()

    def _set_events_off(self, off: bool) -> None:
        self._workspace.team.events_off = off
        self._workspace.keep_team()
        self._journal.note("connection", f"events switched {'off' if off else 'on'}", time.time(), {})
        self._notices.send("connection", connected=self.connected)

    async def redeliver(self, event_id: str, times: int) -> list[bool]:
        """Send a remembered event again, as if its acks had been lost; answers which copies were acknowledged."""
        if event_id not in self._events:
            raise ControlError(f"No event {event_id} was sent.")
        envelope = self._events[event_id]
        acked = []
        for attempt in range(1, times + 1):
            outcome = await self._send(
                "events_api", envelope["event"]["type"], envelope, "event", attempt=attempt, reason="timeout"
            )
            acked.append(isinstance(outcome, Ack))
        return acked

    def events(self) -> list[Json]:
        """The remembered events, oldest first."""
        return list(self._events.values())

    async def close(self) -> None:
        """Stop waiting for anything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver_event(self, envelope: Json) -> None:
        reason = ""
        for attempt in range(len(self.retry_delays) + 1):
            if attempt:
                await asyncio.sleep(self.retry_delays[attempt - 1])
            if self.is_switched_off:
                return
            transport = self._transport()
            outcome = await self._send(
                "events_api", envelope["event"]["type"], envelope, "event", attempt=attempt, reason=reason
            )
            self._note_attempt(transport, outcome, first=not attempt)
            if isinstance(outcome, Ack):
                return
            reason = outcome.reason
            if reason == "no_retry":
                return

    async def _send(
        self, kind: str, name: str, payload: Json, journal_kind: str, *, attempt: int = 0, reason: str = ""
    ) -> Ack | NoAck:
        entry = self._journal.note(
            journal_kind, name, time.time(), payload, key=payload.get("event_id"), attempt=attempt
        )
        started = time.monotonic()
        outcome = await self._deliver(kind, payload, attempt=attempt, reason=reason)
        entry.ms = round((time.monotonic() - started) * 1000, 1)
        if isinstance(outcome, Ack):
            entry.answer = {"ack": outcome.payload}
        else:
            entry.failure = outcome.sentence
            if journal_kind == "interaction" or outcome.sentence != NOT_CONNECTED:  # the page says so all the time
                self._notices.send("failure", name=name, what=journal_kind, sentence=outcome.sentence)
        return outcome

    async def _deliver(self, kind: str, payload: Json, *, attempt: int, reason: str) -> Ack | NoAck:
        transport = self._transport()
        if transport is None:
            return NoAck(NOT_CONNECTED, "connection_failed")
        return await transport.deliver(kind, payload, attempt=attempt, reason=reason, within=self.ack_seconds)

    def _transport(self) -> Transport | None:
        return next((transport for transport in self.transports if transport.connected), None)

    def _envelope(self, event: Json, channel: Channel | None) -> Json:
        team = self._workspace.team
        context = json.dumps({"app": team.app_id, "event": event["type"], "salt": secrets.token_hex(4)})
        return {
            "token": team.verification_token,
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": team.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(float(event.get("event_ts") or self._workspace.clock.seconds())),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team.id,
                    "user_id": team.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
            "event_context": "4-" + base64.urlsafe_b64encode(context.encode()).decode().rstrip("="),
        }

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
