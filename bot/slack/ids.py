"""Names that Slack gives back to us, and what is packed into buttons and modals.

Everything here is for ever: a message sent today still has its buttons in a year, so an id is never renamed or given
another meaning. A control that goes out of use moves to `RETIRED_ACTIONS`, where it still gets an answer.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.slack.packing import LONGEST_PACKED, Packed, UnreadableControl, pack, unpack, unreadable

__all__ = ["LONGEST_PACKED", "Packed", "UnreadableControl", "pack", "unpack", "unreadable"]

# Modals (callback_id) and shortcuts.
CHECK_IN: Final = "check_in"
NEW_OBJECTIVE: Final = "new_objective"
KEY_RESULT: Final = "key_result"
SEND_BACK: Final = "send_back"
SET_UP: Final = "set_up"
EDIT_KEY_RESULT: Final = "edit_key_result"
EDIT_OBJECTIVE: Final = "edit_objective"
CHANGED: Final = "changed"
TEAM: Final = "team"
CYCLE: Final = "cycle"
LOADING: Final = "loading"
NOTICE: Final = "notice"
CHECK_IN_SHORTCUT: Final = "check_in_shortcut"

# Buttons and menus (action_id).
CHECK_IN_OPEN: Final = "check_in_open"
UNDO_SUBMISSION: Final = "undo_submission"
OPEN_SET_UP: Final = "open_set_up"
OPEN_NEW_OBJECTIVE: Final = "open_new_objective"
MY_WEEK_REFRESH: Final = "my_week_refresh"
HELP_TOPIC: Final = "help_topic"
HELP_TOPIC_CHOICE: Final = "help_topic_choice"
LIST_OPEN: Final = "list_open"
LIST_NEXT: Final = "list_next"
LIST_PREVIOUS: Final = "list_previous"
SHOW_OPEN: Final = "show_open"
SHOW_OLDER: Final = "show_older"
SHOW_NEWER: Final = "show_newer"
SHOW_HISTORY: Final = "show_history"
DRAFT_CONTINUE: Final = "draft_continue"
DRAFT_DISCARD: Final = "draft_discard"
DRAFT_CHOICE: Final = "draft_choice"
OBJECTIVE_APPROVE: Final = "objective_approve"
OBJECTIVE_SEND_BACK: Final = "objective_send_back"
EDIT_OPEN: Final = "edit_open"
TEAMS_OPEN: Final = "teams_open"
TEAM_OPEN: Final = "team_open"
TEAM_CHOICE: Final = "team_choice"
TEAM_NEW: Final = "team_new"
TEAM_EDIT: Final = "team_edit"
TEAM_ARCHIVE: Final = "team_archive"
TEAM_RESTORE: Final = "team_restore"
CYCLES_OPEN: Final = "cycles_open"
CYCLE_CHOICE: Final = "cycle_choice"
CYCLE_NEW: Final = "cycle_new"
CYCLE_EDIT: Final = "cycle_edit"
CYCLE_ARCHIVE: Final = "cycle_archive"
CYCLE_RESTORE: Final = "cycle_restore"
CYCLE_NEXT_QUARTER: Final = "cycle_next_quarter"
CYCLE_NEXT_YEAR: Final = "cycle_next_year"

ACTIONS: Final = frozenset(
    {
        CHECK_IN_OPEN,
        UNDO_SUBMISSION,
        OPEN_SET_UP,
        OPEN_NEW_OBJECTIVE,
        MY_WEEK_REFRESH,
        HELP_TOPIC,
        HELP_TOPIC_CHOICE,
        LIST_OPEN,
        LIST_NEXT,
        LIST_PREVIOUS,
        SHOW_OPEN,
        SHOW_OLDER,
        SHOW_NEWER,
        SHOW_HISTORY,
        DRAFT_CONTINUE,
        DRAFT_DISCARD,
        DRAFT_CHOICE,
        OBJECTIVE_APPROVE,
        OBJECTIVE_SEND_BACK,
        EDIT_OPEN,
        TEAMS_OPEN,
        TEAM_OPEN,
        TEAM_CHOICE,
        TEAM_NEW,
        TEAM_EDIT,
        TEAM_ARCHIVE,
        TEAM_RESTORE,
        CYCLES_OPEN,
        CYCLE_CHOICE,
        CYCLE_NEW,
        CYCLE_EDIT,
        CYCLE_ARCHIVE,
        CYCLE_RESTORE,
        CYCLE_NEXT_QUARTER,
        CYCLE_NEXT_YEAR,
    }
)
RETIRED_ACTIONS: Final[frozenset[str]] = frozenset()

# Inputs. An input's action_id is its block_id, so a value is read at `state["values"][id][id]`.
LEARNED: Final = "learned"
NEEDS: Final = "needs"
OBJECTIVE_TITLE: Final = "objective.title"
OBJECTIVE_WHY: Final = "objective.why"
OBJECTIVE_TEAM: Final = "objective.team"
OBJECTIVE_SUPPORTS: Final = "objective.supports"
OBJECTIVE_CYCLE: Final = "objective.cycle"
OBJECTIVE_PRIVATE: Final = "objective.private"
OBJECTIVE_INDIVIDUAL: Final = "objective.individual"
SEND_BACK_COMMENT: Final = "send_back.comment"
KEY_RESULT_TITLE: Final = "key_result.title"
KEY_RESULT_START: Final = "key_result.start"
KEY_RESULT_TARGET: Final = "key_result.target"
KEY_RESULT_UNIT: Final = "key_result.unit"
KEY_RESULT_KIND: Final = "key_result.kind"
KEY_RESULT_COMMIT: Final = "key_result.commit"
KEY_RESULT_STRETCH: Final = "key_result.stretch"
KEY_RESULT_MILESTONES: Final = "key_result.milestones"
KEY_RESULT_OWNER: Final = "key_result.owner"
KEY_RESULT_WEIGHT: Final = "key_result.weight"
KEY_RESULT_CONTRIBUTORS: Final = "key_result.contributors"
KEY_RESULT_DELEGATE: Final = "key_result.delegate"
KEY_RESULT_ANOTHER: Final = "key_result.another"
EDIT_PLACE: Final = "edit.objective"
EDIT_TITLE: Final = "edit.title"
EDIT_PURPOSE: Final = "edit.purpose"
EDIT_TEAM: Final = "edit.team"
EDIT_SUPPORTS: Final = "edit.supports"
EDIT_CYCLE: Final = "edit.cycle"
EDIT_OWNER: Final = "edit.owner"
EDIT_PRIVATE: Final = "edit.private"
EDIT_STATE: Final = "edit.state"
EDIT_REASON: Final = "edit.why"
TEAM_NAME: Final = "set_up.team"
CYCLE_NAME: Final = "set_up.cycle"
TEAM_CHANNEL: Final = "set_up.channel"
TEAM_LEAD: Final = "set_up.lead"
CHAMPIONS: Final = "set_up.champions"
SPONSORS: Final = "set_up.sponsors"
APPROVAL_NEEDED: Final = "set_up.approval"
INDIVIDUAL_OBJECTIVES: Final = "set_up.individual"
FISCAL_START: Final = "set_up.fiscal_start"
TEAM_OWN_NAME: Final = "team.name"
TEAM_LEVEL: Final = "team.level"
TEAM_PARENT: Final = "team.parent"
TEAM_OWN_LEAD: Final = "team.lead"
TEAM_OWN_CHANNEL: Final = "team.channel"
TEAM_SOURCE: Final = "team.source"
TEAM_MEMBERS: Final = "team.members"
TEAM_GROUP: Final = "team.group"
TEAM_OBSERVERS: Final = "team.observers"
CYCLE_OWN_NAME: Final = "cycle.name"
CYCLE_STARTS: Final = "cycle.starts"
CYCLE_ENDS: Final = "cycle.ends"
CYCLE_DRAFTS: Final = "cycle.drafts"

# Blocks that only show something.
HEADLINE: Final = "headline"
INTRODUCTION: Final = "introduction"
BUTTONS: Final = "buttons"
FOOTNOTE: Final = "footnote"
MORE: Final = "more"
TOPICS: Final = "topics"
OBJECTIVES: Final = "objectives"
ATTENTION: Final = "attention"
PEOPLE: Final = "people"
LEARNINGS: Final = "learnings"
WITHOUT: Final = "without"
TREE: Final = "tree"
ARCHIVED: Final = "archived"
CHOICE: Final = "choice"
DETAILS: Final = "details"
PURPOSE: Final = "purpose"
STEPS: Final = "steps"
HISTORY: Final = "history"
PRIVATE: Final = "private"
DRAFT: Final = "draft"
KEPT: Final = "kept"
WHY: Final = "why"
CONTESTED: Final = "contested"

_KEY_RESULT_BLOCK = re.compile(r"kr\.([1-9][0-9]{0,8})\.(value|confidence)", re.ASCII)


def value_block(key_result: int) -> str:
    """The input that takes a key result's value."""
    return f"kr.{key_result}.value"


