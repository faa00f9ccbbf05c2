"""Somebody's name with what stands beside it: the square, badges, status, do-not-disturb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.entities import Person
from bot.sandbox.page import emoji
from bot.sandbox.state import Workspace


@dataclass(frozen=True)
class Face:
    """Somebody's name and the square beside it. `status` is a sentence, `status_char` its emoji; `quiet` says until
    when they are not to be disturbed; each is empty where there is none."""

    id: str
    name: str
    initials: str
    tint: int
    is_app: bool = False
    note: str = ""
    status: str = ""
    status_char: str = ""
    quiet: str = ""


_BADGES: dict[str, Callable[[Person], bool]] = {
    "deactivated": lambda person: person.deleted,
    "guest": lambda person: person.is_restricted or person.is_ultra_restricted,
    "from another company": lambda person: person.is_stranger,
}


def face_of(workspace: Workspace, user: str) -> Face:
    """The face of a person, of the app, or of somebody unknown."""
    person = workspace.people.get(user)
    if person is None:
        return Face(user, user or "Unknown", "?", 0)
    words = person.real_name.split()
    status, status_char = _status(person, workspace.clock.now())
    return Face(
        person.id,
        person.real_name if person.is_bot else person.shown_name,
        "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(),
        sum(map(ord, person.id)) % 8,
        is_app=person.is_bot,
        note=next((words for words, holds in _BADGES.items() if holds(person)), ""),
        status=status,
        status_char=status_char,
        quiet=_quiet_until(person, workspace.clock.now().astimezone(workspace.zone_of(person))),
    )


def _status(person: Person, now: datetime) -> tuple[str, str]:
    expired = 0 < person.status_expiration <= now.timestamp()
    if expired or person.deleted or not (person.status_text or person.status_emoji):
        return "", ""
    name = person.status_emoji.strip(":") or "speech_balloon"
    return person.status_text or name.replace("_", " "), emoji.character(name) or f":{name}:"


def _quiet_until(person: Person, local: datetime) -> str:
    start, end = person.dnd_start, person.dnd_end
    if not start or not end or person.deleted:
        return ""
    now = f"{local:%H:%M}"
    within = start <= now < end if start <= end else now >= start or now < end
    return f"Do not disturb until {end}" if within else ""
