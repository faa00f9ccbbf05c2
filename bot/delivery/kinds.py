"""How each kind of delivery looks: its view. What it is about stands in `bot.usecases.outgoing` under the same name."""

from bot.delivery.courier import View
from bot.okr.facts import Prompt, SetUpForm
from bot.slack.views import (
    Message,
    agreements,
    changing,
    channels,
    checkins,
    cycles,
    digests,
    leaving,
    objectives,
    prompts,
    recognition,
    roles,
    setup,
    teams,
    words,
)


def _prompt(asking: Prompt) -> Message:
    return prompts.prompt(asking, [VIEWS[each.kind](each.facts).text for each in asking.waiting])


def _set_up_done(done: SetUpForm) -> Message:
    return setup.set_up_done(done.team, done.cycle, has_channel=done.channel is not None)


VIEWS: dict[str, View] = {
    "prompt": _prompt,
    "reminder": prompts.reminder,
    "prompt_again": prompts.prompt,
    "prompt_answered": prompts.answered,
    "receipt": checkins.receipt,
    "words_answered": words.words_answered,
    "digest": digests.digest,
    "digest_refresh": digests.digest,
    "digest_entry": digests.digest_entry,
    "entry_refresh": digests.digest_entry,
    "recognition": recognition.notice,
    "objective_set": objectives.objective_set,
    "agreement_asked": agreements.agreement_asked,
    "agreement_settled": agreements.agreement_settled,
    "objective_sent_back": agreements.sent_back,
    "closed_channel": channels.closed_channel,
    "somebody_left": leaving.somebody_left,
    "handed_over": leaving.received,
    "change_notice": changing.notice,
    "role_changed": roles.role_changed,
    "set_up_done": _set_up_done,
    "team_saved": teams.team,
    "cycle_saved": cycles.cycle,
}
