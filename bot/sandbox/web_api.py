"""Web API over HTTP: arguments from query, form and JSON merged, faults, the log, and response_urls."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import time
import urllib.parse
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox import files
from bot.sandbox.api import answer_call
from bot.sandbox.api.registry import METHODS, Answer, ratelimited
from bot.sandbox.errors import Refused
from bot.sandbox.faults import Fault
from bot.sandbox.reading import parse_json
from bot.sandbox.responses import use_response_url
from bot.sandbox.sandbox import Sandbox

HTML_ERROR = "<!DOCTYPE html><html><head><title>Server Error</title></head><body><h1>Server Error</h1></body></html>"

CHARSETS = ("utf-8", "iso-8859-1")
"""Those Slack names as valid."""

LARGEST_BODY = 20 * 1024 * 1024

SANDBOX = web.AppKey("sandbox", Sandbox)
"""Where the application keeps what it serves."""


async def merged_arguments(request: web.Request, *, json_body: bool = True) -> dict[str, Any]:
    """Query, then form or JSON body; later ones win.

    Without `json_body` JSON is passed over, as by Slack's methods that read forms only; a token in JSON never counts.
    Refuses what Slack calls `invalid_json`, `json_not_object`, `missing_post_type`, `invalid_post_type`,
    `invalid_charset`, `invalid_form_data`, `invalid_arg_name` and `invalid_array_arg`.
    """
    arguments: dict[str, Any] = dict(request.query)
    if request.method == "POST" and request.can_read_body:
        arguments |= await _body(request, json_body=json_body)
    for name in arguments:
        if re.fullmatch(r"\w{1,80}\[\w*\]", name):
            raise Refused("invalid_array_arg")
        if not re.fullmatch(r"[A-Za-z0-9_]{1,80}", name):
            raise Refused("invalid_arg_name")
    return arguments


async def _body(request: web.Request, *, json_body: bool) -> dict[str, Any]:
    raw = await request.read() if request.content_type != "multipart/form-data" else b"form"
    if not raw.strip():
        return {}
    if "Content-Type" not in request.headers:
        raise Refused("missing_post_type")
    if (request.charset or "utf-8").lower() not in CHARSETS:
        raise Refused("invalid_charset")
    if request.content_type == "application/json":
        try:
            body = parse_json(raw)
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return (
            {name: value for name, value in body.items() if value is not None and name != "token"} if json_body else {}
        )
    if request.content_type == "text/plain":
        return {}  # a valid type, but no arguments are read from it
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            form = await request.post()
        except (ValueError, LookupError):
            raise Refused("invalid_form_data") from None
        return {name: value for name, value in form.items() if isinstance(value, str)}
    raise Refused("invalid_post_type")


def _header_token(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def _call(request: web.Request) -> web.StreamResponse:
    sandbox: Sandbox = request.app[SANDBOX]
    name = request.match_info["method"]
    started = time.monotonic()
    known = METHODS.get(name)
    try:
        arguments = await merged_arguments(request, json_body=known is None or known.json_body)
    except Refused as unreadable:
        refusal = unreadable if known else Refused("unknown_method", req_method=name)
        entry = sandbox.journal.note("call", name, time.time(), {})
        entry.answer = refusal.as_answer()
        sandbox.notices.send("call", audience=set(), number=entry.number)
        return _respond(_with_charset_warning(request, Answer(refusal.as_answer(), {})))
    shown = {key: value for key, value in arguments.items() if key != "token"}
    entry = sandbox.journal.note("call", name, time.time(), shown)
    await sandbox.images.look_at(arguments)
    fault = sandbox.faults.take(name)
    try:
        answer = None
        if fault is None or fault.kind in ("reset-after", "slow"):
            answer = answer_call(sandbox, name, arguments, _header_token(request))
            entry.answer = answer.body
        if fault is None:
            assert answer is not None  # without a fault the call was answered
            return _respond(_with_charset_warning(request, answer))
        entry.failure = f"Fault: {fault.kind}"
        return await _fail(request, fault, answer)
    finally:
        entry.ms = round((time.monotonic() - started) * 1000, 1)
        sandbox.notices.send("call", audience=set(), number=entry.number)


def _with_charset_warning(request: web.Request, answer: Answer) -> Answer:
    """Slack finds fault with JSON that names no charset and with forms that name one."""
    named = request.charset is not None
    kind = request.content_type if request.method == "POST" and request.body_exists else ""
    if kind == "application/json" and not named:
        warning = "missing_charset"
    elif kind == "application/x-www-form-urlencoded" and named:
        warning = "superfluous_charset"
    else:
        return answer
    warnings = [*filter(None, str(answer.body.get("warning") or "").split(",")), warning]
    details = dict(answer.body.get("response_metadata") or {}) | {"warnings": warnings}
    return replace(answer, body=answer.body | {"warning": ",".join(warnings), "response_metadata": details})


async def _fail(request: web.Request, fault: Fault, answer: Answer | None) -> web.StreamResponse:
    if fault.kind == "429":
        return _respond(ratelimited(fault.retry_after, {}))
    if fault.kind in ("500", "503"):
        return web.Response(status=int(fault.kind), text=HTML_ERROR, content_type="text/html")
    if fault.kind == "error":
        return _respond(Answer(Refused(fault.error).as_answer(), {}))
    if fault.kind == "slow" and answer is not None:
        await asyncio.sleep(fault.seconds)
        return _respond(answer)
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)  # never arrives: the connection is gone


def _respond(answer: Answer) -> web.Response:
    return web.Response(
        status=answer.status,
        body=json.dumps(answer.body, ensure_ascii=False).encode(),
        content_type="application/json",
        charset="utf-8",
        headers={**answer.headers, "x-slack-req-id": secrets.token_hex(16)},
    )


async def _response_url(request: web.Request) -> web.StreamResponse:
    sandbox: Sandbox = request.app[SANDBOX]
    key = request.match_info["key"]
    raw = (await request.read()).decode("utf-8", errors="replace")
    if request.content_type == "application/x-www-form-urlencoded":
        raw = urllib.parse.parse_qs(raw).get("payload", [""])[0]
    entry = sandbox.journal.note("response_url", "response_url", time.time(), raw)
    try:
        payload = parse_json(raw)
    except ValueError:
        return web.Response(status=400, text="invalid_payload")
    if not isinstance(payload, dict):
        return web.Response(status=400, text="invalid_payload")
    entry.payload = payload
    await sandbox.images.look_at(payload)
    try:
        use_response_url(sandbox, key, payload)
    except Refused as refusal:
        entry.failure = refusal.code
        if refusal.code in ("used_url", "expired_url", "invalid_url"):
            return web.json_response({"ok": False, "error": refusal.code}, status=404)
        return web.Response(status=400, text=refusal.code)
    entry.answer = {"ok": True}
    return web.json_response({"ok": True})


async def _upload(request: web.Request) -> web.StreamResponse:
    """The bytes of a file, whatever the header says: the sync SDK calls raw bytes a form. Curl's -F is a form."""
    if request.content_type == "multipart/form-data":
        parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
        content = parts[0].file.read() if parts else b""
    else:
        content = await request.read()
    try:
        file = files.receive(request.app[SANDBOX], request.match_info["key"], content)
    except Refused as refusal:
        return web.Response(status=404, text=refusal.code)
    return web.Response(text=f"OK - {file.size}")


async def _download(request: web.Request) -> web.StreamResponse:
    sandbox: Sandbox = request.app[SANDBOX]
    file = sandbox.workspace.files.get(request.match_info["file"])
    content = files.content_of(sandbox, file.id) if file else None
    if file is None or content is None or file.state == "uploaded":
        return web.Response(status=404, text="file_not_found")
    # What an app uploads must not run as a page of the local Slack.
    shown = file.is_image and "download" not in request.query
    headers = {
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return web.Response(body=content, content_type=file.mimetype, headers=headers)


def api_routes() -> list[web.AbstractRouteDef]:
    """The Web API's routes."""
    return [
        web.route("*", "/api/{method}", _call),
        web.post("/response/{key:.+}", _response_url),
        web.post("/upload/v1/{key}", _upload),
        web.get("/files/{file}/{name}", _download),
    ]
