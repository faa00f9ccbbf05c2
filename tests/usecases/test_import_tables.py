"""A table of check-ins becomes check-ins: read row by row, all of it or nothing, twice the same as once."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store import staged_check_ins
from bot.store.session import Database
from bot.store.tables import CheckIn, KeyResult, Member, Submission
from bot.usecases import import_tables
from bot.usecases.check_in_table import CheckInRow, CheckInTable, WrongTable
from bot.usecases.import_files import read_plan
from bot.usecases.import_plans import ImportProblems, Problem
from bot.usecases.import_tables import TableOfCheckIns
from bot.usecases.imports import ImportCommand, ImportResult, import_plan
from bot.usecases.spreadsheets import plain_cell, safe_cell
from tests.databases import opened

NOW = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)

COMPANY = """\
workspace: {slack_id: T0LUMEN, name: Lumen}
people:
  - {key: mia, slack_id: U0MIA, name: Mia Berg, email: mia@lumen.example}
  - {key: raj, slack_id: U0RAJ, name: Raj Iyer}
teams:
  - {key: company, name: Lumen, level: company}
cycles:
  - {key: q4, name: Q4 2026, start: 2026-10-01, end: 2026-12-31}
objectives:
  - key: o-grow
    title: Light everywhere
    team: company
    cycle: q4
    key_results:
      - {key: kr-wait, title: Days to light, start: 200, target: 100, unit: days, owner: mia}
      - {key: kr-permit, title: The permit, kind: yes_no, owner: raj}
      - {key: kr-launch, title: Launch, kind: milestones, milestones: [Plan, {name: Beta, share: 3}], owner: mia}
      - {key: kr-errors, title: Errors, kind: stay_below, target: 5, unit: "%"}
      - {key: kr-noise, title: Noise, kind: baseline, unit: dB, owner: raj}
