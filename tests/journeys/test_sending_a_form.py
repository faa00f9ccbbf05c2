"""Send: pressed twice, pressed again with other values, pressed while the database is locked."""

import contextlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from bot.store.tables import CheckIn, Submission
from tests.journeys.bot_process import PATIENCE
from tests.journeys.office import CHANNEL, CLOSE, FIVE, MONDAY, Office
from tests.local_slack import Json, eventually

pytestmark = pytest.mark.slow


def under_way(office: Office) -> int:
    return len(office.slack.calls("view_submission check_in"))


@contextlib.contextmanager
def locked(office: Office) -> Iterator[None]:
    """Somebody else holds what Send has to write to."""
    file = office.database.file
    if file is not None:
        other = sqlite3.connect(file, isolation_level=None, timeout=20)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    with office.database.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("LOCK TABLE submission IN ACCESS EXCLUSIVE MODE"))
        try:
            yield
        finally:
            transaction.rollback()


def typed_in(view: Json) -> dict[str, str]:
    """What the inputs of a view hold now, by block."""
    found = {}
    for block_id, elements in view["state"]["values"].items():
        [entry] = elements.values()
        if entry.get("value"):
            found[block_id] = entry["value"]
    return found


def test_a_double_click_on_send_is_one_check_in(office: Office) -> None:
    bot = office.start_bot()
    office.slack.move_clock(to=MONDAY)
    view = office.press_check_in("ana")
    bot.freeze()
    with ThreadPoolExecutor() as clicks:
        sent = [clicks.submit(office.slack.submit, "ana", view["id"], FIVE) for _ in range(2)]
        eventually(lambda: under_way(office) == 2, "both clicks to be on their way")
        bot.thaw()
        answers = [each.result() for each in sent]
    assert [answer["ok"] for answer in answers] == [True, True], answers
    office.wait_for("receipt", ["sent"])
    [submission] = office.rows(Submission)
    assert submission.version == 1
    assert len(office.rows(CheckIn)) == 5


def test_a_form_sent_again_is_its_next_version_and_an_edit_corrects_its_one_thread_message(
    office: Office,
) -> None:
    bot = office.start_bot()
    office.slack.move_clock(to=MONDAY)
    view = office.press_check_in("ana")
    bot.freeze()
    unheard = office.slack.submit("ana", view["id"], FIVE)
    assert unheard["outcome"] == "failure", "without an answer in three seconds Slack keeps the form open"
    bot.thaw()
    eventually(lambda: len(office.rows(CheckIn)) == 5, "the first Send to be kept", PATIENCE)

    assert office.slack.submit("ana", view["id"], {"KR-1 value": "160", "What did we learn?": "Ask early"})["ok"]
    [submission] = office.rows(Submission)
    assert (submission.version, submission.learned) == (2, "Ask early")
    newest = {row.key_result_id: row for row in office.rows(CheckIn)}
    first = next(iter(newest.values()))
    assert len(newest) == 5
    assert first.value == 160
    assert first.version == 2

    office.slack.move_clock(to=CLOSE)
    office.wait_for("digest_entry", ["sent"])
    [digest] = office.bot_messages("maria", CHANNEL)
    [entry] = office.bot_messages("maria", CHANNEL, thread_ts=digest["ts"])
    assert "160 days" in str(entry)
    assert "170 days" not in str(entry)

    receipt = office.slack.wait_for_message("ana", "open_check_in_edit", within=PATIENCE)
    office.slack.press("ana", "open_check_in_edit", channel="@bot", ts=receipt["ts"])
    which = office.slack.wait_for_modal("ana", "Edit check-in", within=PATIENCE)
    office.slack.press("ana", "edit_check_in_choice", view_id=which["id"], value="1")
    eventually(lambda: office.slack.stack("ana")[-1]["callback_id"] == "edit_check_in", "its form", PATIENCE)
    assert office.slack.submit("ana", which["id"], {"KR-1 value": "150", "KR-1 note": "Counted again"})["ok"]
    office.wait_for("entry_refresh", ["sent"])
    [corrected] = office.bot_messages("maria", CHANNEL, thread_ts=digest["ts"])
    assert "150 days" in str(corrected)
    assert "Counted again" in str(corrected)
    assert "edited" in str(corrected)


def test_while_the_database_is_locked_the_form_stays_open_and_later_the_same_send_works(office: Office) -> None:
    office.start_bot()
    office.slack.move_clock(to=MONDAY)
    view = office.press_check_in("ana")
    office.wait_for("prompt", ["sent"])
    values = {**FIVE, "What did we learn?": "Patience"}
    with locked(office):
        refused = office.slack.submit("ana", view["id"], values)
    assert (refused["outcome"], refused["errors_by"]) == ("errors", "app"), refused
    assert list(refused["errors"]) == ["kr.1.value"]
    assert "send it again" in refused["errors"]["kr.1.value"]
    assert office.rows(Submission) == []
    assert office.rows(CheckIn) == []
    [still_open] = office.slack.stack("ana")
    assert typed_in(still_open) == {
        **{f"kr.{number}.value": FIVE[f"KR-{number} value"] for number in range(1, 6)},
        "learned": "Patience",
    }

    assert office.slack.submit("ana", view["id"])["ok"]
    assert office.slack.stack("ana") == []
    assert len(office.rows(CheckIn)) == 5
