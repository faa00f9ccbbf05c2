"""What the inputs of a modal hold, as Slack sends it with every press."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

Payload = Mapping[str, Any]


class Entered:
    """What a view's inputs hold. An input's action_id is its block_id."""

    def __init__(self, view: Payload) -> None:
        self._values: Payload = (view.get("state") or {}).get("values") or {}

    def _entry(self, block_id: str) -> Payload:
        return (self._values.get(block_id) or {}).get(block_id) or {}

    def text(self, block_id: str) -> str | None:
        value = self._entry(block_id).get("value")
        return value if isinstance(value, str) and value.strip() else None

    def choice(self, block_id: str) -> str | None:
        entry = self._entry(block_id)
        chosen = entry.get("selected_option")
        if chosen:
            return str(chosen["value"])
        for key in ("selected_conversation", "selected_channel", "selected_user"):
            if entry.get(key):
                return str(entry[key])
        return None

    def choices(self, block_id: str) -> tuple[str, ...]:
        return tuple(str(each) for each in self._entry(block_id).get("selected_users") or ())

    def day(self, block_id: str) -> date | None:
        """What a date picker holds."""
        try:
            return date.fromisoformat(str(self._entry(block_id).get("selected_date") or ""))
        except ValueError:
            return None

    def instant(self, block_id: str) -> datetime | None:
        """What a date and time picker holds."""
        value = self._entry(block_id).get("selected_date_time")
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else None

    def hour(self, block_id: str) -> str | None:
        """What a time picker holds, as `HH:MM`."""
        value = self._entry(block_id).get("selected_time")
        return value if isinstance(value, str) and value else None

    def ticked(self, block_id: str) -> tuple[str, ...]:
        """The values of the boxes that are ticked."""
        return tuple(str(each["value"]) for each in self._entry(block_id).get("selected_options") or ())

    def checked(self, block_id: str) -> bool | None:
        """Whether anything is ticked; None where there is no such box."""
        entry = self._entry(block_id)
        return bool(entry.get("selected_options")) if entry else None
