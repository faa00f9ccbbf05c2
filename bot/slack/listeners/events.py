"""Events: kept before they are acknowledged, then worked on once; what stays undone is resumed by the beat."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.okr.errors import Busy, OkrError
from bot.slack import organising, parse, words
from bot.slack.in_step import InStep
from bot.slack.shell import Shell
from bot.slack.views import reactions
from bot.usecases.events import Once, nothing, once
from bot.usecases.faults import way_to
from bot.usecases.in_step import follow_change
from bot.usecases.inbox import EventFailed, KeepEvent, event_failed, keep_event
from bot.usecases.people import keep_people
from bot.usecases.recognition import Outcome, react
from bot.usecases.words import answer_words

Body = Mapping[str, Any]
Next = Callable[[], Awaitable[BoltResponse]]

log = structlog.get_logger()


def keeping_events(shell: Shell) -> Callable[..., Awaitable[BoltResponse]]:
    """The middleware that keeps an event before anything acknowledges it.

    It stands before authorization: Bolt acknowledges an event before its listener runs, and answers 200 even where
    authorization fails. Raising here leaves the event unacknowledged, so Slack sends it again. An event that is known
    already is acknowledged without work.
    """

    async def keep(req: AsyncBoltRequest, next_: Next) -> BoltResponse:
        event = parse.event_of(req.body)
        if event is None or event.type not in HANDLERS:
            return await next_()
        if event.type == MESSAGE and not words.is_written(req.body):
            return BoltResponse(status=200)  # each message of ours would be a row
        is_new = await shell.use_cases.do(keep_event, KeepEvent(event.team, event.event_id, dict(req.body)))
        return await next_() if is_new else BoltResponse(status=200)

    return keep


async def work_on(shell: Shell, payload: Body) -> None:
    """Do the work of a kept event, if it was not done before. What its sender may not do needs no second try."""
    event = parse.event_of(payload)
    if event is None or event.type not in HANDLERS:
        return
    try:
        await HANDLERS[event.type](shell, payload, event)
    except Busy:
        raise
    except OkrError as error:
        log.info("event_refused", event_id=event.event_id, type=event.type, why=type(error).__name__)
        await shell.use_cases.do(once, Once(event.event_id, nothing, None))


async def process(shell: Shell, payload: Body) -> None:
    """Do an event's work right after it was acknowledged. A failure is counted; the beat tries again."""
    try:
        await work_on(shell, payload)
    except Busy:
        log.info("event_waits", event_id=payload.get("event_id"))
    except Exception as error:
        await shell.use_cases.do(event_failed, EventFailed(str(payload["event_id"]), type(error).__name__))
        log.error("event_failed", event_id=payload["event_id"], error=type(error).__name__, way=way_to(error))


async def _reaction(shell: Shell, payload: Body, event: parse.Event) -> None:
    command = parse.reaction(payload)
    if command is None:
        await shell.use_cases.do(once, Once(event.event_id, nothing, None))
        return
    outcome = await shell.do(once, Once(event.event_id, react, command))
    told = (
        {
            Outcome.HINT: reactions.where_to_react,
            Outcome.ALLOWANCE_USED: reactions.allowance_used,
        }.get(outcome)
        if isinstance(outcome, Outcome)
        else None
    )
    if told is not None:
        message = told()
        await shell.client.chat_postEphemeral(
            channel=command.channel, user=command.actor.user, text=message.text, blocks=list(message.blocks)
        )


async def _person(shell: Shell, payload: Body, event: parse.Event) -> None:
    await shell.do(once, Once(event.event_id, keep_people, parse.person_changed(payload)))


async def _group_changed(shell: Shell, payload: Body, event: parse.Event) -> None:
    change = organising.change_of_source(payload)
    unknown = await shell.do(once, Once(event.event_id, follow_change, change))
    if unknown:
        await InStep(shell.directory, shell.use_cases).follow(change, unknown)


async def _message(shell: Shell, payload: Body, event: parse.Event) -> None:
    command = words.answer(payload)
    if command is None:
        await shell.do(once, Once(event.event_id, nothing, None))
        return
    await shell.do(once, Once(event.event_id, answer_words, command))


MESSAGE = "message"
HANDLERS: Mapping[str, Callable[[Shell, Body, parse.Event], Awaitable[None]]] = {
    "member_joined_channel": _group_changed,
    "member_left_channel": _group_changed,
    MESSAGE: _message,
    "reaction_added": _reaction,
    "reaction_removed": _reaction,
    "subteam_members_changed": _group_changed,
    "team_join": _person,
    "user_change": _person,
}


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to the events there is work for."""

    async def on_event(body: dict[str, Any]) -> None:
        await process(shell, body)

    for name in HANDLERS:
        app.event(name)(on_event)
