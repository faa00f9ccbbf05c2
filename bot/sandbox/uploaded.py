"""An uploaded file: what is known of it, and how Slack writes it in JSON."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.entities import Channel, Json, Team

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What Slack takes for an image block."""


@dataclass
class File:
    """An uploaded file. `state`: `waiting` for its bytes, `uploaded`, `processing` (completed by the app), `ready`."""

    id: str
    name: str
    title: str
    mimetype: str
    size: int
    user: str
    created: int
    upload_key: str
    alt_txt: str = ""
    state: str = "waiting"
    shares: list[Json] = field(default_factory=list)
    """Where it will be posted once it is ready: channel, thread_ts, initial_comment, blocks, the files of the post."""
    posted: dict[str, list[str]] = field(default_factory=dict)
    """Where it was posted: channel id, ts of the messages."""

    @property
    def filetype(self) -> str:
        """The ending of its name, as Slack names types: `png`, `csv`, `text`."""
        ending = self.name.rpartition(".")[2].lower() if "." in self.name else ""
        return {"": "text", "txt": "text", "jpeg": "jpg"}.get(ending, ending)

    @property
    def is_image(self) -> bool:
        """An image block may show it."""
        return self.mimetype in IMAGE_TYPES

    def as_slack(self, team: Team, base_url: str, channels: Mapping[str, Channel]) -> Json:
        """The `file` object. Type and preview are known once the file has been processed, as at Slack."""
        address = f"{base_url}/files/{self.id}/{urllib.parse.quote(self.name, safe='')}"
        kinds = {channel: channels[channel].kind for channel in self.posted if channel in channels}
        ready = self.state == "ready"
        body: Json = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype if ready else "",
            "filetype": self.filetype if ready else "",
            "pretty_type": self.filetype.upper() if ready else "",
            "user": self.user,
            "user_team": team.id,
            "editable": False,
            "size": self.size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": "channel" in kinds.values(),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": address,
            "url_private_download": f"{address}?download=1",
            "permalink": address,
            "comments_count": 0,
            "is_starred": False,
            "shares": self._shares(team, kinds),
            "channels": [channel for channel, kind in kinds.items() if kind == "channel"],
            "groups": [channel for channel, kind in kinds.items() if kind in ("group", "mpim")],
            "ims": [channel for channel, kind in kinds.items() if kind == "im"],
            "has_more_shares": False,
            "has_rich_preview": False,
            "file_access": "visible",
        }
        if self.alt_txt:
            body["alt_txt"] = self.alt_txt
        if ready and self.is_image:
            body |= {"thumb_360": address, "media_display_type": "unknown"}
        return body

    def _shares(self, team: Team, kinds: Mapping[str, str]) -> Json:
        shares: Json = {}
        for channel, kind in kinds.items():
            place = shares.setdefault("public" if kind == "channel" else "private", {})
            place[channel] = [
                {"reply_users": [], "reply_users_count": 0, "reply_count": 0, "ts": ts, "team_id": team.id}
                for ts in self.posted[channel]
            ]
        return shares
