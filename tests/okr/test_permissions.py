"""Who may do what, as docs/roles.md prints it."""

import pytest

from bot.okr.errors import NotAllowed
from bot.okr.permissions import GUESTS_HOLD, MAY, Action, Relation, check, may
from tests.house.sources import ROOT

COLUMNS = {
    "Author": Relation.AUTHOR, "Owner": Relation.OWNER, "Delegate": Relation.DELEGATE,
    "Contributor": Relation.CONTRIBUTOR, "Team member": Relation.MEMBER, "Lead": Relation.LEAD,
    "Observer": Relation.OBSERVER, "Sponsor": Relation.SPONSOR, "Champion": Relation.CHAMPION,
    "Anybody": Relation.ANYBODY,
}  # fmt: skip


def printed() -> dict[str, set[Relation]]:
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (ROOT / "docs" / "roles.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    head, body = rows[0], rows[2:]
    return {row[0]: {COLUMNS[name] for name, cell in zip(head[1:], row[1:], strict=True) if cell} for row in body}


def test_the_page_prints_the_table() -> None:
    assert printed() == {action.value: set(relations) for action, relations in MAY.items()}
    assert set(MAY) == set(Action)


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("action", Action)
def test_each_relation_alone(action: Action, relation: Relation) -> None:
    everybody_may = Relation.ANYBODY in MAY[action]
    assert may(action, [relation]) is (relation in MAY[action] or everybody_may)
    assert may(action, [relation], guest=True) is (relation in MAY[action] & GUESTS_HOLD)


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(NotAllowed) as refused:
        check(Action.APPROVE, [Relation.MEMBER], "O-1")
    assert refused.value.sentence == "Only the lead of the team or of one above it or a champion may do this for O-1."
    with pytest.raises(NotAllowed, match=r"Only a champion may do this for the cycle Q4\."):
        check(Action.EDIT_CYCLE, [], "the cycle Q4")
    check(Action.EDIT_CYCLE, [Relation.CHAMPION], "the cycle Q4")
