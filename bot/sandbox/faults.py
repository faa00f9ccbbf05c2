"""Faults on demand: the next N calls of a Web API method fail in a chosen way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ControlError

KINDS: Mapping[str, str] = {
    "429": "429 ratelimited with Retry-After, work not done",
    "500": "500 with an HTML page, work not done",
    "503": "503 with an HTML page, work not done",
    "reset-before": "the connection is reset, work not done",
    "reset-after": "the work is done, then the connection is reset",
    "slow": "the answer is late by `seconds`, work done before",
    "error": "the error code in `error`, work not done",
}


@dataclass
class Fault:
    """What happens to the next `times` calls of `method` (`*`: any)."""

    method: str
    kind: str
    times: int
    retry_after: int = 1
    seconds: float = 5.0
    error: str = "internal_error"


class Faults:
    """The faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, wish: Mapping[str, Any]) -> Fault:
        """Add a fault from the control API's JSON."""
        kind = str(wish.get("kind", ""))
        if kind not in KINDS:
            raise ControlError(f"No such fault: “{kind}”. There are {', '.join(KINDS)}.")
        if not wish.get("method"):
            raise ControlError("A fault needs the method it is for, for example chat.postMessage.")
        fault = Fault(
            method=str(wish["method"]),
            kind=kind,
            times=int(wish.get("times", 1)),
            retry_after=int(wish.get("retry_after", 1)),
            seconds=float(wish.get("seconds", 5)),
            error=str(wish.get("error", "internal_error")),
        )
        if fault.times < 1 or fault.retry_after < 0 or not 0 <= fault.seconds < math.inf:
            raise ControlError("A fault happens at least once, and no time is negative.")
        self._waiting.append(fault)
        return fault

    def take(self, method: str) -> Fault | None:
        """The fault for this call, if one is due; it is used up by one."""
        for fault in self._waiting:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def waiting(self) -> list[Fault]:
        """What is still to come."""
        return list(self._waiting)

    def clear(self) -> None:
        """No more faults."""
        self._waiting.clear()
