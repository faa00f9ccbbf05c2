"""Setting objectives."""

from slackblocks import PlainTextInput

from bot.okr.facts import ObjectiveForm, ObjectiveSet
from bot.okr.human_ids import key_result_id
from bot.slack import ids
from bot.slack.text import name, single_line
from bot.slack.views import Message, View, button, buttons, field, footnote, message, modal, section
from bot.slack.views.standings import key_result_name, objective_name, way_text

LONGEST_TYPED_TITLE = 3000
LONGEST_TYPED_VALUE = 60
LONGEST_TYPED_UNIT = 60


def new_objective_modal(form: ObjectiveForm, title: str | None = None) -> View:
    """The modal for one objective with its first key result; `title` is what was typed behind `/okr set`."""
    return modal(
        "New objective",
        [
            section(f"For *{name(form.team)}* in *{name(form.cycle)}*.", ids.INTRODUCTION),
            field(
                "Objective",
                PlainTextInput(
                    action_id=ids.OBJECTIVE_TITLE,
                    initial_value=single_line(title or "")[:LONGEST_TYPED_TITLE] or None,
                    max_length=LONGEST_TYPED_TITLE,
                ),
                ids.OBJECTIVE_TITLE,
                hint="What will be better at the end, in plain words: “New customers start without our help”.",
            ),
            field(
                "Key result",
                PlainTextInput(action_id=ids.KEY_RESULT_TITLE, max_length=LONGEST_TYPED_TITLE),
                ids.KEY_RESULT_TITLE,
                hint="One number that shows it: “Hours until the first order”.",
            ),
            field(
                "Start",
                _value_input(ids.KEY_RESULT_START),
                ids.KEY_RESULT_START,
                hint="Where it stands today, for example 200 or 45k.",
            ),
            field(
                "Target",
                _value_input(ids.KEY_RESULT_TARGET),
                ids.KEY_RESULT_TARGET,
                hint="Where it shall be at the end. Less than the start is fine: 200 to 0 counts down.",
            ),
            field(
                "Unit",
                PlainTextInput(action_id=ids.KEY_RESULT_UNIT, max_length=LONGEST_TYPED_UNIT),
                ids.KEY_RESULT_UNIT,
                hint="For example %, €, hours, customers.",
                optional=True,
            ),
        ],
        callback_id=ids.NEW_OBJECTIVE,
        submit="Save",
        metadata=ids.ObjectiveMetadata(form.nonce),
    )


def _value_input(action_id: str) -> PlainTextInput:
    return PlainTextInput(action_id=action_id, max_length=LONGEST_TYPED_VALUE)


def objective_set(done: ObjectiveSet) -> Message:
    """What was set, and how to check in on it."""
    key_result = done.key_result
    headline = f"{objective_name(done.number, done.title)} is set for {name(done.team)}, {name(done.cycle)}."
    way = way_text(key_result, done.person.locale)
    tip = f"`/okr update {key_result_id(key_result.number)} VALUE` checks in at any time; every Monday I ask by myself."
    return message(
        headline,
        [
            section(headline, ids.HEADLINE),
            section(
                f"{key_result_name(key_result.number, key_result.title)} · {way}", ids.standing_block(key_result.number)
            ),
            buttons(button("New Objective", ids.OPEN_NEW_OBJECTIVE), button("My Week", ids.MY_WEEK_REFRESH)),
            footnote(tip),
        ],
    )
