"""The bot's web endpoints: is it alive, is it ready, what are its figures; and in HTTP mode, what Slack sends."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.okr.errors import OkrError

SLACK_EVENTS = "/slack/events"
"""Where events, interactions, commands and type-ahead of HTTP mode arrive."""

MOST_BYTES = 2 * 1024 * 1024
"""A form of Slack's is at most a view of 250 KB and what was typed; percent signs make it several times that."""
READING_SECONDS = 3.0
"""A body that takes longer than this to arrive could not be answered in time anyway."""
MOST_CONNECTIONS = 500
KEEP_ALIVE_SECONDS = 75
"""Longer than a proxy keeps its idle connections (60 s mostly): it must be the one that closes them, else it sends a
request into a connection that ends, and somebody's click is lost."""
WARN_EVERY_SECONDS = 60.0
LAST_CALLS_SECONDS = 0.3
FINISHING_SECONDS = 10
LONGEST_CHECK = 1000
"""Bytes of a check of the certificate, which is looked at before anything is known of who sent it."""
FORM = "application/x-www-form-urlencoded"
NEEDED_HEADERS = (
    "content-type",
    "x-slack-signature",
    "x-slack-request-timestamp",
    "x-slack-retry-num",
    "x-slack-retry-reason",
)
"""What Bolt is given; it has headers of its own, which nobody outside may set."""

Readiness = Callable[[], Awaitable[dict[str, str]]]
"""What is wrong, by part; empty while the bot is ready."""

log = structlog.get_logger()

HELP: Mapping[str, str] = {
    "deliveries": (
        "Outgoing messages kept in the database, by state: pending waits for its time or its turn, sending is in a "
        "call to Slack, sent stands in Slack, dropped was no longer needed, failed was given up, unknown may or may "
        "not stand in Slack and is not sent again."
    ),
    "open_deliveries": (
        "Outgoing messages that did not end well, or not yet, by state and kind: waiting for its time or its turn, "
        "held until there is room in its receiver's attention budget, sending, failed, unknown. "
        "okr-bot deliveries lists them."
    ),
    "oldest_due_seconds": (
        "Seconds since the longest-waiting pending message became due, by the bot's clock; 0 when none is due. It "
        "keeps growing while nobody sends."
    ),
    "sender_seen_seconds": (
        "Seconds since the process that sends for the Slack workspace last said so, by the database's clock. It does "
        "every 5 seconds; above 15 nobody sends. NaN where nobody ever did."
    ),
    "last_try_seconds": (
        "Seconds since a message was last tried to be sent, by the database's clock; NaN where none ever was. It grows "
        "while nothing is due."
    ),
    "beat_seconds": (
        "Seconds since this process last ended a beat, in which it makes what is due, without fail; NaN before the "
        "first. A beat comes every 20 seconds."
    ),
    "events": (
        "Events of Slack that are kept and not worked on: waiting for it, or given_up after failing again and again."
    ),
    "prompts_sent": "Prompts sent for the check-in rounds that are open now; one prompt may ask for several teams.",
    "prompts_answered": "Those of prompts_sent whose receiver has sent a check-in since the round opened for them.",
    "database_up": (
        "1 where the figures of the database were read just now, 0 where it was busy or out of reach: then they are "
        "those last read, and missing where none were read yet."
    ),
    "sending": (
        "1 while this process holds the lease by which one process at a time sends for the Slack workspace, else 0. "
        "Over all processes of a workspace the sum is 1, or 0 for a moment while another one takes over."
    ),
}
"""The meaning of every figure of `/metrics`."""


@dataclass(frozen=True)
class Figure:
    """One figure of `/metrics`: `okr_bot_NAME{LABELS} VALUE`. `name` is one of HELP."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


Figures = Callable[[], Awaitable[Sequence[Figure]]]


class LastKnown:
    """Figures of the database, with those last read while it does not answer: a scrape must not fail just then."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._known: Sequence[Figure] = ()

    async def read(self) -> Sequence[Figure]:
        """The figures, and whether they are of this moment."""
        try:
            self._known = await self._figures()
        except OkrError as error:
            log.warning("figures_not_read", why=error.sentence)
            return [*self._known, Figure("database_up", 0.0)]
        return [*self._known, Figure("database_up", 1.0)]


