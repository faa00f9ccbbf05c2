"""The forms of objectives and key results, read from what Slack says their modals hold."""

from collections.abc import Mapping
from typing import Any

from bot.okr.forms import KeyResultFields
from bot.okr.kinds import METRIC
from bot.slack import ids
from bot.slack.entered import Entered

Payload = Mapping[str, Any]


def key_result_fields(view: Payload, form: int = 1) -> KeyResultFields:
    """What the inputs of a **Key result** modal hold; inputs its kind does not have are empty."""
    state = Entered(view)

    def text(name: str) -> str:
        return state.text(ids.nth_form(name, form)) or ""

    return KeyResultFields(
        title=text(ids.KEY_RESULT_TITLE),
        kind=state.choice(ids.nth_form(ids.KEY_RESULT_KIND, form)) or METRIC.name,
        start=text(ids.KEY_RESULT_START),
        target=text(ids.KEY_RESULT_TARGET),
        unit=text(ids.KEY_RESULT_UNIT),
        commit=text(ids.KEY_RESULT_COMMIT),
        stretch=text(ids.KEY_RESULT_STRETCH),
        milestones=text(ids.KEY_RESULT_MILESTONES),
        weight=text(ids.KEY_RESULT_WEIGHT),
        owner_id=state.choice(ids.nth_form(ids.KEY_RESULT_OWNER, form)),
        contributor_ids=state.choices(ids.nth_form(ids.KEY_RESULT_CONTRIBUTORS, form)),
        delegate_id=state.choice(ids.nth_form(ids.KEY_RESULT_DELEGATE, form)),
    )
