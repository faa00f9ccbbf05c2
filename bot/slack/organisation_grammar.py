"""The text after `/okr role`, `/okr team` and `/okr cycle`, taken apart. The other commands are in `grammar`."""

from dataclasses import dataclass
from types import MappingProxyType

from bot.okr.errors import OkrError
from bot.slack.typed import PERSON, as_typed, shown, unquoted

ROLE_EXAMPLE = "/okr role @person champion"


class UnreadableRole(OkrError):
    """What stands behind `/okr role` names no person, no role, or something else besides."""

    default_help_topic = "roles"


@dataclass(frozen=True)
class ShowRoles:
    """`/okr role`"""


@dataclass(frozen=True)
class ChangeRole:
    """`/okr role @person champion`, and with `off`. `person` is a Slack id (`U…`), or only `@name` as typed."""

    person: str
    role: str
    off: bool = False


@dataclass(frozen=True)
class ShowTeams:
    """`/okr team`, `/okr team NAME`"""

    name: str | None = None


@dataclass(frozen=True)
class NewTeam:
    """`/okr team new [NAME]`"""

    name: str | None = None


@dataclass(frozen=True)
class ShowCycles:
    """`/okr cycle`, `/okr cycle NAME`"""

    name: str | None = None


@dataclass(frozen=True)
class NewCycle:
    """`/okr cycle new [NAME]`"""

    name: str | None = None


OrganisationCommand = ShowRoles | ChangeRole | ShowTeams | NewTeam | ShowCycles | NewCycle

_ROLES = MappingProxyType(
    {"champion": "champion", "champions": "champion", "sponsor": "sponsor", "sponsors": "sponsor"}
)
_LEADS = frozenset({"lead", "leads", "leader"})
_AWAY = frozenset({"off", "remove", "removed", "take", "away", "no", "not", "revoke", "delete", "-"})
_FILLING = frozenset({"on", "is", "as", "a", "make", "give", "add", "appoint", "to", "the"})


def read_role(rest: str) -> OrganisationCommand:
    """Whose role is given or taken, in any order of the words. Raises `UnreadableRole`."""
    if not rest.strip():
        return ShowRoles()
    people = [each["id"] for each in PERSON.finditer(rest)]
    others = [as_typed(word) for word in PERSON.sub(" ", rest).split()]
    people += [word for word in others if word.startswith("@")]
    words = [word.casefold() for word in others if not word.startswith("@")]
    roles = {_ROLES[word] for word in words if word in _ROLES}
    if any(word in _LEADS for word in words):
        raise UnreadableRole("A lead belongs to a team: type /okr team and its name, press Edit, choose the lead.")
    if len(people) != 1:
        what = "names two people; one at a time, please" if people else "names nobody"
        raise UnreadableRole(f"This {what}. An example: {ROLE_EXAMPLE}")
    unknown = [word for word in words if word not in _ROLES and word not in _AWAY and word not in _FILLING]
    if len(roles) != 1 or unknown:
        wrong = shown(" ".join(unknown)) if unknown else "no role, or two"
        raise UnreadableRole(
            f"I read {wrong}. There are two roles to give: champion and sponsor. An example: {ROLE_EXAMPLE}"
        )
    return ChangeRole(people[0], roles.pop(), off=any(word in _AWAY for word in words))


def read_team(rest: str) -> OrganisationCommand:
    """A team's name, or `new` with the name it is to have."""
    name, is_new = _name_or_new(rest)
    return NewTeam(name) if is_new else ShowTeams(name)


def read_cycle(rest: str) -> OrganisationCommand:
    """A cycle's name, or `new` with the name it is to have."""
    name, is_new = _name_or_new(rest)
    return NewCycle(name) if is_new else ShowCycles(name)


def _name_or_new(rest: str) -> tuple[str | None, bool]:
    typed = " ".join(as_typed(rest).split())
    word, _, behind = typed.partition(" ")
    if word.casefold() == "new":
        return unquoted(behind.strip()) or None, True
    return unquoted(typed) or None, False
