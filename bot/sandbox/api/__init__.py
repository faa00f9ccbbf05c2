"""Slack's Web API: a registry of methods, one module per family."""

from bot.sandbox.api import channels, chat, conversations, dnd, files, people, reactions, status, views
from bot.sandbox.api.registry import METHODS, answer_call

__all__ = [
    "METHODS",
    "answer_call",
    "channels",
    "chat",
    "conversations",
    "dnd",
    "files",
    "people",
    "reactions",
    "status",
    "views",
]
