"""`/okr list`: what one reads of it."""

from bot.okr.facts import ListPlace
from bot.slack import ids
from bot.slack.views import lists
from tests.slack import sample_facts as facts
from tests.slack.reading import buttons, element, mrkdwn_of, read


def test_a_list_names_owner_and_purpose_and_says_which_part_of_it_is_shown() -> None:
    shown = lists.key_results(facts.listed(total=19))
    assert shown.text == "The company: 19 key results, 1 to 5"
    assert "Ann Carter · for O-1 Become profitable" in read(shown)


def test_names_in_a_list_are_no_mentions() -> None:
    shown = lists.key_results(facts.listed(shown=(), total=2, without=("Eve Fox", "Dan Ek")))
    assert "2 people have nothing yet" in shown.text
    assert "Eve Fox and Dan Ek" in read(shown)
    assert not [text for text in mrkdwn_of(shown) if "<@" in text]


def test_a_list_of_hundreds_stays_within_slacks_fifty_blocks() -> None:
    many = tuple(facts.standing(number) for number in range(1, 300))
    shown = lists.key_results(facts.listed(shown=many, total=300))
    assert len(shown.blocks) <= 50
    assert shown.text == "The company: 300 key results, 1 to 40"


def test_an_empty_list_says_so() -> None:
    assert lists.key_results(facts.listed(shown=(), total=0)).text == "The company: nothing to show"


def test_an_empty_list_leads_on_and_any_other_names_one_of_its_own() -> None:
    empty = lists.key_results(facts.listed(shown=(), total=0))
    assert "`/okr set` sets an objective" in read(empty)
    assert "Narrow it down" not in read(empty)
    narrowed = lists.key_results(facts.listed(shown=(), total=0, place=ListPlace("me", only="stale")))
    assert "The same list without its last words shows more" in read(narrowed)
    assert "`/okr show KR-8`" in read(lists.key_results(facts.listed(shown=(facts.standing(8),), total=1)))


def test_pages_are_turned_with_previous_and_next() -> None:
    place = ListPlace("team", team=4, only="stale")
    shown = lists.key_results(facts.listed(total=90, first=21, before=21, after=40, place=place))
    assert shown.text == "The company: 90 key results, 21 to 25"
    assert buttons(shown) == ["Previous", "Next"]
    following = ids.unpack(element(shown, ids.LIST_NEXT)["value"], ids.ListPage)
    assert following == ids.ListPage("team", team=4, only="stale", after=40)
    previous = ids.unpack(element(shown, ids.LIST_PREVIOUS)["value"], ids.ListPage)
    assert previous == ids.ListPage("team", team=4, only="stale", before=21)
    assert buttons(lists.key_results(facts.listed())) == []


def test_of_a_private_key_result_only_the_number_is_told() -> None:
    shown = read(lists.key_results(facts.listed(shown=(facts.standing(3, hidden=True),), total=1)))
    assert "*KR-3* (private)" in shown
    assert "Revenue" not in shown
