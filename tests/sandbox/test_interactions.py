"""What a person does and what an unmodified Bolt app receives over Socket Mode."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import aiohttp
import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookClient

from tests.local_slack import LocalSlackError, eventually
from tests.sandbox.conftest import Running, Starter

Connect = Callable[[Running, App], None]
Json = dict[str, Any]


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str = "v") -> Json:
    return {"type": "button", "action_id": action_id, "text": words("Press"), "value": value}


def buttons(*elements: Json, block_id: str = "row") -> list[Json]:
    return [{"type": "actions", "block_id": block_id, "elements": list(elements)}]


def text_input(label: str, block_id: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more.pop("element", {})}
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element, **more}


CONFIDENCE = {
    "type": "input",
    "block_id": "confidence",
    "optional": True,
    "label": words("KR-3 confidence"),
    "element": {
        "type": "static_select",
        "action_id": "chosen",
        "options": [{"text": words(f"{n} of ten"), "value": f"c{n}"} for n in range(11)],
    },
}


def modal(*blocks: Json, title: str = "Check in", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "check_in",
        "title": words(title),
        "submit": words("Send"),
        "blocks": list(blocks) or [text_input("KR-3 value", "value")],
        **more,
    }


def open_on_command(app: App, view: Json) -> None:
    @app.command("/okr")
    def open_modal(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)


def has_modals(slack: Running, number: int) -> bool:
    return len(slack.stack("ana")) == number


def last_payload(slack: Running, kind: str) -> Json:
    entries = [one["payload"] for one in slack.calls(kind="interaction") if one["payload"].get("type") == kind]
    payload: Json = entries[-1]
    return payload


# -- commands --------------------------------------------------------------------------------------------------------


def test_a_command_is_acknowledged_and_its_answer_shown_to_the_person_alone(
    slack: Running, app: App, connect: Connect
) -> None:
    @app.command("/okr")
    def answer(ack: Ack, body: Json) -> None:
        ack(f"You said {body['text']}")

    connect(slack, app)
    outcome = slack.command("ana", "/okr", "update KR-3 45k", channel="#operations")
    assert outcome["ok"]
    assert outcome["ack"] == {"text": "You said update KR-3 45k"}
    note = slack.messages("ana", "#operations")[-1]
    assert note["text"] == "You said update KR-3 45k"
    assert note["is_ephemeral"]
    assert slack.messages("jonas", "#operations") == []
    sent = slack.calls("/okr")[-1]["payload"]
    assert sent["channel_name"] == "operations"
    assert sent["is_enterprise_install"] == "false"


def test_a_command_typed_into_the_composer_runs_except_in_a_thread(slack: Running, app: App, connect: Connect) -> None:
    @app.command("/okr")
    def answer(ack: Ack) -> None:
        ack("done")

    connect(slack, app)
    assert slack.say("ana", "/okr help")["ok"]
    said = slack.say("ana", "hello")
    outcome = slack.say("ana", "/okr help", thread_ts=said["ts"])
    assert "not supported in threads" in outcome["failure"]
    assert "not a valid command" in slack.say("ana", "/unknown")["failure"]


def test_typed_names_reach_an_escaping_command_as_ids(slack: Running, app: App, connect: Connect) -> None:
    connect(slack, app)
    slack.expect_no_ack()
    slack.command("ana", "/okr", "thanks @Maria & <!channel> @tom")
    slack.command("ana", "/plain", "thanks @Maria")
    text = slack.calls("/okr")[-1]["payload"]["text"]
    assert text == "thanks <@U0MARIA|maria> &amp; &lt;!channel&gt; <@U0TOM|tom>"
    assert slack.calls("/plain")[-1]["payload"]["text"] == "thanks @Maria"


def test_a_command_nobody_acknowledges_fails_visibly(slack: Running, app: App, connect: Connect) -> None:
    connect(slack, app)
    slack.expect_no_ack()
    outcome = slack.command("ana", "/okr")
    assert outcome == {"ok": False, "ack": None, "failure": "The app did not answer within 3 seconds."}
    assert "operation_timeout" in slack.messages("ana")[-1]["text"]
    assert slack.calls("/okr")[-1]["failure"]


def test_without_an_app_a_command_fails_at_once(slack: Running) -> None:
    assert slack.command("ana", "/okr")["failure"] == "The app is not connected."
    assert "dispatch_failed" in slack.messages("ana")[-1]["text"]


# -- modals ----------------------------------------------------------------------------------------------------------


def test_a_modal_opens_is_filled_in_by_its_labels_and_closes(slack: Running, app: App, connect: Connect) -> None:
    received: list[Json] = []
    open_on_command(app, modal(text_input("KR-3 value", "value", element={"initial_value": "44000"}), CONFIDENCE))

    @app.view("check_in")
    def keep(ack: Ack, view: Json) -> None:
        received.append(view["state"]["values"])
        ack()

    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana", "Check in")
    assert slack.stack("jonas") == []
    outcome = slack.submit("ana", view["id"], {"KR-3 confidence": 8})
    assert outcome["outcome"] == "closed"
    assert received == [
        {
            "value": {"typed": {"type": "plain_text_input", "value": "44000"}},
            "confidence": {
                "chosen": {
                    "type": "static_select",
                    "selected_option": {"text": {**words("8 of ten"), "emoji": True}, "value": "c8"},
                }
            },
        }
    ]
    assert slack.stack("ana") == []


def test_rich_text_reaches_the_app_as_it_was_given_and_nonsense_never(
    slack: Running, app: App, connect: Connect
) -> None:
    def said(text: str) -> Json:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text, "style": {"bold": True}}]}
        return {"type": "rich_text", "elements": [section]}

    def story(label: str, **element: Any) -> Json:
        element = {"type": "rich_text_input", "action_id": "told", **element}
        return {"type": "input", "block_id": label, "label": words(label), "element": element, "optional": True}

    received: list[Json] = []
    view = modal(story("kept", initial_value=said("before")), story("told"), story("cleared", initial_value=said("x")))
    open_on_command(app, view)

    @app.view("check_in")
    def keep(ack: Ack, view: Json) -> None:
        received.append({block: entry["told"] for block, entry in view["state"]["values"].items()})
        ack()

    connect(slack, app)
    slack.command("ana", "/okr")
    opened = slack.wait_for_modal("ana")
    with pytest.raises(LocalSlackError, match="This is no rich text Slack knows"):
        slack.submit("ana", opened["id"], {"told": {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}})
    slack.submit("ana", opened["id"], {"told": said("<!channel>"), "cleared": said("\n")})
    assert received == [
        {
            "kept": {"type": "rich_text_input", "rich_text_value": said("before")},
            "told": {"type": "rich_text_input", "rich_text_value": said("<!channel>")},
            "cleared": {"type": "rich_text_input", "rich_text_value": None},
        }
    ]


def test_an_error_stays_at_its_field_and_the_text_in_place(slack: Running, app: App, connect: Connect) -> None:
    open_on_command(app, modal())

    @app.view("check_in")
    def refuse(ack: Ack) -> None:
        ack(response_action="errors", errors={"value": "Not a number"})

    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana")
    outcome = slack.submit("ana", view["id"], {"KR-3 value": "many"})
    assert outcome["outcome"] == "errors"
    assert outcome["errors"] == {"value": "Not a number"}
    assert slack.stack("ana")[0]["state"]["values"]["value"]["typed"]["value"] == "many"


def test_an_empty_required_field_never_reaches_the_app(slack: Running, app: App, connect: Connect) -> None:
    open_on_command(app, modal())
    connect(slack, app)
    slack.command("ana", "/okr")
    outcome = slack.submit("ana", slack.wait_for_modal("ana")["id"])
    assert outcome["errors_by"] == "slack"
    assert outcome["errors"] == {"value": "Please complete this required field."}
    assert [one["name"] for one in slack.calls(kind="interaction")] == ["/okr"]


def test_a_submission_without_an_answer_in_time_leaves_the_modal_open(
    slack: Running, app: App, connect: Connect
) -> None:
    open_on_command(app, modal())
    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana")
    slack.expect_no_ack()
    outcome = slack.submit("ana", view["id"], {"KR-3 value": "45"})
    assert outcome["outcome"] == "failure"
    assert outcome["failure"] == "The app did not answer within 3 seconds."
    assert slack.stack("ana")[0]["state"]["values"]["value"]["typed"]["value"] == "45"


@pytest.mark.parametrize("errors", [{"elsewhere": "x"}, {}, {"value": 5}, ["value"]])
def test_errors_for_no_input_of_the_view_are_a_failure(slack: Running, app: App, connect: Connect, errors: Any) -> None:
    open_on_command(app, modal())

    @app.view("check_in")
    def refuse(ack: Ack) -> None:
        ack({"response_action": "errors", "errors": errors})

    connect(slack, app)
    slack.command("ana", "/okr")
    outcome = slack.submit("ana", slack.wait_for_modal("ana")["id"], {"value": "1"})
    assert outcome["outcome"] == "failure"


def test_a_submission_may_update_push_and_clear(slack: Running, app: App, connect: Connect) -> None:
    open_on_command(app, modal())
    answers: list[Json] = [
        {"response_action": "update", "view": modal(title="Second")},
        {"response_action": "push", "view": modal(title="Third")},
        {"response_action": "clear"},
    ]

    @app.view("check_in")
    def answer(ack: Ack) -> None:
        ack(answers.pop(0))

    connect(slack, app)
    slack.command("ana", "/okr")
    first = slack.wait_for_modal("ana")
    updated = slack.submit("ana", first["id"], {"value": "kept"})
    assert updated["outcome"] == "updated"
    assert updated["view"]["id"] == first["id"]
    assert updated["view"]["hash"] != first["hash"]
    assert updated["view"]["state"]["values"]["value"]["typed"]["value"] == "kept"
    pushed = slack.submit("ana", first["id"])
    assert pushed["outcome"] == "pushed"
    assert pushed["view"]["previous_view_id"] == first["id"] == pushed["view"]["root_view_id"]
    assert slack.submit("ana", pushed["view"]["id"], {"value": "x"})["outcome"] == "cleared"
    assert slack.stack("ana") == []


def test_values_reset_when_their_block_id_changes(slack: Running, app: App, connect: Connect) -> None:
    open_on_command(app, modal(text_input("A", "a"), text_input("B", "b")))
    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana")
    slack.change("ana", view["id"], "typed", "one", block_id="a")
    slack.change("ana", view["id"], "typed", "two", block_id="b")
    slack.client().views_update(view_id=view["id"], view=modal(text_input("A", "a"), text_input("B", "b2")))
    values = slack.stack("ana")[0]["state"]["values"]
    assert values["a"]["typed"]["value"] == "one"
    assert values["b2"]["typed"]["value"] is None


def test_what_is_typed_in_a_message_goes_along_with_its_button(slack: Running, app: App, connect: Connect) -> None:
    app.action("go")(lambda ack: ack())
    connect(slack, app)
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [text_input("Value", "v"), {"type": "actions", "elements": [button]}]
    ts = slack.client().chat_postMessage(channel="U0ANA", text="x", blocks=blocks)["ts"]
    slack.press("ana", "go", channel="@bot", ts=ts, values={"v": "45k"})
    sent = slack.calls("block_actions go")[-1]["payload"]["state"]["values"]
    assert sent["v"]["typed"]["value"] == "45k"


def test_a_choice_that_is_no_longer_offered_is_given_up(slack: Running, app: App, connect: Connect) -> None:
    def menus(*names: str) -> Json:
        options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in names]
        kinds = ("static_select", "radio_buttons", "checkboxes", "multi_static_select")
        return modal(
            *({"type": "input", "block_id": kind, "label": {"type": "plain_text", "text": kind}, "optional": True,
               "element": {"type": kind, "action_id": kind, "options": options}} for kind in kinds)
        )  # fmt: skip

    open_on_command(app, menus("a", "b", "c"))
    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana")
    slack.change("ana", view["id"], "static_select", "b")
    slack.change("ana", view["id"], "radio_buttons", "c")
    for several in ("checkboxes", "multi_static_select"):
        slack.change("ana", view["id"], several, ["b", "c"])
    slack.client().views_update(view_id=view["id"], view=menus("c", "d"))
    values = slack.stack("ana")[0]["state"]["values"]
    assert values["static_select"]["static_select"]["selected_option"] is None
    assert values["radio_buttons"]["radio_buttons"]["selected_option"]["value"] == "c"
    for several in ("checkboxes", "multi_static_select"):
        assert [one["value"] for one in values[several][several]["selected_options"]] == ["c"]


def test_an_old_hash_is_a_conflict(slack: Running, app: App, connect: Connect) -> None:
    open_on_command(app, modal(external_id="mine"))
    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana")
    client = slack.client()
    client.views_update(external_id="mine", hash=view["hash"], view=modal(external_id="mine"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(external_id="mine", hash=view["hash"], view=modal(external_id="mine"))
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id="V0NOSUCH", view=modal())


def test_private_metadata_travels_with_the_view(slack: Running, app: App, connect: Connect) -> None:
    open_on_command(app, modal(private_metadata="nonce"))
    connect(slack, app)
    slack.command("ana", "/okr")
    slack.expect_no_ack()
    slack.submit("ana", slack.wait_for_modal("ana")["id"], {"value": "1"})
    assert last_payload(slack, "view_submission")["view"]["private_metadata"] == "nonce"


def test_a_trigger_works_once_and_for_three_seconds_of_real_time(slack: Running, app: App, connect: Connect) -> None:
    connect(slack, app)
    slack.expect_no_ack()
    client = slack.client()
    slack.command("ana", "/okr")
    trigger = slack.calls("/okr")[-1]["payload"]["trigger_id"]
    client.views_open(trigger_id=trigger, view=modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=trigger, view=modal())
    slack.command("ana", "/okr")
    late = slack.calls("/okr")[-1]["payload"]["trigger_id"]
    slack.real_time.pass_by(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=late, view=modal())
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id="12.34.nonsense", view=modal())


def test_moving_the_clock_expires_no_trigger(slack: Running, app: App, connect: Connect) -> None:
    connect(slack, app)
    slack.expect_no_ack()
    slack.command("ana", "/okr")
    slack.move_clock(forward=86_400)
    trigger = slack.calls("/okr")[-1]["payload"]["trigger_id"]
    assert slack.client().views_open(trigger_id=trigger, view=modal())["ok"]


def test_a_bad_view_is_refused_with_pointers_into_the_view(slack: Running, app: App, connect: Connect) -> None:
    connect(slack, app)
    slack.expect_no_ack()
    slack.command("ana", "/okr")
    trigger = slack.calls("/okr")[-1]["payload"]["trigger_id"]
    with pytest.raises(SlackApiError) as error:
        slack.client().views_open(trigger_id=trigger, view=modal(title="x" * 25))
    body = error.value.response
    assert body["error"] == "invalid_arguments"
    assert "json-pointer:/view/title/text" in str(body["response_metadata"]["messages"])
    assert slack.client().views_open(trigger_id=trigger, view=modal())["ok"]


def test_a_fourth_modal_does_not_fit(slack: Running, app: App, connect: Connect) -> None:
    row = buttons(button("more"))
    open_on_command(app, modal(*row))
    problems: list[str] = []

    @app.action("more")
    def push(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        try:
            client.views_push(trigger_id=body["trigger_id"], view=modal(*row))
        except SlackApiError as error:
            problems.append(error.response["error"])

    connect(slack, app)
    slack.command("ana", "/okr")
    for depth in (1, 2, 3):
        eventually(partial(has_modals, slack, depth), "the modal")
        slack.press("ana", "more", view_id=slack.stack("ana")[-1]["id"])
    eventually(lambda: problems, "the refusal")
    assert problems == ["push_limit_reached"]


def test_closing_tells_the_app_only_when_asked_to(slack: Running, app: App, connect: Connect) -> None:
    open_on_command(app, modal(text_input("A", "a"), notify_on_close=True))
    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana")
    slack.change("ana", view["id"], "typed", "lost")
    slack.expect_no_ack()
    slack.close("ana", view["id"], everything=True)
    payload = last_payload(slack, "view_closed")
    assert payload["is_cleared"]
    assert payload["view"]["state"]["values"] == {}
    assert "trigger_id" not in payload
    assert slack.stack("ana") == []


def test_an_input_speaks_up_only_with_dispatch_action(slack: Running, app: App, connect: Connect) -> None:
    open_on_command(app, modal(text_input("A", "a"), text_input("B", "b", dispatch_action=True)))

    @app.action("typed")
    def hear(ack: Ack) -> None:
        ack()

    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana")
    assert slack.change("ana", view["id"], "typed", "1", block_id="a")["ack"] is None
    assert slack.change("ana", view["id"], "typed", "2", block_id="b")["ok"]
    payload = last_payload(slack, "block_actions")
    assert payload["actions"][0]["value"] == "2"
    assert payload["view"]["state"]["values"]["a"]["typed"]["value"] == "1"
    assert payload["container"] == {"type": "view", "view_id": view["id"]}


# -- messages, Home, shortcuts ---------------------------------------------------------------------------------------


def test_a_button_in_a_message_carries_the_whole_payload(slack: Running, app: App, connect: Connect) -> None:
    @app.action("go")
    def pressed(ack: Ack) -> None:
        ack()

    connect(slack, app)
    posted = slack.client().chat_postMessage(channel="U0ANA", text="Due", blocks=buttons(button("go", "KR-3")))
    assert slack.press("ana", "go", channel="@bot", ts=posted["ts"])["ok"]
    payload = last_payload(slack, "block_actions")
    assert payload["user"] == {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0SANDBOX"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "D0ANA",
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": "D0ANA", "name": "directmessage"}
    assert payload["message"]["blocks"][0]["block_id"] == "row"
    assert payload["state"] == {"values": {}}
    action = payload["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"], action["type"]) == ("go", "row", "KR-3", "button")
    assert {"response_url", "trigger_id", "api_app_id", "token", "team", "enterprise"} <= set(payload)


def test_a_button_nobody_acknowledges_fails_visibly(slack: Running, app: App, connect: Connect) -> None:
    connect(slack, app)
    slack.expect_no_ack()
    posted = slack.client().chat_postMessage(channel="U0ANA", text="Due", blocks=buttons(button("go")))
    assert slack.press("ana", "go", ts=posted["ts"])["failure"] == "The app did not answer within 3 seconds."


def test_a_button_in_an_attachment_has_a_block_id_too(slack: Running) -> None:
    row = {"type": "actions", "elements": [button("go")]}
    posted = slack.client().chat_postMessage(channel="U0ANA", text="Due", attachments=[{"blocks": [row]}])
    slack.press("ana", "go", ts=posted["ts"])
    payload = last_payload(slack, "block_actions")
    attached = payload["message"]["attachments"][0]["blocks"][0]
    assert payload["actions"][0]["block_id"] == attached["block_id"]


def test_a_button_that_is_not_there_is_named(slack: Running) -> None:
    posted = slack.client().chat_postMessage(channel="U0ANA", text="Due", blocks=buttons(button("go")))
    with pytest.raises(LocalSlackError, match="There is no element “stop” here; there are: go"):
        slack.press("ana", "stop", ts=posted["ts"])


def test_a_response_url_answers_five_times_in_thirty_minutes(slack: Running, app: App, connect: Connect) -> None:
    connect(slack, app)
    slack.expect_no_ack()
    slack.command("ana", "/okr")
    webhook = WebhookClient(slack.calls("/okr")[-1]["payload"]["response_url"])
    for number in range(5):
        assert webhook.send(text=f"answer {number}").status_code == 200
    assert webhook.send(text="one too many").status_code == 404
    shown = [one["text"] for one in slack.messages("ana") if one["text"].startswith("answer")]
    assert shown == [f"answer {number}" for number in range(5)]
    slack.command("ana", "/okr")
    late = WebhookClient(slack.calls("/okr")[-1]["payload"]["response_url"])
    slack.real_time.pass_by(31 * 60)
    assert "expired_url" in late.send(text="too late").body


def test_a_response_url_replaces_and_deletes_the_message_it_came_from(
    slack: Running, app: App, connect: Connect
) -> None:
    @app.action("go")
    def pressed(ack: Ack, body: Json) -> None:
        ack()

    connect(slack, app)
    posted = slack.client().chat_postMessage(channel="U0ANA", text="Due", blocks=buttons(button("go")))
    slack.press("ana", "go", ts=posted["ts"])
    webhook = WebhookClient(last_payload(slack, "block_actions")["response_url"])
    webhook.send(text="Done", replace_original=True)
    assert [(one["ts"], one["text"], one.get("blocks")) for one in slack.messages("ana")] == [
        (posted["ts"], "Done", None)
    ]
    webhook.send(delete_original=True)
    assert slack.messages("ana") == []
    assert webhook.send(text="x", blocks=[{"type": "nonsense"}]).status_code == 400


def test_an_ephemeral_button_can_replace_its_note(slack: Running, app: App, connect: Connect) -> None:
    @app.action("undo")
    def undo(ack: Ack, respond: Callable[..., Any]) -> None:
        ack()
        respond(text="Undone", replace_original=True)

    connect(slack, app)
    slack.client().chat_postEphemeral(channel="C0OPERATIONS", user="U0ANA", text="Kept", blocks=buttons(button("undo")))
    note = slack.messages("ana", "#operations")[-1]
    slack.press("ana", "undo", ephemeral_ts=note["ts"])
    slack.wait_for_message("ana", "Undone", "#operations")
    payload = last_payload(slack, "block_actions")
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    assert len(slack.messages("ana", "#operations")) == 1


def test_home_is_published_opened_and_pressed(slack: Running, app: App, connect: Connect) -> None:
    seen: list[Json] = []

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        seen.append(event)
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": buttons(button("go"))})

    @app.action("go")
    def pressed(ack: Ack) -> None:
        ack()

    connect(slack, app)
    slack.open_home("ana")
    eventually(lambda: slack.home("ana"), "Home")
    assert slack.press("ana", "go", home=True)["ok"]
    assert last_payload(slack, "block_actions")["view"]["type"] == "home"
    slack.open_home("ana")
    eventually(lambda: len(seen) == 2, "the second event")
    assert "view" not in seen[0]
    assert seen[1]["view"]["callback_id"] == ""
    assert seen[1]["tab"] == "home"
    assert seen[1]["channel"] == "D0ANA"


def test_shortcuts_reach_the_app(slack: Running, app: App, connect: Connect) -> None:
    @app.shortcut("check_in")
    def check_in(ack: Ack) -> None:
        ack()

    @app.shortcut("recognise")
    def recognise(ack: Ack) -> None:
        ack()

    connect(slack, app)
    assert slack.shortcut("ana", "check_in")["ok"]
    payload = last_payload(slack, "shortcut")
    assert not {"channel", "response_url"} & set(payload)
    said = slack.say("ana", "Well done", channel="#operations")
    assert slack.shortcut("jonas", "recognise", channel="#operations", ts=said["ts"])["ok"]
    payload = last_payload(slack, "message_action")
    assert payload["message"]["text"] == "Well done"
    assert payload["message_ts"] == said["ts"]
    with pytest.raises(LocalSlackError, match="no global shortcut"):
        slack.shortcut("ana", "recognise")


def test_a_select_asks_the_app_for_options(slack: Running, app: App, connect: Connect) -> None:
    element = {"type": "external_select", "action_id": "person", "min_query_length": 0}
    block = {"type": "input", "block_id": "who", "label": words("Who"), "element": element}
    open_on_command(app, modal(block))

    @app.options("person")
    def options(ack: Ack, payload: Json) -> None:
        ack(options=[{"text": words(payload["value"].upper()), "value": payload["value"]}])

    connect(slack, app)
    slack.command("ana", "/okr")
    view = slack.wait_for_modal("ana")
    answer = slack.suggest("ana", "person", "mar", view_id=view["id"])
    assert answer["options"] == [{"text": words("MAR"), "value": "mar"}]


def test_a_refused_ack_is_shown_as_a_failure(slack: Running, app: App, connect: Connect) -> None:
    @app.command("/okr")
    def answer(ack: Ack) -> None:
        ack(blocks=[{"type": "header", "text": words("x" * 151)}], text="x")

    connect(slack, app)
    assert slack.command("ana", "/okr")["failure"] == "/okr failed with the error “invalid_command_response”."


async def test_an_ack_that_is_no_message_is_an_invalid_command_response(slack: Running) -> None:
    client = AsyncWebClient("xapp-sandbox", base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert (await socket.receive_json(timeout=5))["type"] == "hello"
        for payload, failed in (([1], True), (5, True), ({"text": " "}, False), (None, False)):
            asked = asyncio.create_task(asyncio.to_thread(slack.command, "ana", "/okr"))
            envelope = await socket.receive_json(timeout=5)
            await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
            outcome = await asked
            assert ("invalid_command_response" in str(outcome["failure"])) is failed
            assert outcome.get("shown") is None


def test_nobody_uses_or_reacts_to_what_they_may_not(slack: Running) -> None:
    said = slack.say("maria", "the numbers", "#board")
    with pytest.raises(LocalSlackError, match="cannot see this channel"):
        slack.shortcut("tom", "recognise", channel="#board", ts=said["ts"])
    said = slack.say("maria", "the lamps", "#general")
    general = slack.sandbox.workspace.channels["C0GENERAL"]
    general.is_archived = True
    with pytest.raises(LocalSlackError, match="is_archived"):
        slack.react("maria", "#general", said["ts"], "tada")


def test_a_reaction_has_the_name_of_an_emoji(slack: Running) -> None:
    said = slack.say("ana", "hello")
    with pytest.raises(LocalSlackError, match="invalid_name"):
        slack.react("ana", "@bot", said["ts"], "bad name!")


def test_one_persons_slow_command_does_not_hold_up_another(start_slack: Starter, connect: Connect) -> None:
    slack = start_slack(ack_seconds=20.0)
    app = App(client=slack.client(), token_verification_enabled=False)
    entered, leave = threading.Event(), threading.Event()

    @app.command("/okr")
    def answer(ack: Ack, body: Json) -> None:
        if body["text"] == "slow":
            entered.set()
            leave.wait(20)
        ack(body["text"])

    connect(slack, app)
    outcomes: list[Json] = []
    waiting = threading.Thread(target=lambda: outcomes.append(slack.command("ana", "/okr", "slow")))
    waiting.start()
    assert entered.wait(10)
    assert slack.command("jonas", "/okr", "quick")["ack"] == {"text": "quick"}
    assert outcomes == []
    leave.set()
    waiting.join(20)
    assert outcomes[0]["ack"] == {"text": "slow"}


def test_what_a_person_types_is_escaped_and_names_become_mentions(slack: Running) -> None:
    slack.say("ana", "Thanks @Maria & @jonas, <!channel> is <b>not</b> @channel at 10:30:45 :tada:", "#operations")
    message = slack.messages("jonas", "#operations")[-1]
    assert message["text"] == (
        "Thanks <@U0MARIA> &amp; <@U0JONAS>, &lt;!channel&gt; is &lt;b&gt;not&lt;/b&gt; <!channel> at 10:30:45 :tada:"
    )
    leaves = message["blocks"][0]["elements"][0]["elements"]
    assert [leaf["type"] for leaf in leaves] == ["text", "user", "text", "user", "text", "broadcast", "text", "emoji"]
    assert leaves[4]["text"] == ", <!channel> is <b>not</b> "


def test_people_do_only_what_their_standing_allows(slack: Running) -> None:
    said = slack.say("maria", "the numbers", "#board")
    for refused, doing in (
        ("cannot see this channel", partial(slack.react, "tom", "#board", said["ts"], "eyes")),
        ("is not in this channel", partial(slack.say, "tom", "hello", "#operations")),
        ("is deactivated", partial(slack.say, "olaf", "hello", "#general")),
        ("is archived", partial(slack.say, "maria", "hello", "#old-office")),
        ("There is nobody called", partial(slack.say, "nobody", "hello")),
        ("There is no channel", partial(slack.say, "ana", "hello", "#nowhere")),
        ("There is no thread", partial(slack.say, "ana", "hello", thread_ts="1700000000.000000")),
    ):
        with pytest.raises(LocalSlackError, match=refused):
            doing()


def test_the_feedback_that_was_pressed_is_named(slack: Running) -> None:
    pair = {
        "type": "feedback_buttons",
        "action_id": "rate",
        "positive_button": {"text": words("Good"), "value": "good-feedback"},
        "negative_button": {"text": words("Bad"), "value": "bad-feedback"},
    }
    posted = slack.client().chat_postMessage(
        channel="U0ANA", text="x", blocks=[{"type": "context_actions", "elements": [pair]}]
    )
    for given in ("bad-feedback", "Bad", "negative"):
        slack.press("ana", "rate", ts=posted["ts"], value=given)
        action = last_payload(slack, "block_actions")["actions"][0]
        assert (action["type"], action["value"], action["text"]["text"]) == ("feedback_buttons", "bad-feedback", "Bad")
    with pytest.raises(LocalSlackError, match="there are: Good, Bad"):
        slack.press("ana", "rate", ts=posted["ts"], value="so-so")


def test_a_select_begins_with_the_conversation_the_modal_was_opened_in(
    slack: Running, app: App, connect: Connect
) -> None:
    def place(block_id: str, kind: str, **more: Any) -> Json:
        element = {"type": kind, "action_id": "chosen", "default_to_current_conversation": True, **more}
        return {"type": "input", "block_id": block_id, "label": words(block_id), "element": element}

    one = place("one", "conversations_select", response_url_enabled=True)
    open_on_command(app, modal(one, place("several", "multi_conversations_select")))
    app.view("check_in")(lambda ack: ack())
    connect(slack, app)
    slack.command("ana", "/okr", channel="#operations")
    view = slack.wait_for_modal("ana")
    values = view["state"]["values"]
    assert values["one"]["chosen"]["selected_conversation"] == "C0OPERATIONS"
    assert values["several"]["chosen"]["selected_conversations"] == ["C0OPERATIONS"]
    assert slack.submit("ana", view["id"])["outcome"] == "closed"
    sent = last_payload(slack, "view_submission")
    assert [url["channel_id"] for url in sent["response_urls"]] == ["C0OPERATIONS"]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ({"options": [{"text": words("x" * 76), "value": "v"}]}, "must be less than 76 characters"),
        ({"options": [{"text": words("x"), "value": f"v{n}"} for n in range(101)]}, "no more than 100 items allowed"),
        ({"options": [{"text": "x", "value": "v"}]}, "must provide an object"),
        ({"option_groups": [{"label": words("x"), "options": []}]}, "must provide at least 1 items"),
    ],
)
def test_options_slack_would_not_take_are_a_failure(
    slack: Running, app: App, connect: Connect, answer: Json, complaint: str
) -> None:
    element = {"type": "external_select", "action_id": "person"}
    block = {"type": "section", "text": words("Who"), "accessory": element}
    app.options("person")(lambda ack: ack(answer))
    connect(slack, app)
    posted = slack.client().chat_postMessage(channel="U0ANA", text="x", blocks=[block])
    outcome = slack.post("suggest", user="ana", action_id="person", value="x", ts=posted["ts"])
    assert (outcome["ok"], outcome["options"], outcome["option_groups"]) == (False, [], [])
    assert complaint in outcome["failure"]


def test_nobody_acts_after_being_deactivated(slack: Running) -> None:
    client = slack.client()
    posted = client.chat_postMessage(channel="U0ANA", text="Due", blocks=buttons(button("go")))
    slack.post("person", user="ana", changes={"deleted": True})
    for doing in (
        partial(slack.press, "ana", "go", ts=posted["ts"]),
        partial(slack.command, "ana", "/okr"),
        partial(slack.open_home, "ana"),
        partial(slack.shortcut, "ana", "check_in"),
        partial(slack.react, "ana", "@bot", posted["ts"], "eyes"),
        partial(slack.post, "join", user="maria", channel="#operations", invite="ana"),
    ):
        with pytest.raises(LocalSlackError, match="is deactivated"):
            doing()