def confidence_block(key_result: int) -> str:
    """The input that takes a key result's confidence."""
    return f"kr.{key_result}.confidence"


def nth_form(name: str, form: int) -> str:
    """The input `name` in the `form`-th form of a chain that replace each other in one window.

    Slack keeps what was typed where block and action have the same id as before, so the next empty form needs others.
    """
    return name if form == 1 else f"{name}.{form}"


def in_any_form(name: str) -> re.Pattern[str]:
    """What `nth_form` may have made of a name."""
    return re.compile(rf"{re.escape(name)}(\.[1-9][0-9]{{0,8}})?", re.ASCII)


def standing_block(key_result: int) -> str:
    """The block that says where a key result stands."""
    return f"kr.{key_result}.standing"


def part_block(name: str, index: int) -> str:
    """The `index`-th of several blocks that together tell one thing."""
    return f"{name}.{index}"


def key_result_of_value_block(block_id: str) -> int | None:
    """The number behind a value input's block_id; None for any other block."""
    return _key_result_of(block_id, "value")


def key_result_of_confidence_block(block_id: str) -> int | None:
    """The number behind a confidence input's block_id; None for any other block."""
    return _key_result_of(block_id, "confidence")


def _key_result_of(block_id: str, part: str) -> int | None:
    match = _KEY_RESULT_BLOCK.fullmatch(block_id)
    return int(match[1]) if match and match[2] == part else None


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
class CheckInMetadata(Packed):
    """What the **Check in** modal must remember: which key results were due and which were shown at all."""

    TAG = "check_in"
    nonce: str
    due: tuple[int, ...]
    shown: tuple[int, ...]
    prompt_delivery: int | None = None


