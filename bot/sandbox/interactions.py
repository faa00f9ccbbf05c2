"""What a person does: say, run a command, press, fill in, send, close, use a shortcut, open Home.

Each function sends the app what Slack would send, with every key, waits for its ack where Slack waits, and answers a
JSON object that says what happened. `failure` is a sentence when the person would see that something went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox import files, messages, rules
from bot.sandbox.blockkit import validate_suggestions
from bot.sandbox.direct_messages import gone_partner
from bot.sandbox.dispatch import NOT_CONNECTED, Ack, NoAck
from bot.sandbox.elements import PRESSED, Placed, action_entry, as_pressed, fillable, find_element, state_from
from bot.sandbox.entities import Channel, Json, Message, Person, View
from bot.sandbox.errors import ControlError, Refused
from bot.sandbox.places import Place, channel_reference, public_name
from bot.sandbox.responses import answer_command
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.text import as_command_text, as_rich_text, as_sent


async def say(
    sandbox: Sandbox,
    person: Person,
    channel: Channel,
    typed: str,
    *,
    thread_ts: str | None = None,
    window: str = "",
) -> Json:
    """Write a message; text that begins with a slash is a command, except in threads where Slack has none."""
    if not typed.strip():
        raise ControlError("An empty message is not sent.")
    if typed.startswith("/") and not typed.startswith("//"):
        name, _, rest = typed.partition(" ")
        if thread_ts is None:
            return await run_command(sandbox, person, channel, name, rest, window=window)
        if sandbox.manifest.command(name):
            note = f"{name} is not supported in threads. Sorry!"
            sandbox.note_from_slackbot(person.id, channel.id, note)
            return {"ok": False, "failure": note}
    _require_writer(sandbox, person, channel)
    timeline = sandbox.workspace.timeline(channel.id)
    if thread_ts is not None and thread_ts not in timeline.by_ts and thread_ts not in timeline.threads:
        raise ControlError(f"There is no thread {thread_ts} in this channel.")
    text = as_sent(typed, sandbox.workspace, person)
    message = Message(
        channel=channel.id,
        ts=sandbox.workspace.next_ts(),
        user=person.id,
        text=text,
        blocks=[as_rich_text(text, rules.new_block_id())],
        thread_ts=thread_ts,
        client_msg_id=rules.new_client_msg_id(),
    )
    messages.post(sandbox, message)
    return {"ok": True, "ts": message.ts, "channel": channel.id, "failure": None}


def say_with_files(
    sandbox: Sandbox, person: Person, channel: Channel, typed: str, chosen: list[str], thread_ts: str | None
) -> str:
    """Post uploaded files, with a comment or without; answers the message's ts."""
    _require_writer(sandbox, person, channel)
    text = as_sent(typed, sandbox.workspace, person)
    message = Message(
        channel=channel.id,
        ts=sandbox.workspace.next_ts(),
        user=person.id,
        text=text,
        subtype="file_share",
        blocks=[as_rich_text(text, rules.new_block_id())] if text else [],
        thread_ts=thread_ts,
        client_msg_id=rules.new_client_msg_id(),
        files=chosen,
    )
    files.post_with_files(sandbox, message)
    return message.ts


def _require_writer(sandbox: Sandbox, person: Person, channel: Channel) -> None:
    if person.deleted:
        raise ControlError(f"{person.shown_name} is deactivated.")
    if channel.is_archived:
        raise ControlError("This channel is archived.")
    if person.id not in channel.members:
        raise ControlError(f"{person.shown_name} is not in this channel; join it first.")
    gone = gone_partner(sandbox.workspace, person, channel)
    if gone is not None:
        raise ControlError(f"{gone.shown_name} is deactivated and reads no messages any more.")


async def run_command(
    sandbox: Sandbox, person: Person, channel: Channel, name: str, typed: str, *, window: str = ""
) -> Json:
    """Run a slash command; works in every channel the person sees, member or not. A modal opens in `window`."""
    if not sandbox.workspace.can_see(person, channel):
        raise ControlError(f"{person.shown_name} cannot see this channel.")
    command = sandbox.manifest.command(name)
    if command is None:
        sentence = (
            f"{name} is not a valid command. In Slack, all messages that start with the “/” character are"
            " interpreted as commands."
        )
        sandbox.note_from_slackbot(person.id, channel.id, sentence)
        return {"ok": False, "ack": None, "failure": sentence}
    team = sandbox.team
    payload = {
        "token": team.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": public_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": as_command_text(typed.strip(), sandbox.workspace, person, should_escape=command.should_escape),
        "api_app_id": team.app_id,
        "is_enterprise_install": "false",
        "response_url": sandbox.response_url(sandbox.tickets.issue_url(person.id, channel.id)),
        "trigger_id": sandbox.tickets.issue_trigger(person.id, channel=channel.id, window=window),
    }
    outcome = await sandbox.dispatch.ask("slash_commands", name, payload)
    if isinstance(outcome, NoAck):
        code = "dispatch_failed" if outcome.sentence == NOT_CONNECTED else "operation_timeout"
        sandbox.note_from_slackbot(person.id, channel.id, f"{name} failed with the error “{code}”. {outcome.sentence}")
        return {"ok": False, "ack": None, "failure": outcome.sentence}
    await sandbox.images.look_at(outcome.payload)
    try:
        shown = answer_command(sandbox, outcome.payload, person.id, channel)
    except Refused as refusal:
        why = f"The ack of {name} is not what Slack takes: {'; '.join([refusal.code, *refusal.messages])}"
        sandbox.notices.send("failure", name=name, what="interaction", sentence=why)
        sentence = f"{name} failed with the error “invalid_command_response”."
        sandbox.note_from_slackbot(person.id, channel.id, sentence)
        return {"ok": False, "ack": outcome.payload, "failure": sentence}
    return {"ok": True, "ack": outcome.payload or {}, "shown": shown.ts if shown else None, "failure": None}


