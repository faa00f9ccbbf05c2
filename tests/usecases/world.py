"""A company in a database, and the ways people and the beat act on it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.okr.facts import CheckInForm, DraftedAnswer, EditChoice, Edited, EditForm, Receipt
from bot.okr.kinds import Terms, kind_of, read_milestones
from bot.okr.recognition import DEFAULT_EMOJI
from bot.store import keyresults, milestones, rounds, workspaces
from bot.store.session import Database
from bot.store.tables import (
    CheckIn,
    Cycle,
    Delivery,
    DigestPost,
    KeyResult,
    Member,
    MemberRole,
    Membership,
    Objective,
    PostedMessage,
    Round,
    RoundPart,
    Submission,
    Team,
    Workspace,
)
from bot.usecases.actors import Actor
from bot.usecases.budget import is_held
from bot.usecases.check_in_edits import EditCheckIn, OpenEdit, edit_check_in, open_edit
from bot.usecases.check_in_pages import KeepDraft, keep_draft, page_nonce
from bot.usecases.checkins import (
    FieldAnswer,
    LineAnswer,
    OpenForm,
    SendForm,
    SendLines,
    UndoSubmission,
    open_form,
    send_form,
    send_lines,
    send_page,
    undo_submission,
)
from bot.usecases.deliverable import Outgoing, Wait
from bot.usecases.outgoing import KINDS
from bot.usecases.prompting import make_prompts, make_reminders
from bot.usecases.rounds import TickCommand, close_rounds, open_rounds
from tests.databases import opened

C = TypeVar("C")
R = TypeVar("R")

TEAM = "T0LUMEN"
MONDAY = date(2026, 10, 5)
QUARTER = (date(2026, 10, 1), date(2026, 12, 31))


def at(text: str) -> datetime:
    """An instant in UTC: `at("2026-10-05 07:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


PROMPTED = at("2026-10-05 07:00")
"""Monday 9:00 in Berlin."""
LONG_AGO = at("2026-09-01 08:00")


@dataclass
class Form:
    """The **Check in** modal as somebody has it open: `typed` and `chosen` are what they changed in it."""

    world: "World"
    who: str
    facts: CheckInForm
    typed: dict[int, str | None] = field(default_factory=dict)
    chosen: dict[int, int | None] = field(default_factory=dict)
    noted: dict[int, str] = field(default_factory=dict)
    learned: str | None = None
    needs: str | None = None

    @property
    def numbers(self) -> list[int]:
        """The key results on the page."""
        return [line.number for line in self.facts.lines]

    def put(self, number: int, value: str | None) -> "Form":
        """Put a value in; None clears the field."""
        self.typed[number] = value
        return self

    def choose(self, number: int, confidence: int | None) -> "Form":
        """Choose a confidence."""
        self.chosen[number] = confidence
        return self

    def note(self, number: int, note: str) -> "Form":
        """Add a note."""
        self.noted[number] = note
        return self

    def answers(self) -> tuple[FieldAnswer, ...]:
        """What the inputs hold."""
        drafted = {each.number: each for each in self.facts.drafted}
        answers = []
        for line in self.facts.lines:
            number = line.number
            shown = line.kind.prefill(line.now, line.terms, self.facts.person.locale)
            held = drafted.get(number, DraftedAnswer(number, shown, line.confidence, None))
            answers.append(
                FieldAnswer(
                    number=number,
                    field=f"kr.{number}.value",
                    value=self.typed.get(number, held.value),
                    shown_value=shown,
                    confidence=self.chosen.get(number, held.confidence),
                    shown_confidence=line.confidence,
                    note=self.noted.get(number, held.note),
                )
            )
        return tuple(answers)

    def command(self) -> SendForm:
        """What pressing Send means."""
        return SendForm(
            Actor(TEAM, self.who),
            page_nonce(self.facts.nonce, self.facts.page),
            self.answers(),
            frozenset(line.number for line in self.facts.lines if line.due),
            learned=self.learned or self.facts.learned,
            needs=self.needs or self.facts.needs,
            form=self.facts.nonce,
            page=self.facts.page,
            rest=self.facts.rest,
        )

    def send(self, now: datetime) -> Receipt:
        """Press Send."""
        return self.world.do(send_form, self.command(), now)

    def send_page(self, now: datetime) -> tuple[Receipt | None, "Form | None"]:
        """Press the page's button; answers its receipt and the page that comes next."""
        sent = self.world.do(send_page, self.command(), now)
        return sent.receipt, None if sent.following is None else Form(self.world, self.who, sent.following)

    def press_note(self, *numbers: int, now: datetime) -> frozenset[int]:
        """Press **Add a Note**; answers whose notes can be typed now."""
        last = not self.facts.rest
        command = KeepDraft(
            Actor(TEAM, self.who), self.facts.nonce, self.answers(), frozenset(numbers), last, self.learned, self.needs
        )
        return self.world.do(keep_draft, command, now)


@dataclass
class World:
    """One workspace. Everything that is made in it belongs to one cycle unless said otherwise."""

    database: Database
    workspace_id: int
    members: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    cycle_id: int = 0
    _counter: Iterator[int] = field(default_factory=lambda: count(1))
    _session: Session | None = None

    # --- running

    def do(
        self,
        use_case: Callable[[Session, C, datetime], R],
        command: C,
        now: datetime,
        *,
        writes: bool = True,
    ) -> R:
        """Run a use case as the shell does; a busy machine may take its time."""
        return self.database.transact(lambda session: use_case(session, command, now), writes=writes, seconds=30)

    def add(self, row: Any) -> Any:
        """Keep a row; it comes back with its id."""

        def work(session: Session) -> Any:
            session.add(row)
            session.flush()
            return row

        return self._write(work)

    def together(self, making: Callable[[], object]) -> None:
        """Keep everything that `making` adds in one transaction."""

        def work(session: Session) -> None:
            self._session = session
            try:
                making()
            finally:
                self._session = None

        self.database.transact(work, seconds=30)

    def _write(self, work: Callable[[Session], R]) -> R:
        if self._session is not None:
            return work(self._session)
        return self.database.transact(work, seconds=30)

    def rows(self, row: type[R], *conditions: Any) -> list[R]:
        """Rows of a table, oldest first."""
        statement = select(row).where(*conditions).order_by(row.id)  # type: ignore[attr-defined]

        def work(session: Session) -> list[R]:
            found = list(session.scalars(statement))
            session.expunge_all()
            return found

        return self.database.transact(work, writes=False, seconds=30)

    def change(self, row: type[Any], row_id: int, **values: Any) -> None:
        """Set columns of a row."""

        def work(session: Session) -> None:
            found = session.get_one(row, row_id)
            for name, value in values.items():
                setattr(found, name, value)

        self.database.transact(work, seconds=30)

    # --- making

    def member(self, slack_id: str, name: str | None = None, **more: Any) -> int:
        """Somebody of the workspace, in Berlin unless said otherwise."""
        values = {"zone": "Europe/Berlin", "locale": "en-US", **more}
        row = Member(workspace_id=self.workspace_id, slack_id=slack_id, name=name or slack_id, **values)
        self.members[slack_id] = self.add(row).id
        return self.members[slack_id]

    def role(self, slack_id: str, role: str, since: datetime = LONG_AGO) -> None:
        """Make somebody champion or sponsor."""
        member = self.members[slack_id]
        self.add(MemberRole(workspace_id=self.workspace_id, member_id=member, role=role, since=since))

    def team(self, name: str, *, lead: str | None = None, channel: str | None = None, **more: Any) -> int:
        """A team below the root."""
        row = Team(
            workspace_id=self.workspace_id,
            name=name,
            level=more.pop("level", "team"),
            parent_id=more.pop("parent_id", None),
            lead_id=None if lead is None else self.members[lead],
            channel=channel,
            **more,
        )
        self.teams[name] = self.add(row).id
        return self.teams[name]

    def joins(self, slack_id: str, team: str) -> None:
        """Make somebody a member of a team."""
        team_id, member_id = self.teams[team], self.members[slack_id]
        self.add(Membership(workspace_id=self.workspace_id, team_id=team_id, member_id=member_id))

    def cycle(self, starts_on: date, ends_on: date, name: str = "Q4 2026") -> int:
        """A cycle, used by everything made from now on."""
        row = Cycle(workspace_id=self.workspace_id, name=name, starts_on=starts_on, ends_on=ends_on)
        self.cycle_id = self.add(row).id
        return self.cycle_id

    def key_result(
        self,
        owner: str | None,
        team: str,
        *,
        start: str = "0",
        target: str = "100",
        unit: str | None = None,
        created_at: datetime = LONG_AGO,
        weight: str = "1",
        objective: int | None = None,
        title: str | None = None,
        kind: str = "metric",
        steps: str = "",
    ) -> int:
        """A key result with an objective of its own (or of the `objective` given); answers its number."""

        def work(session: Session) -> int:
            above = objective
            if above is None:
                number = workspaces.take_objective_number(session, self.workspace_id)
                row = Objective(
                    workspace_id=self.workspace_id,
                    number=number,
                    title=f"Objective {number}",
                    team_id=self.teams[team],
                    cycle_id=self.cycle_id,
                    created_at=created_at,
                    published_at=created_at,
                )
                session.add(row)
                session.flush()
                above = row.id
            number = workspaces.take_key_result_number(session, self.workspace_id)
            wanted = Terms(Decimal(start), Decimal(target), unit, milestones=read_milestones(steps))
            agreed = kind_of(kind).agreed(wanted)
            made = KeyResult(
                workspace_id=self.workspace_id,
                number=number,
                objective_id=above,
                title=title or f"Key result {number}",
                kind=kind,
                start=agreed.start,
                target=agreed.target,
                unit=unit,
                weight=Decimal(weight),
                owner_id=None if owner is None else self.members[owner],
                created_at=created_at,
            )
            session.add(made)
            session.flush()
            milestones.keep(session, self.workspace_id, made.id, agreed.milestones)
            return number

        return self._write(work)

    # --- what people do

    def open(self, who: str, now: datetime) -> Form:
        """Press **Check in**."""
        command = OpenForm(Actor(TEAM, who), f"form-{next(self._counter)}")
        return Form(self, who, self.do(open_form, command, now, writes=False))

    def say(self, who: str, line: str, now: datetime, nonce: str | None = None) -> Receipt:
        """`/okr update KR-1 45k 8` as its parts: `1 45k 8` (several separated by `|`)."""
        lines = []
        for part in line.split("|"):
            number, value, *rest = part.split()
            confidence = int(rest[0]) if rest else None
            lines.append(LineAnswer(int(number), value, confidence))
        command = SendLines(Actor(TEAM, who), nonce or f"command-{next(self._counter)}", tuple(lines))
        return self.do(send_lines, command, now)

    def undo(self, who: str, submission: int, now: datetime) -> Receipt:
        """Press **Undo**."""
        return self.do(undo_submission, UndoSubmission(Actor(TEAM, who), submission), now)

    def open_edit(self, who: str, submission: int, now: datetime, number: int | None = None) -> EditForm | EditChoice:
        """Press **Edit**."""
        return self.do(open_edit, OpenEdit(Actor(TEAM, who), submission, number), now, writes=False)

    def edit(
        self, who: str, submission: int, number: int, now: datetime, form: EditForm | None = None, **changes: Any
    ) -> Edited | EditForm:
        """Open a check-in for a change (or take a form that is open), change it, press **Save**."""
        if form is None:
            opened_ = self.open_edit(who, submission, now, number)
            assert isinstance(opened_, EditForm)
            form = opened_
        line = form.line
        held = {
            "value": line.kind.prefill(line.after, line.terms, form.person.locale),
            "confidence": line.confidence,
            "note": line.note,
            "day": form.day,
        }
        command = EditCheckIn(
            actor=Actor(TEAM, who), submission=submission, number=number, version=form.version, **{**held, **changes}
        )
        return self.do(edit_check_in, command, now)

    # --- the beat and the sender

    def tick(self, now: datetime, limit: int = 500) -> None:
        """What a beat makes."""
        for batch in (open_rounds, make_prompts, make_reminders, close_rounds):
            while self.do(batch, TickCommand(self.workspace_id, limit), now):
                pass

    def deliveries(self, *kinds: str) -> list[Delivery]:
        """What was queued, of these kinds."""
        return self.rows(Delivery, Delivery.kind.in_(kinds or tuple(KINDS)))

    def prepare(self, delivery: Delivery, now: datetime) -> Outgoing | Wait | None:
        """What would be sent now."""
        kind = KINDS[delivery.kind]
        return self.database.transact(lambda session: kind.prepare(session, delivery, now), writes=False, seconds=30)

    def deliver(self, now: datetime) -> list[tuple[Delivery, Outgoing]]:
        """Send everything that is due, as the sender would; answers what went out."""
        went: list[tuple[Delivery, Outgoing]] = []
        while True:
            due = [
                row
                for row in self.rows(Delivery, Delivery.state == "pending", Delivery.not_before <= now)
                if row.not_before <= now
            ]
            if not due:
                return went
            for row in sorted(due, key=lambda each: (each.priority, each.not_before, each.id)):
                outgoing = self._send_one(row.id, now)
                if outgoing is not None:
                    went.append((row, outgoing))

    def _send_one(self, delivery_id: int, now: datetime) -> Outgoing | None:
        return self.database.transact(lambda session: self._send(session, delivery_id, now), seconds=30)

    def _send(self, session: Session, delivery_id: int, now: datetime) -> Outgoing | None:
        row = session.get_one(Delivery, delivery_id)
        if row.state != "pending":
            return None
        outgoing = KINDS[row.kind].prepare(session, row, now)
        if outgoing is None or isinstance(outgoing, Wait):
            row.state = "dropped"
            return None
        row.state = "sending"
        session.flush()
        if is_held(session, KINDS, row, outgoing, now):
            return None
        row.state, row.settled_at = "sent", now
        row.channel = f"D{outgoing.channel[1:]}" if outgoing.channel.startswith("U") else outgoing.channel
        row.ts = outgoing.update_ts or f"1700000000.{next(self._counter):06d}"
        KINDS[row.kind].sent(session, row, now)
        return outgoing

    # --- how it stands

    def row(self, number: int) -> keyresults.KeyResultRow:
        """A key result with its current check-in."""
        return self._numbered([number])[number]

    def value(self, number: int) -> Decimal | None:
        """The value of the current check-in; None before the first."""
        return self.row(number).last_value

    def values(self, numbers: list[int]) -> dict[int, Decimal | None]:
        """The same for several, in one transaction."""
        return {number: row.last_value for number, row in self._numbered(numbers).items()}

    def _numbered(self, numbers: list[int]) -> dict[int, keyresults.KeyResultRow]:
        return self.database.transact(
            lambda session: keyresults.numbered(session, self.workspace_id, numbers), writes=False, seconds=30
        )

    def how_many(self, row: type[Any]) -> int:
        """How many rows a table has."""
        return len(self.rows(row))


@contextmanager
def world_on(url: str) -> Iterator[World]:
    """An empty workspace on a migrated database."""

    def work(session: Session) -> int:
        kept = workspaces.keep(
            session, slack_id=TEAM, name="Lumen", bot_user="U0BOT", emoji=dict(DEFAULT_EMOJI), now=LONG_AGO
        )
        return kept.id

    with opened(url) as database:
        yield World(database, database.transact(work, seconds=30))


def company(world: World) -> World:
    """Lumen: Growth is led by Lea; Ana and Bo are in it; Cleo is champion, Sam sponsor, Olu in another team."""
    world.together(lambda: _make(world))
    return world


def _make(world: World) -> None:
    for slack_id, name in (
        ("U0CLEO", "Cleo"),
        ("U0SAM", "Sam"),
        ("U0LEA", "Lea"),
        ("U0ANA", "Ana"),
        ("U0BO", "Bo"),
        ("U0OLU", "Olu"),
    ):
        world.member(slack_id, name)
    world.role("U0CLEO", "champion")
    world.role("U0SAM", "sponsor")
    root = world.team("Lumen", level="company", lead="U0CLEO", channel="C0GENERAL")
    world.team("Growth", lead="U0LEA", channel="C0GROWTH", parent_id=root)
    world.team("Quiet", parent_id=root)
    for slack_id in ("U0ANA", "U0BO", "U0LEA"):
        world.joins(slack_id, "Growth")
    world.joins("U0OLU", "Quiet")
    world.cycle(*QUARTER)


def every(start: datetime, end: datetime, step: timedelta) -> Iterable[datetime]:
    """Instants from start to end."""
    moment = start
    while moment <= end:
        yield moment
        moment += step


def with_typed(command: SendForm, number: int, value: str | None) -> SendForm:
    """The same form with another value in one field."""
    answers = tuple(replace(each, value=value) if each.number == number else each for each in command.answers)
    return replace(command, answers=answers)


__all__ = [
    "LONG_AGO",
    "MONDAY",
    "PROMPTED",
    "QUARTER",
    "TEAM",
    "CheckIn",
    "Delivery",
    "DigestPost",
    "Form",
    "KeyResult",
    "Member",
    "Objective",
    "PostedMessage",
    "Round",
    "RoundPart",
    "Submission",
    "Team",
    "Workspace",
    "World",
    "at",
    "company",
    "every",
    "rounds",
    "with_typed",
    "world_on",
]
