"""Every kind of key result: how it is agreed, read, measured and told. One table a kind."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.okr.errors import KindNotOffered, OkrError, StartEqualsTarget, UnreadableNumber
from bot.okr.kinds import (
    KINDS,
    Course,
    Milestone,
    Terms,
    UnfitTerms,
    kind_of,
    milestones_text,
    read_milestones,
)
from bot.okr.locales import OFFERED_LOCALES

BEGINS = datetime(2026, 10, 1, tzinfo=UTC)
ENDS = datetime(2027, 1, 1, tzinfo=UTC)
HALF = BEGINS + (ENDS - BEGINS) / 2
STEPS = (Milestone("Alpha", D(10)), Milestone("Beta", D(20)), Milestone("Launch", D(70)))

METRIC = Terms(D(200), D(0), "hours")
ABOVE = Terms(D("99.9"), D("99.5"), "%")
BELOW = Terms(D(1), D(3), "%")
MILESTONES = Terms(D(0), D(3), milestones=STEPS)
YES_NO = Terms(D(0), D(1))
BASELINE = Terms(unit="days")
AGREED = {
    "metric": METRIC, "stay_above": ABOVE, "stay_below": BELOW,
    "milestones": MILESTONES, "yes_no": YES_NO, "baseline": BASELINE,
}  # fmt: skip


def course(*points: tuple[float, str]) -> Course:
    """Values at shares of the cycle."""
    return Course(BEGINS, ENDS, tuple((BEGINS + (ENDS - BEGINS) * share, D(value)) for share, value in points))


def test_the_kinds_bear_the_names_people_see_in_the_modal() -> None:
    labels = ["Metric", "Stay above", "Stay below", "Milestones", "Yes/no", "Baseline"]
    assert [kind.label for kind in KINDS.values()] == labels
    assert all(name == kind.name for name, kind in KINDS.items())
    assert set(AGREED) == set(KINDS)


@pytest.mark.parametrize("name", ["no such kind", ""])
def test_an_unknown_kind_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(KindNotOffered, match="Metric"):
        kind_of(name)


@pytest.mark.parametrize(
    ("name", "now", "points", "share"),
    [
        ("metric", "100", (), "0.5"),
        ("metric", "250", (), "-0.25"),
        ("metric", None, (), "0"),
        ("stay_above", "99.6", (), "0.5"),
        ("stay_above", "99.5", ((0, "99.5"),), "0.5"),
        ("stay_above", "99.4", ((0.25, "99.4"),), "0.25"),
        ("stay_above", "99.9", ((0.125, "99.4"), (0.25, "99.9")), "0.375"),
        ("stay_below", "5", ((0.25, "5"),), "0.25"),
        ("stay_below", "3", ((0, "3"),), "0.5"),
        ("milestones", "0", (), "0"),
        ("milestones", "2", (), "0.3"),
        ("milestones", "3", (), "1"),
        ("yes_no", "0", (), "0"),
        ("yes_no", "1", (), "1"),
        ("baseline", None, (), "0"),
        ("baseline", "0", (), "1"),
    ],
)
def test_half_way_through_the_cycle(
    name: str, now: str | None, points: tuple[tuple[float, str], ...], share: str
) -> None:
    value = None if now is None else D(now)
    assert kind_of(name).progress(AGREED[name], value, course(*points), HALF) == D(share)


def test_a_guardrail_nobody_knows_the_start_of_counts_from_its_first_value() -> None:
    unknown = Terms(None, D("99.5"), "%")
    assert kind_of("stay_above").progress(unknown, D(100), course((0.25, "100")), HALF) == D("0.25")
    assert kind_of("stay_above").progress(unknown, None, course(), HALF) == 0


@given(st.lists(st.tuples(st.floats(-0.2, 1.2), st.integers(-5, 5)), max_size=12), st.floats(-0.5, 1.5), st.randoms())
def test_a_guardrail_depends_on_no_order_and_above_and_below_share_the_cycle(
    entered: list[tuple[float, int]], share: float, shuffling: object
) -> None:
    points = list({BEGINS + (ENDS - BEGINS) * at: D(value) for at, value in entered}.items())
    mixed = sorted(points, key=lambda _: shuffling.random())  # type: ignore[attr-defined]
    at, rail = BEGINS + (ENDS - BEGINS) * share, Terms(D(1), D("0.5"))
    forward, other = Course(BEGINS, ENDS, tuple(points)), Course(BEGINS, ENDS, tuple(mixed))
    above = kind_of("stay_above").progress(rail, None, forward, at)
    assert above == kind_of("stay_above").progress(rail, None, other, at)
    gone = D((min(max(at, BEGINS), ENDS) - BEGINS) // timedelta(microseconds=1))
    whole = D((ENDS - BEGINS) // timedelta(microseconds=1))
    # No value lies on the rail, so every moment is on one of its two sides.
    assert abs(above + kind_of("stay_below").progress(rail, None, forward, at) - gone / whole) < D("1e-20")
    assert 0 <= above <= 1


@pytest.mark.parametrize(
    ("name", "typed", "now", "value"),
    [
        ("metric", "45k", "100", "45000"),
        ("metric", "-3", "100", "97"),
        ("metric", "done", "100", "0"),
        ("metric", "=", "100", "100"),
        ("stay_above", "99.7%", "99.9", "99.7"),
        ("stay_below", "+1", "1", "2"),
        ("milestones", "beta", "0", "2"),
        ("milestones", "0", "2", "0"),
        ("milestones", "+1", "1", "2"),
        ("milestones", "-1", "1", "0"),
        ("milestones", "done", "1", "3"),
        ("milestones", "=", "1", "1"),
        ("yes_no", "Yes", "0", "1"),
        ("yes_no", "no", "1", "0"),
        ("yes_no", "done", "0", "1"),
        ("yes_no", "=", "0", "0"),
        ("baseline", "12", None, "12"),
        ("baseline", "+1", "12", "13"),
    ],
)
def test_one_line_values(name: str, typed: str, now: str | None, value: str) -> None:
    change = kind_of(name).read_change(typed, AGREED[name], None if now is None else D(now))
    assert change is not None
    assert change.value == D(value)


def test_no_change_where_nothing_is_known_yet_keeps_nothing_known() -> None:
    assert kind_of("baseline").read_change("=", BASELINE, None) is None
    assert kind_of("baseline").read_change("＝", BASELINE, None) is None


def test_a_milestone_named_like_a_number_is_not_taken_for_another_ones_place() -> None:
    countdown = Terms(D(0), D(3), milestones=(Milestone("10"), Milestone("2"), Milestone("1")))
    kind = kind_of("milestones")
    for sent, _ in kind.options(countdown):
        assert kind.prefill(kind.read(sent, countdown), countdown) == sent
    assert kind.read("10", countdown) == 1


def test_done_is_the_last_milestone_unless_one_bears_that_name() -> None:
    named = Terms(D(0), D(3), milestones=(Milestone("Begun"), Milestone("Done"), Milestone("Shown")))
    change = kind_of("milestones").read_change("done", named, D(1))
    assert change is not None
    assert change.value == 2


@pytest.mark.parametrize(
    ("name", "typed", "now", "words"),
    [
        ("stay_above", "done", "99", "no target"),
        ("baseline", "done", "3", "no target"),
        ("baseline", "+3", None, "no value yet"),
        ("baseline", "－3", None, "no value yet"),
        ("baseline", "\u200f-3", None, "no value yet"),
        ("yes_no", "Maybe!", "0", "“Maybe!”"),
        ("milestones", "4", "1", "from 0 to 3 (1 Alpha, 2 Beta, 3 Launch)"),
        ("milestones", "+3", "1", "milestone 4 of 3"),
        ("milestones", "Gamma", "1", "Gamma"),
        ("yes_no", "maybe", "0", "yes or no"),
        ("yes_no", "45", "0", "yes or no"),
        ("metric", "a lot", "1", "45k"),
    ],
)
def test_what_can_not_be_read_is_answered_with_what_can(name: str, typed: str, now: str | None, words: str) -> None:
    with pytest.raises(UnreadableNumber) as refused:
        kind_of(name).read_change(typed, AGREED[name], None if now is None else D(now))
    assert words in refused.value.sentence


@pytest.mark.parametrize(
    ("name", "terms", "field"),
    [
        ("metric", Terms(None, D(1)), "start"),
        ("metric", Terms(D(1), None), "target"),
        ("metric", Terms(D(1), D(1)), "target"),
        ("metric", Terms(D(0), D(10), commit=D(0)), "commit"),
        ("metric", Terms(D(0), D(10), commit=D(11)), "commit"),
        ("metric", Terms(D(10), D(0), stretch=D(0)), "stretch"),
        ("metric", Terms(D(10), D(0), stretch=D(1)), "stretch"),
        ("stay_above", Terms(D(1), None), "target"),
        ("milestones", Terms(), "milestones"),
    ],
)
def test_terms_that_make_no_sense_are_refused_at_their_field(name: str, terms: Terms, field: str) -> None:
    with pytest.raises(OkrError) as refused:
        kind_of(name).agreed(terms)
    assert isinstance(refused.value, UnfitTerms | StartEqualsTarget)
    assert refused.value.field == field


def test_levels_on_both_sides_of_the_target() -> None:
    for terms in (
        Terms(D(0), D(10), commit=D(7), stretch=D(12)),
        Terms(D(10), D(0), commit=D(3), stretch=D(-1)),
        Terms(D(0), D(10), commit=D(10)),
    ):
        assert kind_of("metric").agreed(terms) == terms


@pytest.mark.parametrize("locale", OFFERED_LOCALES)
@pytest.mark.parametrize(
    ("name", "value"),
    [("metric", "1234.5"), ("stay_above", "-0.25"), ("milestones", "2"), ("yes_no", "1"), ("baseline", "0")],
)
def test_what_a_form_shows_is_read_back_the_same(name: str, value: str, locale: str) -> None:
    kind, terms = kind_of(name), AGREED[name]
    shown = kind.prefill(D(value), terms, locale)
    assert shown is not None
    assert kind.read(shown, terms, locale) == D(value)
    options = dict(kind.options(terms))
    assert not options or shown in options


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("metric", "100", "50% of the way, 55% expected"),
        ("stay_above", "99.9", "kept for 50% of the cycle, 55% of it is over"),
        ("stay_below", "1", "kept for 50% of the cycle, 55% of it is over"),
        ("milestones", "2", "50% of the way, 55% expected"),
        ("yes_no", "0", "not done yet, 55% expected"),
        ("yes_no", "1", "done"),
        ("baseline", None, "not found out yet, 55% expected"),
        ("baseline", "0", "found out"),
    ],
)
def test_every_kind_tells_its_pace_in_its_own_words(name: str, value: str | None, words: str) -> None:
    assert kind_of(name).pace(None if value is None else D(value), "50%", "55%") == words


@pytest.mark.parametrize(
    ("start", "target", "now", "way", "shown"),
    [
        ("0", "50000", "49960", "0 → 50k", "49,960"),
        ("0", "50000", "50000", "0 → 50k", "50k"),
        ("10049", "10010", "10030", "10,049 → 10,010", "10,030"),
        ("100000", "50000", "99960", "100k → 50k", "99,960"),
        ("0", "50000", "45678", "0 → 50k", "45.7k"),
    ],
)
def test_a_short_value_never_looks_like_a_start_or_target_it_is_not(
    start: str, target: str, now: str, way: str, shown: str
) -> None:
    terms = Terms(D(start), D(target))
    assert kind_of("metric").way(terms) == way
    assert kind_of("metric").say_short(D(now), terms) == shown


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("metric", "-1.5", True), ("stay_below", "7", True), ("baseline", "0", True), ("yes_no", "1", True),
        ("yes_no", "2", False), ("yes_no", "0.5", False), ("milestones", "0", True), ("milestones", "3", True),
        ("milestones", "4", False), ("milestones", "1.5", False), ("milestones", "-1", False),
    ],
)  # fmt: skip
def test_a_number_from_elsewhere_means_something_for_its_kind_or_not(name: str, value: str, fits: bool) -> None:
    assert kind_of(name).fits(D(value), AGREED[name]) is fits


def test_nothing_outside_the_registry_knows_a_kind_by_its_name() -> None:
    # "milestones" is also the name of an input and "baseline" that of a help topic, so they count beside `kind` only.
    named = re.compile(
        r"""["'](metric|stay_above|stay_below|yes_no)["']|kind\b[^"']*(==|!=| is | in )["'](milestones|baseline)"""
    )
    root = Path(bot.__file__).parent
    found = {
        f"{path.relative_to(root)}: {line.strip()}"
        for path in root.rglob("*.py")
        if "kinds" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if named.search(line)
    }
    assert found == set()