@dataclass(frozen=True)
class ObjectiveMetadata(Packed):
    """What the **New objective** modal must remember: its form, and which one of a chain in its window it is."""

    TAG = "objective"
    nonce: str
    form: int = 1


@dataclass(frozen=True)
class KeyResultMetadata(Packed):
    """What the **Key result** modal must remember: for which `O-` number it is, which one of its chain of forms."""

    TAG = "key_result"
    objective: int
    form: int


@dataclass(frozen=True)
class DraftRef(Packed):
    """A draft, by the form it came from."""

    TAG = "draft"
    nonce: str


@dataclass(frozen=True)
class ObjectiveRef(Packed):
    """**Approve** and **Send Back**, and the modal of the latter: the `O-` number."""

    TAG = "objective_ref"
    objective: int


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
    """What the **New team** and **Edit team** modal must remember: `team` is None for a new one."""

    TAG = "team_form"
    nonce: str
    team: int | None = None


@dataclass(frozen=True)
class CycleRef(Packed):
    """A button about one cycle (its row id)."""

    TAG = "cycle"
    cycle: int


@dataclass(frozen=True)
class CycleMetadata(Packed):
    """What the **New cycle** and **Edit cycle** modal must remember: `cycle` is None for a new one."""

    TAG = "cycle_form"
    nonce: str
    form: int = 1
    cycle: int | None = None
