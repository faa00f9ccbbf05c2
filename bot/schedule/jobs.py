"""What a beat does: ask the database what is due, make it, and wake the sender. Plain functions without a memory."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.usecases.faults import origin
from bot.usecases.inbox import (
    EventFailed,
    KeepEvent,
    PruneProcessed,
    Waiting,
    event_failed,
    prune_processed,
    unprocessed,
)
from bot.usecases.rounds import TickCommand
from bot.usecases.runner import UseCases
from bot.usecases.ticking import BATCHES, MOST_BATCHES, Batch

log = structlog.get_logger(__name__)

Handler = Callable[[KeepEvent], Awaitable[None]]
"""Does the work of a kept event and marks it as processed in the same transaction."""

BATCH_SECONDS = 20.0
"""A batch answers nobody in Slack, so it may take its time."""


@dataclass(frozen=True)
class Ticked:
    """What a beat did: rows handled by each batch's name, events resumed, and the names of the steps that failed."""

    made: dict[str, int]
    resumed: int
    failed: tuple[str, ...]


async def tick(
    use_cases: UseCases,
    workspace_id: int,
    *,
    handle: Handler,
    wake: Callable[[], None],
    limit: int = 500,
) -> Ticked:
    """One beat for one workspace. A step that fails is logged and does not stop the others.

    limit: rows in one transaction. handle: does the work of events that were kept but not processed.
    """
    made: dict[str, int] = {}
    failed: list[str] = []
    for batch in BATCHES:
        name = batch.__name__
        try:
            made[name] = await _all_batches(use_cases, batch, TickCommand(workspace_id, limit))
        except Exception as error:
            failed.append(name)
            log.error("tick_step_failed", step=name, error=type(error).__name__, at=origin(error))
    resumed = 0
    try:
        resumed = await resume_events(use_cases, handle)
        while await use_cases.do(prune_processed, PruneProcessed()):
            pass
    except Exception as error:
        failed.append("inbox")
        log.error("tick_step_failed", step="inbox", error=type(error).__name__, at=origin(error))
    wake()
    if any(made.values()) or resumed:
        log.info("ticked", workspace=workspace_id, resumed=resumed, **made)
    return Ticked(made, resumed, tuple(failed))


async def _all_batches(use_cases: UseCases, batch: Batch, command: TickCommand) -> int:
    handled = 0
    for _ in range(MOST_BATCHES):
        rows = await use_cases.do(batch, command, seconds=BATCH_SECONDS)
        if rows == 0:
            return handled
        handled += rows
    raise RuntimeError(f"{batch.__name__} still finds work after {MOST_BATCHES} batches")


async def resume_events(use_cases: UseCases, handle: Handler) -> int:
    """Do the work of events that were kept, but whose process stopped before it was done. Answers how many succeeded.

    One that fails is counted; after the fifth time it is left with its failure and reported once.
    """
    resumed = 0
    for event in await use_cases.do(unprocessed, Waiting(), writes=False):
        try:
            await handle(event)
            resumed += 1
        except Exception as error:
            failure = f"{type(error).__name__} at {origin(error)}"
            if await use_cases.do(event_failed, EventFailed(event.event_id, failure)):
                log.error("event_given_up", event_id=event.event_id, failure=failure)
            else:
                log.warning("event_failed", event_id=event.event_id, failure=failure)
    return resumed
