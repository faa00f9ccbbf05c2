"""Setting up, and setting an objective."""

from bot.okr.forms import ObjectiveFields
from bot.okr.setting import Outcome
from bot.slack import ids
from bot.slack.views import agreements, objectives, setup
from bot.slack.views.key_results import key_result_modal
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, element, labels, read


def test_a_new_objective_has_the_inputs_of_the_user_guide() -> None:
    view = objectives.new_objective_modal(facts.objective_form())
    assert labels(view) == ["Objective", "Why it matters", "Team", "Supports", "Cycle", "Private"]
    assert (view["title"]["text"], view["submit"]["text"]) == ("New objective", "Next")
    required = [block["label"]["text"] for block in view["blocks"] if not block.get("optional")]
    assert required == ["Objective", "Team", "Cycle"]
    assert ids.unpack(view["private_metadata"], ids.ObjectiveMetadata) == ids.ObjectiveMetadata("n0nce", 1)
    assert element(view, ids.OBJECTIVE_TEAM)["initial_option"]["text"]["text"] == "Growth"
    assert element(view, ids.OBJECTIVE_CYCLE)["initial_option"]["text"]["text"] == "Q4 2026"
    assert element(view, ids.OBJECTIVE_SUPPORTS)["min_query_length"] == 0
    assert "plain words" in read(view)


def test_people_may_have_objectives_of_their_own_where_the_workspace_wants_it() -> None:
    view = objectives.new_objective_modal(facts.objective_form(may_be_individual=True))
    assert labels(view)[-2:] == ["Private", "My own objective"]


def test_what_was_typed_behind_set_is_already_in_the_form() -> None:
    typed = "Become profitable in every country we sell to, " * 10
    view = objectives.new_objective_modal(facts.objective_form(fields=ObjectiveFields(typed, cycle=2)))
    assert element(view, ids.OBJECTIVE_TITLE)["initial_value"] == typed.strip()
    assert element(view, ids.OBJECTIVE_CYCLE)["initial_option"]["value"] == "2"
    assert "initial_value" not in element(objectives.new_objective_modal(facts.objective_form()), ids.OBJECTIVE_TITLE)


def test_more_teams_than_a_menu_takes_are_searched() -> None:
    view = objectives.new_objective_modal(facts.objective_form(teams=None))
    assert element(view, ids.OBJECTIVE_TEAM)["type"] == "external_select"
    assert element(view, ids.OBJECTIVE_TEAM)["initial_option"]["value"] == "2"


def test_a_draft_is_offered_above_an_empty_form() -> None:
    view = objectives.new_objective_modal(facts.objective_form(drafts=facts.drafts(3)))
    assert "You began the draft *O-7* Become profitable (2 key results)" in read(view)
    assert buttons(view) == ["Continue", "Discard"]
    assert element(view, ids.DRAFT_DISCARD)["confirm"]["style"] == "danger"
    assert len(element(view, ids.DRAFT_CHOICE)["options"]) == 2
    assert labels(view)[0] == "Objective"
    assert ids.DRAFT_CHOICE not in str(objectives.new_objective_modal(facts.objective_form(drafts=facts.drafts())))


def test_a_draft_that_is_gone_on_with_has_inputs_of_other_names_so_that_slack_shows_its_text() -> None:
    first = objectives.new_objective_modal(facts.objective_form())
    second = objectives.new_objective_modal(facts.objective_form(form=2, begun=facts.drafts()[0]))
    names = [{block["block_id"] for block in view["blocks"] if block["type"] == "input"} for view in (first, second)]
    assert not names[0] & names[1]
    assert buttons(second) == []


def test_a_key_result_has_the_inputs_of_the_user_guide() -> None:
    view = key_result_modal(facts.key_result_form())
    assert labels(view) == [
        "Key result", "Kind", "Start", "Target", "Unit", "Owner", "Weight", "Commit", "Stretch", "Contributors",
        "Delegate", "Save and add another",
    ]  # fmt: skip
    assert (view["title"]["text"], view["submit"]["text"]) == ("Key result", "Save")
    assert element(view, ids.KEY_RESULT_OWNER)["initial_user"] == "U1"
    assert element(view, ids.KEY_RESULT_WEIGHT)["initial_value"] == "1"
    assert element(view, ids.KEY_RESULT_ANOTHER)["options"][0]["text"]["text"] == "Save and add another"


