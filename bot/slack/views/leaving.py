"""Somebody has left: what they leave behind, and the form that hands it over."""

from collections.abc import Sequence

from slackblocks import Block, UserSelectMenu

from bot.okr.human_ids import key_result_id
from bot.okr.leaving import HandedOver, HandOverForm, LeaverNotice, Orphaned
from bot.slack import ids
from bot.slack.text import Mrkdwn, counted, fit, lines, name, single_line
from bot.slack.views import Message, View, button, buttons, field, footnote, message, modal, section
from bot.slack.views.standings import key_result_name

MOST_LISTED = 20
MOST_TOLD = 30
LONGEST_LABEL = 100


def somebody_left(facts: LeaverNotice) -> Message:
    """To the lead: who left, what has no owner now, one button."""
    many = counted(len(facts.orphaned) + facts.more, "key result has", "key results have")
    head = Mrkdwn(
        f"*{name(facts.leaver)}* has left, so {many} no owner now. Nobody is asked about them until you choose."
    )
    return message(
        head,
        [
            section(lines([head, *_listed(facts.orphaned, facts.more)]), ids.HEADLINE),
            buttons(button("Hand Over", ids.HAND_OVER_OPEN, ids.LeaverRef(facts.leaver_id), primary=True)),
            footnote(f"One by one: *Owner* in `/okr edit {_example(facts.orphaned)}`."),
        ],
    )


def _example(found: Sequence[Orphaned]) -> str:
    return key_result_id(found[0].number) if found else "KR-3"


def _listed(orphaned: Sequence[Orphaned], more: int, most: int = MOST_LISTED) -> list[Mrkdwn]:
    shown = [Mrkdwn(f"• {key_result_name(each.number, each.title)} · {name(each.team)}") for each in orphaned[:most]]
    rest = more + len(orphaned) - len(shown)
    return [*shown, *([Mrkdwn(f"and {rest} more")] if rest else [])]


def hand_over(form: HandOverForm) -> View:
    """Everything to one person, or single ones to others."""
    shown = form.orphaned[:MOST_LISTED]
    rest = form.more + len(form.orphaned) - len(shown)
    told = f"*{name(form.leaver)}* has left. Choose who owns the key results now."
    blocks: list[Block] = [
        section(told, ids.INTRODUCTION),
        _person("Everything to", ids.HAND_OVER_ALL, "Every key result for which you choose nobody below."),
    ]
    blocks += [
        _person(f"{key_result_id(each.number)} {single_line(each.title)}", ids.hand_over_block(each.number), None)
        for each in shown
    ]
    if rest:
        blocks.append(
            footnote(f"and {rest} more, which go with everything; or they follow on the next page.", ids.MORE)
        )
    packed = ids.HandOverMetadata(form.leaver_id, tuple(each.number for each in shown))
    return modal("Hand over", blocks, callback_id=ids.HAND_OVER, submit="Hand Over", metadata=packed)


def _person(label: str, block_id: str, hint: str | None) -> Block:
    menu = UserSelectMenu(action_id=block_id, placeholder="Choose a person")
    return field(fit(label, LONGEST_LABEL), menu, block_id, hint=hint, optional=True)


def handed_over(done: HandedOver) -> View:
    """What was handed to whom."""
    told = [
        lines([Mrkdwn(f"*{name(each.owner)}* owns now:"), *_listed(each.key_results, 0, MOST_TOLD)])
        for each in done.received
    ]
    blocks: list[Block] = [section(each, ids.part_block(ids.PEOPLE, at)) for at, each in enumerate(told[:40], 1)]
    if done.left:
        left = counted(done.left, "key result is", "key results are")
        blocks.append(footnote(f"{left} still without an owner: press Hand Over once more.", ids.MORE))
    return modal("Handed over", blocks, callback_id=ids.CHANGED)


def received(facts: HandedOver) -> Message:
    """To the new owner: what they own now, and from whom."""
    theirs = [each for owner in facts.received for each in owner.key_results]
    giver = name(facts.giver) if facts.giver else "Somebody"
    many = counted(len(theirs), "key result", "key results")
    head = Mrkdwn(f"{giver} handed you {many} of {name(facts.leaver)}, who has left.")
    return message(
        head,
        [
            section(lines([head, *_listed(theirs, 0, MOST_TOLD)]), ids.HEADLINE),
            footnote(
                f"What became of one so far: `/okr show {_example(theirs)}`. You are asked about them with the next "
                "prompt."
            ),
        ],
    )
