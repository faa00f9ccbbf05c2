"""What forms hold: texts as people typed them and may find them again, before anybody has read a number in them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from bot.okr.kinds import METRIC


@dataclass(frozen=True)
class Fields:
    """The content of a form. Texts are as typed, empty where nothing is; people are Slack ids."""

    def kept(self) -> dict[str, Any]:
        """As plain JSON, to be kept as a draft."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def found(cls, kept: Mapping[str, Any]) -> Self:
        """What `kept` wrote, by this version or another: unknown names are passed over, missing ones are empty."""
        values = {field.name: kept[field.name] for field in fields(cls) if field.name in kept}
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


@dataclass(frozen=True)
class KeyResultFields(Fields):
    """The **Key result** form. `kind` is a kind's stored name; `start` to `milestones` mean what they do in `Terms`."""

    title: str = ""
    kind: str = METRIC.name
    start: str = ""
    target: str = ""
    unit: str = ""
    commit: str = ""
    stretch: str = ""
    milestones: str = ""
    weight: str = ""
    owner_id: str | None = None
    contributor_ids: tuple[str, ...] = ()
    delegate_id: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed at all; what a form begins with (kind, owner, weight) does not count."""
        typed = (self.title, self.start, self.target, self.unit, self.commit, self.stretch, self.milestones)
        return not any(text.strip() for text in typed)


@dataclass(frozen=True)
class ObjectiveFields(Fields):
    """The **New objective** form. `team` and `cycle` are row ids, `supports` is the number of an objective."""

    title: str = ""
    why: str = ""
    team: int | None = None
    supports: int | None = None
    cycle: int | None = None
    private: bool = False
    individual: bool = False
