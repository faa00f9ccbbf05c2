"""The **Key result** form: every kind read, every wrong field named, and a key result shown as it was typed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.okr.changing import State
from bot.okr.forms import KeyResultFields
from bot.okr.kinds import KINDS, Terms
from bot.store.session import Session
from bot.store.tables import KeyResult, Member
from bot.usecases.actors import Actor, UnknownPerson, acting
from bot.usecases.answers import InvalidAnswers
from bot.usecases.key_result_forms import AgreedKeyResult, Known, agree, fields_of, why_not, write
from bot.usecases.sheets import sheet_wanted
from tests.usecases.world import TEAM, World, at

NOW = at("2026-10-06 10:00")

TYPED = KeyResultFields(title="Days to light", start="200", target="100", unit="days", owner_id="U0ANA")
FORMS: dict[str, dict[str, Any]] = {
    "metric": {"start": "1,234.5", "target": "-2k", "unit": "€", "commit": "1,000", "stretch": "-3,000"},
    "stay_above": {"start": "", "target": "99.5%", "unit": "%"},
    "stay_below": {"start": "2", "target": "3"},
    "milestones": {"milestones": "Alpha = 10\n Beta with = signs = 30\n\nLaunch = 60"},
    "yes_no": {},
    "baseline": {"unit": "days"},
}


def read(world: World, who: str = "U0ANA", **changes: Any) -> AgreedKeyResult:
    typed = replace(TYPED, **changes)
    return world.do(
        lambda session, command, now: agree(session, acting(session, Actor(TEAM, who)), command), typed, NOW
    )


def refused(world: World, **changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidAnswers) as error:
        read(world, **changes)
    return error.value.by_field


def test_every_kind_has_a_form_here() -> None:
    assert set(FORMS) == set(KINDS)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_a_key_result_is_shown_in_its_form_so_that_it_is_read_back_the_same(
    lumen: World, kind: str, locale: str
) -> None:
    number = lumen.key_result("U0BO", "Growth")
    agreed = read(lumen, kind=kind, weight="2", contributor_ids=("U0BO", "U0LEA"), delegate_id="U0OLU", **FORMS[kind])
    lumen.change(type(agreed.owner), agreed.owner.id, locale=locale)

    def again(session: Session, _command: None, _now: object) -> tuple[KeyResultFields, AgreedKeyResult]:
        row = session.query(KeyResult).filter_by(number=number).one()
        write(session, row, agreed)
        who = acting(session, Actor(TEAM, "U0ANA"))
        shown = fields_of(session, row, who.person.locale)
        return shown, agree(session, who, shown)

    shown, reread = lumen.do(again, None, NOW)
    wanted = [sheet_wanted(each, 1, State.IN_FORCE) for each in (reread, agreed)]
    assert wanted[0] == wanted[1]
    if kind == "metric" and locale == "de-DE":
        assert shown.start == "1234,5"


def test_what_a_kind_does_not_ask_for_is_passed_over(on_sqlite: World) -> None:
    agreed = read(on_sqlite, kind="yes_no", start="nonsense", unit="x" * 90)
    assert agreed.terms == Terms(Decimal(0), Decimal(1))
    assert read(on_sqlite, kind="baseline", commit="?").terms == Terms(unit="days")


def test_numbers_are_read_as_the_member_s_language_writes_them(on_sqlite: World) -> None:
    on_sqlite.member("U0DIETER", "Dieter", locale="de-DE")
    agreed = read(on_sqlite, who="U0DIETER", start="1.234,5", target="2.000", weight="1,5")
    assert (agreed.terms.start, agreed.terms.target, agreed.weight) == (
        Decimal("1234.5"), Decimal(2000), Decimal("1.5"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title": " \n "}, {"title"}),
        ({"title": "\u200b\u200d\ufeff"}, {"title"}),
        ({"title": "\u3164"}, {"title"}),
        ({"title": "x" * 3001}, {"title"}),
        ({"kind": "guess"}, {"kind"}),
        ({"start": "soon"}, {"start"}),
        ({"target": "200"}, {"target"}),
        ({"unit": "x" * 61}, {"unit"}),
        ({"start": "", "target": " "}, {"start", "target"}),
        ({"title": "", "start": "", "target": "?", "weight": "-1"}, {"title", "start", "target", "weight"}),
        ({"commit": "250"}, {"commit"}),
        ({"stretch": "150"}, {"stretch"}),
        ({"commit": "some"}, {"commit"}),
        ({"kind": "stay_above", "target": ""}, {"target"}),
        ({"kind": "milestones"}, {"milestones"}),
        ({"kind": "milestones", "milestones": "A = 50%\nB = 40%"}, {"milestones"}),
        ({"weight": "much"}, {"weight"}),
        ({"owner_id": None}, {"owner"}),
        ({"owner_id": "U0BOT"}, {"owner"}),
        ({"owner_id": "U0GONE"}, {"owner"}),
        ({"contributor_ids": ("U0BO", "U0GONE")}, {"contributors"}),
        ({"delegate_id": "U0ANA"}, {"delegate"}),
    ],
)
def test_every_wrong_field_is_named_at_once(on_sqlite: World, wrong: dict[str, Any], fields: set[str]) -> None:
    on_sqlite.member("U0BOT", "Bot", is_bot=True)
    on_sqlite.member("U0GONE", "Gone", deactivated_at=NOW)
    assert set(refused(on_sqlite, **wrong)) == fields


def test_whom_nobody_has_heard_of_is_asked_about_in_slack_and_refused_when_slack_knows_nobody(on_sqlite: World) -> None:
    for named, field in (
        ({"owner_id": "U0NEW"}, "owner"),
        ({"contributor_ids": ("U0BO", "U0NEW")}, "contributors"),
        ({"delegate_id": "U0NEW"}, "delegate"),
    ):
        with pytest.raises(UnknownPerson) as unknown:
            read(on_sqlite, **named)
        assert (unknown.value.actor, unknown.value.field) == (Actor(TEAM, "U0NEW"), field)

    def again(session: Session, command: KeyResultFields, _now: object) -> AgreedKeyResult:
        return agree(session, acting(session, Actor(TEAM, "U0ANA")), command, Known(nobody=frozenset({"U0NEW"})))

    with pytest.raises(InvalidAnswers, match="nobody who can work on it") as refusal:
        on_sqlite.do(again, replace(TYPED, owner_id="U0NEW"), NOW)
    assert set(refusal.value.by_field) == {"owner"}


def test_an_app_and_somebody_who_has_left_are_called_what_they_are() -> None:
    assert why_not(Member(name="Polly", is_bot=True)) == "Polly is an app. Choose a person of this workspace."
    assert "Eva has left" in str(why_not(Member(name="Eva", is_bot=False, deactivated_at=NOW)))
    assert why_not(Member(name="Guest", is_bot=False, is_guest=True)) is None


def test_guests_may_own_and_an_owner_is_no_contributor_of_their_own(on_sqlite: World) -> None:
    on_sqlite.member("U0GUEST", "Guest", is_guest=True)
    agreed = read(on_sqlite, owner_id="U0GUEST", contributor_ids=("U0BO", "U0GUEST", "U0BO"))
    assert agreed.owner.name == "Guest"
    assert [each.name for each in agreed.contributors] == ["Bo"]


def test_an_emoji_or_a_sign_is_a_title(on_sqlite: World) -> None:
    assert read(on_sqlite, title="🚀").title == "🚀"


def test_a_draft_of_another_version_is_read_as_far_as_it_goes() -> None:
    kept = {**replace(TYPED, contributor_ids=("U1",)).kept(), "unknown": 1}
    del kept["weight"]
    assert KeyResultFields.found(kept) == replace(TYPED, contributor_ids=("U1",))
    assert KeyResultFields(weight="1", kind="yes_no", owner_id="U1").is_blank
    assert not KeyResultFields(unit="%").is_blank
