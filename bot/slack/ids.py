"""Names that Slack gives back to us, and what is packed into buttons and modals.

Everything here is for ever: a message sent today still has its buttons in a year, so an id is never renamed or given
another meaning. A control that goes out of use moves to `RETIRED_ACTIONS`, where it still gets an answer.
"""

import re
from typing import Final

from bot.slack.packing import LONGEST_PACKED, Packed, UnreadableControl, pack, unpack, unreadable
from bot.slack.packs import (
    CheckInEditing,
    CheckInMetadata,
    CheckInOpening,
    CycleMetadata,
    CycleRef,
    DraftRef,
    EditMetadata,
    EditOpening,
    HandOverMetadata,
    HelpPage,
    KeyResultMetadata,
    KeyResultRef,
    LeaverRef,
    ListOpening,
    ListPage,
    ObjectiveMetadata,
    ObjectiveRef,
    PromptPlace,
    SetUpMetadata,
    Showing,
    SubmissionRef,
    TeamMetadata,
    TeamRef,
)

__all__ = [
    "LONGEST_PACKED",
    "CheckInEditing",
    "CheckInMetadata",
    "CheckInOpening",
    "CycleMetadata",
    "CycleRef",
    "DraftRef",
    "EditMetadata",
    "EditOpening",
    "HandOverMetadata",
    "HelpPage",
    "KeyResultMetadata",
    "KeyResultRef",
    "LeaverRef",
    "ListOpening",
    "ListPage",
    "ObjectiveMetadata",
    "ObjectiveRef",
    "Packed",
    "PromptPlace",
    "SetUpMetadata",
    "Showing",
    "SubmissionRef",
    "TeamMetadata",
    "TeamRef",
    "UnreadableControl",
    "pack",
    "unpack",
    "unreadable",
]

# Modals (callback_id) and shortcuts.
CHECK_IN: Final = "check_in"
EDIT_CHECK_IN: Final = "edit_check_in"
EDIT_WHICH: Final = "edit_which"
NEW_OBJECTIVE: Final = "new_objective"
KEY_RESULT: Final = "key_result"
SEND_BACK: Final = "send_back"
SET_UP: Final = "set_up"
EDIT_KEY_RESULT: Final = "edit_key_result"
EDIT_OBJECTIVE: Final = "edit_objective"
CHANGED: Final = "changed"
TEAM: Final = "team"
CYCLE: Final = "cycle"
HAND_OVER: Final = "hand_over"
SETTINGS: Final = "settings"
SNOOZE: Final = "snooze"
SKIP: Final = "skip"
LOADING: Final = "loading"
NOTICE: Final = "notice"
CHECK_IN_SHORTCUT: Final = "check_in_shortcut"

# Buttons and menus (action_id).
CHECK_IN_OPEN: Final = "check_in_open"
NO_CHANGE: Final = "no_change"
SNOOZE_OPEN: Final = "snooze_open"
SKIP_OPEN: Final = "skip_open"
WAITING_SHOW: Final = "waiting_show"
SETTINGS_OPEN: Final = "settings_open"
COME_BACK: Final = "come_back"
UNDO_SUBMISSION: Final = "undo_submission"
ADD_NOTE: Final = "add_note"
DISCARD_DRAFT: Final = "discard_draft"
EDIT_CHECK_IN_OPEN: Final = "open_check_in_edit"
EDIT_CHECK_IN_CHOICE: Final = "edit_check_in_choice"
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
OBJECTIVE_WITHDRAW: Final = "objective_withdraw"
AGREEMENT_OPEN: Final = "agreement_open"
EDIT_OPEN: Final = "edit_open"
KEY_RESULT_ADD: Final = "key_result_add"
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
HAND_OVER_OPEN: Final = "hand_over_open"

ACTIONS: Final = frozenset(
    {
        CHECK_IN_OPEN,
        NO_CHANGE,
        SNOOZE_OPEN,
        SKIP_OPEN,
        WAITING_SHOW,
        SETTINGS_OPEN,
        COME_BACK,
        UNDO_SUBMISSION,
        ADD_NOTE,
        DISCARD_DRAFT,
        EDIT_CHECK_IN_OPEN,
        EDIT_CHECK_IN_CHOICE,
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
        OBJECTIVE_WITHDRAW,
        AGREEMENT_OPEN,
        EDIT_OPEN,
        KEY_RESULT_ADD,
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
        HAND_OVER_OPEN,
    }
)
RETIRED_ACTIONS: Final[frozenset[str]] = frozenset()

