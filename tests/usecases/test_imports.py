"""A company's file becomes people, teams, objectives and check-ins: all of it or nothing, twice the same as once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from bot.store.session import Database
from bot.store.tables import (
    Base,
    Change,
    CheckIn,
    Contributor,
    Cycle,
    Delivery,
    KeyResult,
    Member,
    MemberRole,
    Membership,
    MilestoneStep,
    Objective,
    RecognitionEmoji,
    Submission,
    Team,
    TeamObserver,
    Workspace,
)
from bot.usecases.import_files import read_plan
from bot.usecases.import_plans import MOST_PROBLEMS, ImportPlan, ImportProblems
from bot.usecases.imports import IMPORT_SECONDS, ImportCommand, ImportResult, import_plan
from tests.databases import opened

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)

COMPANY = """\
workspace: {slack_id: T0LUMEN, name: Lumen}
people:
  - {key: mia, slack_id: U0MIA, name: Mia Berg, email: mia@lumen.example, zone: Europe/Berlin, roles: [champion]}
  - {key: raj, slack_id: U0RAJ, name: Raj Iyer, zone: Asia/Kolkata, locale: en-IN}
teams:
  - {key: growth, name: Growth, parent: company, lead: raj, channel: C0GROWTH, members: [mia, raj]}
  - {key: company, name: Lumen, level: company, lead: mia, channel: C0GENERAL, members: [mia]}
cycles:
  - {key: q4, name: Q4 2026, start: 2026-09-14, end: 2026-12-13}
objectives:
  - key: o-grow
    title: Twice as many schools read by our light
    why: |
      They asked.
      Often.
    team: growth
    cycle: q4
    supports: o-company
    key_results:
      - key: kr-wait
        title: Days from order to light
        start: 200
        target: 100
        unit: days
        owner: mia
        check_ins:
          - {at: "2026-09-28T10:00:00+02:00", value: 180.10, confidence: 6, note: "New rota", learned: Ask early}
          - {at: 2026-09-21T10:00:00+02:00, value: 190, confidence: 7}
      - {key: kr-schools, title: Schools, kind: metric, start: 0, target: 45k, unit: schools, weight: 2, owner: mia,
         check_ins: [{at: 2026-09-28T08:00:00+00:00, value: "1,200", learned: Ask early, needs: A van}]}
  - {key: o-company, title: Light where work begins, team: company, cycle: q4}
