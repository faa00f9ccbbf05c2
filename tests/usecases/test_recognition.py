"""A reaction on a check-in's message is recognition, and taking it off takes it back."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.okr.errors import NotAllowed
from bot.okr.facts import DigestEntry, RecognitionNotice
from bot.okr.recognition import DAILY_ALLOWANCE
from bot.store.tables import RecognisedKeyResult, Recognition
from bot.usecases.actors import Actor, UnknownMember
from bot.usecases.recognition import Outcome, Reaction, react
from tests.databases import TestDatabases
from tests.usecases.world import PROMPTED, TEAM, DigestPost, Member, PostedMessage, World, at, company, world_on

FRIDAY = at("2026-10-09 10:00")
LATER = FRIDAY + timedelta(hours=1)


def with_thread(world: World, submissions: int = 1) -> World:
    """A digest of Growth with this many submissions of Ana's in its thread; the first is about Quiet too."""
    world.key_result("U0ANA", "Growth")
    world.key_result("U0ANA", "Quiet")
    world.tick(PROMPTED)
    world.say("U0ANA", "1 5 | 2 6", PROMPTED + timedelta(hours=1))
    for index in range(1, submissions):
        world.say("U0ANA", f"1 {index + 10}", PROMPTED + timedelta(hours=1, minutes=index))
    world.tick(FRIDAY)
    world.deliver(FRIDAY)
    return world


@pytest.fixture
def thread(lumen: World) -> World:
    return with_thread(lumen)


def entries(world: World) -> list[PostedMessage]:
    return world.rows(PostedMessage, PostedMessage.submission_id.is_not(None), PostedMessage.channel == "C0GROWTH")


def reaction(
    world: World,
    who: str = "U0LEA",
    emoji: str = "tada",
    *,
    added: bool = True,
    when: datetime = LATER,
    entry: int = 0,
) -> Reaction:
    message = entries(world)[entry]
    return Reaction(Actor(TEAM, who), message.channel, message.ts, emoji, added, when)


def standing(world: World) -> list[Recognition]:
    return world.rows(Recognition, Recognition.withdrawn_at.is_(None))


def test_a_lead_s_reaction_is_kept_with_its_kind_and_told_once(thread: World) -> None:
    assert thread.do(react, reaction(thread), LATER) is Outcome.KEPT
    (kept,) = standing(thread)
    assert (kept.giver_id, kept.receiver_id) == (thread.members["U0LEA"], thread.members["U0ANA"])
    assert (kept.kind, kept.emoji, kept.by_lead) == ("result", "tada", True)
    ((row, outgoing),) = thread.deliver(LATER)
    assert row.recipient == "U0ANA"
    assert isinstance(outgoing.facts, RecognitionNotice)
    assert (outgoing.facts.giver, outgoing.facts.by_lead) == ("Lea", True)
    assert outgoing.facts.key_results == ("KR-1 Key result 1",)


def test_only_the_key_results_told_in_this_team_s_thread_are_recognised(thread: World) -> None:
    thread.do(react, reaction(thread), LATER)
    assert [row.key_result_id for row in thread.rows(RecognisedKeyResult)] == [thread.row(1).id]


@pytest.mark.parametrize(
    ("emoji", "kind"),
    [
        ("tada", "result"),
        ("muscle", "effort"),
        ("muscle::skin-tone-5", "effort"),
        ("bulb", "learning"),
        ("raised_hands::skin-tone-2", "candour"),
    ],
)
def test_each_emoji_has_its_kind_whatever_its_skin(on_sqlite: World, emoji: str, kind: str) -> None:
    world = with_thread(on_sqlite)
    world.do(react, reaction(world, emoji=emoji), LATER)
    assert [row.kind for row in standing(world)] == [kind]


def test_skin_tones_of_one_emoji_are_one_recognition(on_sqlite: World) -> None:
    world = with_thread(on_sqlite)
    world.do(react, reaction(world, emoji="muscle"), LATER)
    world.do(react, reaction(world, emoji="muscle::skin-tone-4", when=LATER + timedelta(seconds=1)), LATER)
    assert len(standing(world)) == 1


def test_other_emoji_and_other_messages_mean_nothing(on_sqlite: World) -> None:
    world = with_thread(on_sqlite)
    assert world.do(react, reaction(world, emoji="eyes"), LATER) is Outcome.IGNORED
    elsewhere = Reaction(Actor(TEAM, "U0LEA"), "C0GROWTH", "1.1", "tada", True, LATER)
    assert world.do(react, elsewhere, LATER) is Outcome.IGNORED
    assert standing(world) == []


def test_nobody_recognises_themselves(on_sqlite: World) -> None:
    world = with_thread(on_sqlite)
    assert world.do(react, reaction(world, "U0ANA"), LATER) is Outcome.SELF
    assert standing(world) == []


