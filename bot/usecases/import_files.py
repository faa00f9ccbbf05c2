"""A YAML text becomes a typed plan, or the list of everything that is wrong with it.

```yaml
workspace: {slack_id: T0SAMPLE, name: Lumen}
people:
  - {key: mia, slack_id: U0MIA, name: Mia Berg, email: mia@lumen.example, zone: Europe/Berlin, roles: [champion]}
teams:
  - {key: company, name: Lumen, level: company, lead: mia, channel: C0GENERAL, members: [mia]}
cycles:
  - {key: q4, name: Q4 2026, start: 2026-09-14, end: 2026-12-13}
objectives:
  - key: o-fast
    title: Support answers before people ask twice
    team: company
    cycle: q4
    key_results:
      - {key: kr-wait, title: First answer, start: 200, target: 100, unit: minutes, owner: mia,
         check_ins: [{at: 2026-09-21T10:00:00+02:00, value: 180, confidence: 6, note: New rota}]}
```

The nodes of the document are read, not values a loader guessed from them: a scalar's own text keeps every digit, and
every entry knows its line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import yaml

from bot.okr.errors import OkrError, WeightsSumToZero
from bot.okr.rollup import weight_shares
from bot.usecases.import_checks import check_plan
from bot.usecases.import_plans import (
    CheckInEntry,
    CycleEntry,
    ImportPlan,
    ImportProblems,
    KeyResultEntry,
    ObjectiveEntry,
    PersonEntry,
    Problem,
    Reference,
    TeamEntry,
    WorkspaceEntry,
    suggestion,
)
from bot.usecases.import_scalars import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Typed,
    amount,
    confidence,
    day,
    external_key,
    instant,
    kind,
    line_of,
    one_line,
    one_of,
    scalar,
    slack_id,
    typed,
    unit,
    weight,
    words,
    zone,
)

E = TypeVar("E")

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# An import's own lists and mappings nest eight deep. The C loader recurses without a limit, so the limit is ours.
DEEPEST = 20

LEVELS = ("company", "department", "team")
ROLES = ("champion", "sponsor")


@dataclass
class Reading:
    """The reading of one file: it goes on after a problem, so that all of them are listed at once."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, node: yaml.Node, reason: str) -> None:
        """Note a problem at a place of the file."""
        self.problems.append(Problem(line_of(node), reason))


FieldReader = Callable[[Reading, yaml.Node], Any]


def read_plan(text: str, name: str) -> ImportPlan:
    """Read a file's text. `name` is how sentences call it. Raises ImportProblems with every problem found.

    What can only be known with the database (a reference to something imported earlier) is judged when the plan is
    carried out; where the file has other problems, such references are listed with them.
    """
    reading = Reading()
    root = _document(text, name)
    sections = _fields(reading, root, SECTIONS, "section")
    plan = ImportPlan(name=name, **sections)
    found = [*reading.problems, *check_plan(plan)]
    if found:
        raise ImportProblems(name, [*found, *check_plan(plan, complete=True)])
    return plan


