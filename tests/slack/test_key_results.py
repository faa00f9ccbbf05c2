"""The **Key result** form: what each kind asks for, and that what was typed is read back."""

from typing import Any

import pytest

from bot.okr.forms import KeyResultFields
from bot.okr.kinds import KINDS
from bot.sandbox.blockkit import initial_state
from bot.slack.forms import key_result_fields
from bot.slack.views import View, modal
from bot.slack.views.key_results import key_result_inputs
from tests.slack.reading import element, labels, read

REST = ["Contributors", "Delegate"]
LEVELS = {"metric": ["Commit", "Stretch"]}
ASKED = {
    "metric": ["Start", "Target", "Unit"],
    "stay_above": ["Start", "Target", "Unit"],
    "stay_below": ["Start", "Target", "Unit"],
    "milestones": ["Milestones"],
    "yes_no": [],
    "baseline": ["Unit"],
}
FULL = KeyResultFields(
    "Days", "metric", "200", "100", "days", "150", "60", "", "2", "U1", ("U2", "U3"), "U4",
)  # fmt: skip


def shown(fields: KeyResultFields, locale: str = "en", **more: Any) -> View:
    return modal("Key result", key_result_inputs(fields, locale, **more), callback_id="x", submit="Save")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_asks_for_what_it_needs(kind: str) -> None:
    view = shown(KeyResultFields(kind=kind))
    assert labels(view) == ["Key result", "Kind", *ASKED[kind], "Owner", "Weight", *LEVELS.get(kind, []), *REST]
    required = {block["label"]["text"] for block in view["blocks"] if not block.get("optional")}
    needed = {name.capitalize() for name in KINDS[kind].needed}
    assert required == {"Key result", "Kind", "Owner", *needed}


def test_kinds_are_named_as_in_the_user_guide() -> None:
    options = element(shown(KeyResultFields()), "key_result.kind")["options"]
    assert [each["text"]["text"] for each in options] == [
        "Metric", "Stay above", "Stay below", "Milestones", "Yes/no", "Baseline",
    ]  # fmt: skip


@pytest.mark.parametrize("form", [1, 7])
def test_what_the_form_holds_is_read_back(form: int) -> None:
    view = shown(FULL, form=form)
    state = {"state": {"values": initial_state(view)}}
    assert key_result_fields(state, form) == FULL
    assert key_result_fields(state, form + 1).is_blank


def test_a_kind_nobody_knows_is_shown_as_a_metric() -> None:
    assert labels(shown(KeyResultFields(kind="other"))) == labels(shown(KeyResultFields()))


def test_examples_are_written_as_the_reader_writes_numbers() -> None:
    assert "for example 99,5" in read(shown(KeyResultFields(kind="stay_above"), "de"))
    assert "for example 99.5" in read(shown(KeyResultFields(kind="stay_above"), "en"))


def test_only_a_form_that_follows_the_kind_tells_of_its_choice() -> None:
    follows = {each["block_id"]: each.get("dispatch_action") for each in shown(KeyResultFields())["blocks"]}
    assert [block for block, told in follows.items() if told] == ["key_result.kind"]
    assert not [each for each in shown(KeyResultFields(), follows_kind=False)["blocks"] if each.get("dispatch_action")]


def test_nothing_is_required_where_the_form_may_stay_empty() -> None:
    required = [each["label"]["text"] for each in shown(KeyResultFields(), may_stay_empty=True)["blocks"]
                if not each.get("optional")]  # fmt: skip
    assert required == ["Kind", "Owner"]
