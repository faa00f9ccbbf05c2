"""The sample company holds what the demo promises, whichever Monday it starts at."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.demo import prepare
from bot.okr.facts import MyWeek, Prompt
from bot.okr.status import Freshness, Status
from bot.okr.zones import instant_of
from bot.sample import company_file, cycle_after, cycle_around, opener_zone, workspace_file
from bot.store.session import Database, Session
from bot.store.tables import Delivery, Member, Round, Team, Workspace
from bot.usecases.actors import Actor, acting
from bot.usecases.import_files import read_plan
from bot.usecases.imports import ImportCommand, import_plan
from bot.usecases.outgoing import KINDS
from bot.usecases.prompting import make_prompts
from bot.usecases.rounds import TickCommand, open_rounds
from bot.usecases.standings import mine
from bot.usecases.weeks import ShowMyWeek, my_week

MONDAY = date(2026, 11, 16)
NOOR = Actor("T0TIDEWELL", "U0NOOR")


def nine_oh_five(monday: date) -> datetime:
    return instant_of(monday, time(9, 5), opener_zone())


@pytest.fixture
def database(database_url: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.chdir(str(tmp_path))
    assert prepare(database_url, nine_oh_five(MONDAY))
    made = Database(database_url)
    yield made
    made.dispose()


def beat(session: Session, now: datetime) -> None:
    command = TickCommand(session.scalars(select(Workspace.id)).one())
    open_rounds(session, command, now)
    make_prompts(session, command, now)


def test_five_key_results_are_due_for_the_person_the_page_opens_as(database: Database) -> None:
    now = nine_oh_five(MONDAY)

    def work(session: Session) -> tuple[object, object]:
        beat(session, now)
        delivery = session.scalars(select(Delivery).where(Delivery.recipient == NOOR.user)).one()
        return KINDS["prompt"].prepare(session, delivery, now), my_week(session, ShowMyWeek(NOOR), now)

    outgoing, week = database.transact(work, seconds=60)
    facts = getattr(outgoing, "facts", None)
    assert isinstance(facts, Prompt)
    assert len(facts.due) == 5
    assert isinstance(week, MyWeek)
    assert (len(week.due), week.others) == (5, ())


def test_who_lives_further_east_was_asked_before_and_further_west_comes_later(database: Database) -> None:
    def recipients(session: Session) -> set[str]:
        beat(session, nine_oh_five(MONDAY))
        return set(session.scalars(select(Delivery.recipient).where(Delivery.kind == "prompt")))

    asked = database.transact(recipients, seconds=60)
    assert {"U0KIRI", "U0PRIYA", "U0NOOR"} <= asked
    assert not {"U0GRACE", "U0LUCIA", "U0MATEUS", "U0RUBEN"} & asked


def test_the_round_closes_at_friday_noon_of_the_person_the_page_opens_as(database: Database) -> None:
    def work(session: Session) -> datetime:
        beat(session, nine_oh_five(MONDAY))
        closing = select(Round.closes_at).join(Team, Team.id == Round.team_id).where(Team.name == "Skipper App")
        return session.scalars(closing).one()

    friday_noon = datetime.combine(MONDAY + timedelta(days=4), time(12), opener_zone())
    assert database.transact(work, seconds=60) == friday_noon


def test_the_member_is_no_lead_and_her_lead_shares_her_channel(database: Database) -> None:
    def work(session: Session) -> tuple[list[str], str | None]:
        leads = list(session.scalars(select(Member.slack_id).join(Team, Team.lead_id == Member.id)))
        return leads, session.scalars(select(Team.channel).where(Team.name == "Skipper App")).one()

    leads, channel = database.transact(work)
    assert NOOR.user not in leads
    assert "U0DANIEL" in leads
    shown = {each["id"]: each for each in yaml.safe_load(workspace_file())["channels"]}
    assert {"noor", "daniel"} <= set(shown[channel or ""]["members"])


def test_most_is_on_track_some_is_at_risk_and_one_is_stale(database: Database) -> None:
    def work(session: Session) -> list[tuple[Status, Freshness]]:
        now = nine_oh_five(MONDAY)
        people = session.scalars(select(Member.slack_id)).all()
        placed = [each for who in people for each in mine(session, acting(session, Actor("T0TIDEWELL", who)), now)]
        return [(each.standing.status, each.standing.freshness) for each in placed]

    stands = database.transact(work, seconds=60)
    statuses = Counter(status for status, _ in stands)
    assert len(stands) >= 22
    assert statuses[Status.ON_TRACK] > len(stands) / 2
    assert statuses[Status.AT_RISK] >= 4
    assert statuses[Status.OFF_TRACK] >= 1
    assert Counter(fresh for _, fresh in stands) == {Freshness.FRESH: len(stands) - 1, Freshness.HOLLOW: 1}


def test_importing_the_sample_again_changes_nothing(database: Database) -> None:
    plan = read_plan(company_file(MONDAY), "company.yaml")
    now = nine_oh_five(MONDAY) + timedelta(hours=1)
    again = database.transact(lambda session: import_plan(session, ImportCommand(plan), now), seconds=60)
    assert not again.changed_anything


def test_a_second_start_leaves_the_data_alone(database: Database, database_url: str) -> None:
    def rename(session: Session) -> None:
        session.scalars(select(Team).where(Team.name == "Forecast")).one().name = "Weather"

    database.transact(rename)
    assert not prepare(database_url, nine_oh_five(MONDAY) + timedelta(weeks=3))
    assert database.transact(lambda session: session.scalar(select(Team.id).where(Team.name == "Weather"))) is not None


@settings(max_examples=25)
@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_the_sample_can_be_read_from_any_monday(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    plan = read_plan(company_file(monday), "company.yaml")
    cycle = plan.cycles[0]
    assert cycle.start == monday - timedelta(weeks=10)
    assert cycle.end is not None
    assert (cycle.end - monday).days == 20
    following = plan.cycles[1]
    assert following.start == cycle.end + timedelta(days=1)
    assert following.end == cycle.end + timedelta(weeks=13)
    assert following.name != cycle.name
    said = [
        entry.at.astimezone(UTC)
        for each in plan.objectives
        for key_result in each.key_results
        for entry in key_result.check_ins
    ]
    assert max(said) < nine_oh_five(monday)
    assert min(said) > nine_oh_five(monday) - timedelta(weeks=10)


def test_the_cycle_is_named_after_the_quarter_it_mostly_lies_in() -> None:
    assert cycle_around(date(2026, 11, 16)).name == "Q4 2026"
    assert cycle_around(date(2027, 1, 11)).name == "Q4 2026"
    assert cycle_after(cycle_around(date(2026, 11, 16))).name == "Q1 2027"


def test_two_cycles_in_a_row_never_bear_the_same_name() -> None:
    # The middle of both lies in the third quarter, which is a day longer than thirteen weeks.
    cycle = cycle_around(date(2027, 7, 26))
    assert (cycle.name, cycle_after(cycle).name) == ("Q3 2027", "Q4 2027")


def test_the_local_slack_and_the_company_know_the_same_people() -> None:
    seed = yaml.safe_load(workspace_file())
    plan = read_plan(company_file(MONDAY), "company.yaml")
    assert {person["id"] for person in seed["people"]} == {person.slack_id for person in plan.people}
    assert plan.workspace is not None
    assert plan.workspace.slack_id == seed["workspace"]["id"]
    with_bot = {channel["id"] for channel in seed["channels"] if channel.get("bot")}
    assert {team.channel for team in plan.teams} == with_bot
    assert len({person["tz"] for person in seed["people"]}) >= 8
