"""Errors a user may cause and may read.

An expected error is raised where it is known and answered once, at the edge. Anything that is not an
`OkrError` is a fault of ours: naive datetimes or impossible arguments raise `ValueError`.
"""

from typing import ClassVar


class OkrError(Exception):
    """An expected error.

    `sentence` is plain text the user may read (it may quote what was typed, shortened, and is escaped where it
    becomes mrkdwn); `help_topic` completes `/okr help TOPIC`; `field` names the wrong input where one is known.
    """

    default_help_topic: ClassVar[str] = "start"

    def __init__(self, sentence: str, *, help_topic: str | None = None, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.help_topic = help_topic if help_topic is not None else self.default_help_topic
        self.field = field

    def __str__(self) -> str:
        return self.sentence

    def at(self, field: str) -> "OkrError":
        """The same error, pinned to the input it came from (the error is changed and returned, to be raised)."""
        self.field = field
        return self


class UnreadableNumber(OkrError):
    """A typed value has no reading, or more than one."""

    default_help_topic = "numbers"


class UnreadableId(OkrError):
    """A typed text is not an id such as O-12 or KR-34."""

    default_help_topic = "update"


class StartEqualsTarget(OkrError):
    """A key result would end where it begins, so its progress has no meaning."""

    default_help_topic = "key-results"


class WeightsSumToZero(OkrError):
    """No weight is left to average by."""

    default_help_topic = "weights"


class NegativeWeight(OkrError):
    """A weight below zero was given."""

    default_help_topic = "weights"


class KindNotOffered(OkrError):
    """The kind of key result is unknown or not offered yet."""

    default_help_topic = "key-results"


class NotAllowed(OkrError):
    """The person may not do this; the sentence says who may."""

    default_help_topic = "roles"


class NotFound(OkrError):
    """What was named does not exist in this workspace, or the person may not read it."""

    default_help_topic = "list"


class NothingDue(OkrError):
    """There is nothing the person would have to answer now."""

    default_help_topic = "update"


class TooLateToUndo(OkrError):
    """The ten minutes for Undo are over."""

    default_help_topic = "update"


class OutsideCycle(OkrError):
    """A check-in is dated where its cycle takes none."""

    default_help_topic = "update"


class UnknownZone(OkrError):
    """A time zone's name is not in the IANA database; the caller falls back to another zone."""

    default_help_topic = "settings"


class Busy(OkrError):
    """The database did not answer in time; nothing was saved, and trying again is right."""

    default_help_topic = "start"

    def __init__(
        self,
        sentence: str = "I am busy and could not save this in time. Nothing is lost: please send it again.",
        *,
        help_topic: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(sentence, help_topic=help_topic, field=field)
