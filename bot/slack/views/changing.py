"""The forms that change what was agreed, what is said after **Save**, and the note to whom it concerns."""

from collections.abc import Sequence
from dataclasses import replace

from slackblocks import Block, CheckboxGroup, ExternalSelectMenu, PlainTextInput, StaticSelectMenu, UserSelectMenu

from bot.okr.changing import ChangeNotice, ChangeSaved, KeyResultEdit, ObjectiveEdit, State
from bot.okr.details import AgreedChange
from bot.okr.facts import Person
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.setting import Choice
from bot.slack import ids
from bot.slack.text import Mrkdwn, lines, name, quoted, title
from bot.slack.views import Message, View, button, buttons, field, footnote, message, modal, option, section
from bot.slack.views.details import LONGEST_REASON, told_parts
from bot.slack.views.key_results import key_result_inputs
from bot.slack.views.objectives import choice_option
from bot.slack.views.standings import key_result_name, objective_name

LONGEST_TYPED_REASON = 3000
_STATES = {
    State.IN_FORCE: "In force: it counts and is asked about",
    State.POSTPONED: "Postponed: out of every list for now",
    State.DROPPED: "Dropped: out of every list for good",
}


def key_result_edit(form: KeyResultEdit) -> View:
    """The **Edit** modal of a key result: its inputs as they stand, its objective, its state, and why."""
    shown_id = key_result_id(form.number)
    why = (
        "Needed for another start, target, kind or milestones, and to drop or postpone it."
        if form.asks_why
        else "Needed to drop or postpone it."
    )
    blocks = [
        *introduction(key_result_name(form.number, form.title), form.contested),
        *key_result_inputs(form.fields, form.person.locale, form=form.form),
        place_input(
            "Objective",
            ids.nth_form(ids.EDIT_PLACE, form.form),
            form.objective,
            hint="Choose another one to move it there. Type a number or words to find it.",
        ),
        *closing_inputs(form.state, why, form.form),
    ]
    packed = ids.EditMetadata(shown_id, form.seen, form.form)
    return modal(f"Edit {shown_id}", blocks, callback_id=ids.EDIT_KEY_RESULT, submit="Save", metadata=packed)


def objective_edit(form: ObjectiveEdit) -> View:
    """The **Edit** modal of an objective."""
    shown_id = objective_id(form.number)
    blocks = [
        *introduction(objective_name(form.number, form.title), form.contested),
        *_waiting(form),
        _typed_input("Objective", ids.EDIT_TITLE, form.form, form.title),
        _typed_input("Why it matters", ids.EDIT_PURPOSE, form.form, form.why, optional=True, multiline=True),
        place_input(
            "Team",
            ids.nth_form(ids.EDIT_TEAM, form.form),
            form.team,
            hint="Its key results go with it, and are asked about in the rounds of that team.",
        ),
        place_input("Supports", ids.nth_form(ids.EDIT_SUPPORTS, form.form), form.supports, optional=True),
        place_input("Cycle", ids.nth_form(ids.EDIT_CYCLE, form.form), form.cycle),
    ]
    if form.may_have_owner:
        owner_id = ids.nth_form(ids.EDIT_OWNER, form.form)
        menu = UserSelectMenu(action_id=owner_id, initial_user=form.owner or None, placeholder="Choose a person")
        blocks.append(field("Owner", menu, owner_id, hint="Only where it is one person's own.", optional=True))
    private_id = ids.nth_form(ids.EDIT_PRIVATE, form.form)
    box = option("Only those around it read it", "yes")
    boxes = CheckboxGroup(action_id=private_id, options=[box], initial_options=[box] if form.private else None)
    hint = "It counts in every sum; others see its number only."
    blocks.append(field("Private", boxes, private_id, hint=hint, optional=True))
    blocks += closing_inputs(form.state, "Needed to drop or postpone it, with all its key results.", form.form)
    packed = ids.EditMetadata(shown_id, form.seen, form.form)
    return modal(f"Edit {shown_id}", blocks, callback_id=ids.EDIT_OBJECTIVE, submit="Save", metadata=packed)


def _waiting(form: ObjectiveEdit) -> list[Block]:
    if form.waits_for is None:
        return []
    whom = name(form.waits_for) if form.waits_for else "Nobody is left who"
    told = f"It waits for {whom} to agree." if form.waits_for else f"{whom} may agree to it."
    told += " What you change now is shown to them before they agree."
    withdraw = button("Withdraw", ids.OBJECTIVE_WITHDRAW, ids.ObjectiveRef(form.number))
    return [section(told, ids.ATTENTION, withdraw if form.may_withdraw else None)]


