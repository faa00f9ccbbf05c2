"""What holds for every payload, whatever stands in it."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.blockkit import (
    initial_state,
    normalise_blocks,
    normalise_view,
    validate_blocks,
    validate_message,
    validate_view,
)
from bot.sandbox.blockkit.blocks import Surface
from bot.sandbox.blockkit.payloads import elements_of
from tests.sandbox.blockkit import samples
from tests.sandbox.blockkit.samples import Json, home, modal
from tests.sandbox.blockkit.test_sound_payloads import PLACES, SURFACES, holding

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
surfaces: st.SearchStrategy[Surface] = st.sampled_from(["message", "modal", "home"])


def sound_blocks(surface: Surface) -> st.SearchStrategy[list[Json]]:
    """Lists of sound blocks of a surface, each element in each place it may stand, with and without ids."""
    whole = [samples.BLOCKS[kind] for kind in SURFACES if surface in SURFACES[kind]]
    held = [
        holding(place, kind)
        for place, kinds in PLACES.items()
        for kind in kinds
        if surface in SURFACES[place] and (kind != "file_input" or surface == "modal")
    ]
    # No two tables, no three charts: those are rules about the whole message.
    many = [block for block in (*whole, *held) if block["type"] not in {"table", "data_visualization"}]
    return st.lists(st.sampled_from(many).flatmap(_perhaps_anonymous), min_size=1, max_size=12)


def _perhaps_anonymous(block: Json) -> st.SearchStrategy[Json]:
    def without_ids(anonymous: bool) -> Json:
        result = copy.deepcopy(block)
        for element, _ in elements_of(result):
            if anonymous:
                element.pop("action_id", None)
        return result

    return st.booleans().map(without_ids)


@st.composite
def surfaced(draw: st.DrawFn) -> tuple[Surface, list[Json]]:
    surface = draw(surfaces)
    return surface, draw(sound_blocks(surface))


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a payload."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, inner in items for deeper in places_in(inner, (*path, key)))]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Surface, list[Any]]:
    """A sound list of blocks with one value somewhere in it replaced by anything."""
    surface, blocks = draw(surfaced())
    spoiled = copy.deepcopy(blocks)
    path = draw(st.sampled_from([path for path in places_in(spoiled) if path]))
    holder: Any = spoiled
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = draw(json_values)
    return surface, spoiled


@given(surfaced())
def test_a_sound_payload_stays_sound_when_slack_gives_it_back(case: tuple[Surface, list[Json]]) -> None:
    surface, blocks = case
    assert validate_blocks(blocks, surface) == []
    given_back = normalise_blocks(blocks)
    assert validate_blocks(given_back, surface) == []
    assert all(block["block_id"] for block in given_back)


@given(surfaced())
def test_giving_back_what_was_given_back_changes_nothing(case: tuple[Surface, list[Json]]) -> None:
    _, blocks = case
    before = copy.deepcopy(blocks)
    once = normalise_blocks(blocks)
    assert blocks == before
    assert normalise_blocks(once) == once


@given(sound_blocks("modal"), sound_blocks("home"))
def test_views_are_given_back_the_same_way(for_modal: list[Json], for_home: list[Json]) -> None:
    for view in (modal(*for_modal), home(*for_home)):
        once = normalise_view(view)
        assert validate_view(once) == []
        assert normalise_view(once) == once


@given(surfaced())
def test_a_fresh_surface_has_a_state_for_each_field_and_for_nothing_else(case: tuple[Surface, list[Json]]) -> None:
    blocks = normalise_blocks(case[1])
    values = initial_state(blocks)
    known = {
        (block["block_id"], element["action_id"])
        for block in blocks
        for element, _ in elements_of(block)
        if "action_id" in element
    }
    assert {(block_id, action_id) for block_id, entries in values.items() for action_id in entries} <= known
    for block in blocks:
        if block["type"] == "input":
            entry = values[block["block_id"]][block["element"]["action_id"]]
            assert entry["type"] == block["element"]["type"]


@given(json_values, surfaces)
def test_no_json_whatsoever_breaks_the_rules_themselves(value: Any, surface: Surface) -> None:
    assert all(problem.as_line() for problem in validate_blocks(value, surface))
    assert validate_view(value) != []
    assert isinstance(validate_message({"blocks": value, "attachments": value, "text": value, "metadata": value}), list)


@given(damaged())
@settings(max_examples=300)
def test_no_damage_to_a_sound_payload_breaks_the_rules_themselves(case: tuple[Surface, list[Any]]) -> None:
    surface, blocks = case
    for problem in validate_blocks(blocks, surface):
        assert problem.pointer.startswith("/blocks")
    assert isinstance(validate_view(modal(*blocks)), list)
    assert isinstance(validate_view(home(*blocks)), list)
    assert isinstance(normalise_blocks([block for block in blocks if isinstance(block, dict)]), list)
