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
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import yaml

from bot.okr.attention import Profile
from bot.okr.errors import OkrError, WeightsSumToZero
from bot.okr.kinds import KINDS, METRIC
from bot.okr.kinds.milestones import LONGEST_NAME as LONGEST_MILESTONE
from bot.okr.rollup import weight_shares
from bot.usecases.import_checks import check_plan
from bot.usecases.import_plans import (
    CheckInEntry,
    CycleEntry,
    ImportPlan,
    ImportProblems,
    KeyResultEntry,
    MilestoneEntry,
    ObjectiveEntry,
    PersonEntry,
    Problem,
    RoleEntry,
    TeamEntry,
    WorkspaceEntry,
)
from bot.usecases.import_reading import (
    FieldReader,
    Reading,
    is_given,
    plain,
    read_fields,
    read_list,
    reference,
    references,
    refuse_unknown_place,
)
from bot.usecases.import_scalars import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Typed,
    amount,
    check_in_value,
    confidence,
    day,
    external_key,
    hour,
    instant,
    kind,
    line_of,
    month,
    one_line,
    one_of,
    rhythm,
    scalar,
    slack_id,
    typed,
    unit,
    weekdays,
    weight,
    whole,
    yes_or_no,
    zone,
)

E = TypeVar("E")

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# An import's own lists and mappings nest eight deep. The C loader recurses without a limit, so the limit is ours.
DEEPEST = 20
MOST_REPEATED = 1_000_000
"""How many nodes aliases may stand for: a few lines that repeat each other would else be read a billion times."""

LEVELS = ("company", "department", "team")
ROLES = ("champion", "sponsor")
SOURCES = ("group", "channel")
PROFILES = tuple(each.value for each in Profile)
DROP_KINDS = ("dropped", "postponed")


def read_plan(text: str, name: str) -> ImportPlan:
    """Read a file's text. `name` is how sentences call it. Raises ImportProblems with every problem found.

    What can only be known with the database (a reference to something imported earlier) is judged when the plan is
    carried out; where the file has other problems, such references are listed with them.
    """
    reading = Reading()
    root = _document(text, name)
    sections = read_fields(reading, root, SECTIONS, "section")
    plan = ImportPlan(name=name, **sections)
    found = [*reading.problems, *check_plan(plan)]
    if found:
        raise ImportProblems(name, [*found, *check_plan(plan, complete=True)])
    return plan


def _document(text: str, name: str) -> yaml.Node:
    try:
        _check_size(text, name)
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        raise ImportProblems(name, [Problem(line, f"this is not YAML: {error.problem or error.context}")]) from error
    except yaml.reader.ReaderError as error:
        line = text.encode(errors="replace").count(b"\n", 0, error.position) + 1
        reason = f"the character U+{error.character:04X} may not stand in YAML; take it out"
        raise ImportProblems(name, [Problem(line, reason)]) from error
    except (yaml.YAMLError, UnicodeError) as error:
        reason = " ".join(str(error).split())
        raise ImportProblems(name, [Problem(1, f"this is not YAML: {reason[:200]}")]) from error
    if root is None:
        raise ImportProblems(name, [Problem(1, f"the file is empty; it may hold {', '.join(SECTIONS)}")])
    return root


def _check_size(text: str, name: str) -> None:
    """Refuse what is nested too deeply, or says too much by repeating itself, before anything is made of it."""
    nodes = repeated = 0
    anchored: dict[str | None, int] = {}
    begun: list[tuple[str | None, int]] = []
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            nodes += anchored.get(event.anchor, 1)
            repeated += anchored.get(event.anchor, 1)
        elif isinstance(event, yaml.ScalarEvent):
            nodes += 1
        elif isinstance(event, yaml.CollectionStartEvent):
            begun.append((event.anchor, nodes))
            nodes += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = begun.pop()
            if anchor is not None:
                anchored[anchor] = nodes - before
        if len(begun) > DEEPEST:
            raise ImportProblems(name, [Problem(line, "this is nested too deeply")])
        if repeated > MOST_REPEATED:
            raise ImportProblems(name, [Problem(line, "too much is repeated by * up to here; write it out once")])


