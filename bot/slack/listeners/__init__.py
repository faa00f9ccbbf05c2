"""Listeners: acknowledge, parse, run a use case, show its answer. One module per capability."""

from slack_bolt.async_app import AsyncApp

from bot.slack.listeners import (
    agreements,
    checkins,
    commands,
    details,
    errors,
    events,
    help,
    lists,
    objectives,
    retired,
    setup,
    weeks,
)
from bot.slack.shell import Shell

CAPABILITIES = (commands, weeks, checkins, objectives, agreements, setup, lists, details, help, events, retired)


def register(app: AsyncApp, shell: Shell) -> None:
    """Register every listener, and the one place where errors are answered."""
    for capability in CAPABILITIES:
        capability.register(app, shell)
    errors.register(app, shell)
