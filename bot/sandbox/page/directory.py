"""Who and what a person may name: lists that are short enough to be sent whole, and type-ahead where they are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from bot.sandbox import direct_messages, offered
from bot.sandbox.entities import SLACKBOT, Channel, Json, Person
from bot.sandbox.state import Workspace

SENT_WHOLE = 100
FOUND_AT_ONCE = 20


@dataclass(frozen=True)
class Named:
    """A person or channel that can be chosen: `name` as it is written in a list, `note` beside it."""

    id: str
    name: str
    note: str = ""


class PeopleNames(Mapping[str, str]):
    """Id -> shown name of everybody, read when asked, so that nobody pays for ten thousand names."""

    def __init__(self, workspace: Workspace) -> None:
        self._people = workspace.people

    def __getitem__(self, user: str) -> str:
        return self._people[user].shown_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


class ChannelNames(Mapping[str, str]):
    """Id -> name of the channels one person can see, read when asked."""

    def __init__(self, workspace: Workspace, person: Person) -> None:
        self._workspace = workspace
        self._person = person

    def _seen(self, channel: Channel | None) -> bool:
        return (
            channel is not None
            and channel.kind in ("channel", "group")
            and self._workspace.can_see(self._person, channel)
        )

    def __getitem__(self, channel_id: str) -> str:
        channel = self._workspace.channels.get(channel_id)
        if channel is None or not self._seen(channel):
            raise KeyError(channel_id)
        return channel.name

    def __iter__(self) -> Iterator[str]:
        return (channel.id for channel in self._workspace.channels.values() if self._seen(channel))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def present_people(workspace: Workspace) -> Iterator[Person]:
    """Everybody a visitor can be: no bots, nobody who has left."""
    return (
        person for person in workspace.people.values() if not (person.is_bot or person.deleted or person.id == SLACKBOT)
    )


def is_large(workspace: Workspace) -> bool:
    """Too many people for a list that is sent whole."""
    return len(list(islice(present_people(workspace), SENT_WHOLE + 1))) > SENT_WHOLE


def _fits(words: list[str], *names: str) -> bool:
    parts = " ".join(names).lower().replace("-", " ").split()
    whole = " ".join(names).lower()
    return all(word in whole if "-" in word else any(part.startswith(word) for part in parts) for word in words)


def _people(workspace: Workspace, person: Person, words: list[str]) -> Iterator[Named]:
    return (
        Named(one.id, one.real_name, one.title)
        for one in present_people(workspace)
        if _fits(words, one.real_name, one.display_name, one.name)
    )


def _mentionable(workspace: Workspace, person: Person, words: list[str]) -> Iterator[Named]:
    yield from _people(workspace, person, words)
    bot = workspace.bot
    if _fits(words, bot.real_name, bot.name):
        yield Named(bot.id, bot.real_name, "App")


def _channels(workspace: Workspace, person: Person, words: list[str]) -> Iterator[Named]:
    found = (
        channel
        for channel in workspace.channels.values()
        if channel.kind in ("channel", "group")
        and not channel.is_archived
        and _fits(words, channel.name)
        and workspace.can_see(person, channel)
    )
    return (Named(one.id, f"#{one.name}", one.purpose) for one in sorted(found, key=lambda one: one.name))


def _recipients(workspace: Workspace, person: Person, words: list[str]) -> Iterator[Named]:
    """Whom a person may begin a direct message with."""
    may_meet = direct_messages.Acquaintance(workspace, person)
    for named in _people(workspace, person, words):
        if named.id != person.id and may_meet(workspace.people[named.id]):
            yield named
    app = workspace.bot
    if _fits(words, app.real_name, app.name):
        yield Named(app.id, app.real_name, "App")


def _conversations(workspace: Workspace, person: Person, words: list[str]) -> Iterator[Named]:
    app = workspace.bot
    if _fits(words, app.real_name, app.name):
        yield Named(workspace.dm(person.id).id, app.real_name, "App")
    yield from _channels(workspace, person, words)
    yield from (named for named in _recipients(workspace, person, words) if named.id != app.id)


KINDS = {
    "conversations": _conversations,
    "people": _people,
    "mentions": _mentionable,
    "channels": _channels,
    "recipients": _recipients,
}


KINDS_FOUND = frozenset({*KINDS, "places"})
"""What can be looked up."""


def find(workspace: Workspace, person: Person, kind: str, typed: str, wanted: Json | None = None) -> list[Named]:
    """The first people or channels whose names begin with what was typed, word by word; `wanted` is the filter of a
    select of conversations (kind `places`)."""
    words = typed.lower().removeprefix("#").split()
    if kind == "places":
        fitting = (one for one in offered.offers(workspace, person, wanted or {}) if _fits(words, one.name.lstrip("#")))
        return [Named(one.id, one.name, one.note) for one in islice(fitting, FOUND_AT_ONCE)]
    return list(islice(KINDS[kind](workspace, person, words), FOUND_AT_ONCE))
