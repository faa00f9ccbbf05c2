"""From an empty workspace to the first objective, in commands and modals."""

import pytest

from bot.store.tables import Cycle, KeyResult, MemberRole, Objective, Team
from tests.journeys.bot_process import PATIENCE
from tests.journeys.conftest import OpenOffice
from tests.journeys.office import Office
from tests.local_slack import Json, eventually

pytestmark = pytest.mark.slow

SHOUTING = "<!channel> Lamps for <@U0MARIA> & *everybody*"


@pytest.fixture
def empty_office(open_one: OpenOffice, database_url: str) -> Office:
    return open_one(database_url, company=None)


def labels(view: Json) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def initial(view: Json, label: str) -> object:
    [element] = [block["element"] for block in view["blocks"] if block.get("label", {}).get("text") == label]
    return next((value for name, value in element.items() if name.startswith("initial")), None)


def pings(message: object) -> list[str]:
    """What in the raw text of a message would notify people: it must all be escaped."""
    raw = str(message)
    return [each for each in ("<!channel", "<!here", "<!everyone", "<@U", "<!subteam") if each in raw]


def test_an_admin_sets_up_an_empty_workspace_and_anybody_its_first_objective(empty_office: Office) -> None:
    office, slack = empty_office, empty_office.slack
    office.start_bot()

    slack.command("ana", "/okr")
    told = slack.wait_for_message("ana", "can set it up", within=PATIENCE)
    assert "Jonas Keller" in told["text"] or "Maria Weber" in told["text"]
    assert office.rows(MemberRole) == []

    slack.command("jonas", "/okr")
    welcome = slack.wait_for_message("jonas", "Welcome to OKR Bot", within=PATIENCE)
    [root], [quarter] = office.rows(Team), office.rows(Cycle)
    assert (root.name, root.level, str(quarter.starts_on), str(quarter.ends_on)) == (
        "Harbour Lamps", "company", "2026-10-01", "2026-12-31",
    )  # fmt: skip
    [role] = office.rows(MemberRole)
    assert role.role == "champion"

    slack.press("jonas", "open_set_up", ephemeral_ts=welcome["ts"])
    form = slack.wait_for_modal("jonas", "Set up")
    assert labels(form) == [
        "Team name", "Cycle", "Channel", "Lead", "Champions", "Sponsors", "Agreement", "Individual objectives",
        "Business year begins in",
    ]  # fmt: skip
    assert (initial(form, "Team name"), initial(form, "Champions")) == ("Harbour Lamps", ["U0JONAS"])
    saved = slack.submit(
        "jonas",
        form["id"],
        {"Team name": "Lamps", "Channel": "C0OPERATIONS", "Lead": "U0MARIA", "Sponsors": ["U0MARIA"]},
    )
    assert saved["ok"], saved
    office.wait_for("set_up_done", ["sent"])
    [root] = office.rows(Team)
    assert (root.name, root.channel) == ("Lamps", "C0OPERATIONS")
    assert sorted(row.role for row in office.rows(MemberRole)) == ["champion", "sponsor"]

    slack.command("maria", "/okr")
    told = slack.wait_for_message("maria", "can set it up", within=PATIENCE)
    assert "Jonas Keller" in told["text"]
    assert "open_set_up" not in str(told)

    slack.command("ana", "/okr", "set")
    form = slack.wait_for_modal("ana", "New objective")
    assert labels(form) == ["Objective", "Why it matters", "Team", "Supports", "Cycle", "Private"]
    assert form["submit"]["text"] == "Next"
    page = slack.submit("ana", form["id"], {"Objective": SHOUTING})
    assert page["outcome"] == "updated", page
    form = page["view"]
    assert labels(form) == [
        "Key result", "Kind", "Start", "Target", "Unit", "Owner", "Weight", "Commit", "Stretch", "Contributors",
        "Delegate", "Save and add another",
    ]  # fmt: skip
    assert form["submit"]["text"] == "Save"
    values = {"Key result": "Shops <!here>", "Start": "10k", "Target": "10,000"}
    refused = slack.submit("ana", form["id"], values)
    assert (refused["outcome"], list(refused["errors"])) == ("errors", ["key_result.target"]), refused
    assert office.rows(KeyResult) == []
    again = {"Target": "50k", "Unit": "shops", "Save and add another": "Save and add another"}
    page = slack.submit("ana", form["id"], again)
    assert page["outcome"] == "updated", page
    assert initial(page["view"], "Key result") is None

    # Nothing is published yet; what was begun is offered, and gone on with.
    slack.close("ana", page["view"]["id"])
    slack.command("ana", "/okr", "set")
    form = slack.wait_for_modal("ana", "New objective")
    slack.press("ana", "draft_continue", view_id=form["id"])
    eventually(lambda: initial(slack.wait_for_modal("ana"), "Objective") == SHOUTING, "the draft")
    page = slack.submit("ana", form["id"], {"Why it matters": "<@U0MARIA> asked"})
    assert page["outcome"] == "updated", page
    slack.change("ana", form["id"], "key_result.kind.2", "Milestones")
    milestones = eventually(
        lambda: "Milestones" in labels(slack.wait_for_modal("ana")) and slack.wait_for_modal("ana"), "the other inputs"
    )
    assert milestones
    assert "Start" not in labels(milestones)
    values = {"Key result": "Open the shop", "Milestones": "Alpha = 40\nBeta = 60", "Owner": "U0MARIA", "Weight": "2"}
    assert slack.submit("ana", form["id"], values)["outcome"] == "closed"
    office.wait_for("objective_set", ["sent"])
    [objective], [shops, opening] = office.rows(Objective), office.rows(KeyResult)
    assert (objective.title, objective.why) == (SHOUTING, "<@U0MARIA> asked")
    assert [shops.start, shops.target] == [10_000, 50_000]
    assert [opening.target, opening.weight] == [2, 2]
    assert (shops.kind, opening.kind) == ("metric", "milestones")

    slack.command("priya", "/okr", "set Lamps for ports")
    form = slack.wait_for_modal("priya", "New objective")
    [found] = slack.suggest("priya", "objective.supports", "everybody", view_id=form["id"])["options"]
    page = slack.submit("priya", form["id"], {"Supports": found})
    assert page["outcome"] == "updated", page
    slack.close("priya", form["id"])

    slack.command("ana", "/okr", "list")
    listed = slack.wait_for_message("ana", "My key results", within=PATIENCE)
    slack.command("ana", "/okr", "update KR-1 12k 7 <!channel> look")
    receipt = slack.wait_for_message("ana", "Saved", within=PATIENCE)
    slack.move_clock(to="2026-10-12T09:05:00+02:00")
    office.wait_for("prompt", ["sent", "sent"])
    slack.move_clock(to="2026-10-16T12:00:30+02:00")
    office.wait_for("digest", ["sent"])
    said = [*office.bot_messages("ana"), *office.bot_messages("maria", "#operations"), listed, receipt]
    assert len(said) >= 5
    assert [ping for message in said for ping in pings(message)] == []
    assert "Shops &lt;!here&gt;" in str(listed)
