"""The **Key result** form: what was typed becomes what is agreed, and back; the same for setting and for changing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.okr.errors import OkrError, UnreadableNumber
from bot.okr.forms import KeyResultFields
from bot.okr.kinds import METRIC, Kind, Milestone, Terms, kind_of, milestones_text, read_milestones
from bot.okr.numbers import exact_text, parse_value
from bot.store import contributors, members, milestones
from bot.store.session import Session
from bot.store.tables import KeyResult, Member
from bot.usecases.actors import Acting, Actor, UnknownPerson
from bot.usecases.answers import InvalidAnswers
from bot.usecases.typed import says_something, typed_line

LONGEST_TITLE = 3000
LONGEST_UNIT = 60
MOST_CONTRIBUTORS = 20
HELP = "key-results"
NO_WORDS = "Say it in a few words."

_MISSING = {
    "start": "Give the value today, for example 200.",
    "target": "Give the value you want to reach, for example 150; for “stay above” and “stay below” it is the rail.",
    "milestones": "Give at least one milestone, one per line, for example Beta = 40.",
}
_NUMBERS = ("start", "target", "commit", "stretch")


@dataclass(frozen=True)
class AgreedKeyResult:
    """What a **Key result** form means, checked as far as one key result goes."""

    title: str
    kind: Kind
    terms: Terms
    weight: Decimal
    owner: Member
    contributors: tuple[Member, ...]
    delegate: Member | None


@dataclass(frozen=True)
class Known:
    """What is known of the people a form may name.

    `row`: the key result that is changed; who stands there already may stay, also after they have left.
    `nobody`: `U…` ids that Slack shows to be nobody of this workspace.
    """

    row: KeyResult | None = None
    nobody: frozenset[str] = frozenset()


def agree(session: Session, who: Acting, typed: KeyResultFields, known: Known = Known()) -> AgreedKeyResult:
    """Read the form in the member's locale. Two statements at most.

    Inputs that the kind does not have are passed over. Raises InvalidAnswers with a sentence for every wrong field,
    under the names of `KeyResultFields` (people: `owner`, `contributors`, `delegate`), and UnknownPerson for somebody
    who was never heard of: Slack is to be asked.
    """
    errors: dict[str, str] = {}
    title = _title(typed.title, errors)
    kind, terms = _terms(typed, who.person.locale, errors)
    weight = _weight(typed.weight, who.person.locale, errors)
    owner, helping, delegate = _people(session, who, typed, known, errors)
    if errors or owner is None:
        raise InvalidAnswers(errors, help_topic=HELP)
    return AgreedKeyResult(title, kind, terms, weight, owner, helping, delegate)


def _title(typed: str, errors: dict[str, str]) -> str:
    title = typed_line(typed)
    if not says_something(title):
        errors["title"] = NO_WORDS
    elif len(title) > LONGEST_TITLE:
        errors["title"] = f"This is too long: at most {LONGEST_TITLE} characters."
    return title


def _terms(typed: KeyResultFields, locale: str, errors: dict[str, str]) -> tuple[Kind, Terms]:
    try:
        kind = kind_of(typed.kind)
    except OkrError as error:
        errors["kind"] = error.sentence
        return METRIC, Terms()
    before = len(errors)
    unit = _unit(typed, kind, errors)
    values = _numbers(typed, kind, unit, locale, errors)
    steps = _steps(typed, kind, locale, errors)
    for field in kind.needed - errors.keys():
        if values.get(field) is None and not (field == "milestones" and steps):
            errors[field] = _MISSING[field]
    terms = Terms(values["start"], values["target"], unit, values["commit"], values["stretch"], steps)
    if len(errors) > before:
        return kind, terms
    try:
        return kind, kind.agreed(terms)
    except OkrError as error:
        errors[error.field or "target"] = error.sentence
        return kind, terms


def _unit(typed: KeyResultFields, kind: Kind, errors: dict[str, str]) -> str | None:
    unit = typed_line(typed.unit) if "unit" in kind.inputs else ""
    if len(unit) > LONGEST_UNIT:
        errors["unit"] = f"A unit is a word or a sign, at most {LONGEST_UNIT} characters: %, €, days."
    return unit if says_something(unit) else None


def _numbers(
    typed: KeyResultFields, kind: Kind, unit: str | None, locale: str, errors: dict[str, str]
) -> Mapping[str, Decimal | None]:
    found: dict[str, Decimal | None] = dict.fromkeys(_NUMBERS)
    for field in _NUMBERS:
        text = getattr(typed, field).strip()
        if field not in kind.inputs or not text:
            continue
        try:
            found[field] = parse_value(text, locale, unit)
        except UnreadableNumber as error:
            errors[field] = error.sentence
    return found


def _steps(typed: KeyResultFields, kind: Kind, locale: str, errors: dict[str, str]) -> tuple[Milestone, ...]:
    if not kind.has_steps:
        return ()
    try:
        return read_milestones(typed.milestones, locale)
    except OkrError as error:
        errors["milestones"] = error.sentence
        return ()


def _weight(typed: str, locale: str, errors: dict[str, str]) -> Decimal:
    if not typed.strip():
        return Decimal(1)
    try:
        weight = parse_value(typed, locale)
    except UnreadableNumber as error:
        errors["weight"] = error.sentence
        return Decimal(1)
    if weight < 0:
        errors["weight"] = "A weight is 0 or more; most are 1."
    return weight


def _people(
    session: Session, who: Acting, typed: KeyResultFields, known: Known, errors: dict[str, str]
) -> tuple[Member | None, tuple[Member, ...], Member | None]:
    named = {
        "owner": [typed.owner_id or ""], "contributors": typed.contributor_ids, "delegate": [typed.delegate_id or ""],
    }  # fmt: skip
    found = members.by_slack_ids(session, who.workspace.id, {each for ids in named.values() for each in ids if each})
    for field, ids in named.items():
        for slack_id in ids:
            if slack_id and slack_id not in found and slack_id not in known.nobody:
                raise UnknownPerson(Actor(who.workspace.slack_id, slack_id), help_topic=HELP, field=field)
    there = _there(session, known.row, found.values())

    def person(slack_id: str, field: str) -> Member | None:
        member = found.get(slack_id)
        refused = None if member is not None and member.id in there[field] else why_not(member)
        if refused is not None:
            errors[field] = refused
            return None
        return member

    owner = person(typed.owner_id, "owner") if typed.owner_id else None
    if owner is None and "owner" not in errors:
        errors["owner"] = "Every key result has one owner. Choose a person."
    helping = [person(slack_id, "contributors") for slack_id in dict.fromkeys(typed.contributor_ids)]
    if len(helping) > MOST_CONTRIBUTORS:
        errors["contributors"] = f"At most {MOST_CONTRIBUTORS} people contribute."
    delegate = person(typed.delegate_id, "delegate") if typed.delegate_id else None
    if delegate is not None and delegate is owner:
        errors["delegate"] = "The delegate checks in for the owner, so it is somebody else."
    # Who owns it need not be named as working on it.
    return owner, tuple(each for each in helping if each is not None and each is not owner), delegate


def _there(session: Session, row: KeyResult | None, named: Iterable[Member]) -> Mapping[str, Collection[int | None]]:
    """Who stands where already; asked only where somebody who has left is named."""
    if row is None or all(why_not(each) is None for each in named):
        return {"owner": (), "contributors": (), "delegate": ()}
    helping = contributors.of(session, [row.id])[row.id]
    return {"owner": {row.owner_id}, "contributors": {each.id for each in helping}, "delegate": {row.delegate_id}}


def why_not(member: Member | None) -> str | None:
    """Why somebody can't own or work on anything; None for people of this workspace, guests too."""
    if member is None:
        return "This is nobody who can work on it: choose a person of this workspace."
    if member.is_bot:
        return f"{member.name[:60]} is an app. Choose a person of this workspace."
    if member.deactivated_at is not None:
        return f"{member.name[:60]} has left this workspace. Choose somebody else."
    return None


