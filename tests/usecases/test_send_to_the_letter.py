"""Rule 8 to the letter: what every kind of field means, touched, untouched and cleared, in the form and in one line."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.okr.errors import NotAllowed, NotFound, NothingDue, OkrError, UnreadableNumber
from bot.okr.facts import EditForm
from bot.slack import parse
from bot.slack.grammar import UpdateLines, parse_command
from bot.store.tables import KeyResult, Objective
from bot.usecases.answers import InvalidAnswers
from bot.usecases.checkins import send_lines
from tests.usecases.world import PROMPTED, QUARTER, TEAM, CheckIn, Form, Submission, World, at

TUESDAY = at("2026-10-06 10:00")
LATER = TUESDAY + timedelta(hours=1)
METRIC, RAIL, STEPS, ANSWER, BASE = range(1, 6)


@pytest.fixture
def kinds(on_sqlite: World) -> World:
    """Ana owns one key result of every control; the week's round is open."""
    world = on_sqlite
    world.key_result("U0ANA", "Growth", start="10", target="50", unit="€")
    world.key_result("U0ANA", "Growth", kind="stay_above", start="99.9", target="99.5", unit="%")
    world.key_result("U0ANA", "Growth", kind="milestones", steps="Alpha\nBeta launch\nGA")
    world.key_result("U0ANA", "Growth", kind="yes_no")
    world.key_result("U0ANA", "Growth", kind="baseline")
    world.tick(PROMPTED)
    return world


def typed(world: World, text: str, who: str = "U0ANA", now: object = TUESDAY) -> object:
    """`/okr update ...` as Slack sends it."""
    read = parse_command(f"update {text}")
    assert isinstance(read, UpdateLines)
    body = {"command": "/okr", "team_id": TEAM, "user_id": who, "trigger_id": f"t.{text}.{now}"}
    return world.do(send_lines, parse.one_line(body, read), now)  # type: ignore[arg-type]


def test_a_first_answer_left_as_it_is_says_no_change_from_where_it_starts(kinds: World) -> None:
    receipt = kinds.open("U0ANA", TUESDAY).send(TUESDAY)
    assert [(line.number, line.after, line.unchanged, line.confidence) for line in receipt.lines] == [
        (METRIC, Decimal(10), True, None), (RAIL, Decimal("99.9"), True, None), (STEPS, Decimal(0), True, None),
        (ANSWER, Decimal(0), True, None), (BASE, None, True, None),
    ]  # fmt: skip
    assert receipt.still_due == 0


@pytest.mark.parametrize(
    ("number", "value", "after"),
    [(METRIC, "45.5k", 45500), (RAIL, "99.4%", Decimal("99.4")), (STEPS, "2", 2), (ANSWER, "yes", 1), (BASE, "0", 0)],
)
def test_what_is_typed_is_absolute_for_every_kind(kinds: World, number: int, value: str, after: Decimal) -> None:
    receipt = kinds.open("U0ANA", TUESDAY).put(number, value).send(TUESDAY)
    changed = {line.number: line.after for line in receipt.lines if not line.unchanged}
    assert changed == {number: after}
    assert len(receipt.lines) == 5


@pytest.mark.parametrize("number", [METRIC, RAIL, STEPS, ANSWER])
def test_a_cleared_value_is_not_answered_whatever_its_kind(kinds: World, number: int) -> None:
    receipt = kinds.open("U0ANA", TUESDAY).put(number, None).choose(number, 3).send(TUESDAY)
    assert number not in [line.number for line in receipt.lines]
    assert receipt.still_due == 1


def test_a_note_without_a_value_is_told_and_not_lost(kinds: World) -> None:
    form = kinds.open("U0ANA", TUESDAY).put(METRIC, None).note(METRIC, "Waiting for the books")
    with pytest.raises(InvalidAnswers, match="a note here and no value") as refused:
        form.send(TUESDAY)
    assert set(refused.value.by_field) == {"kr.1.value"}
    assert kinds.how_many(Submission) == 0


def test_a_cleared_confidence_is_an_answer_without_one(kinds: World) -> None:
    kinds.say("U0ANA", "1 20 7", at("2026-10-02 10:00"))
    receipt = kinds.open("U0ANA", TUESDAY).choose(METRIC, None).send(TUESDAY)
    first = receipt.lines[0]
    assert (first.number, first.unchanged, first.confidence) == (METRIC, True, None)