"""
HEAD = "key,key_result,by,at,value,confidence,note,learned,needs\n"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url) as made:
        yield made


@pytest.fixture
def lumen(database: Database) -> Database:
    carry_out(database, None)
    return database


def carry_out(database: Database, table: Path | None, *, dry_run: bool = False, now: datetime = NOW) -> ImportResult:
    plan = read_plan(COMPANY if table is None else "workspace: {slack_id: T0LUMEN}", "company.yaml")
    command = ImportCommand(plan, dry_run, None if table is None else TableOfCheckIns(table))
    return database.transact(lambda session: import_plan(session, command, now), seconds=60)


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        file = tmp_path / "check-ins.csv"
        file.write_bytes(text.encode())
        return file

    return written


def kept(database: Database) -> list[tuple[str | None, str | None, int, Decimal | None, Decimal | None, bool]]:
    """Key, key result, version, value, before, unchanged: in the order of dates."""

    def work(session: Session) -> list[tuple[str | None, str | None, int, Decimal | None, Decimal | None, bool]]:
        rows = session.execute(
            select(Submission.external_key, KeyResult.external_key, CheckIn.version, CheckIn.value, CheckIn.before,
                   CheckIn.unchanged)
            .join(Submission, Submission.id == CheckIn.submission_id)
            .join(KeyResult, KeyResult.id == CheckIn.key_result_id)
            .order_by(CheckIn.as_of, CheckIn.id)
        )  # fmt: skip
        return [(*row,) for row in rows]

    return database.transact(work, writes=False)


def counts(result: ImportResult) -> tuple[int, int, int]:
    each = result.sections["check-ins"]
    return each.made, each.changed, each.unchanged


WEEK = (
    HEAD
    + 'c2,kr-wait,,2026-10-12T10:00:00+02:00,180.5,6,"New rota,\nat last",Ask early,\n'
    + "c1,kr-wait,U0MIA,2026-10-05T10:00:00+02:00,190,7,,,\n"
    + "c2,KR-3,mia,2026-10-12T10:00:00+02:00,Beta,,,,\n"
    + "c3,kr-permit,raj,2026-10-05T08:00:00Z,yes,,,,A stamp\n"
    + "c4,kr-errors,MIA@lumen.example,2026-10-05T08:00:00Z,3%,,,,\n"
    + "c5,kr-wait,raj,2026-10-13T08:00:00Z,180.50,,,,\n"
)


def test_a_table_is_kept_whatever_its_order_with_the_value_before(
    lumen: Database, table: Callable[[str], Path]
) -> None:
    assert counts(carry_out(lumen, table(WEEK))) == (6, 0, 0)
    assert kept(lumen) == [
        ("c1", "kr-wait", 1, Decimal(190), Decimal(200), False),
        ("c3", "kr-permit", 1, Decimal(1), Decimal(0), False),
        ("c4", "kr-errors", 1, Decimal(3), None, False),
        ("c2", "kr-wait", 1, Decimal("180.5"), Decimal(190), False),
        ("c2", "kr-launch", 1, Decimal(2), Decimal(0), False),
        ("c5", "kr-wait", 1, Decimal("180.5"), Decimal("180.5"), True),
    ]

    def told(session: Session) -> None:
        told = session.scalars(select(Submission).where(Submission.external_key == "c2")).one()
        assert (told.learned, told.needs, told.source) == ("Ask early", None, "import")
        assert session.get_one(Member, told.member_id).slack_id == "U0MIA"
        assert session.scalars(select(CheckIn.note).where(CheckIn.confidence == 6)).one() == "New rota,\nat last"

    lumen.transact(told, writes=False)


def test_the_same_table_again_changes_nothing_and_a_corrected_one_adds_versions(
    lumen: Database, table: Callable[[str], Path]
) -> None:
    carry_out(lumen, table(WEEK))
    assert not carry_out(lumen, table(WEEK)).changed_anything
    corrected = table(WEEK.replace("190,7", "195,7").replace("Ask early", "Ask earlier"))
    assert counts(carry_out(lumen, corrected)) == (0, 1, 5)
    assert ("c1", "kr-wait", 2, Decimal(195), Decimal(200), False) in kept(lumen)
    assert not carry_out(lumen, corrected).changed_anything
    # What was said before is known too: an old copy of the table does not turn a correction back.
    assert not carry_out(lumen, table(WEEK)).changed_anything
    later = table(HEAD + "c9,kr-wait,,2026-10-05T12:00:00Z,194,,,,\n")
    assert counts(carry_out(lumen, later)) == (1, 0, 0)
    assert ("c9", "kr-wait", 1, Decimal(194), Decimal(195), False) in kept(lumen)


def test_a_dry_run_counts_and_keeps_nothing(lumen: Database, table: Callable[[str], Path]) -> None:
    result = carry_out(lumen, table(WEEK), dry_run=True)
    assert result.dry_run
    assert counts(result) == (6, 0, 0)
    assert kept(lumen) == []
    assert counts(carry_out(lumen, table(WEEK))) == (6, 0, 0)


WRONG = [
    ("c1,kr-wiat,mia,2026-10-05T10:00:00Z,1,,,,", "no key result is called “kr-wiat” (did you mean kr-wait?)"),
    ("c1,kr-wait,mai,2026-10-05T10:00:00Z,1,,,,", "no person is called “mai” (did you mean mia?)"),
    ("c1,kr-errors,,2026-10-05T10:00:00Z,1,,,,", "nobody owns this key result, so this check-in needs by"),
    ("c1,kr-wait,mia,2026-10-05T10:00:00,1,,,,", "at: “2026-10-05T10:00:00” names no zone"),
    ("c1,kr-wait,mia,2026-11-05T10:00:00Z,1,,,,", "lies in the future"),
    ("c1,kr-wait,mia,2026-09-05T10:00:00Z,1,,,,", "lies outside its cycle, which runs from 2026-10-01"),
    ("c1,kr-wait,mia,2026-10-05T10:00:00Z,much,,,,", "value: "),
    ("c1,kr-permit,mia,2026-10-05T10:00:00Z,2,,,,", "as yes or no"),
    ("c1,kr-launch,mia,2026-10-05T10:00:00Z,3,,,,", "among the milestones"),
    ("c1,kr-wait,mia,2026-10-05T10:00:00Z,1,11,,,", "confidence: “11” is not a confidence"),
    ("c1,kr-wait,mia,2026-10-05T10:00:00Z,,,,,", "this row needs value"),
    (",kr-wait,mia,2026-10-05T10:00:00Z,1,,,,", "this row needs key"),
    ("c1,kr-wait,mia,2026-10-05T10:00:00Z,1", "this row has 5 cells, the first line names 9 columns"),
]


def test_every_wrong_row_is_told_with_its_line_and_nothing_is_kept(
    lumen: Database, table: Callable[[str], Path]
) -> None:
    good = 'c0,kr-wait,mia,2026-10-05T09:00:00Z,1,,"one\r\ntwo",,\r\n'
    with pytest.raises(ImportProblems) as refused:
        carry_out(lumen, table(HEAD + good + "".join(f"{row}\n" for row, _ in WRONG)))
    told = refused.value.lines
    assert len(told) == len(WRONG)
    for line, (each, (_, words)) in enumerate(zip(told, WRONG, strict=True), 4):
        assert each.startswith(f"check-ins.csv, line {line}: "), each
        assert words in each
    assert kept(lumen) == []


def test_a_row_about_an_entry_with_a_problem_needs_no_problem_of_its_own(
    database: Database, table: Callable[[str], Path]
) -> None:
    wrong = read_plan(COMPANY.replace("start: 200, target: 100", "weight: 1"), "company.yaml")
    rows = "a,kr-wait,mia,2026-10-05T10:00:00Z,1,,,,\nb,kr-nowhere,mia,2026-10-05T10:00:00Z,1,,,,\n"
    command = ImportCommand(wrong, table=TableOfCheckIns(table(HEAD + rows)))
    with pytest.raises(ImportProblems) as refused:
        database.transact(lambda session: import_plan(session, command, NOW), seconds=60)
    assert [line.partition(": ")[0] for line in refused.value.lines] == [
        "check-ins.csv, line 3",
        "company.yaml, line 15",
    ]
    assert str(refused.value).startswith("2 problems in company.yaml and check-ins.csv")


def test_rows_that_contradict_each_other_are_told(lumen: Database, table: Callable[[str], Path]) -> None:
    carry_out(lumen, table(WEEK))
    with pytest.raises(ImportProblems) as refused:
        carry_out(
            lumen,
            table(
                HEAD
                + "a,kr-wait,mia,2026-10-05T10:00:00Z,1,,,One,\n"
                + "a,kr-wait,mia,2026-10-06T10:00:00Z,2,,,Two,\n"
                + "b,kr-wait,mia,2026-10-06T10:00:00Z,2,,,,\n"
                + "b,kr-noise,raj,2026-10-06T10:00:00Z,2,,,,\n"
                + "c3,kr-wait,mia,2026-10-06T10:00:00Z,2,,,,\n"
            ),
        )
    assert refused.value.lines == (
        "check-ins.csv, line 3: line 2 has the key “a” for the same key result already",
        "check-ins.csv, line 3: what was learned differs from line 2, which has the same key “a”",
        "check-ins.csv, line 5: line 4 has the key “b” and is somebody else's",
        "check-ins.csv, line 6: the key “c3” is that of a check-in of Raj Iyer",
    )
    assert len(kept(lumen)) == 6


@pytest.mark.parametrize("many", [0, 1, 2, 3, 4])
def test_a_table_of_any_length_is_kept(
    sqlite_url: str, table: Callable[[str], Path], many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_tables, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(staged_check_ins, "BATCH", 3)
    rows = [f"c{number},kr-wait,,2026-10-0{number + 2}T10:00:00Z,{number},,,,\n" for number in range(many)]
    with opened(sqlite_url) as database:
        carry_out(database, None)
        assert counts(carry_out(database, table(HEAD + "".join(rows)))) == (many, 0, 0)
        assert len(kept(database)) == many


@pytest.mark.parametrize("separator", [";", "\t"])
def test_what_a_spreadsheet_saves_is_read(lumen: Database, table: Callable[[str], Path], separator: str) -> None:
    text = HEAD + "c1,kr-wait,mia,2026-10-05T10:00:00Z,190,,,,\n,,,,,,,,\n"
    saved = "\ufeff" + text.replace(",", separator).replace("\n", "\r\n")
    assert counts(carry_out(lumen, table(saved))) == (1, 0, 0)


def rows_of(data: bytes) -> list[CheckInRow | Problem]:
    return list(CheckInTable(BytesIO(data)))


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 1, "the table is empty"),
        (b"key,key_result,at\n", 1, "lacks the column value"),
        (b"key,key_result,at,value,version\n", 1, "lacks the column by, recorded_at, before"),
        (b"key,key_result,at,value,notes\n", 1, "did you mean note?"),
        (b"key,key,at,value\n", 1, "stands here twice"),
        (b"\xff\xfek\x00", 1, "UTF-16"),
        (b"key,key_result,at,value\na,b,\xff,d\n", 2, "not UTF-8"),
        (b'key,key_result,at,value\na,b,c,d\n"a,b,c,d\n', 3, "never ends"),
        (b'key,key_result,at,value\na,b,c,"d"e\n', 2, "quotation marks here do not match"),
        (b"key,key_result,at,value\na,b,c,d\re,f,g,h\n", 2, "carriage return"),
        (b"key,key_result,at,value\n" + b"x" * 1_000_001, 2, "longer than"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(data: bytes, line: int, words: str) -> None:
    with pytest.raises(WrongTable) as refused:
        rows_of(data)
    assert refused.value.problem.line == line
    assert words in refused.value.problem.reason


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reading(data: bytes) -> None:
    for each in (data, b"key,key_result,at,value\n" + data):
        with suppress(WrongTable):
            assert all(isinstance(row, CheckInRow | Problem) for row in rows_of(each))


FORMULAS = st.text(alphabet=st.sampled_from("=+-@'\"\t\r\n,;| ax1＝"), max_size=12)


@given(st.text(max_size=40) | FORMULAS)
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text


@given(FORMULAS, st.sampled_from(",;\t|"))
def test_no_cell_is_a_formula_however_the_line_is_split(text: str, separator: str) -> None:
    for line in safe_cell(text).splitlines():
        for cell in line.split(separator):
            assert cell.lstrip('" ')[:1] not in {"=", "+", "-", "@", "＝"}


@pytest.mark.parametrize("text", ["'tis", "", "plain", "5", "a=b", "x-y", "mia@lumen.example"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text == plain_cell(text)


def test_a_row_without_a_key_result_is_a_learning_alone(lumen: Database, table: Callable[[str], Path]) -> None:
    result = carry_out(lumen, table(HEAD + "s,,mia,2026-10-05T10:00:00Z,,,,Ask early,\n"))
    assert counts(result) == (0, 0, 0)
    found = lumen.transact(lambda session: session.scalars(select(Submission.learned)).all(), writes=False)
    assert found == ["Ask early"]
    assert NOW - timedelta(days=1) > datetime(2026, 10, 5, tzinfo=UTC)


def test_only_so_many_problems_are_listed(lumen: Database, table: Callable[[str], Path]) -> None:
    with pytest.raises(ImportProblems) as refused:
        carry_out(lumen, table(HEAD + "c,nowhere,mia,2026-10-05T10:00:00Z,1,,,,\n" * 1500))
    assert len(refused.value.lines) == 1000
    assert str(refused.value).startswith("More than 1,000 problems in ")
    assert lumen.transact(lambda session: session.scalar(select(func.count()).select_from(CheckIn))) == 0