# Inputs. An input's action_id is its block_id, so a value is read at `state["values"][id][id]`.
LEARNED: Final = "learned"
NEEDS: Final = "needs"
AS_OF: Final = "as_of"
TAKE_BACK: Final = "take_back"
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
HAND_OVER_ALL: Final = "hand_over.all"
SETTINGS_HOUR: Final = "settings.hour"
SETTINGS_DAYS: Final = "settings.days"
SETTINGS_PROFILE: Final = "settings.profile"
SETTINGS_COUNTRY: Final = "settings.country"
SNOOZE_UNTIL: Final = "snooze.until"
SNOOZE_AT: Final = "snooze.at"
SKIP_REASON: Final = "skip.reason"
SKIP_WORDS: Final = "skip.words"
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
TEAM_RHYTHM: Final = "team.rhythm"
TEAM_OPENS_DAY: Final = "team.opens_day"
TEAM_OPENS_HOUR: Final = "team.opens_hour"
TEAM_DUE_DAY: Final = "team.due_day"
TEAM_DUE_HOUR: Final = "team.due_hour"
TEAM_CLOSES_DAY: Final = "team.closes_day"
TEAM_CLOSES_HOUR: Final = "team.closes_hour"
CYCLE_OWN_NAME: Final = "cycle.name"
CYCLE_STARTS: Final = "cycle.starts"
CYCLE_ENDS: Final = "cycle.ends"
CYCLE_DRAFTS: Final = "cycle.drafts"

CHOSEN_TIME: Final = "chosen"
"""The entry of **Snooze** that leaves the time to the picker."""

# Blocks that only show something.
HEADLINE: Final = "headline"
INTRODUCTION: Final = "introduction"
BUTTONS: Final = "buttons"
FOOTNOTE: Final = "footnote"
TYPED: Final = "typed"
MORE: Final = "more"
TOPICS: Final = "topics"
OBJECTIVES: Final = "objectives"
ATTENTION: Final = "attention"
PEOPLE: Final = "people"
LEARNINGS: Final = "learnings"
WITHOUT: Final = "without"
TREE: Final = "tree"
INHERITED: Final = "inherited"
ARCHIVED: Final = "archived"
CHOICE: Final = "choice"
DRAFT: Final = "draft"
DETAILS: Final = "details"
PURPOSE: Final = "purpose"
STEPS: Final = "steps"
HISTORY: Final = "history"
PRIVATE: Final = "private"
KEPT: Final = "kept"
WHY: Final = "why"
CONTESTED: Final = "contested"
WAITING: Final = "waiting"

_KEY_RESULT_BLOCK = re.compile(r"kr\.([1-9][0-9]{0,8})\.(value|confidence|note)(?:\.[1-9][0-9]{0,8})?", re.ASCII)


def value_block(key_result: int) -> str:
    """The input that takes a key result's value."""
    return f"kr.{key_result}.value"


def confidence_block(key_result: int) -> str:
    """The input that takes a key result's confidence."""
    return f"kr.{key_result}.confidence"


def note_block(key_result: int) -> str:
    """The input that takes a key result's note."""
    return f"kr.{key_result}.note"


def nth_form(name: str, form: int) -> str:
    """The input `name` in the `form`-th form of a chain that replace each other in one window.

    Slack keeps what was typed where block and action have the same id as before, so the next empty form needs others.
    """
    return name if form == 1 else f"{name}.{form}"


def in_any_form(name: str) -> re.Pattern[str]:
    """What `nth_form` may have made of a name."""
    return re.compile(rf"{re.escape(name)}(\.[1-9][0-9]{{0,8}})?", re.ASCII)


def hand_over_block(key_result: int) -> str:
    """The input that takes the new owner of one key result."""
    return f"hand_over.{key_result}"


def hand_over_objective_block(objective: int) -> str:
    """The input that takes who goes on with one objective."""
    return f"hand_over.o.{objective}"


def settings_region(country: str) -> str:
    """The input that takes a region of one country (its code)."""
    return f"settings.region.{country}"


def standing_block(key_result: int) -> str:
    """The block that says where a key result stands."""
    return f"kr.{key_result}.standing"


def one_of(action: str, index: int) -> str:
    """The action_id of one of several buttons of a message or modal that do the same; `in_any_form` finds them all."""
    return f"{action}.{index}"


def part_block(name: str, index: int) -> str:
    """The `index`-th of several blocks that together tell one thing."""
    return f"{name}.{index}"


def key_result_of_value_block(block_id: str) -> int | None:
    """The number behind a value input's block_id; None for any other block."""
    return _key_result_of(block_id, "value")


def key_result_of_confidence_block(block_id: str) -> int | None:
    """The number behind a confidence input's block_id; None for any other block."""
    return _key_result_of(block_id, "confidence")


def key_result_of_note_block(block_id: str) -> int | None:
    """The number behind a note input's block_id; None for any other block."""
    return _key_result_of(block_id, "note")


def _key_result_of(block_id: str, part: str) -> int | None:
    match = _KEY_RESULT_BLOCK.fullmatch(block_id)
    return int(match[1]) if match and match[2] == part else None
