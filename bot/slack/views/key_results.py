"""The inputs of a **Key result** modal: what a kind asks for, filled with what is known."""

from slackblocks import Block, StaticSelectMenu, UserMultiSelectMenu, UserSelectMenu

from bot.okr.forms import KeyResultFields
from bot.okr.kinds import KINDS, METRIC, Kind
from bot.okr.numbers import format_value
from bot.okr.setting import KeyResultForm, SetKeyResult
from bot.slack import ids
from bot.slack.text import LONGEST_TITLE, Mrkdwn, counted, lines, name
from bot.slack.views import View, field, footnote, modal, option, section, text_input, tick_box
from bot.slack.views.standings import figure, key_result_name, objective_name

LONGEST_TYPED_TITLE = 3000
LONGEST_TYPED_VALUE = 60
LONGEST_TYPED_UNIT = 60
LONGEST_TYPED_STEPS = 3000
MOST_CONTRIBUTORS = 20
MOST_KEPT_SHOWN = 5
ANOTHER = "Save and add another"

_LABELS = {"commit": "Commit", "stretch": "Stretch", "start": "Start", "target": "Target"}
_NAMES = {
    "start": ids.KEY_RESULT_START,
    "target": ids.KEY_RESULT_TARGET,
    "commit": ids.KEY_RESULT_COMMIT,
    "stretch": ids.KEY_RESULT_STRETCH,
}
_LEVELS = ("commit", "stretch")


def key_result_modal(form: KeyResultForm) -> View:
    """The modal for one key result of an objective that is being set, below what is kept so far."""
    blocks = [
        *_introduction(form),
        *key_result_inputs(
            form.fields, form.person.locale, form=form.form, may_stay_empty=bool(form.kept), focus=form.fresh
        ),
        tick_box(ANOTHER, ANOTHER, ids.nth_form(ids.KEY_RESULT_ANOTHER, form.form)),
    ]
    metadata = ids.KeyResultMetadata(form.objective, form.form, int(form.adding))
    return modal("Key result", blocks, callback_id=ids.KEY_RESULT, submit="Save", metadata=metadata)


def _introduction(form: KeyResultForm) -> list[Block]:
    what = objective_name(form.objective, form.objective_title)
    asks = " Saving the last one asks your lead or a champion to agree." if form.asks else ""
    if form.adding:
        told = f"{what}\nOne more key result. It counts, and is asked about, as soon as you save."
        if form.form > 1 and form.kept:
            told += " No other one? Leave *Key result* empty and press *Save*."
        return [section(told, ids.INTRODUCTION)]
    if not form.kept:
        told = f"{what}\nHow will you see that you got there? Until you save, it is a draft and in no list.{asks}"
        return [section(told, ids.INTRODUCTION)]
    kept = counted(len(form.kept), "key result is", "key results are")
    head = f"{what}\n{kept} kept. No other one? Leave *Key result* empty and press *Save*.{asks}"
    shown = [told_key_result(each, form.person.locale, 60) for each in form.kept[-MOST_KEPT_SHOWN:]]
    return [section(head, ids.INTRODUCTION), footnote(lines(shown), ids.KEPT)]


def told_key_result(told: SetKeyResult, locale: str, limit: int = LONGEST_TITLE) -> Mrkdwn:
    """`*KR-3* Revenue · €10k → €50k · Ann · weight 2`"""
    facts = [
        f"{key_result_name(told.number, told.title, limit)}",
        figure(told.kind.way(told.terms, locale), 60),
        name(told.owner) if told.owner else Mrkdwn("no owner"),
    ]
    if told.weight != 1:
        facts.append(f"weight {figure(format_value(told.weight, None, locale), 20)}")
    return Mrkdwn(" · ".join(facts))