def _typed_input(
    label: str, name_: str, form: int, known: str, *, optional: bool = False, multiline: bool = False
) -> Block:
    block_id = ids.nth_form(name_, form)
    element = PlainTextInput(
        action_id=block_id,
        initial_value=known[:LONGEST_TYPED_REASON].strip() or None,
        max_length=LONGEST_TYPED_REASON,
        multiline=multiline,
    )
    return field(label, element, block_id, optional=optional)


def introduction(what: Mrkdwn, contested: Sequence[str]) -> list[Block]:
    """What is changed, and who was faster."""
    blocks: list[Block] = [section(f"{what}\nOnly what you change is saved.", ids.INTRODUCTION)]
    if contested:
        told = lines([*(title(each, 300) for each in contested[-5:])])
        way = "What you typed is still here. *Save* once more to put yours in its place."
        blocks.append(section(f"*Not saved yet.* {told}\n{way}", ids.CONTESTED))
    return blocks


def place_input(
    label: str, block_id: str, known: Choice | None, *, hint: str | None = None, optional: bool = False
) -> Block:
    """A menu that searches while one types."""
    chosen = None if known is None else choice_option(known)
    menu = ExternalSelectMenu(
        action_id=block_id, initial_option=chosen, min_query_length=0, placeholder="Type to search"
    )
    return field(label, menu, block_id, hint=hint, optional=optional)


def closing_inputs(state: State, why: str, form: int) -> list[Block]:
    """Whether it counts, and why it is changed."""
    options = [option(words, each.value) for each, words in _STATES.items()]
    state_id = ids.nth_form(ids.EDIT_STATE, form)
    menu = StaticSelectMenu(action_id=state_id, options=options, initial_option=options[list(_STATES).index(state)])
    reason = PlainTextInput(action_id=ids.EDIT_REASON, multiline=True, max_length=LONGEST_TYPED_REASON)
    return [
        field("State", menu, state_id, hint="Nothing is deleted: its number and history stay in any case."),
        field("Why", reason, ids.EDIT_REASON, hint=why, optional=True),
    ]


def changed(done: ChangeSaved) -> View:
    """What **Save** has changed."""
    head = f"*{done.shown_id}* {title(done.title)}"
    if done.change is None:
        told = f"{head}\nNothing was different, so nothing was saved."
    else:
        told = lines([f"{head} is changed:", _told(done.change, done.unit, done.person)])
    return modal(
        "Saved" if done.change else "Nothing changed",
        [section(told, ids.HEADLINE), footnote(f"Its history: `/okr show {done.shown_id}`")],
        callback_id=ids.CHANGED,
    )


_CONCERNS = {
    "new owner": "{who} made you the owner of {what}.",
    "old owner": "{who} gave {what} to somebody else: you are not asked about it any more.",
    "owner": "{who} changed {what}, which you own.",
}
_OF_OWNED = {
    "dropped": "{who} dropped {what}{own}: you are not asked about it any more.",
    "postponed": "{who} postponed {what}{own}: you are not asked about it for now.",
    "restored": "{who} restored {what}{own}: it counts again.",
}
_OWN = {"its owners": ", with the key results of it that you own"}


def notice(facts: ChangeNotice) -> Message:
    """A change by somebody else that concerns the reader."""
    who = name(facts.change.author) if facts.change.author else "Somebody"
    what = f"*{title(facts.shown_id, 20)}* {title(facts.title)}"
    sentence = _CONCERNS.get(facts.concerns, _CONCERNS["owner"])
    if facts.concerns not in ("new owner", "old owner"):
        sentence = _OF_OWNED.get(facts.change.action, sentence)
    head = Mrkdwn(sentence.format(who=who, what=what, own=_OWN.get(facts.concerns, ", which you own")))
    return message(
        head,
        [
            section(lines([head, _told(_besides(facts.change), facts.unit, facts.person)]), ids.HEADLINE),
            buttons(button("Show It", ids.SHOW_OPEN, ids.Showing(facts.shown_id[:20]))),
        ],
    )


def _besides(change: AgreedChange) -> AgreedChange:
    """The change without its state, where the sentence above says what became of it."""
    if change.action not in _OF_OWNED:
        return change
    return replace(change, parts=tuple(part for part in change.parts if part.label != "state"))


def _told(change: AgreedChange, unit: str | None, person: Person) -> Mrkdwn:
    why = f"Why:\n{quoted(change.reason, LONGEST_REASON)}" if change.reason else ""
    return lines([*told_parts(change, unit, person.locale), why])
