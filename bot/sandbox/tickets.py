"""What an interaction hands the app to answer with: trigger ids (3 s, once) and response_urls (30 min, five uses).

Both live on real time, whatever the workspace's clock says.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.sandbox.clock import RealTime
from bot.sandbox.entities import ResponseUrl
from bot.sandbox.errors import Refused
from bot.sandbox.persistence import Store
from bot.sandbox.state import new_id

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5
REMEMBERED_SECONDS = 600.0


@dataclass
class Trigger:
    """The right to open one modal for `user`; `from_modal` is the view the click happened in, `window` the browser
    window (empty: unknown, any)."""

    id: str
    user: str
    issued: float
    channel: str | None = None
    from_modal: str | None = None
    window: str = ""
    used: bool = False


class Tickets:
    """All triggers and response_urls of the last while."""

    def __init__(self, store: Store, real_time: RealTime) -> None:
        self._store = store
        self._real_time = real_time
        self._triggers: dict[str, Trigger] = {}
        self._urls = {key: ResponseUrl(**body) for key, body in store.each("response_url")}

    def issue_trigger(
        self, user: str, *, channel: str | None = None, from_modal: str | None = None, window: str = ""
    ) -> str:
        """A new trigger id for a click of this person."""
        now = self._real_time()
        self._triggers = {
            key: trigger for key, trigger in self._triggers.items() if now - trigger.issued < REMEMBERED_SECONDS
        }
        numbers = f"{secrets.randbelow(10**13):013d}.{secrets.randbelow(10**13):013d}"
        trigger = Trigger(f"{numbers}.{secrets.token_hex(16)}", user, now, channel, from_modal, window)
        self._triggers[trigger.id] = trigger
        return trigger.id

    def use_trigger(self, trigger_id: str) -> Trigger:
        """Take a trigger, or refuse as Slack does: invalid, exchanged (used before) or expired (after 3 s)."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._real_time() - trigger.issued > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def issue_url(
        self,
        user: str,
        channel: str,
        *,
        message_ts: str | None = None,
        is_ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> str:
        """A new key for a response_url; its address is `/response/<key>`."""
        url = ResponseUrl(
            key=f"{new_id('T')}/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}",
            user=user,
            channel=channel,
            expires=self._real_time() + RESPONSE_SECONDS,
            uses_left=RESPONSE_USES,
            message_ts=message_ts,
            is_ephemeral=is_ephemeral,
            thread_ts=thread_ts,
        )
        self._forget_expired()
        self._keep(url)
        return url.key

    def peek_url(self, key: str) -> ResponseUrl:
        """A response_url that may still be used; refuses `invalid_url`, `expired_url` or `used_url`."""
        url = self._urls.get(key)
        if url is None:
            raise Refused("invalid_url")
        if self._real_time() > url.expires:
            raise Refused("expired_url")
        if url.uses_left <= 0:
            raise Refused("used_url")
        return url

    def use_url(self, key: str) -> None:
        """Count one use."""
        url = self._urls[key]
        url.uses_left -= 1
        self._keep(url)

    def _keep(self, url: ResponseUrl) -> None:
        self._urls[url.key] = url
        self._store.put("response_url", url.key, vars(url))

    def _forget_expired(self) -> None:
        horizon = self._real_time() - REMEMBERED_SECONDS
        for key in [key for key, url in self._urls.items() if url.expires < horizon]:
            del self._urls[key]
            self._store.remove("response_url", key)
