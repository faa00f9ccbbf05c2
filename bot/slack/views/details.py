"""`/okr show`: one key result or objective whole, and what became of it, page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from slackblocks import Block, Button, DividerBlock

from bot.okr.details import (
    AgreedChange,
    ChangedPart,
    CheckInVersion,
    HistoryPage,
    KeyResultDetails,
    Mark,
    ObjectiveDetails,
    ObjectiveHistory,
    OtherObjective,
    TakenOut,
)
from bot.okr.facts import KeyResultStanding, Person
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.numbers import format_value
from bot.okr.zones import first_known_zone
from bot.slack import ids
from bot.slack.text import Mrkdwn, counted, day, lines, moment, name, names, paragraph, quoted, title
from bot.slack.views import Message, button, buttons, footnote, message, section
from bot.slack.views.standings import (
    age_text,
    figure,
    key_result_name,
    objective_name,
    owner_text,
    private_objective,
    progress_text,
    share_text,
    status_text,
    told_standing,
    value_text,
    way_text,
    weight_text,
)

LONGEST_SHOWN_NOTE = 700
LONGEST_REASON = 500
LONGEST_WHY = 1500
LONGEST_STEPS = 2800
LONGEST_PART = 160
MOST_KEY_RESULTS = 30
UNIT = "unit"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def key_result(details: KeyResultDetails) -> Message:
    """`/okr show KR-3`: what it is and where it stands, then a page of its history."""
    standing, person = details.standing, details.person
    shown_id = key_result_id(standing.number)
    headline = Mrkdwn(
        f"{key_result_name(standing.number, standing.title)}\n"
        f"for {objective_name(standing.objective_number, standing.objective_title)}"
        f"{_private(details.private)} · {name(standing.team)} · {_cycle(details.cycle, details)}"
    )
    state = _state(details.taken_out, details.draft, person, with_objective=details.with_objective)
    blocks: list[Block] = [
        section(lines([headline, state]), ids.HEADLINE),
        section(_terms(details), ids.DETAILS),
    ]
    if standing.milestones:
        blocks.append(section(_steps(standing, person.locale), ids.STEPS))
    blocks.append(DividerBlock(block_id=ids.part_block(ids.HISTORY, 0)))
    blocks += _history(details.history, person, lambda entry: _told_entry(entry, standing, person), standing.number)
    blocks += _pages(shown_id, details.history, _edit(shown_id, may=details.may_edit))
    open_now = details.may_edit and details.taken_out is None and not details.draft
    check_in = f"Check in: `/okr update {shown_id} VALUE`. " if open_now else ""
    blocks.append(footnote(f"{check_in}{_zone(person)}"))
    return message(
        f"{key_result_name(standing.number, standing.title)}: {progress_text(standing, person.locale)}", blocks
    )


def _zone(person: Person) -> str:
    zone = first_known_zone([person.zone])
    return f"Times are in your own time zone, {zone.key}."


def _cycle(cycle: str, details: KeyResultDetails | ObjectiveDetails) -> Mrkdwn:
    return Mrkdwn(f"{name(cycle)} ({day(details.starts_on)} to {day(details.ends_on)})")


def _private(private: bool) -> str:
    return " (private)" if private else ""


def _state(out: TakenOut | None, draft: bool, person: Person, *, with_objective: bool = False) -> Mrkdwn:
    """That it is no longer, or not yet, among the others; empty where it is."""
    if out is not None:
        what = "Postponed" if out.kind == "postponed" else "Dropped"
        whole = ", with its objective" if with_objective else ""
        why = f"\n{quoted(out.reason, LONGEST_REASON)}" if out.reason else ""
        return Mrkdwn(f"*{what}*{whole}, {moment(out.at, person.zone)}. Nobody is asked about it.{why}")
    if draft:
        return Mrkdwn("*A draft*: only its author, its lead and champions see it, and nobody is asked about it yet.")
    return Mrkdwn("")


def _terms(details: KeyResultDetails) -> Mrkdwn:
    standing, locale = details.standing, details.person.locale
    levels = [
        f"{word} {value_text(standing, value, locale)}"
        for word, value in (("commit", standing.commit), ("stretch", standing.stretch))
        if value is not None
    ]
    agreed = " · ".join([f"*{standing.kind.label}*: {way_text(standing, locale)}", *levels])
    stands = [progress_text(standing, locale), age_text(standing)]
    if standing.confidence is not None:
        stands.append(Mrkdwn(f"confidence {standing.confidence}"))
    owner = f"{owner_text(standing)} (has left)" if details.owner_left else owner_text(standing)
    people = [f"Owner: {owner}"]
    people += [f"delegate: {name(details.delegate)}"] if details.delegate else []
    people += [f"contributors: {names(details.contributors, 300)}"] if details.contributors else []
    place = [
        f"Weight {figure(format_value(standing.weight, None, locale), 30)}",
        _supports(details.supports, "its objective"),
    ]
    return lines(
        [agreed, " · ".join(part for part in stands if part), " · ".join(people), " · ".join(p for p in place if p)]
    )


def _supports(other: OtherObjective | None, what: str) -> Mrkdwn:
    return Mrkdwn("") if other is None else Mrkdwn(f"{what} supports {_named(other)}")


def _named(other: OtherObjective) -> Mrkdwn:
    if other.title is None:
        return private_objective(other.number)
    return objective_name(other.number, other.title)


def _steps(standing: KeyResultStanding, locale: str) -> Mrkdwn:
    """Milestones in their order, those that are reached said so."""
    reached = int(standing.now or 0)
    whole = sum((step.share for step in standing.milestones), Decimal(0))
    told: list[str] = []
    for at, step in enumerate(standing.milestones, 1):
        share = share_text(step.share / whole, locale) if whole else ""
        line = f"{at}. {title(step.name, 60)} · {share}{' · reached' if at <= reached else ''}"
        if sum(map(len, told)) + len(line) > LONGEST_STEPS:
            told.append(f"and {len(standing.milestones) - at + 1} more")
            break
        told.append(line)
    return lines(told)


# --- history


def _history(
    page: HistoryPage,
    person: Person,
    tell: Callable[[CheckInVersion | AgreedChange], Mrkdwn],
    key_result_number: int | None = None,
) -> list[Block]:
    if not page.entries:
        return [section("*History*: nothing has happened yet.", ids.HISTORY)]
    which = "newest first" if page.newer_than is None else "earlier entries, newest first"
    heading = section(f"*History*, {which}", ids.HISTORY)
    entries = [
        section(tell(entry), ids.part_block(ids.HISTORY, at), _edit_check_in(entry, at, key_result_number))
        for at, entry in enumerate(page.entries, 1)
    ]
    return [heading, *entries]


def _edit_check_in(entry: CheckInVersion | AgreedChange, at: int, number: int | None) -> Button | None:
    """**Edit** beside a check-in that stands and is the reader's to change."""
    if not isinstance(entry, CheckInVersion) or not entry.may_edit:
        return None
    return button("Edit", ids.one_of(ids.EDIT_CHECK_IN_OPEN, at), ids.EditOpening(entry.submission, number))


