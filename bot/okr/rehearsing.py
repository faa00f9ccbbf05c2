"""Facts of a rehearsal: the messages of the coming weeks, and whether everybody's attention budget holds."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.okr.attention import BUDGET
from bot.okr.cadence import monday_of
from bot.okr.facts import Person
from bot.okr.zones import first_known_zone, local_day

WEEK = timedelta(days=7)


class Answers(StrEnum):
    """What a rehearsal takes for granted: nobody answers (the most messages), or everybody does at once."""

    NONE = "none"
    ALL = "all"


@dataclass(frozen=True)
class RehearsedMessage:
    """One message that would go at `at` to a person, or with `person` None to a channel.

    `key_results` are numbers. `counted`: nobody asked for it and it is no duty, so there are at most two a week.
    """

    at: datetime
    zone: str
    recipient: str
    person: str | None
    kind: str
    teams: tuple[str, ...]
    key_results: tuple[int, ...]
    counted: bool

    @property
    def monday(self) -> date:
        """The ISO week it falls into by its receiver's clock."""
        return monday_of(local_day(self.at, first_known_zone([self.zone])))


@dataclass(frozen=True)
class Offence:
    """Somebody who would get more than the budget in the week of that Monday."""

    recipient: str
    person: str
    monday: date
    messages: int


@dataclass
class Ledger:
    """What was rehearsed so far, counted and not kept: its size grows with people and weeks, not with messages.

    `told`: all messages to people by Slack id and week, `counted` those against the budget, the ones included that had
    gone this week before the rehearsal began. `posts`: messages in channels. `not_made`: messages that could not be
    made, by kind.
    """

    names: dict[str, str] = field(default_factory=dict)
    told: Counter[tuple[str, date]] = field(default_factory=Counter)
    counted: Counter[tuple[str, date]] = field(default_factory=Counter)
    posts: Counter[tuple[str, date]] = field(default_factory=Counter)
    kinds: Counter[tuple[str, date]] = field(default_factory=Counter)
    not_made: Counter[str] = field(default_factory=Counter)

    def note(self, message: RehearsedMessage) -> None:
        """One more message."""
        place = message.recipient, message.monday
        self.kinds[message.kind, message.monday] += 1
        if message.person is None:
            self.posts[place] += 1
            return
        self.names[message.recipient] = message.person
        self.told[place] += 1
        if message.counted:
            self.counted[place] += 1

    @property
    def messages(self) -> int:
        """How many messages people get."""
        return self.told.total()

    @property
    def most(self) -> int:
        """The most that count in any week of any person."""
        return max((self.counted[place] for place in self.told), default=0)

    @property
    def offences(self) -> list[Offence]:
        """Where the budget does not hold, by week and name."""
        found = [
            Offence(recipient, self.names[recipient], monday, self.counted[recipient, monday])
            for recipient, monday in self.told
            if self.counted[recipient, monday] > BUDGET
        ]
        return sorted(found, key=lambda each: (each.monday, each.person, each.recipient))

    @property
    def holds(self) -> bool:
        """Whether nobody gets more than the budget in any week."""
        return self.most <= BUDGET

    @property
    def proves(self) -> bool:
        """Whether the budget holds and every message could be made, so that none is missing from the count."""
        return self.holds and not self.not_made


@dataclass(frozen=True)
class Rehearsed:
    """How the `weeks` from `since` went. `asks_until`: the last day of the cycle that asks longest."""

    since: datetime
    weeks: int
    answers: Answers
    ledger: Ledger
    asks_until: date | None

    @property
    def ends(self) -> datetime:
        """The end of the last week."""
        return self.since + self.weeks * WEEK


@dataclass(frozen=True)
class RehearsalShown:
    """`/okr rehearse`: whose messages these are in words, and the single ones where they are one's own alone.

    `too_many`: how many people there are where that is more than is rehearsed here (0: it is not).
    """

    person: Person
    whose: str
    rehearsed: Rehearsed
    own: tuple[RehearsedMessage, ...] = ()
    too_many: int = 0
