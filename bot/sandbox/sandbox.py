"""One running local Slack: the workspace and everything around it. Pages, Web API and tests all hold this object."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox import seed as seeds
from bot.sandbox.clock import MovableClock, RealTime
from bot.sandbox.dispatch import RETRY_DELAYS, Dispatch
from bot.sandbox.elements import kept_values
from bot.sandbox.entities import SLACKBOT, Channel, Json, Message, Team
from bot.sandbox.faults import Faults
from bot.sandbox.http_mode import HttpMode
from bot.sandbox.images import Images
from bot.sandbox.journal import Journal, Notices
from bot.sandbox.limits import Limits
from bot.sandbox.manifest import Manifest, read_manifest
from bot.sandbox.persistence import Store
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.state import Workspace
from bot.sandbox.tickets import Tickets


@dataclass(frozen=True)
class Onlookers:
    """The ids of all who see a channel. Few pages are open, so each is asked instead of listing ten thousand people."""

    workspace: Workspace
    channel: Channel

    def __contains__(self, user: object) -> bool:
        person = self.workspace.people.get(str(user))
        return person is not None and self.workspace.can_see(person, self.channel)


class Sandbox:
    """The local Slack. `base_url` has no slash at its end and is set once the server listens."""

    def __init__(
        self,
        *,
        seed: Path | None = None,
        manifest: Manifest | Path | None = None,
        data: Path | None = None,
        fresh: bool = False,
        real_time: RealTime = time.time,
        rate_limits: bool = True,
        ack_seconds: float = 3.0,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        request_url: str | None = None,
        split_long_texts: bool = True,
        processing_seconds: float = 0.3,
    ) -> None:
        self.real_time = real_time
        self.manifest = manifest if isinstance(manifest, Manifest) else read_manifest(manifest)
        self.store = Store(data)
        if fresh:
            self.store.clear()
        self.clock = MovableClock(real_time)
        self.workspace = self._open_workspace(seed)
        self.journal = Journal()
        self.notices = Notices()
        self.faults = Faults()
        self.images = Images()
        self.split_long_texts = split_long_texts
        self.processing_seconds = processing_seconds
        self._errands: set[asyncio.TimerHandle] = set()
        self.limits = Limits(real_time, enabled=rate_limits)
        self.tickets = Tickets(self.store, real_time)
        self.dispatch = Dispatch(
            self.workspace,
            self.manifest,
            self.journal,
            self.notices,
            self.limits,
            ack_seconds=ack_seconds,
            retry_delays=retry_delays,
        )
        self.sockets = SocketMode(self.workspace.team.app_id, self.journal, self.notices, real_time)
        self.dispatch.transports.append(self.sockets)
        url = request_url or self.manifest.request_url
        self.http = HttpMode(url, self.workspace.team, real_time) if url else None
        if self.http:
            self.dispatch.transports.append(self.http)
            self.dispatch.http = self.http
        self.message_states: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}

    @property
    def base_url(self) -> str:
        """Where the local Slack is served, no slash at the end."""
        return self.workspace.base_url

    @base_url.setter
    def base_url(self, address: str) -> None:
        self.workspace.base_url = address

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something after some real seconds, unless the local Slack is closed by then."""

        def do() -> None:
            self._errands.discard(handle)
            work()

        handle = asyncio.get_running_loop().call_later(seconds, do)
        self._errands.add(handle)

    def _open_workspace(self, seed: Path | None) -> Workspace:
        kept = self.store.get("team", "team")
        if kept is not None:
            workspace = Workspace(self.store, self.clock, Team(**kept))
            workspace.load()
            self._resume_clock()
            return workspace
        self.store.clear()
        written = seeds.read_seed(seed)
        workspace = Workspace(self.store, self.clock, seeds.team_from(written, self.manifest))
        seeds.plant(workspace, written)
        self.keep_clock()
        return workspace

    def _resume_clock(self) -> None:
        kept = self.store.get("clock", "clock")
        if kept and kept["moved"]:
            self.clock.move_to(datetime.fromtimestamp(kept["reading"], UTC))

    def keep_clock(self) -> None:
        """Write down where the clock stands, so that a restart resumes there."""
        self.store.put("clock", "clock", {"moved": self.clock.moved, "reading": self.clock.seconds()})

    @property
    def team(self) -> Team:
        """The workspace's own row."""
        return self.workspace.team

    def audience(self, channel: Channel) -> Onlookers:
        """Whose pages must hear about a channel: its members, and everybody who may look into a public one."""
        return Onlookers(self.workspace, channel)

    def note_from_slackbot(self, user: str, channel: str, text: str) -> Message:
        """An ephemeral note in which Slack itself tells a person what went wrong."""
        note = Message(channel=channel, ts=self.workspace.next_ts(), user=SLACKBOT, text=text, only_for=user)
        self.workspace.keep_message(note)
        self.notices.send("message", audience={user}, channel=channel, ts=note.ts, thread_ts=None, ephemeral=True)
        return note

    def state_of_message(self, user: str, ts: str, blocks: list[Json]) -> dict[str, dict[str, Json]]:
        """What one person has chosen in a message's selects and pickers: `state.values` of block_actions."""
        return kept_values(blocks, self.message_states.get((user, ts), {}))

    def response_url(self, key: str) -> str:
        """The full address of a response_url."""
        return f"{self.base_url}/response/{key}"

    async def close(self) -> None:
        """Stop deliveries, close connections, write the clock down."""
        for errand in self._errands:
            errand.cancel()
        await self.images.close()
        await self.dispatch.close()
        await self.sockets.close()
        if self.http:
            await self.http.close()
        self.keep_clock()
        self.store.close()