def _pages(shown_id: str, page: HistoryPage, more: Sequence[Button]) -> list[Block]:
    """**Newer** and **Older**, and whatever else one can press."""
    controls = [*more]
    if page.newer_than is not None:
        controls.append(button("Newer", ids.SHOW_NEWER, _showing(shown_id, "newer", page.newer_than)))
    if page.older_than is not None:
        controls.append(button("Older", ids.SHOW_OLDER, _showing(shown_id, "older", page.older_than)))
    return [buttons(*controls)] if controls else []


def _edit(shown_id: str, *, may: bool) -> list[Button]:
    return [button(f"Edit {shown_id}", ids.EDIT_OPEN, ids.Showing(shown_id))] if may else []


def _showing(shown_id: str, direction: str, mark: Mark) -> ids.Showing:
    return ids.Showing(shown_id, direction, (mark.at - _EPOCH) // _MICROSECOND, mark.kind, mark.row_id)


def _told_entry(entry: CheckInVersion | AgreedChange, standing: KeyResultStanding, person: Person) -> Mrkdwn:
    if isinstance(entry, AgreedChange):
        return _told_change(entry, standing.unit, person)
    locale = person.locale
    if entry.said_as is not None:
        terms = entry.said_as.terms
        standing = replace(
            standing,
            kind=entry.said_as.kind,
            start=terms.start,
            target=terms.target,
            unit=terms.unit,
            milestones=terms.milestones,
        )
    after = value_text(standing, entry.after, locale)
    said = [f"{after}, no change" if entry.unchanged else _moved(entry, standing, locale)]
    if entry.confidence is not None:
        said.append(f"confidence {entry.confidence}")
    marks = _marks(entry, person)
    note = quoted(entry.note, LONGEST_SHOWN_NOTE) if entry.note else ""
    did = "took back" if entry.withdrawn else "checked in"
    if entry.by_change_of_kind:
        did = "changed the kind, so this is set aside" if entry.withdrawn else "changed the kind, so this counts again"
    head = f"{moment(entry.at, person.zone)} · {name(entry.author)} {did}: {' · '.join(said)}"
    return lines([head, f"({'; '.join(marks)})" if marks else "", note])


def _moved(entry: CheckInVersion, standing: KeyResultStanding, locale: str) -> str:
    before = standing.start if entry.before is None else entry.before
    return f"{value_text(standing, before, locale)} → *{value_text(standing, entry.after, locale)}*"


def _marks(entry: CheckInVersion, person: Person) -> list[str]:
    """What is special about a version, in words."""
    marks = []
    if entry.withdrawn:
        marks += [] if entry.by_change_of_kind else ["taken back"]
    elif entry.version > 1 and not entry.by_change_of_kind:
        marks.append(f"edited, version {entry.version}")
    if entry.superseded:
        marks.append("no longer counts: there is a newer version")
    zone = first_known_zone([person.zone])
    about, typed = entry.about.astimezone(zone).date(), entry.at.astimezone(zone).date()
    if entry.back_dated or about < typed:
        marks.append(f"{'back-dated: ' if entry.back_dated else ''}counts for {day(about)}")
    return marks


_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "set": "set it",
        "published": "published it",
        "asked for agreement": "asked for agreement",
        "agreed": "agreed to it",
        "sent back": "sent it back",
        "withdrawn": "took it back",
        "passed on": "Somebody else is asked to agree",
        "changed": "changed it",
        "moved": "moved it",
        "handed over": "handed it over",
        "dropped": "dropped it",
        "postponed": "postponed it",
        "restored": "restored it",
        "made by import": "It was made by an import",
        "changed by import": "An import changed it",
    }
)
_BY_NOBODY = frozenset({"made by import", "changed by import", "passed on"})


