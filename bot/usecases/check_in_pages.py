"""What the **Check in** form shows: page after page of ten key results, and what was typed before and not sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.okr.errors import NothingDue
from bot.okr.facts import CheckInForm, DraftedAnswer
from bot.store import answer_drafts, keyresults
from bot.store.answer_drafts import KeptDraft
from bot.store.session import Session
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.answers import FieldAnswer
from bot.usecases.standings import Placed, mine, next_due
from bot.usecases.typed import typed_text

PAGE = 10
MOST_PAGES = 10
LEARNED, NEEDS = "learned", "needs"
"""Drafts of the two inputs that belong to no key result."""


@dataclass(frozen=True)
class OpenForm:
    """Show the **Check in** modal. `nonce` names the form until it is sent."""

    actor: Actor
    nonce: str


@dataclass(frozen=True)
class KeepDraft:
    """A button was pressed in the form that `nonce` names: what stands in its inputs is kept.

    `noted` are the numbers whose note can be typed, `words` whether the form has the inputs for `learned` and `needs`.
    """

    actor: Actor
    nonce: str
    answers: tuple[FieldAnswer, ...]
    noted: frozenset[int] = frozenset()
    words: bool = False
    learned: str | None = None
    needs: str | None = None


@dataclass(frozen=True)
class DiscardDrafts:
    """**Discard** was pressed on a page: show the same key results without what was typed. `numbers`: see `page_of`."""

    actor: Actor
    nonce: str
    page: int
    numbers: tuple[int, ...]


def page_nonce(nonce: str, page: int) -> str:
    """What names a page of a form: its submission can be told from those of the other pages."""
    return nonce if page == 1 else f"{nonce}.{page}"


def open_form(session: Session, command: OpenForm, now: datetime) -> CheckInForm:
    """What the **Check in** modal shows: the open key results the member answers for, what is due first.

    Eight statements at most. Raises NothingDue where there is no open key result the member answers for.
    """
    who = acting(session, command.actor)
    form = page_of(session, who, command.nonce, 1, None, now)
    if form is None:
        raise NothingDue(
            "You own no open key result in this cycle and work on none, so there is nothing to check in. Set one with "
            "/okr set.",
            help_topic="set",
        )
    return form


def page_of(
    session: Session,
    who: Acting,
    nonce: str,
    page: int,
    numbers: Sequence[int] | None,
    now: datetime,
    *,
    with_drafts: bool = True,
) -> CheckInForm | None:
    """A page of the form. None where there is nothing to show on it. Six statements at most.

    numbers: the key results of this page and those after it, in order (those that are not the member's to answer any
    more are left out); None for the first page, which decides about them.
    """
    placed = mine(session, who, now)
    if numbers is not None:
        by_number = {each.row.number: each for each in placed}
        placed = [by_number[number] for number in numbers if number in by_number]
    if not placed:
        return None
    shown, rest = placed[:PAGE], placed[PAGE : PAGE * (MOST_PAGES + 1 - page)]
    drafts = answer_drafts.of(session, who.member.id) if with_drafts else []
    by_subject = {each.subject: each for each in drafts}
    used = list(_of_lines(shown, by_subject, who.person.locale))
    words = {name: _text(by_subject, name) for name in (LEARNED, NEEDS) if not rest}
    times = [by_subject[str(each.number)].kept_at for each in used]
    times += [by_subject[name].kept_at for name, text in words.items() if text]
    return CheckInForm(
        person=who.person,
        nonce=nonce,
        lines=tuple(each.standing for each in shown),
        more=len(placed) - len(shown) - len(rest),
        due_at=next_due(placed),
        page=page,
        pages=page + -(-len(rest) // PAGE),
        rest=tuple(each.row.number for each in rest),
        drafted=tuple(used),
        drafted_at=max(times, default=None),
        learned=words.get(LEARNED),
        needs=words.get(NEEDS),
    )


def _of_lines(shown: Iterable[Placed], kept: Mapping[str, KeptDraft], locale: str) -> Iterable[DraftedAnswer]:
    """The drafts of these key results that still say something: what was answered since is not asked again."""
    for each in shown:
        draft = kept.get(str(each.row.number))
        if draft is None or draft.fields.get("last") != each.row.last_id:
            continue
        standing = each.standing
        answer = DraftedAnswer(
            standing.number, draft.fields.get("value"), draft.fields.get("confidence"), draft.fields.get("note")
        )
        untouched = DraftedAnswer(
            standing.number, standing.kind.prefill(standing.now, standing.terms, locale), standing.confidence, None
        )
        if answer != untouched:
            yield answer


def _text(kept: Mapping[str, KeptDraft], name: str) -> str | None:
    text = kept[name].fields.get("text") if name in kept else None
    return text if isinstance(text, str) else None


def keep_draft(session: Session, command: KeepDraft, now: datetime) -> frozenset[int]:
    """Keep what was typed. Answers the numbers whose note can be typed in this form, also after another press."""
    who = acting(session, command.actor)
    before = {each.subject: each.fields for each in answer_drafts.of(session, who.member.id)}
    shown = {answer.number for answer in command.answers}
    pressed = {
        number
        for number in shown
        if (fields := before.get(str(number))) and fields.get("form") == command.nonce and fields.get("noted")
    }
    noted = (command.noted | pressed) & shown
    rows = keyresults.numbered(session, who.workspace.id, shown)
    kept: dict[str, dict[str, object]] = {}
    for answer in command.answers:
        if answer.number in rows and (answer.touched or answer.number in noted):
            kept[str(answer.number)] = {
                "value": typed_text(answer.value),
                "confidence": answer.confidence,
                "note": typed_text(answer.note),
                "last": rows[answer.number].last_id,
                "form": command.nonce,
                "noted": answer.number in noted,
            }
    typed = {LEARNED: typed_text(command.learned), NEEDS: typed_text(command.needs)} if command.words else {}
    kept.update({name: {"text": text} for name, text in typed.items() if text})
    answer_drafts.forget(session, who.member.id, (before.keys() & {*map(str, shown), *typed}) - kept.keys())
    answer_drafts.keep(session, who.workspace.id, who.member.id, kept, now)
    return frozenset(noted)


def discard_drafts(session: Session, command: DiscardDrafts, now: datetime) -> CheckInForm | None:
    """Forget everything the member has typed and not sent. Answers the page as it would be without."""
    who = acting(session, command.actor)
    answer_drafts.forget_all(session, who.member.id)
    return page_of(session, who, command.nonce, command.page, command.numbers, now, with_drafts=False)


def forget_sent(session: Session, who: Acting, numbers: Iterable[int], *, words: bool) -> None:
    """What was sent is no draft any more."""
    subjects = {str(number) for number in numbers} | ({LEARNED, NEEDS} if words else set())
    answer_drafts.forget(session, who.member.id, subjects)
