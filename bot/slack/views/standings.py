"""How a value, a share, a status and a key result are told, the same in every message."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from bot.okr.facts import CheckedIn, KeyResultStanding, Person
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.numbers import format_value
from bot.okr.permissions import Relation
from bot.okr.status import Freshness, Status
from bot.slack.text import LONGEST_TITLE, Mrkdwn, day, lines, title
from bot.slack.text import name as person_name

LONGEST_VALUE = 40
_TENTH = Decimal("0.1")
# Places of no meaning, that a title does not take for spaces.
_HELD = str.maketrans({"\u00a0": "\ue0a0", "\u202f": "\ue0af"})
_LET_GO = str.maketrans({"\ue0a0": "\u00a0", "\ue0af": "\u202f"})

# The sign helps the eye; the word beside it carries the meaning.
STATUS_SIGNS = {Status.ON_TRACK: "🟢", Status.AT_RISK: "🟡", Status.OFF_TRACK: "🔴", Status.UNKNOWN: "⚪"}

CONFIDENCE_WORDS = (
    "out of reach",
    "very unlikely",
    "unlikely",
    "doubtful",
    "less likely than not",
    "even odds",
    "more likely than not",
    "likely",
    "very likely",
    "nearly certain",
    "certain",
)


def figure(text: str, limit: int = LONGEST_VALUE) -> Mrkdwn:
    """A number with its unit inside a sentence: a title that keeps the no-break spaces which hold it together.

    So a number that is copied from a message is read back as the same one.
    """
    return Mrkdwn(title(text.translate(_HELD), limit).translate(_LET_GO))


def value_text(told: KeyResultStanding | CheckedIn, value: Decimal | None, locale: str) -> Mrkdwn:
    """A value of a key result in its kind's words, exact and grouped: `€20,000`, `yes`, `2 of 4: Beta`."""
    return figure(told.kind.say(value, told.terms, locale))


