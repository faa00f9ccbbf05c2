"""Every view there is, fed with facts that may be made hostile; a new view is one entry here."""

from collections.abc import Callable
from dataclasses import replace

from bot.okr.changing import State
from bot.okr.details import HistoryPage
from bot.okr.errors import OkrError
from bot.okr.facts import ClosedChannel, ListPlace
from bot.okr.forms import KeyResultFields
from bot.okr.kinds import KINDS
from bot.okr.leaving import Orphaned
from bot.okr.organisation import Entry, RhythmForm, RoleNotice
from bot.okr.prompting import Place
from bot.okr.setting import Choice, Outcome
from bot.slack import ids
from bot.slack.text import escape
from bot.slack.views import (
    Message,
    View,
    absences,
    agreements,
    changing,
    channels,
    check_in_edits,
    checkins,
    cycles,
    details,
    digests,
    errors,
    key_results,
    leaving,
    lists,
    objectives,
    prompts,
    reactions,
    recognition,
    rehearsals,
    roles,
    settings,
    setup,
    teams,
    weeks,
    why,
    words,
)
from bot.slack.views import help as help_views
from tests.slack import sample_facts as facts
from tests.slack import sample_organisation as organisation
from tests.slack.hostile import hostile


def _team_modal(text: str, **changes: object) -> View:
    form = organisation.team_form(**{"name": text, "parent": Entry("1", text), **changes})
    return teams.team_modal(form, ids.TeamMetadata("n0nce", 2))


