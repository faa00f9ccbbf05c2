"""The kinds of deliveries. A new kind is one entry here, and its view in `bot.delivery.kinds`."""

from bot.usecases import (
    agreements,
    appointments,
    change_notices,
    channels,
    cycles,
    digests,
    leavers,
    prompts,
    publishing,
    receipts,
    recognition,
    teams,
    workspaces,
)
from bot.usecases.deliverable import Outgoing, OutgoingKind, Wait, nothing_more

KINDS: dict[str, OutgoingKind] = {
    "prompt": OutgoingKind(prompts.prepare, nothing_more),
    "receipt": OutgoingKind(receipts.prepare, receipts.sent),
    "digest": OutgoingKind(digests.prepare, digests.sent),
    "digest_refresh": OutgoingKind(digests.prepare_refresh, nothing_more),
    "digest_entry": OutgoingKind(digests.prepare_entry, digests.entry_sent),
    "entry_refresh": OutgoingKind(digests.prepare_entry_refresh, nothing_more),
    "recognition": OutgoingKind(recognition.prepare, nothing_more),
    "objective_set": OutgoingKind(publishing.prepare, nothing_more),
    "agreement_asked": OutgoingKind(agreements.prepare_request, nothing_more),
    "agreement_settled": OutgoingKind(agreements.prepare_settled, nothing_more),
    "objective_sent_back": OutgoingKind(agreements.prepare_sent_back, nothing_more),
    "closed_channel": OutgoingKind(channels.prepare, nothing_more),
    leavers.LEFT: OutgoingKind(leavers.prepare_left, nothing_more),
    leavers.RECEIVED: OutgoingKind(leavers.prepare_received, nothing_more),
    appointments.KIND: OutgoingKind(appointments.prepare, nothing_more),
    change_notices.KIND: OutgoingKind(change_notices.prepare, nothing_more),
    "set_up_done": OutgoingKind(workspaces.prepare, nothing_more),
    "cycle_saved": OutgoingKind(cycles.prepare, nothing_more),
    "team_saved": OutgoingKind(teams.prepare, nothing_more),
}

__all__ = ["KINDS", "Outgoing", "OutgoingKind", "Wait", "nothing_more"]
