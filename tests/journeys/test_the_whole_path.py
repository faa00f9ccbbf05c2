"""From the prompt on Monday to the lead's reaction on the digest, and everything is still there after a restart."""

from decimal import Decimal

import pytest

from bot.store.tables import CheckIn, Delivery, RecognisedKeyResult, Recognition, Submission
from tests.journeys.office import CHANNEL, CLOSE, FIVE, MONDAY, Office
from tests.local_slack import Json, eventually

pytestmark = pytest.mark.slow

LEARNED, NEED = "Late parcels <are> & stay a habit", "A second van from @Maria"


def inputs_of(view: Json) -> dict[str, Json]:
    return {block["label"]["text"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def check_in(office: Office) -> Json:
    view = office.press_check_in("ana")
    answer = office.slack.submit(
        "ana",
        view["id"],
        {**FIVE, "KR-1 confidence": "8", "What did we learn?": LEARNED, "What do you need?": NEED},
    )
    assert answer["ok"], answer
    assert office.slack.stack("ana") == []
    return view


@pytest.mark.parametrize("office", ["sqlite", "postgres", "postgres-http"], indirect=True)
def test_five_key_results_take_two_clicks_and_the_week_ends_with_a_digest_and_a_thank_you(office: Office) -> None:
    slack = office.slack
    bot = office.start_bot()
    slack.move_clock(to=MONDAY)
    prompt = slack.wait_for_message("ana", "check_in_open", within=30)
    assert "Check in" in str(prompt["blocks"])

    view = check_in(office)
    inputs = inputs_of(view)
    assert [label for label in inputs if label.endswith("value")] == [f"KR-{each} value" for each in range(1, 6)]
    assert [label for label in inputs if "confidence" in label] == [f"KR-{each} confidence" for each in range(1, 6)]
    assert list(inputs)[-2:] == ["What did we learn?", "What do you need?"]
    assert view["submit"]["text"] == "Send"
    clicks = slack.calls(kind="interaction")
    assert len(clicks) == 2, [entry["name"] for entry in clicks]

    kept = {row.key_result_id: row.value or Decimal(0) for row in office.rows(CheckIn)}
    assert sorted(kept.values()) == sorted(Decimal(each) for each in ("170", "24500", "91.5", "7.85", "333"))
    [submission] = office.rows(Submission)
    assert (submission.learned, submission.needs) == (LEARNED, NEED)

    receipt = eventually(
        lambda: next((one for one in office.bot_messages("ana") if "Saved" in one["text"]), None),
        "the prompt to become the receipt",
        30,
    )
    assert receipt is not None
    assert receipt["ts"] == prompt["ts"]
    assert "check_in_open" not in str(receipt["blocks"])

    slack.move_clock(to=CLOSE)
    digest = slack.wait_for_message("maria", "Harbour Lamps", CHANNEL, within=30)
    entry = slack.wait_for_message("maria", "Ana", CHANNEL, thread_ts=digest["ts"], within=30)
    eventually(lambda: office.states("digest_entry") == ["sent"], "the entry to be recorded", 30)
    assert len(office.bot_messages("maria", CHANNEL)) == 1
    assert len(office.bot_messages("maria", CHANNEL, thread_ts=digest["ts"])) == 1
    assert "Late parcels &lt;are&gt; &amp; stay a habit" in str(entry)

    slack.react("maria", CHANNEL, entry["ts"], "tada")
    eventually(lambda: office.states("recognition") == ["sent"], "Ana to be told", 30)
    slack.wait_for_message("ana", "recognised")
    [recognition] = office.rows(Recognition)
    assert (recognition.by_lead, recognition.kind, recognition.withdrawn_at) == (True, "result", None)
    assert len(office.rows(RecognisedKeyResult)) == 5

    bot.stop()
    told, posted = office.bot_messages("ana"), office.bot_messages("maria", CHANNEL)
    assert len(office.keys(told)) == len(set(office.keys(told))) == 2, "the receipt (once the prompt), the thank you"
    office.start_bot()
    slack.unreact("maria", CHANNEL, entry["ts"], "tada")
    eventually(lambda: office.rows(Recognition)[0].withdrawn_at is not None, "the recognition to be taken back", 30)
    slack.react("maria", CHANNEL, entry["ts"], "tada")
    eventually(lambda: office.rows(Recognition)[0].withdrawn_at is None, "the recognition to be given again", 30)
    assert len(office.rows(Recognition)) == 1
    assert [delivery.state for delivery in office.rows(Delivery)] == ["sent"] * 5
    assert office.bot_messages("ana") == told
    assert office.bot_messages("maria", CHANNEL) == posted
    assert slack.command("ana", "/okr", "list")["ok"]
    slack.wait_for_message("ana", "24,500 shops", within=30)
