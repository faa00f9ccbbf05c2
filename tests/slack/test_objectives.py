"""Setting up, and setting an objective."""

from bot.slack import ids
from bot.slack.views import objectives, setup
from tests.slack import sample_facts as facts
from tests.slack.reading import element, labels, read


def test_a_new_objective_has_the_inputs_of_the_user_guide() -> None:
    view = objectives.new_objective_modal(facts.objective_form())
    assert labels(view) == ["Objective", "Key result", "Start", "Target", "Unit"]
    assert (view["title"]["text"], view["submit"]["text"]) == ("New objective", "Save")
    assert [block.get("optional", False) for block in view["blocks"][1:]] == [False, False, False, False, True]
    assert ids.unpack(view["private_metadata"], ids.ObjectiveMetadata).nonce == "n0nce"
    assert "Less than the start is fine" in read(view)


def test_what_was_typed_behind_set_is_already_in_the_form() -> None:
    typed = "Become profitable in every country we sell to, " * 10
    view = objectives.new_objective_modal(facts.objective_form(), typed)
    assert element(view, ids.OBJECTIVE_TITLE)["initial_value"] == typed.strip()
    assert "initial_value" not in element(objectives.new_objective_modal(facts.objective_form()), ids.OBJECTIVE_TITLE)


def test_set_up_has_the_inputs_of_the_user_guide_filled_with_what_is_known() -> None:
    view = setup.set_up_modal(facts.set_up_form(channel="C1", lead="U2"), ids.SetUpMetadata("n0nce"))
    assert labels(view) == ["Team name", "Cycle", "Channel", "Lead", "Champions", "Sponsors"]
    assert (view["title"]["text"], view["submit"]["text"]) == ("Set up", "Save")
    assert element(view, ids.TEAM_NAME)["initial_value"] == "Acme"
    assert element(view, ids.TEAM_CHANNEL)["initial_conversation"] == "C1"
    assert element(view, ids.TEAM_CHANNEL)["filter"]["include"] == ["public", "private"]
    assert element(view, ids.TEAM_LEAD)["initial_user"] == "U2"
    assert element(view, ids.CHAMPIONS)["initial_users"] == ["U1"]
    assert "initial_users" not in element(view, ids.SPONSORS)


def test_a_new_objective_is_told_with_its_numbers_and_how_to_check_in() -> None:
    shown = read(objectives.objective_set(facts.objective_set()))
    assert "*O-4* Become profitable is set for Growth, Q4 2026." in shown
    assert "*KR-8* Revenue per month · €10k → €50k" in shown
    assert "/okr update KR-8 VALUE" in shown
