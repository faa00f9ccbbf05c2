"""Whom a name means: an index, so that a message with a name in it does not read a list of ten thousand people."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.entities import Person


class Names:
    """Everybody by each of their names; built when first asked for, and again after people came or were changed."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._known: tuple[dict[str, Person], int] | None = None
        self._counted = 0

    def forget(self) -> None:
        """Somebody is called otherwise from now on."""
        self._known = None

    def known(self) -> tuple[dict[str, Person], int]:
        """People by name in lower case, and how many characters the longest name has."""
        if self._known is None or self._counted != len(self._people):
            by_name = {
                name.lower(): person
                for person in self._people.values()
                for name in (person.display_name, person.name, person.real_name)
                if name
            }
            self._known, self._counted = (by_name, max(map(len, by_name), default=0)), len(self._people)
        return self._known
