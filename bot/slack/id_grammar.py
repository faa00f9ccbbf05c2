"""The text after `/okr show` and `/okr edit`: one id. The other commands are in `grammar`."""

from dataclasses import dataclass

from bot.okr.errors import UnreadableId
from bot.okr.human_ids import HumanId, parse_human_id
from bot.slack.typed import as_typed, shown


@dataclass(frozen=True)
class Show:
    """`/okr show O-1`, `/okr show KR-3`"""

    id: HumanId


@dataclass(frozen=True)
class Edit:
    """`/okr edit O-1`, `/okr edit KR-3`"""

    id: HumanId


def read_show(rest: str) -> Show:
    """What stands behind `/okr show`. Raises `UnreadableId`."""
    return Show(_one_id(rest, "show"))


def read_edit(rest: str) -> Edit:
    """What stands behind `/okr edit`. Raises `UnreadableId`."""
    return Edit(_one_id(rest, "edit"))


def _one_id(rest: str, command: str) -> HumanId:
    typed = as_typed(rest).strip()
    try:
        return parse_human_id(typed.rstrip(":,."))
    except UnreadableId as unknown:
        what = f"I read {shown(typed)}, which is no id." if typed else "I don't know which one you mean."
        raise UnreadableId(
            f"{what} Write the number behind it: /okr {command} O-1 for an objective, /okr {command} KR-3 for a key "
            "result.",
            help_topic=command,
        ) from unknown
