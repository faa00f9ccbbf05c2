"""views.*: modals and Home tabs."""

from __future__ import annotations

from bot.sandbox import views
from bot.sandbox.api.registry import Call, method
from bot.sandbox.entities import Json, View
from bot.sandbox.errors import Refused


def _answer(call: Call, view: View) -> Json:
    return {"view": view.as_slack(call.sandbox.team, with_state=False)}


def _trigger(call: Call) -> str:
    trigger = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger:
        raise Refused("invalid_arguments", messages=["missing required field: trigger_id"])
    return trigger


@method("views.open", required=("view",), tier=4)
def views_open(call: Call) -> Json:
    """Open a modal for the person whose click gave the trigger."""
    return _answer(call, views.open_modal(call.sandbox, _trigger(call), call.arguments["view"]))


@method("views.push", required=("view",), tier=4)
def views_push(call: Call) -> Json:
    """Push a modal on the stack the click happened in."""
    return _answer(call, views.push_modal(call.sandbox, _trigger(call), call.arguments["view"]))


@method("views.update", required=("view",), tier=4)
def views_update(call: Call) -> Json:
    """Replace an open modal's or Home's content."""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise Refused("invalid_arguments", messages=["missing required field: view_id"])
    view = views.update_view(
        call.sandbox,
        call.arguments["view"],
        view_id=view_id or None,
        external_id=external_id or None,
        expected_hash=call.text("hash") or None,
    )
    return _answer(call, view)


@method("views.publish", required=("user_id", "view"), tier=4)
def views_publish(call: Call) -> Json:
    """Set a person's Home tab."""
    person = call.person("user_id", error="invalid_arguments")
    view = views.publish_home(call.sandbox, person, call.arguments["view"], call.text("hash") or None)
    return _answer(call, view)
