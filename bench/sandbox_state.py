"""What must hold in a local Slack at any time, whatever was asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state import Timeline, Workspace
from bot.sandbox.views import DEEPEST_STACK

Snapshot = dict[str, Any]


def contradictions(sandbox: Sandbox) -> list[str]:
    """Sentences about what does not fit together; empty when everything does."""
    workspace = sandbox.workspace
    found = [*_of_channels(workspace), *_of_views(workspace)]
    for channel, timeline in workspace.timelines.items():
        found += [f"{channel}: {sentence}" for sentence in _of_timeline(timeline)]
    if snapshot(workspace) != snapshot(reloaded(sandbox)):
        found.append("What is kept differs from what is in memory.")
    return found


def reloaded(sandbox: Sandbox) -> Workspace:
    """The workspace as a restart would find it."""
    again = Workspace(sandbox.store, sandbox.clock, sandbox.team)
    again.load()
    return again


def snapshot(workspace: Workspace) -> Snapshot:
    """Everything a restart must keep, as plain values."""
    return {
        "people": {key: vars(one) for key, one in workspace.people.items()},
        "channels": {key: vars(one) for key, one in workspace.channels.items()},
        "groups": {key: vars(one) for key, one in workspace.groups.items()},
        "files": {key: vars(one) for key, one in workspace.files.items()},
        "messages": {
            f"{channel}/{ts}": vars(message)
            for channel, timeline in workspace.timelines.items()
            for ts, message in timeline.by_ts.items()
        },
        "roots": {key: list(one.roots) for key, one in workspace.timelines.items() if one.roots},
        "threads": {key: dict(one.threads) for key, one in workspace.timelines.items() if one.threads},
        "views": {key: vars(one) for key, one in workspace.views.items()},
        "stacks": {key: list(one) for key, one in workspace.stacks.items() if one},
        "homes": dict(workspace.homes),
    }


def _of_channels(workspace: Workspace) -> Iterator[str]:
    for channel in workspace.channels.values():
        if len(set(channel.members)) != len(channel.members):
            yield f"{channel.id} has a member twice."
        if not set(channel.members) <= set(workspace.people):
            yield f"{channel.id} has a member who does not exist."


def _of_views(workspace: Workspace) -> Iterator[str]:
    referenced = set(workspace.homes.values())
    for name, stack in workspace.stacks.items():
        referenced |= set(stack)
        if len(stack) > DEEPEST_STACK:
            yield f"{name} has {len(stack)} modals open."
        if any(workspace.views[view].stack != name for view in stack if view in workspace.views):
            yield f"{name} has a modal open that belongs elsewhere."
    if referenced != set(workspace.views):
        yield f"Views without a place or places without a view: {sorted(referenced ^ set(workspace.views))}."


def _of_timeline(timeline: Timeline) -> Iterator[str]:
    listed = [timeline.roots, *timeline.threads.values()]
    if any(earlier >= later for ones in listed for earlier, later in pairwise(ones)):
        yield "messages are not in order."
    if {ts for ones in listed for ts in ones} != set(timeline.by_ts):
        yield "a message is in no list, or a list names one that does not exist."
    for message in timeline.by_ts.values():
        for name, users in message.reactions.items():
            if not users or len(set(users)) != len(users):
                yield f"the reaction {name} on {message.ts} is empty or counts somebody twice."
