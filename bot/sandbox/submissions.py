"""Sending and closing modals: view_submission with every answer an app may give, view_closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox import direct_messages, views
from bot.sandbox.blockkit import check_input
from bot.sandbox.dispatch import NoAck
from bot.sandbox.elements import fillable
from bot.sandbox.entities import Json, Person, View
from bot.sandbox.errors import Refused
from bot.sandbox.interactions import envelope, fill_in
from bot.sandbox.places import top_modal
from bot.sandbox.sandbox import Sandbox

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack shows in a modal whose app gave no usable answer; the modal stays, text in place."""


async def submit(sandbox: Sandbox, person: Person, view_id: str, values: Mapping[str, Any] | None = None) -> Json:
    """Press the submit button. Answers `outcome`: closed, updated, pushed, cleared, errors or failure.

    `errors` maps block ids to sentences; `errors_by` is `slack` when the client refused before asking the app.
    """
    view = top_modal(sandbox, person, view_id)
    fill_in(sandbox, view, values or {})
    refused = refusals(view)
    if refused:
        return _result("errors", view, sandbox, errors=refused, errors_by="slack")
    payload = envelope(sandbox, person, "view_submission") | {
        "trigger_id": sandbox.tickets.issue_trigger(
            person.id, channel=view.channel, from_modal=view.id, window=view.window
        ),
        "view": view.as_slack(sandbox.team),
        "response_urls": _response_urls(sandbox, person, view),
    }
    name = f"view_submission {view.body.get('callback_id') or ''}".strip()
    outcome = await sandbox.dispatch.ask("interactive", name, payload)
    if isinstance(outcome, NoAck):
        return _result("failure", view, sandbox, failure=outcome.sentence)
    await sandbox.images.look_at(outcome.payload)
    if view.id not in sandbox.workspace.stacks.get(view.stack, []):
        return _result("closed", None, sandbox)
    try:
        return _obey(sandbox, person, view, outcome.payload)
    except Refused as refusal:
        details = "; ".join(refusal.messages)
        sentence = f"The app's answer is not what Slack takes: {refusal.code}" + (f" ({details})" if details else "")
        sandbox.notices.send("failure", name=name, what="interaction", sentence=sentence)
        return _result("failure", view, sandbox, failure=sentence)


def _obey(sandbox: Sandbox, person: Person, view: View, answer: Any) -> Json:
    """Do what the app's answer to a submission says; an empty answer closes the view."""
    if not answer:
        views.close_views(sandbox, view, sandbox.workspace.stacks[view.stack].index(view.id))
        return _result("closed", None, sandbox)
    action = answer.get("response_action") if isinstance(answer, dict) else None
    if action == "errors":
        errors = answer.get("errors")
        inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise Refused("invalid_errors", messages=["errors must name input blocks of the view"])
        if not all(isinstance(sentence, str) for sentence in errors.values()):
            raise Refused("invalid_errors", messages=["every error must be a string"])
        sandbox.notices.send("view", audience={person.id}, view_id=view.id, window=view.window, errors=errors)
        return _result("errors", view, sandbox, errors=errors, errors_by="app")
    if action == "update":
        checked = views.check_submission_view(sandbox, answer.get("view"), replacing=view)
        return _result("updated", views.replace_content(sandbox, view, checked), sandbox)
    if action == "push":
        checked = views.check_submission_view(sandbox, answer.get("view"))
        return _result("pushed", views.put_on_top(sandbox, view, checked), sandbox)
    if action == "clear":
        views.close_views(sandbox, view, 0)
        return _result("cleared", None, sandbox)
    raise Refused("invalid_response_action")


def _result(
    outcome: str,
    view: View | None,
    sandbox: Sandbox,
    *,
    errors: dict[str, str] | None = None,
    errors_by: str | None = None,
    failure: str | None = None,
) -> Json:
    return {
        "ok": outcome not in ("errors", "failure"),
        "outcome": outcome,
        "view": view.as_slack(sandbox.team) if view else None,
        "errors": errors or {},
        "errors_by": errors_by,
        "failure": failure,
        "shown": TROUBLE if failure else None,
    }


def refusals(view: View) -> dict[str, str]:
    """What Slack's client says about the form's inputs before it asks the app: block id, sentence."""
    found = {}
    for placed in fillable(view.blocks):
        sentence = check_input(placed.block, view.values[placed.block_id][placed.action_id])
        if sentence:
            found[placed.block_id] = sentence
    return found


def _response_urls(sandbox: Sandbox, person: Person, view: View) -> list[Json]:
    urls = []
    for placed in fillable(view.blocks):
        if placed.block["type"] == "input" and placed.element.get("response_url_enabled"):
            state = view.values[placed.block_id][placed.action_id]
            chosen = state.get("selected_conversation") or state.get("selected_channel")
            if chosen:
                if chosen in sandbox.workspace.people:
                    chosen = direct_messages.between(sandbox.workspace, [person.id, chosen], creator=person.id).id
                key = sandbox.tickets.issue_url(person.id, chosen)
                urls.append(
                    {
                        "block_id": placed.block_id,
                        "action_id": placed.action_id,
                        "channel_id": chosen,
                        "response_url": sandbox.response_url(key),
                    }
                )
    return urls


async def close(sandbox: Sandbox, person: Person, view_id: str, *, everything: bool) -> Json:
    """Cancel the topmost modal, or with `everything` press × and close the whole stack; sends view_closed if asked for.

    As in Slack, × names the root view and `is_cleared` is true; the view in the payload has an empty state.
    """
    view = top_modal(sandbox, person, view_id)
    stack = sandbox.workspace.stacks[view.stack]
    everything = everything or bool(view.body.get("clear_on_close"))
    closed = views.close_views(sandbox, view, 0 if everything else len(stack) - 1)
    told = closed[-1] if everything else view
    if told.body.get("notify_on_close"):
        payload = envelope(sandbox, person, "view_closed") | {
            "view": told.as_slack(sandbox.team, with_state=False),
            "is_cleared": everything,
        }
        name = f"view_closed {told.body.get('callback_id') or ''}".strip()
        await sandbox.dispatch.ask("interactive", name, payload)
    return {"ok": True, "closed": [one.id for one in closed], "failure": None}
