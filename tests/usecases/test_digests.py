"""The digest of a team's week: what it says, and what happens to it afterwards."""

from datetime import date, timedelta
from decimal import Decimal

from bot.okr.facts import Digest, DigestEntry
from bot.okr.status import Status
from bot.usecases.checkins import send_form
from bot.usecases.deliverable import Outgoing
from tests.usecases.world import (
    PROMPTED,
    Delivery,
    DigestPost,
    KeyResult,
    Member,
    Objective,
    PostedMessage,
    World,
    at,
    with_typed,
)

TUESDAY = PROMPTED + timedelta(days=1)
FRIDAY = at("2026-10-09 10:00")

Sent = list[tuple[Delivery, Outgoing]]


def closed(world: World, now: object = FRIDAY) -> Sent:
    """Close the round and send everything."""
    world.tick(FRIDAY)
    return world.deliver(FRIDAY)


def digest_in(sent: Sent) -> Digest:
    (facts,) = [outgoing.facts for _, outgoing in sent if isinstance(outgoing.facts, Digest)]
    assert isinstance(facts, Digest)
    return facts


def entries_in(sent: Sent) -> list[DigestEntry]:
    return [outgoing.facts for _, outgoing in sent if isinstance(outgoing.facts, DigestEntry)]


def test_a_digest_says_who_answered_and_who_did_not(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    form = lumen.open("U0ANA", TUESDAY)
    form.learned = "Calls beat mails"
    form.put(1, "50").send(TUESDAY)
    facts = digest_in(closed(lumen))
    assert (facts.team, facts.week_of) == ("Growth", date(2026, 10, 5))
    assert (facts.answered, facts.missing, facts.away) == (("Ana",), ("Bo",), ())
    assert (facts.key_results, facts.checked_in) == (3, 2)
    assert len(facts.learned) == 1
    assert "Calls beat mails" in str(facts.learned[0])


def test_a_digest_rolls_up_by_weight_and_says_how_much_nobody_knows(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth", weight="3")
    (objective,) = lumen.rows(Objective)
    lumen.key_result("U0BO", "Growth", weight="1", objective=objective.id)
    lumen.tick(PROMPTED)
    lumen.say("U0ANA", "1 60", TUESDAY)
    (line,) = digest_in(closed(lumen)).objectives
    assert (line.number, line.progress, line.unknown_share) == (1, Decimal("0.45"), Decimal("0.25"))
    assert line.status is Status.UNKNOWN


def test_a_digest_names_the_weakest_first(lumen: World) -> None:
    lumen.cycle(date(2026, 7, 20), date(2026, 10, 11))
    for _ in range(4):
        lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.say("U0ANA", "1 80 | 2 20 | 3 95 | 4 10", TUESDAY)
    facts = digest_in(closed(lumen))
    assert [each.number for each in facts.attention] == [4, 2, 1]
    assert [each.status for each in facts.attention] == [Status.OFF_TRACK, Status.OFF_TRACK, Status.AT_RISK]


def test_each_submission_has_one_message_in_the_thread(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.key_result("U0ANA", "Quiet")
    lumen.tick(PROMPTED)
    lumen.open("U0ANA", TUESDAY).send(TUESDAY)
    lumen.say("U0BO", "2 5", TUESDAY)
    lumen.say("U0BO", "2 6", TUESDAY + timedelta(hours=1))
    sent = closed(lumen)
    entries = entries_in(sent)
    assert [(each.person.name, [line.number for line in each.lines]) for each in entries] == [
        ("Ana", [1]), ("Bo", [2]), ("Bo", [2])
    ]  # fmt: skip
    (post,) = lumen.rows(DigestPost)
    assert {outgoing.thread_ts for _, outgoing in sent if isinstance(outgoing.facts, DigestEntry)} == {post.ts}
    assert len(lumen.rows(PostedMessage, PostedMessage.digest_post_id == post.id)) == 4
    assert [row for row, _ in lumen.deliver(FRIDAY + timedelta(hours=1))] == []


def test_a_late_answer_appears_in_the_digest_and_is_called_late(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    lumen.say("U0ANA", "1 5", TUESDAY)
    closed(lumen)
    saturday = FRIDAY + timedelta(days=1)
    assert lumen.say("U0BO", "2 7", saturday).late
    sent = lumen.deliver(saturday)
    facts = digest_in(sent)
    assert (facts.answered, facts.missing, facts.checked_in) == (("Ana", "Bo"), (), 2)
    (entry,) = entries_in(sent)
    assert (entry.person.name, entry.late) == ("Bo", True)
    assert {outgoing.update_ts for row, outgoing in sent if row.kind == "digest_refresh"} == {
        lumen.rows(DigestPost)[0].ts
    }


def test_an_answer_sent_again_after_the_digest_edits_it_in_place(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    before = FRIDAY - timedelta(minutes=2)
    command = lumen.open("U0ANA", before).put(1, "5").command()
    lumen.do(send_form, command, before)
    closed(lumen)
    later = FRIDAY + timedelta(minutes=1)
    lumen.do(send_form, with_typed(command, 1, "6"), later)
    sent = lumen.deliver(later)
    (entry,) = entries_in(sent)
    assert (entry.edited, entry.lines[0].after) == (True, Decimal(6))
    assert {row.kind for row, _ in sent} >= {"entry_refresh", "digest_refresh"}
    assert all(outgoing.update_ts for _, outgoing in sent)


def test_an_undo_after_the_digest_is_shown_there(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    before = FRIDAY - timedelta(minutes=5)
    receipt = lumen.say("U0ANA", "1 5", before)
    closed(lumen)
    lumen.undo("U0ANA", receipt.submission, FRIDAY + timedelta(minutes=4))
    sent = lumen.deliver(FRIDAY + timedelta(minutes=4))
    assert digest_in(sent).missing == ("Ana",)
    (entry,) = entries_in(sent)
    assert entry.undone


def test_what_was_undone_before_the_close_is_not_in_the_digest(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    receipt = lumen.say("U0ANA", "1 5", TUESDAY)
    lumen.undo("U0ANA", receipt.submission, TUESDAY)
    sent = closed(lumen)
    assert digest_in(sent).missing == ("Ana",)
    assert entries_in(sent) == []


def test_who_has_left_is_not_blamed(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    lumen.change(Member, lumen.members["U0BO"], deactivated_at=TUESDAY)
    facts = digest_in(closed(lumen))
    assert facts.missing == ("Ana",)
    assert facts.key_results == 1


def test_what_was_set_during_the_week_is_shown_and_not_asked(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth", created_at=TUESDAY)
    lumen.tick(PROMPTED)
    facts = digest_in(closed(lumen))
    assert [each.number for each in facts.objectives] == [1, 2]
    assert (facts.key_results, facts.missing) == (1, ("Ana",))


def test_a_lead_who_answers_for_an_owner_leaves_nobody_missing(lumen: World) -> None:
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    lumen.say("U0LEA", "1 5", TUESDAY)
    facts = digest_in(closed(lumen))
    assert (facts.answered, facts.missing) == (("Lea",), ())


def test_a_team_that_has_nothing_any_more_gets_no_digest(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.change(KeyResult, lumen.row(1).id, dropped_at=TUESDAY)
    assert closed(lumen) == []


def test_a_cycle_that_ends_in_the_middle_of_the_week_still_has_its_digest(lumen: World) -> None:
    lumen.cycle(date(2026, 7, 1), date(2026, 10, 6), "Q3")
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    thursday = at("2026-10-08 09:00")
    receipt = lumen.say("U0ANA", "1 99", thursday)
    assert lumen.row(1).last_as_of == at("2026-10-06 21:59:59")
    assert receipt.late
    sent = closed(lumen)
    assert digest_in(sent).answered == ("Ana",)
    assert entries_in(sent)[0].late


def test_an_answer_in_the_grace_window_is_edited_into_the_last_digest_of_its_cycle(lumen: World) -> None:
    lumen.cycle(date(2026, 7, 1), date(2026, 10, 11), "Q3")
    old = lumen.key_result("U0ANA", "Growth")
    lumen.cycle(date(2026, 10, 12), date(2026, 12, 31), "Q4")
    new = lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    closed(lumen)
    lumen.tick(PROMPTED + timedelta(weeks=1))
    lumen.deliver(PROMPTED + timedelta(weeks=1))
    tuesday = TUESDAY + timedelta(weeks=1)
    lumen.say("U0ANA", f"{old} 90 | {new} 3", tuesday)
    sent = lumen.deliver(tuesday)
    assert digest_in(sent).answered == ("Ana",)
    (entry,) = entries_in(sent)
    assert entry.late
    # One submission about two rounds shows in this thread with all of it that concerns the team.
    assert old in [line.number for line in entry.lines]


def test_words_without_a_check_in_have_their_message_in_the_thread_before_and_after_the_digest(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.open("U0ANA", TUESDAY).put(1, "5").send(TUESDAY)
    form = lumen.open("U0ANA", TUESDAY)
    form.learned, form.needs = "Calls beat mails", "A designer"
    said = form.send(TUESDAY)
    assert said.lines == ()
    sent = closed(lumen)
    words = [each for each in entries_in(sent) if not each.lines]
    assert [(each.submission, each.learned, each.needs, each.late, each.undone) for each in words] == [
        (said.submission, "Calls beat mails", "A designer", False, False)
    ]
    assert len(entries_in(sent)) == 2
    assert digest_in(sent).learned == ("Calls beat mails",)
    after = lumen.open("U0ANA", FRIDAY + timedelta(hours=1))
    after.learned = "Mails on Mondays"
    command = after.command()
    lumen.do(send_form, command, FRIDAY + timedelta(hours=1))
    again = lumen.do(send_form, command, FRIDAY + timedelta(hours=1))
    sent = lumen.deliver(FRIDAY + timedelta(hours=1))
    (entry,) = entries_in(sent)
    assert (entry.submission, entry.learned, entry.lines) == (again.submission, "Mails on Mondays", ())
    assert digest_in(sent).learned == ("Calls beat mails", "Mails on Mondays")


def test_words_alone_leave_nobody_answered_and_can_be_taken_back(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    form = lumen.open("U0ANA", TUESDAY).put(1, None)
    form.needs = "A designer"
    said = form.send(TUESDAY)
    sent = closed(lumen)
    assert (digest_in(sent).answered, digest_in(sent).missing) == ((), ("Ana",))
    assert [each.needs for each in entries_in(sent)] == ["A designer"]
    lumen.undo("U0ANA", said.submission, TUESDAY + timedelta(minutes=5))
    (entry,) = entries_in(lumen.deliver(FRIDAY))
    assert entry.undone


def test_words_of_who_works_on_private_objectives_alone_stay_out_of_the_channel(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    (objective, _) = lumen.rows(Objective)
    lumen.change(Objective, objective.id, private=True)
    lumen.tick(PROMPTED)
    form = lumen.open("U0ANA", TUESDAY).put(1, None)
    form.learned = "Secret"
    form.send(TUESDAY)
    sent = closed(lumen)
    assert entries_in(sent) == []
    assert digest_in(sent).learned == ()
