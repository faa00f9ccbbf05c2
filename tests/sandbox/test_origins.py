"""The local Slack is for its own page and for apps, not for whatever else is open in the browser."""

import urllib.error
import urllib.request

import pytest

from tests.local_slack import LocalSlack


def clock_as_read_from(address: str, origin: str) -> int:
    request = urllib.request.Request(f"{address}/control/clock", headers={"Origin": origin})
    with urllib.request.urlopen(request) as answer:
        return int(answer.status)


def test_another_website_cannot_act_in_the_workspace() -> None:
    with LocalSlack.start() as slack:
        assert clock_as_read_from(slack.url, slack.url) == 200
        with pytest.raises(urllib.error.HTTPError) as refused:
            clock_as_read_from(slack.url, "http://elsewhere.example")
        assert refused.value.code == 403
