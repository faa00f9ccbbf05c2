"""Requests nobody should send: sound ones with something changed, and some that were never sound."""

from __future__ import annotations

import json
import random
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.api import METHODS
from bot.sandbox.control.registry import ACTIONS

Json = dict[str, Any]

HUGE = 300_000
DEEP = 50_000

SELDOM = frozenset(("POST", name) for name in ("faults", "disconnect", "uninstall", "verify-url", "ssl-check"))
"""Control calls that would end the conversation if they came as often as the others."""


SMALL: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(10**30), 1.5, float("nan"), float("inf")),
    *("", " ", "0", "-1", "null", "[]", "{}", "[", '"', "\x00", "\ud800", "💥" * 40, "١٢٣", "1e9", "NaN"),
    *("../..", "<script>", "%s%n", "99999999999999999999.000000", "2026-13-45", "U0ANA", "C0GENERAL"),
    *([], {}, [[]], {"": ""}, ["a"], [None], [{}], {"type": "modal"}, {"type": {"type": "x"}}, {"text": None}),
    *("x" * 3_001, "a,b,,c" * 50),
)
LARGE: tuple[Any, ...] = ("y" * HUGE, ["z"] * 3_000, {"a": [{"b": "c"}] * 2_000})

TRICKS = (
    *("/api/", "/api/../control/workspace", "/api/%2e%2e/%2e%2e/etc/passwd", "/api/chat.postMessage/", "/api/%00"),
    *("/static/page/..%2f..%2fserver.py", "/static/page/%00", "/static/page/%2e%2e", "/static/page/", "/clock"),
    *("/api/%ff%fe", "/api/" + "a" * 7_000, "//api//auth.test", "/%", "/files/F0NONE/x", "/files/%2e%2e/%2e%2e"),
    *("/control/", "/link/?ticket=x", "/client/U0ANA/C0NONE", "/client/%00/%ff", "/page/x/U0ANA/C0GENERAL"),
    "/?" + "a=b&" * 900,
)
"""Addresses that lead nowhere, or should not."""


@dataclass(frozen=True)
class Request:
    """One HTTP request, with its path as it goes over the wire."""

    verb: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Known:
    """Ids seen in answers, so that some of what is asked for exists."""

    ids: dict[str, list[str]] = field(default_factory=dict)

    def learn(self, name: str, value: str) -> None:
        """Remember an id under the argument it may be used for; the oldest are forgotten."""
        kept = self.ids.setdefault(name, [])
        kept.append(value)
        del kept[:-40]


