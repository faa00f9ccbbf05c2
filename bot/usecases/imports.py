"""A plan is carried out: in one transaction, all of it or nothing, and twice is the same as once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.okr.recognition import DEFAULT_EMOJI
from bot.store import imports, workspaces
from bot.store.session import Session
from bot.store.tables import KeyResult, Objective, Workspace
from bot.usecases.asking import ask_others
from bot.usecases.import_checkins import import_check_ins
from bot.usecases.import_objectives import import_cycles, import_key_results, import_objectives
from bot.usecases.import_people import import_people, import_teams
from bot.usecases.import_plans import ImportPlan, ImportProblems, Problem
from bot.usecases.import_tables import Progress, TableOfCheckIns, import_table, nothing_told
from bot.usecases.importing import Changed, Counts, Importing

IMPORT_SECONDS = 3600.0
"""What an import may take; pass it to `Database.transact(..., seconds=IMPORT_SECONDS)`."""

MOST_CHANGES = 100
"""How many changed entries are told one by one."""

STEPS: tuple[Callable[[Importing, ImportPlan], None], ...] = (
    import_people,
    import_teams,
    import_cycles,
    import_objectives,
    import_key_results,
    import_check_ins,
)


@dataclass(frozen=True)
class ImportCommand:
    """Carry out a plan, then a table of check-ins. `dry_run`: count what would happen and keep nothing.

    `progress` is told how far the plan, and then the table, is.
    """

    plan: ImportPlan
    dry_run: bool = False
    table: TableOfCheckIns | None = None
    progress: Progress = nothing_told

    @property
    def name(self) -> str:
        """How sentences call what is imported."""
        names = [self.plan.name] if self.table is None else [self.plan.name, self.table.name]
        return " and ".join(dict.fromkeys(names))


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do, per section: people, teams, cycles, objectives, key results, check-ins.

    `changes` has the first entries that were there and are told otherwise.
    """

    workspace: str
    dry_run: bool
    sections: Mapping[str, Counts]
    changes: tuple[Changed, ...] = ()

    @property
    def changed_anything(self) -> bool:
        """Whether anything was made or changed."""
        return any(each.made or each.changed for each in self.sections.values())


def import_plan(session: Session, command: ImportCommand, now: datetime) -> ImportResult:
    """Carry out a plan; what was imported before is found again by its key, and only what differs is written.

    Raises ImportProblems with everything that is wrong; nothing is kept then.
    """
    plan = command.plan
    attempt = session.begin_nested() if command.dry_run else None
    with session.no_autoflush:
        importing = Importing(session, _workspace(session, plan, now), now)
        imports.lock(session, importing.workspace.id)
        _set_up(session, importing.workspace, plan)
        importing.file = plan.name if command.table is not None else ""
        for done, step in enumerate(STEPS, 1):
            step(importing, plan)
            command.progress("keeping", done, len(STEPS))
        if command.table is not None:
            import_table(importing, command.table, command.progress)
        if importing.problems:
            raise ImportProblems(command.name, importing.problems)
        importing.note_changes()
        session.flush()
        if attempt is None:
            # A file does not say who is asked about what waits for agreement: whoever may agree here is.
            ask_others(session, importing.workspace.id, now)
        result = ImportResult(
            importing.workspace.name, command.dry_run, importing.counts(), importing.changes(MOST_CHANGES)
        )
    if attempt is not None:
        attempt.rollback()
    elif result.changed_anything:
        imports.tell_planner(session)
    return result


def _set_up(session: Session, workspace: Workspace, plan: ImportPlan) -> None:
    """The options of the workspace, where the file gives them; its counters only ever grow."""
    entry = plan.workspace
    if entry is None:
        return
    for name in ("fiscal_start_month", "approval_needed", "individual_objectives"):
        if getattr(entry, name) is not None:
            setattr(workspace, name, getattr(entry, name))
    session.flush()
    imports.count_on(session, workspace.id, Objective, at_least=entry.next_objective or 1)
    imports.count_on(session, workspace.id, KeyResult, at_least=entry.next_key_result or 1)


def _workspace(session: Session, plan: ImportPlan, now: datetime) -> Workspace:
    entry = plan.workspace
    if entry is not None and entry.slack_id is not None:
        known = workspaces.by_slack_id(session, entry.slack_id)
        if known is None and entry.name is None:
            raise ImportProblems(plan.name, [Problem(entry.line, "this workspace is new and needs name: …")])
        return known or workspaces.keep(
            session,
            slack_id=entry.slack_id,
            name=entry.name or entry.slack_id,
            bot_user=None,
            emoji=dict(DEFAULT_EMOJI),
            now=now,
        )
    there = imports.all_workspaces(session)
    if len(there) == 1:
        return there[0]
    line = 1 if entry is None else entry.line
    has = "has no workspace yet" if not there else f"has {len(there)} workspaces"
    reason = f"the database {has}. Say which one is meant: workspace: {{slack_id: T…, name: …}}"
    raise ImportProblems(plan.name, [Problem(line, reason)])
