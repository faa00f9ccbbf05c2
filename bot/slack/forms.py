"""The forms of objectives and key results, read from what Slack says their modals hold."""

from collections.abc import Mapping
from hashlib import blake2s
from typing import Any

from bot.okr.forms import KeyResultFields, ObjectiveFields
from bot.okr.human_ids import parse_human_id
from bot.okr.kinds import METRIC
from bot.slack import ids, parse
from bot.slack.entered import Entered
from bot.usecases.adding import OpenAnother
from bot.usecases.agreements import Agree, SendBack, ShowRequest, Withdraw
from bot.usecases.key_results import ChooseKind, SaveKeyResult
from bot.usecases.objectives import DiscardDraft, OpenDraft, SetObjective
from bot.usecases.suggestions import SuggestSupports, SuggestTeams

Payload = Mapping[str, Any]


def key_result_fields(view: Payload, form: int = 1) -> KeyResultFields:
    """What the inputs of a **Key result** modal hold; inputs its kind does not have are empty."""
    state = Entered(view)

    def text(name: str) -> str:
        return state.text(ids.nth_form(name, form)) or ""

    return KeyResultFields(
        title=text(ids.KEY_RESULT_TITLE),
        kind=state.choice(ids.nth_form(ids.KEY_RESULT_KIND, form)) or METRIC.name,
        start=text(ids.KEY_RESULT_START),
        target=text(ids.KEY_RESULT_TARGET),
        unit=text(ids.KEY_RESULT_UNIT),
        commit=text(ids.KEY_RESULT_COMMIT),
        stretch=text(ids.KEY_RESULT_STRETCH),
        milestones=text(ids.KEY_RESULT_MILESTONES),
        weight=text(ids.KEY_RESULT_WEIGHT),
        owner_id=state.choice(ids.nth_form(ids.KEY_RESULT_OWNER, form)),
        contributor_ids=state.choices(ids.nth_form(ids.KEY_RESULT_CONTRIBUTORS, form)),
        delegate_id=state.choice(ids.nth_form(ids.KEY_RESULT_DELEGATE, form)),
    )


def objective_fields(view: Payload, form: int = 1) -> ObjectiveFields:
    """What the inputs of a **New objective** modal hold."""
    state = Entered(view)

    def chosen(name: str) -> int | None:
        value = state.choice(ids.nth_form(name, form)) or ""
        return int(value) if value.isascii() and value.isdecimal() else None

    return ObjectiveFields(
        title=state.text(ids.nth_form(ids.OBJECTIVE_TITLE, form)) or "",
        why=state.text(ids.nth_form(ids.OBJECTIVE_WHY, form)) or "",
        team=chosen(ids.OBJECTIVE_TEAM),
        supports=chosen(ids.OBJECTIVE_SUPPORTS),
        cycle=chosen(ids.OBJECTIVE_CYCLE),
        private=bool(state.checked(ids.nth_form(ids.OBJECTIVE_PRIVATE, form))),
        individual=bool(state.checked(ids.nth_form(ids.OBJECTIVE_INDIVIDUAL, form))),
    )


def _objective_metadata(view: Payload) -> ids.ObjectiveMetadata:
    return ids.unpack(view.get("private_metadata"), ids.ObjectiveMetadata)


def set_objective(body: Payload) -> SetObjective:
    """**Next** was pressed in the **New objective** modal."""
    of = _objective_metadata(body["view"])
    return SetObjective(parse.actor(body), of.nonce, of.form, objective_fields(body["view"], of.form))


def is_in_modal(body: Payload) -> bool:
    """Whether a button was pressed in a modal, and not on a message."""
    return (body.get("container") or {}).get("type") == "view"


