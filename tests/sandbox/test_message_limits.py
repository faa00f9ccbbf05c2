"""What does not fit into a message or view, beyond the shape of its blocks: sizes, counts, pictures."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.expansion import expanded_kinds
from bot.sandbox.images import is_on_loopback, looks_public
from bot.sandbox.tickets import RESPONSE_USES
from tests.sandbox.conftest import Running

Json = dict[str, Any]

TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"


def markdown(text: str) -> Json:
    return {"type": "markdown", "text": text}


def image(address: str) -> Json:
    return {"type": "image", "image_url": address, "alt_text": "Progress"}


def refused(slack: Running, **message: Any) -> Json:
    """What a post that Slack does not take is answered."""
    with pytest.raises(SlackApiError) as error:
        slack.client().chat_postMessage(channel="U0ANA", **message)
    body: Json = error.value.response.data
    return body


# -- text ------------------------------------------------------------------------------------------------------------


def test_a_text_above_forty_thousand_characters_is_cut_with_a_warning(slack: Running) -> None:
    slack.post("limits", split_long_texts=False)
    answer = slack.client().chat_postMessage(channel="U0ANA", text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]
    assert [len(one["text"]) for one in slack.messages("ana")] == [40_000]


def test_a_long_text_stays_whole_where_splitting_is_switched_off(slack: Running) -> None:
    slack.post("limits", split_long_texts=False)
    slack.client().chat_postMessage(channel="U0ANA", text="x" * 4_041)
    assert [len(one["text"]) for one in slack.messages("ana")] == [4_041]
    assert slack.workspace()["rate_limits"]


def test_a_long_text_with_blocks_is_not_split(slack: Running) -> None:
    slack.client().chat_postMessage(channel="U0ANA", text="x" * 5_000, blocks=[{"type": "divider"}])
    assert len(slack.messages("ana")) == 1


def test_an_edit_takes_four_thousand_characters(slack: Running) -> None:
    client = slack.client()
    ts = str(client.chat_postMessage(channel="U0ANA", text="x")["ts"])
    assert client.chat_update(channel="D0ANA", ts=ts, text="x" * 4_000)["ok"]
    with pytest.raises(SlackApiError, match="msg_too_long"):
        client.chat_update(channel="D0ANA", ts=ts, text="x" * 4_001)


@pytest.mark.parametrize(("size", "fits"), [(8_000, True), (8_300, False)])
def test_metadata_takes_eight_kilobytes(slack: Running, size: int, fits: bool) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"key": "x" * size}}
    if fits:
        assert slack.client().chat_postMessage(channel="U0ANA", text="x", metadata=metadata)["ok"]
    else:
        assert refused(slack, text="x", metadata=metadata)["error"] == "metadata_too_large"


# -- markdown --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("just words\n\nand more", ["rich_text"]),
        ("# Week 41\nwords\n---\n- one\n- two", ["header", "rich_text", "divider", "rich_text"]),
        (f"before\n{TABLE}after", ["rich_text", "table", "rich_text"]),
        ("```\n# no heading\n---\n```", ["rich_text"]),
        ("![chart](https://example.com/a.png)", ["image"]),
        ("", []),
    ],
)
def test_markdown_becomes_blocks(text: str, kinds: list[str]) -> None:
    assert expanded_kinds(text) == kinds


def test_blocks_are_counted_after_markdown_became_blocks(slack: Running) -> None:
    sections = "".join(f"# Heading {number}\nwords\n" for number in range(25))
    assert slack.client().chat_postMessage(channel="U0ANA", text="x", blocks=[markdown(sections)])["ok"]
    body = refused(slack, text="x", blocks=[markdown(sections), {"type": "divider"}])
    assert (body["error"], body["errors"]) == (
        "invalid_blocks",
        ["no more than 50 items allowed [json-pointer:/blocks]"],
    )


def test_a_message_has_one_table_also_in_markdown(slack: Running) -> None:
    assert slack.client().chat_postMessage(channel="U0ANA", text="x", blocks=[markdown(TABLE)])["ok"]
    assert refused(slack, text="x", blocks=[markdown(TABLE), markdown(TABLE)])["error"] == "invalid_attachments"
    cells = [[{"type": "raw_text", "text": "a"}]]
    table = {"type": "table", "rows": cells}
    body = refused(slack, text="x", blocks=[table, table])
    assert body["error"] == "invalid_attachments"
    assert "only_one_table_allowed" in body["response_metadata"]["messages"][0]
    assert refused(slack, text="x", blocks=[table, markdown(TABLE)])["error"] == "invalid_attachments"


# -- pictures --------------------------------------------------------------------------------------------------------


class Pictures(BaseHTTPRequestHandler):
    """`/chart.png` is a picture, `/page` is none, `/moved` leads elsewhere."""

    asked: list[str] = []  # noqa: RUF012 - one list for the whole server is meant

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status = {"/chart.png": 200, "/page": 200, "/moved": 302}.get(self.path, 404)
        self.send_response(status)
        self.send_header("Content-Type", "image/png" if self.path == "/chart.png" else "text/html")
        if status == 302:
            self.send_header("Location", "/chart.png")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def pictures() -> Iterator[str]:
    Pictures.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_picture_on_loopback_is_asked_for(slack: Running, pictures: str) -> None:
    client = slack.client()
    assert client.chat_postMessage(channel="U0ANA", text="x", blocks=[image(f"{pictures}/chart.png")])["ok"]
    for path in ("/page", "/moved", "/nothing"):
        body = refused(slack, text="x", blocks=[{"type": "divider"}, image(pictures + path)])
        assert body["error"] == "invalid_blocks"
        assert body["errors"] == ["downloading image failed [json-pointer:/blocks/1/image_url]"]
        assert body["response_metadata"]["messages"] == [f"[ERROR] {body['errors'][0]}"]
    assert Pictures.asked == ["/chart.png", "/page", "/moved", "/nothing"]


def test_a_picture_behind_a_closed_port_cannot_be_downloaded(slack: Running) -> None:
    body = refused(slack, text="x", blocks=[image("http://127.0.0.1:9/chart.png")])
    assert body["errors"] == ["downloading image failed [json-pointer:/blocks/0/image_url]"]


def test_pictures_inside_other_blocks_and_views_are_looked_at_too(slack: Running) -> None:
    private = "http://intranet/chart.png"
    context = {"type": "context", "elements": [image(private), {"type": "plain_text", "text": "x"}]}
    assert refused(slack, text="x", blocks=[context])["errors"] == [
        "downloading image failed [json-pointer:/blocks/0/elements/0/image_url]"
    ]
    with pytest.raises(SlackApiError) as error:
        slack.client().views_publish(user_id="U0ANA", view={"type": "home", "blocks": [image(private)]})
    assert error.value.response["error"] == "invalid_arguments"
    assert error.value.response["response_metadata"]["messages"] == [
        "[ERROR] downloading image failed [json-pointer:/view/blocks/0/image_url]"
    ]


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("https://example.com/a.png", True),
        ("https://cdn.okr.example.org/a.png?x=1", True),
        ("http://8.8.8.8/a.png", True),
        ("http://intranet/a.png", False),
        ("http://10.1.2.3/a.png", False),
        ("http://192.168.0.7:8080/a.png", False),
        ("http://169.254.169.254/latest", False),
        ("http://[fe80::1]/a.png", False),
        ("http://charts.internal/a.png", False),
        ("http://printer.local/a.png", False),
        ("http://app.localhost/a.png", False),
        ("http://[not an address/a.png", False),
    ],
)
def test_other_addresses_are_judged_by_their_look(address: str, reachable: bool) -> None:
    assert looks_public(address) is reachable
    assert not is_on_loopback(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_only_this_computer_is_loopback(host: str) -> None:
    assert is_on_loopback(f"http://{host}:8065/a.png")


# -- response_url ----------------------------------------------------------------------------------------------------


def use(slack: Running, key: str, **payload: Any) -> tuple[int, str]:
    request = urllib.request.Request(
        slack.sandbox.response_url(key),
        data=json.dumps(payload).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_refused_answer_to_a_response_url_is_not_counted(slack: Running) -> None:
    key = slack.sandbox.tickets.issue_url("U0ANA", "C0OPERATIONS")
    bad = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    for _ in range(RESPONSE_USES):
        assert use(slack, key, text="x", blocks=bad) == (400, "invalid_blocks")
        assert use(slack, key, blocks=[image("http://intranet/a.png")]) == (400, "invalid_blocks")
        assert use(slack, key) == (400, "no_text")
    for number in range(RESPONSE_USES):
        assert use(slack, key, text=str(number))[0] == 200
    assert use(slack, key, text="one too many")[0] == 404
    assert [one["text"] for one in slack.messages("ana", "#operations")] == ["0", "1", "2", "3", "4"]


def test_a_response_url_answers_in_a_thread_only_for_everybody(slack: Running) -> None:
    parent = str(slack.client().chat_postMessage(channel="C0OPERATIONS", text="Digest")["ts"])
    key = slack.sandbox.tickets.issue_url("U0ANA", "C0OPERATIONS")
    use(slack, key, text="for all", response_type="in_channel", replace_original=False, thread_ts=parent)
    use(slack, key, text="for ana", thread_ts=parent)
    assert [one["text"] for one in slack.messages("jonas", "#operations", thread_ts=parent)] == ["Digest", "for all"]
    assert slack.messages("ana", "#operations")[-1]["text"] == "for ana"


def test_a_command_left_nothing_that_could_be_deleted(slack: Running) -> None:
    key = slack.sandbox.tickets.issue_url("U0ANA", "C0OPERATIONS")
    assert use(slack, key, delete_original=True) == (400, "invalid_payload")


def test_a_response_url_lives_half_an_hour(slack: Running) -> None:
    key = slack.sandbox.tickets.issue_url("U0ANA", "C0OPERATIONS")
    slack.real_time.pass_by(29 * 60)
    assert use(slack, key, text="in time")[0] == 200
    slack.real_time.pass_by(2 * 60)
    assert use(slack, key, text="too late")[0] == 404


# -- views -----------------------------------------------------------------------------------------------------------


def test_a_view_above_250_kilobytes_is_too_large(slack: Running) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}
    client = slack.client()
    client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [section] * 80})
    with pytest.raises(SlackApiError, match="view_too_large"):
        client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [section] * 90})


def test_pictures_in_the_answer_to_a_form_and_a_command_are_looked_at_too(
    slack: Running, app: App, connect: Callable[[Running, App], None], pictures: str
) -> None:
    def modal(address: str) -> Json:
        title = {"type": "plain_text", "text": "Chart"}
        return {"type": "modal", "callback_id": "chart", "title": title, "submit": title, "blocks": [image(address)]}

    @app.command("/okr")
    def open_chart(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(f"{pictures}/chart.png"))

    @app.command("/plain")
    def show_chart(ack: Ack) -> None:
        ack(text="x", blocks=[image(f"{pictures}/nothing")])

    @app.view("chart")
    def update(ack: Ack) -> None:
        ack(response_action="update", view=modal("http://intranet/chart.png"))

    connect(slack, app)
    assert slack.command("ana", "/okr")["ok"]
    opened = slack.wait_for_modal("ana", "Chart")
    outcome = slack.submit("ana", opened["id"])
    assert outcome["outcome"] == "failure"
    assert "downloading image failed [json-pointer:/view/blocks/0/image_url]" in outcome["failure"]
    assert "invalid_command_response" in slack.command("ana", "/plain")["failure"]
