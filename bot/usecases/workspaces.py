"""A workspace from its first sight to its first objective: root team, quarter, champion."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.okr.cycle import quarter_of
from bot.okr.errors import OkrError
from bot.okr.facts import EmptyWorkspace, SetUpForm
from bot.okr.permissions import Action
from bot.okr.recognition import DEFAULT_EMOJI
from bot.okr.zones import local_day
from bot.store import changes, cycles, deliveries, members, teams, workspaces
from bot.store.session import Session
from bot.store.tables import Cycle, Delivery, Member, Team
from bot.usecases.actors import Acting, Actor, UnknownPerson, acting
from bot.usecases.appointments import tell, tell_leads
from bot.usecases.asking import ask_others
from bot.usecases.deliverable import Outgoing
from bot.usecases.permits import permit
from bot.usecases.relations import roles_of
from bot.usecases.roles import may_hold
from bot.usecases.typed import typed_line
from bot.usecases.workspace_options import ChangeOptions, put_options

LONGEST_NAME = 80


@dataclass(frozen=True)
class KeepWorkspace:
    """What Slack says of the workspace the bot is installed in."""

    slack_id: str
    name: str
    bot_user: str


def keep_workspace(session: Session, command: KeepWorkspace, now: datetime) -> int:
    """Make the workspace known. Answers its row id."""
    row = workspaces.keep(
        session,
        slack_id=command.slack_id,
        name=command.name,
        bot_user=command.bot_user,
        emoji=dict(DEFAULT_EMOJI),
        now=now,
    )
    return row.id


def prepare_workspace(session: Session, who: Acting, now: datetime) -> tuple[Team, Cycle, bool]:
    """See to it that there is a root team, a cycle for today, and a champion if the member may become one.

    Answers the root team, the current cycle, and whether the member was made champion just now: the first admin or
    owner of the Slack workspace who comes by becomes it where there is none.
    """
    workspace_id = who.workspace.id
    today = local_day(now, who.zone)
    root, cycle = teams.root(session, workspace_id), cycles.current(session, workspace_id, today)
    may_become_champion = not who.champions and who.member.is_admin
    if root is not None and cycle is not None and not may_become_champion:
        return root, cycle, False
    # Two people may come by at the same moment: the second one waits, and looks again.
    workspaces.lock(session, workspace_id)
    root = teams.root(session, workspace_id) or _make_root(session, who, now)
    cycle = cycles.current(session, workspace_id, today) or _make_cycle(session, who, today, now)
    appointed = may_become_champion and not _any_champion(session, workspace_id)
    if appointed:
        members.give_role(session, workspace_id, who.member.id, "champion", now)
        _note(session, who, now, "member", who.member.id, "became champion", None)
    return root, cycle, appointed


def _make_root(session: Session, who: Acting, now: datetime) -> Team:
    root = Team(workspace_id=who.workspace.id, name=who.workspace.name, level="company")
    session.add(root)
    session.flush()
    _note(session, who, now, "team", root.id, "made", {"name": root.name})
    return root


def _make_cycle(session: Session, who: Acting, today: date, now: datetime) -> Cycle:
    quarter = quarter_of(today, who.workspace.fiscal_start_month)
    cycle = Cycle(workspace_id=who.workspace.id, name=quarter.name, starts_on=quarter.start, ends_on=quarter.end)
    session.add(cycle)
    session.flush()
    _note(session, who, now, "cycle", cycle.id, "made", {"name": cycle.name})
    return cycle


def _any_champion(session: Session, workspace_id: int) -> bool:
    return any(each.role == "champion" and each.is_active for each in members.roles(session, workspace_id))


def _note(
    session: Session,
    who: Acting,
    now: datetime,
    entity: str,
    entity_id: int,
    action: str,
    after: dict[str, object] | None,
) -> None:
    changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity=entity,
        entity_id=entity_id,
        action=action,
        after=after,
    )


def empty_workspace(session: Session, who: Acting, now: datetime) -> EmptyWorkspace:
    """What somebody is told while nobody has set an objective: what to do, or who can."""
    root, cycle, appointed = prepare_workspace(session, who, now)
    champions = [each.name for each in who.champions]
    if not champions and not appointed:
        champions = [member.name for member in members.admins(session, who.workspace.id, 5)]
    return EmptyWorkspace(
        person=who.person,
        workspace=who.workspace.name,
        team=root.name,
        cycle=cycle.name,
        may_set_up=appointed or who.is_champion,
        just_appointed=appointed,
        champions=tuple(champions),
    )


@dataclass(frozen=True)
class OpenSetUp:
    """Show the **Set up** modal."""

    actor: Actor


@dataclass(frozen=True)
class SaveSetUp:
    """The **Set up** modal was saved. Slack ids for people and the channel; None and () leave things as they are."""

    actor: Actor
    nonce: str
    team: str
    cycle: str
    channel: str | None
    lead: str | None
    champions: tuple[str, ...]
    sponsors: tuple[str, ...]
    approval_needed: bool | None = None
    individual_objectives: bool | None = None
    fiscal_start_month: int | None = None


def open_set_up(session: Session, command: OpenSetUp, now: datetime) -> SetUpForm:
    """What the **Set up** modal is filled with. Raises NotAllowed for everybody but champions."""
    who = _champion(session, command.actor)
    root, cycle, _ = prepare_workspace(session, who, now)
    _, lead = teams.with_lead(session, root.id)
    return SetUpForm(
        team=root.name,
        cycle=cycle.name,
        channel=root.channel,
        lead=None if lead is None else lead.slack_id,
        champions=tuple(each.slack_id for each in who.champions),
        sponsors=tuple(each.slack_id for each in who.roles if each.role == "sponsor" and each.is_active),
        approval_needed=who.workspace.approval_needed,
        individual_objectives=who.workspace.individual_objectives,
        fiscal_start_month=who.workspace.fiscal_start_month,
    )


def save_set_up(session: Session, command: SaveSetUp, now: datetime) -> SetUpForm:
    """Name the root team and the cycle, choose the channel and the options, appoint. Twice is the same as once.

    Raises NotAllowed, and OkrError with `field` (`team`, `cycle`, `lead`, `champions`, `sponsors`,
    `fiscal_start_month`).
    """
    who = _champion(session, command.actor)
    root, cycle, _ = prepare_workspace(session, who, now)
    before = {"team": root.name, "cycle": cycle.name, "channel": root.channel}
    root.name, name = _name(command.team, "team"), _name(command.cycle, "cycle")
    if cycles.is_taken(session, who.workspace.id, name, but=cycle.id):
        raise OkrError("There is another cycle of this name. Choose another name.", help_topic="cycles", field="cycle")
    cycle.name = name
    root.channel = command.channel or root.channel
    chosen = (command.approval_needed, command.individual_objectives, command.fiscal_start_month)
    put_options(session, who, ChangeOptions(command.actor, *chosen), now)
    people = _people(session, who, command)
    led_by = root.lead_id
    if command.lead:
        root.lead_id = people[command.lead].id
        tell_leads(session, who, root, led_by, now)
    for role, slack_ids in (("champion", command.champions), ("sponsor", command.sponsors)):
        for slack_id in slack_ids:
            if members.give_role(session, who.workspace.id, people[slack_id].id, role, now):
                tell(session, who, people[slack_id], role, now)
    ask_others(session, who.workspace.id, now)
    changes.note(
        session,
        who.workspace.id,
        at=now,
        actor_id=who.member.id,
        entity="workspace",
        entity_id=who.workspace.id,
        action="set up",
        before=before,
        after={
            "team": root.name,
            "cycle": cycle.name,
            "channel": root.channel,
            "lead": command.lead,
            "champions": list(command.champions),
            "sponsors": list(command.sponsors),
        },
    )
    session.flush()
    form = SetUpForm(root.name, cycle.name, root.channel, command.lead, command.champions, command.sponsors)
    deliveries.add(
        session,
        who.workspace.id,
        kind="set_up_done",
        recipient=who.member.slack_id,
        arguments={"team": root.id, "cycle": cycle.id},
        dedupe_key=f"set_up_done:{command.nonce}",
        not_before=now,
        now=now,
        priority=0,
    )
    return form


def _people(session: Session, who: Acting, command: SaveSetUp) -> dict[str, Member]:
    """Everybody the form names, by their Slack ids. Raises OkrError where one of them is no person of the workspace."""
    chosen = {
        "lead": [command.lead] if command.lead else [],
        "champions": [*command.champions],
        "sponsors": [*command.sponsors],
    }
    people = members.by_slack_ids(session, who.workspace.id, {each for ids in chosen.values() for each in ids})
    for field, slack_ids in chosen.items():
        for slack_id in slack_ids:
            person = people.get(slack_id)
            if person is None:
                raise UnknownPerson(Actor(command.actor.team, slack_id), field=field)
            if not may_hold(person):
                raise OkrError(
                    f"{person.name} is a guest or has left. Choose a full member of this workspace.",
                    help_topic="roles",
                    field=field,
                )
    return people


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The note that confirms what was set up to the champion who did it."""
    root, lead = teams.with_lead(session, delivery.arguments["team"])
    cycle = session.get_one(Cycle, delivery.arguments["cycle"])
    lead_id = None if lead is None else lead.slack_id
    return Outgoing(delivery.recipient, SetUpForm(root.name, cycle.name, root.channel, lead_id, (), ()))


def _champion(session: Session, actor: Actor) -> Acting:
    who = acting(session, actor)
    permit(who, Action.CHANGE_WORKSPACE, roles_of(who), "the workspace")
    return who


def _name(typed: str, field: str) -> str:
    name = typed_line(typed)
    if not name:
        raise OkrError("Give it a name.", help_topic="start", field=field)
    if len(name) > LONGEST_NAME:
        raise OkrError(f"This name is too long: at most {LONGEST_NAME} characters.", help_topic="start", field=field)
    return name