def short_value_text(standing: KeyResultStanding, value: Decimal | None, locale: str) -> Mrkdwn:
    """A value for a crowded line, abbreviated from 10,000 on."""
    return figure(standing.kind.say_short(value, standing.terms, locale), LONGEST_VALUE // 2)


def share_text(share: Decimal, locale: str = "en") -> Mrkdwn:
    """A share of 1 in whole percent: `42%`, unclamped.

    What is not quite reached is not 100%, and what has begun is not 0%: `99.9%`, `0.4%`.
    """
    percent = share * 100
    whole = percent.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    if not whole and percent:
        whole = percent.quantize(_TENTH, rounding=ROUND_UP)
    elif whole == 100 and percent < 100:
        whole = percent.quantize(_TENTH, rounding=ROUND_DOWN)
    return figure(format_value(whole, "%", locale), LONGEST_VALUE // 2)


def weight_text(share: Decimal, locale: str) -> Mrkdwn:
    """What a weight is worth, to a tenth of a percent: `82.6%`; `under 0.1%` where that is nearly nothing."""
    percent = (share * 100).quantize(_TENTH, rounding=ROUND_HALF_UP)
    if share and not percent:
        return Mrkdwn(f"under {figure(format_value(_TENTH, '%', locale))}")
    return figure(format_value(percent, "%", locale), LONGEST_VALUE // 2)


def status_text(status: Status) -> Mrkdwn:
    """`🟡 at risk`"""
    return Mrkdwn(f"{STATUS_SIGNS[status]} {status.words}")


def confidence_words(confidence: int) -> str:
    """`7 - likely`"""
    return f"{confidence} - {CONFIDENCE_WORDS[confidence]}"


def key_result_name(number: int, key_result_title: str, limit: int = LONGEST_TITLE) -> Mrkdwn:
    """`*KR-3* Revenue per month`"""
    return Mrkdwn(f"*{key_result_id(number)}* {title(key_result_title, limit)}")


def objective_name(number: int, objective_title: str, limit: int = LONGEST_TITLE) -> Mrkdwn:
    """`*O-1* Become profitable`"""
    return Mrkdwn(f"*{objective_id(number)}* {title(objective_title, limit)}")


def private_key_result(number: int) -> Mrkdwn:
    """All that is told of a key result to who may not read it."""
    return Mrkdwn(f"*{key_result_id(number)}* (private)")


def private_objective(number: int) -> Mrkdwn:
    """All that is told of an objective to who may not read it."""
    return Mrkdwn(f"*{objective_id(number)}* (private)")


def way_text(standing: KeyResultStanding, locale: str) -> Mrkdwn:
    """`€10k → €50k`, `stay above 99.9%`: what is to be reached."""
    return figure(standing.kind.way(standing.terms, locale), LONGEST_VALUE + LONGEST_VALUE // 2)


def progress_text(standing: KeyResultStanding, locale: str) -> Mrkdwn:
    """`🟡 at risk: now €20k, 25% of the way, 55% expected`, or that nobody has said anything yet."""
    expected = share_text(standing.expected, locale)
    if standing.checked_at is None:
        return Mrkdwn(f"{STATUS_SIGNS[Status.UNKNOWN]} no check-in yet, {expected} expected")
    now = short_value_text(standing, standing.now, locale)
    pace = standing.kind.pace(standing.now, share_text(standing.progress, locale), expected)
    return Mrkdwn(f"{status_text(standing.status)}: now {now}, {pace}")


def age_text(standing: KeyResultStanding) -> Mrkdwn:
    """When the last word was heard, where that is long ago; else empty."""
    if standing.checked_at is None or standing.freshness is Freshness.FRESH:
        return Mrkdwn("")
    return Mrkdwn(f"last check-in {day(standing.checked_at.date())}, getting old")


def closing_text(standing: KeyResultStanding) -> Mrkdwn:
    """Until when an ended cycle takes check-ins; empty while it runs."""
    return Mrkdwn(f"its cycle has ended, takes check-ins until {day(standing.closing)}" if standing.closing else "")


def for_whom(standing: KeyResultStanding) -> Mrkdwn:
    """That the reader answers for somebody else, and as what; empty for one's own."""
    if standing.answers_as is Relation.DELEGATE:
        return Mrkdwn(f"for {owner_text(standing)}, you are the delegate")
    if standing.answers_as is Relation.CONTRIBUTOR:
        return Mrkdwn(f"owner: {owner_text(standing)}, you contribute")
    return Mrkdwn("")


def told_standing(standing: KeyResultStanding, reader: Person, *, in_a_list: bool = False) -> Mrkdwn:
    """Two lines: which key result from where to where, and where it stands; in a list also whose and what for."""
    if standing.hidden:
        return private_key_result(standing.number)
    locale = reader.locale
    head = f"{key_result_name(standing.number, standing.title)} · {way_text(standing, locale)}"
    facts = [for_whom(standing), progress_text(standing, locale), age_text(standing), closing_text(standing)]
    if standing.confidence is not None:
        facts.append(Mrkdwn(f"confidence {standing.confidence}"))
    if in_a_list:
        facts += [owner_text(standing), _purpose(standing)]
    return lines([head, " · ".join(fact for fact in facts if fact)])


def _purpose(standing: KeyResultStanding) -> Mrkdwn:
    return Mrkdwn(f"for {objective_id(standing.objective_number)} {title(standing.objective_title, 50)}")


def owner_text(standing: KeyResultStanding) -> Mrkdwn:
    """The owner's name, or that there is none."""
    return person_name(standing.owner) if standing.owner else Mrkdwn("no owner")


def told_check_in(line: CheckedIn, locale: str) -> Mrkdwn:
    """`*KR-3* Revenue: €20k → €25k · confidence 7`, without the note; whose and for when, where that is special."""
    after = value_text(line, line.after, locale)
    change = Mrkdwn(f"{after}, no change")
    if not line.unchanged:
        change = Mrkdwn(f"{value_text(line, line.before, locale)} → *{after}*")
    said = [f"{key_result_name(line.number, line.title)}: {change}"]
    said += [f"confidence {line.confidence}"] if line.confidence is not None else []
    said += [f"for {person_name(line.owner)}"] if line.owner else []
    if line.counts_for is not None:
        when = day(line.counts_for)
        said.append(f"back-dated to {when}" if line.back_dated else f"counts for {when}, the last day of its cycle")
    said += [f"edited by {person_name(line.edited_by)}"] if line.edited_by else []
    return Mrkdwn(" · ".join(said))
