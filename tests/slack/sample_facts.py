"""Facts as use cases hand them to views: an ordinary week at a small company, and ways to make it hostile."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bot.okr.changing import ChangeNotice, ChangeSaved, KeyResultEdit, ObjectiveEdit, State
from bot.okr.details import (
    AgreedChange,
    ChangedPart,
    CheckInVersion,
    HistoryPage,
    KeyResultDetails,
    Mark,
    ObjectiveDetails,
    ObjectiveHistory,
    OtherObjective,
    TakenOut,
)
from bot.okr.facts import (
    CheckedIn,
    CheckInForm,
    Digest,
    DigestEntry,
    DigestObjective,
    DraftedAnswer,
    EditChoice,
    Edited,
    EditForm,
    EmptyWorkspace,
    KeyResultStanding,
    ListedKeyResults,
    MyWeek,
    Person,
    Prompt,
    Receipt,
    RecognitionNotice,
    SetUpForm,
    WaitingAgreement,
)
from bot.okr.forms import KeyResultFields, ObjectiveFields
from bot.okr.kinds import KINDS, Milestone, Terms, kind_of
from bot.okr.leaving import HandedOver, HandOverForm, LeaverNotice, Orphaned, Received
from bot.okr.prompting import (
    AwayShown,
    HowToAnswer,
    Place,
    RecentMessage,
    SettingsForm,
    SettingsSaved,
    SkipForm,
    Skipped,
    Snoozed,
    SnoozeForm,
    WhyShown,
    WordsNotKept,
)
from bot.okr.rehearsing import Answers, Ledger, RehearsalShown, Rehearsed, RehearsedMessage
from bot.okr.setting import (
    Agreement,
    AskedAnew,
    ChangedMeanwhile,
    Choice,
    KeyResultForm,
    ObjectiveForm,
    ObjectiveSet,
    OfferedDraft,
    Outcome,
    SetKeyResult,
)
from bot.okr.status import Freshness, Status

NOW = datetime(2026, 10, 12, 7, 5, tzinfo=UTC)
DUE = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
ANN = Person("U1", "Ann Carter", "Europe/Berlin")

ORDINARY = KeyResultStanding(
    number=3,
    title="Revenue per month",
    objective_number=1,
    objective_title="Become profitable",
    team="Growth",
    owner="Ann Carter",
    unit="€",
    start=Decimal(10000),
    target=Decimal(50000),
    now=Decimal(20000),
    progress=Decimal("0.25"),
    expected=Decimal("0.5512"),
    status=Status.AT_RISK,
    freshness=Freshness.FRESH,
    confidence=6,
    checked_at=NOW - timedelta(days=7),
    weight=Decimal(1),
    due=True,
)


def standing(number: int = 3, **changes: object) -> KeyResultStanding:
    """The ordinary key result, changed where a test wants it."""
    return replace(ORDINARY, number=number, **changes)  # type: ignore[arg-type]


def week_of_five() -> tuple[KeyResultStanding, ...]:
    """Five key results, one of every status and one without any check-in."""
    return (
        standing(3),
        standing(
            4, title="Hours until the first order", unit="hours", start=Decimal(48), target=Decimal(8),
            now=Decimal(12), progress=Decimal("0.9"), status=Status.ON_TRACK, confidence=9,
        ),
        standing(
            5, title="Churn", unit="%", start=Decimal(5), target=Decimal(2), now=Decimal("5.4"),
            progress=Decimal("-0.1333"), status=Status.OFF_TRACK, confidence=2,
        ),
        standing(
            6, title="Interviews with customers", unit=None, start=Decimal(0), target=Decimal(30), now=Decimal(18),
            progress=Decimal("0.6"), status=Status.ON_TRACK, freshness=Freshness.HOLLOW,
            checked_at=NOW - timedelta(days=12), confidence=None,
        ),
        standing(
            7, title="Partners who resell", unit="partners", start=Decimal(0), target=Decimal(5), now=Decimal(0),
            progress=Decimal(0), status=Status.UNKNOWN, freshness=Freshness.UNKNOWN, checked_at=None, confidence=None,
        ),
    )  # fmt: skip


def checked_in(number: int = 3, **changes: object) -> CheckedIn:
    """One line of an answer: revenue went from 20,000 to 25,000."""
    line = CheckedIn(
        number=number,
        title="Revenue per month",
        unit="€",
        before=Decimal(20000),
        after=Decimal(25000),
        start=Decimal(10000),
        target=Decimal(50000),
        unchanged=False,
        confidence=7,
        note="Two new resellers signed",
    )
    return replace(line, **changes)  # type: ignore[arg-type]


def answered_lines() -> tuple[CheckedIn, ...]:
    """Two lines: one that moved, one without change."""
    return (
        checked_in(3),
        checked_in(
            5, title="Churn", unit="%", before=Decimal("5.4"), after=Decimal("5.4"), unchanged=True, confidence=None,
            note=None,
        ),
    )  # fmt: skip


def receipt(**changes: object) -> Receipt:
    """What Ann's submission kept."""
    kept = Receipt(
        submission=12,
        person=ANN,
        submitted_at=NOW,
        lines=answered_lines(),
        learned="Resellers want a price list before they talk.",
        needs="A decision on the price list, from Bo",
        undo_until=NOW + timedelta(minutes=10),
        undone=False,
        late=False,
        still_due=0,
    )
    return replace(kept, **changes)  # type: ignore[arg-type]