def _document(text: str, name: str) -> yaml.Node:
    try:
        depth = 0
        for event in yaml.parse(text, Loader=Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                mark = event.start_mark
                raise ImportProblems(name, [Problem(mark.line + 1 if mark else 1, "this is nested too deeply")])
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        raise ImportProblems(name, [Problem(line, f"this is not YAML: {error.problem or error.context}")]) from error
    except (yaml.YAMLError, UnicodeError) as error:
        reason = " ".join(str(error).split())
        raise ImportProblems(name, [Problem(1, f"this is not YAML: {reason[:200]}")]) from error
    if root is None:
        raise ImportProblems(name, [Problem(1, f"the file is empty; it may hold {', '.join(SECTIONS)}")])
    return root


def _fields(reading: Reading, node: yaml.Node, known: Mapping[str, FieldReader], what: str) -> dict[str, Any]:
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
            reading.refuse(name_node, f"“{words(name)[:40]}” is not a name I know in a {what}{hint}")
        elif name in seen:
            reading.refuse(name_node, f"{name} stands here twice")
        elif not _is_null(value_node):
            try:
                values[name] = known[name](reading, value_node)
            except OkrError as error:
                reading.refuse(value_node, f"{name}: {error.sentence}")
        seen.add(name)
    return values


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _list(read: FieldReader, reading: Reading, node: yaml.Node) -> tuple[Any, ...]:
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


def _entry(
    kind_of_entry: Callable[..., E], fields: Mapping[str, FieldReader], what: str, reading: Reading, node: yaml.Node
) -> E | None:
    """One entry; None (with its problems noted) where it is no mapping or lacks its key."""
    values = _fields(reading, node, fields, what)
    if "key" in fields and "key" not in values and kind_of_entry is not PersonEntry:
        if isinstance(node, yaml.MappingNode) and not any(name.value == "key" for name, _ in node.value):
            reading.refuse(node, f"this {what} needs a key of its own, by which it is found again")
        return None
    return kind_of_entry(line=line_of(node), **values)


def _person(reading: Reading, node: yaml.Node) -> PersonEntry | None:
    entry = _entry(PersonEntry, PERSON, "person", reading, node)
    if entry is not None and isinstance(node, yaml.MappingNode) and not (entry.slack_id or entry.email or entry.key):
        reading.refuse(node, "this person needs a slack_id, an email or a key, by which they are found")
        return None
    return entry


def _key_result(reading: Reading, node: yaml.Node) -> KeyResultEntry | None:
    """A key result; its numbers are read once its unit is known, wherever that stands."""
    values = _fields(reading, node, KEY_RESULT, "key result")
    if "key" not in values:
        if isinstance(node, yaml.MappingNode) and not any(name.value == "key" for name, _ in node.value):
            reading.refuse(node, "this key result needs a key of its own, by which it is found again")
        return None
    measured_in = values.get("unit")
    for name in ("start", "target"):
        if name in values:
            values[name] = _amount(reading, name, values[name], measured_in)
    values["check_ins"] = tuple(
        each
        for each in (_check_in(reading, node, given, measured_in) for node, given in values.get("check_ins", ()))
        if each is not None
    )
    return KeyResultEntry(line=line_of(node), **values)


def _check_in(reading: Reading, node: yaml.Node, given: dict[str, Any], measured_in: str | None) -> CheckInEntry | None:
    for name in ("at", "value"):
        if name not in given and not _is_given(node, name):
            reading.refuse(node, f"this check-in needs {name}: …")
    if "value" in given:
        given = {**given, "value": _amount(reading, "value", given["value"], measured_in)}
    if given.get("at") is None or given.get("value") is None:
        return None
    return CheckInEntry(line=line_of(node), **given)


def _is_given(node: yaml.Node, name: str) -> bool:
    """Whether a field stands there although it could not be read, which is a problem of its own already."""
    return isinstance(node, yaml.MappingNode) and any(
        key.value == name and not _is_null(value) for key, value in node.value
    )


def _check_in_fields(reading: Reading, node: yaml.Node) -> tuple[yaml.Node, dict[str, Any]]:
    return node, _fields(reading, node, CHECK_IN, "check-in")


def _amount(reading: Reading, name: str, given: Typed, measured_in: str | None) -> Any:
    try:
        return amount(given, measured_in)
    except OkrError as error:
        reading.problems.append(Problem(given.line, f"{name}: {error.sentence}"))
        return None


def _objective(reading: Reading, node: yaml.Node) -> ObjectiveEntry | None:
    entry = _entry(ObjectiveEntry, OBJECTIVE, "objective", reading, node)
    if entry is not None and entry.key_results:
        weights = [each.weight for each in entry.key_results]
        if all(each == 0 for each in weights):
            try:
                weight_shares([each for each in weights if each is not None])
            except WeightsSumToZero as error:
                reading.refuse(node, error.sentence)
    return entry


def _reference(_: Reading, node: yaml.Node) -> Reference:
    return Reference(line_of(node), external_key(node))


def _plain(read: Callable[[yaml.Node], Any]) -> FieldReader:
    """A reader of one scalar that needs nothing of the file around it."""
    return lambda _reading, node: read(node)


def _references(reading: Reading, node: yaml.Node) -> tuple[Any, ...]:
    return _list(_reference, reading, node)


title = _plain(partial(one_line, longest=LONGEST_TITLE))
short_name = _plain(partial(one_line, longest=LONGEST_NAME))
prose = _plain(partial(scalar, longest=LONGEST_TEXT))

PERSON: Mapping[str, FieldReader] = {
    "key": _plain(external_key),
    "slack_id": _plain(partial(slack_id, letters="UW")),
    "name": _plain(partial(one_line, longest=LONGEST_TITLE)),
    "email": _plain(partial(one_line, longest=320)),
    "zone": _plain(zone),
    "locale": _plain(partial(one_line, longest=16)),
    "roles": partial(_list, _plain(partial(one_of, offered=ROLES))),
}
TEAM: Mapping[str, FieldReader] = {
    "key": _plain(external_key),
    "name": short_name,
    "level": _plain(partial(one_of, offered=LEVELS)),
    "parent": _reference,
    "lead": _reference,
    "channel": _plain(partial(slack_id, letters="CG")),
    "members": _references,
}
CYCLE: Mapping[str, FieldReader] = {
    "key": _plain(external_key),
    "name": short_name,
    "start": _plain(day),
    "end": _plain(day),
}
CHECK_IN: Mapping[str, FieldReader] = {
    "at": _plain(instant),
    "value": _plain(typed),
    "confidence": _plain(confidence),
    "note": prose,
    "by": _reference,
    "learned": prose,
    "needs": prose,
}
KEY_RESULT: Mapping[str, FieldReader] = {
    "key": _plain(external_key),
    "title": title,
    "kind": _plain(kind),
    "start": _plain(typed),
    "target": _plain(typed),
    "unit": _plain(unit),
    "weight": _plain(weight),
    "owner": _reference,
    "check_ins": partial(_list, _check_in_fields),
}
OBJECTIVE: Mapping[str, FieldReader] = {
    "key": _plain(external_key),
    "title": title,
    "why": prose,
    "team": _reference,
    "cycle": _reference,
    "supports": _reference,
    "key_results": partial(_list, _key_result),
}
WORKSPACE: Mapping[str, FieldReader] = {
    "slack_id": _plain(partial(slack_id, letters="TE")),
    "name": short_name,
}
SECTIONS: Mapping[str, FieldReader] = {
    "workspace": partial(_entry, WorkspaceEntry, WORKSPACE, "workspace"),
    "people": partial(_list, _person),
    "teams": partial(_list, partial(_entry, TeamEntry, TEAM, "team")),
    "cycles": partial(_list, partial(_entry, CycleEntry, CYCLE, "cycle")),
    "objectives": partial(_list, _objective),
}
