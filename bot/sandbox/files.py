"""Uploading in three steps: an address, the bytes, the completion; then the file is processed before it can be used.

Processing and sharing happen after the answer to the completion, as at Slack: until a file is processed it has no
type, an image block that names it is refused, and the message that shares it is not there yet.
"""

from __future__ import annotations

import base64
import mimetypes
import secrets
from typing import Any

from bot.sandbox import messages
from bot.sandbox.entities import Json, Message, Person
from bot.sandbox.errors import Refused
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state import new_id
from bot.sandbox.uploaded import File


def expect(sandbox: Sandbox, name: str, size: int, alt_txt: str) -> File:
    """Step one: a file whose bytes will come."""
    file = File(
        id=new_id("F"),
        name=name,
        title=name,
        mimetype=mimetypes.guess_type(name)[0] or "text/plain",
        size=size,
        user=sandbox.team.bot_user,
        created=int(sandbox.clock.seconds()),
        upload_key=secrets.token_urlsafe(24),
        alt_txt=alt_txt,
    )
    sandbox.workspace.keep_file(file)
    return file


def receive(sandbox: Sandbox, key: str, content: bytes) -> File:
    """Step two: the bytes; refuses `file_not_found` for an unknown or used address."""
    waiting = (file for file in sandbox.workspace.files.values() if file.upload_key == key and file.state == "waiting")
    file = next(waiting, None)
    if file is None or not content:
        raise Refused("file_not_found")
    file.size, file.state = len(content), "uploaded"
    sandbox.store.put("file_content", file.id, {"base64": base64.b64encode(content).decode()})
    sandbox.workspace.keep_file(file)
    return file


def add(sandbox: Sandbox, person: Person, name: str, content: bytes) -> File:
    """A file a person chose: for a form's file input or a message. What a person uploads is ready at once."""
    file = expect(sandbox, name, len(content), "")
    file.user = person.id
    receive(sandbox, file.upload_key, content)
    file.state = "ready"
    sandbox.workspace.keep_file(file)
    return file


def complete(sandbox: Sandbox, files: list[File], shares: list[Json]) -> None:
    """Step three: process the files, then post them together into each place of `shares`.

    A share is `{"channel", "thread_ts", "initial_comment", "blocks"}`.
    """
    for file in files:
        file.state = "processing"
        sandbox.workspace.keep_file(file)
    files[0].shares = [{**share, "files": [file.id for file in files]} for share in shares]
    sandbox.workspace.keep_file(files[0])
    sandbox.later(sandbox.processing_seconds, lambda: _finish(sandbox, files))


def resume(sandbox: Sandbox) -> None:
    """What an earlier run had begun to process is finished."""
    unfinished = [file for file in sandbox.workspace.files.values() if file.state == "processing"]
    if unfinished:
        _finish(sandbox, unfinished)


def _finish(sandbox: Sandbox, files: list[File]) -> None:
    for file in files:
        file.state = "ready"
        sandbox.workspace.keep_file(file)
    for file in files:
        shares, file.shares = file.shares, []
        for share in shares:
            _share(sandbox, share)
        sandbox.workspace.keep_file(file)


def _share(sandbox: Sandbox, share: Json) -> None:
    message = Message(
        channel=share["channel"],
        ts=sandbox.workspace.next_ts(),
        user=sandbox.team.bot_user,
        text=share["initial_comment"],
        from_bot=True,
        subtype="file_share",
        thread_ts=share["thread_ts"],
        blocks=share["blocks"],
        files=share["files"],
    )
    post_with_files(sandbox, message)


def post_with_files(sandbox: Sandbox, message: Message) -> None:
    """Post a message and note at each of its files where it is to be seen."""
    for file_id in message.files:
        file = sandbox.workspace.files[file_id]
        file.posted.setdefault(message.channel, []).append(message.ts)
        sandbox.workspace.keep_file(file)
    messages.post(sandbox, message)


def content_of(sandbox: Sandbox, file_id: str) -> bytes | None:
    """The bytes of an uploaded file."""
    kept = sandbox.store.get("file_content", file_id)
    return base64.b64decode(kept["base64"]) if kept else None


def usable_image(sandbox: Sandbox, reference: Any) -> File | None:
    """The processed image that a `slack_file` object names by id or address; None if there is none (yet)."""
    if not isinstance(reference, dict):
        return None
    wanted = str(reference.get("id") or "")
    if not wanted:
        parts = str(reference.get("url") or "").split("/files/")
        wanted = parts[1].split("/")[0] if len(parts) == 2 else ""
    file = sandbox.workspace.files.get(wanted)
    return file if file is not None and file.state == "ready" and file.is_image else None
