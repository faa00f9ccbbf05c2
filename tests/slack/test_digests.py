"""The digest and its thread, read as the team."""

from dataclasses import replace
from decimal import Decimal

from bot.okr.facts import DigestObjective
from bot.okr.status import Status
from bot.slack.views import digests
from tests.slack import sample_facts as facts
from tests.slack.reading import lines_shown, read


def test_a_digest_begins_with_who_answered_and_how_far_we_are() -> None:
    first, second, *_ = lines_shown(digests.digest(facts.digest()))
    assert first == "*Growth, week of 12 Oct:* 4 of 5 people answered, 9 of 12 key results checked in."
    assert second == "Progress in Q4 2026: 44%, 55% expected by now; 10% of it is unknown."


def test_the_weakest_objective_comes_first_and_then_what_needs_a_look() -> None:
    lines = lines_shown(digests.digest(facts.digest()))
    told = [line for line in lines if line.startswith(("*O-", "Needs a look"))]
    assert [line.split("*")[1] for line in told] == ["O-1", "O-2", "KR-5", "KR-3"]
    assert "🔴 off track at 25%, 55% expected, 20% unknown" in told[0]
    assert "(Ann Carter): off track" in told[2]


def test_missing_people_are_expected_and_away_people_are_away() -> None:
    shown = read(digests.digest(facts.digest()))
    assert "Still to come: Eve Fox" in shown
    assert "Away: Finn Gray" in shown
    assert "missed" not in shown
    assert "of 5 people" in shown  # the one who is away is not counted


def test_what_was_learned_is_quoted_and_the_details_are_in_the_thread() -> None:
    lines = lines_shown(digests.digest(facts.digest()))
    assert "Learned: “Resellers want a price list before they talk.”" in lines
    assert lines[-1].startswith("Details are in the thread")


def test_what_does_not_fit_into_twelve_lines_is_counted() -> None:
    objectives = tuple(
        DigestObjective(n, "Grow", Decimal("0.2"), Decimal("0.5"), Status.AT_RISK, Decimal(0)) for n in range(30)
    )
    attention = tuple(facts.standing(n) for n in range(1, 31))
    lines = lines_shown(digests.digest(facts.digest(objectives=objectives, attention=attention)))
    assert len(lines) == 12
    shown_objectives = sum(line.startswith("*O-") for line in lines)
    shown_attention = sum(line.startswith("Needs a look") for line in lines)
    assert f"and {30 - shown_objectives} more objectives, none weaker than these" in lines
    assert f"and {30 - shown_attention} more key results need a look: `/okr list Growth at risk`" in lines
    assert min(shown_objectives, shown_attention) >= 1


def test_a_week_in_which_nobody_had_to_answer_says_so() -> None:
    quiet = facts.digest(objectives=(), attention=(), answered=(), missing=(), away=(), learned=(), checked_in=0)
    assert lines_shown(digests.digest(quiet)) == ["*Growth, week of 12 Oct:* nobody had to answer this week."]


def test_a_week_without_answers_invites_late_ones() -> None:
    silent = facts.digest(answered=(), checked_in=0, learned=())
    assert "Late answers are welcome and appear in the thread." in lines_shown(digests.digest(silent))


def test_a_thread_message_tells_one_submission_completely() -> None:
    shown = read(digests.digest_entry(facts.digest_entry()))
    assert "*Ann Carter* checked in, Mon 12 Oct, 09:05 (Europe/Berlin)." in shown
    assert "*KR-3* Revenue per month: €20,000 → *€25,000* · confidence 7" in shown
    assert ">Two new resellers signed" in shown
    assert "*KR-5* Churn: 5.4%, no change" in shown
    assert "*What Ann Carter learned*\n>Resellers want a price list before they talk." in shown
    assert "*What Ann Carter needs*\n>A decision on the price list, from Bo" in shown


def test_late_and_edited_are_said_in_words() -> None:
    shown = digests.digest_entry(facts.digest_entry(late=True, edited=True))
    assert "(Europe/Berlin), late, edited." in read(shown)
    assert "late, edited" in shown.text


def test_what_was_taken_back_is_no_longer_told() -> None:
    shown = read(digests.digest_entry(facts.digest_entry(undone=True)))
    assert shown == "*Ann Carter* took this check-in back."


def test_a_long_learning_is_whole_in_the_thread() -> None:
    learned = "We learned a lot. " * 100
    assert " ".join(learned.split()) in read(digests.digest_entry(facts.digest_entry(learned=learned)))


def test_words_without_a_check_in_are_told_as_such() -> None:
    said = replace(facts.digest_entry(), lines=(), learned="Calls beat mails", needs=None, late=False, edited=False)
    shown = read(digests.digest_entry(said))
    assert "has something to tell" in shown
    assert "checked in" not in shown
    assert "Calls beat mails" in shown
    assert "took this back" in read(digests.digest_entry(replace(said, undone=True)))
