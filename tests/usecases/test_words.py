"""An answer in words: a message in the DM with the bot."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.okr.facts import Receipt
from bot.okr.prompting import HowToAnswer, WordsNotKept
from bot.slack import words
from bot.slack.views.words import words_answered
from bot.store.tables import InboxRow
from bot.usecases.events import Once, once
from bot.usecases.inbox import KeepEvent, keep_event
from bot.usecases.words import answer_words
from tests.slack.reading import buttons, read
from tests.usecases.world import PROMPTED, TEAM, CheckIn, Submission, World, at

DM = "D0ANA"
HOUR = timedelta(hours=1)
SAID = PROMPTED + HOUR
WEDNESDAY_NINE = at("2026-10-07 07:00")


@pytest.fixture
def asked(lumen: World) -> World:
    """Ana has three key results and was prompted on Monday at nine; the list runs 1 KR-1, 2 KR-2, 3 KR-3."""
    for unit in (None, "€", None):
        lumen.key_result("U0ANA", "Growth", unit=unit, target="100000")
    lumen.tick(PROMPTED)
    lumen.deliver(PROMPTED)
    return lumen


def event(text: str, *, event_id: str = "Ev1", said: Any = SAID, user: str = "U0ANA", **more: Any) -> dict[str, Any]:
    message = {
        "type": "message", "channel": DM, "channel_type": "im", "user": user, "text": text,
        "ts": f"{said.timestamp():.6f}", **more,
    }  # fmt: skip
    return {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": message}


def hear(world: World, body: dict[str, Any], now: Any = SAID) -> None:
    """The event is kept and worked on, as the listener does it."""
    world.do(keep_event, KeepEvent(TEAM, body["event_id"], body), now)
    command = words.answer(body)
    assert command is not None
    world.do(once, Once(body["event_id"], answer_words, command), now)


def replies(world: World, now: Any = SAID) -> list[Any]:
    """The facts of the replies that went out just now."""
    return [outgoing.facts for row, outgoing in world.deliver(now) if row.kind == "words_answered"]


def say(world: World, text: str, now: Any = SAID, **more: Any) -> Any:
    """Write a message and get its reply."""
    hear(world, event(text, said=now, event_id=f"Ev{now}", **more), now)
    (facts,) = replies(world, now)
    return facts


def not_kept(world: World, text: str, **more: Any) -> WordsNotKept:
    before = world.how_many(Submission)
    facts = say(world, text, **more)
    assert isinstance(facts, WordsNotKept)
    assert world.how_many(Submission) == before
    return facts


# --- saved


def test_places_in_the_list_and_ids_are_saved_together_and_answered_with_a_receipt(asked: World) -> None:
    facts = say(asked, "1 45k 8 waiting on legal | 2 = | KR-3 done")
    assert isinstance(facts, Receipt)
    assert [(line.number, line.before, line.after, line.confidence, line.note) for line in facts.lines] == [
        (1, Decimal(0), Decimal(45000), 8, "waiting on legal"),
        (2, Decimal(0), Decimal(0), None, None),
        (3, Decimal(0), Decimal(100000), None, None),
    ]
    (kept,) = asked.rows(Submission)
    assert (kept.source, kept.submitted_at) == ("words", SAID)
    assert buttons(words_answered(facts)) == ["Edit", "Undo"]


def test_the_prompt_turns_into_the_receipt_as_well(asked: World) -> None:
    hear(asked, event("1 5"))
    (prompt,) = asked.deliveries("prompt")
    (receipt,) = asked.deliveries("receipt")
    assert receipt.arguments["ts"] == prompt.ts


def test_an_undo_changes_the_reply(asked: World) -> None:
    facts = say(asked, "1 5")
    asked.undo("U0ANA", facts.submission, SAID + timedelta(minutes=1))
    (reply,) = asked.deliveries("words_answered")
    went = asked.deliver(SAID + timedelta(minutes=1))
    assert reply.ts in [outgoing.update_ts for _, outgoing in went]
    assert asked.value(1) is None


def test_no_change_alone_answers_everything_that_is_due(asked: World) -> None:
    facts = say(asked, "No change.")
    assert [(line.number, line.unchanged) for line in facts.lines] == [(1, True), (2, True), (3, True)]
    again = not_kept(asked, "=", now=SAID + HOUR)
    assert again.wrong[0].startswith("Nothing waits for your answer any more.")


def test_with_one_key_result_its_value_is_enough(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.deliver(PROMPTED)
    assert say(lumen, "45").lines[0].after == 45
    assert say(lumen, "+3 7 on the way", SAID + HOUR).lines[0].after == 48
    assert say(lumen, "done", SAID + 2 * HOUR).lines[0].after == 100


def test_it_counts_for_the_moment_it_was_written(asked: World) -> None:
    due = at("2026-10-07 15:00")
    hear(asked, event("1 5", said=due - HOUR), due + HOUR)
    (facts,) = replies(asked, due + HOUR)
    assert not facts.late
    assert asked.rows(CheckIn)[0].as_of == due - HOUR


# --- which list


def test_numbers_mean_the_newest_list_and_below_a_message_the_one_it_shows(asked: World) -> None:
    say(asked, "2 7")
    asked.tick(WEDNESDAY_NINE)
    assert [row.kind for row, _ in asked.deliver(WEDNESDAY_NINE)] == ["reminder"]
    (prompt,), (reminder,) = asked.deliveries("prompt"), asked.deliveries("reminder")
    assert (prompt.arguments["listed"], reminder.arguments["listed"]) == ([1, 2, 3], [1, 3])
    assert [line.number for line in say(asked, "2 9", WEDNESDAY_NINE + HOUR).lines] == [3]
    below = say(asked, "2 8", WEDNESDAY_NINE + 2 * HOUR, thread_ts=prompt.ts)
    assert [(line.number, line.after) for line in below.lines] == [(2, 8)]
    (*_, reply) = asked.deliveries("words_answered")
    assert reply.arguments["thread_ts"] == prompt.ts


def test_a_prompt_that_was_answered_still_tells_the_numbers(asked: World) -> None:
    asked.say("U0ANA", "1 5 | 2 6 | 3 7", SAID)
    asked.deliver(SAID)
    assert [(line.number, line.before, line.after) for line in say(asked, "3 9", SAID + HOUR).lines] == [(3, 7, 9)]


def test_a_number_beyond_the_list_is_told_and_nothing_is_saved(asked: World) -> None:
    told = not_kept(asked, "1 5 | 7 8")
    assert told.understood == ("KR-1 as 5",)
    assert told.wrong == (
        "There is no number 7 in my last list, which has 3 key results. If you mean KR-7, write it so.",
    )
    assert asked.open("U0ANA", SAID).facts.drafted[0].value == "5"


def test_without_a_list_ids_are_asked_for(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    assert "I have sent you no list yet" in not_kept(lumen, "1 5").wrong[0]
    assert [line.number for line in say(lumen, "KR-1 5", SAID + HOUR).lines] == [1]


# --- not understood


def test_what_was_not_understood_waits_in_the_form_beside_what_was(asked: World) -> None:
    told = not_kept(asked, "1 45k 8 waiting on legal | 2 $70 6 soon | 3 12 99 bottles")
    assert told.understood == ("KR-1 as 45,000, confidence 8",)
    assert len(told.wrong) == 2
    assert "number 3" in told.wrong[0]
    assert told.wrong[1].startswith("KR-2: ")
    assert told.in_form
    shown = words_answered(told)
    assert buttons(shown) == ["Open Check-in"]
    assert "Nothing was saved" not in read(shown)
    drafted = {each.number: each for each in asked.open("U0ANA", SAID).facts.drafted}
    assert [(drafted[n].value, drafted[n].confidence, drafted[n].note) for n in (1, 2, 3)] == [
        ("45000", 8, "waiting on legal"),
        ("$70", 6, "soon"),
        ("0", None, "3 12 99 bottles"),
    ]


def test_somebody_else_s_key_result_is_refused_and_nothing_of_the_message_saved(asked: World) -> None:
    number = asked.key_result("U0OLU", "Quiet")
    told = not_kept(asked, f"1 5 | KR-{number} 8 | KR-99 1")
    assert [text.split(" ")[0] for text in told.wrong] == [f"KR-{number}", "There"]


WRONG = (
    ("1 5 | KR-1 6", "KR-1 stands in your message twice"),
    ("1", "I read number 1 (KR-1), but no value after it."),
    ("1 5 | 2", "no value after it"),
    ("done", "I can't tell which key result “done” is for"),
    ("45k 8 going well", "I can't tell which key result"),
    ("0 5", "it begins with number 1"),
    ("1 5 | and so on", "begins with no number of the list"),
    ('1 5 "never ends | 2 6', "never ends"),
    ("KR-1", "no value after it"),
    ("O-1 5 | 1 5", "begins with no number of the list"),
    (" | ".join(f"{n} 5" for n in range(1, 60)), "more than 50 answers"),
)


def test_what_cannot_be_saved_is_told(asked: World) -> None:
    for minute, (text, why) in enumerate(WRONG):
        assert why in " ".join(not_kept(asked, text, now=SAID + timedelta(minutes=minute)).wrong), text


HOSTILE = (
    "&lt;!channel&gt; <!here> *bold* `code`",
    "شكرا جزيلا على المساعدة",
    "x" * 10_000,
    "👩‍👩‍👧‍👦 🎉",
    "a & b \"quoted' \\ %s {0}",
)


def test_hostile_text_is_kept_or_told_without_harm(asked: World) -> None:
    texts = [text for note in HOSTILE for text in (f"1 5 8 {note}", f"1 {note}", f"1 5 | {note}")]
    for minute, text in enumerate(texts):
        shown = words_answered(say(asked, text, SAID + timedelta(minutes=minute)))
        assert "<!" not in str(shown)
        assert len(shown.blocks) <= 50


# --- something else


def test_something_else_is_answered_once_a_day(asked: World) -> None:
    facts = say(asked, "thanks!")
    assert isinstance(facts, HowToAnswer)
    assert "`1 45k 8 note | 2 =`" in read(words_answered(facts))
    for minute, text in enumerate(["hello", "help", "ok | fine", "<!channel> " + "ha" * 5000], 1):
        hear(asked, event(text, event_id=f"Ev{minute}", said=SAID + timedelta(minutes=minute)))
    assert replies(asked, SAID + HOUR) == []
    assert isinstance(say(asked, "help", SAID + timedelta(days=1)), HowToAnswer)


# --- events


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_events_one_to_four_times_in_any_order_are_one_answer_each(asked: World, order: tuple[int, ...]) -> None:
    said = [
        event("1 5", event_id="EvA"),
        event("1 5", event_id="EvB"),  # another event about the same message
        event("1 7", event_id="EvC", said=SAID + timedelta(seconds=1)),
    ]
    now = SAID + timedelta(seconds=5)
    for times, index in enumerate(order, 2):
        for _ in range(times):
            hear(asked, said[index], now)
    assert asked.value(1) == 7
    assert asked.how_many(Submission) == 2
    assert len(replies(asked, now)) == 2
    assert all(row.processed_at for row in asked.rows(InboxRow))