def envelope(sandbox: Sandbox, person: Person, kind: str) -> Json:
    """The keys every interaction payload has."""
    team = sandbox.team
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id(team)},
        "api_app_id": team.app_id,
        "token": team.verification_token,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def action_ts(sandbox: Sandbox) -> str:
    """Real time of an action, as Slack writes it."""
    return f"{sandbox.real_time():.6f}"


async def press(
    sandbox: Sandbox,
    person: Person,
    place: Place,
    action_id: str,
    *,
    block_id: str | None = None,
    given: Any = None,
    values: Mapping[str, Any] | None = None,
) -> Json:
    """Press a button or choose something; sends block_actions. `values` is what stands in the form at that moment."""
    placed = as_pressed(find_element(place.blocks, action_id, block_id), given)
    current = _current_values(sandbox, person, place)
    if values:
        _enter(place.blocks, current, values)
        _keep_values(sandbox, person, place, current)
    state = None if placed.element["type"] in PRESSED else state_from(placed.element, given)
    if state is not None and placed.action_id in current.get(placed.block_id, {}):
        current[placed.block_id][placed.action_id] = state
        _keep_values(sandbox, person, place, current)
    payload = _block_actions(sandbox, person, place, action_entry(placed, state, action_ts(sandbox)), current)
    outcome = await sandbox.dispatch.ask("interactive", f"block_actions {placed.action_id}", payload)
    return _acked(outcome)


def _acked(outcome: Ack | NoAck) -> Json:
    if isinstance(outcome, NoAck):
        return {"ok": False, "ack": None, "failure": outcome.sentence}
    return {"ok": True, "ack": outcome.payload or {}, "failure": None}


def _block_actions(sandbox: Sandbox, person: Person, place: Place, action: Json, current: Json) -> Json:
    payload = envelope(sandbox, person, "block_actions") | {"container": place.container}
    if place.view is not None:
        modal = place.view.id if place.view.type == "modal" else None
        payload["trigger_id"] = sandbox.tickets.issue_trigger(
            person.id, channel=place.view.channel, from_modal=modal, window=place.window
        )
        payload["view"] = place.view.as_slack(sandbox.team)
    else:
        message = place.message
        assert message is not None  # a place is a view or a message
        payload["trigger_id"] = sandbox.tickets.issue_trigger(person.id, channel=message.channel, window=place.window)
        url = sandbox.tickets.issue_url(
            person.id,
            message.channel,
            message_ts=message.ts,
            is_ephemeral=message.only_for is not None,
            thread_ts=message.thread_ts,
        )
        payload |= place.more | {"state": {"values": current}, "response_url": sandbox.response_url(url)}
    return payload | {"actions": [action]}


def _current_values(sandbox: Sandbox, person: Person, place: Place) -> dict[str, dict[str, Json]]:
    if place.view is not None:
        return place.view.values
    assert place.message is not None  # a place is a view or a message
    return sandbox.state_of_message(person.id, place.message.ts, place.blocks)


def _keep_values(sandbox: Sandbox, person: Person, place: Place, values: dict[str, dict[str, Json]]) -> None:
    if place.view is not None:
        sandbox.workspace.keep_view(place.view)
    elif place.message is not None:
        sandbox.message_states[person.id, place.message.ts] = values


async def change(sandbox: Sandbox, person: Person, place: Place, placed: Placed, given: Any) -> Json:
    """Fill in one input; the app hears of it only when the input has `dispatch_action` or is no input block."""
    view = place.view
    assert view is not None  # inputs of messages are pressed
    state = state_from(placed.element, given)
    view.values.setdefault(placed.block_id, {})[placed.action_id] = state
    sandbox.workspace.keep_view(view)
    if placed.block["type"] == "input" and not placed.block.get("dispatch_action"):
        return {"ok": True, "ack": None, "failure": None}
    payload = _block_actions(sandbox, person, place, action_entry(placed, state, action_ts(sandbox)), view.values)
    return _acked(await sandbox.dispatch.ask("interactive", f"block_actions {placed.action_id}", payload))