def test_the_same_number_written_in_another_way_is_no_change(kinds: World) -> None:
    kinds.open("U0ANA", TUESDAY).put(METRIC, "45000").send(TUESDAY)
    with pytest.raises(NothingDue, match="Nothing has changed yet"):
        kinds.open("U0ANA", LATER).put(METRIC, "45k").put(STEPS, "0").send(LATER)


def everything_untouched(form: Form, now: object) -> str:
    with pytest.raises(NothingDue) as told:
        form.send(now)  # type: ignore[arg-type]
    return told.value.sentence


def test_why_nothing_is_left_to_send_is_told(kinds: World) -> None:
    form = kinds.open("U0ANA", TUESDAY)
    typed(kinds, "KR-1 = | KR-2 = | KR-3 = | KR-4 = | KR-5 =", "U0LEA", TUESDAY + timedelta(minutes=1))
    assert "a check-in on KR-1, KR-2, KR-3, KR-4, KR-5 since you opened this" in everything_untouched(form, LATER)


def test_what_left_its_grace_while_the_form_was_open_does_not_hold_the_others_back(on_sqlite: World) -> None:
    world = on_sqlite
    world.key_result("U0ANA", "Growth")
    world.cycle(date(2027, 1, 1), date(2027, 3, 31), "Q1 2027")
    world.key_result("U0ANA", "Growth", created_at=at("2027-01-02 08:00"))
    monday = at("2027-01-11 08:00")
    world.tick(monday)
    last_minute = at("2027-01-14 22:50")
    form = world.open("U0ANA", last_minute)
    assert sorted(form.numbers) == [1, 2]
    receipt = form.put(2, "5").send(last_minute + timedelta(minutes=15))
    assert [line.number for line in receipt.lines] == [2]
    late = world.open("U0ANA", last_minute).put(1, "7")
    with pytest.raises(InvalidAnswers, match="took check-ins until 14 Jan 2027") as refused:
        late.send(last_minute + timedelta(minutes=15))
    assert set(refused.value.by_field) == {"kr.1.value"}


def test_key_results_that_move_or_close_between_the_pages_are_left_out(on_sqlite: World) -> None:
    world = on_sqlite
    world.together(lambda: [world.key_result("U0ANA", "Growth") for _ in range(35)])
    world.tick(PROMPTED)
    first = world.open("U0ANA", TUESDAY)
    assert (len(first.numbers), first.facts.pages, len(first.facts.rest)) == (10, 4, 25)
    world.change(KeyResult, world.row(12).id, owner_id=world.members["U0BO"])
    world.change(KeyResult, world.row(13).id, dropped_at=TUESDAY)
    typed(world, "KR-11 60 4", "U0LEA", TUESDAY)
    _, second = first.send_page(TUESDAY)
    assert second is not None
    assert second.numbers == [11, *range(14, 23)]
    assert second.facts.lines[0].now == 60
    receipt, third = second.put(14, "9").send_page(LATER)
    assert receipt is not None
    assert [line.number for line in receipt.lines] == list(range(14, 23))
    assert (world.value(11), world.value(14)) == (Decimal(60), Decimal(9))
    while third is not None:
        receipt, third = third.send_page(LATER)
    assert receipt is not None
    assert receipt.still_due == 0


def test_a_form_whose_every_key_result_went_away_says_so_and_stays_open(on_sqlite: World) -> None:
    world = on_sqlite
    world.together(lambda: [world.key_result("U0ANA", "Growth") for _ in range(12)])
    world.tick(PROMPTED)
    form = world.open("U0ANA", TUESDAY)
    for number in range(1, 13):
        world.change(KeyResult, world.row(number).id, owner_id=world.members["U0BO"])
    with pytest.raises(NothingDue, match="KR-1 is owned by Bo"):
        form.send_page(TUESDAY)


# --- one line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("KR-1 45k | KR-2 lots", "I read KR-1 as €45,000. KR-2: I can't read a number in “lots”."),
        ("KR-1 45k | KR-99 3 | KR-4 perhaps", "I read KR-1 as €45,000. There is no open key result KR-99"),
        ("KR-1 45k | KR-99 3 | KR-4 perhaps", "KR-4: I can't read “perhaps” as yes or no."),
        ("KR-1 45k 8 | KR-2 99 11", "KR-1 I could read. I read KR-2 and the value “99”. Then comes “11”"),
        ("KR-1 70%", "KR-1: I read “70%” with a percent sign, but this is measured in “€”."),
    ],
)
def test_what_was_read_and_what_not_is_told_and_nothing_is_saved(kinds: World, line: str, said: str) -> None:
    with pytest.raises(OkrError) as refused:
        typed(kinds, line)
    assert said in refused.value.sentence
    assert refused.value.sentence.count("Nothing was saved.") == 1
    assert kinds.how_many(Submission) == kinds.how_many(CheckIn) == 0


