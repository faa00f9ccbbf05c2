"""The registry of Web API methods, and what happens before a method runs: token, scopes, arguments, limits."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.entities import Channel, Json, Person
from bot.sandbox.errors import Refused
from bot.sandbox.reading import parse_json
from bot.sandbox.sandbox import Sandbox

TRUE = frozenset({"1", "true", "True", "yes", "on"})


@dataclass(frozen=True)
class Call:
    """One call with its merged arguments; strings in `arguments` may hold JSON."""

    sandbox: Sandbox
    method: str
    arguments: Mapping[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """An argument as text, `default` if absent or empty; lists become comma-joined as the SDK sends them."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, list):
            return ",".join(str(part) for part in value)
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean: JSON true, `1` or `true`."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, bool) else str(value) in TRUE

    def number(self, name: str, default: int, *, error: str = "invalid_arguments") -> int:
        """A whole number in plain digits, or refusal with `error`."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, bool) or not re.fullmatch(r"[+-]?[0-9]{1,18}", str(value).strip()):
            raise Refused(error)
        return int(value)

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """A JSON argument, parsed if it came as a string; None if absent or empty."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                return parse_json(value)
            except ValueError:
                raise Refused(error) from None
        return value

    def person(self, name: str = "user", error: str = "user_not_found") -> Person:
        """The person an argument names by id."""
        found = self.sandbox.workspace.people.get(self.text(name))
        if found is None:
            raise Refused(error)
        return found

    def channel(self, name: str = "channel") -> Channel:
        """The conversation an argument names by id, if the bot may know of it."""
        workspace = self.sandbox.workspace
        found = workspace.channels.get(self.text(name))
        if found is None or (found.kind != "channel" and not workspace.bot_is_in(found)):
            raise Refused("channel_not_found")
        return found

    def require_scope(self, scope: str) -> None:
        """Refuse `missing_scope` unless the manifest grants it."""
        granted = self.sandbox.manifest.scopes
        if granted is not None and scope not in granted:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(granted)))

    def limit(self, default: int, largest: int, *, refuse_more: bool = False) -> int:
        """How many items a page may have: `default` for 0 and when absent; refuses `invalid_limit` below 0.

        More than `largest` counts as `largest`, or is refused where Slack documents a maximum of its own.
        """
        limit = self.number("limit", default, error="invalid_limit")
        if limit < 0 or (refuse_more and limit > largest):
            raise Refused("invalid_limit")
        return min(limit or default, largest)

    def page(self, default: int, largest: int, *, refuse_more: bool = False) -> tuple[int, int]:
        """(offset, limit) from `cursor` and `limit`."""
        return read_cursor(self.text("cursor")), self.limit(default, largest, refuse_more=refuse_more)


