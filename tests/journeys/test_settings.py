"""What the operator meets: settings that are wrong, a host that stops the bot, its web endpoints."""

import json
import threading
from pathlib import Path

import pytest

from bot.store.tables import CheckIn
from tests.journeys.bot_process import PATIENCE, free_port
from tests.journeys.conftest import EITHER_WAY, OpenOffice
from tests.journeys.office import FIVE, MANIFEST, MONDAY, Office
from tests.local_slack import Json, eventually

pytestmark = pytest.mark.slow

NOBODY_LISTENS = f"http://127.0.0.1:{free_port()}/api/"
POSTGRES_NOWHERE = f"postgresql://okr:secret-word@127.0.0.1:{free_port()}/okr"
OVER_HTTP = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "sandbox"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is missing. Set it to the app's bot token"),
        ({"SLACK_BOT_TOKEN": "xoxb-nobody"}, "Slack does not accept SLACK_BOT_TOKEN (invalid_auth)"),
        ({"SLACK_APP_TOKEN": ""}, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set."),
        ({"SLACK_APP_TOKEN": "xapp-nobody"}, "Slack does not accept SLACK_APP_TOKEN (invalid_auth)"),
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": " "}, "SLACK_SIGNING_SECRET is not a signing secret."),
        ({"SLACK_API_URL": NOBODY_LISTENS}, "Slack cannot be reached at"),
        ({"DATABASE_URL": POSTGRES_NOWHERE}, "Check DATABASE_URL and that the server runs"),
        ({"DATABASE_URL": "sqlite:////proc/nowhere/okr.db"}, "DATABASE_URL"),
        ({"LOG_FORMAT": "rhyme"}, "LOG_FORMAT cannot be used as it is. Set it to console or json"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_a_wrong_setting_ends_the_bot_with_a_sentence_that_names_it(
    shared_office: Office, wrong: dict[str, str], sentence: str
) -> None:
    ended = shared_office.okr_bot("run", **wrong)
    assert ended.returncode == 2, f"{ended.stdout}{ended.stderr}"
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret-word" not in ended.stderr + ended.stdout


def without_scope(folder: Path, scope: str) -> Path:
    manifest: Json = json.loads(MANIFEST.read_text(encoding="utf-8"))
    for kind in ("bot", "bot_optional"):
        granted = manifest["oauth_config"]["scopes"][kind]
        manifest["oauth_config"]["scopes"][kind] = [each for each in granted if each != scope]
    poorer = folder / "manifest.json"
    poorer.write_text(json.dumps(manifest), encoding="utf-8")
    return poorer


def test_a_missing_core_scope_ends_the_bot_with_what_to_do(
    open_one: OpenOffice, sqlite_url: str, tmp_path: Path
) -> None:
    office = open_one(sqlite_url, manifest=without_scope(tmp_path, "reactions:read"))
    ended = office.okr_bot("run")
    assert ended.returncode == 2
    assert "lacks the scope reactions:read" in ended.stderr
    assert "install it again" in ended.stderr


def test_without_an_optional_scope_the_bot_runs_and_says_what_is_off(
    open_one: OpenOffice, sqlite_url: str, tmp_path: Path
) -> None:
    office = open_one(sqlite_url, manifest=without_scope(tmp_path, "chat:write.public"))
    bot = office.start_bot()
    assert "optional_scope_missing" in bot.log
    assert "chat:write.public" in bot.log
    office.slack.move_clock(to=MONDAY)
    office.wait_for("prompt", ["sent"])


@pytest.mark.parametrize(
    "way", [{}, {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "sandbox"}], ids=["socket", "http"]
)
def test_a_port_that_is_taken_is_said(shared_office: Office, way: dict[str, str]) -> None:
    port = shared_office.slack.url.rsplit(":", 1)[1]
    ended = shared_office.okr_bot("run", PORT=port, **way)
    assert (ended.returncode, f"Port {port}" in ended.stderr, "Set PORT" in ended.stderr) == (2, True, True), ended


@pytest.mark.parametrize("office", EITHER_WAY, indirect=True)
def test_a_form_that_is_being_sent_while_the_bot_is_stopped_is_still_kept_and_answered(office: Office) -> None:
    bot = office.start_bot()
    office.slack.move_clock(to=MONDAY)
    view = office.press_check_in("ana")
    answers: list[Json] = []
    bot.freeze()
    sending = threading.Thread(target=lambda: answers.append(office.slack.submit("ana", view["id"], FIVE)))
    sending.start()
    eventually(lambda: office.slack.calls("view_submission check_in"), "the form to be on its way")
    bot.thaw()
    bot.terminate()
    sending.join(PATIENCE)
    assert [answer["outcome"] for answer in answers] == ["closed"]
    assert bot.wait_until_ended() == 0
    assert len(office.rows(CheckIn)) == 5


def test_over_http_the_bot_says_what_to_enter_in_slack_and_slack_finds_it_there(
    open_one: OpenOffice, sqlite_url: str
) -> None:
    office = open_one(sqlite_url, over_http=True)
    bot = office.start_bot()
    assert f"over HTTP and listens on 127.0.0.1:{bot.port}." in bot.log
    assert "https://YOUR-ADDRESS/slack/events" in bot.log
    assert office.slack.post("verify-url") == {"ok": True}
    assert office.slack.post("ssl-check") == {"ok": True}
    assert bot.ask("/readyz")[0] == 200
    assert office.slack.workspace()["app"]["connections"] == 0
    bot.stop()


def test_the_endpoints_say_whether_the_bot_lives_is_ready_and_how_it_does(sqlite_office: Office) -> None:
    office = sqlite_office
    bot = office.start_bot()
    assert bot.ask("/healthz") == (200, "ok\n")
    assert bot.ask("/readyz")[0] == 200
    office.slack.move_clock(to=MONDAY)
    office.wait_for("prompt", ["sent"])
    assert 'okr_bot_deliveries{state="sent"} 1.0' in bot.ask("/metrics")[1]

    office.slack.kill()
    eventually(lambda: bot.ask("/readyz")[0] == 503, "the bot to say that Slack is gone", PATIENCE)
    assert "slack" in json.loads(bot.ask("/readyz")[1])["wrong"]
    assert bot.ask("/healthz")[0] == 200
    bot.terminate()
    assert bot.wait_until_ended() == 0
