"""`/okr why`: why somebody got the last messages, and when the next one comes."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.attention import week_begins
from bot.okr.cadence import Rhythm
from bot.okr.prompting import RecentMessage, WhyShown
from bot.store import attention, rounds
from bot.store.session import Session
from bot.usecases.absences import last_day_away
from bot.usecases.actors import Actor, acting
from bot.usecases.coming_prompts import next_prompt
from bot.usecases.habits import profile_kept
from bot.usecases.outgoing import KINDS

SHOWN = 8
ANSWERS = frozenset(name for name, kind in KINDS.items() if kind.reason is None) - {"prompt_again"}
"""What answers one's own click needs no explanation."""


@dataclass(frozen=True)
class AskWhy:
    """`/okr why`"""

    actor: Actor


def why(session: Session, command: AskWhy, now: datetime) -> WhyShown:
    """The last messages that nobody had asked for, newest first. Eight statements at most."""
    who = acting(session, command.actor)
    unsolicited = [name for name, kind in KINDS.items() if kind.reason is not None]
    sent = attention.last_sent(session, who.workspace.id, who.member.slack_id, [*unsolicited, "prompt_again"], SHOWN)
    asked_by = rounds.teams_of_deliveries(session, [row.id for row in sent])
    since = week_begins(now, who.zone)
    recent = []
    for row in sent:
        about = asked_by.get(row.id, [])
        recent.append(
            RecentMessage(
                kind=row.kind,
                sent_at=row.settled_at or row.created_at,
                teams=tuple(team for team, _ in about),
                every=Rhythm.read(about[0][1]).every if about else None,
                counted=row.kind in unsolicited and not row.asked_for,
            )
        )
    return WhyShown(
        person=who.person,
        recent=tuple(recent),
        waiting=attention.count_held(session, who.workspace.id, who.member.slack_id),
        used=sum(each.counted and each.sent_at >= since for each in recent),
        profile=profile_kept(who.member.profile).value,
        next_prompt=next_prompt(session, who, now),
        away_until=last_day_away(session, who, now),
    )