def write(session: Session, key_result: KeyResult, agreed: AgreedKeyResult) -> None:
    """Put what was agreed into a row that is in the session; its steps and contributors with it."""
    key_result.title, key_result.kind, key_result.weight = agreed.title, agreed.kind.name, agreed.weight
    key_result.start, key_result.target, key_result.unit = agreed.terms.start, agreed.terms.target, agreed.terms.unit
    key_result.commit_level, key_result.stretch_level = agreed.terms.commit, agreed.terms.stretch
    key_result.owner_id = agreed.owner.id
    key_result.delegate_id = None if agreed.delegate is None else agreed.delegate.id
    session.flush()
    milestones.keep(session, key_result.workspace_id, key_result.id, agreed.terms.milestones)
    contributors.keep(session, key_result.workspace_id, key_result.id, [each.id for each in agreed.contributors])
    session.flush()


def fields_of(session: Session, key_result: KeyResult, locale: str) -> KeyResultFields:
    """A key result as its form shows it: `agree` reads the same back. Three statements at most."""
    people = members.by_ids(session, [id_ for id_ in (key_result.owner_id, key_result.delegate_id) if id_])
    helping = contributors.of(session, [key_result.id])[key_result.id]
    owner, delegate = people.get(key_result.owner_id or 0), people.get(key_result.delegate_id or 0)
    shown = KeyResultFields(
        title=key_result.title,
        kind=key_result.kind,
        unit=key_result.unit or "",
        weight=exact_text(key_result.weight, locale),
        owner_id=None if owner is None else owner.slack_id,
        contributor_ids=tuple(each.slack_id for each in helping),
        delegate_id=None if delegate is None else delegate.slack_id,
    )
    if kind_of(key_result.kind).has_steps:
        steps = milestones.of(session, [key_result.id])[key_result.id]
        return replace(shown, milestones=milestones_text(steps, locale))

    def text(name: str, value: Decimal | None) -> str:
        return exact_text(value, locale) if value is not None and name in kind_of(key_result.kind).inputs else ""

    return replace(
        shown,
        start=text("start", key_result.start),
        target=text("target", key_result.target),
        commit=text("commit", key_result.commit_level),
        stretch=text("stretch", key_result.stretch_level),
    )