class Requests:
    """An endless, reproducible supply of requests."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.known = Known(
            {
                "channel": ["C0GENERAL", "C0OPERATIONS", "C0BOARD", "D0ANA", "C0OLDOFFICE", "#general", "@bot"],
                "user": ["U0ANA", "U0JONAS", "U0MARIA", "U0OLAF", "U0GUS", "ana", "USLACKBOT", "U0SANDBOXBOT"],
            }
        )
        self._kinds: tuple[tuple[int, Callable[[], Request]], ...] = (
            (55, self._web_api),
            (30, self._control),
            (5, self._response_url),
            (4, self._path),
            (3, self._upload),
            (3, self._page),
        )

    def next(self) -> Request:
        """The next request."""
        weights = [weight for weight, _ in self._kinds]
        make = self.chance.choices([make for _, make in self._kinds], weights)[0]
        return make()

    # -- sound values ----------------------------------------------------------------------------------------------

    def _one_of(self, name: str, default: str = "1700000000.000100") -> str:
        return self.chance.choice(self.known.ids.get(name) or [default])

    def _words(self) -> str:
        return self.chance.choice(["hello", "<@U0ANA> & <b>", "/okr help", "x" * 4_050, "*a* :tada:", "@Ana Torres"])

    def _element(self) -> Json:
        kind = self.chance.choice(["button", "static_select", "users_select", "datepicker", "checkboxes", "overflow"])
        element: Json = {"type": kind, "action_id": f"a{self.chance.randrange(3)}"}
        if kind == "button":
            element |= {"text": {"type": "plain_text", "text": "Go"}, "value": "v"}
        if kind in ("static_select", "checkboxes", "overflow"):
            element["options"] = [{"text": {"type": "plain_text", "text": "One"}, "value": "one"}]
        return element

    def _block(self, *, inputs: bool) -> Json:
        text = {"type": "mrkdwn", "text": "words"}
        kinds: list[Json] = [
            {"type": "section", "text": text, "accessory": self._element()},
            {"type": "actions", "elements": [self._element()]},
            {"type": "divider"},
            {"type": "context", "elements": [text]},
            {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
        ]
        label, typed = {"type": "plain_text", "text": "Label"}, {"type": "plain_text_input", "action_id": "typed"}
        if inputs:
            block_id = f"b{self.chance.randrange(3)}"
            kinds.append({"type": "input", "block_id": block_id, "label": label, "element": typed})
        return self.chance.choice(kinds)

    def _blocks(self, *, inputs: bool = False) -> list[Json]:
        return [self._block(inputs=inputs) for _ in range(self.chance.randrange(1, 4))]

    def _view(self) -> Json:
        words = {"type": "plain_text", "text": "Form"}
        view: Json = {"type": "modal", "title": words, "submit": words, "blocks": self._blocks(inputs=True)}
        if self.chance.random() < 0.4:
            view = {"type": "home", "blocks": self._blocks()}
        if self.chance.random() < 0.1:
            view["external_id"] = f"mine{self.chance.randrange(3)}"
        return view | {"notify_on_close": self.chance.random() < 0.5}

    def _sound(self) -> Json:
        """Every argument some method or control call knows, with a value that may do."""
        pick, number = self.chance.choice, self.chance.randrange
        return {
            "channel": self._one_of("channel"),
            "user": self._one_of("user"),
            "users": self._one_of("user"),
            "user_id": self._one_of("user"),
            "ts": self._one_of("ts"),
            "thread_ts": pick(["", self._one_of("ts")]),
            "timestamp": self._one_of("ts"),
            "message_ts": self._one_of("ts"),
            "ephemeral_ts": pick(["", "", self._one_of("ts")]),
            "name": pick(["tada", "thumbsup::skin-tone-3", f"channel-{number(50)}"]),
            "text": self._words(),
            "blocks": pick([None, self._blocks()]),
            "attachments": pick([None, None, [{"text": "attached"}]]),
            "metadata": pick([None, {"event_type": "e", "event_payload": {"k": 1}}]),
            "view": self._view(),
            "view_id": self._one_of("view_id", "V0NONE"),
            "home": pick([None, None, True]),
            "external_id": pick(["", "mine1"]),
            "hash": pick(["", "1.h0"]),
            "trigger_id": self._one_of("trigger_id", "1.2.3"),
            "cursor": pick(["", "bmV4dDox", "bmV4dDotMQ=="]),
            "limit": pick([1, 2, 100]),
            "oldest": pick(["", "0", "1700000000"]),
            "latest": pick(["", "9999999999"]),
            "types": pick(["public_channel", "im,private_channel"]),
            "email": "ana@harbour-lamps.example",
            "usergroup": "S0LEADS",
            "filename": "a.csv",
            "length": number(1, 40),
            "file": self._one_of("file", "F0NONE"),
            "files": [{"id": self._one_of("file", "F0NONE")}],
            "channel_id": pick(["", "C0GENERAL"]),
            "action_id": pick(["a0", "a1", "a2", "typed"]),
            "block_id": pick(["", "b0", "b1"]),
            "value": pick(["v", "one", "typed text", 7]),
            "values": pick([{}, {"b0": "typed"}, {"Label": "typed"}]),
            "command": pick(["/okr", "/plain", "/none"]),
            "callback_id": pick(["check_in", "recognise"]),
            "event_id": self._one_of("event_id", "Ev0NONE"),
            "times": 1,
            "changes": pick([{"title": "T"}, {"tz": "Asia/Tokyo"}, {"deleted": False}]),
            "new": pick([None, None, {"name": f"Somebody {number(10**6)}"}]),
            "invite": pick(["", "ana", "@bot"]),
            "to": pick(["2026-10-05T09:00:00Z", "latest-monday-09:05"]),
            "forward": number(100_000),
            "preset": pick(["", "next-monday"]),
            "enabled": False,
            "method": pick(["chat.postMessage", "views.open"]),
            "kind": pick(["429", "error"]),
            "tab": pick(["home", "messages"]),
            "all": pick([True, False]),
        }

    # -- kinds of requests -----------------------------------------------------------------------------------------

    def _web_api(self) -> Request:
        name = self.chance.choice(list(METHODS))
        token = "xapp-sandbox" if name == "apps.connections.open" else "xoxb-sandbox"
        arguments = self._changed(self._some_of(self._sound()))
        return self._written("POST", f"/api/{name}", arguments, {"Authorization": f"Bearer {token}"})

    def _control(self) -> Request:
        verb, name = self.chance.choice(list(ACTIONS))
        if (verb, name) in SELDOM and self.chance.random() < 0.95:
            verb, name = "POST", "say"
        if (verb, name) == ("POST", "uninstall"):
            verb, name = "POST", "reinstall"
        arguments = self._changed(self._some_of(self._sound()))
        if verb == "POST":
            return self._written("POST", f"/control/{name}", arguments, {}, form=False)
        return Request(verb, f"/control/{name}?{_query(arguments)}")

    def _response_url(self) -> Request:
        path = urllib.parse.urlsplit(self._one_of("response_url", "/response/T0/1/x")).path
        payload = {"text": self._words(), "replace_original": self.chance.random() < 0.3}
        return self._written("POST", path, self._changed(payload | {"blocks": self._blocks()}), {}, form=False)

    def _upload(self) -> Request:
        path = urllib.parse.urlsplit(self._one_of("upload_url", "/upload/v1/none")).path
        return Request("POST", path, self._noise(self.chance.randrange(60)))

    def _path(self) -> Request:
        address = self.chance.choice(TRICKS)
        verb = self.chance.choice(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"])
        return Request(verb, address, self._noise(8) if verb in ("POST", "PUT") else b"")

    def _page(self) -> Request:
        person, channel = self._one_of("user"), self._one_of("channel")
        region = self.chance.choice(["messages", "sidebar", "thread", "modal", "home", "drawer", "composer", "none"])
        sound = {"thread": self._one_of("ts"), "q": self._words(), "kind": "people", "since": "1.2"}
        query = _query(self._changed(sound))
        address = self.chance.choice(
            ["/page/{r}/{p}/{c}", "/client/{p}/{c}", "/page/find/{p}", "/page/read/{p}/{c}", "/page/dismiss/{p}/{c}"]
        ).format(r=region, p=urllib.parse.quote(person), c=urllib.parse.quote(channel))
        return Request("POST" if "read" in address or "dismiss" in address else "GET", f"{address}?{query}")

    # -- what goes wrong -------------------------------------------------------------------------------------------

    def _some_of(self, arguments: Json) -> Json:
        share = self.chance.choice([0.5, 0.9, 1.0])
        return {name: value for name, value in arguments.items() if value is not None and self.chance.random() < share}

    def _changed(self, arguments: Json) -> Json:
        """A few values replaced by others of any kind, at any depth; often none."""
        changed = json.loads(json.dumps(arguments))
        for _ in range(self.chance.choice([0, 0, 1, 1, 2, 5])):
            place, key = self._somewhere(changed)
            if key is None:
                continue
            place[key] = self._nonsense()
        return dict(changed)

    def _somewhere(self, tree: Any) -> tuple[Any, Any]:
        while True:
            keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
            if not keys:
                return tree, None
            key = self.chance.choice(keys)
            inner = tree[key]
            if not isinstance(inner, dict | list) or not inner or self.chance.random() < 0.3:
                return tree, key
            tree = inner

    def _nonsense(self) -> Any:
        # Not deepcopy: it keeps what is one object one object, and a change to it would be made two thousand times.
        return json.loads(json.dumps(self.chance.choice(LARGE if self._rarely() else SMALL)))

    def _rarely(self) -> bool:
        return self.chance.random() < 0.03

    def _noise(self, length: int) -> bytes:
        return self.chance.randbytes(length)

    def _written(self, verb: str, path: str, arguments: Json, headers: dict[str, str], *, form: bool = True) -> Request:
        """As JSON, as a form, in the query, or as something that claims to be one of these."""
        way = self.chance.random()
        headers = dict(headers)
        if way < 0.05:
            return Request(verb, path, *self._spoiled(arguments, headers))
        if way < 0.10:
            tokens = ["Bearer", "Bearer x", "Basic eA==", "\xff", "Bearer xapp-sandbox"]
            headers["Authorization"] = self.chance.choice(tokens)
        if form and way < 0.35:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = _query(arguments)
            return Request(verb, path, (body + ("&" + body if self._rarely() else "")).encode(), headers)
        if form and way < 0.45 and len(query := _query(arguments)) < 6_000:
            return Request(self.chance.choice(["GET", verb]), f"{path}?{query}", b"", headers)
        headers["Content-Type"] = "application/json; charset=utf-8"
        return Request(verb, path, json.dumps(arguments).encode(), headers)

    def _spoiled(self, arguments: Json, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        sound = json.dumps(arguments).encode()
        at = self.chance.randrange(len(sound))
        body = self.chance.choice(
            [
                *(b"", b"null", b"[]", b'"text"', b"{", b"\xff\xfe{}"),
                *(sound[:at], sound[:at] + b"\xc3\x28" + sound[at:]),
                *(sound[:at] + self._noise(3) + sound[at:], self._noise(200), sound.replace(b"{", b"[", 1)),
                b"[" * DEEP if self.chance.random() < 0.2 else b"[[",
                b'{"blocks":' + b'[{"elements":' * 400 + b"1" + b"}]" * 400 + b"}",
                b'{"view":' + b'{"a":' * (DEEP if self.chance.random() < 0.2 else 900) + b"1",
            ]
        )
        kinds = ["application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "x", "/"]
        kinds += ["application/json; charset=nonsense", "application/json; charset=utf-16"]
        kinds += ["multipart/form-data; boundary=b"]
        kinds += ["application/x-www-form-urlencoded; charset=nonsense", "multipart/form-data; boundary=" + "b" * 200]
        headers["Content-Type"] = self.chance.choice(kinds)
        if self.chance.random() < 0.1:
            headers["Content-Encoding"] = self.chance.choice(["gzip", "deflate", "br", "nonsense"])
        return body, headers


def _query(arguments: Json) -> str:
    written = {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}
    return urllib.parse.urlencode(written, errors="replace")
