"""`/okr show`: what one reads of it."""

from dataclasses import replace
from decimal import Decimal

from bot.okr.details import HistoryPage
from bot.slack import ids
from bot.slack.views import details
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, element, read


def test_a_key_result_is_told_with_its_terms_its_people_and_what_it_supports() -> None:
    shown = read(details.key_result(facts.key_result_details()))
    assert "*KR-3* Revenue per month\nfor *O-1* Become profitable · Growth · Q4 2026 (1 Oct to 31 Dec)" in shown
    assert "*Metric*: €10k → €50k · commit €40,000 · stretch €70,000" in shown
    assert "Owner: Ann Carter · delegate: Bo Berg · contributors: Cleo Diaz and Dan Ek" in shown
    assert "Weight 1 · its objective supports *O-7* A company that lasts" in shown
    assert "at risk: now €20k, 25% of the way, 55% expected" in shown


def test_every_version_says_what_is_special_about_it() -> None:
    shown = read(details.key_result(facts.key_result_details()))
    assert "Ann Carter checked in: €20,000 → *€25,000* · confidence 7" in shown
    assert "(edited, version 2; back-dated: counts for 9 Oct)" in shown
    assert "(no longer counts: there is a newer version)" in shown
    assert "(taken back)" in shown
    assert "€20,000, no change" in shown
    assert ">Two new resellers signed" in shown


def test_a_change_says_from_what_to_what_and_why() -> None:
    shown = read(details.key_result(facts.key_result_details()))
    assert "Bo Berg changed it\n• target: from €60,000 to *50,000*\n• owner: from Cleo Diaz to *Ann Carter*" in shown
    assert "• delegate: Dan Ek\n• unit: €, now none" in shown
    assert "Why:\n>The second shop opens a quarter later." in shown
    assert "It was made by an import" in shown


def test_dates_are_slacks_own_and_name_the_zone_where_slack_cannot_show_them() -> None:
    shown = read(details.key_result(facts.key_result_details()))
    assert "<!date^1791788700^{date_short_pretty}, {time}|Mon 12 Oct, 09:05 (Europe/Berlin)>" in shown


def test_pages_are_turned_with_older_and_newer() -> None:
    message = details.key_result(facts.key_result_details())
    assert buttons(message) == ["Edit KR-3", "Newer", "Older"]
    older = ids.unpack(element(message, ids.SHOW_OLDER)["value"], ids.Showing)
    mark = facts.history_page().older_than
    assert mark is not None
    assert (older.id, older.direction, older.kind, older.row) == ("KR-3", "older", mark.kind, mark.row_id)
    assert older.at == int(mark.at.timestamp()) * 1_000_000
    assert buttons(details.key_result(facts.key_result_details(history=HistoryPage(), may_edit=False))) == []


def test_what_is_out_says_so_in_words_with_the_reason() -> None:
    out = facts.taken_out("postponed")
    shown = read(details.key_result(facts.key_result_details(taken_out=out, with_objective=True)))
    assert "*Postponed*, with its objective, " in shown
    assert "Nobody is asked about it.\n>The market is gone." in shown


def test_only_what_is_in_force_offers_a_check_in_and_times_name_their_zone() -> None:
    assert "Check in: `/okr update KR-3 VALUE`. Times are in your own time zone, Europe/Berlin." in read(
        details.key_result(facts.key_result_details())
    )
    for changes in ({"taken_out": facts.taken_out()}, {"draft": True}, {"may_edit": False}):
        shown = read(details.key_result(facts.key_result_details(**changes)))
        assert "/okr update" not in shown
        assert "Times are in your own time zone, Europe/Berlin." in shown
    assert "*A draft*" in read(details.objective(facts.objective_details(draft=True)))


def test_milestones_are_listed_with_what_is_reached() -> None:
    standing = replace(facts.every_kind()[2], now=Decimal(1))
    shown = read(details.key_result(facts.key_result_details(standing=standing)))
    assert "1. Alpha with ten schools · 32% · reached\n2. Beta · 65%\n3. Launch · 3%" in shown


def test_an_objective_adds_up_and_names_its_relatives() -> None:
    message = details.objective(facts.objective_details())
    shown = read(message)
    assert "🔴 off track: 31% reached, 55% expected, 20% of it is unknown · 5 key results" in shown
    assert "Supports *O-7* A company that lasts" in shown
    assert "Supported by *O-8* Schools buy in spring, *O-9* (private)" in shown
    assert "*Why it matters*\nWithout it we depend" in shown
    assert buttons(message) == ["Edit O-1", "Add Key Result", "History"]


def test_an_objectives_history_leads_back_to_it() -> None:
    message = details.objective_history(facts.objective_history())
    assert buttons(message) == ["Show O-1", "Older"]
    assert "changed it" in read(message)
