"""How each kind of delivery looks: its view. What it is about stands in `bot.usecases.outgoing` under the same name."""

from bot.delivery.courier import View
from bot.slack.views import checkins, digests, prompts, recognition

VIEWS: dict[str, View] = {
    "prompt": prompts.prompt,
    "receipt": checkins.receipt,
    "digest": digests.digest,
    "digest_refresh": digests.digest,
    "digest_entry": digests.digest_entry,
    "entry_refresh": digests.digest_entry,
    "recognition": recognition.notice,
}
