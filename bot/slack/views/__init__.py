"""Facts -> Block Kit. One module per capability; every function here is pure.

Blocks are built with slackblocks, which refuses what is over Slack's limits; what people typed is clipped and escaped
in `bot.slack.text` before it gets here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    CheckboxGroup,
    ConfirmationDialogue,
    ContextBlock,
    Element,
    InputBlock,
    ModalView,
    Option,
    PlainTextInput,
    SectionBlock,
    Text,
    TextType,
)

from bot.slack import ids
from bot.slack.text import clip, clip_mrkdwn, fit, plain, single_line

View = dict[str, Any]
"""A modal as Slack wants it."""

MOST_BLOCKS = 50
LONGEST_SECTION = 3000
LONGEST_SUMMARY = 300
LONGEST_OPTION = 75


@dataclass(frozen=True)
class Message:
    """A message: `text` is the summary that notifications and screen readers read, `blocks` what is shown."""

    text: str
    blocks: list[dict[str, Any]]


def message(summary: str, blocks: Sequence[Block]) -> Message:
    """A message from our own mrkdwn summary and its blocks (50 at most)."""
    if len(blocks) > MOST_BLOCKS:
        raise ValueError(f"a message has at most {MOST_BLOCKS} blocks, not {len(blocks)}")
    return Message(
        clip_mrkdwn(plain(" ".join(summary.split())), LONGEST_SUMMARY), [rendered(block) for block in blocks]
    )


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    metadata: ids.Packed | None = None,
) -> View:
    """A modal; without `submit` it only shows something."""
    view = ModalView(
        title=plain_text(title),
        blocks=list(blocks),
        close=plain_text("Cancel" if submit else "Close"),
        submit=plain_text(submit) if submit else None,
        callback_id=callback_id,
        private_metadata=ids.pack(metadata) if metadata is not None else None,
    )
    return view.to_dict()


def rendered(block: Block) -> dict[str, Any]:
    """One block as the plain dict that is sent."""
    built: dict[str, Any] = block._resolve()
    return built


def rendered_option(entry: Option) -> dict[str, Any]:
    """An entry of a menu as the plain dict that answers what somebody types."""
    built: dict[str, Any] = entry._resolve()
    return built


def section(mrkdwn: str, block_id: str, accessory: Element | None = None) -> SectionBlock:
    """A paragraph of mrkdwn, cut where it would be too long for Slack."""
    return SectionBlock(Text(fitting(mrkdwn)), block_id=block_id, accessory=accessory)


def footnote(mrkdwn: str, block_id: str = ids.FOOTNOTE) -> ContextBlock:
    """A small grey line."""
    return ContextBlock([Text(fitting(mrkdwn))], block_id=block_id)


def fitting(mrkdwn: str) -> str:
    """Mrkdwn that fits into one text object."""
    limit = LONGEST_SECTION
    shown: str = mrkdwn
    while len(shown.encode("utf-16-le")) > 2 * LONGEST_SECTION:
        limit = limit * 3 // 4
        shown = clip_mrkdwn(mrkdwn, limit)
    return shown


def buttons(*elements: Button, block_id: str = ids.BUTTONS) -> ActionsBlock:
    """A row of buttons."""
    return ActionsBlock(list(elements), block_id=block_id)


def button(
    label: str,
    action_id: str,
    packed: ids.Packed | None = None,
    *,
    primary: bool = False,
    confirm: ConfirmationDialogue | None = None,
) -> Button:
    """A button in Title Case (the prompt's label is fixed otherwise). `confirm` is asked before it counts."""
    return Button(
        plain_text(label),
        action_id=action_id,
        value=ids.pack(packed) if packed is not None else None,
        style="primary" if primary else None,
        confirm=confirm,
    )


def field(
    label: str,
    element: Element,
    block_id: str,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> InputBlock:
    """A labelled input. `dispatch`: the bot hears of every choice at once, under the element's action_id."""
    return InputBlock(
        plain_text(label),
        element,
        block_id=block_id,
        hint=plain_text(hint) if hint else None,
        optional=optional,
        dispatch_action=dispatch,
    )


def text_input(
    action_id: str,
    known: str,
    longest: int,
    *,
    multiline: bool = False,
    placeholder: str | None = None,
    focus: bool = False,
) -> PlainTextInput:
    """An input for text with what is known in it; `longest`: in characters. `focus`: one may type at once."""
    return PlainTextInput(
        action_id=action_id,
        initial_value=known[:longest].strip() or None,
        max_length=longest,
        multiline=multiline,
        placeholder=plain_text(placeholder, 150) if placeholder else None,
        focus_on_load=focus,
    )


def tick_box(label: str, words: str, block_id: str, *, ticked: bool = False) -> InputBlock:
    """An input with one box to tick; `words` say what that means."""
    box = option(words, "yes")
    group = CheckboxGroup(action_id=block_id, options=[box], initial_options=[box] if ticked else None)
    return field(label, group, block_id, optional=True)


def option(words: str, value: str, *, note: str = "") -> Option:
    """An entry of a menu or of radio buttons; words and the note below that are too long for Slack end in `…`."""
    told = fit(single_line(words), LONGEST_OPTION) or "-"
    below = fit(single_line(note), LONGEST_OPTION)
    return Option(
        Text(told, type_=TextType.PLAINTEXT),
        value=value,
        description=Text(below, type_=TextType.PLAINTEXT) if below else None,
    )


def plain_text(text: str, limit: int = 2000) -> Text:
    """A text object that shows no styles and no mentions."""
    return Text(clip(single_line(text), limit), type_=TextType.PLAINTEXT)