def _told_change(change: AgreedChange, unit: str | None, person: Person) -> Mrkdwn:
    did = _ACTIONS.get(change.action) or f"changed it ({title(change.action, 40)})"
    who = "" if change.action in _BY_NOBODY else f"{name(change.author) if change.author else 'Somebody'} "
    head = f"{moment(change.at, person.zone)} · {who}{did}"
    told = told_parts(change, unit, person.locale)
    why = f"Why:\n{quoted(change.reason, LONGEST_REASON)}" if change.reason else ""
    return lines([head, *told, why])


def told_parts(change: AgreedChange, unit: str | None, locale: str) -> list[Mrkdwn]:
    """One line for each thing that a change was about."""
    was, is_now = unit, unit
    for part in change.parts:
        if part.label == UNIT:  # what was agreed before was agreed in the unit of then
            was, is_now = (each if isinstance(each, str) else None for each in (part.before, part.after))
    return [_told_part(part, was, is_now, locale) for part in change.parts]


def _told_part(part: ChangedPart, was: str | None, is_now: str | None, locale: str) -> Mrkdwn:
    before = _told_value(part.before, None if part.unitless else was, locale)
    after = _told_value(part.after, None if part.unitless else is_now, locale)
    if before is None:
        return Mrkdwn(f"• {title(part.label)}: {after}")
    if after is None:
        return Mrkdwn(f"• {title(part.label)}: {before}, now none")
    return Mrkdwn(f"• {title(part.label)}: from {before} to *{after}*")


def _told_value(value: Decimal | str | None, unit: str | None, locale: str) -> Mrkdwn | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return figure(format_value(value, unit, locale))
    return title(value, LONGEST_PART) or Mrkdwn("nothing")


