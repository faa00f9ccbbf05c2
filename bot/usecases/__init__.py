"""One function per intention: `(session, command, now) -> result`, one transaction each. Nothing here talks to Slack."""
