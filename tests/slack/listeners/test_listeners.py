"""Payloads in, acknowledgements and answers out, through the real Bolt app."""

import asyncio
import json
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import structlog

from bot.okr.errors import Busy
from bot.slack import ids, shell
from bot.slack.listeners import checkins as checkin_listeners
from bot.slack.listeners import weeks as week_listeners
from bot.store.tables import InboxRow, Recognition
from bot.usecases import events
from bot.usecases.checkins import open_form, undo_submission
from bot.usecases.inbox import Waiting, unprocessed
from bot.usecases.weeks import my_week
from tests.slack.listeners.desk import Desk, Met, desk_on, eventually
from tests.usecases.world import PROMPTED, TEAM, Member, PostedMessage, Submission, World, at, company, world_on

TUESDAY = PROMPTED + timedelta(days=1)
SECRET = "our secret plan"


@pytest.fixture
def lumen(met: Met) -> Iterator[World]:
    with world_on(met.database_url) as world:
        company(world)
        world.key_result("U0ANA", "Growth")
        world.key_result("U0ANA", "Growth")
        world.tick(PROMPTED)
        yield world


@pytest.fixture
async def desk(lumen: World, met: Met) -> AsyncIterator[Desk]:
    async with desk_on(lumen, TUESDAY, met.way) as made:
        yield made


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


