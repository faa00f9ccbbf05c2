"""Who looks at the page: the names they see and the zone their times are printed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Viewer:
    """The person a fragment is rendered for. `now` is the workspace's clock, aware, used for words such as "today"."""

    id: str = ""
    zone: str = "UTC"
    now: datetime = field(default_factory=lambda: datetime(1970, 1, 1, tzinfo=UTC))
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    link_base: str = ""

    def local(self, moment: float | datetime) -> datetime:
        """A Unix time in seconds, or an aware datetime, in the viewer's zone."""
        if not isinstance(moment, datetime):
            moment = datetime.fromtimestamp(moment, UTC)
        return moment.astimezone(ZoneInfo(self.zone))
