"""Modals and Home tabs: opening, pushing, updating, publishing and closing, with Slack's refusals."""

from __future__ import annotations

import time
from typing import Any

from bot.sandbox import offered, rules
from bot.sandbox.blockkit import initial_state
from bot.sandbox.elements import kept_values, with_current_conversation
from bot.sandbox.entities import Json, Person, View
from bot.sandbox.errors import Refused
from bot.sandbox.reading import parse_json
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state import new_id

DEEPEST_STACK = 3
MOST_WINDOWS = 10
"""Windows of one person whose modals are kept: nobody says when a window is closed for good."""


def open_modal(sandbox: Sandbox, trigger_id: str, body: object) -> View:
    """views.open: a new stack for the person whose click gave the trigger."""
    checked = _checked(sandbox, body, "modal")
    trigger = sandbox.tickets.use_trigger(trigger_id)
    view = _new_view(sandbox, trigger.user, checked, channel=trigger.channel, window=trigger.window)
    sandbox.workspace.keep_view(view)
    sandbox.workspace.keep_stack(view.stack, [view.id])
    for forgotten in sandbox.workspace.stacks_of(trigger.user)[:-MOST_WINDOWS]:
        sandbox.workspace.keep_stack(forgotten, [])
    _tell(sandbox, view)
    return view


def push_modal(sandbox: Sandbox, trigger_id: str, body: object) -> View:
    """views.push: on top of the modal the click happened in."""
    checked = _checked(sandbox, body, "modal")
    trigger = sandbox.tickets.use_trigger(trigger_id)
    pressed_in = sandbox.workspace.views.get(trigger.from_modal or "")
    if pressed_in is None:
        raise Refused("not_found")
    return put_on_top(sandbox, pressed_in, checked)


def put_on_top(sandbox: Sandbox, pressed_in: View, checked: Json) -> View:
    """Add a checked view to the stack of an open modal; refuses `push_limit_reached`."""
    stack = sandbox.workspace.stacks[pressed_in.stack]
    if len(stack) >= DEEPEST_STACK:
        raise Refused("push_limit_reached")
    below = sandbox.workspace.views[stack[-1]]
    view = _new_view(sandbox, below.user, checked, channel=below.channel, window=below.window)
    view.root_view_id, view.previous_view_id = below.root_view_id, below.id
    sandbox.workspace.keep_view(view)
    sandbox.workspace.keep_stack(below.stack, [*stack, view.id])
    _tell(sandbox, view)
    return view


def update_view(
    sandbox: Sandbox, body: object, *, view_id: str | None, external_id: str | None, expected_hash: str | None
) -> View:
    """views.update by view id or external id; refuses `not_found` and `hash_conflict`."""
    workspace = sandbox.workspace
    view = workspace.views.get(view_id or "") if view_id else workspace.view_with_external_id(external_id or "")
    if view is None:
        raise Refused("not_found")
    checked = _checked(sandbox, body, view.type, replacing=view)
    if expected_hash and expected_hash != view.hash:
        raise Refused("hash_conflict")
    return replace_content(sandbox, view, checked)


def replace_content(sandbox: Sandbox, view: View, checked: Json) -> View:
    """Put a checked body into an open view; inputs whose ids are unchanged keep what stands in them."""
    view.body = rules.kept_view(sandbox, checked)
    view.values = kept_values(view.blocks, view.values)
    view.hash = _new_hash()
    sandbox.workspace.keep_view(view)
    _tell(sandbox, view)
    return view


def publish_home(sandbox: Sandbox, person: Person, body: object, expected_hash: str | None) -> View:
    """views.publish: the person's whole Home tab."""
    if not sandbox.manifest.home_tab:
        raise Refused("not_enabled")
    current = sandbox.workspace.home(person.id)
    checked = _checked(sandbox, body, "home", replacing=current)
    if expected_hash and current and expected_hash != current.hash:
        raise Refused("hash_conflict")
    if current is not None:
        return replace_content(sandbox, current, checked)
    view = _new_view(sandbox, person.id, checked)
    sandbox.workspace.keep_home(person.id, view)
    _tell(sandbox, view)
    return view


def close_views(sandbox: Sandbox, of: View, keep: int) -> list[View]:
    """Close all but the lowest `keep` modals of a modal's window; answers the closed ones, top first."""
    stack = sandbox.workspace.stacks.get(of.stack, [])
    closed = [sandbox.workspace.views[view] for view in reversed(stack[keep:])]
    sandbox.workspace.keep_stack(of.stack, stack[:keep])
    if closed:
        sandbox.notices.send("view", audience={of.user}, view_id=closed[-1].id, window=of.window, closed=True)
    return closed


def check_submission_view(sandbox: Sandbox, body: object, *, replacing: View | None = None) -> Json:
    """A view that came in the answer to a submission, checked like any other; refuses as views.open does."""
    return _checked(sandbox, body, "modal", replacing=replacing)


def _checked(sandbox: Sandbox, body: object, surface: str, *, replacing: View | None = None) -> Json:
    if isinstance(body, str):
        try:
            body = parse_json(body)
        except ValueError:
            raise Refused("invalid_arguments", messages=["must provide an object [json-pointer:/view]"]) from None
    if not isinstance(body, dict):
        raise Refused("invalid_arguments", messages=["must provide an object [json-pointer:/view]"])
    rules.refuse_bad_view(sandbox, body)
    if body.get("type") != surface:
        raise Refused("invalid_arguments", messages=[f"view must be a {surface} [json-pointer:/view/type]"])
    external_id = body.get("external_id")
    namesake = sandbox.workspace.view_with_external_id(external_id) if external_id else None
    if namesake is not None and namesake is not replacing:
        raise Refused("duplicate_external_id")
    return body


def _new_view(sandbox: Sandbox, user: str, checked: Json, channel: str | None = None, window: str = "") -> View:
    body: dict[str, Any] = rules.kept_view(sandbox, checked)
    view_id = new_id("V")
    values = initial_state(body)
    if channel is not None:
        here = sandbox.workspace.channels[channel]
        with_current_conversation(
            body["blocks"], values, channel, lambda wanted: offered.fits(sandbox.workspace, here, wanted)
        )
    return View(
        id=view_id,
        type=body["type"],
        user=user,
        body=body,
        hash=_new_hash(),
        root_view_id=view_id,
        values=values,
        channel=channel,
        window=window,
    )


def _new_hash() -> str:
    return f"{int(time.time())}.{new_id('h')}"


def _tell(sandbox: Sandbox, view: View) -> None:
    sandbox.notices.send(
        "view", audience={view.user}, view_id=view.id, type=view.type, window=view.window, closed=False
    )
