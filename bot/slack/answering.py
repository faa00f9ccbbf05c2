"""What the **Check in** and **Edit** modals hold, read with every press in them."""

from collections.abc import Mapping
from typing import Any

from bot.slack import ids, parse
from bot.slack.entered import Entered
from bot.usecases.answers import FieldAnswer
from bot.usecases.check_in_edits import EditCheckIn, OpenEdit
from bot.usecases.check_in_pages import DiscardDrafts, KeepDraft, page_nonce
from bot.usecases.checkins import SendForm

Payload = Mapping[str, Any]


def check_in(body: Payload) -> SendForm:
    """**Send** was pressed in the **Check in** modal."""
    view = body["view"]
    metadata = metadata_of(body)
    state = Entered(view)
    return SendForm(
        actor=parse.actor(body),
        nonce=page_nonce(metadata.nonce, metadata.page),
        answers=_answers(view, metadata),
        due=frozenset(metadata.due),
        learned=state.text(ids.nth_form(ids.LEARNED, metadata.form)),
        needs=state.text(ids.nth_form(ids.NEEDS, metadata.form)),
        form=metadata.nonce,
        page=metadata.page,
        rest=metadata.rest,
    )


def metadata_of(body: Payload) -> ids.CheckInMetadata:
    """What the **Check in** modal remembers."""
    return ids.unpack(body["view"].get("private_metadata"), ids.CheckInMetadata)


def draft(body: Payload, noted: int | None = None) -> KeepDraft:
    """What stands in the **Check in** modal. `noted`: the key result whose **Add a Note** was pressed."""
    view, metadata = body["view"], metadata_of(body)
    state = Entered(view)
    learned_id = ids.nth_form(ids.LEARNED, metadata.form)
    present = {str(block.get("block_id")) for block in view.get("blocks") or []}
    open_notes = {number for number in map(ids.key_result_of_note_block, present) if number is not None}
    return KeepDraft(
        actor=parse.actor(body),
        nonce=metadata.nonce,
        answers=_answers(view, metadata),
        noted=frozenset(open_notes | ({noted} if noted is not None else set())),
        words=learned_id in present,
        learned=state.text(learned_id),
        needs=state.text(ids.nth_form(ids.NEEDS, metadata.form)),
    )


def discard(body: Payload) -> DiscardDrafts:
    """**Discard** was pressed in the **Check in** modal."""
    metadata = metadata_of(body)
    return DiscardDrafts(parse.actor(body), metadata.nonce, metadata.page, (*metadata.shown, *metadata.rest))


def pressed_note(body: Payload) -> int:
    """The key result whose **Add a Note** was pressed."""
    return ids.unpack(parse.pressed(body).value, ids.KeyResultRef).number


def _answers(view: Payload, metadata: ids.CheckInMetadata) -> tuple[FieldAnswer, ...]:
    shown = _shown(view)
    state = Entered(view)
    answers = []
    for at, number in enumerate(metadata.shown):
        value_id = ids.nth_form(ids.value_block(number), metadata.form)
        confidence_id = ids.nth_form(ids.confidence_block(number), metadata.form)
        known_value, known_confidence = shown.get(value_id), parse.whole(shown.get(confidence_id))
        # An input that holds a draft was not shown with what is known.
        if at < len(metadata.known_values) and at < len(metadata.known_confidences):
            known_value, known_confidence = metadata.known_values[at], metadata.known_confidences[at]
        answers.append(
            FieldAnswer(
                number=number,
                field=value_id,
                value=state.text(value_id) or state.choice(value_id),
                shown_value=known_value,
                confidence=parse.whole(state.choice(confidence_id)),
                shown_confidence=known_confidence,
                note=state.text(ids.nth_form(ids.note_block(number), metadata.form)),
            )
        )
    return tuple(answers)


def _shown(view: Payload) -> dict[str, str]:
    """What each input held when the view was shown: block_id -> text, or the value of the option."""
    found: dict[str, str] = {}
    for block in view.get("blocks") or []:
        element = block.get("element") or {}
        initial = element.get("initial_value")
        if initial is None and element.get("initial_option"):
            initial = element["initial_option"].get("value")
        if isinstance(initial, str):
            found[str(block.get("block_id"))] = initial
    return found


def edit_opening(body: Payload) -> OpenEdit:
    """**Edit** was pressed on a receipt or in a history."""
    button = parse.pressed(body)
    opening = ids.unpack(button.value, ids.EditOpening)
    return OpenEdit(button.actor, opening.submission, opening.number)


def edit_choice(body: Payload) -> OpenEdit:
    """A key result was chosen from those of a submission."""
    opening = ids.unpack(body["view"].get("private_metadata"), ids.EditOpening)
    number = parse.whole(parse.pressed(body).value)
    if number is None:
        raise ids.unreadable()
    return OpenEdit(parse.actor(body), opening.submission, number)


def edit(body: Payload) -> EditCheckIn:
    """**Save** was pressed in the **Edit** modal."""
    view = body["view"]
    metadata = ids.unpack(view.get("private_metadata"), ids.CheckInEditing)
    state = Entered(view)
    value_id, note_id = ids.value_block(metadata.number), ids.note_block(metadata.number)
    note = state.text(note_id)
    return EditCheckIn(
        actor=parse.actor(body),
        submission=metadata.submission,
        number=metadata.number,
        version=metadata.version,
        value=state.text(value_id) or state.choice(value_id),
        confidence=parse.whole(state.choice(ids.confidence_block(metadata.number))),
        note=note,
        day=state.day(ids.AS_OF),
        value_field=value_id,
        same_note=note == _shown(view).get(note_id),
        withdrawn=bool(state.checked(ids.TAKE_BACK)),
    )