def digest(**changes: object) -> Digest:
    """The growth team's week."""
    facts = Digest(
        team="Growth",
        cycle="Q4 2026",
        week_of=date(2026, 10, 12),
        objectives=(
            DigestObjective(2, "Customers stay", Decimal("0.62"), Decimal("0.5512"), Status.ON_TRACK, Decimal(0)),
            DigestObjective(
                1, "Become profitable", Decimal("0.25"), Decimal("0.5512"), Status.OFF_TRACK, Decimal("0.2")
            ),
        ),
        attention=(standing(5, title="Churn", status=Status.OFF_TRACK), standing(3)),
        answered=("Ann Carter", "Bo Berg", "Cleo Diaz", "Dan Ek"),
        missing=("Eve Fox",),
        away=("Finn Gray",),
        key_results=12,
        checked_in=9,
        learned=("Resellers want a price list before they talk.", "Fewer fields, more sign-ups."),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def digest_entry(**changes: object) -> DigestEntry:
    """Ann's submission in the thread."""
    facts = DigestEntry(
        submission=12,
        person=ANN,
        submitted_at=NOW,
        zone="Europe/Berlin",
        lines=answered_lines(),
        learned="Resellers want a price list before they talk.",
        needs="A decision on the price list, from Bo",
        late=False,
        edited=False,
        undone=False,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def waiting(count: int = 1) -> tuple[WaitingAgreement, ...]:
    """For Ann to agree, and as many that she waits for."""
    asked = tuple(WaitingAgreement(n, "Grow", "Growth", True, "Bo Berg", DUE) for n in range(1, count + 1))
    own = tuple(WaitingAgreement(n, "Shrink", "Growth", False, None, DUE) for n in range(50, count + 50))
    return (*asked, *own)


def my_week(**changes: object) -> MyWeek:
    """Ann's week: five due."""
    return replace(MyWeek(ANN, "Q4 2026", week_of_five(), (), 0, DUE), **changes)  # type: ignore[arg-type]


def snoozed(**changes: object) -> Snoozed:
    """A prompt that comes again on Tuesday."""
    return replace(Snoozed(ANN, DUE - timedelta(hours=32), DUE), **changes)  # type: ignore[arg-type]


def skipped(**changes: object) -> Skipped:
    """A round that was left out."""
    return replace(Skipped(ANN, 2, "On a fair", DUE), **changes)  # type: ignore[arg-type]


def words_not_kept(**changes: object) -> WordsNotKept:
    """An answer in words of which something could not be read."""
    facts = WordsNotKept(ANN, ("KR-3 as €25k", "KR-4 as no change at 12"), ("KR-5: “soon” is no number.",), True, 5)
    return replace(facts, **changes)  # type: ignore[arg-type]


def how_to_answer(**changes: object) -> HowToAnswer:
    """Somebody wrote "thanks"."""
    return replace(HowToAnswer(ANN, 5), **changes)  # type: ignore[arg-type]


def snooze_form(**changes: object) -> SnoozeForm:
    """**Snooze** pressed on Monday morning."""
    form = SnoozeForm(ANN, DUE - timedelta(hours=51), DUE - timedelta(hours=32), DUE, "D0ANN:1.1")
    return replace(form, **changes)  # type: ignore[arg-type]


def skip_form(**changes: object) -> SkipForm:
    """**Skip** pressed."""
    return replace(SkipForm(ANN, 2, "D0ANN:1.1"), **changes)  # type: ignore[arg-type]


def away(**changes: object) -> AwayShown:
    """Away for a week from Wednesday on."""
    shown = AwayShown(ANN, date(2026, 10, 21), date(2026, 10, 14), DUE + timedelta(days=9))
    return replace(shown, **changes)  # type: ignore[arg-type]


def settings_form(**changes: object) -> SettingsForm:
    """Somebody in Munich who works from Monday to Thursday."""
    bavaria = Place("BY", "Bayern")
    form = SettingsForm(ANN, "08:30", (0, 1, 2, 3), "standard", Place("DE", "Germany"), bavaria, (bavaria,))
    return replace(form, **changes)  # type: ignore[arg-type]


def settings_saved(**changes: object) -> SettingsSaved:
    """The same, saved."""
    saved = SettingsSaved(ANN, "08:30", (0, 1, 2, 3), "standard", "Germany", "Bayern", DUE + timedelta(days=5))
    return replace(saved, **changes)  # type: ignore[arg-type]


def rehearsal(text: str, *, own: bool = False, offends: bool = False) -> RehearsalShown:
    """Four weeks of twelve people, or of one; `text` is everybody's and every team's name."""
    ledger = Ledger()
    messages = [
        RehearsedMessage(
            DUE + timedelta(days=7 * week + day), "Europe/Berlin", f"U{who}", text, kind, (text,), (3, 4), True
        )
        for week in range(4)
        for who in range(1 if own else 12)
        for day, kind in enumerate(("prompt", "reminder", *(("recognition",) if offends else ())))
    ]
    for each in messages:
        ledger.note(each)
    if not own:
        ledger.note(RehearsedMessage(DUE, "Europe/Berlin", "C1", None, "digest", (text,), (), False))
    done = Rehearsed(DUE, 4, Answers.NONE, ledger, DUE.date() + timedelta(days=10))
    return RehearsalShown(replace(ANN, name=text), text, done, tuple(messages) if own else (), 4_321 if own else 0)


def why(**changes: object) -> WhyShown:
    """A prompt, a reminder and a recognition."""
    recent = (
        RecentMessage("recognition", DUE, (), None, True),
        RecentMessage("reminder", DUE - timedelta(hours=8), ("Growth",), "every week", True),
        RecentMessage("prompt_again", DUE - timedelta(days=1), (), None, False),
        RecentMessage("prompt", DUE - timedelta(days=2), ("Growth", "Sales"), "every week", True),
    )
    shown = WhyShown(ANN, recent, 2, 2, "standard", DUE + timedelta(days=5), None)
    return replace(shown, **changes)  # type: ignore[arg-type]


def prompt(**changes: object) -> Prompt:
    """What Ann is asked on Monday."""
    return replace(Prompt(ANN, week_of_five(), DUE, date(2026, 10, 12)), **changes)  # type: ignore[arg-type]


def every_kind() -> tuple[KeyResultStanding, ...]:
    """One key result of every kind that is not a metric, before and after a first value."""
    steps = (Milestone("Alpha with ten schools", Decimal(10)), Milestone("Beta", Decimal(20)), Milestone("Launch"))
    return (
        standing(
            11, kind=kind_of("stay_above"), unit="%", start=Decimal("99.9"), target=Decimal("99.5"), now=Decimal("99.7")
        ),
        standing(12, kind=kind_of("stay_below"), unit="%", start=None, target=Decimal(3), now=None, checked_at=None),
        standing(
            13,
            kind=kind_of("milestones"),
            unit=None,
            start=Decimal(0),
            target=Decimal(3),
            now=Decimal(2),
            milestones=steps,
        ),
        standing(14, kind=kind_of("yes_no"), unit=None, start=Decimal(0), target=Decimal(1), now=Decimal(0)),
        standing(15, kind=kind_of("baseline"), unit="days", start=None, target=None, now=None, checked_at=None),
        standing(16, kind=kind_of("baseline"), unit="days", start=None, target=None, now=Decimal(12)),
    )


def check_in_form(**changes: object) -> CheckInForm:
    """Ann's modal: five due."""
    return replace(CheckInForm(ANN, "n0nce", week_of_five(), 0, DUE), **changes)  # type: ignore[arg-type]


def ten_of_many(**changes: object) -> CheckInForm:
    """A full page of Ann's modal."""
    return check_in_form(lines=tuple(standing(number) for number in range(1, 11)), **changes)


def typed_before() -> dict[str, object]:
    """What Ann had typed on that page and not sent."""
    typed = tuple(DraftedAnswer(number, "45k", 7, "Because") for number in (1, 2))
    return {
        "drafted": (*typed, DraftedAnswer(3, None, None, None)),
        "drafted_at": NOW,
        "learned": "A lot",
        "needs": "Help",
    }


def special_lines() -> tuple[CheckedIn, ...]:
    """Check-ins for somebody else, edited by somebody else, and about other days than the one they were sent on."""
    return (
        checked_in(3, owner="Bo Berg"),
        checked_in(4, counts_for=date(2026, 10, 5), back_dated=True, edited_by="Cleo Diaz"),
        checked_in(5, counts_for=date(2026, 12, 31)),
    )


def edit_form(**changes: object) -> EditForm:
    """Ann changes what she said about revenue."""
    form = EditForm(ANN, 12, checked_in(3), 1, date(2026, 10, 12), date(2026, 10, 1), date(2026, 10, 12))
    return replace(form, **changes)  # type: ignore[arg-type]


def edit_choice(**changes: object) -> EditChoice:
    """Ann chooses which of her check-ins to change."""
    return replace(EditChoice(ANN, 12, answered_lines()), **changes)  # type: ignore[arg-type]


def edited(**changes: object) -> Edited:
    """What Ann's change came to."""
    return replace(Edited(ANN, checked_in(3)), **changes)  # type: ignore[arg-type]


def listed(**changes: object) -> ListedKeyResults:
    """`/okr list company`."""
    facts = ListedKeyResults(ANN, "The company", week_of_five(), 5)
    return replace(facts, **changes)  # type: ignore[arg-type]


def empty_workspace(**changes: object) -> EmptyWorkspace:
    """A workspace nobody has set anything in, seen by its first admin."""
    facts = EmptyWorkspace(ANN, "Acme", "Acme", "Q4 2026", True, True, ())
    return replace(facts, **changes)  # type: ignore[arg-type]


def set_up_form(**changes: object) -> SetUpForm:
    """The set up modal of a new workspace."""
    return replace(SetUpForm("Acme", "Q4 2026", None, None, ("U1",), ()), **changes)  # type: ignore[arg-type]


def objective_form(**changes: object) -> ObjectiveForm:
    """The modal for a new objective: Ann may set it for two teams and two cycles."""
    facts = ObjectiveForm(
        person=ANN,
        nonce="n0nce",
        form=1,
        fields=ObjectiveFields("", "", team=2, cycle=1),
        team=Choice(2, "Growth"),
        teams=(Choice(2, "Growth"), Choice(1, "Acme")),
        cycles=(Choice(1, "Q4 2026"), Choice(2, "Q1 2027")),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def drafts(count: int = 1) -> tuple[OfferedDraft, ...]:
    """What Ann began: an objective, and others of which not even the first page was finished."""
    unsent = tuple(OfferedDraft(f"n{number}", None, "Customers love us") for number in range(count - 1))
    return (OfferedDraft("d", 7, "Become profitable", 2), *unsent)


def set_key_results(times: int = 1) -> tuple[SetKeyResult, ...]:
    """One key result of every kind, so many times, as they were just set."""
    steps = (Milestone("Alpha with ten schools", Decimal(10)), Milestone("Beta", Decimal(20)))
    terms = Terms(Decimal(10000), Decimal(50000), "€", Decimal(30000), Decimal(60000), steps)
    return tuple(
        SetKeyResult(number, "Revenue per month", terms, Decimal(1 if number == 8 else 2), "Ann Carter", kind)
        for number, kind in enumerate([*KINDS.values()] * times, 8)
    )


def key_result_form(**changes: object) -> KeyResultForm:
    """The form for the first key result of Ann's new objective."""
    fields = KeyResultFields(weight="1", owner_id="U1")
    return replace(KeyResultForm(ANN, 1, 4, "Become profitable", fields), **changes)  # type: ignore[arg-type]


def objective_set(**changes: object) -> ObjectiveSet:
    """An objective that was just set."""
    facts = ObjectiveSet(
        ANN, 4, "Become profitable", "We run out of money in May.", "Growth", "Q4 2026", False, set_key_results(),
        author="Ann Carter", supports=Choice(1, "O-1 Stay independent", "Acme, 2026"),
    )  # fmt: skip
    return replace(facts, **changes)  # type: ignore[arg-type]


def agreement(**changes: object) -> Agreement:
    """Bo sent Ann's objective back."""
    facts = Agreement(
        4, "Become profitable", Outcome.SENT_BACK, "Bo Berg", DUE, "Europe/Berlin", "Ann Carter",
        "Which market?\nSay it.", "n0nce",
    )  # fmt: skip
    return replace(facts, **changes)  # type: ignore[arg-type]


def asked_anew(**changes: object) -> AskedAnew:
    """Bo changed Ann's objective while it waited."""
    part = ChangedPart("target", Decimal(50), Decimal(60))
    change = AgreedChange(NOW, "Bo Berg", "changed", (part,), "The market grew.")
    told = (ChangedMeanwhile("KR-8", "€k", change), ChangedMeanwhile("KR-9", None, replace(change, parts=())))
    return replace(AskedAnew(objective_set(waits=True, version="a1b2", seen=7), told), **changes)  # type: ignore[arg-type]


def recognition(**changes: object) -> RecognitionNotice:
    """Bo, the team's lead, recognised Ann's effort."""
    facts = RecognitionNotice("Bo Berg", "effort", "muscle", True, ("KR-3", "KR-5"), "https://acme.slack.com/p1")
    return replace(facts, **changes)  # type: ignore[arg-type]


def history_page(**changes: object) -> HistoryPage:
    """A page with every sort of entry on it, in the middle of a history."""
    version = CheckInVersion(
        at=NOW, author="Ann Carter", submission=12, version=2, about=NOW - timedelta(days=3), before=Decimal(20000),
        after=Decimal(25000), unchanged=False, confidence=7, note="Two new resellers signed", superseded=False,
        withdrawn=False, back_dated=True,
    )  # fmt: skip
    first = replace(version, version=1, superseded=True, back_dated=False, about=NOW, confidence=None, note=None)
    retargeted = AgreedChange(
        at=NOW - timedelta(days=8),
        author="Bo Berg",
        action="changed",
        parts=(
            ChangedPart("target", Decimal(60000), Decimal(50000)),
            ChangedPart("owner", "Cleo Diaz", "Ann Carter"),
            ChangedPart("delegate", None, "Dan Ek"),
            ChangedPart("unit", "€", None),
        ),
        reason="The second shop opens a quarter later.",
    )
    entries = (
        version,
        first,
        replace(first, superseded=False, withdrawn=True, version=3),
        replace(first, superseded=False, unchanged=True, after=Decimal(20000)),
        retargeted,
        AgreedChange(NOW - timedelta(days=30), None, "made by import", (), None),
    )
    facts = HistoryPage(entries, older_than=Mark(NOW - timedelta(days=30), 1, 4), newer_than=Mark(NOW, 0, 9))
    return replace(facts, **changes)  # type: ignore[arg-type]


def key_result_details(**changes: object) -> KeyResultDetails:
    """Revenue, as Ann sees it whole."""
    facts = KeyResultDetails(
        person=ANN,
        standing=standing(commit=Decimal(40000), stretch=Decimal(70000)),
        cycle="Q4 2026",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
        private=False,
        draft=False,
        taken_out=None,
        with_objective=False,
        owner_left=False,
        delegate="Bo Berg",
        contributors=("Cleo Diaz", "Dan Ek"),
        supports=OtherObjective(7, "A company that lasts"),
        may_edit=True,
        history=history_page(),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def taken_out(kind: str = "dropped") -> TakenOut:
    """It was dropped a week ago."""
    return TakenOut(kind, NOW - timedelta(days=7), "The market is gone.")


def objective_details(**changes: object) -> ObjectiveDetails:
    """An objective with five key results, supported by two others."""
    facts = ObjectiveDetails(
        person=ANN,
        number=1,
        title="Become profitable",
        why="Without it we depend on the next round of money.",
        team="Growth",
        cycle="Q4 2026",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
        owner=None,
        private=False,
        draft=False,
        taken_out=None,
        supports=OtherObjective(7, "A company that lasts"),
        supported_by=(OtherObjective(8, "Schools buy in spring"), OtherObjective(9, None)),
        key_results=week_of_five(),
        more=False,
        progress=Decimal("0.31"),
        expected=Decimal("0.5512"),
        status=Status.OFF_TRACK,
        unknown_share=Decimal("0.2"),
        may_edit=True,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def objective_history(**changes: object) -> ObjectiveHistory:
    """What became of it."""
    only_changes = tuple(each for each in history_page().entries if isinstance(each, AgreedChange))
    facts = ObjectiveHistory(ANN, 1, "Become profitable", history_page(entries=only_changes, newer_than=None))
    return replace(facts, **changes)  # type: ignore[arg-type]


def key_result_edit(**changes: object) -> KeyResultEdit:
    """The form that changes revenue."""
    fields = KeyResultFields(
        title="Revenue per month", start="10000", target="50000", unit="€", weight="1", owner_id="U1",
        contributor_ids=("U2",),
    )  # fmt: skip
    place = Choice(41, "O-1 Become profitable")
    facts = KeyResultEdit(ANN, 3, "Revenue per month", fields, place, State.IN_FORCE, 7, 1, True)
    return replace(facts, **changes)  # type: ignore[arg-type]


def objective_edit(**changes: object) -> ObjectiveEdit:
    """The form that changes an objective."""
    facts = ObjectiveEdit(
        person=ANN, number=1, title="Become profitable", why="We depend on the next round.", team=Choice(2, "Growth"),
        cycle=Choice(3, "Q4 2026"), supports=Choice(9, "O-7 A company that lasts"), owner="U2", may_have_owner=True,
        private=True, state=State.POSTPONED, seen=7, form=1,
    )  # fmt: skip
    return replace(facts, **changes)  # type: ignore[arg-type]


def agreed_change(**changes: object) -> AgreedChange:
    """Another target, and why."""
    entries = [each for each in history_page().entries if isinstance(each, AgreedChange)]
    return replace(entries[0], **changes)  # type: ignore[arg-type]


def change_saved(**changes: object) -> ChangeSaved:
    """What Save has changed."""
    facts = ChangeSaved(ANN, "KR-3", "Revenue per month", "€", agreed_change())
    return replace(facts, **changes)  # type: ignore[arg-type]


def change_notice(**changes: object) -> ChangeNotice:
    """Bo made Ann the owner."""
    facts = ChangeNotice(ANN, "new owner", "KR-3", "Revenue per month", "€", agreed_change())
    return replace(facts, **changes)  # type: ignore[arg-type]


ORPHANED = (Orphaned(3, "Revenue per month", "Growth"), Orphaned(5, "Churn", "Growth"))


def leaver_notice(**changes: object) -> LeaverNotice:
    """Cleo has left two key results behind."""
    return replace(LeaverNotice(ANN, "Cleo Diaz", 5, ORPHANED, 0), **changes)  # type: ignore[arg-type]


def hand_over_form(**changes: object) -> HandOverForm:
    """The form that hands them over."""
    return replace(HandOverForm(ANN, "Cleo Diaz", 5, ORPHANED, 0), **changes)  # type: ignore[arg-type]


def handed_over(**changes: object) -> HandedOver:
    """Bo owns one of them now, Dan the other."""
    received = (Received("Bo Berg", ORPHANED[:1]), Received("Dan Ek", ORPHANED[1:]))
    return replace(HandedOver(ANN, "Cleo Diaz", received, 0), **changes)  # type: ignore[arg-type]