def test_the_next_key_result_comes_below_what_is_kept_and_shares_no_input_with_the_one_before() -> None:
    first = key_result_modal(facts.key_result_form())
    second = key_result_modal(facts.key_result_form(form=2, kept=facts.set_key_results()[:2]))
    assert "2 key results are kept." in read(second)
    assert "*KR-8* Revenue per month · €10k → €50k · Ann Carter" in read(second)
    assert "weight 2" in read(second)
    names = [{block["block_id"] for block in view["blocks"] if block["type"] == "input"} for view in (first, second)]
    assert not names[0] & names[1]


def test_set_up_has_the_inputs_of_the_user_guide_filled_with_what_is_known() -> None:
    view = setup.set_up_modal(facts.set_up_form(channel="C1", lead="U2"), ids.SetUpMetadata("n0nce"))
    assert labels(view) == [
        "Team name", "Cycle", "Channel", "Lead", "Champions", "Sponsors", "Agreement", "Individual objectives",
        "Business year begins in",
    ]  # fmt: skip
    assert (view["title"]["text"], view["submit"]["text"]) == ("Set up", "Save")
    assert element(view, ids.TEAM_NAME)["initial_value"] == "Acme"
    assert element(view, ids.TEAM_CHANNEL)["initial_conversation"] == "C1"
    assert element(view, ids.TEAM_CHANNEL)["filter"]["include"] == ["public", "private"]
    assert element(view, ids.TEAM_LEAD)["initial_user"] == "U2"
    assert element(view, ids.CHAMPIONS)["initial_users"] == ["U1"]
    assert "initial_users" not in element(view, ids.SPONSORS)
    assert "initial_options" not in element(view, ids.APPROVAL_NEEDED)
    assert element(view, ids.FISCAL_START)["initial_option"]["text"]["text"] == "January"
    options = setup.set_up_modal(
        facts.set_up_form(approval_needed=True, individual_objectives=True, fiscal_start_month=4),
        ids.SetUpMetadata("n"),
    )
    assert element(options, ids.APPROVAL_NEEDED)["initial_options"]
    assert element(options, ids.INDIVIDUAL_OBJECTIVES)["initial_options"]
    assert element(options, ids.FISCAL_START)["initial_option"]["value"] == "4"


def test_a_new_objective_is_told_with_its_numbers_and_how_to_check_in() -> None:
    shown = read(objectives.objective_set(facts.objective_set()))
    assert "*O-4* Become profitable is set for Growth, Q4 2026." in shown
    assert "*KR-8* Revenue per month · €10k → €50k · Ann Carter" in shown
    assert "Supports O-1 Stay independent" in shown
    assert "/okr update KR-8 VALUE" in shown
    assert buttons(objectives.objective_set(facts.objective_set())) == ["New Objective", "Edit O-4", "My Week"]


def test_who_waits_for_agreement_reads_whose() -> None:
    waiting = objectives.objective_set(facts.objective_set(asked="Bo Berg", waits=True))
    assert "waits for Bo Berg to agree" in waiting.text
    assert "/okr update" not in read(waiting)
    assert buttons(waiting) == ["Withdraw"]
    assert "nobody is left" in objectives.objective_set(facts.objective_set(waits=True)).text
    agreed = objectives.objective_set(facts.objective_set(agreed_by="Bo Berg"))
    assert "Bo Berg agreed to it." in agreed.text


def test_who_is_asked_to_agree_reads_everything_and_has_two_buttons() -> None:
    asked = agreements.agreement_asked(facts.objective_set())
    assert buttons(asked) == ["Approve", "Send Back"]
    assert "We run out of money in May." in read(asked)
    assert "*KR-13*" in read(asked)
    settled = agreements.agreement_settled(facts.agreement(outcome=Outcome.AGREED, comment=None))
    assert buttons(settled) == []
    assert "Bo Berg agreed to O-4" in settled.text
    taken = agreements.agreement_settled(facts.agreement(outcome=Outcome.WITHDRAWN))
    assert "took it back on" in taken.text
    assert buttons(taken) == []
    anew = agreements.asked_anew(facts.asked_anew())
    assert buttons(anew) == ["Approve", "Send Back"]
    assert "It changed since you read it" in read(anew)
    assert "Bo Berg changed KR-8" in read(anew)
    back = agreements.sent_back(facts.agreement())
    assert buttons(back) == ["Continue"]
    assert "Which market?" in read(back)
