"""Web API over HTTP: arguments from query, form and JSON merged, faults, the log, and response_urls."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Any

from aiohttp import web

from bot.sandbox.api import answer_call
from bot.sandbox.api.registry import Answer, ratelimited
from bot.sandbox.errors import Refused
from bot.sandbox.faults import Fault
from bot.sandbox.responses import use_response_url
from bot.sandbox.sandbox import Sandbox

HTML_ERROR = "<!DOCTYPE html><html><head><title>Server Error</title></head><body><h1>Server Error</h1></body></html>"

LARGEST_BODY = 20 * 1024 * 1024

SANDBOX = web.AppKey("sandbox", Sandbox)
"""Where the application keeps what it serves."""


async def merged_arguments(request: web.Request) -> dict[str, Any]:
    """Query, then form or JSON body; later ones win. Refuses `invalid_json` and `json_not_object`."""
    arguments: dict[str, Any] = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return arguments
    if request.content_type == "application/json":
        raw = await request.read()
        if not raw.strip():
            return arguments
        try:
            body = json.loads(raw)
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return arguments | {name: value for name, value in body.items() if value is not None}
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.post()
        return arguments | {name: value for name, value in form.items() if isinstance(value, str)}
    return arguments


def _header_token(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def _call(request: web.Request) -> web.StreamResponse:
    sandbox: Sandbox = request.app[SANDBOX]
    name = request.match_info["method"]
    started = time.monotonic()
    try:
        arguments = await merged_arguments(request)
    except Refused as refusal:
        return _respond(Answer(refusal.as_answer(), {}))
    shown = {key: value for key, value in arguments.items() if key != "token"}
    entry = sandbox.journal.note("call", name, time.time(), shown)
    fault = sandbox.faults.take(name)
    try:
        answer = None
        if fault is None or fault.kind in ("reset-after", "slow"):
            answer = answer_call(sandbox, name, arguments, _header_token(request))
            entry.answer = answer.body
        if fault is None:
            assert answer is not None  # without a fault the call was answered
            return _respond(answer)
        entry.failure = f"Fault: {fault.kind}"
        return await _fail(request, fault, answer)
    finally:
        entry.ms = round((time.monotonic() - started) * 1000, 1)
        sandbox.notices.send("call", audience=set(), number=entry.number)


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
        raw = str((await request.post()).get("payload", ""))
    entry = sandbox.journal.note("response_url", "response_url", time.time(), raw)
    try:
        payload = json.loads(raw)
    except ValueError:
        return web.Response(status=400, text="invalid_payload")
    if not isinstance(payload, dict):
        return web.Response(status=400, text="invalid_payload")
    entry.payload = payload
    try:
        use_response_url(sandbox, key, payload)
    except Refused as refusal:
        entry.failure = refusal.code
        if refusal.code in ("used_url", "expired_url", "invalid_url"):
            return web.json_response({"ok": False, "error": refusal.code}, status=404)
        return web.Response(status=400, text=refusal.code)
    entry.answer = {"ok": True}
    return web.json_response({"ok": True})


def api_routes() -> list[web.AbstractRouteDef]:
    """The Web API's routes."""
    return [
        web.route("*", "/api/{method}", _call),
        web.post("/response/{key:.+}", _response_url),
    ]
