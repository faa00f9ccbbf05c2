"""The nodes of an import's file: mappings, lists and references, read with every problem noted at its line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.okr.days_off import UnknownPlace, check_place
from bot.okr.errors import OkrError
from bot.usecases.import_plans import Problem, Reference, suggestion
from bot.usecases.import_scalars import external_key, line_of, words


@dataclass
class Reading:
    """The reading of one file: it goes on after a problem, so that all of them are listed at once."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, node: yaml.Node, reason: str) -> None:
        """Note a problem at a place of the file."""
        self.problems.append(Problem(line_of(node), reason))


FieldReader = Callable[[Reading, yaml.Node], Any]


def read_fields(reading: Reading, node: yaml.Node, known: Mapping[str, FieldReader], what: str) -> dict[str, Any]:
    """The fields of a mapping that could be read; everything else is noted as a problem."""
    if not isinstance(node, yaml.MappingNode):
        reading.refuse(node, f"here should be a {what} with names and values, such as {next(iter(known))}: …")
        return {}
    values: dict[str, Any] = {}
    seen: set[str] = set()
    for name_node, value_node in node.value:
        name = name_node.value if isinstance(name_node, yaml.ScalarNode) else ""
        if name not in known:
            hint = suggestion(name, known) or f"; there are {', '.join(known)}"
            article = "an" if what[0] in "aeiou" else "a"
            reading.refuse(name_node, f"“{words(name)[:40]}” is not a name I know in {article} {what}{hint}")
        elif name in seen:
            reading.refuse(name_node, f"{name} stands here twice")
        elif not is_null(value_node):
            try:
                values[name] = known[name](reading, value_node)
            except OkrError as error:
                reading.refuse(value_node, f"{name}: {error.sentence}")
        seen.add(name)
    return values


def is_null(node: yaml.Node) -> bool:
    """Whether nothing is written there."""
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def read_list(read: FieldReader, reading: Reading, node: yaml.Node) -> tuple[Any, ...]:
    """Every item that could be read, in the file's order."""
    if not isinstance(node, yaml.SequenceNode):
        raise OkrError("here should be a list.")
    found = []
    for item in node.value:
        try:
            found.append(read(reading, item))
        except OkrError as error:
            reading.refuse(item, error.sentence)
    return tuple(each for each in found if each is not None)


def is_given(node: yaml.Node, name: str) -> bool:
    """Whether a field stands there although it could not be read, which is a problem of its own already."""
    return isinstance(node, yaml.MappingNode) and any(
        key.value == name and not is_null(value) for key, value in node.value
    )


def refuse_unknown_place(reading: Reading, node: yaml.Node, country: str | None, region: str | None) -> None:
    """Note a problem where no public holidays are known of a person's country or region."""
    try:
        check_place(country, region)
    except UnknownPlace as error:
        reading.refuse(node, f"{error.field}: {error.sentence}")


def plain(read: Callable[[yaml.Node], Any]) -> FieldReader:
    """A reader of one scalar that needs nothing of the file around it."""
    return lambda _reading, node: read(node)


def reference(_: Reading, node: yaml.Node) -> Reference:
    """Something named by its key."""
    return Reference(line_of(node), external_key(node))


def references(reading: Reading, node: yaml.Node) -> tuple[Any, ...]:
    """Several things named by their keys."""
    return read_list(reference, reading, node)
