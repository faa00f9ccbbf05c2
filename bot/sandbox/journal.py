"""What happened, for the developer's drawer and for tests, and the notices a page listens to."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

KEPT_ENTRIES = 5_000
KEPT_NOTICES = 1_000


@dataclass
class Entry:
    """One Web API call, event, interaction, response_url use or connection change.

    `kind` is `call`, `event`, `interaction`, `response_url` or `connection`; `ms` is the real time it took;
    `failure` is a sentence when something the user would notice went wrong.
    """

    number: int
    kind: str
    name: str
    at: float
    payload: Any
    answer: Any = None
    ms: float | None = None
    failure: str | None = None
    key: str | None = None
    attempt: int = 0


class Journal:
    """The last few thousand entries."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT_ENTRIES)
        self._numbers = itertools.count(1)

    def note(self, kind: str, name: str, at: float, payload: Any, **more: Any) -> Entry:
        """Add an entry; whoever did it fills in answer and time later."""
        entry = Entry(next(self._numbers), kind, name, at, payload, **more)
        self._entries.append(entry)
        return entry

    def entries(
        self, *, kind: str | None = None, name: str | None = None, after: int = 0, limit: int = 1000
    ) -> list[dict[str, Any]]:
        """The newest `limit` entries that fit, oldest first."""
        fitting = [
            vars(entry)
            for entry in self._entries
            if entry.number > after and kind in (None, entry.kind) and name in (None, entry.name)
        ]
        return fitting[-limit:] if limit else []


@dataclass(eq=False)
class Listener:
    """One open page (or test) that wants to know what changed for `user` (None: everything)."""

    user: str | None
    queue: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(maxsize=KEPT_NOTICES))


class Notices:
    """Small messages "this changed": `{"kind": "message"|"view"|"connection"|"clock"|"failure"|"read", ...}`."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    @contextmanager
    def listening(self, user: str | None) -> Iterator[Listener]:
        """Receive notices while the block runs."""
        listener = Listener(user)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def send(self, kind: str, *, audience: Container[str] | None = None, **content: Any) -> None:
        """Tell everybody, or only the people in `audience` (ids)."""
        for listener in self._listeners:
            if audience is not None and listener.user is not None and listener.user not in audience:
                continue
            if not listener.queue.full():  # a page that stopped reading reloads everything when it comes back
                listener.queue.put_nowait({"kind": kind, **content})
