"""`/okr rehearse`: the messages of the coming weeks, and whether the attention budget holds."""

from datetime import date

from bot.okr.attention import BUDGET
from bot.okr.human_ids import key_result_id
from bot.okr.rehearsing import Ledger, RehearsalShown, RehearsedMessage
from bot.slack import ids
from bot.slack.text import Mrkdwn, clip_mrkdwn, counted, day, escape, lines, name, zoned
from bot.slack.views import Message, footnote, message, section

KINDS = {"prompt": ("prompt", "prompts"), "reminder": ("reminder", "reminders"), "digest": ("digest", "digests")}
MOST_OWN = 12
MOST_KEY_RESULTS = 10
MOST_OFFENDERS = 5
LONGEST_WHOSE = 200


def one_moment() -> Message:
    """It takes longer than a moment."""
    told = "I rehearse the coming weeks. That takes a while; the answer comes here."
    return message(told, [section(told, ids.HEADLINE)])


def rehearsal(shown: RehearsalShown) -> Message:
    """A line for each week (or for each of one's own messages), the total, and the proof."""
    done = shown.rehearsed
    total = f"{_total(done.ledger)} in {counted(done.weeks, 'week', 'weeks')}. {_proof(done.ledger)}"
    whose = clip_mrkdwn(escape(shown.whose), LONGEST_WHOSE)
    told = [_own(each) for each in shown.own[:MOST_OWN]] if shown.own else _weeks(done.ledger)
    if len(shown.own) > MOST_OWN:
        told.append(Mrkdwn(f"and {len(shown.own) - MOST_OWN} more"))
    blocks = [
        section(lines([f"*The coming {done.weeks} weeks, if nobody answers*: {whose}", total]), ids.HEADLINE),
        section(lines(told or [Mrkdwn("I have nothing to ask about.")]), ids.HISTORY),
    ]
    hints = ["Nothing was sent. Who answers gets no reminder."]
    if done.asks_until is not None and done.asks_until < done.ends.date():
        hints.append(f"After {day(done.asks_until)} no key result is in force, so nothing is asked.")
    if shown.too_many:
        hints.append(
            f"{shown.too_many:,} people are more than I rehearse here. For all of them the operator can run "
            "`okr-bot rehearse --weeks 13`"
        )
    return message(total, [*blocks, footnote(" ".join(hints))])


def _total(ledger: Ledger) -> str:
    people = len({recipient for recipient, _ in ledger.told})
    told = f"{counted(ledger.messages, 'message', 'messages')} to {counted(people, 'person', 'people')}"
    return f"{told}, {counted(ledger.posts.total(), 'post', 'posts')} in channels" if ledger.posts else told


def _proof(ledger: Ledger) -> str:
    if ledger.holds:
        return f"At most two a week that nobody asked for: holds ({ledger.most} is the most)."
    found = ledger.offences
    people = ", ".join(f"{name(each.person)} ({each.messages}, {day(each.monday)})" for each in found[:MOST_OFFENDERS])
    more = f" and {len(found) - MOST_OFFENDERS} more" if len(found) > MOST_OFFENDERS else ""
    return f"More than {BUDGET} a week that nobody asked for would go to {people}{more}."


def _weeks(ledger: Ledger) -> list[Mrkdwn]:
    mondays = sorted({monday for _, monday in ledger.kinds})
    return [_week(ledger, each) for each in mondays]


def _week(ledger: Ledger, monday: date) -> Mrkdwn:
    parts = [counted(ledger.kinds[kind, monday], *words) for kind, words in KINDS.items() if ledger.kinds[kind, monday]]
    others = sum(many for (kind, each), many in ledger.kinds.items() if each == monday and kind not in KINDS)
    parts += [counted(others, "other message", "other messages")] if others else []
    people = len({recipient for recipient, each in ledger.told if each == monday})
    return Mrkdwn(f"• Week of {day(monday)}: {', '.join(parts)}; {counted(people, 'person', 'people')}")


def _own(each: RehearsedMessage) -> Mrkdwn:
    numbers = ", ".join(map(key_result_id, each.key_results[:MOST_KEY_RESULTS]))
    more = len(each.key_results) - MOST_KEY_RESULTS
    about = f": {numbers}" if numbers else ""
    about += f" and {more} more" if more > 0 else ""
    word = KINDS[each.kind][0] if each.kind in KINDS else "message"
    return Mrkdwn(f"• {zoned(each.at, each.zone)}: {word}{about}")