def open_draft(body: Payload) -> OpenDraft:
    """A draft was chosen: in the **New objective** modal, whose next form it becomes, or on a message."""
    button = parse.pressed(body)
    draft = ids.unpack(button.value, ids.DraftRef).nonce
    if not is_in_modal(body):
        return OpenDraft(button.actor, draft, form=1)
    of = _objective_metadata(body["view"])
    return OpenDraft(button.actor, draft, of.form + 1, objective_fields(body["view"], of.form), of.nonce)


def discard_draft(body: Payload) -> DiscardDraft:
    """**Discard** was pressed in the **New objective** modal."""
    button, of = parse.pressed(body), _objective_metadata(body["view"])
    typed = objective_fields(body["view"], of.form)
    return DiscardDraft(button.actor, ids.unpack(button.value, ids.DraftRef).nonce, of.nonce, of.form, typed)


def choose_kind(body: Payload) -> ChooseKind:
    """Another kind was chosen in the **Key result** modal."""
    of = ids.unpack(body["view"].get("private_metadata"), ids.KeyResultMetadata)
    return ChooseKind(
        parse.actor(body), of.objective, of.form, key_result_fields(body["view"], of.form), bool(of.adding)
    )


def open_another(body: Payload) -> OpenAnother:
    """**Add Key Result** was pressed."""
    button = parse.pressed(body)
    return OpenAnother(button.actor, parse_human_id(ids.unpack(button.value, ids.Showing).id).number)


def save_key_result(body: Payload) -> SaveKeyResult:
    """**Save** was pressed in the **Key result** modal."""
    view = body["view"]
    of = ids.unpack(view.get("private_metadata"), ids.KeyResultMetadata)
    another = bool(Entered(view).checked(ids.nth_form(ids.KEY_RESULT_ANOTHER, of.form)))
    fields = key_result_fields(view, of.form)
    return SaveKeyResult(
        parse.actor(body), of.objective, of.form, fields, another, window=_window(view), adding=bool(of.adding)
    )


def _window(view: Payload) -> str:
    """A short name for the window a view is shown in: its id stays the same when a form replaces another."""
    shown_in = str(view.get("id") or "")
    return blake2s(shown_in.encode("utf-8", "replace"), digest_size=6).hexdigest() if shown_in else ""


def suggest_supports(body: Payload) -> SuggestSupports:
    """Somebody types into **Supports**."""
    view = body.get("view") or {}
    of = _objective_metadata(view)
    return SuggestSupports(
        parse.actor(body), str(body.get("value") or ""), objective_fields(view, of.form).cycle, of.nonce
    )


def suggest_teams(body: Payload) -> SuggestTeams:
    """Somebody types into **Team**, where there are too many teams for a menu."""
    return SuggestTeams(parse.actor(body), str(body.get("value") or ""))


def agree(body: Payload) -> Agree:
    """**Approve** was pressed."""
    button = parse.pressed(body)
    of = ids.unpack(button.value, ids.ObjectiveRef)
    return Agree(button.actor, of.objective, of.version, of.seen)


def withdraw(body: Payload) -> Withdraw:
    """**Withdraw** was pressed."""
    button = parse.pressed(body)
    return Withdraw(button.actor, ids.unpack(button.value, ids.ObjectiveRef).objective)


def show_request(body: Payload) -> ShowRequest:
    """The question was asked for once more."""
    button = parse.pressed(body)
    return ShowRequest(button.actor, ids.unpack(button.value, ids.ObjectiveRef).objective)


def ask_to_send_back(body: Payload) -> SendBack:
    """**Send Back** was pressed: the comment is still to be written."""
    button = parse.pressed(body)
    return SendBack(button.actor, ids.unpack(button.value, ids.ObjectiveRef).objective)


def send_back(body: Payload) -> SendBack:
    """**Send Back** was pressed in the modal with the comment."""
    view = body["view"]
    of = ids.unpack(view.get("private_metadata"), ids.ObjectiveRef)
    return SendBack(parse.actor(body), of.objective, Entered(view).text(ids.SEND_BACK_COMMENT) or "")