@dataclass(frozen=True)
class Method:
    """A registered method. `scopes`: any one suffices; `token`: `bot`, `app` or None; `tier`: 1-4 or None.

    Without `json_body` a JSON body is passed over: Slack reads only query and form then.
    """

    name: str
    run: Callable[[Call], Json]
    scopes: tuple[str, ...]
    required: tuple[str, ...]
    token: str | None
    tier: int | None
    json_body: bool = True


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scopes: Sequence[str] = (),
    required: Sequence[str] = (),
    token: str | None = "bot",
    tier: int | None = None,
    json_body: bool = True,
) -> Callable[[Callable[[Call], Json]], Callable[[Call], Json]]:
    """Register a function as a Web API method; it answers the body without `ok` or raises Refused."""

    def register(run: Callable[[Call], Json]) -> Callable[[Call], Json]:
        METHODS[name] = Method(name, run, tuple(scopes), tuple(required), token, tier, json_body)
        return run

    return register


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP."""

    body: Json
    headers: Mapping[str, str]
    status: int = 200


def answer_call(sandbox: Sandbox, name: str, arguments: Mapping[str, Any], header_token: str | None) -> Answer:
    """Run one call: unknown method, token, scope, arguments and rate limits are answered as Slack does."""
    known = METHODS.get(name)
    headers = {"x-oauth-scopes": ",".join(granted_scopes(sandbox))}
    if known is None:
        return Answer(Refused("unknown_method", req_method=name).as_answer(), headers)
    headers["x-accepted-oauth-scopes"] = ",".join(known.scopes)
    call = Call(sandbox, name, arguments)
    try:
        _check_token(sandbox, known, header_token or _token_among(sandbox, call))
        _check_scopes(sandbox, known)
        _check_required(known, arguments)
        wait = sandbox.limits.check_method(name, known.tier)
        if wait:
            return ratelimited(wait, headers)
        body = known.run(call)
    except Refused as refusal:
        if refusal.code in ("ratelimited", "rate_limited"):
            return ratelimited(int(refusal.extra.get("retry_after", 1)), headers)
        return Answer(refusal.as_answer(), headers)
    return Answer({"ok": True, **body}, headers)


def ratelimited(seconds: int, headers: Mapping[str, str]) -> Answer:
    """429 with Retry-After."""
    return Answer({"ok": False, "error": "ratelimited"}, {**headers, "Retry-After": str(seconds)}, 429)


def granted_scopes(sandbox: Sandbox) -> list[str]:
    """What the bot token may do, in order of the alphabet."""
    granted = sandbox.manifest.scopes
    if granted is None:
        return sorted({scope for known in METHODS.values() if known.token == "bot" for scope in known.scopes})
    return sorted(granted)


def _token_among(sandbox: Sandbox, call: Call) -> str | None:
    """A token given as an argument; an app token counts in the header alone."""
    token = call.text("token")
    return None if token == sandbox.team.app_token else token or None


def _check_token(sandbox: Sandbox, known: Method, token: str | None) -> None:
    if known.token is None:
        return
    if not token:
        raise Refused("not_authed")
    kinds = {sandbox.team.bot_token: "bot", sandbox.team.app_token: "app"}
    if token not in kinds:
        raise Refused("invalid_auth")
    if known.name != "auth.test" and kinds[token] != known.token:
        raise Refused("not_allowed_token_type")
    if kinds[token] == "bot" and not sandbox.team.installed:
        raise Refused(sandbox.team.gone_as)


def _check_scopes(sandbox: Sandbox, known: Method) -> None:
    granted = sandbox.manifest.scopes
    if granted is None or known.token != "bot" or not known.scopes or granted & set(known.scopes):
        return
    raise Refused("missing_scope", needed=",".join(known.scopes), provided=",".join(sorted(granted)))


def _check_required(known: Method, arguments: Mapping[str, Any]) -> None:
    missing = [name for name in known.required if arguments.get(name) in (None, "")]
    if missing:
        raise Refused("invalid_arguments", messages=[f"missing required field: {name}" for name in missing])


def write_cursor(offset: int | None) -> str:
    """An opaque cursor, empty at the end."""
    return _encoded(f"next:{offset}") if offset is not None else ""


def read_cursor(cursor: str) -> int:
    """The offset behind a cursor; refuses `invalid_cursor`."""
    return int(_decoded(cursor, r"next:([0-9]{1,12})")) if cursor else 0


def write_ts_cursor(ts: str) -> str:
    """A cursor into messages: it names the next one, so that nothing shifts while others come and go."""
    return _encoded(f"next_ts:{ts.replace('.', '')}")


def read_ts_cursor(cursor: str) -> str | None:
    """The ts of the message a page begins with, None for the first page; refuses `invalid_cursor`."""
    if not cursor:
        return None
    digits = _decoded(cursor, r"next_ts:([0-9]{16})")
    return f"{digits[:10]}.{digits[10:]}"


def _encoded(cursor: str) -> str:
    return base64.b64encode(cursor.encode()).decode()


def _decoded(cursor: str, pattern: str) -> str:
    try:
        found = re.fullmatch(pattern, base64.b64decode(cursor, validate=True).decode())
    except (binascii.Error, ValueError):
        found = None
    if found is None:
        raise Refused("invalid_cursor")
    return found[1]
