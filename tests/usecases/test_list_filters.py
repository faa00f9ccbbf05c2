"""What SQL keeps of a filtered list is what the plain rule keeps, whatever was agreed and said."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.okr.kinds import KINDS
from bot.okr.status import Status
from bot.store import keyresults
from bot.store.session import Session
from bot.store.tables import CheckIn, KeyResult, Member, MilestoneStep, Objective, Submission, Team
from bot.usecases.actors import Actor, acting
from bot.usecases.lists import ListKeyResults, list_key_results
from bot.usecases.standings import days_shown, place_all
from tests.usecases.world import LONG_AGO, TEAM, World, at

NOW = at("2026-11-16 09:00")
"""Half of the quarter is over, to the minute in none of the zones."""
ENDED = at("2027-01-05 10:00")
"""In the grace window all of it is over, and progress of exactly 90 percent is on track."""
BEGINS = at("2026-09-30 12:00")
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "Nowhere/Land", None)
NUMBERS = [
    *("0", "1", "2", "36", "90", "89.999999999999", "90.000000000001", "100", "-3", "0.000000000001"),
    *("1000000000000000", "1000000000000001", "1000000000000000.9", "36.413043478261"),
]
DAYS_AGO = [0.0, 1.5, 10.5, 10.500001, 17.4, 17.5, 30.0, 60.0]
"""A status is hollow after ten and a half days and unknown from seventeen and a half on."""


@dataclass(frozen=True)
class Said:
    """A check-in: how long ago it is about, its value (None: "no change" from nothing), taken back or not."""

    ago: timedelta
    value: Decimal | None
    withdrawn: bool


numbers = st.sampled_from(NUMBERS).map(Decimal) | st.decimals(-100, 200, places=2)
said = st.builds(
    Said,
    st.sampled_from(DAYS_AGO).map(lambda days: timedelta(days=days)) | st.timedeltas(timedelta(0), timedelta(days=100)),
    st.none() | numbers,
    st.sampled_from([False, False, False, True]),
)
key_results = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(list(KINDS)),
        "start": numbers,
        "target": numbers,
        "shares": st.lists(st.sampled_from(["1", "40", "50", "10", "0.1"]).map(Decimal), min_size=1, max_size=4),
        "said": st.lists(said, max_size=4),
    }
)


class _Undone(Exception):
    """Raised at the end of an example, so that nothing of it stays."""


def _agreed(drawn: dict[str, Any]) -> dict[str, Any]:
    start, target = drawn["start"], drawn["target"]
    if drawn["kind"] == "metric" and start == target:
        target = start + 1
    if drawn["kind"] in {"stay_above", "stay_below"} and start == 36:
        start = None  # nobody has said where it stood
    fixed = {"yes_no": (Decimal(0), Decimal(1)), "baseline": (None, None)}
    fixed["milestones"] = (Decimal(0), Decimal(len(drawn["shares"])))
    start, target = fixed.get(drawn["kind"], (start, target))
    return {"kind": drawn["kind"], "start": start, "target": target}


def _value(drawn: dict[str, Any], value: Decimal | None) -> Decimal | None:
    whole = {"yes_no": 2, "milestones": len(drawn["shares"]) + 1}.get(drawn["kind"])
    return value if value is None or whole is None else Decimal(int(value) % whole)


def _written(session: Session, world: World, drawn: list[dict[str, Any]], now: datetime) -> None:
    objective = session.query(Objective).one()
    author = world.members["U0ANA"]
    for number, each in enumerate(drawn, 100):
        row = KeyResult(
            workspace_id=world.workspace_id, number=number, objective_id=objective.id, title="Drawn",
            weight=Decimal(1), owner_id=author, created_at=LONG_AGO, **_agreed(each),
        )  # fmt: skip
        session.add(row)
        session.flush()
        if each["kind"] == "milestones":
            session.add_all(
                MilestoneStep(
                    workspace_id=world.workspace_id, key_result_id=row.id, position=at_, name=f"S{at_}", share=share
                )
                for at_, share in enumerate(each["shares"], 1)
            )
        for check_in in _versions(each["said"], now):
            submission = Submission(
                workspace_id=world.workspace_id, member_id=author, source="modal", submitted_at=now
            )  # fmt: skip
            session.add(submission)
            session.flush()
            session.add_all(
                CheckIn(
                    workspace_id=world.workspace_id, submission_id=submission.id, key_result_id=row.id,
                    author_id=author, recorded_at=now, as_of=now - check_in.ago, version=version,
                    value=_value(each, check_in.value), withdrawn=withdrawn,
                )
                for version, withdrawn in enumerate([False, True] if check_in.withdrawn else [False], 1)
            )  # fmt: skip
    session.flush()


def _versions(drawn: list[Said], now: datetime) -> Iterator[Said]:
    yield from (each for each in drawn if now - each.ago >= BEGINS)


def _whole_list(session: Session, world: World, only: str, now: datetime) -> list[int]:
    """The pages one after the other."""
    command = ListKeyResults(Actor(TEAM, "U0ANA"), company=True, only=only)
    page = list_key_results(session, command, now)
    found = [each.number for each in page.shown]
    while page.after is not None:
        command = ListKeyResults(Actor(TEAM, "U0ANA"), company=True, only=only, after=page.after)
        page = list_key_results(session, command, now)
        found += [each.number for each in page.shown]
    assert len(found) == page.total
    return found


def _by_the_rule(session: Session, now: datetime) -> dict[str, list[int]]:
    who = acting(session, Actor(TEAM, "U0ANA"))
    rows = keyresults.open_in(session, who.workspace.id, keyresults.Scope(), *days_shown(now, who))
    placed = place_all(session, rows, now, who.workspace_zone)
    return {
        "at risk": [each.row.number for each in placed if each.standing.status in (Status.AT_RISK, Status.OFF_TRACK)],
        "stale": [each.row.number for each in placed if each.standing.freshness.stale],
    }


@settings(
    max_examples=15,
    deadline=None,
    # What an example wrote is rolled back at its end.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(key_results, min_size=1, max_size=24), st.sampled_from(ZONES), st.sampled_from([NOW, ENDED]))
def test_a_filtered_list_is_what_the_rule_says(
    lumen: World, drawn: list[dict[str, Any]], zone: str | None, now: datetime
) -> None:
    if not lumen.rows(Objective):
        lumen.key_result("U0ANA", "Growth")

    def work(session: Session) -> None:
        lead = session.get_one(Team, session.query(Objective).one().team_id).lead_id
        session.get_one(Member, lead).zone = zone
        _written(session, lumen, drawn, now)
        expected = _by_the_rule(session, now)
        assert {only: _whole_list(session, lumen, only, now) for only in expected} == expected
        raise _Undone

    with suppress(_Undone):
        lumen.database.transact(work, seconds=60)


def test_what_sql_cannot_tell_is_decided_exactly(lumen: World) -> None:
    """0.1 + 0.2 of the way is not 0.3 for a computer's own numbers."""
    lumen.cycle(date(2026, 10, 1), date(2026, 10, 10), "Ten days")
    now = at("2026-10-25 09:00") - timedelta(days=5)
    near: list[tuple[str, str, str]] = [
        ("0", "1", "0.9"), ("0", "1", "0.899999"), ("0", "3", "2.7"), ("0.1", "0.4", "0.37"),
        ("999999999999998", "999999999999999", "999999999999998.9"), ("1", "0", "0.1"), ("1", "0", "0.100001"),
    ]  # fmt: skip
    for start, target, value in near:
        number = lumen.key_result("U0ANA", "Growth", start=start, target=target)
        lumen.say("U0ANA", f"{number} ={value}", at("2026-10-09 09:00"))
    found = lumen.do(list_key_results, ListKeyResults(Actor(TEAM, "U0ANA"), only="at risk"), now, writes=False)
    assert [each.number for each in found.shown] == [2, 7]
