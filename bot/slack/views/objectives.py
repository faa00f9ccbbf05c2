"""Setting objectives."""

from collections.abc import Iterable, Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    ConfirmationDialogue,
    DividerBlock,
    Element,
    ExternalSelectMenu,
    Option,
    StaticSelectMenu,
)

from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.setting import Choice, ObjectiveForm, ObjectiveSet, OfferedDraft
from bot.slack import ids
from bot.slack.text import Mrkdwn, counted, name, single_line, title
from bot.slack.views import (
    Message,
    View,
    button,
    buttons,
    field,
    footnote,
    message,
    modal,
    option,
    plain_text,
    rendered_option,
    section,
    text_input,
    tick_box,
)
from bot.slack.views.key_results import told_key_result
from bot.slack.views.standings import objective_name

LONGEST_TYPED_TITLE = 3000
MOST_DRAFTS = 20
MOST_TOLD = 40

_REALLY_DISCARD = ConfirmationDialogue(
    plain_text("Discard this draft?"),
    plain_text("What you typed is thrown away, its key results with it."),
    plain_text("Discard"),
    plain_text("Keep it"),
    style="danger",
)


def new_objective_modal(form: ObjectiveForm) -> View:
    """The modal for an objective, filled with what is known; above it the drafts one may go on with."""
    fields, nth = form.fields, form.form
    title_id, why_id = ids.nth_form(ids.OBJECTIVE_TITLE, nth), ids.nth_form(ids.OBJECTIVE_WHY, nth)
    blocks = [
        *_drafts(form),
        *_cut(fields.title),
        field(
            "Objective",
            text_input(title_id, single_line(fields.title), LONGEST_TYPED_TITLE),
            title_id,
            hint="What will be better at the end, in plain words: “New customers start without our help”.",
        ),
        field(
            "Why it matters",
            text_input(why_id, fields.why, LONGEST_TYPED_TITLE, multiline=True),
            why_id,
            hint="For whom it makes a difference, and why now.",
            optional=True,
        ),
        *_places(form),
        *_options(form),
    ]
    metadata = ids.ObjectiveMetadata(form.nonce, nth)
    return modal("New objective", blocks, callback_id=ids.NEW_OBJECTIVE, submit="Next", metadata=metadata)


def _cut(typed: str) -> list[Block]:
    if len(single_line(typed)) <= LONGEST_TYPED_TITLE:
        return []
    told = f"What you typed is too long: an objective has at most {LONGEST_TYPED_TITLE} characters. The end is cut off."
    return [section(told, ids.part_block(ids.INTRODUCTION, 1))]


def _drafts(form: ObjectiveForm) -> list[Block]:
    if form.begun is not None:
        return [section(f"You go on with {_draft_name(form.begun)}.", ids.INTRODUCTION)]
    if not form.drafts:
        return []
    newest, *others = form.drafts
    told = f"You began {_draft_name(newest)}. Go on with it, or fill in the form for a new one."
    elements: list[Element] = [
        button("Continue", ids.DRAFT_CONTINUE, ids.DraftRef(newest.nonce)),
        button("Discard", ids.DRAFT_DISCARD, ids.DraftRef(newest.nonce), confirm=_REALLY_DISCARD),
    ]
    if others:
        options = [option(_draft_words(each), ids.pack(ids.DraftRef(each.nonce))) for each in others[:MOST_DRAFTS]]
        elements.append(StaticSelectMenu(action_id=ids.DRAFT_CHOICE, options=options, placeholder="Another draft"))
    return [
        section(told, ids.DRAFT),
        ActionsBlock(elements, block_id=ids.part_block(ids.DRAFT, 1)),
        DividerBlock(block_id=ids.part_block(ids.DRAFT, 2)),
    ]


def _draft_name(draft: OfferedDraft) -> Mrkdwn:
    if draft.number is None:
        return Mrkdwn(f"a draft: {title(draft.title)}" if draft.title.strip() else "a draft without a title")
    results = counted(draft.key_results, "key result", "key results") if draft.key_results else "no key result yet"
    return Mrkdwn(f"the draft {objective_name(draft.number, draft.title)} ({results})")


def _draft_words(draft: OfferedDraft) -> str:
    words = draft.title if draft.number is None else f"{objective_id(draft.number)} {draft.title}"
    return single_line(words) or "A draft without a title"


