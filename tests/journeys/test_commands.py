"""What people type after `/okr`."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from bot.store.tables import CheckIn, Submission
from tests.databases import TestDatabases
from tests.journeys.bot_process import PATIENCE
from tests.journeys.conftest import EITHER_WAY
from tests.journeys.office import ABROAD, COMPANY, MONDAY, Office, open_office
from tests.local_slack import Json, eventually

pytestmark = pytest.mark.slow


class Typist:
    """Somebody who types commands and reads the private answers."""

    def __init__(self, office: Office, who: str) -> None:
        self.office = office
        self.who = who
        self.read = 0

    def notes(self) -> list[Json]:
        return [one for one in self.office.slack.messages(self.who) if one["is_ephemeral"]]

    def type(self, text: str) -> Json:
        """The answer to `/okr <text>`."""
        before = len(self.notes())
        acked = self.office.slack.command(self.who, "/okr", text)
        assert acked["ok"], acked
        eventually(lambda: len(self.notes()) > before, f"an answer to /okr {text}", PATIENCE)
        return self.notes()[-1]


@pytest.fixture(scope="module", params=EITHER_WAY)
def staffed(
    request: pytest.FixtureRequest, databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """One office for all tests of this module: each looks at what its own commands change."""
    folder = tmp_path_factory.mktemp("staffed")
    made = databases.postgres() if request.param == "postgres" else databases.sqlite(folder)
    over_http = request.param.endswith("-http")
    with made as url, open_office(url, folder, company=COMPANY + ABROAD, over_http=over_http) as office:
        office.slack.rate_limits(enabled=False)
        office.start_bot()
        yield office


def check_ins(office: Office, after: int = 0) -> list[CheckIn]:
    return [row for row in office.rows(CheckIn) if row.id > after]


def newest(office: Office) -> int:
    return max((row.id for row in office.rows(CheckIn)), default=0)


def test_lists_and_help_say_what_there_is_and_a_slip_of_the_finger_is_understood(staffed: Office) -> None:
    ana = Typist(staffed, "ana")
    mine = str(ana.type("list"))
    assert all(f"KR-{number}" in mine for number in range(1, 6))
    assert "KR-6" not in mine
    assert "7 key results" in str(ana.type("list company"))
    assert "KR-6" in str(ana.type("list @priya"))
    missing = ana.type("list missing")
    assert "Maria Weber" in str(missing)
    assert "Jonas Keller" not in str(missing), "he is in no team"
    assert "Ana Torres" not in str(missing)
    shown = str(ana.type("show kr 1"))
    assert "200 days → 100 days" in shown
    assert "It was made by an import" in shown
    assert "Every lamp leaves the harbour on time" in str(ana.type("show O-1"))
    assert "Write the number behind it: /okr edit O-1" in str(ana.type("edit"))
    assert "/okr update KR-3 45k 8 short note" in str(ana.type("help"))
    assert "Undo" in str(ana.type("help update"))
    assert "Did you mean `/okr help`?" in str(ana.type("hlep"))
    assert "planned" in str(ana.type("tree"))
    assert "Did you mean Harbour Lamps?" in str(ana.type("list Harbor Lamps"))


def test_one_line_checks_in_and_undo_takes_it_back_once(staffed: Office) -> None:
    ana, slack, before = Typist(staffed, "ana"), staffed.slack, newest(staffed)
    receipt = ana.type("update KR-2 45k 8 short note")
    assert "45,000 shops" in str(receipt)
    [row] = check_ins(staffed, before)
    assert (row.value, row.confidence, row.note) == (Decimal(45_000), 8, "short note")

    slack.press("ana", "undo_submission", ephemeral_ts=receipt["ts"])
    slack.wait_for_message("ana", "Taken back", within=PATIENCE)
    assert staffed.rows(Submission)[-1].undone_at is not None
    assert [each.withdrawn for each in check_ins(staffed, before)] == [False, True]

    late = ana.type("update KR-2 46k")
    slack.move_clock(forward=601)
    slack.press("ana", "undo_submission", ephemeral_ts=late["ts"])
    edit = slack.wait_for_modal("ana", "Edit check-in", within=PATIENCE)
    assert "46000" in str(edit["blocks"])
    assert [each.withdrawn for each in check_ins(staffed, before)] == [False, True, False]


def test_several_lines_are_kept_together_or_not_at_all(staffed: Office) -> None:
    ana, priya, before = Typist(staffed, "ana"), Typist(staffed, "priya"), newest(staffed)
    for line, why in (
        ("update KR-1 150 | KR-2 plenty", "KR-2"),
        ("update KR-1 150 | KR-99 3", "There is no open key result KR-99"),
        ("update KR-1 150 | KR-6 4", "KR-6 is owned by Priya Nair"),
        ("update KR-1 150 | KR-1 140", "KR-1 is named twice"),
    ):
        assert why in ana.type(line)["text"]
    assert "KR-1 is owned by Ana Torres" in priya.type("update KR-1 150")["text"]
    assert check_ins(staffed, before) == []
    ana.type("update KR-1 150 | KR-3 +3% 6 | KR-4 =")
    kept = check_ins(staffed, before)
    assert [each.value for each in kept] == [Decimal(150), Decimal(83), Decimal(9)]
    assert len({each.submission_id for each in kept}) == 1


def test_a_week_that_is_answered_in_one_line_needs_no_form(staffed: Office) -> None:
    staffed.slack.move_clock(to=MONDAY)
    ana = Typist(staffed, "ana")
    staffed.slack.wait_for_message("ana", "check_in_open", within=PATIENCE)
    assert "5 key results wait for your check-in" in str(ana.type(""))
    ana.type("update KR-1 150 | KR-2 = | KR-3 = | KR-4 = | KR-5 done")
    assert "Nothing is due now" in str(ana.type(""))
    staffed.wait_for("receipt", ["sent"])
    assert "check_in_open" not in str(staffed.bot_messages("ana"))