def test_values_in_words() -> None:
    told = {name: (kind_of(name).way(terms), kind_of(name).say(D(1), terms)) for name, terms in AGREED.items()}
    assert told == {
        "metric": ("200 hours → 0 hours", "1 hours"),
        "stay_above": ("stay above 99.5%", "1%"),
        "stay_below": ("stay below 3%", "1%"),
        "milestones": ("3 milestones", "1 of 3: Alpha"),
        "yes_no": ("yes or no", "yes"),
        "baseline": ("find out where we stand", "1 days"),
    }
    assert kind_of("milestones").say(D(0), MILESTONES) == "none of 3"
    assert kind_of("baseline").say(None, BASELINE) == "no value yet"


@pytest.mark.parametrize(
    ("typed", "shares"),
    [
        ("Alpha = 10\nBeta = 20\n\nLaunch = 70", ["10", "20", "70"]),
        ("Alpha = 12.5%\n  Beta=87.5 % ", ["12.5", "87.5"]),
        ("Alpha\nBeta", ["1", "1"]),
        ("a = b = 3\nc = 1", ["3", "1"]),
    ],
)
def test_milestones_are_typed_one_per_line(typed: str, shares: list[str]) -> None:
    steps = read_milestones(typed)
    assert [step.share for step in steps] == [D(share) for share in shares]
    assert read_milestones(milestones_text(steps)) == steps


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Alpha = 10\nBeta", "has no share"),
        ("= 10", "no name"),
        ("Alpha = lots", "number"),
        ("Alpha = 0", "above 0"),
        ("Alpha = -5", "above 0"),
        ("Alpha = 40%\nBeta = 50%", "90%, not 100%"),
        ("Alpha = 1\nalpha = 2", "twice"),
        (f"{'x' * 61} = 1", "at most 60"),
        ("\n".join(f"m{each} = 1" for each in range(51)), "at most 50"),
    ],
)
def test_milestones_that_make_no_sense_say_why(typed: str, words: str) -> None:
    with pytest.raises(UnfitTerms) as refused:
        read_milestones(typed)
    assert refused.value.field == "milestones"
    assert words in refused.value.sentence


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20), st.integers(1, 1000))
def test_milestone_shares_are_scale_free_and_the_last_one_is_everything(shares: list[int], scale: int) -> None:
    kind, last = kind_of("milestones"), D(len(shares))
    plain, scaled = (
        kind.agreed(Terms(milestones=tuple(Milestone(str(at), D(share * by)) for at, share in enumerate(shares))))
        for by in (1, scale)
    )
    reached = [kind.progress(plain, D(at), None, HALF) for at in range(len(shares) + 1)]
    assert reached == [kind.progress(scaled, D(at), None, HALF) for at in range(len(shares) + 1)]
    assert (reached[0], reached[-1]) == (D(0), D(1))
    assert reached == sorted(reached)
    assert kind.done(plain) == last