def test_a_milestone_is_named_in_several_words(kinds: World) -> None:
    typed(kinds, "KR-3 beta launch 8 at last")
    assert (kinds.value(STEPS), kinds.row(STEPS).last_confidence) == (Decimal(2), 8)
    typed(kinds, 'KR-3 “GA” "3 months early"', now=LATER)
    assert (kinds.value(STEPS), kinds.rows(CheckIn)[-1].note) == (Decimal(3), "3 months early")


def test_somebody_elses_private_key_result_is_refused_without_a_word_about_it(kinds: World) -> None:
    kinds.key_result("U0BO", "Growth")
    kinds.change(Objective, kinds.row(6).objective_id, private=True)
    with pytest.raises(NotAllowed) as refused:
        typed(kinds, "KR-6 5", "U0OLU")
    assert refused.value.sentence.startswith("KR-6 is private.")
    assert "Bo" not in refused.value.sentence
    assert "Lea" not in refused.value.sentence
    with pytest.raises(NotAllowed, match="KR-6 is owned by Bo"):
        typed(kinds, "KR-6 5", "U0ANA")


def test_the_first_mistake_decides_the_help_that_is_offered(kinds: World) -> None:
    with pytest.raises(NotFound):
        typed(kinds, "KR-99 1 | KR-1 many")
    with pytest.raises(UnreadableNumber):
        typed(kinds, "KR-1 many | KR-99 1")


# --- days


def test_days_are_those_of_who_edits(on_sqlite: World) -> None:
    world = on_sqlite
    world.member("U0TOK", "Toko", zone="Asia/Tokyo")
    world.member("U0LAX", "Lara", zone="America/Los_Angeles")
    world.key_result("U0TOK", "Growth")
    world.key_result("U0LAX", "Growth")
    early = at("2026-10-06 18:00")  # 03:00 on the 7th in Tokyo, 20:00 on the 6th in Berlin
    sent = world.say("U0TOK", "1 5", early)
    form = world.open_edit("U0TOK", sent.submission, early)
    assert isinstance(form, EditForm)
    assert (form.day, form.last_day) == (date(2026, 10, 7), date(2026, 10, 7))
    world.edit("U0TOK", sent.submission, 1, early, day=date(2026, 10, 5))
    assert world.rows(CheckIn)[-1].as_of == at("2026-10-05 14:59:59")
    late = at("2026-10-07 05:00")  # 22:00 on the 6th in Los Angeles
    sent = world.say("U0LAX", "2 5", late)
    form = world.open_edit("U0LAX", sent.submission, late)
    assert isinstance(form, EditForm)
    assert (form.day, form.last_day) == (date(2026, 10, 6), date(2026, 10, 6))
    with pytest.raises(InvalidAnswers, match="from 1 Oct 2026 to 6 Oct 2026"):
        world.edit("U0LAX", sent.submission, 2, late, day=date(2026, 10, 7))
    world.edit("U0LAX", sent.submission, 2, late, day=date(2026, 10, 5))
    last = world.rows(CheckIn)[-1]
    assert (last.as_of, last.back_dated) == (at("2026-10-05 21:59:59"), True)


def test_a_day_of_twentyfive_hours_is_one_day(on_sqlite: World) -> None:
    world = on_sqlite
    world.key_result("U0ANA", "Growth")
    sunday_night = at("2026-10-25 22:30")  # 23:30 in Berlin, after the clocks went back
    sent = world.say("U0ANA", "1 5", sunday_night)
    form = world.open_edit("U0ANA", sent.submission, sunday_night)
    assert isinstance(form, EditForm)
    assert form.day == date(2026, 10, 25)
    monday = at("2026-10-26 10:00")
    later = world.say("U0ANA", "1 8", monday)
    world.edit("U0ANA", later.submission, 1, monday, day=date(2026, 10, 25))
    assert world.rows(CheckIn)[-1].as_of == at("2026-10-25 22:59:59")
    assert world.value(1) == 8
    world.edit("U0ANA", later.submission, 1, monday, day=QUARTER[0])
    assert world.value(1) == 5
