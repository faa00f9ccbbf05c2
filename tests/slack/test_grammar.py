"""What people type after `/okr`, as the user guide has it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.errors import OkrError, UnreadableId
from bot.okr.human_ids import HumanId, Prefix
from bot.slack.grammar import (
    COMMANDS,
    PLANNED,
    Command,
    Help,
    ListFilter,
    ListKeyResults,
    MyWeek,
    NotYet,
    Scope,
    ScopeKind,
    SetObjective,
    Unknown,
    UnreadableLine,
    UpdateForm,
    UpdateLine,
    UpdateLines,
    parse_command,
)
from bot.slack.id_grammar import Edit, Show
from bot.slack.organisation_grammar import ChangeRole, NewCycle, NewTeam, ShowCycles, ShowRoles, ShowTeams


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("", MyWeek()),
        ("  \u00a0 ", MyWeek()),
        ("help", Help()),
        ("HELP  Update ", Help("update")),
        ("help key results", Help("key results")),
        ("update", UpdateForm()),
        (" Update ", UpdateForm()),
        ("set", SetObjective()),
        ("set Grow <@U1|ann>'s &lt;team&gt; &amp; more", SetObjective("Grow @ann's <team> & more")),
        ("tree", NotYet("tree")),
        ("tree Growth", NotYet("tree")),
        ("as-of 2026-10-01", NotYet("as-of")),
        ("updte KR-3 5", Unknown("updte", "update")),
        ("lits", Unknown("lits", "list")),
        ("role", ShowRoles()),
        ("role <@U1|ann> champion", ChangeRole("U1", "champion")),
        ("role make <@W2> a Sponsor", ChangeRole("W2", "sponsor")),
        ("role <@U1|ann> champion off", ChangeRole("U1", "champion", off=True)),
        ("role remove champion <@U1|ann>", ChangeRole("U1", "champion", off=True)),
        ("team", ShowTeams()),
        ("team “Growth  &amp; co”", ShowTeams("Growth & co")),
        ("team new", NewTeam()),
        ("team NEW Lamps of Lisbon", NewTeam("Lamps of Lisbon")),
        ("cycle", ShowCycles()),
        ("cycle Q4 2026", ShowCycles("Q4 2026")),
        ("cycle new", NewCycle()),
        ("role @ann champion", ChangeRole("@ann", "champion")),
    ],
)
def test_a_subcommand_is_read(typed: str, command: Command) -> None:
    assert parse_command(typed) == command


@pytest.mark.parametrize(
    ("typed", "why", "topic"),
    [
        ("role <@U1|ann>", "champion and sponsor", "roles"),
        ("role <@U1|ann> emperor", "“emperor”", "roles"),
        ("role <@U1|ann> champion sponsor", "no role, or two", "roles"),
        ("role champion", "names nobody", "roles"),
        ("role <@U1> <@U2> champion", "one at a time", "roles"),
        ("role <@U1|ann> lead", "/okr team", "roles"),
    ],
)
def test_a_role_that_cannot_be_read_says_how(typed: str, why: str, topic: str) -> None:
    with pytest.raises(OkrError, match=re.escape(why)) as refused:
        parse_command(typed)
    assert refused.value.help_topic == topic


@pytest.mark.parametrize(
    ("typed", "scope", "filtered"),
    [
        ("list", Scope(), None),
        ("list me", Scope(), None),
        ("list all", Scope(), ListFilter.ALL),
        ("list company", Scope(ScopeKind.COMPANY), None),
        ("list company at risk", Scope(ScopeKind.COMPANY), ListFilter.AT_RISK),
        ("list Company AT-RISK", Scope(ScopeKind.COMPANY), ListFilter.AT_RISK),
        ("list stale", Scope(), ListFilter.STALE),
        ("list <@U1ABC|ann.c> missing", Scope(ScopeKind.PERSON, "ann.c", "U1ABC"), ListFilter.MISSING),
        ("list <@W1ABC>", Scope(ScopeKind.PERSON, None, "W1ABC"), None),
        ("list @ann", Scope(ScopeKind.PERSON, "ann"), None),
        ("list Sales  &amp; Growth  missing", Scope(ScopeKind.TEAM, "Sales & Growth"), ListFilter.MISSING),
        ('list "All at risk"', Scope(ScopeKind.TEAM, "All at risk"), None),
    ],
)
def test_a_list_says_of_whom_and_of_what(typed: str, scope: Scope, filtered: ListFilter | None) -> None:
    assert parse_command(typed) == ListKeyResults(scope, filtered)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("KR-3 45k 8 short note", UpdateLine(3, "45k", 8, "short note")),
        ("KR-3 45k", UpdateLine(3, "45k")),
        ("kr3 70%", UpdateLine(3, "70%")),
        ("KR-3: 70%", UpdateLine(3, "70%")),
        ("kr 3 70%", UpdateLine(3, "70%")),
        ("Kr–3 €3,500", UpdateLine(3, "€3,500")),
        ("KR-3\u00a045k\u00a08\u00a0note", UpdateLine(3, "45k", 8, "note")),
        ("KR-3 45\u00a0000 8", UpdateLine(3, "45\u00a0000", 8)),
        ("KR-3 +3% 10", UpdateLine(3, "+3%", 10)),
        ("KR-3 -3 0", UpdateLine(3, "-3", 0)),
        ("KR-3 = no news", UpdateLine(3, "=", None, "no news")),
        ("KR-3 =-2m", UpdateLine(3, "=-2m")),
        ("KR-3 done 10", UpdateLine(3, "done", 10)),
        ("KR-3 70 % 8", UpdateLine(3, "70%", 8)),
        ("KR-3 € 3,500 8", UpdateLine(3, "€3,500", 8)),
        ('KR-3 45k "3 new deals"', UpdateLine(3, "45k", None, "3 new deals")),
        ("KR-3 45k 8 “3 new deals”", UpdateLine(3, "45k", 8, "3 new deals")),
        ("KR-3 45k „3 neue“ | KR-4 5", UpdateLine(3, "45k", None, "3 neue")),
        ("KR-3 45k »3 neue« | KR-4 5", UpdateLine(3, "45k", None, "3 neue")),
        ("KR-3 45k « 3 nouveaux »", UpdateLine(3, "45k", None, "3 nouveaux")),
        ('KR-3 45k 8 "one | two"', UpdateLine(3, "45k", 8, "one | two")),
        ('KR-3 45k 8 she said "yes" today', UpdateLine(3, "45k", 8, 'she said "yes" today')),
        ('KR-3 45k 8 "yes" and "no"', UpdateLine(3, "45k", 8, '"yes" and "no"')),
        ("KR-3 45k 8 don't wait", UpdateLine(3, "45k", 8, "don't wait")),
        ("KR-3 45k 8 asked <@U1|ann> in <#C1|general>", UpdateLine(3, "45k", 8, "asked @ann in #general")),
        ("KR-3 45k 8 see <https://x.example/a?b=1&amp;c|x>", UpdateLine(3, "45k", 8, "see https://x.example/a?b=1&c")),
        ("KR-3 45k 8 Q&amp;A &lt;@U2&gt;", UpdateLine(3, "45k", 8, "Q&A <@U2>")),
        ("KR-3 45k - slow week", UpdateLine(3, "45k", None, "- slow week")),
        ("KR-3 + 3 8", UpdateLine(3, "+3", 8)),
        ("KR-3 - 3", UpdateLine(3, "-3")),
        ("KR-3 = 8", UpdateLine(3, "=", 8)),
        ("KR-3 = -2m 8", UpdateLine(3, "=-2m", 8)),
        ("KR-3 = €5 8", UpdateLine(3, "=€5", 8)),
        ("KR-3 EUR 3,500 8", UpdateLine(3, "EUR3,500", 8)),
        ("KR-3 - € 5 8", UpdateLine(3, "-€5", 8)),
        ("KR-3 % 70 8", UpdateLine(3, "%70", 8)),
        ("KR-3 ４５ ８ note", UpdateLine(3, "４５", 8, "note")),
        ("KR-3 ٤٥ ١٠", UpdateLine(3, "٤٥", 10)),
        ("KR-3 “Beta test” 8 soon", UpdateLine(3, "Beta test", 8, "soon")),
        ('KR-3 "45k" 8', UpdateLine(3, "45k", 8)),
        ("KR-3 5 Mio. 8", UpdateLine(3, "5", None, "Mio. 8")),
    ],
)
def test_a_one_line_check_in_is_read(typed: str, line: UpdateLine) -> None:
    read = parse_command(f"update {typed}")
    assert isinstance(read, UpdateLines)
    assert read.lines[0] == line
    assert len(read.lines) == 1 + typed.count("| KR-4")


def test_several_lines_are_separated_by_bars() -> None:
    assert parse_command('update KR-3 45k 8 a "b | c" d | kr4 = | KR-5 +3 <@U1|ann> helped |') == UpdateLines(
        (
            UpdateLine(3, "45k", 8, 'a "b | c" d'),
            UpdateLine(4, "="),
            UpdateLine(5, "+3", None, "@ann helped"),
        )
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("KR-3", "no value"),
        ("hello world", "“hello”"),
        ("O-1 45k", "O-1 is an objective"),
        ("KR-0 5", "“KR-0”"),
        ("KR-3 45k 12 new deals", "“12”"),
        ("KR-3 45k 8 3 new deals", "“3”"),
        ("KR-3 45k 7.5", "“7.5”"),
        ("KR-3 45k 8/10", "“8/10”"),
        ("KR-3 45 000 8", "“000”"),
        ("KR-3 45k -3 fewer", "“-3”"),
        ("KR-3 45 k 8", "“k”"),
        ("KR-3 5 | KR-3 6", "KR-3 is named twice"),
        ("KR-3 5 | hello", "“hello”"),
        ('KR-3 5 "open | KR-4 6', "never ends"),
        ("|", "no key result"),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_was_read_and_an_example(typed: str, said: str) -> None:
    with pytest.raises(UnreadableLine) as refused:
        parse_command(f"update {typed}")
    assert said in refused.value.sentence
    assert "Nothing was saved" in refused.value.sentence
    assert "/okr update KR-3" in refused.value.sentence
    assert refused.value.help_topic == "update"


def test_the_example_in_every_refusal_can_be_typed() -> None:
    assert parse_command("update KR-3 45k 8 short note") == UpdateLines((UpdateLine(3, "45k", 8, "short note"),))


def test_every_command_there_is_and_every_planned_one_is_known() -> None:
    assert COMMANDS == (
        "help",
        "update",
        "list",
        "set",
        "show",
        "edit",
        "role",
        "team",
        "cycle",
        "away",
        "back",
        "settings",
        "why",
        "rehearse",
    )
    assert all(parse_command(word) == NotYet(word) for word in PLANNED)


def test_show_takes_one_id_however_it_is_written() -> None:
    for typed in ("show KR-3", "show kr3", "SHOW kr 3", "show KR–3."):
        assert parse_command(typed) == Show(HumanId(Prefix.KEY_RESULT, 3)), typed
    assert parse_command("edit kr 7") == Edit(HumanId(Prefix.KEY_RESULT, 7))
    assert parse_command("show o-12") == Show(HumanId(Prefix.OBJECTIVE, 12))


@pytest.mark.parametrize(("typed", "said"), [("show", "I don't know which one"), ("show Revenue", "“Revenue”")])
def test_show_without_a_number_says_where_it_goes(typed: str, said: str) -> None:
    with pytest.raises(UnreadableId, match=said) as refused:
        parse_command(typed)
    assert "/okr show KR-3" in refused.value.sentence


PIECES = ["update", "list", "show", "KR-3", "kr3", "KR-4", "=", "+3%", "45k", "8", "|", '"', "“", "”", "„",
          "<@U1|a>", "€", "%", "\u00a0", "done", "at risk", "O-1", "&lt;", "-", "note"]  # fmt: skip
command_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=14).map(" ".join)


@given(st.one_of(st.text(), command_texts, command_texts.map(lambda rest: f"update {rest}")))
def test_any_text_is_read_or_refused_with_a_sentence(typed: str) -> None:
    read = _read_or_refused(typed)
    if isinstance(read, UnreadableId):
        assert "/okr show KR-3" in read.sentence or "/okr edit KR-3" in read.sentence
    elif isinstance(read, OkrError):
        assert read.sentence.endswith("/okr update KR-3 45k 8 short note")
        assert len(read.sentence) < 500
    else:
        assert isinstance(read, Command)


def _read_or_refused(typed: str) -> Command | OkrError:
    try:
        return parse_command(typed)
    except OkrError as refused:
        return refused


values = st.from_regex(r"[+\-=]?[1-9][0-9]{0,4}(\.[0-9])?[kmKM%]?", fullmatch=True)
notes = st.from_regex(r"[a-z][a-z,.!' -]{0,30}[a-z]", fullmatch=True).map(lambda note: " ".join(note.split()))
lines = st.builds(UpdateLine, st.integers(1, 999_999_999), values, st.none() | st.integers(0, 10), st.none() | notes)


@given(st.lists(lines, min_size=1, max_size=6, unique_by=lambda line: line.key_result), st.booleans())
def test_what_is_written_by_the_rules_is_read_as_meant(meant: list[UpdateLine], quote: bool) -> None:
    written = " | ".join(_written(line, quote=quote) for line in meant)
    assert parse_command(f"update {written}") == UpdateLines(tuple(meant))


def _written(line: UpdateLine, *, quote: bool) -> str:
    note = None if line.note is None else f'"{line.note}"' if quote or line.note in ("k", "m", "bn") else line.note
    parts = [f"KR-{line.key_result}", line.value, line.confidence, note]
    return " ".join(str(part) for part in parts if part is not None)
