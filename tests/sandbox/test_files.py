"""Uploading a file in three steps, and using it once it has been processed."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.local_slack import LocalSlack, LocalSlackError, eventually
from tests.sandbox.conftest import SCOPES, Running, Starter, manifest

Json = dict[str, Any]

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
    "0000000049454e44ae426082"
)


@pytest.fixture
def slack(start_slack: Starter) -> Running:
    return start_slack(manifest=manifest(scopes=(*SCOPES, "files:write", "files:read")), processing_seconds=0.0)


def uploaded(client: WebClient, name: str = "progress.png", content: bytes = PIXEL) -> str:
    """The id of a file whose bytes were sent, not completed."""
    expected = client.files_getUploadURLExternal(filename=name, length=len(content))
    with urllib.request.urlopen(urllib.request.Request(str(expected["upload_url"]), data=content), timeout=5) as answer:
        assert answer.read() == f"OK - {len(content)}".encode()
    return str(expected["file_id"])


def picture(reference: Json) -> list[Json]:
    return [{"type": "image", "slack_file": reference, "alt_text": "Progress"}]


def test_the_sync_client_uploads_and_shares_a_picture_in_one_call(slack: Running) -> None:
    answer = slack.client().files_upload_v2(
        content=PIXEL, filename="progress.png", title="Progress", channel="C0OPERATIONS", initial_comment="This week"
    )
    file_id = answer["file"]["id"]
    message = slack.wait_for_message("ana", "This week", "#operations")
    assert [one["id"] for one in message["files"]] == [file_id]
    assert message["files"][0]["mimetype"] == "image/png"
    shown = slack.client().files_info(file=file_id)["file"]
    assert shown["shares"]["public"]["C0OPERATIONS"][0]["ts"] == message["ts"]
    assert shown["channels"] == ["C0OPERATIONS"]
    with urllib.request.urlopen(shown["url_private"], timeout=5) as picture_again:
        assert picture_again.read() == PIXEL
        assert picture_again.headers["Content-Type"] == "image/png"


async def test_the_async_client_uploads_into_a_dm(slack: Running) -> None:
    client = AsyncWebClient("xoxb-sandbox", base_url=slack.api_url)
    dm = (await client.conversations_open(users="U0ANA"))["channel"]["id"]
    parent = await client.chat_postMessage(channel=dm, text="Your export")
    await client.files_upload_v2(
        content="KR;value\n", filename="export.csv", channel=dm, thread_ts=str(parent["ts"]), initial_comment="here"
    )
    thread = eventually(lambda: slack.messages("ana", thread_ts=str(parent["ts"]))[1:], "the file in the thread")
    assert thread[0]["files"][0]["filetype"] == "csv"


def test_a_share_is_a_message_of_its_own_that_the_answer_does_not_name(slack: Running) -> None:
    slack.post("limits", processing_seconds=3600)
    client = slack.client()
    file_id = uploaded(client)
    answer = client.files_completeUploadExternal(files=[{"id": file_id}], channel_id="C0OPERATIONS")
    assert answer["files"][0]["shares"] == {}
    completed: Json = answer["files"][0]
    assert completed["mimetype"] == ""
    assert slack.messages("ana", "#operations") == []


def test_an_image_block_takes_a_file_only_once_it_is_processed(slack: Running) -> None:
    slack.post("limits", processing_seconds=3600)
    client = slack.client()
    file_id = uploaded(client)
    client.files_completeUploadExternal(files=[{"id": file_id, "title": "Progress"}])
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="U0ANA", text="x", blocks=picture({"id": file_id}))
    assert refused.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    slack.post("limits", processing_seconds=0)
    ready = uploaded(client)
    client.files_completeUploadExternal(files=[{"id": ready}])
    eventually(lambda: client.files_info(file=ready)["file"]["mimetype"], "the processing")
    posted = client.chat_postMessage(channel="U0ANA", text="x", blocks=picture({"id": ready}))
    address = posted["message"]["blocks"][0]["slack_file"]["url"]
    assert client.chat_postMessage(channel="U0ANA", text="x", blocks=picture({"url": address}))["ok"]


def test_a_file_that_is_no_picture_is_no_image_block(slack: Running) -> None:
    client = slack.client()
    file_id = uploaded(client, "export.csv", b"a;b")
    client.files_completeUploadExternal(files=[{"id": file_id}])
    eventually(lambda: client.files_info(file=file_id)["file"]["mimetype"], "the processing")
    with pytest.raises(SlackApiError, match="invalid slack file"):
        client.chat_postMessage(channel="U0ANA", text="x", blocks=picture({"id": file_id}))
    with pytest.raises(SlackApiError, match="invalid slack file"):
        client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": picture({"id": "F0NOTHING"})})


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a.png", "length": 0}, "missing_argument"),
        ({"length": 5}, "missing_argument"),
        ({"filename": "a.png", "length": 5, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"filename": "a.py", "length": 2_000_000, "snippet_type": "python"}, "snippet_too_large"),
    ],
)
def test_an_upload_that_makes_no_sense_is_refused(slack: Running, arguments: Json, error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        slack.client().api_call("files.getUploadURLExternal", params=arguments)


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": "C0BOARD"}, "channel_not_found"),
        ({"channel_id": "C0SALES"}, "not_in_channel"),
        ({"channels": ["C0OPERATIONS", "C0SALES"]}, "not_in_channel"),
    ],
)
def test_a_file_is_shared_only_where_the_app_is(slack: Running, place: Json, error: str) -> None:
    client = slack.client()
    with pytest.raises(SlackApiError, match=error):
        client.files_completeUploadExternal(files=[{"id": uploaded(client)}], **place)


def test_a_file_is_completed_once_and_only_after_its_bytes(slack: Running) -> None:
    client = slack.client()
    waiting = client.files_getUploadURLExternal(filename="a.png", length=3)
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": str(waiting["file_id"])}])
    file_id = uploaded(client)
    client.files_completeUploadExternal(files=[{"id": file_id}])
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": file_id}])
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_info(file="F0NOTHING")


def test_bytes_are_taken_once_at_their_own_address(slack: Running) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{slack.url}/upload/v1/nonsense", data=b"x", timeout=5)


def test_a_file_keeps_its_name_whatever_it_is(slack: Running) -> None:
    client = slack.client()
    file_id = uploaded(client, "Q3/Übersicht & mehr?.csv", b"a;b")
    client.files_completeUploadExternal(files=[{"id": file_id}])
    shown = client.files_info(file=file_id)["file"]
    assert shown["name"] == "Q3/Übersicht & mehr?.csv"
    with urllib.request.urlopen(shown["url_private"], timeout=5) as answer:
        assert answer.read() == b"a;b"


def test_an_uploaded_page_is_not_shown_as_one(slack: Running) -> None:
    client = slack.client()
    file_id = uploaded(client, "evil.html", b"<script>alert(1)</script>")
    client.files_completeUploadExternal(files=[{"id": file_id}])
    with urllib.request.urlopen(client.files_info(file=file_id)["file"]["url_private"], timeout=5) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.slow
def test_files_survive_a_kill(tmp_path: Path) -> None:
    with LocalSlack.start(data=tmp_path) as slack:
        client = WebClient("xoxb-sandbox", base_url=slack.api_url)
        slack.post("limits", processing_seconds=3600)
        file_id = uploaded(client)
        client.files_completeUploadExternal(files=[{"id": file_id}], channel_id="C0GENERAL", initial_comment="later")
        slack.kill()
    with LocalSlack.start(data=tmp_path) as slack:
        message = slack.wait_for_message("ana", "later", "#general")
        with urllib.request.urlopen(message["files"][0]["url_private"], timeout=5) as answer:
            assert answer.read() == PIXEL


def test_a_person_posts_a_file_and_the_app_hears_of_it(slack: Running) -> None:
    done = slack.post("upload", user="ana", filename="plan.txt", text="our plan", channel="@bot", comment="Look")
    event = slack.events("message")[-1]["event"]
    assert (event["subtype"], event["user"], event["text"]) == ("file_share", "U0ANA", "Look")
    assert event["files"][0]["id"] == done["file"]["id"]
    assert slack.client().files_info(file=done["file"]["id"])["file"]["ims"] == ["D0ANA"]
    with pytest.raises(LocalSlackError, match="empty file"):
        slack.post("upload", user="ana", filename="plan.txt")
    with pytest.raises(LocalSlackError, match="not base64"):
        slack.post("upload", user="ana", filename="plan.txt", base64="???")
    with pytest.raises(LocalSlackError, match="not in this channel"):
        slack.post("upload", user="ana", filename="plan.txt", text="x", channel="#sales")


def test_what_was_uploaded_and_uninstalled_is_so_after_a_restart(start_slack: Starter, tmp_path: Path) -> None:
    before = start_slack(data=tmp_path, manifest=manifest(scopes=(*SCOPES, "mpim:write", "files:read")))
    file_id = before.post("upload", user="ana", filename="plan.txt", text="our plan", channel="@bot")["file"]["id"]
    group = before.client().conversations_open(users="U0ANA,U0TOM")["channel"]["id"]
    before.post("uninstall", how="revoke")
    after = start_slack(data=tmp_path)
    assert after.messages("ana")[-1]["files"][0]["id"] == file_id
    assert after.messages("tom", group) == []
    with pytest.raises(SlackApiError, match="token_revoked"):
        after.client().auth_test()


def test_a_form_takes_an_uploaded_file(slack: Running, app: App, connect: Callable[[Running, App], None]) -> None:
    chosen: list[Json] = []
    view = {
        "type": "modal",
        "callback_id": "attach",
        "title": {"type": "plain_text", "text": "Attach"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "proof",
                "label": {"type": "plain_text", "text": "Proof"},
                "element": {"type": "file_input", "action_id": "files"},
            }
        ],
    }

    @app.command("/okr")
    def open_form(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("attach")
    def take(ack: Ack, view: Json) -> None:
        ack()
        chosen.extend(view["state"]["values"]["proof"]["files"]["files"])

    connect(slack, app)
    slack.command("ana", "/okr")
    opened = slack.wait_for_modal("ana", "Attach")
    file = slack.post("upload", user="ana", filename="plan.txt", text="our plan")["file"]
    assert slack.submit("ana", opened["id"], {"Proof": [file]})["outcome"] == "closed"
    eventually(lambda: chosen, "the submission")
    assert slack.client().files_info(file=chosen[0]["id"])["file"]["name"] == "plan.txt"
    with urllib.request.urlopen(chosen[0]["url_private"], timeout=5) as answer:
        assert answer.read() == b"our plan"
