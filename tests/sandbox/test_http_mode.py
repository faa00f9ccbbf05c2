"""Signed HTTP delivery to an unmodified Bolt app's own little server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient

from tests.local_slack import eventually
from tests.sandbox.conftest import Running, Starter

Json = dict[str, Any]


class Endpoint:
    """An HTTP server that hands every request to a Bolt app and can be told to fail first."""

    def __init__(self) -> None:
        self.app: App | None = None
        self.seen: list[dict[str, str]] = []
        self.failures: list[tuple[int, dict[str, str]]] = []
        self.hold: threading.Event | None = None
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                endpoint.seen.append({name.lower(): value for name, value in self.headers.items()})
                if endpoint.hold is not None:
                    endpoint.hold.wait(10)
                if endpoint.failures:
                    status, headers = endpoint.failures.pop(0)
                    self.answer(status, headers, "")
                    return
                assert endpoint.app is not None
                answer = endpoint.app.dispatch(BoltRequest(body=body, headers=dict(self.headers.items())))
                headers = {name: values[0] for name, values in answer.headers.items()}
                self.answer(answer.status, headers, answer.body)

            def answer(self, status: int, headers: dict[str, str], body: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(BrokenPipeError):  # whoever asked may have given up
                    self.wfile.write(body.encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def http_slack(start_slack: Starter, endpoint: Endpoint) -> Running:
    slack = start_slack(request_url=endpoint.url, ack_seconds=5.0)
    client = WebClient("xoxb-sandbox", base_url=slack.api_url)
    endpoint.app = App(client=client, signing_secret="sandbox", token_verification_enabled=False)
    return slack


def test_a_signed_command_and_its_answer_travel_over_http(http_slack: Running, endpoint: Endpoint) -> None:
    assert endpoint.app is not None

    @endpoint.app.command("/okr")
    def answer(ack: Ack, body: Json) -> None:
        ack(f"You said {body['text']}")

    assert http_slack.command("ana", "/okr", "help")["ok"]
    assert http_slack.messages("ana")[-1]["text"] == "You said help"


def test_the_request_url_is_verified(http_slack: Running) -> None:
    assert http_slack.post("verify-url") == {"ok": True}


def test_a_wrong_secret_is_no_ack(http_slack: Running) -> None:
    http_slack.sandbox.team.signing_secret = "another"
    assert http_slack.command("ana", "/okr")["failure"] == "The app answered with status 401."


def test_an_event_that_fails_comes_again_with_its_number_and_reason(http_slack: Running, endpoint: Endpoint) -> None:
    heard: list[Json] = []
    assert endpoint.app is not None
    endpoint.app.event("message")(lambda body: heard.append(body))
    endpoint.failures = [(500, {})]
    http_slack.say("ana", "hello")
    eventually(lambda: heard, "the second attempt")
    assert "x-slack-retry-num" not in endpoint.seen[0]
    assert endpoint.seen[1]["x-slack-retry-num"] == "1"
    assert endpoint.seen[1]["x-slack-retry-reason"] == "http_error"


def test_an_app_may_decline_repetition(http_slack: Running, endpoint: Endpoint) -> None:
    endpoint.failures = [(500, {"x-slack-no-retry": "1"})]
    http_slack.say("ana", "hello")
    eventually(lambda: endpoint.seen, "the first attempt")
    http_slack.command("ana", "/okr")
    events = http_slack.calls(kind="event")
    assert [(one["attempt"], one["failure"]) for one in events] == [(0, "The app answered with status 500.")]


def test_the_certificate_probe_is_answered_whatever_the_app_does(http_slack: Running, endpoint: Endpoint) -> None:
    assert http_slack.post("ssl-check") == {"ok": True}
    endpoint.failures = [(500, {})]
    assert http_slack.post("ssl-check") == {"ok": False}


def test_a_request_url_that_does_not_return_the_challenge_is_not_verified(
    http_slack: Running, endpoint: Endpoint
) -> None:
    endpoint.failures = [(200, {})]
    assert http_slack.post("verify-url") == {"ok": False}


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ([(307, {"Location": "/slack/events"})] * 3, "too_many_redirects"),
        ([(404, {})], "http_error"),
    ],
)
def test_a_retry_says_what_went_wrong_before(
    http_slack: Running, endpoint: Endpoint, failure: list[tuple[int, dict[str, str]]], reason: str
) -> None:
    heard: list[Json] = []
    assert endpoint.app is not None
    endpoint.app.event("message")(lambda body: heard.append(body))
    endpoint.failures = failure
    http_slack.say("ana", "hello")
    eventually(lambda: heard, "the second attempt")
    assert endpoint.seen[-1]["x-slack-retry-reason"] == reason
    assert endpoint.seen[-1]["x-slack-retry-num"] == "1"


@pytest.mark.parametrize("failures", [[(307, {"Location": "/slack/events"})] * 2, [(201, {})], [(204, {})]])
def test_two_redirects_and_any_success_acknowledge_an_event(
    http_slack: Running, endpoint: Endpoint, failures: list[tuple[int, dict[str, str]]]
) -> None:
    assert endpoint.app is not None
    endpoint.app.event("message")(lambda body: None)
    endpoint.failures = list(failures)
    http_slack.say("ana", "hello")
    eventually(lambda: http_slack.calls(kind="event")[0]["answer"], "the ack")
    assert [one["failure"] for one in http_slack.calls(kind="event")] == [None]


def test_an_interaction_is_acknowledged_with_200_alone(http_slack: Running, endpoint: Endpoint) -> None:
    endpoint.failures = [(201, {})]
    assert http_slack.command("ana", "/okr")["failure"] == "The app answered with status 201."


def test_a_certificate_that_is_none_is_named_as_the_reason(start_slack: Starter, endpoint: Endpoint) -> None:
    slack = start_slack(request_url=endpoint.url.replace("http:", "https:"), ack_seconds=5.0)
    slack.say("ana", "hello")
    failed = eventually(lambda: [one for one in slack.calls(kind="event") if one["failure"]], "a failure")
    assert failed[0]["failure"] == "The app's Request URL has no certificate that can be trusted."


def test_a_slow_app_is_asked_again_because_of_the_time(http_slack: Running, endpoint: Endpoint) -> None:
    heard: list[Json] = []
    first_is_slow = threading.Event()
    assert endpoint.app is not None
    endpoint.app.event("message")(lambda body: heard.append(body))
    endpoint.hold = first_is_slow
    http_slack.expect_no_ack()
    http_slack.say("ana", "hello")
    eventually(lambda: http_slack.calls(kind="event")[0]["failure"], "the first attempt to be given up")
    http_slack.sandbox.dispatch.ack_seconds = 5.0
    first_is_slow.set()
    eventually(lambda: any("x-slack-retry-reason" in one for one in endpoint.seen), "the second attempt")
    again = next(one for one in endpoint.seen if "x-slack-retry-reason" in one)
    assert (again["x-slack-retry-num"], again["x-slack-retry-reason"]) == ("1", "http_timeout")


def test_an_app_that_is_not_there_is_asked_again_three_times(start_slack: Starter) -> None:
    slack = start_slack(request_url="http://127.0.0.1:9/slack/events", ack_seconds=5.0)
    slack.say("ana", "hello")
    eventually(lambda: len([one for one in slack.calls(kind="event") if one["failure"]]) == 4, "four attempts")
    assert {one["failure"] for one in slack.calls(kind="event")} == {"The app's Request URL cannot be reached."}