"""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as made:
        yield made


def carry_out(database: Database, text: str, *, dry_run: bool = False, now: datetime = NOW) -> ImportResult:
    plan = read_plan(text, "company.yaml")
    return database.transact(
        lambda session: import_plan(session, ImportCommand(plan, dry_run=dry_run), now), seconds=IMPORT_SECONDS
    )


def counts(result: ImportResult) -> dict[str, tuple[int, int, int]]:
    return {name: (each.made, each.changed, each.unchanged) for name, each in result.sections.items()}


def count(database: Database, *rows: type[Base]) -> list[int]:
    def work(session: Session) -> list[int]:
        return [session.scalar(select(func.count()).select_from(row)) or 0 for row in rows]

    return database.transact(work, writes=False)


def one(database: Database, row: type[Any], **where: object) -> Any:
    return database.transact(lambda session: session.scalars(select(row).filter_by(**where)).one())


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(ImportProblems) as refused:
        read_plan(text, "company.yaml")
    return refused.value.lines


def test_postgresqls_planner_knows_of_an_import_at_once(postgres_url: str) -> None:
    with opened(postgres_url) as database:
        carry_out(database, COMPANY, dry_run=True)
        carry_out(database, COMPANY)
        told = sql("SELECT relname, reltuples FROM pg_class WHERE relname IN ('objective', 'key_result', 'check_in')")
        known = database.transact(
            lambda session: {row.relname: row.reltuples for row in session.execute(told)}, writes=False
        )
        assert known == {"objective": 2, "key_result": 2, "check_in": 3}


def test_a_company_is_made_from_its_file(database: Database) -> None:
    result = carry_out(database, COMPANY)
    assert result.workspace == "Lumen"
    assert counts(result) == {
        "people": (2, 0, 0),
        "teams": (2, 0, 0),
        "cycles": (1, 0, 0),
        "objectives": (2, 0, 0),
        "key results": (2, 0, 0),
        "check-ins": (3, 0, 0),
    }
    mia, growth = one(database, Member, external_key="mia"), one(database, Team, external_key="growth")
    assert (mia.slack_id, mia.name, mia.zone) == ("U0MIA", "Mia Berg", "Europe/Berlin")
    assert one(database, MemberRole, member_id=mia.id).role == "champion"
    assert growth.parent_id == one(database, Team, external_key="company").id
    assert growth.lead_id == one(database, Member, external_key="raj").id
    assert count(database, Membership) == [3]
    first, second = one(database, Objective, number=1), one(database, Objective, number=2)
    assert first.why == "They asked.\nOften."
    assert first.parent_id == second.id
    assert [one(database, KeyResult, number=number).external_key for number in (1, 2)] == ["kr-wait", "kr-schools"]
    assert one(database, KeyResult, number=2).target == Decimal(45000)
    assert count(database, RecognitionEmoji)[0] > 0


def test_a_cycle_under_way_is_asked_about_from_its_beginning(database: Database) -> None:
    carry_out(database, COMPANY)
    assert one(database, Objective, number=1).created_at == datetime(2026, 9, 14, tzinfo=UTC)
    assert one(database, KeyResult, number=1).created_at == datetime(2026, 9, 14, tzinfo=UTC)


def test_what_one_person_said_at_one_instant_is_one_submission(database: Database) -> None:
    carry_out(database, COMPANY)
    later = one(database, Submission, submitted_at=datetime(2026, 9, 28, 8, tzinfo=UTC))
    assert (later.source, later.learned, later.needs) == ("import", "Ask early", "A van")
    assert count(database, Submission, CheckIn) == [2, 3]
    assert one(database, CheckIn, submission_id=later.id, value=Decimal(1200)).note is None


def test_each_check_in_knows_the_value_before_it_whatever_the_order_of_the_file(database: Database) -> None:
    carry_out(database, COMPANY)
    wait = one(database, KeyResult, external_key="kr-wait")
    assert one(database, CheckIn, key_result_id=wait.id, value=Decimal("180.1")).before == Decimal(190)
    assert one(database, CheckIn, key_result_id=wait.id, value=Decimal(190)).before == Decimal(200)


def test_importing_the_same_file_twice_changes_nothing(database: Database) -> None:
    carry_out(database, COMPANY)
    before = count(database, Change, CheckIn, Submission, Membership, MemberRole)
    result = carry_out(database, COMPANY, now=datetime(2026, 11, 2, tzinfo=UTC))
    assert not result.changed_anything
    assert counts(result)["check-ins"] == (0, 0, 3)
    assert count(database, Change, CheckIn, Submission, Membership, MemberRole) == before
    assert one(database, Workspace, slack_id="T0LUMEN").next_key_result == 3


def test_only_what_a_file_says_is_written_and_the_change_log_tells_it(database: Database) -> None:
    carry_out(database, COMPANY)
    result = carry_out(
        database,
        "objectives: [{key: o-grow, key_results: [{key: kr-wait, target: 90}]}]\n"
        "people: [{email: MIA@lumen.example, name: Mia B.}]",
    )
    assert counts(result)["key results"] == (0, 1, 0)
    assert counts(result)["objectives"] == (0, 0, 1)
    wait = one(database, KeyResult, external_key="kr-wait")
    assert (wait.start, wait.target, wait.unit) == (Decimal(200), Decimal(90), "days")
    told = one(database, Change, entity="key_result", action="changed by import")
    assert (told.before, told.after) == ({"target": "100"}, {"target": "90"})
    assert one(database, Member, external_key="mia").name == "Mia B."


def test_a_check_in_corrected_in_the_file_becomes_its_next_version(database: Database) -> None:
    carry_out(database, COMPANY)
    corrected = COMPANY.replace("value: 190", "value: 195")
    assert counts(carry_out(database, corrected))["check-ins"] == (0, 1, 2)
    wait = one(database, KeyResult, external_key="kr-wait")
    assert one(database, CheckIn, key_result_id=wait.id, version=2).value == Decimal(195)
    assert count(database, CheckIn) == [4]
    assert not carry_out(database, corrected).changed_anything


def test_a_check_in_added_later_builds_on_what_was_imported_before(database: Database) -> None:
    carry_out(database, COMPANY)
    carry_out(
        database,
        "objectives: [{key: o-grow, key_results: [{key: kr-wait, check_ins: "
        "[{at: 2026-10-04T10:00:00Z, value: 150, by: U0RAJ}]}]}]",
    )
    added = one(database, CheckIn, value=Decimal(150))
    assert added.before == Decimal("180.1")
    assert added.author_id == one(database, Member, external_key="raj").id


def test_a_team_and_a_cycle_made_in_slack_are_taken_over_by_name(database: Database) -> None:
    carry_out(database, "workspace: {slack_id: T0LUMEN, name: Lumen}")

    def made_in_slack(session: Session) -> None:
        workspace = session.scalars(select(Workspace)).one()
        session.add(Team(workspace_id=workspace.id, name="Lumen Inc.", level="company"))
        cycle = Cycle(workspace_id=workspace.id, name="q4 2026", starts_on=NOW.date(), ends_on=NOW.date())
        session.add(cycle)

    database.transact(made_in_slack)
    # The company stands second in this file: the first entry may not take the root's place.
    swapped = COMPANY.replace("  - {key: growth, name: Growth,", "  - {key: growth, name: Growth, level: team,")
    result = carry_out(database, swapped)
    assert counts(result)["teams"] == (1, 1, 0)
    assert counts(result)["cycles"] == (0, 1, 0)
    assert count(database, Team, Cycle) == [2, 1]


EVERY_KIND = """\
workspace: {slack_id: T0LUMEN, fiscal_start_month: 4, approval_needed: true, individual_objectives: true}
people:
  - {key: ivy, slack_id: U0IVY, name: Ivy, guest: true, deactivated_at: 2026-10-01T00:00:00Z}
  - {key: raj, roles: [{role: sponsor, since: 2026-01-01T00:00:00Z}]}
