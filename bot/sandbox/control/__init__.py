"""The control API under `/control/`: what the page, our tests and outside checks use. JSON in and out.

Every call names the acting person by id, handle or name. A channel is an id, `#name`, or `@bot` for the person's DM
with the bot. A call that makes no sense is answered with 400 and `{"ok": false, "error": sentence}`.
The table of calls, their arguments and answers is in docs/sandbox.md.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.sandbox.control import people, workshop
from bot.sandbox.control.registry import ACTIONS, Wish
from bot.sandbox.entities import Json
from bot.sandbox.errors import ControlError, Refused
from bot.sandbox.reading import parse_json
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.web_api import SANDBOX

__all__ = ["control_routes", "people", "workshop"]

KEEP_ALIVE_SECONDS = 15


async def _run(request: web.Request) -> web.StreamResponse:
    sandbox: Sandbox = request.app[SANDBOX]
    run = ACTIONS.get((request.method, request.match_info["name"]))
    if run is None:
        return web.json_response({"ok": False, "error": "There is no such control call."}, status=404)
    wish: Wish = dict(request.query)
    if request.can_read_body:
        try:
            body = parse_json(await request.read())
        except ValueError:
            return web.json_response({"ok": False, "error": "The body is not JSON."}, status=400)
        if not isinstance(body, dict):
            return web.json_response({"ok": False, "error": "The body is not a JSON object."}, status=400)
        wish |= body
    try:
        return web.json_response(await run(sandbox, wish), dumps=_dumps)
    except ControlError as error:
        return web.json_response({"ok": False, "error": str(error)}, status=400, dumps=_dumps)
    except Refused as refusal:
        return web.json_response({"ok": False, "error": refusal.code}, status=400)
    except (TypeError, ValueError, OverflowError) as error:
        return web.json_response({"ok": False, "error": f"An argument cannot be read: {error}"}, status=400)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


async def _stream(request: web.Request) -> web.StreamResponse:
    """Server-Sent Events: what changed for `user` (left out: everything)."""
    sandbox: Sandbox = request.app[SANDBOX]
    who = request.query.get("user")
    try:
        user = sandbox.workspace.person(who).id if who else None
    except ControlError as error:
        return web.json_response({"ok": False, "error": str(error)}, status=400)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    )
    with sandbox.notices.listening(user) as listener:
        await response.prepare(request)
        # A window that is closed ends its stream; that is no error.
        with suppress(ConnectionResetError):
            await _tell(response, {"kind": "connection", "connected": sandbox.dispatch.connected})
            while True:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                        notice = await listener.queue.get()
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if notice["kind"] == "bye":
                    break
                await _tell(response, notice)
    return response


async def _tell(response: web.StreamResponse, notice: Json) -> None:
    await response.write(_sse(notice))


def _sse(notice: Json) -> bytes:
    return f"data: {_dumps(notice)}\n\n".encode()


def control_routes() -> list[web.AbstractRouteDef]:
    """The control API's routes."""
    return [
        web.get("/control/stream", _stream),
        web.get("/control/{name}", _run),
        web.post("/control/{name}", _run),
        web.delete("/control/{name}", _run),
    ]
