"""Log lines: for people on a console, or JSON for machines. Message texts and tokens are never logged."""

import logging
import sys

import structlog

from bot.config import LogFormat

QUIET = ("slack_bolt", "slack_sdk", "apscheduler", "aiohttp", "uvicorn", "alembic")
"""Libraries whose everyday talk is left out; their warnings are kept."""


BOLT_SAYS_IT_IGNORES_THE_TOKEN = ("As you gave `client`", "As `installation_store` or `authorize`")
"""Bolt reads SLACK_BOT_TOKEN from the environment by itself and warns that it makes no use of it."""


def _console() -> structlog.dev.ConsoleRenderer:
    # Plain tracebacks: the pretty ones show local variables, and with them tokens and what people typed.
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)


def _worth_reading(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(BOLT_SAYS_IT_IGNORES_THE_TOKEN)


def configure_logging(form: LogFormat) -> None:
    """Send everything, the libraries' lines too, to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer() if form is LogFormat.JSON else _console()
    tail: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, renderer] if form is LogFormat.JSON else [renderer]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tail],
        )
    )
    handler.addFilter(_worth_reading)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
