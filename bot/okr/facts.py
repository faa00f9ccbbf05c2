"""What a use case hands to a view: frozen, complete, without a database or Slack behind it.

Texts in here are what people typed, unescaped; a view escapes them at the one place where they become mrkdwn.
Slack ids (`U…`, `C…`) are only for links and recipients; names are for reading. Instants are aware and in UTC,
a member's `zone` is an IANA name, calendar days are dates.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.okr.kinds import METRIC, Kind, Milestone, Terms
from bot.okr.permissions import Relation
from bot.okr.status import Freshness, Status


@dataclass(frozen=True)
class Person:
    """Somebody to be named in a text. `slack_id` is for addressing them, never for pinging in a list."""

    slack_id: str
    name: str
    zone: str
    locale: str = "en"


@dataclass(frozen=True)
class KeyResultStanding:
    """Where a key result stands. `now` equals `start` until the first check-in (`checked_at` is None then).

    `now` is None where nobody knows a value yet: a baseline, a guardrail without a start. `closing`: its cycle has
    ended and takes check-ins up to this day; None while it runs.
    """

    number: int
    title: str
    objective_number: int
    objective_title: str
    team: str
    owner: str | None
    unit: str | None
    start: Decimal | None
    target: Decimal | None
    now: Decimal | None
    progress: Decimal
    expected: Decimal
    status: Status
    freshness: Freshness
    confidence: int | None
    checked_at: datetime | None
    weight: Decimal
    due: bool
    kind: Kind = METRIC
    commit: Decimal | None = None
    stretch: Decimal | None = None
    milestones: tuple[Milestone, ...] = ()
    closing: date | None = None
    hidden: bool = False
    """Whoever reads this may not read it: only its number is told."""
    answers_as: Relation | None = None
    """DELEGATE or CONTRIBUTOR where whoever reads this answers for its owner; else None."""

    @property
    def terms(self) -> Terms:
        """What was agreed, as the key result's kind reads it."""
        return Terms(self.start, self.target, self.unit, self.commit, self.stretch, self.milestones)


@dataclass(frozen=True)
class WaitingAgreement:
    """An objective that waits for agreement: for the reader (`other` wrote it) or for `other`, whom the reader asked.

    `other` None: nobody known, or nobody who may agree.
    """

    number: int
    title: str
    team: str
    for_reader: bool
    other: str | None
    since: datetime


@dataclass(frozen=True)
class MyWeek:
    """`/okr`: what is due, my key results. `due_at` is the nearest time an answer is due, if anything is.

    `overdue`: that time has passed. `of_others`: how many of what is not due belong to somebody else. `may_set_up`: the
    reader is a champion, `just_appointed`: since this moment.
    """

    person: Person
    cycle: str | None
    due: tuple[KeyResultStanding, ...]
    others: tuple[KeyResultStanding, ...]
    more: int
    due_at: datetime | None
    overdue: bool = False
    may_set_up: bool = False
    just_appointed: bool = False
    of_others: int = 0
    waiting: tuple[WaitingAgreement, ...] = ()


@dataclass(frozen=True)
class EmptyWorkspace:
    """`/okr` where nobody has set an objective yet. `may_set_up`: the reader is a champion."""

    person: Person
    workspace: str
    team: str
    cycle: str
    may_set_up: bool
    just_appointed: bool
    champions: tuple[str, ...]


@dataclass(frozen=True)
class SetUpForm:
    """What the **Set up** modal is filled with. Slack ids for people and the channel.

    `fiscal_start_month` (1-12) is the month in which the business year begins.
    """

    team: str
    cycle: str
    channel: str | None
    lead: str | None
    champions: tuple[str, ...]
    sponsors: tuple[str, ...]
    approval_needed: bool = False
    individual_objectives: bool = False
    fiscal_start_month: int = 1


@dataclass(frozen=True)
class ListPlace:
    """Of whom a list is, as its page buttons keep it: `scope` is me, person (`U…`), team (row id) or company."""

    scope: str
    person: str | None = None
    team: int | None = None
    only: str | None = None


@dataclass(frozen=True)
class ListedKeyResults:
    """`/okr list …`: `heading` says of whom, `total` counts all, `shown` is the page's part of it.

    `first` is the place of the page's first one in the whole list, from 1. `after` and `before` are what the next and
    the previous page go on from; None where there is none.
    """

    person: Person
    heading: str
    shown: tuple[KeyResultStanding, ...]
    total: int
    without: tuple[str, ...] = ()
    """Names of people who have nothing yet (only for `missing`)."""
    first: int = 1
    after: int | None = None
    before: int | None = None
    place: ListPlace = ListPlace("me")


@dataclass(frozen=True)
class DraftedAnswer:
    """What somebody had typed for a key result and not sent, as the form's inputs hold it; None is an empty input."""

    number: int
    value: str | None
    confidence: int | None
    note: str | None


