"""Several people with the same form open: nothing is overwritten that was not seen."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.okr.merging import merge

NAMES = ("title", "target", "owner", "steps")
values = st.sampled_from(["a", "b", "c", None, ["x"]])
sheets = st.fixed_dictionaries(dict.fromkeys(NAMES, values))
edits = st.dictionaries(st.sampled_from(NAMES), values)


def was(shown: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
    """What a change log of somebody who was faster tells."""
    return {name: shown[name] for name in NAMES if shown[name] != current[name]}


@given(sheets, edits)
def test_alone_exactly_what_was_changed_is_saved(shown: dict[str, Any], typed: dict[str, Any]) -> None:
    merged = merge({**shown, **typed}, shown, {})
    assert merged.changed == {name: value for name, value in typed.items() if value != shown[name]}
    assert not merged.contested
    assert merged.over(shown) == {**shown, **typed}


@given(sheets, edits, edits)
def test_what_one_did_not_touch_stays_as_the_other_left_it(
    shown: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    current = {**shown, **theirs}
    submitted = {**shown, **mine}
    merged = merge(submitted, current, was(shown, current))
    after = merged.over(current)
    for name in NAMES:
        if submitted[name] == shown[name]:
            assert after[name] == current[name]
        else:
            assert after[name] == submitted[name]
    both = {name for name in NAMES if submitted[name] != shown[name] and current[name] != shown[name]}
    assert merged.contested == {name for name in both if submitted[name] != current[name]}


@given(sheets, edits)
def test_the_same_form_again_changes_nothing(shown: dict[str, Any], typed: dict[str, Any]) -> None:
    current = {**shown, **typed}
    assert not merge({**shown, **typed}, current, was(shown, current)).changed
