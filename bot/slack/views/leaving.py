"""Somebody has left: what they leave behind, and the form that hands it over."""

from collections.abc import Sequence

from slackblocks import Block, UserSelectMenu

from bot.okr.leaving import HandedOver, HandOverForm, LeaverNotice, Orphaned
from bot.slack import ids
from bot.slack.text import Mrkdwn, counted, fit, lines, name, single_line
from bot.slack.views import Message, View, button, buttons, field, footnote, message, modal, section
from bot.slack.views.standings import key_result_name, objective_name

MOST_LISTED = 20
MOST_TOLD = 30
LONGEST_LABEL = 100


def somebody_left(facts: LeaverNotice) -> Message:
    """To the lead: who left, what has no owner now, one button."""
    total = len(facts.orphaned) + facts.more
    led = [section(_led(facts.led), ids.PEOPLE)] if facts.led else []
    if not total:
        head = Mrkdwn(f"*{name(facts.leaver)}* has left.")
        return message(head, [section(head, ids.HEADLINE), *led])
    only_results = not any(each.is_objective for each in facts.orphaned)
    many = counted(total, "key result has", "key results have") if only_results else f"{total} things have"
    head = Mrkdwn(
        f"*{name(facts.leaver)}* has left, so {many} no owner now. Nobody is asked about them until you choose."
    )
    return message(
        head,
        [
            section(lines([head, *_listed(facts.orphaned, facts.more)]), ids.HEADLINE),
            *led,
            buttons(button("Hand Over", ids.HAND_OVER_OPEN, ids.LeaverRef(facts.leaver_id), primary=True)),
            footnote(f"One by one: *Owner* in `/okr edit {_example(facts.orphaned)}`."),
        ],
    )


def _example(found: Sequence[Orphaned]) -> str:
    return found[0].shown_id if found else "KR-3"


def _led(teams: Sequence[str]) -> Mrkdwn:
    shown = ", ".join(name(each) for each in teams[:MOST_LISTED])
    more = f" and {len(teams) - MOST_LISTED} more" if len(teams) > MOST_LISTED else ""
    return Mrkdwn(f"Without a lead now: {shown}{more}. `/okr team NAME`, *Edit*, chooses the next one.")


def _name_of(each: Orphaned) -> Mrkdwn:
    return objective_name(each.number, each.title) if each.is_objective else key_result_name(each.number, each.title)


def _listed(orphaned: Sequence[Orphaned], more: int, most: int = MOST_LISTED) -> list[Mrkdwn]:
    shown = [Mrkdwn(f"• {_name_of(each)} · {name(each.team)}") for each in orphaned[:most]]
    rest = more + len(orphaned) - len(shown)
    return [*shown, *([Mrkdwn(f"and {rest} more")] if rest else [])]


def hand_over(form: HandOverForm) -> View:
    """Everything to one person, or single ones to others; where there is much, page by page."""
    shown = form.orphaned[:MOST_LISTED]
    rest = form.more + len(form.orphaned) - len(shown)
    handed = f"{form.handed} handed over. " if form.handed else ""
    told = f"{handed}*{name(form.leaver)}* has left. Choose who owns what they leave behind."
    blocks: list[Block] = [
        section(told, ids.INTRODUCTION),
        _person("Everything to", ids.HAND_OVER_ALL, "Everything for which you choose nobody below."),
    ]
    blocks += [_person(f"{each.shown_id} {single_line(each.title)}", _block_of(each), None) for each in shown]
    if rest:
        way = f"and {rest} more, on the next page. With somebody in *Everything to* they go to them at once."
        blocks.append(footnote(way, ids.MORE))
    packed = ids.HandOverMetadata(
        form.leaver_id,
        tuple(each.number for each in shown if not each.is_objective),
        tuple(each.number for each in shown if each.is_objective),
        form.page,
    )
    submit = "Hand Over and Go On" if rest else "Hand Over"
    return modal("Hand over", blocks, callback_id=ids.HAND_OVER, submit=submit, metadata=packed)


def _block_of(each: Orphaned) -> str:
    return ids.hand_over_objective_block(each.number) if each.is_objective else ids.hand_over_block(each.number)


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
        left = counted(done.left, "is", "are")
        blocks.append(footnote(f"{left} still without an owner: press Hand Over once more.", ids.MORE))
    return modal("Handed over", blocks, callback_id=ids.CHANGED)


def received(facts: HandedOver) -> Message:
    """To the new owner: what they own now, and from whom."""
    theirs = [each for owner in facts.received for each in owner.key_results]
    giver = name(facts.giver) if facts.giver else "Somebody"
    only_results = not any(each.is_objective for each in theirs)
    many = counted(len(theirs), "key result", "key results") if only_results else f"{len(theirs)} things"
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