def key_result_inputs(
    fields: KeyResultFields,
    locale: str,
    *,
    form: int = 1,
    may_stay_empty: bool = False,
    follows_kind: bool = True,
    focus: bool = False,
) -> list[Block]:
    """The inputs from `Key result` to `Delegate`, for the kind in `fields`.

    form: see `ids.nth_form`. may_stay_empty: no input is required. follows_kind: choosing another kind is told to the
    bot at once (block_actions with the action_id of `Kind`), which then shows that kind's inputs. focus: one may type
    the title at once.
    """
    kind = KINDS.get(fields.kind, METRIC)
    title_id = ids.nth_form(ids.KEY_RESULT_TITLE, form)
    blocks: list[Block] = [
        field(
            "Key result",
            text_input(title_id, fields.title, LONGEST_TYPED_TITLE, focus=focus),
            title_id,
            hint=kind.hints.get("title", ""),
            optional=may_stay_empty,
        ),
        _kind_input(kind, form, follows_kind=follows_kind),
    ]
    asked = [name for name in kind.inputs if name not in _LEVELS]
    levels = [name for name in kind.inputs if name in _LEVELS]
    blocks += [_term_input(name, fields, kind, locale, form, optional=may_stay_empty) for name in asked]
    blocks += _owner_and_weight(fields, form)
    blocks += [_term_input(name, fields, kind, locale, form, optional=may_stay_empty) for name in levels]
    return [*blocks, *_helpers(fields, form)]


def _kind_input(kind: Kind, form: int, *, follows_kind: bool) -> Block:
    options = [option(each.label, each.name) for each in KINDS.values()]
    kind_id = ids.nth_form(ids.KEY_RESULT_KIND, form)
    chosen = next(each for each in options if each.value == kind.name)
    menu = StaticSelectMenu(action_id=kind_id, options=options, initial_option=chosen)
    return field("Kind", menu, kind_id, dispatch=follows_kind)


def _term_input(name: str, fields: KeyResultFields, kind: Kind, locale: str, form: int, *, optional: bool) -> Block:
    free = optional or name not in kind.needed
    if name == "milestones":
        steps_id = ids.nth_form(ids.KEY_RESULT_MILESTONES, form)
        steps = text_input(steps_id, fields.milestones, LONGEST_TYPED_STEPS, multiline=True)
        return field("Milestones", steps, steps_id, hint=kind.hints.get(name, ""), optional=free)
    if name == "unit":
        unit_id = ids.nth_form(ids.KEY_RESULT_UNIT, form)
        unit = text_input(unit_id, fields.unit, LONGEST_TYPED_UNIT)
        return field("Unit", unit, unit_id, hint="For example %, €, hours, customers.", optional=free)
    value_id = ids.nth_form(_NAMES[name], form)
    example = kind.examples.get(name)
    placeholder = None if example is None else f"for example {format_value(example, None, locale)}"
    value = text_input(value_id, getattr(fields, name), LONGEST_TYPED_VALUE, placeholder=placeholder)
    return field(_LABELS[name], value, value_id, hint=kind.hints.get(name, ""), optional=free)


def _owner_and_weight(fields: KeyResultFields, form: int) -> list[Block]:
    owner_id, weight_id = ids.nth_form(ids.KEY_RESULT_OWNER, form), ids.nth_form(ids.KEY_RESULT_WEIGHT, form)
    owner = UserSelectMenu(action_id=owner_id, initial_user=fields.owner_id, placeholder="Choose a person")
    return [
        field("Owner", owner, owner_id, hint="One person, who is asked in each round."),
        field(
            "Weight",
            text_input(weight_id, fields.weight or "1", LONGEST_TYPED_VALUE),
            weight_id,
            hint="How much it counts beside the others; most are 1.",
            optional=True,
        ),
    ]


def _helpers(fields: KeyResultFields, form: int) -> list[Block]:
    helping_id = ids.nth_form(ids.KEY_RESULT_CONTRIBUTORS, form)
    delegate_id = ids.nth_form(ids.KEY_RESULT_DELEGATE, form)
    helping = UserMultiSelectMenu(
        action_id=helping_id,
        initial_users=list(fields.contributor_ids) or None,
        max_selected_items=MOST_CONTRIBUTORS,
        placeholder="Choose people",
    )
    delegate = UserSelectMenu(action_id=delegate_id, initial_user=fields.delegate_id, placeholder="Choose a person")
    return [
        field("Contributors", helping, helping_id, hint="Who works on it as well and may check in.", optional=True),
        field(
            "Delegate",
            delegate,
            delegate_id,
            hint="Is asked like the owner and may check in for them, nothing else.",
            optional=True,
        ),
    ]
