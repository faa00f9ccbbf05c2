"""What Slack's refusals mean and what is done about each: one table from code to class, one from class to reaction."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError

from bot.usecases.deliveries import After


class Failure(StrEnum):
    """The classes of failed calls."""

    LIMITED = "limited"
    """Slack wants a pause of this method."""
    TEMPORARY = "temporary"
    """Nothing arrived; later it may."""
    UNCLEAR = "unclear"
    """It may have arrived."""
    NEEDS_HELP = "needs help"
    """Somebody has to change something in Slack."""
    USER_GONE = "user gone"
    INSTALL_BROKEN = "install broken"
    """Nothing can be sent to anybody until the operator has acted."""
    OUR_BUG = "our bug"
    """The message itself is refused."""
    NO_LONGER_THERE = "no longer there"
    """What was to be changed is gone: nothing is left to do."""


REACTIONS: dict[Failure, After] = {
    Failure.LIMITED: After.LIMITED,
    Failure.TEMPORARY: After.RETRY,
    Failure.UNCLEAR: After.UNCLEAR,
    Failure.NEEDS_HELP: After.FAILED,
    Failure.USER_GONE: After.FAILED,
    Failure.INSTALL_BROKEN: After.HELD,
    Failure.OUR_BUG: After.REFUSED,
    Failure.NO_LONGER_THERE: After.DROPPED,
}

_CODES_BY_CLASS: dict[Failure, str] = {
    Failure.LIMITED: "ratelimited rate_limited accesslimited",
    Failure.TEMPORARY: "message_limit_exceeded external_channel_migrating team_added_to_org update_failed",
    # Slack's own words on these: some part of the work may have been done before the error.
    Failure.UNCLEAR: "fatal_error internal_error request_timeout service_unavailable",
    Failure.NEEDS_HELP: (
        "not_in_channel channel_not_found is_archived messages_tab_disabled posting_to_channel_denied"
        " cannot_reply_to_message no_permission team_not_found"
    ),
    Failure.USER_GONE: "user_disabled user_not_found user_not_visible cannot_dm_bot",
    Failure.INSTALL_BROKEN: (
        "not_authed invalid_auth account_inactive token_revoked token_expired missing_scope not_allowed_token_type"
        " access_denied app_access_restricted ekm_access_denied org_login_required enterprise_is_restricted"
        " two_factor_setup_required"
    ),
    Failure.OUR_BUG: (
        "msg_too_long msg_blocks_too_long no_text too_many_attachments attachment_payload_limit_exceeded"
        " invalid_attachments markdown_text_conflict block_mismatch invalid_arguments invalid_arg_name"
        " invalid_array_arg invalid_charset invalid_form_data invalid_post_type missing_post_type missing_argument"
        " missing_file_data too_many_contact_cards as_user_not_supported unknown_method"
    ),
    Failure.NO_LONGER_THERE: (
        "message_not_found cant_update_message edit_window_closed is_inactive thread_not_found"
        " hash_conflict already_reacted no_reaction"
    ),
}

CODES: dict[str, Failure] = {code: failure for failure, codes in _CODES_BY_CLASS.items() for code in codes.split()}

PREFIXES: dict[str, Failure] = {
    "restricted_action": Failure.NEEDS_HELP,
    "invalid_blocks": Failure.OUR_BUG,
    "metadata_": Failure.OUR_BUG,
    "invalid_metadata": Failure.OUR_BUG,
    "only_one_table": Failure.OUR_BUG,
}

HELP: dict[str, str] = {
    "not_in_channel": "I am not in this channel. Invite me with /invite, or choose another channel for the team.",
    "channel_not_found": (
        "I cannot see this channel. If it is private, invite me with /invite; else choose another channel for the team."
    ),
    "is_archived": "This channel is archived. Choose another channel for the team, or unarchive it.",
    "messages_tab_disabled": (
        "The app's messages tab is off, so people cannot get direct messages. Turn it on under App Home in the app's "
        "settings."
    ),
    "cannot_reply_to_message": "Slack takes no replies to the message this belongs to.",
    "restricted_action": "Slack lets only some people post in this channel. Allow me to post, or choose another one.",
    "posting_to_channel_denied": "I may not post in this channel. Allow me to post, or choose another channel.",
    "user_disabled": "This person's Slack account is deactivated.",
    "user_not_found": "Slack does not know this person (any more).",
}

INSTALL_HELP: dict[str, str] = {
    "missing_scope": (
        "Slack says that the app lacks a permission it needs to send messages. Install the app again from its manifest."
    ),
    "token_expired": "The bot token has expired. Put a fresh one into SLACK_BOT_TOKEN and start the bot again.",
    "account_inactive": "Slack has deactivated the app or its bot user. Install the app again; nothing is lost.",
}
INSTALL_HELP_OTHERWISE = (
    "Slack does not accept the bot token. Check SLACK_BOT_TOKEN, or install the app again; what is to be sent waits."
)

PATIENCE_WITHOUT_HEADER = 30.0
LONGEST_PATIENCE = 3600.0


@dataclass(frozen=True)
class FailedCall:
    """One call that did not succeed. `code` is Slack's, or a name for what happened to the connection."""

    failure: Failure
    code: str
    retry_after: float = 0.0

    @property
    def sentence(self) -> str:
        """What to do about it, for people."""
        if self.failure is Failure.INSTALL_BROKEN:
            return f"{INSTALL_HELP.get(self.code, INSTALL_HELP_OTHERWISE)} (Slack's word: {self.code})"
        known = HELP.get(self.code) or next((text for code, text in HELP.items() if self.code.startswith(code)), None)
        return f"{known} (Slack's word: {self.code})" if known else self.code


def classify(code: str, *, to_person: bool = False) -> Failure:
    """The class of Slack's error code. A code nobody has heard of is taken for a passing one."""
    if to_person and code == "channel_not_found":
        return Failure.USER_GONE
    if code in CODES:
        return CODES[code]
    return next((failure for prefix, failure in PREFIXES.items() if code.startswith(prefix)), Failure.TEMPORARY)


def understand(error: Exception, *, to_person: bool = False) -> FailedCall:
    """Put whatever a Web API call raised into its class.

    Anything unforeseen is unclear: the request may have arrived.
    """
    if isinstance(error, ClientConnectorError):
        return FailedCall(Failure.TEMPORARY, "not_connected")
    if not isinstance(error, SlackApiError):
        return FailedCall(Failure.UNCLEAR, type(error).__name__)
    # The response may be a plain dict, the SDK's own, or aiohttp's, depending on how far the SDK got with reading it.
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    data = getattr(error.response, "data", error.response)
    code = data.get("error") if isinstance(data, dict) else None
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in ("ratelimited", "rate_limited"):
        return FailedCall(Failure.LIMITED, code or "ratelimited", _retry_after(error))
    if not code or (status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR):
        return FailedCall(Failure.UNCLEAR, code or f"http_{status}")
    failure = classify(str(code), to_person=to_person)
    return FailedCall(failure, str(code), _retry_after(error) if failure is Failure.LIMITED else 0.0)


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    try:
        seconds = float(given) if given is not None else PATIENCE_WITHOUT_HEADER
    except ValueError:
        seconds = PATIENCE_WITHOUT_HEADER
    return min(max(seconds, 1.0), LONGEST_PATIENCE)
