"""The forms of `/okr edit`: what they show, what they send, what is said afterwards."""

from dataclasses import replace

from bot.okr.changing import State
from bot.okr.details import ChangedPart
from bot.slack import ids
from bot.slack.views import changing
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, element, labels, read


def test_a_key_results_form_is_filled_with_what_is_agreed() -> None:
    view = changing.key_result_edit(facts.key_result_edit())
    assert (view["title"]["text"], view["submit"]["text"]) == ("Edit KR-3", "Save")
    shown = labels(view)
    assert set(shown) >= {
        "Key result",
        "Kind",
        "Start",
        "Target",
        "Unit",
        "Owner",
        "Weight",
        "Contributors",
        "Delegate",
    }
    assert shown[-3:] == ["Objective", "State", "Why"]
    assert element(view, ids.KEY_RESULT_TARGET)["initial_value"] == "50000"
    assert element(view, ids.EDIT_PLACE)["initial_option"]["value"] == "41"
    assert element(view, ids.EDIT_STATE)["initial_option"]["value"] == "in force"
    assert ids.unpack(view["private_metadata"], ids.EditMetadata) == ids.EditMetadata("KR-3", 7, 1)
    assert "Needed for another start, target" in read(view)


def test_a_form_that_is_shown_again_says_who_was_faster_and_has_other_inputs() -> None:
    form = facts.key_result_edit(contested=("Bo has changed this meanwhile: target.",), form=2, state=State.DROPPED)
    view = changing.key_result_edit(form)
    assert "*Not saved yet.* Bo has changed this meanwhile: target." in read(view)
    assert element(view, ids.nth_form(ids.KEY_RESULT_TARGET, 2))["initial_value"] == "50000"
    assert element(view, ids.nth_form(ids.EDIT_STATE, 2))["initial_option"]["value"] == "dropped"
    # What was typed there stays where it is.
    assert element(view, ids.EDIT_REASON)["type"] == "plain_text_input"


def test_an_objectives_form_is_filled_with_what_is_agreed() -> None:
    view = changing.objective_edit(facts.objective_edit())
    assert labels(view) == [
        "Objective", "Why it matters", "Team", "Supports", "Cycle", "Owner", "Private", "State", "Why",
    ]  # fmt: skip
    assert element(view, ids.EDIT_SUPPORTS)["initial_option"]["text"]["text"] == "O-7 A company that lasts"
    assert element(view, ids.EDIT_PRIVATE)["initial_options"]
    assert "Owner" not in labels(changing.objective_edit(facts.objective_edit(may_have_owner=False)))


def test_after_save_one_reads_what_was_changed_and_why() -> None:
    shown = read(changing.changed(facts.change_saved()))
    assert "*KR-3* Revenue per month is changed:\n• target: from €60,000 to *50,000*" in shown
    assert "Why:\n>The second shop opens" in shown
    assert "Nothing was different" in read(changing.changed(facts.change_saved(change=None)))


def test_a_note_says_what_the_change_means_for_its_reader() -> None:
    def told(concerns: str, action: str = "changed") -> str:
        change = facts.agreed_change(action=action)
        return changing.notice(replace(facts.change_notice(), concerns=concerns, change=change)).text

    assert told("new owner").startswith("Bo Berg made you the owner of KR-3 Revenue per month.")
    assert told("old owner").startswith("Bo Berg gave KR-3 Revenue per month to somebody else")
    assert told("owner").startswith("Bo Berg changed KR-3 Revenue per month, which you own.")
    assert "dropped KR-3 Revenue per month, which you own: you are not asked" in told("owner", "dropped")
    assert "postponed KR-3 Revenue per month, with the key results of it that you own" in told(
        "its owners", "postponed"
    )
    assert buttons(changing.notice(facts.change_notice())) == ["Show It"]


def test_a_note_that_something_is_dropped_says_it_once() -> None:
    parts = (ChangedPart("state", "in force", "dropped"), ChangedPart("wording", "Sales", "Revenue"))
    change = replace(facts.agreed_change(action="dropped"), parts=parts)
    shown = read(changing.notice(replace(facts.change_notice(), concerns="owner", change=change)))
    assert "which you own: you are not asked about it any more.\n• wording: from Sales to *Revenue*" in shown
    assert "state" not in shown