# --- objectives


def objective(details: ObjectiveDetails) -> Message:
    """`/okr show O-1`: what it is, how its key results add up, what it supports and what supports it."""
    person = details.person
    shown_id = objective_id(details.number)
    headline = Mrkdwn(
        f"{objective_name(details.number, details.title)}{_private(details.private)}\n"
        f"{name(details.team)} · {_cycle(details.cycle, details)}"
        f"{f' · owner: {name(details.owner)}' if details.owner else ''}"
    )
    blocks: list[Block] = [section(lines([headline, _state(details.taken_out, details.draft, person)]), ids.HEADLINE)]
    if details.why:
        blocks.append(section(f"*Why it matters*\n{paragraph(details.why, LONGEST_WHY)}", ids.PURPOSE))
    stands = _adds_up(details)
    blocks.append(section(lines([stands, *_relatives(details)]), ids.DETAILS))
    shown = details.key_results[:MOST_KEY_RESULTS]
    weights = details.weights or (None,) * len(shown)
    blocks += [
        section(_told_key_result(each, weight, person), ids.standing_block(each.number))
        for each, weight in zip(shown, weights, strict=False)
    ]
    if details.more or len(details.key_results) > len(shown):
        blocks.append(footnote("and more key results: `/okr list` with the team's name shows them all", ids.MORE))
    example = key_result_id(shown[0].number) if shown else "KR-3"
    history = button("History", ids.SHOW_HISTORY, ids.Showing(shown_id))
    may_add = details.may_edit and not details.draft and details.taken_out is None
    more = [button("Add Key Result", ids.KEY_RESULT_ADD, ids.Showing(shown_id))] if may_add else []
    blocks.append(buttons(*_edit(shown_id, may=details.may_edit), *more, history))
    blocks.append(footnote(f"A key result with its history: `/okr show {example}`"))
    return message(f"{objective_name(details.number, details.title)}: {stands}", blocks)


def _told_key_result(standing: KeyResultStanding, weight: Decimal | None, person: Person) -> Mrkdwn:
    weighs = "" if weight is None else f" · weighs {weight_text(weight, person.locale)}"
    return Mrkdwn(f"{told_standing(standing, person)} · {owner_text(standing)}{weighs}")


def _adds_up(details: ObjectiveDetails) -> Mrkdwn:
    if details.progress is None or details.status is None or details.expected is None:
        return Mrkdwn("It has no key result yet.")
    locale = details.person.locale
    parts = [f"{share_text(details.progress, locale)} reached, {share_text(details.expected, locale)} expected"]
    if details.unknown_share:
        parts.append(f"{share_text(details.unknown_share, locale)} of it is unknown")
    many = counted(len(details.key_results) + details.more, "key result", "key results")
    return Mrkdwn(f"{status_text(details.status)}: {', '.join(parts)} · {many}")


def _relatives(details: ObjectiveDetails) -> list[Mrkdwn]:
    told = [Mrkdwn(f"Supports {_named(details.supports)}")] if details.supports else []
    if details.supported_by:
        shown = ", ".join(_named(each) for each in details.supported_by[:10])
        rest = len(details.supported_by) - 10
        told.append(Mrkdwn(f"Supported by {shown}{f' and {rest} more' if rest > 0 else ''}"))
    return told


def objective_history(facts: ObjectiveHistory) -> Message:
    """What became of an objective, page by page."""
    person, shown_id = facts.person, objective_id(facts.number)
    heading = objective_name(facts.number, facts.title)
    blocks: list[Block] = [section(heading, ids.HEADLINE)]
    blocks += _history(facts.history, person, lambda entry: _told_any(entry, person))
    back = button(f"Show {shown_id}", ids.SHOW_OPEN, ids.Showing(shown_id))
    blocks += _pages(shown_id, facts.history, [back])
    blocks.append(footnote(_zone(person)))
    return message(f"{heading}: history", blocks)


def _told_any(entry: CheckInVersion | AgreedChange, person: Person) -> Mrkdwn:
    return _told_change(entry, None, person) if isinstance(entry, AgreedChange) else Mrkdwn("")
