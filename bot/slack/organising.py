"""The forms of teams and cycles, read from what Slack says their modals hold."""

from collections.abc import Mapping
from typing import Any

from bot.slack import ids
from bot.slack.entered import Entered
from bot.usecases.actors import Actor
from bot.usecases.cycle_forms import SaveCycle
from bot.usecases.in_step import CHANNEL, GROUP, FollowChange, Source
from bot.usecases.team_forms import HAND, SaveTeam
from bot.usecases.team_rhythms import TypedRhythm, TypedWeekTime

Payload = Mapping[str, Any]


def team_form(view: Payload, actor: Actor) -> SaveTeam:
    """**Save** was pressed in the **New team** or **Edit team** modal."""
    state = Entered(view)
    metadata = ids.unpack(view.get("private_metadata"), ids.TeamMetadata)
    return SaveTeam(
        actor=actor,
        nonce=metadata.nonce,
        team=metadata.team,
        name=state.text(ids.TEAM_OWN_NAME) or "",
        level=state.choice(ids.TEAM_LEVEL),
        parent=_whole(state.choice(ids.TEAM_PARENT)),
        lead=state.choice(ids.TEAM_OWN_LEAD),
        channel=state.choice(ids.TEAM_OWN_CHANNEL),
        members=state.choices(ids.TEAM_MEMBERS),
        observers=state.choices(ids.TEAM_OBSERVERS),
        source=state.choice(ids.TEAM_SOURCE) or HAND,
        group=state.choice(ids.TEAM_GROUP),
        seen=metadata.seen,
        rhythm=_rhythm(state),
    )


def _rhythm(state: Entered) -> TypedRhythm | None:
    every = state.choice(ids.TEAM_RHYTHM)
    if every is None:
        return None

    def moment(day: str, hour: str) -> TypedWeekTime:
        return TypedWeekTime(state.choice(day), state.hour(hour))

    return TypedRhythm(
        every,
        moment(ids.TEAM_OPENS_DAY, ids.TEAM_OPENS_HOUR),
        moment(ids.TEAM_DUE_DAY, ids.TEAM_DUE_HOUR),
        moment(ids.TEAM_CLOSES_DAY, ids.TEAM_CLOSES_HOUR),
    )


def cycle_form(view: Payload, actor: Actor) -> SaveCycle:
    """**Save** was pressed in the **New cycle** or **Edit cycle** modal."""
    state = Entered(view)
    metadata = ids.unpack(view.get("private_metadata"), ids.CycleMetadata)

    def of_this_form(name: str) -> str:
        return ids.nth_form(name, metadata.form)

    return SaveCycle(
        actor=actor,
        nonce=metadata.nonce,
        cycle=metadata.cycle,
        name=state.text(of_this_form(ids.CYCLE_OWN_NAME)) or "",
        starts_on=state.day(of_this_form(ids.CYCLE_STARTS)),
        ends_on=state.day(of_this_form(ids.CYCLE_ENDS)),
        drafts_from=state.day(of_this_form(ids.CYCLE_DRAFTS)),
        seen=metadata.seen,
    )


def source_of(form: SaveTeam) -> Source | None:
    """What the members of this form come from; None where they are chosen by hand."""
    if form.source == GROUP and form.group:
        return Source(form.actor.team, GROUP, form.group)
    if form.source == CHANNEL and form.channel:
        return Source(form.actor.team, CHANNEL, form.channel)
    return None


def change_of_source(body: Payload) -> FollowChange:
    """Somebody joined or left a channel or a user group."""
    event, team = body["event"], str(body["team_id"])
    if event["type"] == "subteam_members_changed":
        source = Source(team, GROUP, str(event["subteam_id"]))
        return FollowChange(source, _ids(event.get("added_users")), _ids(event.get("removed_users")))
    source, who = Source(team, CHANNEL, str(event["channel"])), (str(event["user"]),)
    if event["type"] == "member_joined_channel":
        return FollowChange(source, joined=who)
    return FollowChange(source, left=who)


def _ids(found: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in found or ())


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else None