class Gate:
    """Holds a use case up in its thread until it is opened."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def holding(self, use_case: Any) -> Any:
        def held(session: Any, command: Any, now: Any) -> Any:
            self._open.wait(30)
            return use_case(session, command, now)

        return held

    def open(self) -> None:
        self._open.set()


# --- acknowledgements


async def test_a_command_is_acknowledged_before_its_work_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    monkeypatch.setattr(week_listeners, "my_week", gate.holding(my_week))
    response = await desk.send(desk.command(""))
    assert response.status == 200
    assert desk.slack.made("response") == []
    gate.open()
    assert "Your week" in (await desk.told())["text"]


async def test_a_button_is_acknowledged_before_its_work_is_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = desk.world.say("U0ANA", "1 5", TUESDAY)
    gate = Gate()
    monkeypatch.setattr(checkin_listeners, "undo_submission", gate.holding(undo_submission))
    response = await desk.send(desk.press(ids.UNDO_SUBMISSION, ids.pack(ids.SubmissionRef(receipt.submission))))
    assert response.status == 200
    assert desk.world.value(1) == 5
    gate.open()
    assert (await desk.told())["replace_original"] is True
    assert desk.world.value(1) is None


async def test_send_is_committed_before_it_is_acknowledged(desk: Desk) -> None:
    await desk.send(desk.command("update"))
    view = await desk.opened()
    response = await desk.send(desk.submit(view, {ids.value_block(1): "45k", ids.LEARNED: "a lot"}))
    assert (response.status, response.body) == (200, "")
    assert desk.world.value(1) == 45000
    assert desk.woken
    again = await desk.send(desk.submit(view, {ids.value_block(1): "45k", ids.LEARNED: "a lot"}))
    assert again.status == 200
    assert desk.world.how_many(Submission) == 1


async def test_wrong_values_are_answered_at_their_fields(desk: Desk) -> None:
    await desk.send(desk.command("update"))
    view = await desk.opened()
    response = await desk.send(desk.submit(view, {ids.value_block(1): "many", ids.value_block(2): "?"}))
    answer = json.loads(response.body)
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {ids.value_block(1), ids.value_block(2)}
    assert "/okr help numbers" in answer["errors"][ids.value_block(1)]


@pytest.mark.parametrize("met", ["sqlite-socket"], indirect=True)
async def test_while_the_database_is_locked_the_modal_stays_open_with_its_text(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.send(desk.command("update"))
    view = await desk.opened()
    submission = desk.submit(view, {ids.value_block(2): "7"})
    file = desk.world.database.file
    assert file is not None
    blocker = sqlite3.connect(file, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    do = desk.shell.use_cases.do

    async def in_short_time(*arguments: Any, **more: Any) -> Any:
        return await do(*arguments, **{**more, "seconds": 0.2})

    monkeypatch.setattr(desk.shell.use_cases, "do", in_short_time)
    response = await desk.send(submission)
    blocker.execute("ROLLBACK")
    blocker.close()
    answer = json.loads(response.body)
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [ids.value_block(1)]
    assert "send it again" in answer["errors"][ids.value_block(1)]
    assert desk.world.how_many(Submission) == 0
    monkeypatch.undo()
    assert (await desk.send(submission)).body == ""
    assert desk.world.value(2) == 7


# --- notes, pages, edits


def inputs(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


async def test_a_note_is_added_without_losing_what_was_typed_also_when_two_are_pressed_at_once(desk: Desk) -> None:
    await desk.send(desk.command("update"))
    view = await desk.opened()
    typed = {ids.value_block(1): "45 and more", ids.LEARNED: "a lot"}
    await desk.send(desk.press_in(view, typed, "add_note.1", ids.pack(ids.KeyResultRef(1))))
    await eventually(lambda: desk.slack.made("views.update"), "the note")
    (update,) = desk.slack.made("views.update")
    assert ids.note_block(1) in inputs(update["view"])
    assert ids.note_block(2) not in inputs(update["view"])
    assert (update["hash"], update["view_id"]) == ("h1", "V1")
    # The second press knows nothing of the first one's window, and Slack says so.
    desk.slack.answers["views.update"] = {"ok": False, "error": "hash_conflict"}
    await desk.send(desk.press_in(view, typed, "add_note.2", ids.pack(ids.KeyResultRef(2))))
    await eventually(lambda: len(desk.slack.made("views.update")) == 3, "the note once more")
    again = desk.slack.made("views.update")[-1]
    assert "hash" not in again
    assert {ids.note_block(1), ids.note_block(2)} <= set(inputs(again["view"]))
    # Closed without a word, opened again: nothing typed is lost.
    desk.slack.calls.clear()
    await desk.send(desk.command("update"))
    reopened = await desk.opened()
    [value] = [block for block in reopened["blocks"] if block["block_id"] == ids.value_block(1)]
    assert value["element"]["initial_value"] == "45 and more"
    response = await desk.send(desk.submit(reopened, {ids.value_block(1): "45", ids.note_block(1): "why"}))
    assert response.body == ""
    assert (desk.world.value(1), desk.world.value(2)) == (Decimal(45), Decimal(0))


async def test_discard_shows_the_present_values_in_fresh_inputs(desk: Desk) -> None:
    await desk.send(desk.command("update"))
    view = await desk.opened()
    await desk.send(desk.press_in(view, {ids.value_block(1): "45"}, "add_note.1", ids.pack(ids.KeyResultRef(1))))
    await desk.idle()
    desk.slack.calls.clear()
    await desk.send(desk.command("update"))
    view = await desk.opened()
    await desk.send(desk.press_in(view, {}, ids.DISCARD_DRAFT, None))
    await eventually(lambda: desk.slack.made("views.update"), "the fresh page")
    fresh = desk.slack.made("views.update")[-1]["view"]
    assert set(inputs(fresh)).isdisjoint(inputs(view))
    response = await desk.send(desk.submit(fresh, {ids.nth_form(ids.value_block(2), 2): "7"}))
    assert response.body == ""
    assert (desk.world.value(1), desk.world.value(2)) == (Decimal(0), Decimal(7))


async def test_what_cannot_be_read_is_kept_as_a_draft_too(desk: Desk) -> None:
    await desk.send(desk.command("update"))
    view = await desk.opened()
    await desk.send(desk.submit(view, {ids.value_block(1): "forty-five"}))
    desk.slack.calls.clear()
    await desk.send(desk.command("update"))
    reopened = await desk.opened()
    assert "forty-five" in json.dumps(reopened)


async def test_a_page_is_answered_with_the_next_one_and_its_mistakes_stay_on_it(desk: Desk) -> None:
    desk.world.together(lambda: [desk.world.key_result("U0ANA", "Growth") for _ in range(10)])
    await desk.send(desk.command("update"))
    first = await desk.opened()
    assert first["submit"]["text"] == "Send and continue 1/2"
    answer = json.loads((await desk.send(desk.submit(first, {ids.value_block(1): "45"}))).body)
    assert answer["response_action"] == "update"
    second = answer["view"]
    assert second["submit"]["text"] == "Send"
    assert desk.world.value(1) == 45
    wrong = json.loads((await desk.send(desk.submit(second, {ids.value_block(12): "many"}))).body)
    assert set(wrong["errors"]) == {ids.value_block(12)}
    assert (await desk.send(desk.submit(second, {ids.value_block(12): "12", ids.LEARNED: "much"}))).body == ""
    assert desk.world.value(12) == 12
    assert [row.learned for row in desk.world.rows(Submission)] == [None, "much"]


async def test_edit_opens_the_check_in_saves_it_and_says_so(desk: Desk) -> None:
    sent = desk.world.say("U0ANA", "1 54", TUESDAY)
    await desk.send(desk.press(ids.EDIT_CHECK_IN_OPEN, ids.pack(ids.EditOpening(sent.submission))))
    view = await desk.opened()
    assert view["callback_id"] == ids.EDIT_CHECK_IN
    wrong = json.loads((await desk.send(desk.submit(view, {ids.value_block(1): "many", ids.AS_OF: "2026-01-01"}))).body)
    assert set(wrong["errors"]) == {ids.value_block(1), ids.AS_OF}
    saved = await desk.send(desk.submit(view, {ids.value_block(1): "45", ids.AS_OF: "2026-10-05"}))
    assert saved.body == ""
    await eventually(lambda: desk.slack.made("chat.postMessage"), "what was changed")
    (message,) = desk.slack.made("chat.postMessage")
    assert "back-dated to 5 Oct" in message["text"]
    assert desk.world.value(1) == 45


async def test_a_ticked_box_takes_a_check_in_back_and_without_it_it_counts_again(desk: Desk) -> None:
    sent = desk.world.say("U0ANA", "1 54", TUESDAY)
    await desk.send(desk.press(ids.EDIT_CHECK_IN_OPEN, ids.pack(ids.EditOpening(sent.submission))))
    view = await desk.opened()
    ticked = {ids.TAKE_BACK: [{"value": "yes"}], ids.value_block(1): "no number at all"}
    assert (await desk.send(desk.submit(view, ticked))).body == ""
    assert desk.world.value(1) is None
    await desk.send(desk.command("show KR-1"))
    assert "took back" in repr(await desk.told())
    await desk.send(desk.press(ids.one_of(ids.EDIT_CHECK_IN_OPEN, 1), ids.pack(ids.EditOpening(sent.submission, 1))))
    await eventually(lambda: len(desk.slack.made("views.open")) == 2, "the form")
    assert (await desk.send(desk.submit(await desk.opened(), {ids.TAKE_BACK: []}))).body == ""
    assert desk.world.value(1) == 54


async def test_an_edit_that_somebody_else_has_overtaken_shows_theirs_beside_what_was_typed(desk: Desk) -> None:
    sent = desk.world.say("U0ANA", "1 54", TUESDAY)
    await desk.send(desk.press(ids.EDIT_CHECK_IN_OPEN, ids.pack(ids.EditOpening(sent.submission))))
    view = await desk.opened()
    desk.world.edit("U0CLEO", sent.submission, 1, TUESDAY, value="50")
    answer = json.loads((await desk.send(desk.submit(view, {ids.value_block(1): "45"}))).body)
    assert answer["response_action"] == "update"
    assert "Changed meanwhile" in json.dumps(answer["view"])
    assert inputs(answer["view"]) == inputs(view)
    assert (await desk.send(desk.submit(answer["view"], {ids.value_block(1): "45"}))).body == ""
    assert desk.world.value(1) == 45


async def test_undo_after_ten_minutes_opens_the_check_in_for_a_change(desk: Desk) -> None:
    long_ago = TUESDAY - timedelta(minutes=11)
    one, two = desk.world.say("U0ANA", "1 54", long_ago), desk.world.say("U0ANA", "1 55 | 2 6", long_ago)
    await desk.send(desk.press(ids.UNDO_SUBMISSION, ids.pack(ids.SubmissionRef(one.submission))))
    assert (await desk.opened())["callback_id"] == ids.EDIT_CHECK_IN
    desk.slack.calls.clear()
    await desk.send(desk.press(ids.UNDO_SUBMISSION, ids.pack(ids.SubmissionRef(two.submission))))
    choice = await desk.opened()
    assert choice["callback_id"] == ids.EDIT_WHICH
    await desk.send(desk.press_in(choice, {}, ids.EDIT_CHECK_IN_CHOICE, "2"))
    await eventually(lambda: desk.slack.made("views.update"), "its form")
    assert desk.slack.made("views.update")[-1]["view"]["callback_id"] == ids.EDIT_CHECK_IN


# --- errors


async def test_an_error_nobody_expected_has_a_reference_and_no_text_of_people_in_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, logged: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(session: Any, command: Any, now: Any) -> Any:
        raise ValueError(f"cannot handle {command}")

    monkeypatch.setattr(checkin_listeners, "send_page", broken)
    monkeypatch.setattr(checkin_listeners, "send_lines", broken)
    await desk.send(desk.command("update"))
    view = await desk.opened()
    with caplog.at_level(logging.INFO):
        response = await desk.send(desk.submit(view, {ids.LEARNED: SECRET}))
        (shown,) = json.loads(response.body)["errors"].values()
        await desk.send(desk.command(f"update KR-1 5 8 {SECRET}"))
        told = (await desk.told())["text"]
    references = [line["reference"] for line in logged if line["event"] == "listener_failed"]
    assert len(references) == 2
    assert references[0] in shown
    assert references[1] in told
    assert SECRET not in repr(logged) + caplog.text


async def test_an_expected_error_is_a_sentence_with_the_way_on(desk: Desk) -> None:
    response = await desk.send(desk.command("update KR-99 5"))
    assert response.status == 200
    told = await desk.told()
    assert "no open key result KR-99" in told["text"]
    assert "/okr help list" in told["text"]
    assert told["response_type"] == "ephemeral"


async def test_an_error_right_after_the_acknowledgement_does_not_swallow_it(desk: Desk) -> None:
    for _ in range(5):
        response = await desk.send(desk.press(ids.UNDO_SUBMISSION, "{broken"))
        assert response.status == 200
    await desk.idle()
    assert len(desk.slack.made("response")) == 5


@pytest.mark.parametrize("value", [None, "", "{}", "[1]", '{"t":"submission","v":9,"submission":1}', "\ud83d"])
async def test_a_button_whose_value_cannot_be_read_is_answered(desk: Desk, value: str | None) -> None:
    assert (await desk.send(desk.press(ids.UNDO_SUBMISSION, value))).status == 200
    assert "can't read this button" in (await desk.told())["text"]


async def test_a_button_that_nobody_knows_any_more_is_answered(desk: Desk) -> None:
    assert (await desk.send(desk.press("a_button_of_long_ago", "whatever"))).status == 200
    assert "can't read this button" in (await desk.told())["text"]


async def test_a_response_url_that_answers_no_more_breaks_nothing(desk: Desk, logged: list[Any]) -> None:
    body = desk.press(ids.UNDO_SUBMISSION, "{broken")
    body["response_url"] = "http://127.0.0.1:9/gone"
    assert (await desk.send(body)).status == 200
    await eventually(lambda: any(line["event"] == "error_not_told" for line in logged), "the log line")


# --- windows


async def test_an_expired_trigger_asks_to_press_again(desk: Desk) -> None:
    desk.slack.answers["views.open"] = {"ok": False, "error": "expired_trigger_id"}
    await desk.send(desk.command("update"))
    assert "press it once more" in (await desk.told())["text"]


async def test_facts_that_take_long_are_waited_for_in_an_open_window(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "LOADING_AFTER", 0.05)
    gate = Gate()
    monkeypatch.setattr(checkin_listeners, "open_form", gate.holding(open_form))
    await desk.send(desk.command("update"))
    assert (await desk.opening())["callback_id"] == ids.LOADING
    gate.open()
    await eventually(lambda: desk.slack.made("views.update"), "the form")
    (update,) = desk.slack.made("views.update")
    assert (update["view_id"], update["view"]["callback_id"]) == ("V1", ids.CHECK_IN)


@pytest.mark.parametrize("expected", [True, False])
async def test_a_window_that_waits_in_vain_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch, expected: bool) -> None:
    monkeypatch.setattr(shell, "LOADING_AFTER", 0.05)
    gate = Gate()

    def broken(session: Any, command: Any, now: Any) -> Any:
        raise ValueError(SECRET)

    opening = open_form if expected else broken
    monkeypatch.setattr(checkin_listeners, "open_form", gate.holding(opening))
    await desk.send(desk.command("update", user="U0SAM"))
    await desk.opening()
    gate.open()
    await eventually(lambda: desk.slack.made("views.update"), "the window to change")
    (update,) = desk.slack.made("views.update")
    assert update["view"]["callback_id"] == ids.NOTICE
    assert SECRET not in repr(update)
    if not expected:
        assert "reference" in (await desk.told())["text"]


async def test_a_global_shortcut_is_answered_in_a_direct_message(desk: Desk) -> None:
    body = {
        "type": "shortcut", "callback_id": ids.CHECK_IN_SHORTCUT, "team": {"id": TEAM}, "trigger_id": "t.1",
        "user": {"id": "U0SAM", "team_id": TEAM}, "api_app_id": "A1",
    }  # fmt: skip
    assert (await desk.send(body)).status == 200
    await eventually(lambda: desk.slack.made("chat.postMessage"), "a message")
    (message,) = desk.slack.made("chat.postMessage")
    assert message["channel"] == "U0SAM"
    assert "own no open key result" in message["text"]


# --- events


def reaction(desk: Desk, event_id: str, user: str = "U0LEA") -> dict[str, Any]:
    entries = desk.world.rows(PostedMessage, PostedMessage.submission_id.is_not(None))
    item = {"type": "message", "channel": entries[-1].channel, "ts": entries[-1].ts}
    event = {"type": "reaction_added", "user": user, "reaction": "tada", "item": item, "event_ts": "1791000000.000100"}
    return desk.event(event_id, event)


@pytest.fixture
def thread(desk: Desk) -> Desk:
    friday = at("2026-10-09 10:00")
    desk.world.say("U0ANA", "1 5", TUESDAY)
    desk.world.tick(friday)
    desk.world.deliver(friday)
    return desk


async def test_an_event_is_kept_before_it_is_acknowledged_and_worked_on_once(thread: Desk) -> None:
    for _ in range(4):
        assert (await thread.send(reaction(thread, "Ev1"))).status == 200
        assert [row.event_id for row in thread.world.rows(InboxRow)] == ["Ev1"]
    await eventually(lambda: thread.world.rows(InboxRow)[0].processed_at, "the event's work")
    await thread.idle()
    assert len(thread.world.rows(Recognition)) == 1
    assert len(thread.world.deliveries("recognition")) == 1


async def test_an_event_that_cannot_be_kept_is_not_acknowledged(thread: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    body = reaction(thread, "Ev1")

    async def failing(*_: Any, **__: Any) -> Any:
        raise Busy

    monkeypatch.setattr(thread.shell.use_cases, "do", failing)
    assert (await thread.send(body)).status != 200
    monkeypatch.undo()
    assert thread.world.rows(InboxRow) == []
    assert (await thread.send(body)).status == 200
    await eventually(lambda: thread.world.rows(Recognition), "the recognition")


async def test_an_event_whose_work_fails_waits_for_the_beat(
    thread: Desk, monkeypatch: pytest.MonkeyPatch, logged: list[Any]
) -> None:
    def broken(session: Any, command: Any, now: Any) -> Any:
        raise ValueError(SECRET)

    monkeypatch.setattr(events, "mark_processed", broken)
    assert (await thread.send(reaction(thread, "Ev1"))).status == 200
    await eventually(lambda: thread.world.rows(InboxRow)[0].attempts, "the try to be counted")
    assert SECRET not in repr(logged)
    waiting = Waiting(older_than=timedelta(0))
    kept = thread.world.do(unprocessed, waiting, TUESDAY + timedelta(minutes=1), writes=False)
    assert [event.event_id for event in kept] == ["Ev1"]


async def test_events_without_work_are_not_kept(desk: Desk) -> None:
    await desk.send(desk.event("Ev9", {"type": "channel_created", "channel": {"id": "C9"}}))
    assert desk.world.rows(InboxRow) == []


async def test_a_reaction_on_a_file_is_done_at_once(desk: Desk) -> None:
    event = {"type": "reaction_added", "user": "U0LEA", "reaction": "tada", "item": {"type": "file", "file": "F1"}}
    await desk.send(desk.event("Ev2", event))
    await eventually(lambda: desk.world.rows(InboxRow)[0].processed_at, "the event's work")


# --- who


async def test_somebody_unknown_is_looked_up_in_slack_once(desk: Desk) -> None:
    desk.slack.answers["users.info"] = {
        "user": {"id": "U0NEW", "team_id": TEAM, "name": "new", "tz": "Asia/Tokyo", "profile": {"real_name": "Neo"}}
    }
    for _ in range(2):
        desk.slack.calls.clear()
        await desk.send(desk.command("", user="U0NEW"))
        assert "You own no key result" in (await desk.told())["text"]
    assert desk.slack.made("users.info") == []
    assert [(row.name, row.zone) for row in desk.world.rows(Member, Member.slack_id == "U0NEW")] == [
        ("Neo", "Asia/Tokyo")
    ]


async def test_somebody_of_another_company_is_refused_and_not_kept(thread: Desk) -> None:
    stranger = {"user": {"id": "U0STRANGE", "team_id": "T0OTHER", "name": "stranger", "profile": {}}}
    thread.slack.answers["users.info"] = stranger
    await thread.send(thread.command("", user="U0STRANGE", team="T0OTHER"))
    assert "do not know you" in (await thread.told())["text"]
    thread.slack.calls.clear()
    await thread.send(thread.press(ids.MY_WEEK_REFRESH, None, user="U0STRANGE", home="T0OTHER"))
    assert "only answers people of this workspace" in (await thread.told())["text"]
    await thread.send(reaction(thread, "Ev3", user="U0STRANGE"))
    await eventually(lambda: thread.world.rows(InboxRow)[0].processed_at, "the event to be done with")
    assert thread.world.rows(Member, Member.slack_id == "U0STRANGE") == []
    assert thread.world.rows(Recognition) == []


async def test_what_slack_says_of_people_is_kept(desk: Desk) -> None:
    user = {"id": "U0ANA", "team_id": TEAM, "tz": "Asia/Tokyo", "profile": {"display_name": "Ana B."}}
    await desk.send(desk.event("Ev4", {"type": "user_change", "user": user}))
    ana = desk.world.members["U0ANA"]
    await eventually(lambda: desk.world.rows(Member, Member.id == ana)[0].zone == "Asia/Tokyo", "the new zone")


async def test_many_at_once_are_all_answered(desk: Desk) -> None:
    responses = await asyncio.gather(*[desk.send(desk.command("list company")) for _ in range(20)])
    assert {response.status for response in responses} == {200}
    await eventually(lambda: len(desk.slack.made("response")) == 20, "twenty answers")


# --- answers in words


def written(desk: Desk, text: str, event_id: str = "Ev1", **more: Any) -> dict[str, Any]:
    said = f"{(TUESDAY - timedelta(seconds=1)).timestamp():.6f}"
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U0ANA", "text": text, "ts": said}
    return desk.event(event_id, {**event, **more})


async def test_a_message_to_the_bot_is_kept_and_answered_once(desk: Desk) -> None:
    desk.world.deliver(TUESDAY)
    for _ in range(4):
        assert (await desk.send(written(desk, "1 45k 8 soon | 2 ="))).status == 200
        assert [row.event_id for row in desk.world.rows(InboxRow)] == ["Ev1"]
    await eventually(lambda: desk.world.rows(InboxRow)[0].processed_at, "the event's work")
    await desk.idle()
    assert [row.source for row in desk.world.rows(Submission)] == ["words"]
    (reply,) = desk.world.deliveries("words_answered")
    assert (reply.recipient, reply.arguments["channel"]) == ("U0ANA", "D1")
    assert desk.woken


async def test_what_was_not_understood_is_in_the_form_that_the_reply_opens(desk: Desk) -> None:
    desk.world.deliver(TUESDAY)
    await desk.send(written(desk, "1 45 8 soon | 2 many"))
    await eventually(lambda: desk.world.deliveries("words_answered"), "the reply")
    assert desk.world.rows(Submission) == []
    await desk.send(desk.press(ids.CHECK_IN_OPEN, ids.pack(ids.CheckInOpening())))
    view = await desk.opened()
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    inputs = {block["block_id"]: block["element"].get("initial_value") for block in fields}
    assert [inputs[ids.value_block(1)], inputs[ids.note_block(1)], inputs[ids.value_block(2)]] == ["45", "soon", "many"]
    await desk.send(desk.submit(view, {ids.value_block(2): "7"}))
    assert desk.world.values([1, 2]) == {1: Decimal(45), 2: Decimal(7)}


async def test_messages_that_nobody_wrote_to_the_bot_are_acknowledged_and_not_kept(desk: Desk) -> None:
    for more in ({"bot_id": "B0BOT"}, {"subtype": "message_changed"}, {"channel_type": "channel"}):
        assert (await desk.send(written(desk, "1 5", **more))).status == 200
    assert desk.world.rows(InboxRow) == []


async def test_somebody_of_another_company_gets_no_answer_to_a_message(desk: Desk) -> None:
    stranger = {"user": {"id": "U0STRANGE", "team_id": "T0OTHER", "name": "stranger", "profile": {}}}
    desk.slack.answers["users.info"] = stranger
    await desk.send(written(desk, "1 5", user="U0STRANGE"))
    await eventually(lambda: desk.world.rows(InboxRow)[0].processed_at, "the event to be done with")
    assert desk.world.deliveries("words_answered") == []