def _entry(
    kind_of_entry: Callable[..., E], fields: Mapping[str, FieldReader], what: str, reading: Reading, node: yaml.Node
) -> E | None:
    """One entry; None (with its problems noted) where it is no mapping or lacks its key."""
    values = read_fields(reading, node, fields, what)
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
    if entry is not None:
        refuse_unknown_place(reading, node, entry.country, entry.region)
    return entry


def _role(reading: Reading, node: yaml.Node) -> RoleEntry | None:
    """A role's name, or a mapping that also says since when."""
    if isinstance(node, yaml.MappingNode):
        values = read_fields(reading, node, ROLE, "role")
        if "role" not in values and not is_given(node, "role"):
            reading.refuse(node, "this role needs role: …")
        return RoleEntry(**values) if "role" in values else None
    return RoleEntry(one_of(node, ROLES))


def _milestone(reading: Reading, node: yaml.Node) -> MilestoneEntry | None:
    """A milestone's name, or a mapping that also gives its share."""
    if isinstance(node, yaml.MappingNode):
        values = read_fields(reading, node, MILESTONE, "milestone")
        if "name" not in values and not is_given(node, "name"):
            reading.refuse(node, "this milestone needs name: …")
        return MilestoneEntry(line_of(node), **values) if "name" in values else None
    return MilestoneEntry(line_of(node), one_line(node, LONGEST_MILESTONE))


def _key_result(reading: Reading, node: yaml.Node) -> KeyResultEntry | None:
    """A key result; its numbers are read once its unit and kind are known, wherever those stand."""
    values = read_fields(reading, node, KEY_RESULT, "key result")
    if "key" not in values:
        if isinstance(node, yaml.MappingNode) and not any(name.value == "key" for name, _ in node.value):
            reading.refuse(node, "this key result needs a key of its own, by which it is found again")
        return None
    measured_in = values.get("unit")
    for name in ("start", "target", "commit", "stretch"):
        if name in values:
            values[name] = _amount(reading, name, values[name], measured_in)
    check_ins = values.pop("check_ins", ())
    entry = KeyResultEntry(line=line_of(node), **values)
    _refuse_idle_inputs(reading, node, entry)
    read = (_check_in(reading, node, given, entry) for node, given in check_ins)
    return replace(entry, check_ins=tuple(each for each in read if each is not None))


def _refuse_idle_inputs(reading: Reading, node: yaml.Node, entry: KeyResultEntry) -> None:
    """What the kind named in the file does not have."""
    if entry.kind is None:
        return
    known = KINDS[entry.kind]
    for name in ("start", "target", "unit", "commit", "stretch", "milestones"):
        if name not in known.inputs and getattr(entry, name):
            reading.refuse(node, f"{name}: a key result of the kind {known.label} has none")


def _check_in(
    reading: Reading, node: yaml.Node, given: dict[str, Any], key_result: KeyResultEntry
) -> CheckInEntry | None:
    for name in ("at", "value"):
        if name not in given and not is_given(node, name):
            reading.refuse(node, f"this check-in needs {name}: …")
    if "value" in given:
        written: Typed = given["value"]
        try:
            value = check_in_value(written, KINDS.get(key_result.kind or "", METRIC), key_result.terms)
        except OkrError as error:
            reading.problems.append(Problem(written.line, f"value: {error.sentence}"))
            value = None
        given = {**given, "value": value}
    if given.get("at") is None or given.get("value") is None:
        return None
    return CheckInEntry(line=line_of(node), **given)


def _check_in_fields(reading: Reading, node: yaml.Node) -> tuple[yaml.Node, dict[str, Any]]:
    return node, read_fields(reading, node, CHECK_IN, "check-in")


def _amount(reading: Reading, name: str, given: Typed, measured_in: str | None) -> Any:
    try:
        return amount(given, measured_in)
    except OkrError as error:
        reading.problems.append(Problem(given.line, f"{name}: {error.sentence}"))
        return None


def _objective(reading: Reading, node: yaml.Node) -> ObjectiveEntry | None:
    entry = _entry(ObjectiveEntry, OBJECTIVE, "objective", reading, node)
    if entry is not None and entry.key_results:
        weights = [each.weight for each in entry.key_results if each.dropped_at is None]
        if weights and all(each == 0 for each in weights):
            try:
                weight_shares([each for each in weights if each is not None])
            except WeightsSumToZero as error:
                reading.refuse(node, error.sentence)
    return entry


