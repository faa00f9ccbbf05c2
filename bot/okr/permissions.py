"""Who may do what: one table, the same for commands, buttons on old messages and Home.

Somebody stands in *relations* to what they want to touch (its owner, its team's lead, ...), and an *action* names the
relations that allow it. `docs/roles.md` shows the same table; a test holds the two together.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.okr.errors import NotAllowed


class Relation(StrEnum):
    """How somebody stands to an objective, a key result, a check-in or a team; the value is what people read."""

    AUTHOR = "who wrote it"
    OWNER = "its owner"
    DELEGATE = "its delegate"
    CONTRIBUTOR = "a contributor"
    MEMBER = "a member of the team"
    LEAD = "the lead of the team or of one above it"
    OBSERVER = "an observer of the team"
    SPONSOR = "a sponsor"
    CHAMPION = "a champion"
    ANYBODY = "anybody in the workspace"


class Action(StrEnum):
    """What one may want to do; the value completes "who may ...?"."""

    READ = "read objectives, key results and check-ins"
    READ_PRIVATE = "read a private objective and what belongs to it"
    CHECK_IN = "check in on a key result"
    UNDO_CHECK_IN = "undo a check-in"
    EDIT_CHECK_IN = "change or back-date a check-in"
    SET_OBJECTIVE = "set an objective for a team"
    SEE_DRAFT = "see a draft"
    EDIT_DRAFT = "change, publish or discard a draft"
    APPROVE = "approve an objective or send it back"
    WITHDRAW = "take back an objective that waits for agreement"
    EDIT_OBJECTIVE = "change an objective"
    DROP_OBJECTIVE = "drop, postpone or restore an objective"
    EDIT_KEY_RESULT = "change, move, hand over, drop, postpone or restore a key result"
    HAND_OVER = "hand over everything of somebody who leaves"
    MAKE_TEAM = "make a team below this one"
    EDIT_TEAM = "change a team, its members and observers"
    ARCHIVE_TEAM = "archive or restore a team"
    EDIT_CYCLE = "make, change or archive a cycle"
    GRANT_ROLE = "give or take the role of champion or sponsor"
    CHANGE_WORKSPACE = "change the workspace's options"


_R = Relation
MAY: Mapping[Action, frozenset[Relation]] = MappingProxyType(
    {
        Action.READ: frozenset({_R.ANYBODY}),
        Action.READ_PRIVATE: frozenset(
            {_R.AUTHOR, _R.OWNER, _R.DELEGATE, _R.CONTRIBUTOR, _R.MEMBER, _R.LEAD, _R.OBSERVER, _R.SPONSOR, _R.CHAMPION}
        ),
        Action.CHECK_IN: frozenset({_R.OWNER, _R.DELEGATE, _R.CONTRIBUTOR, _R.LEAD, _R.CHAMPION}),
        Action.UNDO_CHECK_IN: frozenset({_R.AUTHOR}),
        Action.EDIT_CHECK_IN: frozenset({_R.AUTHOR, _R.OWNER, _R.CHAMPION}),
        Action.SET_OBJECTIVE: frozenset({_R.MEMBER, _R.LEAD, _R.CHAMPION}),
        Action.SEE_DRAFT: frozenset({_R.AUTHOR, _R.LEAD, _R.CHAMPION}),
        Action.EDIT_DRAFT: frozenset({_R.AUTHOR, _R.LEAD, _R.CHAMPION}),
        Action.APPROVE: frozenset({_R.LEAD, _R.CHAMPION}),
        Action.WITHDRAW: frozenset({_R.AUTHOR}),
        Action.EDIT_OBJECTIVE: frozenset({_R.AUTHOR, _R.OWNER, _R.LEAD, _R.CHAMPION}),
        Action.DROP_OBJECTIVE: frozenset({_R.OWNER, _R.LEAD, _R.CHAMPION}),
        Action.EDIT_KEY_RESULT: frozenset({_R.OWNER, _R.LEAD, _R.CHAMPION}),
        Action.HAND_OVER: frozenset({_R.LEAD, _R.CHAMPION}),
        Action.MAKE_TEAM: frozenset({_R.LEAD, _R.CHAMPION}),
        Action.EDIT_TEAM: frozenset({_R.LEAD, _R.CHAMPION}),
        Action.ARCHIVE_TEAM: frozenset({_R.CHAMPION}),
        Action.EDIT_CYCLE: frozenset({_R.CHAMPION}),
        Action.GRANT_ROLE: frozenset({_R.CHAMPION}),
        Action.CHANGE_WORKSPACE: frozenset({_R.CHAMPION}),
    }
)
"""Guests hold no relation but owner, delegate, contributor and author; strangers of a shared channel and deactivated
people hold none at all."""

GUESTS_HOLD = frozenset({_R.AUTHOR, _R.OWNER, _R.DELEGATE, _R.CONTRIBUTOR})


def may(action: Action, relations: Collection[Relation], *, guest: bool = False) -> bool:
    """Whether somebody in these relations may do this. ANYBODY is held by every full member without being named."""
    held = set(relations) & GUESTS_HOLD if guest else {*relations, Relation.ANYBODY}
    return not MAY[action].isdisjoint(held)


def check(action: Action, relations: Collection[Relation], what: str, *, guest: bool = False) -> None:
    """Raise `NotAllowed` with who may, unless `may`. `what` names the thing: `KR-3`, `the team Growth`."""
    if may(action, relations, guest=guest):
        return
    allowed = [relation.value for relation in Relation if relation in MAY[action]]
    listed = allowed[0] if len(allowed) == 1 else f"{', '.join(allowed[:-1])} or {allowed[-1]}"
    raise NotAllowed(f"Only {listed} may do this for {what}.")