teams:
  - {key: growth, members_from: group, members_source: S0GROUP, observers: [ivy]}
  - {key: old, name: Old, parent: company, archived_at: 2026-09-01T00:00:00Z}
cycles:
  - {key: y27, name: 2027, start: 2027-01-01, end: 2027-12-31, drafts_from: 2026-12-01}
objectives:
  - key: o-kinds
    number: 40
    title: Every kind
    team: old
    cycle: q4
    owner: raj
    private: true
    draft: true
    approval_asked_at: 2026-10-02T00:00:00Z
    key_results:
      - {key: k-metric, number: 70, title: Metric, start: 10, target: 20, commit: 15, stretch: 30, delegate: raj,
         contributors: [mia, raj], owner: mia}
      - {key: k-above, title: Above, kind: stay_above, target: 99.5, unit: "%"}
      - {key: k-below, title: Below, kind: stay_below, start: 5, target: 5, dropped_at: 2026-10-03T00:00:00Z,
         drop_kind: postponed, drop_reason: Not now}
      - {key: k-steps, title: Steps, kind: milestones, milestones: [{name: Plan, share: 10}, {name: Done, share: 90}],
         owner: raj, check_ins: [{at: 2026-10-01T08:00:00Z, value: plan}]}
      - {key: k-yes, title: Permit, kind: yes_no, owner: raj, check_ins: [{at: 2026-10-01T08:00:00Z, value: yes}]}
      - {key: k-base, title: Baseline, kind: baseline, unit: dB, owner: raj}
