"""What a key result was agreed to be, and the course it has taken: all that a kind may look at."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.okr.zones import utc


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of a milestones key result. `share` is its weight among all steps (scale-free, above 0)."""

    name: str
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: start, target and levels in `unit`; the rail of a guardrail is its `target`.

    Yes/no runs from 0 to 1, milestones from 0 to their number; a baseline has neither start nor target.
    """

    start: Decimal | None = None
    target: Decimal | None = None
    unit: str | None = None
    commit: Decimal | None = None
    stretch: Decimal | None = None
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """The values in force with the instants they are about, in any order, and the cycle they lie in.

    `begins` is the cycle's first instant, `ends` the first one after it.
    """

    begins: datetime
    ends: datetime
    points: tuple[tuple[datetime, Decimal], ...] = ()

    def stretches(self, start: Decimal | None, now: datetime) -> list[tuple[Decimal | None, datetime, datetime]]:
        """The cycle up to `now` cut where the value changes: value (None: nobody knows), from, to.

        A value holds until the next one; before the first it is `start`.
        """
        until = min(max(utc(now), self.begins), self.ends)
        cuts: list[tuple[datetime, Decimal | None]] = [(self.begins, start)]
        for at, value in sorted(self.points, key=lambda point: point[0]):
            cuts.append((min(max(utc(at), self.begins), until), value))
        ends = [at for at, _ in cuts[1:]] + [until]
        return [(value, begin, end) for (begin, value), end in zip(cuts, ends, strict=True) if end > begin]
