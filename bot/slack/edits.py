"""What was pressed and typed in the forms that change what was agreed."""

from collections.abc import Mapping
from typing import Any

from bot.okr.changing import State
from bot.okr.human_ids import HumanId, key_result_id, objective_id, parse_human_id
from bot.slack import ids, parse
from bot.slack.entered import Entered
from bot.slack.forms import key_result_fields
from bot.usecases.changing import RedrawEdit, SaveEdit
from bot.usecases.changing_objectives import SaveObjectiveEdit
from bot.usecases.leavers import HandOver, OpenHandOver
from bot.usecases.suggestions import SuggestCycles, SuggestPlaces, SuggestSupports, SuggestTeams

Payload = Mapping[str, Any]


def metadata(body: Payload) -> ids.EditMetadata:
    """What the modal remembers."""
    return ids.unpack(body["view"].get("private_metadata"), ids.EditMetadata)


def of(body: Payload) -> HumanId:
    """The objective or key result that **Edit** stands beside."""
    return parse_human_id(ids.unpack(parse.pressed(body).value, ids.Showing).id)


def redraw_key_result(body: Payload) -> RedrawEdit:
    """Another kind was chosen."""
    known = metadata(body)
    fields = key_result_fields(body["view"], known.form)
    return RedrawEdit(
        actor=parse.actor(body),
        number=parse_human_id(known.id).number,
        fields=fields,
        objective=chosen(body["view"], ids.EDIT_PLACE, known.form),
        state=chosen_state(body["view"], known.form),
        form=known.form,
        seen=known.seen,
    )


def save_key_result(body: Payload) -> SaveEdit:
    """**Save** was pressed."""
    view, known = body["view"], metadata(body)
    state = Entered(view)
    return SaveEdit(
        actor=parse.actor(body),
        number=parse_human_id(known.id).number,
        fields=key_result_fields(view, known.form),
        objective=chosen(view, ids.EDIT_PLACE, known.form),
        state=chosen_state(view, known.form),
        reason=state.text(ids.EDIT_REASON) or "",
        form=known.form,
        seen=known.seen,
    )


def save_objective(body: Payload) -> SaveObjectiveEdit:
    """**Save** was pressed in the form of an objective."""
    view, known = body["view"], metadata(body)
    state, form = Entered(view), known.form
    return SaveObjectiveEdit(
        actor=parse.actor(body),
        number=parse_human_id(known.id).number,
        title=state.text(ids.nth_form(ids.EDIT_TITLE, form)) or "",
        why=state.text(ids.nth_form(ids.EDIT_PURPOSE, form)) or "",
        team=chosen(view, ids.EDIT_TEAM, form),
        cycle=chosen(view, ids.EDIT_CYCLE, form),
        supports=chosen(view, ids.EDIT_SUPPORTS, form),
        owner=state.choice(ids.nth_form(ids.EDIT_OWNER, form)),
        private=bool(state.checked(ids.nth_form(ids.EDIT_PRIVATE, form))),
        state=chosen_state(view, form),
        reason=state.text(ids.EDIT_REASON) or "",
        form=form,
        seen=known.seen,
    )


def suggest_supports(body: Payload) -> SuggestSupports:
    """Somebody types into **Supports**."""
    view, known = body["view"], metadata(body)
    cycle = chosen(view, ids.EDIT_CYCLE, known.form)
    return SuggestSupports(parse.actor(body), _typed(body), cycle, objective=parse_human_id(known.id).number)


def suggest_places(body: Payload) -> SuggestPlaces:
    """Somebody types into **Objective** of a key result."""
    return SuggestPlaces(parse.actor(body), _typed(body), parse_human_id(metadata(body).id).number)


def suggest_teams(body: Payload) -> SuggestTeams:
    """Somebody types into **Team**."""
    return SuggestTeams(parse.actor(body), _typed(body))


def suggest_cycles(body: Payload) -> SuggestCycles:
    """Somebody types into **Cycle**."""
    return SuggestCycles(parse.actor(body), _typed(body))


def _typed(body: Payload) -> str:
    return str(body.get("value") or "")


def chosen(view: Payload, name: str, form: int) -> int | None:
    """The row id that was chosen in a menu; None where nothing is."""
    value = Entered(view).choice(ids.nth_form(name, form)) or ""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None


def chosen_state(view: Payload, form: int) -> State:
    """Whether it is to count."""
    value = Entered(view).choice(ids.nth_form(ids.EDIT_STATE, form))
    return State(value) if value in set(State) else State.IN_FORCE


def open_hand_over(body: Payload) -> OpenHandOver:
    """**Hand Over** was pressed on a message."""
    button = parse.pressed(body)
    return OpenHandOver(button.actor, ids.unpack(button.value, ids.LeaverRef).member)


def hand_over(body: Payload) -> HandOver:
    """**Hand Over** was pressed in its modal."""
    view = body["view"]
    known, state = ids.unpack(view.get("private_metadata"), ids.HandOverMetadata), Entered(view)
    blocks: dict[str, str] = {key_result_id(number): ids.hand_over_block(number) for number in known.shown}
    blocks |= {objective_id(number): ids.hand_over_objective_block(number) for number in known.objectives}
    single = {shown_id: state.choice(block_id) for shown_id, block_id in blocks.items()}
    return HandOver(
        actor=parse.actor(body),
        leaver=known.member,
        everything_to=state.choice(ids.HAND_OVER_ALL),
        single={shown_id: slack_id for shown_id, slack_id in single.items() if slack_id},
        shown=tuple(blocks),
        page=known.page,
    )
