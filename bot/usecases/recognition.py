"""A recognition emoji on a check-in's message is kept; taking it off takes it back."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.okr.facts import RecognitionNotice
from bot.okr.human_ids import key_result_id
from bot.okr.recognition import DAILY_ALLOWANCE, plain_emoji
from bot.okr.zones import instant_of, local_day
from bot.store import checkins, deliveries, digests, recognition, teams
from bot.store.session import Session
from bot.store.tables import Delivery, Member, Recognition, Submission
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.deliverable import Outgoing

NOTICE_PRIORITY = 60


class Outcome(StrEnum):
    """What a reaction led to. Only HINT and ALLOWANCE_USED are told to the giver."""

    IGNORED = "ignored"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    SELF = "self"
    HINT = "hint"
    ALLOWANCE_USED = "allowance used"


@dataclass(frozen=True)
class Reaction:
    """A reaction that was added or removed. `event_at` orders events that arrive in any order."""

    actor: Actor
    channel: str
    ts: str
    emoji: str
    added: bool
    event_at: datetime


def react(session: Session, command: Reaction, now: datetime) -> Outcome:
    """Keep or take back a recognition. The same event twice, or both in the wrong order, ends the same."""
    who = acting(session, command.actor)
    emoji = plain_emoji(command.emoji)
    kind = recognition.kind_of(session, who.workspace.id, emoji)
    if kind is None:
        return Outcome.IGNORED
    message = digests.message_at(session, who.workspace.id, command.channel, command.ts)
    if message is None:
        return Outcome.IGNORED
    if message.submission_id is None:
        return Outcome.HINT if command.added else Outcome.IGNORED
    submission = session.get_one(Submission, message.submission_id)
    if submission.member_id == who.member.id:
        return Outcome.SELF
    known = recognition.find(session, who.workspace.id, who.member.id, command.channel, command.ts, emoji)
    if known is not None:
        first_time = known.given_at is None
        outcome = _change(session, who, known, command, now)
        if outcome is Outcome.KEPT and first_time:
            _notify(session, who, known.id, submission, now)
        return outcome
    lines = [line for line in checkins.lines(session, [submission.id]) if not line.withdrawn]
    if message.digest_post_id is not None:
        shown = digests.with_round(session, message.digest_post_id)
        lines = [line for line in lines if shown is None or line.team_id == shown[1].team_id]
    if command.added and _given_today(session, who, now) >= DAILY_ALLOWANCE:
        return Outcome.ALLOWANCE_USED
    new_id = recognition.add(
        session,
        {
            "workspace_id": who.workspace.id,
            "giver_id": who.member.id,
            "receiver_id": submission.member_id,
            "submission_id": submission.id,
            "channel": command.channel,
            "ts": command.ts,
            "emoji": emoji,
            "kind": kind,
            "by_lead": _leads(session, who, {line.team_id for line in lines}),
            "event_at": command.event_at,
            "given_at": now if command.added else None,
            "withdrawn_at": None if command.added else now,
        },
    )
    if new_id is None:
        return Outcome.IGNORED
    recognition.tie(session, who.workspace.id, new_id, [line.key_result_id for line in lines])
    if not command.added:
        return Outcome.WITHDRAWN
    _notify(session, who, new_id, submission, now)
    return Outcome.KEPT


def _change(session: Session, who: Acting, known: Recognition, command: Reaction, now: datetime) -> Outcome:
    """Only the newest event decides."""
    if command.event_at <= known.event_at:
        return Outcome.IGNORED
    known.event_at = command.event_at
    if command.added:
        if known.withdrawn_at is not None and _given_today(session, who, now) >= DAILY_ALLOWANCE:
            return Outcome.ALLOWANCE_USED
        known.withdrawn_at = None
        known.given_at = known.given_at or now
        return Outcome.KEPT
    known.withdrawn_at = now
    return Outcome.WITHDRAWN


def _given_today(session: Session, who: Acting, now: datetime) -> int:
    today = local_day(now, who.zone)
    since = instant_of(today, time(0), who.zone)
    until = instant_of(today + timedelta(days=1), time(0), who.zone)
    return recognition.given_between(session, who.member.id, since, until)


def _leads(session: Session, who: Acting, team_ids: set[int]) -> bool:
    """Whether the giver leads one of these teams, or is a sponsor."""
    if any(each.role == "sponsor" and each.member_id == who.member.id for each in who.roles):
        return True
    return teams.leads_any(session, who.member.id, team_ids)


def _notify(session: Session, who: Acting, recognition_id: int, submission: Submission, now: datetime) -> None:
    deliveries.add(
        session,
        who.workspace.id,
        kind="recognition",
        recipient=session.get_one(Member, submission.member_id).slack_id,
        arguments={"recognition": recognition_id},
        dedupe_key=f"recognition:{recognition_id}",
        not_before=now,
        now=now,
        priority=NOTICE_PRIORITY,
    )


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The note to the person who was recognised; None when the emoji was taken off before it was sent."""
    row = session.get(Recognition, delivery.arguments["recognition"])
    if row is None or row.withdrawn_at is not None:
        return None
    giver = session.get_one(Member, row.giver_id)
    return Outgoing(
        channel=delivery.recipient,
        facts=RecognitionNotice(
            giver=giver.name,
            kind=row.kind,
            emoji=row.emoji,
            by_lead=row.by_lead,
            key_results=tuple(
                f"{key_result_id(number)} {title}" for number, title in recognition.key_results_of(session, row.id)
            ),
            link=None,
        ),
    )
