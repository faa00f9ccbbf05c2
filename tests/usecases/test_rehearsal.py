"""A company on many clocks, rehearsed: every message at its hour, none twice, the budget holds, nothing is changed."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from sqlalchemy import select

from bot.okr.attention import BUDGET
from bot.okr.cadence import Rhythm, WeekTime
from bot.okr.rehearsing import Answers, Rehearsed, RehearsedMessage
from bot.store.tables import Absence, Base, Delivery
from bot.usecases.deliverable import Outgoing, OutgoingKind, nothing_more
from bot.usecases.outgoing import KINDS
from bot.usecases.rehearsal import Rehearse, rehearse
from tests.usecases.world import MONDAY, PROMPTED, QUARTER, World, at, every, world_on

BEGINS = at("2026-10-01 06:00")
NINE = time(9)
PEOPLE: dict[str, dict[str, Any]] = {
    "U0HONO": {"zone": "Pacific/Honolulu"},
    "U0HOWE": {"zone": "Australia/Lord_Howe", "prompt_hour": "08:30"},
    "U0KOLK": {"zone": "Asia/Kolkata", "country": "IN"},
    "U0KATH": {"zone": "Asia/Kathmandu", "prompt_hour": "16:45"},
    "U0SAOP": {"zone": "America/Sao_Paulo", "country": "BR"},
    "U0AUCK": {"zone": "Pacific/Auckland", "country": "NZ"},
    "U0CASA": {"zone": "Africa/Casablanca"},
    "U0BERL": {"zone": "Europe/Berlin", "country": "DE", "region": "BE"},
    "U0LOND": {"zone": "Europe/London", "profile": "light"},
    "U0YORK": {"zone": "America/New_York", "country": "US", "prompt_days": "1234"},
    "U0JOHN": {"zone": "America/St_Johns"},
    "U0TOKY": {"zone": "Asia/Tokyo", "country": "JP"},
    "U0CHAT": {"zone": "Pacific/Chatham", "profile": "active"},
    "U0APIA": {"zone": "Pacific/Apia", "prompt_days": "0246"},
}
AWAY = {"U0BERL": (date(2026, 10, 19), date(2026, 11, 3)), "U0LOND": (date(2026, 12, 7), date(2026, 12, 9))}


def many_clocks(world: World) -> World:
    """Fourteen people on fourteen clocks, in teams of four rhythms; most of them in two."""

    def making() -> None:
        world.member("U0CLEO", "Cleo")
        world.role("U0CLEO", "champion")
        for slack_id, more in PEOPLE.items():
            world.member(slack_id, **more)
        world.cycle(*QUARTER)
        world.team("Weekly", lead="U0BERL", channel="C0WEEK")
        world.team("Fortnight", lead="U0YORK", channel="C0FORT", rhythm=str(Rhythm(2, anchor=date(2026, 10, 5))))
        world.team("Month", lead="U0AUCK", rhythm=str(Rhythm(0)))
        late = Rhythm(1, WeekTime(3, time(14)), WeekTime(4, time(16)), WeekTime(0, time(10)))
        world.team("Thursday", lead="U0HONO", channel="C0THU", rhythm=str(late))
        for number, slack_id in enumerate(PEOPLE):
            world.key_result(slack_id, "Weekly")
            world.key_result(slack_id, ("Fortnight", "Month", "Thursday", "Weekly")[number % 4])

    world.together(making)
    for slack_id, (first, last) in AWAY.items():
        zone = ZoneInfo(str(PEOPLE[slack_id]["zone"]))
        since = datetime.combine(first, time(0), zone)
        until = datetime.combine(last + timedelta(days=1), time(0), zone)
        world.add(
            Absence(
                workspace_id=world.workspace_id,
                member_id=world.members[slack_id],
                since=since,
                until=until,
                source="command",
                created_at=BEGINS,
            )
        )
    return world


@pytest.fixture
def clocks(sqlite_url: str) -> Iterator[World]:
    with world_on(sqlite_url) as world:
        yield many_clocks(world)


def played(
    world: World, now: datetime, weeks: int, answers: Answers = Answers.NONE, **scope: Any
) -> tuple[Rehearsed, list[RehearsedMessage]]:
    found: list[RehearsedMessage] = []
    command = Rehearse(world.workspace_id, weeks, answers, **scope)
    return rehearse(world.database, command, now, found.append), found


def everything(world: World) -> dict[str, list[str]]:
    """Every row of every table."""

    def work(session: Any) -> dict[str, list[str]]:
        return {
            table.name: [json.dumps(list(row), default=str) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }

    return world.database.transact(work, writes=False, seconds=30)


def local(message: RehearsedMessage) -> datetime:
    return message.at.astimezone(ZoneInfo(message.zone))


@pytest.mark.slow
def test_a_quarter_on_fourteen_clocks(clocks: World) -> None:
    done, messages = played(clocks, BEGINS, 13)
    asked = [each for each in messages if each.kind in ("prompt", "reminder")]
    assert {each.recipient for each in asked} == set(PEOPLE)
    hours = {name: time.fromisoformat(more.get("prompt_hour", "09:00")) for name, more in PEOPLE.items()}
    odd = [
        each
        for each in asked
        if local(each).time() != hours[each.recipient]
        and not (local(each).time() == time(14) and "Thursday" in each.teams)
    ]
    assert odd == []
    for each in asked:
        more, day = PEOPLE[each.recipient], local(each).date()
        assert str(day.weekday()) in more.get("prompt_days", "01234"), each
        if "country" in more:
            assert day not in holidays.country_holidays(more["country"], subdiv=more.get("region")), each
        first, last = AWAY.get(each.recipient, (date.max, date.min))
        assert not first <= day <= last, each
    per_day = Counter((each.recipient, each.kind, local(each).date()) for each in asked)
    assert max(per_day.values()) == 1
    per_week = Counter((each.recipient, local(each).isocalendar()[:2]) for each in messages if each.counted)
    assert max(per_week.values()) == BUDGET == done.ledger.most
    assert done.ledger.holds
    assert done.ledger.offences == []
    assert not any(each.kind == "reminder" for each in messages if each.recipient == "U0LOND")
    weeks_asked = {local(each).isocalendar()[:2] for each in asked if each.recipient == "U0KOLK"}
    assert len(weeks_asked) == 13, "Monday of the week of 5 October to that of 28 December"
    assert {each.recipient for each in messages if each.kind == "digest"} == {"C0WEEK", "C0FORT", "C0THU"}
    assert Counter(each.recipient for each in messages)["C0WEEK"] == 12, "the last round closes in the new year"
    assert done.asks_until == QUARTER[1]
    # One person alone is the same as among all.
    number = list(PEOPLE).index("U0KATH") % 4
    kept = {clocks.teams["Weekly"], clocks.teams[("Fortnight", "Month", "Thursday", "Weekly")[number]]}
    _, alone = played(clocks, BEGINS, 3, recipients={"U0KATH"}, teams=kept)
    assert alone == [each for each in messages if each.recipient == "U0KATH" and each.at < BEGINS + timedelta(weeks=3)]
    assert alone


def test_the_original_is_as_it_was(lumen: World) -> None:
    """On both databases; the copy is the same whatever it is made of."""
    for owner in ("U0ANA", "U0BO", "U0LEA"):
        lumen.key_result(owner, "Growth")
    lumen.tick(PROMPTED)
    lumen.deliver(PROMPTED)
    lumen.say("U0ANA", "1 40 8", at("2026-10-05 08:00"))
    before = everything(lumen)
    now = at("2026-10-05 09:00")
    none, silent = played(lumen, now, 2)
    both, eager = played(lumen, now, 2, Answers.ALL)
    assert everything(lumen) == before
    assert sorted((each.monday, each.recipient) for each in silent if each.kind == "reminder") == [
        (monday, who)
        for monday, people in ((MONDAY, ("U0BO", "U0LEA")), (MONDAY + timedelta(7), ("U0ANA", "U0BO", "U0LEA")))
        for who in people
    ]
    # Who answers at once hears least.
    assert {each.monday for each in eager if each.kind == "reminder"} == {MONDAY}
    assert any(each.kind == "digest_entry" for each in eager)
    assert sum(each.counted for each in eager) < sum(each.counted for each in silent)
    assert none.ledger.not_made == both.ledger.not_made == Counter()


def test_the_real_world_then_does_the_same(clocks: World) -> None:
    """A week in which clocks change; somebody has checked in, and rounds are under way."""
    begins = at("2026-10-24 07:00")
    clocks.tick(begins)
    clocks.deliver(begins)
    clocks.say("U0LOND", "17 7", at("2026-10-24 09:10"))
    now, weeks = at("2026-10-24 12:00"), 1
    _, messages = played(clocks, now, weeks)
    foreseen = [(each.at, each.kind, each.recipient) for each in messages]
    went = []
    ends = now + timedelta(weeks=weeks)
    moments = {each.at for each in messages} | set(every(now, ends, timedelta(hours=7)))
    for moment in sorted(each for each in moments if each < ends):
        clocks.tick(moment)
        went += [(moment, row.kind, row.recipient) for row, sent in clocks.deliver(moment) if sent.update_ts is None]
    assert sorted(foreseen) == sorted(went)
    assert len(foreseen) > 20


def test_what_went_this_week_is_in_the_budget_already(clocks: World) -> None:
    """Two messages have gone on Monday: nothing more this week, and the proof counts them."""
    monday = at("2026-10-05 03:00")
    for number in range(2):
        clocks.add(
            Delivery(
                workspace_id=clocks.workspace_id, kind="recognition", recipient="U0KOLK", arguments={},
                dedupe_key=f"earlier:{number}", not_before=monday, state="sent", created_at=monday, settled_at=monday,
            )
        )  # fmt: skip
    done, messages = played(clocks, monday, 1)
    assert [each for each in messages if each.recipient == "U0KOLK" and local(each).isocalendar()[1] == 41] == []
    assert done.ledger.counted["U0KOLK", date(2026, 10, 5)] == BUDGET


def test_a_budget_that_does_not_hold_is_found(clocks: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof counts for itself: it does not believe the sender."""
    monkeypatch.setattr("bot.usecases.deliveries.is_held", lambda *_: False)
    for number in range(3):
        clocks.add(
            Delivery(
                workspace_id=clocks.workspace_id, kind="change_notice", recipient="U0KOLK", arguments={},
                dedupe_key=f"more:{number}", not_before=BEGINS, state="pending", created_at=BEGINS,
            )
        )  # fmt: skip
    monkeypatch.setitem(KINDS, "change_notice", OutgoingKind(_always, nothing_more, KINDS["prompt"].reason))
    done, _ = played(clocks, BEGINS, 1)
    assert not done.ledger.holds
    assert [(each.person, each.messages) for each in done.ledger.offences] == [("U0KOLK", 3)]


def _always(session: Any, delivery: Delivery, now: datetime) -> Any:
    return Outgoing(delivery.recipient, None)


def test_a_message_that_cannot_be_made_is_told(clocks: World) -> None:
    clocks.add(
        Delivery(
            workspace_id=clocks.workspace_id, kind="objective_set", recipient="U0KOLK", arguments={},
            dedupe_key="broken", not_before=BEGINS, state="pending", created_at=BEGINS,
        )
    )  # fmt: skip
    done, messages = played(clocks, BEGINS, 1)
    assert done.ledger.not_made == Counter({"objective_set": 1})
    assert messages
