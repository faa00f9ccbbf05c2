"""The **New objective** form: where one may set objectives, what is offered, what was typed and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.okr.errors import NotAllowed
from bot.okr.forms import ObjectiveFields
from bot.okr.human_ids import objective_id
from bot.okr.setting import Choice, ObjectiveForm, OfferedDraft
from bot.okr.zones import local_day
from bot.store import alignment, drafts, places
from bot.store.alignment import Reader, Supportable
from bot.store.cycles import shortest
from bot.store.session import Session
from bot.store.tables import Cycle, Objective, Team
from bot.usecases.actors import Acting
from bot.usecases.answers import InvalidAnswers
from bot.usecases.key_result_forms import LONGEST_TITLE, NO_WORDS
from bot.usecases.typed import says_something, typed_line, typed_text
from bot.usecases.workspaces import prepare_workspace

FORM = "objective"
"""The name under which the content of the form is kept as a draft; its subject is the form's nonce."""
MOST_CHOICES = 100
MOST_DRAFTS = 20
HELP = "set"


def reader(who: Acting) -> Reader:
    """The member as somebody who looks for objectives; champions and sponsors read private ones everywhere."""
    reads_all = any(each.member_id == who.member.id and each.role in {"champion", "sponsor"} for each in who.roles)
    return Reader(who.workspace.id, who.member.id, reads_all)


@dataclass(frozen=True)
class Offered:
    """Where the member may set an objective now, and the cycle they most likely mean."""

    teams: list[Team]
    cycles: list[Cycle]
    current: Cycle


def offered(session: Session, who: Acting, now: datetime) -> Offered:
    """Four statements. Raises NotAllowed for guests, who set nothing; who has no team yet sets for the company."""
    root, current, appointed = prepare_workspace(session, who, now)
    everywhere = who.is_champion or appointed
    found = [] if who.member.is_guest else _teams(session, who, everywhere=everywhere, limit=MOST_CHOICES + 1)
    if not found and who.member.is_guest:
        raise NotAllowed(
            "Guests own key results and check in on them; objectives are set by members of the team, its lead or a "
            "champion.",
            help_topic="roles",
        )
    cycles = places.cycles_for(session, who.workspace.id, local_day(now, who.zone), MOST_CHOICES)
    if current.id not in [each.id for each in cycles]:
        cycles = [current, *cycles[: MOST_CHOICES - 1]]
    return Offered(found or [root], cycles, current)


def offered_still(session: Session, who: Acting, now: datetime) -> Offered:
    """The same for somebody who goes on with something, in a workspace that is prepared. Two statements."""
    found = _teams(session, who, everywhere=who.is_champion, limit=MOST_CHOICES + 1)
    today = local_day(now, who.zone)
    cycles = places.cycles_for(session, who.workspace.id, today, MOST_CHOICES)
    current = shortest(each for each in cycles if each.starts_on <= today)
    if who.member.is_guest or not found or current is None:
        return offered(session, who, now)
    return Offered(found, cycles, current)


def _teams(session: Session, who: Acting, *, everywhere: bool, limit: int, typed: str = "") -> list[Team]:
    return places.teams_for(session, who.workspace.id, who.member.id, everywhere=everywhere, typed=typed, limit=limit)


def team_choices(session: Session, who: Acting, typed: str, limit: int) -> tuple[Choice, ...]:
    """The teams with this in their name that the member may set objectives for."""
    found = [] if who.member.is_guest else _teams(session, who, everywhere=who.is_champion, limit=limit, typed=typed)
    return tuple(team_choice(each) for each in found)


def team_choice(team: Team) -> Choice:
    """A team in a menu."""
    return Choice(team.id, team.name)


def cycle_choice(cycle: Cycle) -> Choice:
    """A cycle in a menu."""
    return Choice(cycle.id, cycle.name)


def objective_choice(found: Supportable, *, by_row: bool = False) -> Choice:
    """An objective in a menu: its number and title, below it whose it is. `by_row`: its row id is what is sent."""
    value = found.id if by_row else found.number
    return Choice(value, f"{objective_id(found.number)} {found.title}", f"{found.team}, {found.cycle}")


