"""The developer's drawer: the journal's entries as lines a person can read, filter and copy."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.dispatch import Ack
from bot.sandbox.errors import ControlError
from bot.sandbox.journal import KEPT_ENTRIES, Journal
from bot.sandbox.sandbox import Sandbox

NEWEST_SHOWN = 150
LONGEST_PAYLOAD = 20_000

LABELS = {
    "call": "API call",
    "event": "Event",
    "interaction": "Interaction",
    "response_url": "response_url",
    "connection": "Connection",
}


@dataclass(frozen=True)
class Line:
    """One entry as shown; `search` is what the filter looks in."""

    number: int
    kind: str
    label: str
    name: str
    time: str
    ms: str
    outcome: str
    bad: bool
    attempt: int
    key: str
    payload: str
    answer: str
    search: str


_JSON_IN_FORMS = frozenset({"blocks", "attachments", "view", "metadata", "files", "users", "unfurls"})


def _unfolded(thing: Any) -> Any:
    """Clients that send forms write these arguments as JSON in a string; shown as what they mean."""
    if not isinstance(thing, dict):
        return thing
    found = dict(thing)
    for key in _JSON_IN_FORMS & found.keys():
        if isinstance(found[key], str) and found[key][:1] in ("[", "{"):
            with suppress(ValueError):
                found[key] = json.loads(found[key])
    return found


def _pretty(thing: Any) -> str:
    if thing in (None, {}, ""):
        return ""
    thing = _unfolded(thing)
    text = json.dumps(thing, ensure_ascii=False, indent=2, default=str)
    return text if len(text) <= LONGEST_PAYLOAD else text[:LONGEST_PAYLOAD] + "\n… shortened"


def _outcome(entry: dict[str, Any]) -> tuple[str, bool]:
    if entry["failure"]:
        return str(entry["failure"]), True
    answer = entry["answer"]
    if isinstance(answer, dict) and answer.get("ok") is False:
        return str(answer.get("error", "refused")), True
    if isinstance(answer, dict) and "ack" in answer:
        return "acknowledged", False
    if isinstance(answer, dict) and answer.get("ok"):
        return "ok", False
    return "", False


def _line(entry: dict[str, Any]) -> Line:
    payload, answer = _pretty(entry["payload"]), _pretty(entry["answer"])
    outcome, bad = _outcome(entry)
    at = datetime.fromtimestamp(entry["at"], UTC).astimezone()
    return Line(
        number=entry["number"],
        kind=str(entry["kind"]),
        label=LABELS.get(str(entry["kind"]), str(entry["kind"])),
        name=str(entry["name"]),
        time=f"{at:%H:%M:%S}.{at.microsecond // 1000:03d}",
        ms="" if entry["ms"] is None else f"{entry['ms']:.0f} ms",
        outcome=outcome,
        bad=bad,
        attempt=entry["attempt"],
        key=str(entry["key"] or ""),
        payload=payload,
        answer=answer,
        search=f"{entry['name']} {outcome} {payload[:3000]}".lower(),
    )


def lines(journal: Journal) -> list[Line]:
    """The newest entries, newest first; times are real time in this machine's zone."""
    return [_line(entry) for entry in reversed(journal.entries(limit=NEWEST_SHOWN))]


async def send_again(sandbox: Sandbox, number: int, window: str = "") -> str | None:
    """Send an event or interaction of the log once more, a trigger in it replaced by a fresh one of `window`; what went
    wrong, as a sentence. The answer is only noted in the log: a form that is answered twice closes once."""
    found = sandbox.journal.entries(after=number - 1, limit=KEPT_ENTRIES)
    entry = next((one for one in found if one["number"] == number), None)
    if entry is None or entry["kind"] not in ("event", "interaction"):
        raise ControlError("This entry of the log cannot be sent again.")
    if entry["kind"] == "event":
        acked = await sandbox.dispatch.redeliver(str(entry["key"]), 1)
        return None if all(acked) else f"{sandbox.team.app_name} did not acknowledge it."
    payload = copy.deepcopy(entry["payload"])
    user = payload.get("user_id") or (payload.get("user") or {}).get("id")
    if payload.get("trigger_id") and user:
        payload["trigger_id"] = sandbox.tickets.issue_trigger(str(user), window=window)
    kind = "slash_commands" if "command" in payload else "interactive"
    outcome = await sandbox.dispatch.ask(kind, str(entry["name"]), payload)
    return None if isinstance(outcome, Ack) else outcome.sentence