@dataclass(frozen=True)
class CheckInForm:
    """A page of the **Check in** modal. `lines` has what is due first, `rest` the numbers of the pages to come.

    `more` counts what fits on no page at all. `drafted` is what was typed before and not sent, since `drafted_at`.
    """

    person: Person
    nonce: str
    lines: tuple[KeyResultStanding, ...]
    more: int
    due_at: datetime | None
    page: int = 1
    pages: int = 1
    rest: tuple[int, ...] = ()
    drafted: tuple[DraftedAnswer, ...] = ()
    drafted_at: datetime | None = None
    learned: str | None = None
    needs: str | None = None


@dataclass(frozen=True)
class CheckedIn:
    """One line of an answer: what the value was before and is now."""

    number: int
    title: str
    unit: str | None
    before: Decimal | None
    after: Decimal | None
    start: Decimal | None
    target: Decimal | None
    unchanged: bool
    confidence: int | None
    note: str | None
    kind: Kind = METRIC
    milestones: tuple[Milestone, ...] = ()
    owner: str | None = None
    """Whose key result it is, where somebody else has checked in."""
    edited_by: str | None = None
    """Who wrote this version, where that is not who sent it."""
    counts_for: date | None = None
    """The day it is about, where that is not the day it was sent."""
    back_dated: bool = False
    """Somebody chose that day; else it is the last one of a cycle that has ended."""
    withdrawn: bool = False
    """It was taken back, so it counts for nothing."""

    @property
    def terms(self) -> Terms:
        """What was agreed, as the key result's kind reads it."""
        return Terms(self.start, self.target, self.unit, milestones=self.milestones)


@dataclass(frozen=True)
class EditForm:
    """The **Edit** modal for one check-in: `line` as it stands, `version` of it, `day` it counts for.

    It may be dated from `first_day` to `last_day`. `changed_meanwhile`: somebody made this version while the form was
    open with an earlier one; what was typed is still there.
    """

    person: Person
    submission: int
    line: CheckedIn
    version: int
    day: date
    first_day: date
    last_day: date
    changed_meanwhile: bool = False


@dataclass(frozen=True)
class EditChoice:
    """Which check-in of a submission shall be changed."""

    person: Person
    submission: int
    lines: tuple[CheckedIn, ...]


@dataclass(frozen=True)
class Edited:
    """A check-in that was just changed; `already`: it had been said like that before, so nothing was done."""

    person: Person
    line: CheckedIn
    already: bool = False


@dataclass(frozen=True)
class Receipt:
    """What one submission kept. `undo_until` is None when it can no longer be undone; `undone` when it was.

    `late` marks an answer after the due time; `still_due` counts key results that wait for an answer.
    """

    submission: int
    person: Person
    submitted_at: datetime
    lines: tuple[CheckedIn, ...]
    learned: str | None
    needs: str | None
    undo_until: datetime | None
    undone: bool
    late: bool
    still_due: int
    repeated: bool = False
    """The very same form had been sent before: nothing was saved twice."""
    edited: bool = False


@dataclass(frozen=True)
class Waiting:
    """A message that waited for room in its receiver's attention budget. `facts` go to the view of its `kind`."""

    kind: str
    facts: object
    needs_answer: bool


@dataclass(frozen=True)
class Prompt:
    """The DM that asks, or reminds. `due_at` in the reader's zone.

    `waiting` is what is told along with it, `more_waiting` how much of that has no room.
    """

    person: Person
    due: tuple[KeyResultStanding, ...]
    due_at: datetime
    week_of: date
    waiting: tuple[Waiting, ...] = ()
    more_waiting: int = 0


@dataclass(frozen=True)
class DigestObjective:
    """One objective's line in a digest. `progress` is the roll-up (0 to 1), `unknown_share` of its weight (0 to 1)."""

    number: int
    title: str
    progress: Decimal
    expected: Decimal
    status: Status
    unknown_share: Decimal
    hidden: bool = False
    """Not everybody in the channel may read it: only its number is told."""


@dataclass(frozen=True)
class Digest:
    """One team's round, told in its channel: at most 12 lines of 120 characters."""

    team: str
    cycle: str
    week_of: date
    objectives: tuple[DigestObjective, ...]
    attention: tuple[KeyResultStanding, ...]
    answered: tuple[str, ...]
    missing: tuple[str, ...]
    away: tuple[str, ...]
    key_results: int
    checked_in: int
    learned: tuple[str, ...]


@dataclass(frozen=True)
class DigestEntry:
    """One submission, told in the digest's thread. `late` and `edited` are said in words.

    `private` counts the check-ins of it that the channel is not told of. Without any check-in it tells what was learned
    and needed alone.
    """

    submission: int
    person: Person
    submitted_at: datetime
    zone: str
    lines: tuple[CheckedIn, ...]
    learned: str | None
    needs: str | None
    late: bool
    edited: bool
    undone: bool
    private: int = 0


@dataclass(frozen=True)
class RecognitionNotice:
    """Told once to the person who was recognised. `kind` is result, effort, learning or candour."""

    giver: str
    kind: str
    emoji: str
    by_lead: bool
    key_results: tuple[str, ...]
    link: str | None


@dataclass(frozen=True)
class ClosedChannel:
    """A team's channel (`C…`) in which the bot may not post its digest."""

    team: str
    channel: str
