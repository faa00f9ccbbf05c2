"""The kinds of deliveries. A new kind is one entry here, and its view in `bot.delivery.kinds`."""

from bot.okr.attention import Reason
from bot.usecases import (
    agreements,
    appointments,
    change_notices,
    channels,
    cycles,
    digests,
    leavers,
    prompt_answers,
    prompts,
    publishing,
    receipts,
    recognition,
    teams,
    words,
    workspaces,
)
from bot.usecases.deliverable import Outgoing, OutgoingKind, Wait, nothing_more

_ALL_BUT_PROMPTS: dict[str, OutgoingKind] = {
    "reminder": OutgoingKind(prompts.prepare_reminder, nothing_more, Reason.REMINDER),
    prompt_answers.AGAIN: OutgoingKind(prompts.prepare_again, nothing_more),
    prompt_answers.ANSWERED: OutgoingKind(prompt_answers.prepare_answered, nothing_more),
    "receipt": OutgoingKind(receipts.prepare, receipts.sent),
    words.KIND: OutgoingKind(words.prepare, words.sent),
    "digest": OutgoingKind(digests.prepare, digests.sent),
    "digest_refresh": OutgoingKind(digests.prepare_refresh, nothing_more),
    "digest_entry": OutgoingKind(digests.prepare_entry, digests.entry_sent),
    "entry_refresh": OutgoingKind(digests.prepare_entry_refresh, nothing_more),
    "recognition": OutgoingKind(recognition.prepare, nothing_more, Reason.NEWS),
    "objective_set": OutgoingKind(publishing.prepare, nothing_more),
    "agreement_asked": OutgoingKind(agreements.prepare_request, nothing_more, Reason.DUTY),
    "agreement_settled": OutgoingKind(agreements.prepare_settled, nothing_more),
    "objective_sent_back": OutgoingKind(agreements.prepare_sent_back, nothing_more),
    "closed_channel": OutgoingKind(channels.prepare, nothing_more, Reason.DUTY),
    leavers.LEFT: OutgoingKind(leavers.prepare_left, nothing_more, Reason.DUTY),
    leavers.RECEIVED: OutgoingKind(leavers.prepare_received, nothing_more, Reason.DUTY),
    appointments.KIND: OutgoingKind(appointments.prepare, nothing_more, Reason.DUTY),
    change_notices.KIND: OutgoingKind(change_notices.prepare, nothing_more, Reason.DUTY),
    "set_up_done": OutgoingKind(workspaces.prepare, nothing_more),
    "cycle_saved": OutgoingKind(cycles.prepare, nothing_more),
    "team_saved": OutgoingKind(teams.prepare, nothing_more),
}

KINDS: dict[str, OutgoingKind] = {
    "prompt": OutgoingKind(prompts.prompt_with(_ALL_BUT_PROMPTS), prompts.sent, Reason.PROMPT),
    **_ALL_BUT_PROMPTS,
}

__all__ = ["KINDS", "Outgoing", "OutgoingKind", "Wait", "nothing_more"]
