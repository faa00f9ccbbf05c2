"""What is packed into each kind of button and modal. Everything here is for ever, as in `bot.slack.ids`."""

from dataclasses import dataclass

from bot.slack.packing import Packed


@dataclass(frozen=True)
class CheckInOpening(Packed):
    """**Check In** on a prompt or in my week: which prompt (its delivery), if any."""

    TAG = "check_in_open"
    prompt_delivery: int | None = None


@dataclass(frozen=True)
class SubmissionRef(Packed):
    """**Undo** on a receipt."""

    TAG = "submission"
    submission: int


@dataclass(frozen=True)
class KeyResultRef(Packed):
    """**Add a Note** in the **Check in** modal: to which key result."""

    TAG = "key_result_ref"
    number: int


@dataclass(frozen=True)
class EditOpening(Packed):
    """**Edit** on a receipt or in a history: which submission, and which of its key results (None: to be chosen)."""

    TAG = "open_check_in_edit"
    submission: int
    number: int | None = None


@dataclass(frozen=True)
class CheckInEditing(Packed):
    """What the **Edit** modal must remember: which check-in, and the version it was filled with."""

    TAG = "edit_check_in"
    submission: int
    number: int
    version: int


@dataclass(frozen=True)
class LeaverRef(Packed):
    """**Hand Over**: whose key results (a member's row id)."""

    TAG = "leaver"
    member: int


@dataclass(frozen=True)
class HandOverMetadata(Packed):
    """What the **Hand over** modal must remember: who has left, and what has a line of its own on this page."""

    TAG = "hand_over"
    member: int
    shown: tuple[int, ...] = ()
    objectives: tuple[int, ...] = ()
    page: int = 1


@dataclass(frozen=True)
class CheckInMetadata(Packed):
    """What a page of the **Check in** modal must remember: which key results were due, and which were shown at all.

    `rest` are those of the pages to come. Where inputs hold a draft, `known_values` and `known_confidences` say what
    they would hold without, for each of `shown`. `form`: see `nth_form`.
    """

    TAG = "check_in"
    nonce: str
    due: tuple[int, ...]
    shown: tuple[int, ...]
    prompt_delivery: int | None = None
    page: int = 1
    rest: tuple[int, ...] = ()
    form: int = 1
    known_values: tuple[str | None, ...] = ()
    known_confidences: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class HelpPage(Packed):
    """A button or menu entry that leads to a help topic; None for the overview."""

    TAG = "help"
    topic: str | None = None


@dataclass(frozen=True)
class ListOpening(Packed):
    """A button that shows a list; the text is what one would type after `/okr list`."""

    TAG = "list"
    text: str = ""


@dataclass(frozen=True)
class ListPage(Packed):
    """**Next** and **Previous** on a list: of whom it is, its filter, and the number it goes on from.

    `scope` is me, person (`person` is a `U…` id), team (`team` is its row id) or company. For the list of people who
    have nothing yet the number is a member's row id.
    """

    TAG = "list_page"
    scope: str
    person: str | None = None
    team: int | None = None
    only: str | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Showing(Packed):
    """A button that shows an objective or key result (`O-1`, `KR-3`), or a page of its history.

    `direction` is older or newer than the entry at `at` (microseconds since 1970), of `kind`, with `row`.
    """

    TAG = "showing"
    id: str
    direction: str | None = None
    at: int = 0
    kind: int = 0
    row: int = 0


@dataclass(frozen=True)
class EditMetadata(Packed):
    """What an **Edit** modal must remember: of what (`KR-3`), the newest change it shows, which redrawing it is."""

    TAG = "edit"
    id: str
    seen: int
    form: int = 1


@dataclass(frozen=True)
class ObjectiveMetadata(Packed):
    """What the **New objective** modal must remember: its form, and which one of a chain in its window it is."""

    TAG = "objective"
    nonce: str
    form: int = 1


@dataclass(frozen=True)
class KeyResultMetadata(Packed):
    """What the **Key result** modal must remember: for which `O-` number it is, which one of its chain of forms.

    `adding`: 1 where it is for an objective that is published.
    """

    TAG = "key_result"
    objective: int
    form: int
    adding: int = 0


@dataclass(frozen=True)
class DraftRef(Packed):
    """A draft, by the form it came from."""

    TAG = "draft"
    nonce: str


@dataclass(frozen=True)
class ObjectiveRef(Packed):
    """**Approve**, **Send Back**, **Withdraw**, and the modal of the second: the `O-` number.

    `version` names what was shown, `seen` the newest change of it; None on messages that were sent before they were.
    """

    TAG = "objective_ref"
    objective: int
    version: str | None = None
    seen: int | None = None


@dataclass(frozen=True)
class SetUpMetadata(Packed):
    """What the **Set up** modal must remember."""

    TAG = "set_up"
    nonce: str


@dataclass(frozen=True)
class TeamRef(Packed):
    """A button about one team (its row id); None where it is about all, or a new one at the top."""

    TAG = "team"
    team: int | None = None


@dataclass(frozen=True)
class TeamMetadata(Packed):
    """What the **New team** and **Edit team** modal must remember: `team` is None for a new one.

    `seen`: the newest change of the team when the form was opened.
    """

    TAG = "team_form"
    nonce: str
    team: int | None = None
    seen: int | None = None


@dataclass(frozen=True)
class CycleRef(Packed):
    """A button about one cycle (its row id)."""

    TAG = "cycle"
    cycle: int


@dataclass(frozen=True)
class CycleMetadata(Packed):
    """What the **New cycle** and **Edit cycle** modal must remember: `cycle` is None for a new one.

    `seen`: the newest change of the cycle when the form was opened.
    """

    TAG = "cycle_form"
    nonce: str
    form: int = 1
    cycle: int | None = None
    seen: int | None = None


@dataclass(frozen=True)
class PromptPlace(Packed):
    """What the **Snooze** and **Skip** modals must remember: the message to change, as `channel:ts`."""

    TAG = "prompt_place"
    where: str
