"""The local Slack as one aiohttp.web application: `create_app(sandbox)` and `serve(host, port, ...)`.

Framework: **aiohttp.web** (not Starlette). Socket Mode needs a WebSocket server; uvicorn only has one when `websockets`
or `wsproto` is installed, and neither is a dependency, while aiohttp is. So a page registers aiohttp routes:
`bot.sandbox.page.page_routes(sandbox) -> list[aiohttp.web.RouteDef]`, handlers are
`async def handler(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse`.
"""

from __future__ import annotations

import asyncio
import errno
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox import files
from bot.sandbox.control import control_routes
from bot.sandbox.errors import SandboxError
from bot.sandbox.page import page_routes
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.web_api import LARGEST_BODY, SANDBOX, api_routes

CLOCK_KEPT_EVERY_SECONDS = 2.0
SHUTDOWN_SECONDS = 2.0


async def _clock(request: web.Request) -> web.StreamResponse:
    """What `OKR_CLOCK_URL` points to."""
    return web.json_response({"now": request.app[SANDBOX].clock.as_iso()})


@web.middleware
async def _same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Another website that is open in the same browser may not act as the people of this workspace."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return web.json_response({"ok": False, "error": "This page belongs to another origin."}, status=403)
    return await handler(request)


@web.middleware
async def _whole_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A body that is not what its headers say, or that never ends, is the sender's mistake."""
    try:
        return await handler(request)
    except web.RequestPayloadError as error:
        return web.json_response({"ok": False, "error": f"The body cannot be read: {error}"}, status=400)
    except ConnectionResetError:
        return web.Response(status=400)  # never arrives: the connection is gone


def create_app(sandbox: Sandbox) -> web.Application:
    """The application; it closes the sandbox when it is shut down."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_whole_requests, _same_origin])
    app[SANDBOX] = sandbox
    app.add_routes([*api_routes(), *control_routes()])
    app.add_routes([web.get("/clock", _clock), web.get("/link/", sandbox.sockets.serve)])
    app.add_routes(page_routes(sandbox))
    app.on_shutdown.append(_say_goodbye)
    app.cleanup_ctx.append(_keep_the_clock)
    return app


async def _say_goodbye(app: web.Application) -> None:
    sandbox: Sandbox = app[SANDBOX]
    sandbox.notices.send("bye")
    await sandbox.sockets.close()


async def _keep_the_clock(app: web.Application) -> Any:
    sandbox: Sandbox = app[SANDBOX]

    async def keep() -> None:
        while True:
            await asyncio.sleep(CLOCK_KEPT_EVERY_SECONDS)
            if sandbox.clock.moved:
                sandbox.keep_clock()

    files.resume(sandbox)
    task = asyncio.create_task(keep())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await sandbox.close()


async def start(sandbox: Sandbox, host: str, port: int) -> web.AppRunner:
    """Listen and set `sandbox.base_url`; port 0 takes any free one. `await runner.cleanup()` ends it."""
    runner = web.AppRunner(create_app(sandbox), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            raise SandboxError(
                f"Port {port} on {host} is in use, perhaps by another local Slack; stop it or set SANDBOX_PORT."
            ) from error
        raise SandboxError(f"The local Slack cannot listen on {host}:{port}: {error.strerror}.") from error
    actual = runner.addresses[0][1]
    sandbox.base_url = f"http://{host}:{actual}"
    return runner


def serve(
    host: str = "127.0.0.1",
    port: int = 8065,
    *,
    seed: Path | None = None,
    manifest: Path | None = None,
    data: Path | None = None,
    fresh: bool = False,
    rate_limits: bool = True,
    request_url: str | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Run the local Slack until SIGINT or SIGTERM; announces `Local Slack: http://...` once it listens.

    Raises SandboxError with a sentence (exit code 2 on the command line) for a port in use or an unreadable file.
    """
    sandbox = Sandbox(
        seed=seed, manifest=manifest, data=data, fresh=fresh, rate_limits=rate_limits, request_url=request_url
    )
    asyncio.run(_serve(sandbox, host, port, announce or _print))


async def _serve(sandbox: Sandbox, host: str, port: int, announce: Callable[[str], None]) -> None:
    runner = await start(sandbox, host, port)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    announce(f"Local Slack: {sandbox.base_url}/")
    announce(f"  SLACK_API_URL={sandbox.base_url}/api/  OKR_CLOCK_URL={sandbox.base_url}/clock")
    announce(
        f"  bot token {sandbox.team.bot_token}, app token {sandbox.team.app_token},"
        f" signing secret {sandbox.team.signing_secret}"
    )
    try:
        await stop.wait()
    finally:
        await runner.cleanup()


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