def endpoints(readiness: Readiness, figures: Figures, more: Sequence[BaseRoute] = ()) -> Starlette:
    """The web application; `more` are further routes."""

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        wrong = await readiness()
        return JSONResponse({"ready": not wrong, "wrong": wrong}, status_code=503 if wrong else 200)

    async def metrics(_: Request) -> Response:
        registry = CollectorRegistry()
        gauges: dict[str, Gauge] = {}
        for figure in await figures():
            if figure.name not in gauges:
                gauges[figure.name] = Gauge(
                    f"okr_bot_{figure.name}", HELP[figure.name], list(figure.labels), registry=registry
                )
            gauge = gauges[figure.name]
            (gauge.labels(**figure.labels) if figure.labels else gauge).set(figure.value)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", health), Route("/readyz", ready), Route("/metrics", metrics), *more])


class SlackRequests:
    """Slack's signed requests to the bot: events, interactions, commands, type-ahead, and its checks of the address.

    Whatever is not signed with the secret, or was signed more than five minutes ago by the real clock, ends here: Bolt
    answers an odd timestamp with its error handler, which would write to an address that the sender named.
    """

    def __init__(self, app: AsyncApp, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._refused = 0
        self._warned_at: float | None = None
        self.routes = (Route(SLACK_EVENTS, self.answer, methods=["POST"]),)
        """Where they arrive."""
        self.server: Serving | None = None
        """Who brings them, once it is at work."""

    async def open(self) -> None:
        """Nothing is to be opened: Slack comes to us."""

    async def trouble(self) -> str | None:
        """Whether Slack finds the way here is not seen from inside."""
        return None

    async def close(self) -> None:
        """Answer what Slack had sent already when we were told to stop, then take nothing more."""
        await asyncio.sleep(LAST_CALLS_SECONDS)
        if self.server is not None:
            await self.server.finish()

    async def answer(self, request: Request) -> Response:
        """Bolt's answer to a request that is Slack's."""
        try:
            async with asyncio.timeout(READING_SECONDS):
                body = await _body_of(request)
        except TimeoutError:
            return PlainTextResponse("The body did not arrive in time.\n", status_code=408)
        if body is None:
            return PlainTextResponse("The body is too long.\n", status_code=413)
        if _is_check_of_the_certificate(request, body):
            return Response(status_code=200)
        if not self._is_signed(request, body):
            self._note_refusal()
            return JSONResponse({"error": "invalid request"}, status_code=401)
        headers = {name: request.headers[name] for name in NEEDED_HEADERS if name in request.headers}
        try:
            asked = AsyncBoltRequest(body=body.decode(), headers=dict(headers))
        except (ValueError, AttributeError, TypeError):  # a body that is neither a form nor an object of JSON
            return PlainTextResponse("The body cannot be read.\n", status_code=400)
        return _as_starlette(await self._app.async_dispatch(asked))

    def _is_signed(self, request: Request, body: bytes) -> bool:
        stamp, signature = (request.headers.get(f"x-slack-{name}", "") for name in ("request-timestamp", "signature"))
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except (ValueError, TypeError, OverflowError):  # no number, no UTF-8, no plain letters: the verifier trips
            return False

    def _note_refusal(self) -> None:
        """Say in the log that something was refused, once a minute: anybody can send anything to a public address."""
        self._refused += 1
        now = asyncio.get_running_loop().time()
        if self._warned_at is not None and now - self._warned_at < WARN_EVERY_SECONDS:
            return
        log.warning(
            "slack_requests_refused",
            count=self._refused,
            why="not signed with SLACK_SIGNING_SECRET, or more than five minutes off this machine's clock",
        )
        self._refused, self._warned_at = 0, now


async def _body_of(request: Request) -> bytes | None:
    """The body; None where it is longer than any of Slack's, or where nobody is there any more to read the answer."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def _is_check_of_the_certificate(request: Request, body: bytes) -> bool:
    is_form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    return is_form and len(body) <= LONGEST_CHECK and parse_qs(body.decode("latin-1")).get("ssl_check") == ["1"]


def _as_starlette(response: BoltResponse) -> Response:
    headers = {name: values[0] for name, values in response.headers.items()}
    return Response(response.body, response.status, headers)


class _Server(uvicorn.Server):
    """Leaves signals to the composition root."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Serving:
    """A web server at work."""

    def __init__(self, application: Starlette, listening: socket.socket) -> None:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=FINISHING_SECONDS,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]))

    async def finish(self) -> None:
        """Take no new connections, answer the requests that are in hand, and end."""
        self._server.should_exit = True
        await self._task


@contextlib.asynccontextmanager
async def serving(application: Starlette, listening: socket.socket) -> AsyncIterator[Serving]:
    """Serve on a socket that listens already, until the block ends or it is told to finish."""
    server = Serving(application, listening)
    try:
        yield server
    finally:
        await server.finish()
