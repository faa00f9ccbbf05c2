"""files.*: uploading in three steps, and what is known of a file."""

from __future__ import annotations

from bot.sandbox import files, rules
from bot.sandbox.api.registry import Call, method
from bot.sandbox.entities import Channel, Json
from bot.sandbox.errors import Refused
from bot.sandbox.uploaded import File

LONGEST_ALT_TEXT = 1000
LARGEST_SNIPPET = 1024 * 1024
MOST_CHANNELS = 100


@method("files.getUploadURLExternal", scopes=("files:write",), tier=4, json_body=False)
def get_upload_url(call: Call) -> Json:
    """An address for the bytes of one file; a length of 0 counts as missing."""
    size = call.number("length", 0)
    if not call.text("filename") or size <= 0:
        raise Refused("missing_argument")
    if len(call.text("alt_txt")) > LONGEST_ALT_TEXT:
        raise Refused("alt_txt_too_large")
    if call.text("snippet_type") and size > LARGEST_SNIPPET:
        raise Refused("snippet_too_large")
    file = files.expect(call.sandbox, call.text("filename"), size, call.text("alt_txt"))
    return {"upload_url": f"{call.sandbox.base_url}/upload/v1/{file.upload_key}", "file_id": file.id}


@method("files.completeUploadExternal", scopes=("files:write",), required=("files",), tier=4)
def complete_upload(call: Call) -> Json:
    """Finish uploads and share them; the messages come later, once the files are processed."""
    listed = call.structure("files")
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        raise Refused("invalid_arguments", messages=["must provide an array [json-pointer:/files]"])
    completed = [_uploaded(call, one) for one in listed]
    shares = [_share(call, channel) for channel in _places(call)]
    for file, one in zip(completed, listed, strict=True):
        file.title = str(one.get("title") or file.name)
    files.complete(call.sandbox, completed, shares)
    return {"files": [_as_slack(call, file) for file in completed]}


def _uploaded(call: Call, listed: Json) -> File:
    file = call.sandbox.workspace.files.get(str(listed.get("id")))
    if file is None or file.state != "uploaded":
        raise Refused("file_not_found")
    return file


def _places(call: Call) -> list[Channel]:
    named = [one.strip() for one in call.text("channels").split(",") if one.strip()]
    if call.text("channel_id"):
        named.append(call.text("channel_id"))
    if len(named) > MOST_CHANNELS:
        raise Refused("channels_limit_exceeded")
    workspace, places = call.sandbox.workspace, []
    for channel_id in named:
        channel = workspace.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and not workspace.bot_is_in(channel)):
            raise Refused("channel_not_found")
        if not workspace.bot_is_in(channel):
            raise Refused("not_in_channel")
        if channel.is_archived:
            raise Refused("posting_to_channel_denied")
        places.append(channel)
    return places


def _share(call: Call, channel: Channel) -> Json:
    blocks = call.structure("blocks", error="invalid_blocks")
    if blocks is not None:
        rules.refuse_bad_message(call.sandbox, {"blocks": blocks})
    thread_ts = call.text("thread_ts") or None
    timeline = call.sandbox.workspace.timeline(channel.id)
    if thread_ts and thread_ts not in timeline.by_ts and thread_ts not in timeline.threads:
        raise Refused("invalid_arguments", messages=["thread_ts names no message of this channel"])
    return {
        "channel": channel.id,
        "thread_ts": thread_ts,
        "initial_comment": "" if blocks else call.text("initial_comment"),
        "blocks": rules.kept_blocks(call.sandbox, blocks or []),
    }


@method("files.info", scopes=("files:read",), required=("file",), tier=4, json_body=False)
def info(call: Call) -> Json:
    """One file; before it is processed it has no type."""
    file = call.sandbox.workspace.files.get(call.text("file"))
    if file is None or file.state in ("waiting", "uploaded") or not _may_know(call, file):
        raise Refused("file_not_found")
    return {"file": _as_slack(call, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def _may_know(call: Call, file: File) -> bool:
    """The app's own files, those not posted yet, and those of conversations it may look into."""
    workspace = call.sandbox.workspace
    places = [workspace.channels[channel] for channel in file.posted]
    return not places or any(place.kind == "channel" or workspace.bot_is_in(place) for place in places)


def _as_slack(call: Call, file: File) -> Json:
    workspace = call.sandbox.workspace
    return file.as_slack(workspace.team, call.sandbox.base_url, workspace.channels)
