"""`/okr`: my week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.okr.facts import EmptyWorkspace, MyWeek, WaitingAgreement
from bot.store import agreements, keyresults
from bot.store.session import Session
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.standings import Placed, mine, next_due
from bot.usecases.workspaces import empty_workspace, prepare_workspace

SHOWN = 20
MOST_WAITING = 20


@dataclass(frozen=True)
class ShowMyWeek:
    """Somebody asks for their week."""

    actor: Actor


def my_week(session: Session, command: ShowMyWeek, now: datetime) -> MyWeek | EmptyWorkspace:
    """What is due and what else the member answers for; in an empty workspace, how to begin."""
    who = acting(session, command.actor)
    placed = mine(session, who, now)
    if not placed and not keyresults.any_set(session, who.workspace.id):
        return empty_workspace(session, who, now)
    appointed = False
    if not who.champions and who.member.is_admin:  # objectives came with an import, and nobody runs the programme yet
        _, _, appointed = prepare_workspace(session, who, now)
    due_at = next_due(placed)
    due = [each.standing for each in placed if each.standing.due]
    others = [each.standing for each in placed if not each.standing.due]
    shown_due = due[:SHOWN]
    shown_others = others[: SHOWN - len(shown_due)]
    return MyWeek(
        person=who.person,
        cycle=_cycle_of([each for each in placed if each.standing.answers_as is None]),
        due=tuple(shown_due),
        others=tuple(shown_others),
        more=len(placed) - len(shown_due) - len(shown_others),
        due_at=due_at,
        of_others=sum(each.answers_as is not None for each in others),
        overdue=due_at is not None and now > due_at,
        may_set_up=appointed or who.is_champion,
        just_appointed=appointed,
        waiting=_waiting(session, who),
    )


def _waiting(session: Session, who: Acting) -> tuple[WaitingAgreement, ...]:
    """What waits for the member's agreement, then what they wrote and others are asked about. One statement."""
    found = agreements.waiting_around(session, who.workspace.id, who.member.id, MOST_WAITING)
    return tuple(
        WaitingAgreement(
            number=each.number,
            title=each.title,
            team=each.team,
            for_reader=each.asked_id == who.member.id,
            other=each.author if each.asked_id == who.member.id else each.asked,
            since=each.asked_at,
        )
        for each in found
        if each.asked_at is not None
    )


def _cycle_of(placed: Sequence[Placed]) -> str | None:
    """The name of the one cycle all of these belong to; None where a quarter ends and the next one has begun."""
    names = {each.row.cycle_name for each in placed}
    return names.pop() if len(names) == 1 else None
