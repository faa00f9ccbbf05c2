"""What was agreed about a key result, as the change log keeps it: one sheet of plain JSON values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.okr.changing import State
from bot.okr.errors import OkrError
from bot.okr.kinds import Milestone, Terms, kind_of
from bot.okr.merging import Sheet
from bot.store import contributors, members, milestones
from bot.store.session import Session
from bot.store.tables import KeyResult, Member, Objective
from bot.usecases.answers import InvalidAnswers
from bot.usecases.key_result_forms import HELP, AgreedKeyResult

TERMS = frozenset({"kind", "start", "target", "commit_level", "stretch_level", "unit", "milestones"})
"""What was promised: changing it after the start wants a reason."""

FIELDS = {
    "commit_level": "commit",
    "stretch_level": "stretch",
    "owner_id": "owner",
    "delegate_id": "delegate",
    "contributor_ids": "contributors",
    "objective_id": "objective",
}
"""Where the name in the sheet differs from that of the form's input."""


def exact(value: Decimal | None) -> str | None:
    """A number as the sheet keeps it: the same text for the same number."""
    return None if value is None else format(value.normalize() + 0, "f")


def state_of(row: KeyResult | Objective) -> State:
    """Whether it counts."""
    if row.dropped_at is None:
        return State.IN_FORCE
    return State.POSTPONED if row.drop_kind == State.POSTPONED else State.DROPPED


def sheet_of(session: Session, key_result: KeyResult) -> dict[str, Any]:
    """As it stands. Two statements at most."""
    return sheets_of(session, [key_result])[key_result.id]


def sheets_of(
    session: Session, key_results: Sequence[KeyResult], steps: Mapping[int, tuple[Milestone, ...]] | None = None
) -> dict[int, dict[str, Any]]:
    """The same of many by row id. Two statements at most; one where their `steps` are known by row id."""
    if steps is None:
        steps = milestones.of(session, [row.id for row in key_results if kind_of(row.kind).has_steps])
    helping = contributors.of(session, [row.id for row in key_results])
    return {row.id: _sheet(row, steps.get(row.id, ()), helping[row.id]) for row in key_results}


def _sheet(key_result: KeyResult, steps: tuple[Milestone, ...], helping: Sequence[Member]) -> dict[str, Any]:
    terms = Terms(
        key_result.start,
        key_result.target,
        key_result.unit,
        key_result.commit_level,
        key_result.stretch_level,
        steps,
    )
    return {
        "title": key_result.title,
        **_terms(key_result.kind, terms),
        "weight": exact(key_result.weight),
        "owner_id": key_result.owner_id,
        "delegate_id": key_result.delegate_id,
        "contributor_ids": sorted(each.id for each in helping),
        "objective_id": key_result.objective_id,
        "state": state_of(key_result).value,
    }


def sheet_wanted(agreed: AgreedKeyResult, objective_id: int, state: State) -> dict[str, Any]:
    """As the form has it."""
    return {
        "title": agreed.title,
        **_terms(agreed.kind.name, agreed.terms),
        "weight": exact(agreed.weight),
        "owner_id": agreed.owner.id,
        "delegate_id": None if agreed.delegate is None else agreed.delegate.id,
        "contributor_ids": sorted(each.id for each in agreed.contributors),
        "objective_id": objective_id,
        "state": state.value,
    }


def _terms(kind_name: str, terms: Terms) -> dict[str, Any]:
    inputs = kind_of(kind_name).inputs
    numbers = {
        "start": terms.start,
        "target": terms.target,
        "commit_level": terms.commit,
        "stretch_level": terms.stretch,
    }
    return {
        "kind": kind_name,
        **{name: exact(value) if FIELDS.get(name, name) in inputs else None for name, value in numbers.items()},
        "unit": terms.unit if "unit" in inputs else None,
        "milestones": [[step.name, exact(step.share)] for step in terms.milestones],
    }


def agreed_in(session: Session, sheet: Sheet) -> AgreedKeyResult:
    """A sheet as what was agreed. One statement. Raises InvalidAnswers where its parts do not fit together."""
    kind = kind_of(sheet["kind"])
    numbers = {
        name: None if sheet[name] is None else Decimal(sheet[name])
        for name in ("start", "target", "commit_level", "stretch_level")
    }
    steps = tuple(Milestone(name, Decimal(share)) for name, share in sheet["milestones"])
    terms = Terms(
        numbers["start"], numbers["target"], sheet["unit"], numbers["commit_level"], numbers["stretch_level"], steps
    )
    try:
        fitting = kind.agreed(terms)
    except OkrError as error:
        raise InvalidAnswers({error.field or "target": error.sentence}, help_topic=HELP) from error
    ids = [sheet["owner_id"], sheet["delegate_id"], *sheet["contributor_ids"]]
    people: dict[int, Member] = members.by_ids(session, [id_ for id_ in ids if id_ is not None])
    helping = [id_ for id_ in sheet["contributor_ids"] if id_ != sheet["owner_id"] and id_ in people]
    delegate, owner = people.get(sheet["delegate_id"] or 0), people.get(sheet["owner_id"] or 0)
    if owner is None:
        raise InvalidAnswers({"owner": "Every key result has one owner. Choose a person."}, help_topic=HELP)
    if delegate is not None and delegate.id == sheet["owner_id"]:
        raise InvalidAnswers({"delegate": "The delegate checks in for the owner, so it is somebody else."})
    return AgreedKeyResult(
        title=sheet["title"],
        kind=kind,
        terms=fitting,
        weight=Decimal(sheet["weight"]),
        owner=owner,
        contributors=tuple(people[id_] for id_ in helping),
        delegate=delegate,
    )