def form_facts(
    who: Acting,
    places_offered: Offered,
    fields: ObjectiveFields,
    *,
    nonce: str,
    form: int,
    supports: Supportable | None = None,
    begun: OfferedDraft | None = None,
    drafts_offered: Sequence[OfferedDraft] = (),
) -> ObjectiveForm:
    """What the modal is filled with: what was typed, as far as it can still be chosen."""
    teams, cycles = places_offered.teams, places_offered.cycles
    team = next((each for each in teams if each.id == fields.team), teams[0])
    cycle = fields.cycle if fields.cycle in [each.id for each in cycles] else places_offered.current.id
    return ObjectiveForm(
        person=who.person,
        nonce=nonce,
        form=form,
        fields=replace(fields, team=team.id, cycle=cycle, supports=None if supports is None else supports.number),
        team=team_choice(team),
        teams=None if len(teams) > MOST_CHOICES else tuple(team_choice(each) for each in teams),
        cycles=tuple(cycle_choice(each) for each in cycles),
        supports=None if supports is None else objective_choice(supports),
        may_be_individual=who.workspace.individual_objectives,
        begun=begun,
        drafts=tuple(drafts_offered),
    )


def drafts_of(session: Session, who: Acting, open_one: str | None = None) -> list[OfferedDraft]:
    """What the member began and did not publish, the newest first. Two statements.

    open_one: the nonce of the form they are offered in, which is not offered itself.
    """
    begun = drafts.unpublished(session, who.workspace.id, who.member.id, MOST_DRAFTS)
    found = {
        each.nonce: (each.begun_at, OfferedDraft(each.nonce, each.number, each.title, each.key_results))
        for each in begun
    }
    for nonce, fields, kept_at in drafts.newest(session, who.member.id, FORM, MOST_DRAFTS):
        title = typed_line(ObjectiveFields.found(fields).title)
        known = found[nonce][1] if nonce in found else OfferedDraft(nonce, None, title)
        found[nonce] = (kept_at, known)
    found.pop(open_one or "", None)
    return [each for _, each in sorted(found.values(), key=lambda pair: pair[0], reverse=True)][:MOST_DRAFTS]


@dataclass(frozen=True)
class AgreedObjective:
    """What a **New objective** form means."""

    title: str
    why: str | None
    team: Team
    cycle: Cycle
    parent: Supportable | None
    private: bool
    individual: bool


def read_objective(
    session: Session, who: Acting, fields: ObjectiveFields, known: Objective | None, now: datetime
) -> AgreedObjective:
    """Read the form. `known`: the draft it is about, which it may not support itself.

    Raises InvalidAnswers with a sentence for every wrong field: `title`, `why`, `team`, `supports`, `cycle`.
    """
    where = offered(session, who, now)
    errors: dict[str, str] = {}
    title, why = typed_line(fields.title), typed_text(fields.why)
    if not says_something(title):
        errors["title"] = NO_WORDS
    elif len(title) > LONGEST_TITLE:
        errors["title"] = f"This is too long: at most {LONGEST_TITLE} characters."
    if why and len(why) > LONGEST_TITLE:
        errors["why"] = f"This is too long: at most {LONGEST_TITLE} characters."
    team = _team(session, who, fields.team, where)
    if team is None:
        errors["team"] = "You can't set objectives for this team: its members, its lead or a champion can."
    cycle = next((each for each in where.cycles if each.id == (fields.cycle or where.current.id)), None)
    if cycle is None:
        errors["cycle"] = "This cycle takes no new objectives. Choose another one."
    parent = parent_of(session, who, fields.supports, known)
    if parent is None and fields.supports is not None:
        errors["supports"] = "This can't be supported: it is gone, not yours to read, or it supports this one itself."
    elif parent is not None and cycle is not None and not parent.overlaps(cycle.starts_on, cycle.ends_on):
        errors["supports"] = not_at_once(parent.number, parent.cycle, cycle.name)
    if errors or team is None or cycle is None:
        raise InvalidAnswers(errors, help_topic=HELP)
    individual = fields.individual and who.workspace.individual_objectives
    return AgreedObjective(title, why if why and says_something(why) else None, team, cycle, parent,
                           fields.private, individual)  # fmt: skip


def not_at_once(above: int, its_cycle: str, cycle: str) -> str:
    """Why an objective of one cycle can't support that one of another cycle."""
    return (
        f"{objective_id(above)} belongs to {its_cycle}, which has no day in common with {cycle}. "
        "Choose another objective or another cycle, or leave Supports empty."
    )


def _team(session: Session, who: Acting, team_id: int | None, where: Offered) -> Team | None:
    if team_id is None:
        return where.teams[0]
    known = next((each for each in where.teams if each.id == team_id), None)
    if known is not None or len(where.teams) <= MOST_CHOICES:
        return known
    everything = _teams(session, who, everywhere=who.is_champion, limit=10_000)
    return next((each for each in everything if each.id == team_id), None)


def parent_of(session: Session, who: Acting, number: int | None, known: Objective | None) -> Supportable | None:
    """What is to be supported, where it may be."""
    if number is None:
        return None
    excluding = None if known is None else known.id
    found = alignment.search(session, reader(who), cycle_id=None, number=number, excluding=excluding, limit=1)
    return found[0] if found else None
