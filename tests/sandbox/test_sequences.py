"""Whatever is done in whatever order, the local Slack agrees with a model small enough to be believed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bench.sandbox_state import contradictions, snapshot
from bot.sandbox import interactions, membership, messages, places, submissions
from bot.sandbox.api import answer_call
from bot.sandbox.errors import ControlError, Refused
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import manifest
from tests.sandbox.samples.driving import Listening, words

Json = dict[str, Any]

PEOPLE = ("U0ANA", "U0MARIA", "U0TOM")
CHANNELS = ("C0GENERAL", "C0SALES", "C0OLDOFFICE")
EMOJI = ("tada", "bulb", "thumbsup::skin-tone-3")

people, channels, emoji = st.sampled_from(PEOPLE), st.sampled_from(CHANNELS), st.sampled_from(EMOJI)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(
    str.strip
)
which = st.integers(0, 1_000)


@dataclass
class Said:
    """What the model knows of a message."""

    channel: str
    ts: str
    text: str
    thread_ts: str | None
    by_bot: bool
    reactions: dict[str, list[str]] = field(default_factory=dict)


def form(title: str) -> Json:
    button = {"type": "button", "action_id": "more", "text": words("More")}
    typed = {"type": "plain_text_input", "action_id": "typed"}
    return {
        "type": "modal",
        "title": words(title),
        "submit": words("Send"),
        "notify_on_close": True,
        "blocks": [
            {"type": "input", "block_id": "b", "optional": True, "label": words("Label"), "element": typed},
            {"type": "actions", "block_id": "row", "elements": [button]},
        ],
    }


class Conversations(RuleBasedStateMachine):
    """Messages, reactions, members, modals and Home under every order of calls, clicks, restarts and moved clocks."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.said: dict[tuple[str, str], Said] = {}
        self.tombstones: set[tuple[str, str]] = set()
        self.stacks: dict[str, list[str]] = {user: [] for user in PEOPLE}
        self.hashes: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.last_ts = ""
        self.app = Listening()
        self.sandbox = self._begin()
        self.members = {one: set(self.sandbox.workspace.channels[one].members) for one in CHANNELS}
        for timeline in self.sandbox.workspace.timelines.values():
            for one in timeline.by_ts.values():
                self._remember(Said(one.channel, one.ts, one.text, None, by_bot=False))

    def _begin(self) -> Sandbox:
        sandbox = Sandbox(data=Path(self.folder.name), manifest=manifest(), rate_limits=False, retry_delays=())
        sandbox.dispatch.transports.insert(0, self.app)
        return sandbox

    def teardown(self) -> None:
        self.do(self.sandbox.close())
        self.loop.close()
        self.folder.cleanup()

    # -- how things are done ---------------------------------------------------------------------------------------

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        async def and_let_events_out() -> Any:
            answer = await work
            await asyncio.sleep(0)
            return answer

        return self.loop.run_until_complete(and_let_events_out())

    def call(self, method: str, **arguments: Any) -> Json:
        async def run() -> Json:
            return answer_call(self.sandbox, method, arguments, "xoxb-sandbox").body

        answer: Json = self.do(run())
        return answer

    def person(self, user: str) -> Any:
        return self.sandbox.workspace.people[user]

    def channel(self, channel: str) -> Any:
        return self.sandbox.workspace.channels[channel]

    def pick(self, number: int, *, by_bot: bool | None = None) -> Said | None:
        fitting = [one for one in self.said.values() if by_bot in (None, one.by_bot)]
        return fitting[number % len(fitting)] if fitting else None

    def _remember(self, one: Said) -> None:
        assert one.ts > self.last_ts, "ts is strictly increasing"
        self.last_ts = one.ts
        self.said[one.channel, one.ts] = one

    def replies_of(self, channel: str, ts: str) -> list[str]:
        return sorted(one.ts for one in self.said.values() if one.thread_ts == ts and one.channel == channel)

    def _forget(self, one: Said) -> None:
        del self.said[one.channel, one.ts]
        if self.replies_of(one.channel, one.ts):
            self.tombstones.add((one.channel, one.ts))
        elif one.thread_ts and not self.replies_of(one.channel, one.thread_ts):
            self.tombstones.discard((one.channel, one.thread_ts))

    def root_of(self, one: Said | None) -> str | None:
        return None if one is None else one.thread_ts or one.ts

    # -- messages --------------------------------------------------------------------------------------------------

    @rule(channel=channels, text=texts, number=which, in_thread=st.booleans())
    def the_app_posts(self, channel: str, text: str, number: int, in_thread: bool) -> None:
        parent = self.pick(number) if in_thread else None
        root = self.root_of(parent) if parent and parent.channel == channel else None
        answer = self.call("chat.postMessage", channel=channel, text=text, thread_ts=root)
        if channel == "C0OLDOFFICE":
            assert answer["error"] == "is_archived"
        else:
            assert answer["ok"], answer
            self._remember(Said(channel, answer["ts"], text, root, by_bot=True))

    @rule(user=people, channel=channels, number=which, in_thread=st.booleans())
    def somebody_says_something(self, user: str, channel: str, number: int, in_thread: bool) -> None:
        parent = self.pick(number) if in_thread else None
        root = self.root_of(parent) if parent and parent.channel == channel else None
        try:
            done = self.do(
                interactions.say(self.sandbox, self.person(user), self.channel(channel), "hello", thread_ts=root)
            )
        except ControlError:
            assert channel == "C0OLDOFFICE" or user not in self.members[channel]
            return
        assert user in self.members[channel]
        self._remember(Said(channel, done["ts"], "hello", root, by_bot=False))

    @precondition(lambda self: self.said)
    @rule(number=which, text=texts)
    def the_app_edits(self, number: int, text: str) -> None:
        one = self.pick(number)
        assert one is not None
        answer = self.call("chat.update", channel=one.channel, ts=one.ts, text=text)
        if one.by_bot:
            assert answer["text"] == text
            one.text = text
        else:
            assert answer["error"] == "cant_update_message"

    @precondition(lambda self: self.said)
    @rule(number=which)
    def the_app_deletes(self, number: int) -> None:
        one = self.pick(number)
        assert one is not None
        answer = self.call("chat.delete", channel=one.channel, ts=one.ts)
        if one.by_bot:
            assert answer["ok"]
            self._forget(one)
            assert self.call("chat.delete", channel=one.channel, ts=one.ts)["error"] == "message_not_found"
        else:
            assert answer["error"] == "cant_delete_message"

    @precondition(lambda self: self.said)
    @rule(number=which, user=people, name=emoji, takes_back=st.booleans())
    def somebody_reacts(self, number: int, user: str, name: str, takes_back: bool) -> None:
        one = self.pick(number)
        assert one is not None
        before = user in one.reactions.get(name, [])
        message = self.sandbox.workspace.message(one.channel, one.ts)
        change = messages.unreact if takes_back else messages.react

        async def run() -> str | None:
            try:
                change(self.sandbox, message, name, self.person(user))
            except Refused as refusal:
                return refusal.code
            return None

        refused = self.do(run())
        if before != takes_back:
            assert refused == ("already_reacted" if before else "no_reaction")
        elif takes_back:
            one.reactions[name].remove(user)
            if not one.reactions[name]:
                del one.reactions[name]
        else:
            one.reactions.setdefault(name, []).append(user)

    # -- members ---------------------------------------------------------------------------------------------------

    @rule(user=st.sampled_from([*PEOPLE, "U0SANDBOXBOT"]), channel=channels, leaves=st.booleans())
    def somebody_joins_or_leaves(self, user: str, channel: str, leaves: bool) -> None:
        async def run() -> bool:
            change = membership.leave if leaves else membership.join
            try:
                change(self.sandbox, self.channel(channel), self.person(user))
            except ControlError:
                return False
            return True

        inside = user in self.members[channel]
        if self.do(run()):
            assert inside == leaves
            (self.members[channel].discard if leaves else self.members[channel].add)(user)
        else:
            assert inside != leaves or channel == "C0GENERAL" or channel == "C0OLDOFFICE"

    # -- views -----------------------------------------------------------------------------------------------------

    def _trigger_of(self, user: str, number: int) -> str:
        if self.stacks[user] and number % 2:
            place = places.in_view(self.sandbox, self.person(user), self.stacks[user][-1])
            self.do(interactions.press(self.sandbox, self.person(user), place, "more"))
        else:
            self.do(interactions.run_command(self.sandbox, self.person(user), self.channel("C0GENERAL"), "/okr", ""))
        return str(self.app.last()["trigger_id"])

    @rule(user=people, number=which)
    def a_modal_opens(self, user: str, number: int) -> None:
        trigger = self._trigger_of(user, number)
        answer = self.call("views.open", trigger_id=trigger, view=form("Open"))
        assert answer["ok"], answer
        self.stacks[user] = [answer["view"]["id"]]
        self.hashes[answer["view"]["id"]] = answer["view"]["hash"]
        again = self.call("views.open", trigger_id=trigger, view=form("Again"))
        assert again["error"] == "exchanged_trigger_id"

    @rule(user=people, number=which)
    def a_modal_is_pushed(self, user: str, number: int) -> None:
        from_modal = bool(self.stacks[user] and number % 2)
        answer = self.call("views.push", trigger_id=self._trigger_of(user, number), view=form("Push"))
        if not from_modal:
            assert answer["error"] == "not_found"
        elif len(self.stacks[user]) == 3:
            assert answer["error"] == "push_limit_reached"
        else:
            assert answer["view"]["previous_view_id"] == self.stacks[user][-1]
            assert answer["view"]["root_view_id"] == self.stacks[user][0]
            self.stacks[user].append(answer["view"]["id"])
            self.hashes[answer["view"]["id"]] = answer["view"]["hash"]

    @precondition(lambda self: self.hashes)
    @rule(number=which, stale=st.booleans())
    def a_view_is_updated(self, number: int, stale: bool) -> None:
        view_id = list(self.hashes)[number % len(self.hashes)]
        is_open = any(view_id in stack for stack in self.stacks.values())
        given = "1.stale" if stale else self.hashes[view_id]
        answer = self.call("views.update", view_id=view_id, hash=given, view=form("Update"))
        if not is_open:
            assert answer["error"] == "not_found"
        elif stale:
            assert answer["error"] == "hash_conflict"
        else:
            assert answer["view"]["hash"] != given
            self.hashes[view_id] = answer["view"]["hash"]

    @precondition(lambda self: any(self.stacks.values()))
    @rule(number=which, answer=st.sampled_from([None, "push", "update", "clear", "errors", "nonsense"]))
    def a_modal_is_sent(self, number: int, answer: str | None) -> None:
        fitting = [user for user, stack in self.stacks.items() if stack]
        user = fitting[number % len(fitting)]
        top = self.stacks[user][-1]
        self.app.answer = answer and {"response_action": answer, "view": form("Next"), "errors": {"b": "No."}}
        result = self.do(submissions.submit(self.sandbox, self.person(user), top, {"b": "typed"}))
        if answer is None:
            self.stacks[user].pop()
        elif answer == "clear":
            self.stacks[user] = []
        elif answer == "push" and len(self.stacks[user]) < 3:
            self.stacks[user].append(result["view"]["id"])
            self.hashes[result["view"]["id"]] = result["view"]["hash"]
        elif answer == "update":
            assert result["outcome"] == "updated"
            self.hashes[top] = result["view"]["hash"]
        else:
            assert result["outcome"] == ("errors" if answer == "errors" else "failure")

    @precondition(lambda self: any(self.stacks.values()))
    @rule(number=which, everything=st.booleans())
    def a_modal_is_closed(self, number: int, everything: bool) -> None:
        fitting = [user for user, stack in self.stacks.items() if stack]
        user = fitting[number % len(fitting)]
        self.do(submissions.close(self.sandbox, self.person(user), self.stacks[user][-1], everything=everything))
        told = self.app.last()
        assert (told["type"], told["is_cleared"]) == ("view_closed", everything)
        assert told["view"]["id"] == self.stacks[user][0 if everything else -1]
        self.stacks[user] = [] if everything else self.stacks[user][:-1]

    @rule(user=people, stale=st.booleans())
    def a_home_is_published(self, user: str, stale: bool) -> None:
        home = {"type": "home", "blocks": [{"type": "divider"}]}
        given = "1.stale" if stale else self.homes.get(user, "")
        answer = self.call("views.publish", user_id=user, view=home, hash=given)
        if stale and user in self.homes:
            assert answer["error"] == "hash_conflict"
        else:
            self.homes[user] = answer["view"]["hash"]

    # -- the world -------------------------------------------------------------------------------------------------

    @rule(hours=st.integers(-2_000, 2_000))
    def the_clock_moves(self, hours: int) -> None:
        self.sandbox.clock.move_to(self.sandbox.clock.now() + timedelta(hours=hours))

    @rule(number=which)
    def an_event_comes_again(self, number: int) -> None:
        sent = self.sandbox.dispatch.events()
        if sent:
            assert self.do(self.sandbox.dispatch.redeliver(sent[number % len(sent)]["event_id"], 2)) == [True, True]

    @rule()
    def it_starts_again(self) -> None:
        before = snapshot(self.sandbox.workspace)
        self.do(self.sandbox.close())
        self.sandbox = self._begin()
        assert snapshot(self.sandbox.workspace) == before

    # -- what always holds -----------------------------------------------------------------------------------------

    @invariant()
    def nothing_contradicts_itself(self) -> None:
        assert contradictions(self.sandbox) == []

    @invariant()
    def history_and_threads_are_what_was_said(self) -> None:
        for channel in ("C0GENERAL", "C0SALES"):
            if "U0SANDBOXBOT" not in self.members[channel]:
                assert self.call("conversations.history", channel=channel)["error"] == "not_in_channel"
                continue
            roots = [one.ts for one in self.said.values() if one.channel == channel and one.thread_ts is None]
            roots += [ts for where, ts in self.tombstones if where == channel]
            shown = self.call("conversations.history", channel=channel, limit=999)["messages"]
            assert [one["ts"] for one in shown] == sorted(roots, reverse=True)
            for message in shown:
                self._agrees(channel, message)

    def _agrees(self, channel: str, message: Json) -> None:
        ts = message["ts"]
        known = self.said.get((channel, ts)) or Said(channel, ts, "This message was deleted.", None, by_bot=False)
        assert (message.get("subtype") == "tombstone") == ((channel, ts) in self.tombstones)
        assert message["text"] == known.text
        reactions = {one["name"]: one["users"] for one in message.get("reactions", [])}
        assert reactions == known.reactions
        assert all(one["count"] == len(set(one["users"])) for one in message.get("reactions", []))
        replies = self.replies_of(channel, ts)
        assert message.get("reply_count", 0) == len(replies)
        assert message.get("latest_reply") == (replies[-1] if replies else None)
        thread = self.call("conversations.replies", channel=channel, ts=ts)["messages"]
        assert [one["ts"] for one in thread] == [ts, *replies]

    @invariant()
    def members_and_modals_are_as_the_model_says(self) -> None:
        for channel, members in self.members.items():
            assert set(self.call("conversations.members", channel=channel, limit=999)["members"]) == members
        for user, stack in self.stacks.items():
            assert [view.id for view in self.sandbox.workspace.open_views(user)] == stack


TestConversations = Conversations.TestCase
TestConversations.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # making a long sequence shorter takes minutes
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
