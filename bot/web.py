"""The bot's web endpoints: is it alive, is it ready, what are its figures."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Readiness = Callable[[], Awaitable[dict[str, str]]]
"""What is wrong, by part; empty while the bot is ready."""


@dataclass(frozen=True)
class Figure:
    """One figure of `/metrics`: `okr_bot_NAME{LABELS} VALUE`."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


Figures = Callable[[], Awaitable[Sequence[Figure]]]


def endpoints(readiness: Readiness, figures: Figures) -> Starlette:
    """The web application."""

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
                about = figure.name.replace("_", " ")
                gauges[figure.name] = Gauge(f"okr_bot_{figure.name}", about, list(figure.labels), registry=registry)
            gauge = gauges[figure.name]
            (gauge.labels(**figure.labels) if figure.labels else gauge).set(figure.value)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", health), Route("/readyz", ready), Route("/metrics", metrics)])


class _Server(uvicorn.Server):
    """Leaves signals to the composition root."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(application: Starlette, listening: socket.socket) -> AsyncIterator[None]:
    """Serve on a socket that listens already, until the block ends."""
    server = _Server(uvicorn.Config(application, log_config=None, access_log=False, lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
