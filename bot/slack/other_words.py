"""Words that people type after `/okr` who know another tool, and the command each of them means."""

from types import MappingProxyType

OTHER_WORDS = MappingProxyType(
    {
        "checkin": "update",
        "check-in": "update",
        "check": "update",
        "add": "set",
        "create": "set",
        "new": "set",
        "objective": "set",
        "mine": "list",
        "status": "list",
        "history": "show",
        "change": "edit",
        "drop": "edit",
        "postpone": "edit",
        "restore": "edit",
        "move": "edit",
        "delete": "edit",
        "remove": "edit",
        "details": "show",
        "teams": "team",
        "cycles": "cycle",
        "quarter": "cycle",
        "champion": "role",
        "sponsor": "role",
        "leave": "away",
        "vacation": "away",
        "holiday": "away",
        "snooze": "settings",
        "preferences": "settings",
        "?": "help",
    }
)
