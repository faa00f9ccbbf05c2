import pytest

from bot.okr import errors
from bot.okr.errors import Busy, NotFound, OkrError

EXPECTED = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, OkrError)]


@pytest.mark.parametrize("error", EXPECTED)
def test_every_expected_error_says_its_sentence_and_leads_to_help(error: type[OkrError]) -> None:
    raised = error("What went wrong.")
    assert str(raised) == raised.sentence == "What went wrong."
    assert raised.help_topic
    assert raised.field is None


def test_an_error_can_be_pinned_to_the_input_it_came_from() -> None:
    assert NotFound("There is no KR-9.").at("KR-9 value").field == "KR-9 value"


def test_a_busy_database_is_answered_with_what_to_do() -> None:
    assert "again" in str(Busy())


def test_a_topic_can_be_named_where_the_usual_one_would_not_help() -> None:
    assert NotFound("No such team.", help_topic="teams").help_topic == "teams"
