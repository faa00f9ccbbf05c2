"""The developer's drawer: the journal's entries as lines a person can read, filter and copy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.journal import Journal

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


def _pretty(thing: Any) -> str:
    if thing in (None, {}, ""):
        return ""
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