EVERY_VIEW: dict[str, Callable[[str], Message | View]] = {
    "my week": lambda text: weeks.my_week(hostile(facts.my_week(), text)),
    "my week, not due": lambda text: weeks.my_week(
        hostile(facts.my_week(due=(), others=facts.week_of_five(), more=3), text)
    ),
    "my week, both": lambda text: weeks.my_week(
        hostile(facts.my_week(others=tuple(facts.standing(n) for n in range(50, 90))), text)
    ),
    "my week, nothing": lambda text: weeks.my_week(hostile(facts.my_week(due=(), due_at=None), text)),
    "my week, waiting": lambda text: weeks.my_week(hostile(facts.my_week(waiting=facts.waiting(9)), text)),
    "empty workspace, champion": lambda text: weeks.empty_workspace(hostile(facts.empty_workspace(), text)),
    "empty workspace, member": lambda text: weeks.empty_workspace(
        hostile(facts.empty_workspace(may_set_up=False, champions=("Bo", "Cleo")), text)
    ),
    "empty workspace, nobody": lambda text: weeks.empty_workspace(
        hostile(facts.empty_workspace(may_set_up=False), text)
    ),
    "set up": lambda text: setup.set_up_modal(
        facts.set_up_form(team=text, cycle=text, channel="C1", lead="U2", sponsors=("U3", "U4")),
        ids.SetUpMetadata("n0nce"),
    ),
    "set up done": lambda text: setup.set_up_done(text, text, has_channel=True),
    "roles": lambda text: roles.roles(hostile(organisation.roles_shown(), text)),
    "roles, many": lambda text: roles.roles(
        hostile(organisation.many_roles(), text)
    ),
    "roles, nobody": lambda text: roles.roles(organisation.roles_shown(champions=(), sponsors=(), leads=(), said=text)),
    "new objective": lambda text: objectives.new_objective_modal(hostile(facts.objective_form(), text)),
    "new objective, drafts": lambda text: objectives.new_objective_modal(
        hostile(facts.objective_form(drafts=facts.drafts(30), may_be_individual=True), text)
    ),
    "new objective, gone on with": lambda text: objectives.new_objective_modal(
        hostile(facts.objective_form(form=2, begun=facts.drafts()[0], supports=Choice(3, "O-3 Grow", "Acme")), text)
    ),
    "new objective, many teams": lambda text: objectives.new_objective_modal(
        hostile(facts.objective_form(teams=None), text)
    ),
    "teams": lambda text: teams.team_tree(hostile(organisation.team_tree(), text)),
    "teams, many": lambda text: teams.team_tree(hostile(organisation.large_tree(), text)),
    "teams of one name": lambda text: teams.team_tree(hostile(organisation.team_tree(asked="Growth"), text)),
    "team": lambda text: teams.team(hostile(organisation.team_shown(), text)),
    "team, archived": lambda text: teams.team(
        organisation.team_shown(name=text, archived=True, may_edit=False, said=None, members=(), lead=None)
    ),
    "edit team": lambda text: _team_modal(text),
    "edit team, from a group": lambda text: _team_modal(
        text, source="group", group=Entry("S1", text), groups=(Entry("S1", text), Entry("S2", "Leads"))
    ),
    "edit team, no groups": lambda text: _team_modal(text, source="group", no_groups=text),
    "edit team, from the channel": lambda text: _team_modal(text, source="channel"),
    "edit team, many": lambda text: _team_modal(text, parents=None, source="group", groups=None),
    "edit team, rhythm from above": lambda text: _team_modal(text, rhythm=RhythmForm(above=text)),
    "edit the company": lambda text: _team_modal(text, parents=(), parent=None),
    "cycles": lambda text: cycles.cycles(hostile(organisation.cycles_shown(), text)),
    "cycles, none": lambda text: cycles.cycles(
        organisation.cycles_shown(current=(), coming=(), past=(), archived=(text,), may_change=False)
    ),
    "cycles, many": lambda text: cycles.cycles(
        hostile(organisation.cycles_shown(past=(organisation.cycle_line(9, days=4),) * 8, more_past=90), text)
    ),
    "cycle": lambda text: cycles.cycle(organisation.cycle_shown(line=organisation.cycle_line(1, name=text), said=text)),
    "cycle, archived": lambda text: cycles.cycle(
        organisation.cycle_shown(line=organisation.cycle_line(1, name=text), phase="past", archived=True, said=None)
    ),
    "new cycle": lambda text: cycles.cycle_modal(organisation.cycle_form(name=text), ids.CycleMetadata("n0nce", 1)),
    "edit cycle": lambda text: cycles.cycle_modal(
        organisation.cycle_form(name=text, cycle=3, form=2, drafts_from=organisation.cycle_line(1).starts_on),
        ids.CycleMetadata("n0nce", 2, 3),
    ),
    "objective set": lambda text: objectives.objective_set(hostile(facts.objective_set(), text)),
    "objective set, private": lambda text: objectives.objective_set(
        hostile(facts.objective_set(private=True, key_results=facts.set_key_results(9), agreed_by="Bo"), text)
    ),
    "a role given": lambda text: roles.role_changed(
        hostile(RoleNotice(facts.ANN, "lead", "Growth", "Cleo Diaz", False), text)
    ),
    "a role taken": lambda text: roles.role_changed(
        hostile(RoleNotice(facts.ANN, "champion", None, None, True), text)
    ),
    "objective waits": lambda text: objectives.objective_set(
        hostile(facts.objective_set(asked="Bo Berg", waits=True), text)
    ),
    "agreement asked": lambda text: agreements.agreement_asked(hostile(facts.objective_set(), text)),
    "agreement asked, many": lambda text: agreements.agreement_asked(
        hostile(facts.objective_set(private=True, key_results=facts.set_key_results(9)), text)
    ),
    "agreed": lambda text: agreements.agreement_settled(
        hostile(facts.agreement(outcome=Outcome.AGREED, comment=None), text)
    ),
    "agreement, taken back": lambda text: agreements.agreement_settled(
        hostile(facts.agreement(outcome=Outcome.WITHDRAWN), text)
    ),
    "agreement, discarded": lambda text: agreements.agreement_settled(
        hostile(facts.agreement(outcome=Outcome.DISCARDED), text)
    ),
    "agreement, passed on": lambda text: agreements.agreement_settled(
        hostile(facts.agreement(outcome=Outcome.PASSED_ON), text)
    ),
    "agreement, asked anew": lambda text: agreements.asked_anew(hostile(facts.asked_anew(), text)),
    "withdrawn": lambda text: agreements.withdrawn(hostile(facts.agreement(outcome=Outcome.WITHDRAWN), text)),
    "withdrawn in the form": lambda text: agreements.withdrawn_modal(hostile(facts.agreement(), text)),
    "sent back": lambda text: agreements.agreement_settled(hostile(facts.agreement(), text)),
    "sent back, to the author": lambda text: agreements.sent_back(hostile(facts.agreement(), text)),
    "send back, the comment": lambda text: agreements.send_back_modal(4),
    "key result": lambda text: key_results.key_result_modal(hostile(facts.key_result_form(), text)),
    "key result, the next": lambda text: key_results.key_result_modal(
        hostile(facts.key_result_form(form=9, kept=facts.set_key_results(), asks=True), text)
    ),
    **{
        f"key result, {kind}": lambda text, kind=kind: key_results.key_result_modal(  # type: ignore[misc]
            replace(hostile(facts.key_result_form(), text), fields=KeyResultFields(text, kind, unit=text,
                    milestones=text, contributor_ids=("U2",), delegate_id="U3", owner_id="U1"))
        )
        for kind in KINDS
    },
    "list": lambda text: lists.key_results(hostile(facts.listed(), text)),
    "long list": lambda text: lists.key_results(
        hostile(facts.listed(shown=tuple(facts.standing(n) for n in range(1, 80)), total=900), text)
    ),
    "list, a page": lambda text: lists.key_results(
        hostile(facts.listed(shown=tuple(facts.standing(n, hidden=n == 3) for n in range(1, 21)), total=900, after=20,
                             before=1, place=ListPlace("team", team=4, only="stale")), text)
    ),
    "list of missing": lambda text: lists.key_results(
        hostile(facts.listed(shown=(), total=500, without=("Ann",) * 500), text)
    ),
    "key result, whole": lambda text: details.key_result(hostile(facts.key_result_details(), text)),
    "key result, dropped": lambda text: details.key_result(
        hostile(facts.key_result_details(taken_out=facts.taken_out(), with_objective=True, owner_left=True), text)
    ),
    "key result, every kind": lambda text: details.key_result(
        hostile(
            facts.key_result_details(
                standing=facts.every_kind()[2], draft=True, private=True, contributors=("Ann",) * 300, delegate=None
            ),
            text,
        )
    ),
    "key result, without a history": lambda text: details.key_result(
        hostile(facts.key_result_details(history=HistoryPage(), supports=None), text)
    ),
    "objective, whole": lambda text: details.objective(hostile(facts.objective_details(), text)),
    "objective, large": lambda text: details.objective(
        hostile(
            facts.objective_details(
                key_results=tuple(facts.standing(n) for n in range(1, 60)), more=True, owner="Ann", private=True,
                supported_by=facts.objective_details().supported_by * 15, taken_out=facts.taken_out("postponed"),
            ),
            text,
        )
    ),
    "objective, empty": lambda text: details.objective(
        hostile(
            facts.objective_details(
                key_results=(), progress=None, expected=None, status=None, unknown_share=None, draft=True, why=None,
                supports=None, supported_by=(),
            ),
            text,
        )
    ),
    "objective, history": lambda text: details.objective_history(hostile(facts.objective_history(), text)),
    "edit key result": lambda text: changing.key_result_edit(hostile(facts.key_result_edit(), text)),
    "edit key result, contested": lambda text: changing.key_result_edit(
        hostile(facts.key_result_edit(contested=("Bo has changed this meanwhile: target.",) * 9, form=3,
                                      asks_why=False, state=State.DROPPED), text)
    ),
    "edit objective": lambda text: changing.objective_edit(hostile(facts.objective_edit(), text)),
    "edit objective, waiting": lambda text: changing.objective_edit(
        hostile(facts.objective_edit(waits_for="Bo Berg", may_withdraw=True), text)
    ),
    "edit objective, contested": lambda text: changing.objective_edit(
        hostile(facts.objective_edit(contested=("Bo was faster.",), supports=None, may_have_owner=False, private=False,
                                     form=2), text)
    ),
    "changed": lambda text: changing.changed(hostile(facts.change_saved(), text)),
    "nothing changed": lambda text: changing.changed(hostile(facts.change_saved(change=None), text)),
    "somebody left": lambda text: leaving.somebody_left(hostile(facts.leaver_notice(), text)),
    "somebody left, much": lambda text: leaving.somebody_left(
        hostile(facts.leaver_notice(orphaned=facts.ORPHANED * 40, more=900), text)
    ),
    "hand over": lambda text: leaving.hand_over(hostile(facts.hand_over_form(), text)),
    "hand over, objectives": lambda text: leaving.hand_over(
        hostile(facts.hand_over_form(orphaned=(Orphaned(4, "Profit", "Growth", True),), page=2, handed=3), text)
    ),
    "somebody left, a lead": lambda text: leaving.somebody_left(
        hostile(facts.leaver_notice(orphaned=(), led=("Growth",) * 30), text)
    ),
    "hand over, much": lambda text: leaving.hand_over(
        hostile(
            facts.hand_over_form(orphaned=tuple(Orphaned(n, "Churn", "Growth") for n in range(1, 60)), more=900), text
        )
    ),
    "handed over": lambda text: leaving.handed_over(hostile(facts.handed_over(left=3), text)),
    "handed over, much": lambda text: leaving.handed_over(
        hostile(facts.handed_over(received=facts.handed_over().received * 50), text)
    ),
    "received": lambda text: leaving.received(hostile(facts.handed_over(giver="Ann Carter"), text)),
    "change notice": lambda text: changing.notice(hostile(facts.change_notice(), text)),
    "check in": lambda text: checkins.check_in_modal(hostile(facts.check_in_form(more=2), text), 17),
    "check in, every kind": lambda text: checkins.check_in_modal(
        hostile(facts.check_in_form(lines=facts.every_kind()), text), 17
    ),
    "my week, every kind": lambda text: weeks.my_week(hostile(facts.my_week(due=facts.every_kind()), text)),
    "check in, first of three pages": lambda text: checkins.check_in_modal(
        hostile(facts.ten_of_many(rest=tuple(range(11, 33)), pages=3), text)
    ),
    "check in, last page with drafts and notes": lambda text: checkins.with_notes(
        checkins.check_in_modal(hostile(facts.ten_of_many(page=3, pages=3, **facts.typed_before()), text), 17, nth=2),
        set(range(1, 11)),
        2,
    ),
    "check in, nothing due": lambda text: checkins.check_in_modal(
        hostile(facts.check_in_form(lines=(facts.standing(3, due=False),), due_at=None), text)
    ),
    "edit": lambda text: check_in_edits.edit_modal(hostile(facts.edit_form(), text)),
    "edit, changed meanwhile": lambda text: check_in_edits.edit_modal(
        hostile(facts.edit_form(changed_meanwhile=True), text)
    ),
    "edit, which": lambda text: check_in_edits.choice_modal(hostile(facts.edit_choice(), text)),
    "edit, which of many": lambda text: check_in_edits.choice_modal(
        hostile(facts.edit_choice(lines=tuple(facts.checked_in(n) for n in range(1, 120))), text)
    ),
    "edited": lambda text: check_in_edits.edited(hostile(facts.edited(), text)),
    "edited, already": lambda text: check_in_edits.edited(hostile(facts.edited(already=True), text)),
    "receipt, for others and other days": lambda text: checkins.receipt(
        hostile(facts.receipt(lines=facts.special_lines(), edited=True, undo_until=None), text)
    ),
    "digest entry, for others and other days": lambda text: digests.digest_entry(
        hostile(facts.digest_entry(lines=facts.special_lines(), edited=True), text)
    ),
    "loading": lambda text: checkins.loading_modal(),
    "receipt": lambda text: checkins.receipt(hostile(facts.receipt(late=True, still_due=2), text)),
    "long receipt": lambda text: checkins.receipt(
        hostile(facts.receipt(lines=tuple(facts.checked_in(n) for n in range(1, 80))), text)
    ),
    "receipt, undone": lambda text: checkins.receipt(hostile(facts.receipt(undone=True), text)),
    "receipt, repeated": lambda text: checkins.receipt(hostile(facts.receipt(repeated=True), text)),
    "prompt": lambda text: prompts.prompt(hostile(facts.prompt(more_waiting=3), text), [escape(text)] * 3),
    "long prompt": lambda text: prompts.prompt(
        hostile(facts.prompt(due=tuple(facts.standing(n) for n in range(1, 80))), text), [escape(text)] * 5
    ),
    "reminder": lambda text: prompts.reminder(hostile(facts.prompt(), text)),
    "prompt, snoozed": lambda text: prompts.answered(hostile(facts.snoozed(), text)),
    "prompt, skipped": lambda text: prompts.answered(hostile(facts.skipped(), text)),
    "words, saved": lambda text: words.words_answered(hostile(facts.receipt(), text)),
    "words, not kept": lambda text: words.words_answered(
        hostile(facts.words_not_kept(understood=(text,) * 5, wrong=(text,) * 6), text)
    ),
    "words, nothing of it kept": lambda text: words.words_answered(
        facts.words_not_kept(understood=(), in_form=False, listed=0)
    ),
    "words, how to answer": lambda text: words.words_answered(facts.how_to_answer()),
    "words, how to answer without a list": lambda text: words.words_answered(facts.how_to_answer(listed=0)),
    "snooze": lambda text: prompts.snooze_modal(facts.snooze_form()),
    "snooze, late in the day": lambda text: prompts.snooze_modal(facts.snooze_form(later_today=None, next_day=None)),
    "skip": lambda text: prompts.skip_modal(facts.skip_form()),
    "away": lambda text: absences.away(hostile(facts.away(), text)),
    "back": lambda text: absences.away(hostile(facts.away(until=None, since=None), text)),
    "settings": lambda text: settings.settings_modal(facts.settings_form(region=Place("BY", text))),
    "settings of somebody without a country": lambda text: settings.settings_modal(
        facts.settings_form(country=None, region=None, regions=())
    ),
    "settings, saved": lambda text: settings.settings_saved(facts.settings_saved(country=text, region=text)),
    "rehearsal": lambda text: rehearsals.rehearsal(facts.rehearsal(text)),
    "rehearsal, one's own": lambda text: rehearsals.rehearsal(facts.rehearsal(text, own=True)),
    "rehearsal, too much": lambda text: rehearsals.rehearsal(facts.rehearsal(text, offends=True)),
    "rehearsal, one moment": lambda text: rehearsals.one_moment(),
    "why": lambda text: why.why(hostile(facts.why(), text)),
    "nothing waits": lambda text: prompts.nothing_waits(),
    "digest": lambda text: digests.digest(hostile(facts.digest(), text)),
    "long digest": lambda text: digests.digest(
        hostile(
            facts.digest(
                objectives=facts.digest().objectives * 20,
                attention=tuple(facts.standing(n) for n in range(1, 40)),
                answered=("Ann",) * 300,
                missing=("Bo",) * 300,
                away=("Cleo",) * 300,
                learned=("Much",) * 300,
            ),
            text,
        )
    ),
    "quiet digest": lambda text: digests.digest(
        hostile(
            facts.digest(objectives=(), attention=(), answered=(), missing=(), away=(), learned=(), key_results=0,
                         checked_in=0),
            text,
        )
    ),
    "digest entry": lambda text: digests.digest_entry(hostile(facts.digest_entry(late=True, edited=True), text)),
    "long digest entry": lambda text: digests.digest_entry(
        hostile(facts.digest_entry(lines=tuple(facts.checked_in(n) for n in range(1, 80))), text)
    ),
    "digest entry, private": lambda text: digests.digest_entry(
        hostile(facts.digest_entry(lines=(), private=2, learned=None, needs=None), text)
    ),
    "digest entry, undone": lambda text: digests.digest_entry(hostile(facts.digest_entry(undone=True), text)),
    "recognition": lambda text: recognition.notice(hostile(facts.recognition(), text)),
    "recognition, link kept": lambda text: recognition.notice(facts.recognition(giver=text, key_results=(text,) * 5)),
    "closed channel": lambda text: channels.closed_channel(ClosedChannel(text, "C0GROWTH")),
    "where to react": lambda text: reactions.where_to_react(),
    "allowance used": lambda text: reactions.allowance_used(),
    "help": lambda text: help_views.help_message(),
    "help topic": lambda text: help_views.help_message(text),
    "unknown command": lambda text: help_views.unknown_command(text, "update"),
    "not yet": lambda text: help_views.not_yet(text),
    "error": lambda text: errors.error_message(OkrError(text or "No.", help_topic=text or "start")),
    "error, modal": lambda text: errors.error_modal(OkrError(text or "No.", help_topic=text or "start")),
    "error, one line": lambda text: errors.with_typed(errors.error_message(OkrError("No.")), text or "update KR-1 5"),
    "trouble": lambda text: errors.trouble_message(text),
    "trouble, modal": lambda text: errors.trouble_modal(text),
}  # fmt: skip