def _places(form: ObjectiveForm) -> list[Block]:
    fields, nth = form.fields, form.form
    team_id, cycle_id = ids.nth_form(ids.OBJECTIVE_TEAM, nth), ids.nth_form(ids.OBJECTIVE_CYCLE, nth)
    supports_id = ids.nth_form(ids.OBJECTIVE_SUPPORTS, nth)
    supports = ExternalSelectMenu(
        action_id=supports_id,
        initial_option=None if form.supports is None else choice_option(form.supports),
        min_query_length=0,
        placeholder="Type a title or a number",
    )
    return [
        field("Team", _team_menu(form, team_id), team_id),
        field(
            "Supports",
            supports,
            supports_id,
            hint="The objective this one helps along, for example the company's.",
            optional=True,
        ),
        field("Cycle", menu(cycle_id, form.cycles, fields.cycle), cycle_id),
    ]


def _team_menu(form: ObjectiveForm, action_id: str) -> StaticSelectMenu | ExternalSelectMenu:
    if form.teams is not None:
        return menu(action_id, form.teams, form.fields.team)
    chosen = choice_option(form.team)
    return ExternalSelectMenu(action_id=action_id, initial_option=chosen, min_query_length=0, placeholder="Type a name")


def menu(action_id: str, choices: Sequence[Choice], chosen: int | None) -> StaticSelectMenu:
    """A menu with one entry chosen, the first where nothing else is."""
    options = [choice_option(each) for each in choices]
    at = next((index for index, each in enumerate(choices) if each.value == chosen), 0)
    return StaticSelectMenu(action_id=action_id, options=options, initial_option=options[at])


def choice_option(choice: Choice) -> Option:
    """A choice as an entry of a menu."""
    return option(choice.words, str(choice.value), note=choice.note)


def offered_options(choices: Iterable[Choice]) -> list[dict[str, Any]]:
    """What answers somebody who types into a menu that searches."""
    return [rendered_option(choice_option(each)) for each in choices]


def _options(form: ObjectiveForm) -> list[Block]:
    private = ids.nth_form(ids.OBJECTIVE_PRIVATE, form.form)
    blocks: list[Block] = [
        tick_box("Private", "Only the team, its leads, sponsors and champions read it", private,
                 ticked=form.fields.private),
    ]  # fmt: skip
    if form.may_be_individual:
        own = ids.nth_form(ids.OBJECTIVE_INDIVIDUAL, form.form)
        blocks.append(tick_box("My own objective", "It is mine, not the team's", own, ticked=form.fields.individual))
    return blocks


def objective_set(done: ObjectiveSet) -> Message:
    """What was set and how to check in, or that it waits for somebody's agreement."""
    what = f"{objective_name(done.number, done.title)}"
    where = f"{name(done.team)}, {name(done.cycle)}"
    if done.waits:
        whom = f"waits for {name(done.asked)} to agree" if done.asked else "waits, and nobody is left to agree to it"
        way = "I tell you what comes of it." if done.asked else "I ask the next lead or champion there is."
        headline = f"{what} for {where} {whom}. {way}"
        back = button("Withdraw", ids.OBJECTIVE_WITHDRAW, ids.ObjectiveRef(done.number))
        return message(headline, [section(headline, ids.HEADLINE), *told_content(done), buttons(back)])
    agreed = f" {name(done.agreed_by)} agreed to it." if done.agreed_by else ""
    headline = f"{what} is set for {where}.{agreed}"
    shown_id = objective_id(done.number)
    shown = key_result_id(done.key_results[0].number) if done.key_results else "KR-3"
    tip = f"`/okr update {shown} VALUE` checks in at any time; each round I ask its owner."
    return message(
        headline,
        [
            section(headline, ids.HEADLINE),
            *told_content(done),
            buttons(
                button("New Objective", ids.OPEN_NEW_OBJECTIVE),
                button(f"Edit {shown_id}", ids.EDIT_OPEN, ids.Showing(shown_id)),
                button("My Week", ids.MY_WEEK_REFRESH),
            ),
            footnote(tip),
        ],
    )


def added(done: ObjectiveSet) -> View:
    """What an objective has now that one more key result was added."""
    many = counted(len(done.key_results), "key result", "key results")
    headline = f"{objective_name(done.number, done.title)} has {many} now."
    return modal("Saved", [section(headline, ids.HEADLINE), *told_content(done)], callback_id=ids.CHANGED)


def told_content(done: ObjectiveSet) -> list[Block]:
    """What it supports, whether it is private, and its key results."""
    facts = []
    if done.supports is not None:
        facts.append(Mrkdwn(f"Supports {title(done.supports.words)}"))
    if done.private:
        facts.append(Mrkdwn("Private: only the team, its leads, sponsors and champions read it"))
    blocks: list[Block] = [footnote(" · ".join(facts), ids.WHY)] if facts else []
    shown = done.key_results[:MOST_TOLD]
    blocks += [section(told_key_result(each, done.person.locale), ids.standing_block(each.number)) for each in shown]
    if len(done.key_results) > len(shown):
        blocks.append(footnote(f"and {len(done.key_results) - len(shown)} more", ids.MORE))
    return blocks
