"""Listeners: acknowledge, parse, run a use case, show its answer. One module per capability."""

from slack_bolt.async_app import AsyncApp

from bot.slack.listeners import (
    agreements,
    changing,
    checkins,
    commands,
    cycles,
    details,
    errors,
    events,
    help,
    leaving,
    lists,
    objectives,
    prompts,
    retired,
    settings,
    setup,
    teams,
    weeks,
)
from bot.slack.shell import Shell

# Changing before setting: its forms have menus of the same names, and the first listener that fits hears of a choice.
CAPABILITIES = (
    commands,
    weeks,
    checkins,
    prompts,
    settings,
    changing,
    objectives,
    agreements,
    setup,
    lists,
    details,
    teams,
    cycles,
    leaving,
    help,
    events,
    retired,
)


def register(app: AsyncApp, shell: Shell) -> None:
    """Register every listener, and the one place where errors are answered."""
    for capability in CAPABILITIES:
        capability.register(app, shell)
    errors.register(app, shell)
