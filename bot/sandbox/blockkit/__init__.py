"""The Block Kit rule book of the local Slack: what Slack refuses fails here first, in Slack's own words.

The rules are data (`blocks`, `elements`, `objects`, `rich_text`, `data_blocks`, with the numbers in `limits`), held
against a payload by one interpreter (`schema`); `payloads` adds what concerns a message or view as a whole. Nothing
is imported from the bot or from the library it builds blocks with, so one misreading cannot pass on both sides.
"""

from bot.sandbox.blockkit.normalise import normalise_blocks, normalise_view
from bot.sandbox.blockkit.payloads import validate_blocks, validate_message, validate_suggestions, validate_view
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.state import check_input, initial_state, read_input

__all__ = [
    "Problem",
    "check_input",
    "initial_state",
    "normalise_blocks",
    "normalise_view",
    "read_input",
    "validate_blocks",
    "validate_message",
    "validate_suggestions",
    "validate_view",
]
