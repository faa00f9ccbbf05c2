"""What can go wrong: a sentence for whoever starts the local Slack, or an error code for the app that calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class SandboxError(Exception):
    """Something whoever starts the local Slack must change (port in use, unreadable seed); the text is a sentence."""


class ControlError(Exception):
    """A call of the control API that makes no sense (no such person, no such button); the text is a sentence."""


class Refused(Exception):
    """The Web API answers `{"ok": false, "error": code, ...}` as Slack would."""

    def __init__(self, code: str, *, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.extra = extra

    def as_answer(self) -> dict[str, Any]:
        """The JSON body of the refusal."""
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return answer
