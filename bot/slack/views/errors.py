"""Errors as people meet them: what happened, and the way on."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from slackblocks import Block, SectionBlock, Text, TextType

from bot.okr.errors import OkrError
from bot.slack import ids
from bot.slack.text import Mrkdwn, clip, paragraph, single_line
from bot.slack.views import Message, View, button, buttons, footnote, message, modal, rendered, section
from bot.slack.views.tips import tip

LONGEST_SENTENCE = 1200
LONGEST_FIELD_ERROR = 240
LONGEST_TOPIC = 40
LONGEST_PIECE = 2900
MOST_PIECES = 20

# The words use cases have for an input, and where that input is in a modal.
OBJECTIVE_FIELDS = MappingProxyType(
    {
        "title": ids.OBJECTIVE_TITLE,
        "why": ids.OBJECTIVE_WHY,
        "team": ids.OBJECTIVE_TEAM,
        "supports": ids.OBJECTIVE_SUPPORTS,
        "cycle": ids.OBJECTIVE_CYCLE,
    }
)
KEY_RESULT_FIELDS = MappingProxyType(
    {
        "title": ids.KEY_RESULT_TITLE,
        "kind": ids.KEY_RESULT_KIND,
        "start": ids.KEY_RESULT_START,
        "target": ids.KEY_RESULT_TARGET,
        "unit": ids.KEY_RESULT_UNIT,
        "commit": ids.KEY_RESULT_COMMIT,
        "stretch": ids.KEY_RESULT_STRETCH,
        "milestones": ids.KEY_RESULT_MILESTONES,
        "owner": ids.KEY_RESULT_OWNER,
        "weight": ids.KEY_RESULT_WEIGHT,
        "contributors": ids.KEY_RESULT_CONTRIBUTORS,
        "delegate": ids.KEY_RESULT_DELEGATE,
    }
)
SEND_BACK_FIELDS = MappingProxyType({"comment": ids.SEND_BACK_COMMENT})
EDITED_KEY_RESULT_FIELDS = MappingProxyType(
    {**KEY_RESULT_FIELDS, "objective": ids.EDIT_PLACE, "state": ids.EDIT_STATE, "reason": ids.EDIT_REASON}
)
EDITED_OBJECTIVE_FIELDS = MappingProxyType(
    {
        "title": ids.EDIT_TITLE,
        "purpose": ids.EDIT_PURPOSE,
        "team": ids.EDIT_TEAM,
        "supports": ids.EDIT_SUPPORTS,
        "cycle": ids.EDIT_CYCLE,
        "owner": ids.EDIT_OWNER,
        "state": ids.EDIT_STATE,
        "reason": ids.EDIT_REASON,
    }
)
EDITED_CHECK_IN_FIELDS = MappingProxyType({"as_of": ids.AS_OF})
HAND_OVER_FIELDS = MappingProxyType({"all": ids.HAND_OVER_ALL})
SET_UP_FIELDS = MappingProxyType(
    {
        "team": ids.TEAM_NAME,
        "cycle": ids.CYCLE_NAME,
        "channel": ids.TEAM_CHANNEL,
        "lead": ids.TEAM_LEAD,
        "champions": ids.CHAMPIONS,
        "sponsors": ids.SPONSORS,
        "fiscal_start_month": ids.FISCAL_START,
    }
)

SNOOZE_FIELDS = MappingProxyType({"at": ids.SNOOZE_AT})
SETTINGS_FIELDS = MappingProxyType(
    {
        "hour": ids.SETTINGS_HOUR,
        "days": ids.SETTINGS_DAYS,
        "profile": ids.SETTINGS_PROFILE,
        "country": ids.SETTINGS_COUNTRY,
        "region": ids.SETTINGS_COUNTRY,
    }
)
SKIP_FIELDS = MappingProxyType({"reason": ids.SKIP_WORDS})
TEAM_FIELDS = MappingProxyType(
    {
        "name": ids.TEAM_OWN_NAME,
        "parent": ids.TEAM_PARENT,
        "lead": ids.TEAM_OWN_LEAD,
        "channel": ids.TEAM_OWN_CHANNEL,
        "members": ids.TEAM_MEMBERS,
        "group": ids.TEAM_GROUP,
        "source": ids.TEAM_SOURCE,
        "observers": ids.TEAM_OBSERVERS,
        "every": ids.TEAM_RHYTHM,
        "opens": ids.TEAM_OPENS_DAY,
        "due": ids.TEAM_DUE_DAY,
        "closes": ids.TEAM_CLOSES_DAY,
    }
)
CYCLE_FIELDS = MappingProxyType(
    {
        "name": ids.CYCLE_OWN_NAME,
        "starts": ids.CYCLE_STARTS,
        "ends": ids.CYCLE_ENDS,
        "drafts": ids.CYCLE_DRAFTS,
    }
)


def error_message(error: OkrError) -> Message:
    """An expected error: its sentence, a tip, and the way to the right topic."""
    said = _said(error)
    way = _way_to(error.help_topic)
    return message(
        f"{said} {way}",
        [
            section(said, ids.HEADLINE),
            buttons(button("Show Help", ids.HELP_TOPIC, ids.HelpPage(clip(error.help_topic, LONGEST_TOPIC)))),
            footnote(_taught(error.help_topic)),
        ],
    )


def _said(error: OkrError) -> Mrkdwn:
    return paragraph(error.sentence, LONGEST_SENTENCE) or Mrkdwn("That did not work.")


def with_typed(told: Message, typed: str) -> Message:
    """The same with what was typed after `/okr`: Slack has emptied the line it stood in, and a note may be long."""
    whole = f"/okr {typed}"
    pieces = [whole[at : at + LONGEST_PIECE] for at in range(0, len(whole), LONGEST_PIECE)][:MOST_PIECES]
    blocks: list[Block] = [footnote("What you typed, to copy and send again:", ids.TYPED)]
    for number, piece in enumerate(pieces, 1):
        blocks.append(SectionBlock(Text(piece, type_=TextType.PLAINTEXT), block_id=f"{ids.TYPED}.{number}"))
    return Message(told.text, [*told.blocks, *(rendered(block) for block in blocks)])


def error_modal(error: OkrError) -> View:
    """The same where a modal was expected."""
    return modal(
        "That did not work",
        [section(_said(error), ids.HEADLINE), footnote(_taught(error.help_topic))],
        callback_id=ids.NOTICE,
    )


def trouble_message(reference: str) -> Message:
    """An error nobody expected; `reference` is what the operator finds it by."""
    said = _trouble(reference)
    return message(said, [section(said, ids.HEADLINE), footnote(_TROUBLE_WAY)])


def trouble_modal(reference: str) -> View:
    """The same where a modal was expected."""
    return modal(
        "Something went wrong",
        [section(_trouble(reference), ids.HEADLINE), footnote(_TROUBLE_WAY)],
        callback_id=ids.NOTICE,
    )


def trouble_field_error(reference: str, block_id: str) -> dict[str, str]:
    """The same at an input, so that a modal stays open with what was typed."""
    said = f"Something went wrong on my side and this was not saved. Please send it again. Reference: {reference}"
    return {block_id: clip(single_line(said), LONGEST_FIELD_ERROR)}


def field_errors(errors: Iterable[OkrError], fields: Mapping[str, str], first: str) -> dict[str, str]:
    """What Slack shows at the inputs of a modal, which stays open: block_id -> plain sentence.

    `fields` leads from an error's `field` to the input's block_id (a block_id itself is understood too); an error
    that belongs to no input stands at `first`. Several at one input are joined. An error that is about several inputs
    has them in `by_field` (field -> sentence).
    """
    known = set(fields.values())
    told: dict[str, list[tuple[str, str, str | None]]] = {}
    for error in errors:
        by_field: Mapping[str, str] = getattr(error, "by_field", None) or {error.field or "": error.sentence}
        for field, sentence in by_field.items():
            block_id = fields.get(field) or (field if field in known or _is_key_result_input(field) else first)
            told.setdefault(block_id, []).append(
                (single_line(sentence), error.help_topic, tip(error.help_topic, field))
            )
    return {block_id: clip(_at_an_input(said), LONGEST_FIELD_ERROR) for block_id, said in told.items()}


def _at_an_input(said: list[tuple[str, str, str | None]]) -> str:
    """What went wrong, the way to the help, and between them the tip where there is room for it."""
    whole = " ".join(f"{sentence} More: /okr help {topic}" for sentence, topic, _ in said)
    if len(said) > 1:
        return whole
    [(sentence, topic, known)] = said
    with_tip = f"{sentence} {known or ''} More: /okr help {topic}"
    return with_tip if known and len(with_tip) <= LONGEST_FIELD_ERROR else whole


def _is_key_result_input(block_id: str) -> bool:
    readers = (ids.key_result_of_value_block, ids.key_result_of_confidence_block, ids.key_result_of_note_block)
    return any(read(block_id) for read in readers)


def _taught(topic: str) -> str:
    """The tip, and the way to the whole page."""
    known = tip(topic)
    return f"{known} {_way_to(topic)}" if known else _way_to(topic)


def _way_to(topic: str) -> Mrkdwn:
    return Mrkdwn(f"More about it: `/okr help {paragraph(single_line(topic), LONGEST_TOPIC)}`")


_TROUBLE_WAY = "`/okr help operator` says where the operator finds it."


def _trouble(reference: str) -> str:
    shown = paragraph(single_line(reference), 60)
    return (
        f"Something went wrong on my side. Please try again; if it stays, tell your operator the reference *{shown}*."
    )
