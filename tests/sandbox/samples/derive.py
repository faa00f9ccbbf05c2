"""Derives facts.json from a checkout of slackapi/java-slack-sdk: which keys Slack's published samples have, and of what
JSON type. Run by hand when the samples are renewed:

    python tests/sandbox/samples/derive.py CHECKOUT COMMIT > tests/sandbox/samples/facts.json

What is kept is described in README.md beside this file; no sample and no value of one is kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.sandbox.samples.shapes import Keys, Shapes, add_object

SAMPLES = "json-logs/samples"

METHODS = """
    api.test auth.test apps.connections.open team.info bots.info
    users.list users.info users.conversations users.lookupByEmail users.profile.get users.getPresence
    usergroups.list usergroups.users.list
    conversations.open conversations.list conversations.info conversations.members conversations.history
    conversations.replies conversations.join conversations.create conversations.invite conversations.leave
    conversations.kick conversations.archive conversations.setTopic conversations.setPurpose
    chat.postMessage chat.postEphemeral chat.update chat.delete chat.getPermalink
    views.open views.push views.update views.publish reactions.add reactions.remove reactions.get
    files.getUploadURLExternal files.completeUploadExternal files.info dnd.info dnd.teamInfo
"""

EVENTS = """
    AppHomeOpened Message MessageBot MessageChanged MessageDeleted MessageThreadBroadcast MessageFileShare
    MessageChannelJoin MessageChannelLeave MessageReplied ReactionAdded ReactionRemoved MemberJoinedChannel
    MemberLeftChannel UserChange TeamJoin AppUninstalled TokensRevoked DndUpdatedUser ChannelCreated ChannelArchive
    ChannelUnarchive FileShared FileChange FileCreated UserProfileChanged UserStatusChanged SubteamUpdated AppMention
"""

PAYLOADS = {
    "block_actions": "app-backend/interactive-components/BlockActionPayload.json",
    "message_action": "app-backend/interactive-components/MessageShortcutPayload.json",
    "view_submission": "app-backend/views/ViewSubmissionPayload.json",
    "view_closed": "app-backend/views/ViewClosedPayload.json",
    "slash_commands": "app-backend/slash-commands/SlashCommandPayload.json",
}


def derive(checkout: Path, commit: str) -> dict[str, Any]:
    """The facts, ready to be written as JSON: `answers`, `events` and `payloads` by name, `parts` by kind."""
    samples, parts = checkout / SAMPLES, Shapes()
    answers, events, payloads = Shapes(), Shapes(), Shapes()
    for method in METHODS.split():
        sample = json.loads((samples / "api" / f"{method}.json").read_text())
        add_object(answers.setdefault(method, {}), sample, parts)
    for name in EVENTS.split():
        sample = json.loads((samples / "events" / f"{name}Payload.json").read_text())
        event = sample["event"]
        add_object(payloads.setdefault("event_callback", {}), sample | {"event": {}}, parts)
        add_object(events.setdefault(event["type"], {}), event, parts)
    for name, path in PAYLOADS.items():
        add_object(payloads.setdefault(name, {}), json.loads((samples / path).read_text()), parts)
    return {
        "source": "https://github.com/slackapi/java-slack-sdk, " + SAMPLES,
        "commit": commit,
        "answers": _written(answers),
        "events": _written(events),
        "payloads": _written(payloads),
        "parts": _written(parts),
    }


def _written(shapes: Shapes) -> dict[str, Keys]:
    return {name: dict(sorted(keys.items())) for name, keys in sorted(shapes.items())}


if __name__ == "__main__":
    json.dump(derive(Path(sys.argv[1]), sys.argv[2]), sys.stdout, indent=0, separators=(",", ":"), sort_keys=False)
    sys.stdout.write("\n")
