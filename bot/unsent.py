"""`okr-bot deliveries` as the operator runs it: the database as it stands, and the answers in words and as JSON."""

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.config import Settings, SettingsError
from bot.store.health import database_state
from bot.store.leases import LeaseStands
from bot.store.session import Database
from bot.store.unsent import Listed, Shown
from bot.usecases.unsent import ByHand, Post

LONGEST_NAME = 40
LONGEST_REASON = 200
NOBODY = "Nobody sends at the moment. Start okr-bot run, or see in its log why it does not."


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database as it stands: looking at it changes nothing. Raises SettingsError where it has to be migrated."""
    database = Database(settings.database_url, pool_size=1)
    try:
        state = database_state(database, settings.database_url)
        if state.version != state.wanted:
            known = "run okr-bot migrate, or okr-bot run" if state.version_is_known else "install the newer bot"
            raise SettingsError(f"The {state.place} is not at the version that this bot wants: {known}.")
        yield database
    finally:
        database.dispose()


# --- in words


def told(post: Post, now: datetime, *, narrowed: bool = False) -> str:
    """The summary, then a line for each delivery. narrowed: only some were asked for."""
    return "\n".join([*_summary(post), *_rows(post, now, narrowed)])


def _summary(post: Post) -> Iterator[str]:
    counts = ", ".join(f"{count} {shown}" for shown, count in post.by_shown.items())
    yield f"{_plain(post.workspace, LONGEST_NAME)}: {counts}."
    if post.waiting is not None:
        yield f"The oldest due message has waited for {_lasting(post.waiting)}."
    yield _sender(post.lease)
    if post.events.waiting:
        yield f"Events of Slack that wait for their work: {post.events.waiting}."
    if post.events.given_up:
        why = "; ".join(_plain(each, LONGEST_NAME) for each in post.failures)
        yield f"Events of Slack that were given up: {post.events.given_up}{f' ({why})' if why else ''}."


def _sender(lease: LeaseStands | None) -> str:
    if lease is None or not lease.is_held:
        return NOBODY
    since = "" if lease.since is None else f", for {_lasting(lease.now - lease.since)}"
    return f"{_process(lease.holder)} sends{since}."


def _process(holder: str) -> str:
    host, _, rest = holder.partition(":")
    return f"Process {rest.partition(':')[0]} on {_plain(host, LONGEST_NAME)}" if rest else _plain(holder, LONGEST_NAME)


def _rows(post: Post, now: datetime, narrowed: bool) -> Iterator[str]:
    if not post.rows:
        yield "Nothing of that kind is there." if narrowed else "Nothing waits and nothing went wrong."
        return
    yield ""
    width = max(len(str(each.delivery_id)) for each in post.rows)
    for each in post.rows:
        yield f"{each.delivery_id:>{width}}  {each.shown:<8} {_row(post, each, now)}"
    more = post.found - len(post.rows)
    if more > 0:
        yield f"And {more:,} more: see them with --limit {post.found}."


def _row(post: Post, each: Listed, now: datetime) -> str:
    since = f"{_lasting(now - each.since)} ago" if now - each.since >= timedelta(seconds=1) else "just now"
    line = f"{each.kind.replace('_', ' ')} to {_receiver(post, each)}, {_BEGAN.get(each.shown, '')}{since}"
    if each.reason:
        line += f": {_plain(each.reason, LONGEST_REASON)}"
    if each.next_try is not None:
        line += f"; next try {f'in {_lasting(each.next_try - now)}' if each.next_try > now else 'now'}"
    return line


_BEGAN = {Shown.WAITING: "made ", Shown.HELD: "held ", Shown.SENDING: "begun "}


def _receiver(post: Post, each: Listed) -> str:
    if each.name is not None:
        return _plain(each.name, LONGEST_NAME)
    teams = post.channels.get(each.recipient)
    return f"{each.recipient} (channel of {_plain(teams[0], LONGEST_NAME)})" if teams else each.recipient


def _lasting(time: timedelta) -> str:
    """`40 s`, `12 min`, `3 h`, `2 days`."""
    seconds = max(0, int(time.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 2 * 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 48 * 3600 else f"{seconds // 86400} days"


def done_told(result: ByHand, done: str) -> list[str]:
    """What was done, in words; `done` says what becomes of each."""
    lines = [f"{delivery_id}: {done}" for delivery_id in result.done]
    if result.unsure:
        ids = ", ".join(map(str, result.unsure))
        lines.append(f"Whether {ids} had arrived is not known, so its receiver may get it twice.")
    return lines


def not_done_told(result: ByHand) -> list[str]:
    """What could not be done, and why."""
    return [f"{delivery_id}: {_plain(why, LONGEST_REASON)}." for delivery_id, why in result.not_done.items()]


def _plain(text: str, longest: int) -> str:
    """What people chose, on one line and without what a terminal would obey."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain if len(plain) <= longest else f"{plain[:longest]}…"


# --- for scripts


def as_json(post: Post, now: datetime) -> str:
    """The same for scripts: times in ISO 8601, lasting ones in seconds."""
    lease = post.lease if post.lease is not None and post.lease.is_held else None
    sender = None
    if lease is not None:
        held = None if lease.since is None else _seconds(lease.now - lease.since)
        sender = {"holder": lease.holder, "held_seconds": held}
    return _json(
        {
            "workspace": post.workspace,
            "counts": {shown.value: count for shown, count in post.by_shown.items()},
            "oldest_due_seconds": 0.0 if post.waiting is None else _seconds(post.waiting),
            "sender": sender,
            "events": {"waiting": post.events.waiting, "given_up": post.events.given_up, "failures": post.failures},
            "deliveries": [_row_as_json(each) for each in post.rows],
            "found": post.found,
        }
    )


def _row_as_json(each: Listed) -> dict[str, object]:
    return {
        "id": each.delivery_id,
        "state": each.shown.value,
        "kind": each.kind,
        "to": each.recipient,
        "name": each.name,
        "since": each.since.isoformat(),
        "why": each.reason,
        "next_try": None if each.next_try is None else each.next_try.isoformat(),
        "tries": each.tries,
    }


def _seconds(time: timedelta) -> float:
    return round(max(0.0, time.total_seconds()), 3)


def done_as_json(result: ByHand) -> str:
    """What was changed by hand, for scripts."""
    return _json({"done": result.done, "not_done": {str(each): why for each, why in result.not_done.items()}})


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)