def test_a_bot_recognises_nobody(on_sqlite: World) -> None:
    world = with_thread(on_sqlite)
    world.member("U0BOT", "OKR Bot", is_bot=True)
    with pytest.raises(NotAllowed):
        world.do(react, reaction(world, "U0BOT"), LATER)
    with pytest.raises(UnknownMember):
        world.do(react, reaction(world, "U0STRANGE"), LATER)
    assert standing(world) == []


def test_a_reaction_on_the_digest_itself_credits_nobody_and_says_where_to_react(on_sqlite: World) -> None:
    world = with_thread(on_sqlite)
    (post,) = world.rows(DigestPost)
    for added, outcome in ((True, Outcome.HINT), (False, Outcome.IGNORED)):
        command = Reaction(Actor(TEAM, "U0LEA"), post.channel, post.ts, "tada", added, LATER)
        assert world.do(react, command, LATER) is outcome
    assert standing(world) == []


@pytest.mark.parametrize(("who", "marked"), [("U0LEA", True), ("U0SAM", True), ("U0BO", False), ("U0CLEO", False)])
def test_lead_and_sponsor_are_marked(on_sqlite: World, who: str, marked: bool) -> None:
    world = with_thread(on_sqlite)
    world.do(react, reaction(world, who), LATER)
    assert [row.by_lead for row in standing(world)] == [marked]


def test_taking_the_emoji_off_before_the_note_went_drops_the_note(thread: World) -> None:
    thread.do(react, reaction(thread), LATER)
    off = reaction(thread, added=False, when=LATER + timedelta(seconds=1))
    assert thread.do(react, off, LATER) is Outcome.WITHDRAWN
    assert standing(thread) == []
    assert thread.deliver(LATER) == []


def test_adding_and_removing_over_and_over_tells_once(on_sqlite: World) -> None:
    world = with_thread(on_sqlite)
    for second in range(6):
        added = second % 2 == 0
        world.do(react, reaction(world, added=added, when=LATER + timedelta(seconds=second)), LATER)
    world.do(react, reaction(world, when=LATER + timedelta(seconds=9)), LATER)
    assert len(standing(world)) == 1
    assert len(world.deliveries("recognition")) == 1


# --- the allowance


def test_ten_a_day_by_the_giver_s_own_clock(on_sqlite: World) -> None:
    world = with_thread(on_sqlite, DAILY_ALLOWANCE + 1)
    world.change(Member, world.members["U0BO"], zone="America/Los_Angeles")
    evening = at("2026-10-10 06:59")  # Friday 23:59 in Los Angeles
    for entry in range(DAILY_ALLOWANCE):
        assert world.do(react, reaction(world, "U0BO", entry=entry), evening) is Outcome.KEPT
    assert world.do(react, reaction(world, "U0BO", entry=10), evening) is Outcome.ALLOWANCE_USED
    assert world.do(react, reaction(world, "U0LEA", entry=10), evening) is Outcome.KEPT
    assert world.do(react, reaction(world, "U0BO", entry=10), evening + timedelta(minutes=1)) is Outcome.KEPT


def test_one_taken_back_is_free_again_and_cannot_be_had_twice(on_sqlite: World) -> None:
    world = with_thread(on_sqlite, DAILY_ALLOWANCE + 1)
    for entry in range(DAILY_ALLOWANCE):
        world.do(react, reaction(world, "U0BO", entry=entry), LATER)
    off = reaction(world, "U0BO", added=False, when=LATER + timedelta(seconds=1))
    assert world.do(react, off, LATER) is Outcome.WITHDRAWN
    assert world.do(react, reaction(world, "U0BO", entry=10), LATER) is Outcome.KEPT
    again = reaction(world, "U0BO", when=LATER + timedelta(seconds=2))
    assert world.do(react, again, LATER) is Outcome.ALLOWANCE_USED
    assert len(standing(world)) == DAILY_ALLOWANCE


# --- events come in any order, and more than once


@settings(max_examples=12)
@given(data=st.data())
def test_the_newest_event_decides_whatever_the_order(databases: TestDatabases, data: st.DataObject) -> None:
    history = data.draw(st.lists(st.booleans(), min_size=1, max_size=5))
    arriving = data.draw(st.permutations([*range(len(history)), *range(len(history))]))
    with databases.sqlite() as url, world_on(url) as world:
        with_thread(company(world))
        for index in arriving:
            command = reaction(world, added=history[index], when=LATER + timedelta(seconds=index))
            world.do(react, command, LATER + timedelta(minutes=1))
        assert bool(standing(world)) is history[-1]
        assert len(world.deliveries("recognition")) <= 1
        notices = [out for _, out in world.deliver(LATER + timedelta(minutes=2))]
        assert len(notices) == (1 if history[-1] else 0)
        assert not any(isinstance(out.facts, DigestEntry) for out in notices)
