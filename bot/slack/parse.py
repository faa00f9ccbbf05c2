"""Slack's payloads, turned into typed commands. The only reader of raw payload dicts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from bot.okr.details import Mark
from bot.okr.errors import NotAllowed
from bot.okr.human_ids import HumanId, Prefix, parse_human_id
from bot.slack import grammar, ids
from bot.slack.entered import Entered as _Entered
from bot.usecases.actors import Actor
from bot.usecases.checkins import LineAnswer, SendLines, UndoSubmission
from bot.usecases.details import ShowKeyResult, ShowObjective, ShowObjectiveHistory
from bot.usecases.history import Window
from bot.usecases.lists import ListKeyResults
from bot.usecases.people import KeepPeople, SlackPerson
from bot.usecases.recognition import Reaction
from bot.usecases.workspaces import SaveSetUp

Payload = Mapping[str, Any]


def new_nonce() -> str:
    """A name for a form that is about to be opened."""
    return uuid4().hex


def actor(body: Payload) -> Actor:
    """Who pressed or typed. Raises NotAllowed for people of another company in a shared channel."""
    if "command" in body:
        return Actor(team=str(body["team_id"]), user=str(body["user_id"]))
    user = body["user"]
    team = str((body.get("team") or {}).get("id") or user.get("team_id") or "")
    if user.get("team_id") and body.get("team") and user["team_id"] != team:
        raise NotAllowed("OKR Bot only answers people of this workspace.")
    return Actor(team=team, user=str(user["id"]))


@dataclass(frozen=True)
class Pressed:
    """A button was pressed: its packed value, and whether it stood on a message (which can then be replaced).

    `on_note`: on a private answer, which nobody would miss.
    """

    actor: Actor
    value: str | None
    on_message: bool
    on_note: bool = False


def pressed(body: Payload) -> Pressed:
    """The first action of a block_actions payload."""
    action = body["actions"][0]
    value = action.get("value")
    if value is None:
        value = (action.get("selected_option") or {}).get("value")
    container = body.get("container") or {}
    on_message = container.get("type") == "message"
    return Pressed(actor(body), value, on_message, on_message and bool(container.get("is_ephemeral")))


def undo(body: Payload) -> UndoSubmission:
    """**Undo** was pressed."""
    button = pressed(body)
    return UndoSubmission(button.actor, ids.unpack(button.value, ids.SubmissionRef).submission)


def one_line(body: Payload, typed: grammar.UpdateLines) -> SendLines:
    """A one-line check-in. Its trigger names it, so that a command delivered twice is kept once."""
    lines = tuple(
        LineAnswer(each.key_result, each.value, each.confidence, each.note, each.rest) for each in typed.lines
    )
    trigger = str(body.get("trigger_id") or new_nonce())
    return SendLines(actor(body), f"command:{trigger}"[:64], lines)


def listing(body: Payload, typed: grammar.ListKeyResults) -> ListKeyResults:
    """`/okr list …`"""
    return list_of(actor(body), typed)


def list_of(who: Actor, typed: grammar.ListKeyResults) -> ListKeyResults:
    """What a list's words ask for."""
    scope = typed.scope
    only = None if typed.filter is None else typed.filter.value
    match scope.kind:
        case grammar.ScopeKind.PERSON:
            return ListKeyResults(who, person=scope.slack_id or scope.name or "", only=only)
        case grammar.ScopeKind.TEAM:
            return ListKeyResults(who, team=scope.name, only=only)
        case grammar.ScopeKind.COMPANY:
            return ListKeyResults(who, company=True, only=only)
        case _:
            return ListKeyResults(who, only=only)


def list_page(body: Payload) -> ListKeyResults:
    """**Next** or **Previous** on a list."""
    button = pressed(body)
    page = ids.unpack(button.value, ids.ListPage)
    return ListKeyResults(
        button.actor,
        person=page.person if page.scope == "person" else None,
        team_id=page.team if page.scope == "team" else None,
        company=page.scope == "company",
        only=page.only,
        after=page.after,
        before=page.before,
    )


def show(who: Actor, human_id: HumanId) -> ShowKeyResult | ShowObjective:
    """`/okr show O-1`, `/okr show KR-3`"""
    if human_id.prefix is Prefix.KEY_RESULT:
        return ShowKeyResult(who, human_id.number)
    return ShowObjective(who, human_id.number)


def show_from_button(body: Payload) -> ShowKeyResult | ShowObjective:
    """A button that shows one objective or key result."""
    button = pressed(body)
    return show(button.actor, parse_human_id(ids.unpack(button.value, ids.Showing).id))


