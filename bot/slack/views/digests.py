"""One team's round, told in its channel: a short message on top, one message per submission in its thread."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from slackblocks import Block, DividerBlock

from bot.okr.facts import Digest, DigestEntry, DigestObjective, KeyResultStanding
from bot.okr.rollup import Part, roll_up
from bot.okr.status import WEAKEST_FIRST
from bot.slack import ids
from bot.slack.text import Mrkdwn, clip_mrkdwn, lines, name, names, quoted, title, zoned
from bot.slack.views import Message, footnote, message, section
from bot.slack.views.prose import prose
from bot.slack.views.standings import (
    key_result_name,
    objective_name,
    owner_text,
    private_key_result,
    private_objective,
    share_text,
    status_text,
    told_check_in,
)

MOST_LINES = 12
LONGEST_LINE = 120
LONGEST_OBJECTIVE = 56
LONGEST_KEY_RESULT = 42
LONGEST_NAMES = 90
LONGEST_LEARNING = 95
MOST_LEARNINGS = 2
MOST_ENTRY_LINES = 35
LONGEST_SHOWN_NOTE = 500
LONGEST_SHOWN_ANSWER = 3000

# A channel has readers of many languages; numbers in it are written the way the prose is.
CHANNEL_LOCALE = "en"

ItemT = TypeVar("ItemT")


def digest(facts: Digest) -> Message:
    """The message on top: point first, at most 12 lines of at most 120 visible characters over all its blocks."""
    opening = [_line("headline", **_answers(facts)), *_pace(facts)]
    people = _people(facts)
    learned = [_line("learned", what=title(each, LONGEST_LEARNING)) for each in facts.learned[:MOST_LEARNINGS]]
    closing = [_line("thread", checked_in=facts.checked_in)] if facts.checked_in or facts.missing else []
    room = MOST_LINES - len(opening) - len(people) - len(learned) - len(closing)
    weakest = sorted(facts.objectives, key=lambda each: (WEAKEST_FIRST.index(each.status), each.progress))
    for_objectives = min(len(weakest), max(room - len(facts.attention), (room + 1) // 2))
    objectives = _within(for_objectives, weakest, _told_objective, "more_objectives", facts.team)
    attention = _within(room - len(objectives), facts.attention, _told_attention, "more_attention", facts.team)
    parts = [
        (ids.HEADLINE, opening),
        (ids.OBJECTIVES, objectives),
        (ids.ATTENTION, attention),
        (ids.PEOPLE, people),
        (ids.LEARNINGS, learned),
    ]
    blocks: list[Block] = [section(lines(told), block_id) for block_id, told in parts if told]
    if len(blocks) > 1:
        blocks.insert(1, DividerBlock(block_id=ids.part_block(ids.HEADLINE, 1)))
    return message(" ".join(opening), [*blocks, *(footnote(told) for told in closing)])


def _line(part: str, **values: object) -> Mrkdwn:
    return clip_mrkdwn(" ".join(prose("digest", part, **values).split()), LONGEST_LINE)


def _answers(facts: Digest) -> dict[str, object]:
    return {
        "team": facts.team,
        "week_of": facts.week_of,
        "answered": len(facts.answered),
        "asked": len(facts.answered) + len(facts.missing),
        "checked_in": facts.checked_in,
        "key_results": facts.key_results,
    }


def _pace(facts: Digest) -> list[Mrkdwn]:
    """Progress against what is expected by now; every objective weighs the same."""
    if not facts.objectives:
        return []
    progress = roll_up(Part(each.progress) for each in facts.objectives).progress or Decimal(0)
    unknown = _mean([each.unknown_share for each in facts.objectives])
    return [
        _line(
            "pace",
            cycle=facts.cycle,
            progress=share_text(progress),
            expected=share_text(_mean([each.expected for each in facts.objectives])),
            unknown=share_text(unknown) if unknown else "",
        )
    ]


def _mean(shares: Sequence[Decimal]) -> Decimal:
    return sum(shares, Decimal(0)) / len(shares)


def _people(facts: Digest) -> list[Mrkdwn]:
    groups = (("missing", facts.missing), ("away", facts.away))
    return [_line(part, people=names(people, LONGEST_NAMES)) for part, people in groups if people]


def _within(room: int, items: Sequence[ItemT], tell: Callable[[ItemT], Mrkdwn], more: str, team: str) -> list[Mrkdwn]:
    """One line per item; where that is more than there is room for, the last line counts the rest."""
    if len(items) <= room:
        return [tell(each) for each in items]
    shown = items[: room - 1]
    return [*(tell(each) for each in shown), _line(more, count=len(items) - len(shown), team=team)]


def _told_objective(objective: DigestObjective) -> Mrkdwn:
    return _line(
        "objective",
        objective=private_objective(objective.number)
        if objective.hidden
        else objective_name(objective.number, objective.title, LONGEST_OBJECTIVE),
        status=status_text(objective.status),
        progress=share_text(objective.progress),
        expected=share_text(objective.expected),
        unknown=share_text(objective.unknown_share) if objective.unknown_share else "",
    )


def _told_attention(standing: KeyResultStanding) -> Mrkdwn:
    return _line(
        "attention",
        key_result=private_key_result(standing.number)
        if standing.hidden
        else key_result_name(standing.number, standing.title, LONGEST_KEY_RESULT),
        owner="" if standing.hidden else owner_text(standing),
        status=standing.status.words,
        progress=share_text(standing.progress),
        expected=share_text(standing.expected),
    )


def digest_entry(entry: DigestEntry) -> Message:
    """One submission in the digest's thread; rendered again when it is edited or taken back."""
    values = {
        "author": entry.person.name,
        "when": zoned(entry.submitted_at, entry.zone),
        "late": entry.late,
        "edited": entry.edited,
        "undone": entry.undone,
        "checked_in": bool(entry.lines or entry.private),
    }
    headline = prose("digest_entry", "headline", **values)
    blocks: list[Block] = [section(headline, ids.HEADLINE)]
    if entry.undone:
        return message(headline, blocks)
    shown = entry.lines[:MOST_ENTRY_LINES]
    for line in shown:
        note = quoted(line.note, LONGEST_SHOWN_NOTE) if line.note else ""
        told = lines([told_check_in(line, CHANNEL_LOCALE), note])
        blocks.append(section(told, ids.standing_block(line.number)))
    if len(entry.lines) > len(shown):
        blocks.append(footnote(f"and {len(entry.lines) - len(shown)} more", ids.MORE))
    if entry.private:
        blocks.append(footnote(prose("digest_entry", "private", count=entry.private, more=bool(shown)), ids.PRIVATE))
    for part, block_id, said in (("learned", ids.LEARNED, entry.learned), ("needs", ids.NEEDS, entry.needs)):
        if said:
            heading = prose("digest_entry", part, author=name(entry.person.name))
            blocks.append(section(f"{heading}\n{quoted(said, LONGEST_SHOWN_ANSWER)}", ids.part_block(block_id, 1)))
    first = told_check_in(entry.lines[0], CHANNEL_LOCALE) if entry.lines else ""
    return message(f"{headline} {first}", blocks)