def fill_in(sandbox: Sandbox, view: View, values: Mapping[str, Any]) -> None:
    """Put values into a form. Keys are block ids or labels; a value is plain, or `{action id: value}`."""
    _enter(view.blocks, view.values, values)
    sandbox.workspace.keep_view(view)


def _enter(blocks: list[Json], into: dict[str, dict[str, Json]], values: Mapping[str, Any]) -> None:
    if not isinstance(values, Mapping):
        raise ControlError("The values of a form are an object: block id or label, and what is entered.")
    inputs = fillable(blocks)
    for key, given in values.items():
        fitting = [one for one in inputs if one.block_id == key] or [one for one in inputs if one.label == key]
        if not fitting:
            shown = ", ".join(one.label or one.block_id for one in inputs)
            raise ControlError(f"This form has no input “{key}”; there are: {shown}.")
        by_action = isinstance(given, dict) and {one.action_id for one in fitting} >= set(given)
        for placed in fitting:
            if by_action and placed.action_id not in given:
                continue
            state = state_from(placed.element, given[placed.action_id] if by_action else given)
            into.setdefault(placed.block_id, {})[placed.action_id] = state


async def open_home(sandbox: Sandbox, person: Person, tab: str) -> Json:
    """Look at the app's Home or Messages tab; sends app_home_opened."""
    if tab not in ("home", "messages"):
        raise ControlError("The tab is home or messages.")
    if tab == "home" and not sandbox.manifest.home_tab:
        raise ControlError("This app has no Home tab.")
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": sandbox.workspace.dm(person.id).id,
        "tab": tab,
        "event_ts": sandbox.workspace.next_ts(),
    }
    published = sandbox.workspace.home(person.id)
    if tab == "home" and published is not None:
        event["view"] = published.as_slack(sandbox.team)
    event_id = sandbox.dispatch.event("app_home_opened", event)
    return {"ok": True, "event_id": event_id, "failure": None if sandbox.dispatch.connected else NOT_CONNECTED}


async def use_shortcut(
    sandbox: Sandbox,
    person: Person,
    callback_id: str,
    *,
    channel: Channel | None = None,
    ts: str | None = None,
    window: str = "",
) -> Json:
    """A global shortcut, or with `channel` and `ts` a message shortcut. A modal opens in `window`."""
    known = sandbox.manifest.shortcuts
    kind = "message" if channel is not None else "global"
    if known is not None and not any(one.callback_id == callback_id and one.kind == kind for one in known):
        raise ControlError(f"The app has no {kind} shortcut “{callback_id}”.")
    payload = envelope(sandbox, person, "shortcut" if channel is None else "message_action")
    payload |= {
        "action_ts": action_ts(sandbox),
        "callback_id": callback_id,
        "trigger_id": sandbox.tickets.issue_trigger(person.id, channel=channel.id if channel else None, window=window),
    }
    del payload["api_app_id"]  # of all interactions only shortcuts come without it
    if channel is None:
        del payload["user"]["name"]
    else:
        if not sandbox.workspace.can_see(person, channel):
            raise ControlError(f"{person.shown_name} cannot see this channel.")
        message = sandbox.workspace.timeline(channel.id).by_ts.get(ts or "")
        if message is None or message.is_deleted:
            raise ControlError(f"There is no message {ts} in this channel.")
        url = sandbox.tickets.issue_url(person.id, channel.id, message_ts=message.ts, thread_ts=message.thread_ts)
        payload |= {
            "channel": channel_reference(channel),
            "message_ts": message.ts,
            "message": sandbox.workspace.as_slack(message),
            "response_url": sandbox.response_url(url),
        }
    return _acked(await sandbox.dispatch.ask("interactive", f"{payload['type']} {callback_id}", payload))


async def suggest(
    sandbox: Sandbox, person: Person, place: Place, action_id: str, block_id: str | None, typed: str
) -> Json:
    """Type into a select whose options come from the app; answers its options or option groups."""
    placed = find_element(place.blocks, action_id, block_id)
    payload = envelope(sandbox, person, "block_suggestion") | {
        "container": place.container,
        "action_id": placed.action_id,
        "block_id": placed.block_id,
        "value": typed,
        **place.more,
    }
    if place.view is not None:
        payload["view"] = place.view.as_slack(sandbox.team)
    outcome = await sandbox.dispatch.ask("interactive", f"block_suggestion {action_id}", payload)
    if isinstance(outcome, NoAck):
        return {"ok": False, "options": [], "option_groups": [], "failure": outcome.sentence}
    answer = outcome.payload if isinstance(outcome.payload, dict) else {}
    problems = validate_suggestions(answer)
    if problems:
        why = "; ".join(problem.as_line() for problem in problems)
        failure = f"The app's options are not what Slack takes: {why}"
        return {"ok": False, "options": [], "option_groups": [], "failure": failure}
    offered = {name: answer.get(name) or [] for name in ("options", "option_groups")}
    return {"ok": True, **offered, "failure": None}
