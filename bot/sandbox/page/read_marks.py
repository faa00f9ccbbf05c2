"""What each person has read: one mark per person and channel, kept with the workspace so that it survives a restart."""

from bot.sandbox.state import Workspace

KIND = "read"


class ReadMarks:
    """Up to which ts each person has seen each channel."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._marks = {key: str(body["ts"]) for key, body in workspace.store.each(KIND)}

    def mark(self, user: str, channel: str) -> bool:
        """Everything in the channel is read now; answers whether that is news."""
        roots = self._workspace.timeline(channel).roots
        key = f"{user}/{channel}"
        if not roots or self._marks.get(key, "") >= roots[-1]:
            return False
        self._marks[key] = roots[-1]
        self._workspace.store.put(KIND, key, {"ts": roots[-1]})
        return True

    def last_read(self, user: str, channel: str) -> str:
        """The ts of the last message seen; empty when nothing was."""
        return self._marks.get(f"{user}/{channel}", "")

    def unread(self, user: str, channel: str) -> int:
        """How many messages by others came since, at most 100."""
        timeline = self._workspace.timeline(channel)
        seen = self.last_read(user, channel)
        newest = [ts for ts in timeline.roots[-100:] if ts > seen]
        return sum(timeline.by_ts[ts].user != user for ts in newest)