title = plain(partial(one_line, longest=LONGEST_TITLE))
short_name = plain(partial(one_line, longest=LONGEST_NAME))
prose = plain(partial(scalar, longest=LONGEST_TEXT))
moment = plain(instant)
flag = plain(yes_or_no)
number = plain(typed)
numbered = plain(whole)

DROPPED: Mapping[str, FieldReader] = {
    "dropped_at": moment,
    "drop_kind": plain(partial(one_of, offered=DROP_KINDS)),
    "drop_reason": prose,
}
ROLE: Mapping[str, FieldReader] = {"role": plain(partial(one_of, offered=ROLES)), "since": moment}
MILESTONE: Mapping[str, FieldReader] = {
    "name": plain(partial(one_line, longest=LONGEST_MILESTONE)),
    "share": plain(weight),
}
PERSON: Mapping[str, FieldReader] = {
    "key": plain(external_key),
    "slack_id": plain(partial(slack_id, letters="UW")),
    "name": title,
    "email": plain(partial(one_line, longest=320)),
    "zone": plain(zone),
    "locale": plain(partial(one_line, longest=16)),
    "admin": flag,
    "guest": flag,
    "bot": flag,
    "deactivated_at": moment,
    "prompt_hour": plain(hour),
    "prompt_days": plain(weekdays),
    "profile": plain(partial(one_of, offered=PROFILES)),
    "country": plain(partial(one_line, longest=2)),
    "region": plain(partial(one_line, longest=16)),
    "roles": partial(read_list, _role),
}
TEAM: Mapping[str, FieldReader] = {
    "key": plain(external_key),
    "name": short_name,
    "level": plain(partial(one_of, offered=LEVELS)),
    "parent": reference,
    "lead": reference,
    "channel": plain(partial(slack_id, letters="CG")),
    "members": references,
    "members_from": plain(partial(one_of, offered=SOURCES)),
    "members_source": plain(partial(slack_id, letters="SCG")),
    "observers": references,
    "archived_at": moment,
    "rhythm": plain(rhythm),
}
CYCLE: Mapping[str, FieldReader] = {
    "key": plain(external_key),
    "name": short_name,
    "start": plain(day),
    "end": plain(day),
    "drafts_from": plain(day),
    "archived_at": moment,
}
CHECK_IN: Mapping[str, FieldReader] = {
    "at": moment,
    "value": number,
    "confidence": plain(confidence),
    "note": prose,
    "by": reference,
    "learned": prose,
    "needs": prose,
}
KEY_RESULT: Mapping[str, FieldReader] = {
    "key": plain(external_key),
    "number": numbered,
    "title": title,
    "kind": plain(kind),
    "start": number,
    "target": number,
    "commit": number,
    "stretch": number,
    "unit": plain(unit),
    "milestones": partial(read_list, _milestone),
    "weight": plain(weight),
    "owner": reference,
    "delegate": reference,
    "contributors": references,
    "created_at": moment,
    **DROPPED,
    "check_ins": partial(read_list, _check_in_fields),
}
OBJECTIVE: Mapping[str, FieldReader] = {
    "key": plain(external_key),
    "number": numbered,
    "title": title,
    "why": prose,
    "team": reference,
    "cycle": reference,
    "supports": reference,
    "owner": reference,
    "private": flag,
    "draft": flag,
    "created_by": reference,
    "created_at": moment,
    "published_at": moment,
    "approval_asked_at": moment,
    **DROPPED,
    "key_results": partial(read_list, _key_result),
}
WORKSPACE: Mapping[str, FieldReader] = {
    "slack_id": plain(partial(slack_id, letters="TE")),
    "name": title,
    "fiscal_start_month": plain(month),
    "approval_needed": flag,
    "individual_objectives": flag,
    "next_objective": numbered,
    "next_key_result": numbered,
}
SECTIONS: Mapping[str, FieldReader] = {
    "workspace": partial(_entry, WorkspaceEntry, WORKSPACE, "workspace"),
    "people": partial(read_list, _person),
    "teams": partial(read_list, partial(_entry, TeamEntry, TEAM, "team")),
    "cycles": partial(read_list, partial(_entry, CycleEntry, CYCLE, "cycle")),
    "objectives": partial(read_list, _objective),
}