"""


def test_every_kind_and_every_field_is_taken(database: Database) -> None:
    carry_out(database, COMPANY)
    carry_out(database, EVERY_KIND)
    workspace = one(database, Workspace)
    assert (workspace.fiscal_start_month, workspace.approval_needed, workspace.individual_objectives) == (4, True, True)
    assert (workspace.next_objective, workspace.next_key_result) == (41, 76)
    objective = one(database, Objective, number=40)
    assert (objective.private, objective.published_at) == (True, None)
    metric = one(database, KeyResult, number=70)
    assert (metric.commit_level, metric.stretch_level) == (Decimal(15), Decimal(30))
    assert count(database, Contributor, TeamObserver, MilestoneStep) == [2, 1, 2]
    assert one(database, KeyResult, external_key="k-below").drop_kind == "postponed"
    steps = one(database, KeyResult, external_key="k-steps")
    assert (steps.start, steps.target) == (Decimal(0), Decimal(2))
    assert one(database, CheckIn, key_result_id=steps.id).value == Decimal(1)
    assert one(database, CheckIn, key_result_id=one(database, KeyResult, external_key="k-yes").id).value == Decimal(1)
    assert one(database, KeyResult, external_key="k-base").target is None
    assert one(database, Team, external_key="growth").members_source == "S0GROUP"
    assert one(database, Member, external_key="ivy").deactivated_at == datetime(2026, 10, 1, tzinfo=UTC)
    assert not carry_out(database, EVERY_KIND).changed_anything
    with pytest.raises(ImportProblems) as refused:
        carry_out(
            database,
            "objectives: [{key: o-kinds, number: 41, key_results: [\n"
            "{key: k-metric, stretch: 19},\n"
            "{key: k-new, number: 1, title: New, kind: yes_no},\n"
            "{key: k-steps, check_ins: [{at: 2026-10-01T08:00:00Z, value: 3}]}]}]",
        )
    told = "\n".join(refused.value.lines)
    for words in ("this is O-40 and stays so", "Stretch lies beyond", "KR-1 exists already", "no value of this kind"):
        assert words in told


def test_who_may_agree_is_asked_about_what_waits_in_a_file(database: Database) -> None:
    carry_out(database, COMPANY)
    waits = (
        "objectives: [{key: o-new, title: Lend lamps, team: growth, cycle: q4, draft: true, created_by: mia,\n"
        "approval_asked_at: 2026-10-02T00:00:00Z}]"
    )
    carry_out(database, waits, dry_run=True)
    assert count(database, Delivery) == [0]
    carry_out(database, waits)
    assert one(database, Objective, external_key="o-new").approver_id == one(database, Member, external_key="raj").id
    assert one(database, Delivery, kind="agreement_asked").recipient == "U0RAJ"
    assert not carry_out(database, waits).changed_anything
    assert one(database, Delivery, kind="agreement_asked").recipient == "U0RAJ"


def test_a_dry_run_counts_and_keeps_nothing(database: Database) -> None:
    result = carry_out(database, COMPANY, dry_run=True)
    assert result.dry_run
    assert counts(result)["key results"] == (2, 0, 0)
    assert count(database, Workspace, Member, Team, Objective, KeyResult, CheckIn, Change) == [0] * 7


def test_one_bad_line_and_nothing_is_kept(database: Database) -> None:
    carry_out(database, "workspace: {slack_id: T0LUMEN, name: Lumen}")
    bad = COMPANY.replace("workspace: {slack_id: T0LUMEN, name: Lumen}\n", "\n").replace(
        "owner: mia,\n", "owner: mai,\n"
    )
    with pytest.raises(ImportProblems) as refused:
        carry_out(database, bad)
    assert refused.value.lines == ("line 29: no person is called “mai” (did you mean mia?)",)
    assert count(database, Member, Team, Cycle, Objective, KeyResult, CheckIn) == [0] * 6


def test_a_check_in_of_the_future_is_refused(database: Database) -> None:
    with pytest.raises(ImportProblems, match="2 problems") as refused:
        carry_out(database, COMPANY, now=datetime(2026, 9, 25, tzinfo=UTC))
    assert all("lies in the future" in line for line in refused.value.lines)


def test_a_database_without_a_workspace_asks_for_one(database: Database) -> None:
    with pytest.raises(ImportProblems) as refused:
        carry_out(database, "cycles: [{key: q4, name: Q4, start: 2026-09-14, end: 2026-12-13}]")
    assert "workspace: {slack_id: T…, name: …}" in refused.value.lines[0]


def test_everything_only_the_database_knows_is_listed_at_once(database: Database) -> None:
    carry_out(database, COMPANY)
    with pytest.raises(ImportProblems) as refused:
        carry_out(
            database,
            "people:\n"
            "  - {key: zoe, name: Zoe}\n"
            "  - {slack_id: U0RAJ, key: mia}\n"
            "teams:\n"
            "  - {key: extra, name: Extra}\n"
            "  - {key: company, parent: growth}\n"
            "objectives:\n"
            "  - {key: o-grow, key_results: [{key: kr-wait, target: 200}]}\n"
            "  - {key: o-company, supports: o-grow}\n"
            "  - {key: o-new, title: New, team: growht, cycle: q4}\n"
            "  - {key: o-newer, team: growth}\n",
        )
    told = [line.partition(": ") for line in refused.value.lines]
    assert [line for line, _, _ in told] == [f"line {number}" for number in (2, 3, 5, 6, 8, 9, 10, 11)]
    for (_, _, reason), words in zip(
        told,
        [
            "new and needs slack_id",
            "belongs to Mia Berg",
            "needs parent",
            "its own parent",
            "Start and target are the same",
            "support itself",
            "did you mean growth",
            "needs title: … and cycle: …",
        ],
        strict=True,
    ):
        assert words in reason


BOMB = (
    "objectives:\n"
    f"- key: &c [{', '.join(['{at: x}'] * 99)}]\n"
    f"- key: &d [{', '.join(['*c'] * 99)}]\n"
    f"- key_results: [{', '.join(['*d'] * 99)}]\n"
)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("[1, 2]", 1, "section with names"),
        ("people: {\n", 2, "not YAML"),
        ("people:\n# Zoë\n- {key: a\x00}", 3, "U+0000 may not stand"),
        ("people:\n- {key: a, name: !!python/object/apply:os.system [ls]}", 2, "a text"),
        ("objectives:\n- {key: o, titel: One}", 2, "in an objective (did you mean title?)"),
        ("peeple: []", 1, "did you mean people?"),
        ("people: []\npeople: []", 2, "twice"),
        ("people: mia", 1, "a list"),
        ("people:\n- mia", 2, "a person with names and values"),
        ("people:\n- {name: Mia}", 2, "slack_id, an email or a key"),
        ("people:\n- {key: a, slackid: U1}", 2, "did you mean slack_id?"),
        ("people:\n- {key: a, slack_id: mia}", 2, "not an id of Slack"),
        ("people:\n- {key: a, zone: Europe/Belrin}", 2, "time zone"),
        ("people:\n- {key: a, zone: ../../etc}", 2, "time zone"),
        ("people:\n- {key: a, roles: [boss]}", 2, "champion, sponsor"),
        ("people:\n- {key: a}\n- {key: a}", 3, "in line 2 already"),
        ("people:\n- {slack_id: U1}\n- {slack_id: U1}", 3, "in line 2 already"),
        ("teams:\n- {name: Growth}", 2, "key of its own"),
        ("teams:\n- {key: [a]}", 2, "a text"),
        ("teams:\n- {key: a, level: squad}", 2, "company, department, team"),
        ("teams:\n- {key: a, name: ' '}", 2, "empty"),
        (f"teams:\n- {{key: a, name: {'x' * 81}}}", 2, "too long"),
        ("teams:\n- {key: a, parent: b}\n- {key: b, parent: a}", 3, "its own parent"),
        ("teams:\n- {key: a, parent: a}", 2, "a → a"),
        ("cycles:\n- {key: q, start: soon}", 2, "not a day"),
        ("cycles:\n- {key: q, start: 0001-01-01}", 2, "too far away"),
        ("cycles:\n- {key: q, start: 2026-12-13, end: 2026-09-14}", 2, "before it starts"),
        ("objectives:\n- {key: o, title: ''}", 2, "empty"),
        ("objectives:\n- {key: o, supports: o}", 2, "supported by itself"),
        ("objectives:\n- key: o\n  key_results:\n  - {key: k, start: 1, target: 1.0}", 4, "Start and target"),
        ("objectives:\n- key: o\n  key_results:\n  - {key: k, weight: -1}", 4, "below 0"),
        ("objectives:\n- key: o\n  key_results:\n  - {key: k, weight: 0}", 2, "All weights are 0"),
        ("objectives:\n- key: o\n  key_results:\n  - {key: k, start: a lot}", 4, "start: "),
        ("objectives:\n- key: o\n  key_results:\n  - {key: k, start: 1e99}", 4, "beyond"),
        ("objectives:\n- key: o\n  key_results:\n  - {key: k, start: .nan}", 4, "start: "),
        ("objectives:\n- key: o\n  key_results:\n  - {key: k, kind: metrik}", 4, "did you mean metric?"),
        ("objectives:\n- key: o\n  key_results:\n  - {key: k, kind: baseline, target: 3}", 4, "Baseline has none"),
        ("objectives:\n- {key: o, key_results: [{key: k}]}\n- {key: p, key_results: [{key: k}]}", 3, "already"),
        ("objectives: " + "[" * 100_000, 1, "nested too deeply"),
        (BOMB, 4, "too much is repeated by *"),
        ("people: &p [*p]", 1, "a person with names and values"),
    ],
)
def test_a_wrong_file_says_where_and_why(text: str, line: int, words: str) -> None:
    told = problems_of(text)
    assert len(told) == 1, told
    assert told[0].startswith(f"line {line}: "), told
    assert words in told[0]


CHECK_IN = (
    "objectives:\n- key: o\n  cycle: q\n  key_results:\n  - key: k\n    unit: '%'\n    check_ins:\n    - {{{}}}\n"
)


def test_no_more_than_a_thousand_problems_are_told_however_long_the_file_is() -> None:
    people = "".join(f"- {{key: person-{number}}}\n" for number in range(100))
    teams = "".join(f"- {{key: t{number}, lead: persn-{number}, level: squad}}\n" for number in range(1_100))
    with pytest.raises(ImportProblems) as refused:
        read_plan(f"people:\n{people}teams:\n{teams}", "lumen.yaml")
    assert len(refused.value.problems) == MOST_PROBLEMS
    assert refused.value.more
    assert str(refused.value).startswith("More than 1,000 problems in lumen.yaml, so nothing was imported.")


def test_two_of_one_name_are_refused_as_the_forms_in_slack_refuse_them(database: Database) -> None:
    carry_out(database, COMPANY)
    with pytest.raises(ImportProblems) as refused:
        carry_out(
            database,
            "teams:\n"
            "  - {key: sales, name: Sales, parent: growth}\n"
            "  - {key: company-sales, name: Sales, parent: company}\n"
            "  - {key: more-sales, name: SALES, parent: growth}\n"
            "cycles:\n"
            "  - {key: again, name: q4 2026, start: 2026-09-14, end: 2026-12-13}\n"
            "  - {key: old, name: Q4 2026, start: 2026-09-14, end: 2026-12-13, archived_at: 2026-09-20T09:00:00Z}\n",
        )
    assert refused.value.lines == (
        "line 4: there is a team called “SALES” already; choose another name",
        "line 6: there is a cycle called “q4 2026” already; choose another name",
    )


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("value: 3", "needs at"),
        ("at: 2026-09-21T10:00:00Z", "needs value"),
        ("at: 2026-09-21T10:00:00, value: 3", "names no zone"),
        ("at: Monday, value: 3", "not a point in time"),
        ("at: 2026-09-21T10:00:00Z, value: '3 of 4'", "value: "),
        ("at: 2026-09-21T10:00:00Z, value: 3, confidence: 11", "from 0 to 10"),
        ("at: 2026-09-21T10:00:00Z, value: 3, confidence: 7.5", "from 0 to 10"),
        ("at: 2026-09-21T10:00:00Z, value: 3, note: [a]", "a text"),
    ],
)
def test_a_wrong_check_in_says_why(written: str, words: str) -> None:
    told = [line for line in problems_of(CHECK_IN.format(written)) if "no cycle in this file" not in line]
    assert len(told) == 1
    assert told[0].startswith("line 8: ")
    assert words in told[0]


def test_a_check_in_outside_its_cycle_is_refused_by_the_day_it_was_written_with() -> None:
    cycle = "cycles:\n- {key: q, name: Q, start: 2026-09-14, end: 2026-12-13}\n"
    assert read_plan(cycle + CHECK_IN.format("at: 2026-12-13T23:59:00-11:00, value: 70%"), "f").objectives
    told = problems_of(cycle + CHECK_IN.format("at: 2026-12-14T00:00:00+14:00, value: 3"))
    assert len(told) == 1
    assert "outside its cycle, which runs from 2026-09-14 to 2026-12-13" in told[0]


def test_all_problems_of_a_file_are_listed_in_its_order_with_slips_in_references() -> None:
    told = problems_of(
        "people:\n- {key: mia, zone: Nowhere}\n"
        "teams:\n- {key: growth, lead: maia}\n"
        "objectives:\n- {key: o, team: grwoth, titel: x}\n"
    )
    assert [line.partition(":")[0] for line in told] == ["line 2", "line 4", "line 6", "line 6"]
    assert "did you mean mia?" in told[1]
    assert any("did you mean growth?" in line for line in told[2:])
    assert any("did you mean title?" in line for line in told[2:])


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("123456789012345.123456", "123456789012345.123456"),
        ("0.1", "0.1"),
        ("1e3", "1000"),
        ("45k", "45000"),
        ("'€3,500.50'", "3500.5"),
        ("-2", "-2"),
        ("+7", "7"),
    ],
)
def test_numbers_lose_no_digit(written: str, value: str) -> None:
    text = f"objectives: [{{key: o, key_results: [{{key: k, start: {written}, target: 99}}]}}]"
    assert read_plan(text, "f").objectives[0].key_results[0].start == Decimal(value)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_whatever_breaks_the_reading(document: str, title: str) -> None:
    for text in (
        document,
        f"objectives: [{{key: o, title: {title}}}]",
        f"teams:\n  - key: {title}\n    name: {document}",
    ):
        outcome = outcome_of(text)
        assert isinstance(outcome, ImportPlan) or (outcome and all(line.startswith("line ") for line in outcome))


def outcome_of(text: str) -> ImportPlan | tuple[str, ...]:
    try:
        return read_plan(text, "any.yaml")
    except ImportProblems as refused:
        return refused.lines


@pytest.mark.parametrize(
    "title", ["<!channel> & <b>", "”); DROP TABLE objective; --", "مرحبا بالعالم", "🚀" * 40, "a\u202eb", "{{ 7 * 7 }}"]
)
def test_hostile_texts_are_kept_as_they_are(database: Database, title: str) -> None:
    quoted = title.replace("'", "''")
    carry_out(database, COMPANY.replace("title: Light where work begins", f"title: '{quoted}'"))
    assert one(database, Objective, external_key="o-company").title == title


def test_what_no_database_takes_is_left_out(database: Database) -> None:
    carry_out(database, COMPANY.replace("title: Light where work begins", r'title: "a\0b"'))
    assert one(database, Objective, external_key="o-company").title == "ab"
    assert outcome_of(r'objectives: [{key: o, title: "a\uD800b"}]')


def large(key_results: int) -> str:
    lines = [COMPANY, "  - key: o-large\n    title: Large\n    team: growth\n    cycle: q4\n    key_results:"]
    lines += [
        f"      - {{key: large-{number}, title: Number {number}, start: 0, target: 10, owner: mia, check_ins: "
        f"[{{at: 2026-09-21T10:00:00Z, value: 1}}, {{at: 2026-09-28T10:00:00Z, value: 2.5, note: On}}]}}"
        for number in range(key_results)
    ]
    return "\n".join(lines)


class Statements:
    """Counts what an engine sends to its database, inside of the block."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        self._listening = (engine, "before_cursor_execute", self._one_more)

    def __enter__(self) -> Self:
        event.listen(*self._listening)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(*self._listening)

    def _one_more(self, *_: object) -> None:
        self.count += 1


@pytest.mark.slow
def test_two_thousand_key_results_take_a_bounded_number_of_statements(database: Database) -> None:
    with Statements(database.engine) as first:
        carry_out(database, large(2000))
    assert first.count < 80
    assert count(database, KeyResult, CheckIn) == [2002, 4003]
    with Statements(database.engine) as second:
        assert not carry_out(database, large(2000)).changed_anything
    assert second.count < 30
