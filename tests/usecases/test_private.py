"""What is private is counted everywhere and quoted nowhere that others read."""

from datetime import timedelta
from decimal import Decimal

from bot.okr.facts import Digest, DigestEntry, Receipt
from bot.slack.views import digests as digest_views
from tests.slack.reading import read
from tests.usecases.world import PROMPTED, Objective, World, at

FRIDAY = at("2026-10-09 10:00")
SECRET = "Buy a rival"


def test_a_digest_counts_private_key_results_and_quotes_none(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    for owner in ("U0ANA", "U0BO"):
        number = lumen.key_result(owner, "Growth", title=SECRET)
        lumen.change(Objective, lumen.row(number).objective_id, private=True, title=SECRET)
    lumen.tick(PROMPTED)
    for who, number in (("U0ANA", 2), ("U0BO", 3)):
        form = lumen.open(who, PROMPTED + timedelta(hours=1)).put(number, "1")
        form.learned = f"{who} learned"
        form.needs = SECRET if who == "U0BO" else None
        form.send(PROMPTED + timedelta(hours=1))
    lumen.tick(FRIDAY)
    went = [outgoing.facts for _, outgoing in lumen.deliver(FRIDAY)]
    (digest,) = [facts for facts in went if isinstance(facts, Digest)]
    entries = [facts for facts in went if isinstance(facts, DigestEntry)]
    assert (digest.key_results, digest.checked_in) == (3, 3)
    assert [each.hidden for each in digest.objectives] == [False, True, True]
    assert digest.learned == ("U0ANA learned",), "Bo's words are about nothing else"
    told = [read(digest_views.digest(digest)), *(read(digest_views.digest_entry(entry)) for entry in entries)]
    assert not [text for text in told if SECRET in text]
    assert "*O-2* (private): " in told[0]
    assert [(each.private, len(each.lines), each.learned, each.needs) for each in entries] == [
        (1, 1, "U0ANA learned", None),
        (1, 0, None, None),
    ]
    assert "and 1 private key result" in told[1]
    assert "\n1 private key result" in told[2]


def test_the_owner_of_a_private_key_result_is_told_its_words(lumen: World) -> None:
    number = lumen.key_result("U0ANA", "Growth", title=SECRET)
    lumen.change(Objective, lumen.row(number).objective_id, private=True)
    lumen.tick(PROMPTED)
    lumen.open("U0ANA", PROMPTED).put(number, "7").send(PROMPTED)
    facts = [lumen.prepare(row, PROMPTED) for row in lumen.deliveries("receipt")]
    assert facts
    for each in facts:
        assert isinstance(receipt := each.facts, Receipt)  # type: ignore[union-attr]
        assert receipt.lines[0].title == SECRET


def test_a_private_key_result_weighs_as_much_as_any(lumen: World) -> None:
    for private in (False, True):
        number = lumen.key_result("U0ANA", "Growth", target="10")
        lumen.change(Objective, lumen.row(number).objective_id, private=private)
    lumen.tick(PROMPTED)
    lumen.say("U0ANA", "1 5 | 2 5", PROMPTED + timedelta(hours=1))
    lumen.tick(FRIDAY)
    (digest,) = [out.facts for _, out in lumen.deliver(FRIDAY) if isinstance(out.facts, Digest)]
    assert [each.progress for each in digest.objectives] == [Decimal("0.5"), Decimal("0.5")]
    assert digest.key_results == 2
