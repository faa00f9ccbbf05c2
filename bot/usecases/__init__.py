"""One function per intention, `(session, command, now) -> result`, one transaction each. Nothing talks to Slack."""
