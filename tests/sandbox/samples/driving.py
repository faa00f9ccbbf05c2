"""One round through everything a local Slack can be asked and told, keeping every JSON it sends."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.api import METHODS
from bot.sandbox.dispatch import Ack, NoAck
from tests.sandbox.conftest import Running

Json = dict[str, Any]


def words(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    """An option called like its value."""
    return {"text": words(value), "value": value}


class Listening:
    """Takes the place of the app: acknowledges everything, with `answer` where one is set, and keeps it."""

    connected = True

    def __init__(self) -> None:
        self.received: list[tuple[str, Json]] = []
        self.answer: Any = None

    async def deliver(self, kind: str, payload: Json, *, attempt: int, reason: str, within: float) -> Ack | NoAck:
        """Keep a payload and acknowledge it; an answer is given once."""
        self.received.append((kind, json.loads(json.dumps(payload))))
        said = None
        if kind != "events_api":
            said, self.answer = self.answer, None
        return Ack(said)

    def last(self) -> Json:
        """The newest interaction or command."""
        return next(payload for kind, payload in reversed(self.received) if kind != "events_api")


@dataclass
class Round:
    """The local Slack, the app's ear, and the answers of the Web API by method."""

    slack: Running
    app: Listening = field(default_factory=Listening)
    answers: list[tuple[str, Json]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.slack.sandbox.dispatch.transports.insert(0, self.app)

    def call(self, method: str, **arguments: Any) -> Json:
        """One call of the Web API; its answer is kept, refusals too."""
        token = "xapp-sandbox" if method == "apps.connections.open" else "xoxb-sandbox"
        request = urllib.request.Request(
            self.slack.api_url + method,
            urllib.parse.urlencode({name: _in_a_form(value) for name, value in arguments.items()}).encode(),
            {"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=20) as response:
            answer: Json = json.load(response)
        self.answers.append((method, answer))
        return answer

    def do(self, method: str, **arguments: Any) -> Json:
        """A call that must succeed."""
        answer = self.call(method, **arguments)
        assert answer["ok"], f"{method}: {answer}"
        return answer

    def trigger(self) -> str:
        """The trigger of the newest interaction."""
        return str(self.app.last()["trigger_id"])


def _in_a_form(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


ELEMENTS: tuple[Json, ...] = (
    {"type": "button", "text": words("Go"), "value": "v", "style": "primary"},
    {"type": "static_select", "options": [option("one"), option("two")], "placeholder": words("Choose")},
    {"type": "users_select", "initial_user": "U0ANA"},
    {"type": "conversations_select"},
    {"type": "channels_select"},
    {"type": "datepicker", "initial_date": "2026-10-05"},
    {"type": "timepicker", "initial_time": "09:00"},
    {"type": "datetimepicker"},
    {"type": "checkboxes", "options": [option("one")]},
    {"type": "radio_buttons", "options": [option("one")]},
    {"type": "overflow", "options": [option("one"), option("two")]},
    {"type": "multi_static_select", "options": [option("one")]},
    {"type": "multi_users_select"},
    {"type": "multi_conversations_select"},
    {"type": "multi_channels_select"},
    {"type": "external_select", "min_query_length": 1},
)

GIVEN = {
    "button": None,
    "static_select": "one",
    "users_select": "U0ANA",
    "conversations_select": "C0GENERAL",
    "channels_select": "C0GENERAL",
    "datepicker": "2026-10-06",
    "timepicker": "10:00",
    "datetimepicker": 1_790_000_000,
    "checkboxes": ["one"],
    "radio_buttons": "one",
    "overflow": "two",
    "multi_static_select": ["one"],
    "multi_users_select": ["U0ANA"],
}


def message_blocks() -> list[Json]:
    """A message with a block of most kinds."""
    rows = [_row(f"row{at}", {**element, "action_id": f"a{at}"}) for at, element in enumerate(ELEMENTS)]
    leaf = {"type": "text", "text": "rich", "style": {"bold": True}}
    return [
        {"type": "header", "text": words("Header")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*s*"}, "fields": [words("f")]},
        {"type": "section", "text": words("s"), "accessory": {**ELEMENTS[0], "action_id": "accessory"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}]},
        {"type": "divider"},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]},
        *rows,
    ]


def _row(block_id: str, element: Json) -> Json:
    if element["type"].startswith("multi_"):
        return {"type": "section", "block_id": block_id, "text": words("s"), "accessory": element}
    return {"type": "actions", "block_id": block_id, "elements": [element]}


def modal(**more: Any) -> Json:
    """A modal with an input of every kind that asks to be told when it is closed."""
    inputs: list[Json] = [{"type": "plain_text_input"}, {"type": "number_input", "is_decimal_allowed": True}]
    inputs += [{"type": "email_text_input"}, {"type": "url_text_input"}, {"type": "rich_text_input"}]
    inputs += [element for element in ELEMENTS if element["type"] not in ("button", "overflow")]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": words("Form"),
        "submit": words("Send"),
        "close": words("Cancel"),
        "notify_on_close": True,
        "private_metadata": "m",
        "blocks": [
            {
                "type": "input",
                "block_id": f"b{at}",
                "label": words(f"Label {at}"),
                "optional": True,
                "dispatch_action": at == 0,
                "element": {**element, "action_id": "a"},
            }
            for at, element in enumerate(inputs)
        ],
        **more,
    }


def read_everything(one: Round) -> None:
    """The methods that only read."""
    for method, arguments in READING.items():
        if method in METHODS:
            one.do(method, **arguments)


READING: dict[str, Json] = {
    "api.test": {"foo": "bar"},
    "auth.test": {},
    "apps.connections.open": {},
    "team.info": {},
    "bots.info": {},
    "users.list": {"include_locale": True, "limit": 2},
    "users.info": {"user": "U0ANA", "include_locale": True},
    "users.conversations": {"types": "public_channel,private_channel,im"},
    "users.lookupByEmail": {"email": "ana@harbour-lamps.example"},
    "users.profile.get": {"user": "U0ANA"},
    "users.getPresence": {"user": "U0ANA"},
    "usergroups.list": {"include_users": True},
    "conversations.list": {"types": "public_channel,private_channel,im", "limit": 3},
    "dnd.info": {"user": "U0ANA"},
    "dnd.teamInfo": {"users": "U0ANA,U0JONAS"},
}


def converse(one: Round) -> None:
    """Channels and messages, by the app and by people."""
    slack, call = one.slack, one.do
    call("conversations.join", channel="C0SALES")
    call("conversations.join", channel="C0GENERAL")
    slack.post("leave", user="jonas", channel="C0GENERAL")
    slack.post("join", user="jonas", channel="C0GENERAL")
    for where in ("conversations.info", "conversations.members"):
        call(where, channel="C0GENERAL", include_num_members=True)
    dm = call("conversations.open", users="U0ANA", return_im=True)["channel"]["id"]
    call("conversations.open", users="U0JONAS")
    call("conversations.info", channel=dm)
    metadata = {"event_type": "delivery", "event_payload": {"key": "k"}}
    said = slack.say("ana", "hello <@U0JONAS> :tada: https://example.com", "#general")
    posted = call("chat.postMessage", channel="C0GENERAL", text="t", blocks=message_blocks(), metadata=metadata)
    reply = call("chat.postMessage", channel="C0GENERAL", text="r", thread_ts=posted["ts"], reply_broadcast=True)
    slack.say("ana", "answer", "#general", thread_ts=posted["ts"])
    slack.say("ana", "to the app")
    slack.say("ana", "<@U0SANDBOXBOT> hello", "#general")
    call("chat.postMessage", channel="U0ANA", attachments=[{"color": "#36a64f", "text": "attached", "fallback": "a"}])
    call("chat.postEphemeral", channel="C0GENERAL", user="U0ANA", text="only you")
    call("chat.update", channel="C0GENERAL", ts=posted["ts"], text="edited")
    call("chat.update", channel="C0GENERAL", ts=reply["ts"], text="edited", metadata={})
    slack.post("edit", user="ana", channel="C0GENERAL", ts=said["ts"], text="better")
    for name in ("tada", "thumbsup::skin-tone-3"):
        slack.react("ana", "#general", posted["ts"], name)
    slack.unreact("ana", "#general", posted["ts"], "tada")
    if "reactions.add" in METHODS:
        for method in ("reactions.add", "reactions.get", "reactions.remove"):
            call(method, channel="C0GENERAL", timestamp=posted["ts"], name="eyes")
    call("chat.getPermalink", channel="C0GENERAL", message_ts=reply["ts"])
    call("conversations.history", channel="C0GENERAL", include_all_metadata=True, oldest="1", limit=4)
    call("conversations.history", channel=dm)
    call("conversations.replies", channel="C0GENERAL", ts=posted["ts"], limit=1)
    press_everything(one, str(posted["ts"]))
    slack.shortcut("ana", "recognise", channel="C0GENERAL", ts=posted["ts"])
    call("chat.delete", channel="C0GENERAL", ts=reply["ts"])
    slack.post("delete", user="ana", channel="C0GENERAL", ts=said["ts"])
    long = call("chat.postMessage", channel="C0GENERAL", text="x" * 40_001)
    assert long["ok"]


def press_everything(one: Round, ts: str) -> None:
    """Every element in a message."""
    one.do("chat.update", channel="C0GENERAL", ts=ts, blocks=message_blocks(), text="t")
    for at, element in enumerate(ELEMENTS):
        if element["type"] in GIVEN:
            given = {} if GIVEN[element["type"]] is None else {"value": GIVEN[element["type"]]}
            one.slack.press("ana", f"a{at}", channel="C0GENERAL", ts=ts, **given)
    one.app.answer = {"options": [option("found")]}
    one.slack.suggest("ana", f"a{len(ELEMENTS) - 1}", "fo", channel="C0GENERAL", ts=ts)


def fill_in_forms(one: Round) -> None:
    """Modals and Home, opened, changed, submitted in every way, and closed."""
    slack, call = one.slack, one.do
    slack.command("ana", "/okr", "show", "#general")
    view = call("views.open", trigger_id=one.trigger(), view=modal(external_id="mine"))["view"]
    call("views.update", view_id=view["id"], hash=view["hash"], view=modal())
    slack.change("ana", view["id"], "a", "typed", block_id="b0")
    pushed = call("views.push", trigger_id=one.trigger(), view=modal())["view"]
    slack.close("ana", pushed["id"])
    one.app.answer = {"response_action": "errors", "errors": {"b0": "No."}}
    slack.submit("ana", view["id"], {"Label 1": "3.5", "Label 4": "rich"})
    one.app.answer = {"response_action": "push", "view": modal()}
    slack.submit("ana", view["id"])
    slack.close("ana", slack.stack("ana")[-1]["id"], everything=True)
    home = {"type": "home", "blocks": message_blocks()[:3]}
    slack.open_home("ana")
    call("views.publish", user_id="U0ANA", view=home)
    slack.open_home("ana")
    slack.open_home("ana", "messages")
    slack.press("ana", "accessory", home=True)
    slack.shortcut("ana", "check_in")


def change_people(one: Round) -> None:
    """Somebody joins, somebody changes, somebody is deactivated."""
    one.slack.add_person(name="New Person")
    one.slack.change_person("jonas", title="Head", status_text="out", status_emoji=":palm_tree:")
    one.slack.change_person("maria", dnd_start="22:00", dnd_end="07:00")
    one.slack.change_person("jonas", deleted=True)
    one.call("users.info", user="U0JONAS")


def be_refused(one: Round) -> None:
    """Calls that are answered with an error."""
    one.call("chat.postMessage", channel="C0GENERAL", blocks=[{"type": "section", "text": words("")}])
    one.call("chat.postMessage")
    one.call("views.open", trigger_id="1.2.3", view={"type": "modal"})
    one.call("views.publish", user_id="U0ANA", view={"type": "home", "blocks": [{"type": "nonsense"}]})
    one.call("users.info", user="U0NOBODY")
    one.call("conversations.history", channel="C0NOWHERE")
    one.call("api.test", error="my_error")


def change_channels(one: Round) -> None:
    """Methods that make and change channels."""
    if "conversations.create" in METHODS:
        made = one.call("conversations.create", name="fresh")["channel"]["id"]
        one.call("conversations.invite", channel=made, users="U0ANA")
    groups = one.call("usergroups.list")["usergroups"]
    one.call("usergroups.users.list", usergroup=groups[0]["id"] if groups else "S0NONE")


def share_a_file(one: Round) -> None:
    """The three steps of an upload, then a look at the file."""
    if "files.getUploadURLExternal" not in METHODS:
        return
    place = one.call("files.getUploadURLExternal", filename="figures.csv", length=9)
    request = urllib.request.Request(place["upload_url"], b"a,b\n1,2\n\n", {"Content-Type": "text/csv"})
    with urllib.request.urlopen(request, timeout=20):
        pass
    one.call(
        "files.completeUploadExternal", files=[{"id": place["file_id"], "title": "Figures"}], channel_id="C0GENERAL"
    )
    one.call("files.info", file=place["file_id"])


def leave(one: Round) -> None:
    """The app is uninstalled."""
    one.slack.post("uninstall")
    one.call("auth.test")


STEPS: tuple[Callable[[Round], None], ...] = (
    read_everything,
    converse,
    fill_in_forms,
    change_channels,
    share_a_file,
    be_refused,
    change_people,
    leave,
)