def history_page(body: Payload) -> ShowKeyResult | ShowObjectiveHistory:
    """**History**, **Older** or **Newer**."""
    button = pressed(body)
    showing = ids.unpack(button.value, ids.Showing)
    try:
        at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=showing.at)
    except OverflowError as broken:
        raise ids.unreadable() from broken
    mark = Mark(at, showing.kind, showing.row)
    window = Window(
        older_than=mark if showing.direction == "older" else None,
        newer_than=mark if showing.direction == "newer" else None,
    )
    human_id = parse_human_id(showing.id)
    of = ShowKeyResult if human_id.prefix is Prefix.KEY_RESULT else ShowObjectiveHistory
    return of(button.actor, human_id.number, window)


def set_up(body: Payload) -> SaveSetUp:
    """**Save** was pressed in the **Set up** modal."""
    view = body["view"]
    state = _Entered(view)
    return SaveSetUp(
        actor=actor(body),
        nonce=ids.unpack(view.get("private_metadata"), ids.SetUpMetadata).nonce,
        team=state.text(ids.TEAM_NAME) or "",
        cycle=state.text(ids.CYCLE_NAME) or "",
        channel=state.choice(ids.TEAM_CHANNEL),
        lead=state.choice(ids.TEAM_LEAD),
        champions=state.choices(ids.CHAMPIONS),
        sponsors=state.choices(ids.SPONSORS),
        approval_needed=state.checked(ids.APPROVAL_NEEDED),
        individual_objectives=state.checked(ids.INDIVIDUAL_OBJECTIVES),
        fiscal_start_month=whole(state.choice(ids.FISCAL_START)),
    )


def first_input(body: Payload) -> str | None:
    """The block_id of the first input of the view a payload is about: where an error that fits nowhere else stands."""
    blocks = (body.get("view") or {}).get("blocks") or []
    return next((str(block["block_id"]) for block in blocks if block.get("type") == "input"), None)


def inputs_shown(body: Payload) -> list[str]:
    """The block_ids of all inputs of the view a payload is about."""
    blocks = (body.get("view") or {}).get("blocks") or []
    return [str(block["block_id"]) for block in blocks if block.get("type") == "input"]


def whole(text: str | None) -> int | None:
    """A whole number as an option's value holds it."""
    return int(text) if text and text.isascii() and text.isdecimal() else None


@dataclass(frozen=True)
class Event:
    """An event's envelope: which workspace, which event, of what type."""

    team: str
    event_id: str
    type: str


def event_of(body: Payload) -> Event | None:
    """The envelope, or None where the payload is no event."""
    if body.get("type") != "event_callback" or not body.get("event_id"):
        return None
    return Event(str(body.get("team_id") or ""), str(body["event_id"]), str((body.get("event") or {}).get("type")))


def reaction(body: Payload) -> Reaction | None:
    """A reaction on a message; None for reactions on anything else."""
    event = body["event"]
    item = event.get("item") or {}
    if item.get("type") != "message":
        return None
    return Reaction(
        actor=Actor(str(body["team_id"]), str(event["user"])),
        channel=str(item["channel"]),
        ts=str(item["ts"]),
        emoji=str(event["reaction"]),
        added=event["type"] == "reaction_added",
        event_at=instant(str(event.get("event_ts") or "0")),
    )


def person_changed(body: Payload) -> KeepPeople:
    """Somebody joined or changed."""
    return KeepPeople(team=str(body["team_id"]), people=(person(body["event"]["user"]),))


def person(user: Payload) -> SlackPerson:
    """A user object of `users.info`, `users.list` and events. Slackbot and apps are no people."""
    profile, grid = user.get("profile") or {}, user.get("enterprise_user") or {}
    name = profile.get("display_name") or user.get("real_name") or profile.get("real_name") or user.get("name")
    return SlackPerson(
        slack_id=str(user["id"]),
        name=str(name or user["id"]),
        email=profile.get("email"),
        zone=user.get("tz"),
        locale=user.get("locale"),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_bot=bool(user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == "USLACKBOT"),
        deleted=bool(user.get("deleted")),
        home=None if grid else user.get("team_id"),
        homes=tuple(str(each) for each in grid.get("teams") or ()),
    )


def instant(ts: str) -> datetime:
    """Slack's `seconds.micros` as an instant."""
    try:
        micros = int(Decimal(ts) * 1_000_000)
    except InvalidOperation:
        micros = 0
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
