"""Import and export as the operator runs them: files, a progress bar, what is answered in words and as JSON."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import typer

from bot.config import SettingsError
from bot.okr.errors import Busy
from bot.store.session import Database
from bot.usecases.exports import Export, Exported, KeepKeys, export, keep_keys
from bot.usecases.import_files import read_plan
from bot.usecases.import_plans import ImportPlan, ImportProblems, Problem
from bot.usecases.import_tables import TableOfCheckIns, problems_of_table
from bot.usecases.imports import IMPORT_SECONDS, ImportCommand, ImportResult, import_plan

COMPANY = "company.yaml"
TABLE = "check-ins.csv"
YAML_ENDINGS = (".yaml", ".yml")
LARGEST_COMPANY = 100_000_000
"""Bytes of a YAML file, which is read whole: ten thousand people and twenty thousand key results take three million."""
LONGEST_VALUE = 60
HELD = (
    "Something else holds the database, such as another import or a backup, so {what}. Let it end, then do this again."
)


@dataclass(frozen=True)
class Source:
    """What a path holds: a YAML file, a table of check-ins, or both."""

    name: str
    company: Path | None
    table: Path | None


def source_of(path: Path) -> Source:
    """What to import from a file or a folder. Raises SettingsError where it is neither."""
    try:
        if path.is_dir():
            return _folder(path)
        path.stat()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}). Name a YAML or CSV file, or a folder."
        ) from error
    if path.suffix.lower() == ".csv":
        return Source(path.name, None, path)
    return Source(path.name, path, None)


def _folder(path: Path) -> Source:
    company, table = path / COMPANY, path / TABLE
    others = [
        each.name
        for each in sorted(path.iterdir())
        if each.suffix.lower() in (*YAML_ENDINGS, ".csv") and each.name not in (COMPANY, TABLE)
    ]
    if others:
        raise SettingsError(
            f"{path} also holds {', '.join(others[:5])}. "
            f"A folder to import holds {COMPANY} and {TABLE}, or one of them."
        )
    if not company.exists() and not table.exists():
        raise SettingsError(f"{path} holds neither {COMPANY} nor {TABLE}, so there is nothing to import.")
    return Source(path.name, company if company.exists() else None, table if table.exists() else None)


def import_files(database: Database, source: Source, now: datetime, *, dry_run: bool = False) -> ImportResult:
    """Import a source, or only say what it would change. Raises ImportProblems, SettingsError."""
    table = None if source.table is None else TableOfCheckIns(source.table)
    with _bar() as bar:
        bar.show("parsing", 0, 1)
        plan = _plan(source, table)
        bar.show("parsing", 1, 1)
        command = ImportCommand(plan, dry_run, table, bar.show)
        try:
            return database.transact(lambda session: import_plan(session, command, now), seconds=IMPORT_SECONDS)
        except Busy as busy:
            raise SettingsError(HELD.format(what="nothing was imported")) from busy
        except OSError as error:
            raise SettingsError(f"{source.table} cannot be read ({error.strerror}).") from error


def _plan(source: Source, table: TableOfCheckIns | None) -> ImportPlan:
    """What the YAML file asks for. Where it can't be read, what is wrong with the table is told as well."""
    if source.company is None:
        return ImportPlan(source.name)
    try:
        return _company(source.company)
    except ImportProblems as refused:
        if table is None:
            raise
        raise ImportProblems(source.name, [*refused.problems, *problems_of_table(table)]) from refused


def _company(path: Path) -> ImportPlan:
    try:
        size = path.stat().st_size
        if size > LARGEST_COMPANY:
            reason = f"this file has {size:,} bytes and may have {LARGEST_COMPANY:,}; check-ins belong in {TABLE}"
            raise ImportProblems(path.name, [Problem(1, reason)])
        written = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}). Name a YAML file in UTF-8.") from error
    try:
        return read_plan(written.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        reason = f"this line is not UTF-8 (at byte {error.start} of the file); save the file as UTF-8"
        raise ImportProblems(path.name, [Problem(line, reason)]) from error


def export_files(
    database: Database, folder: Path, now: datetime, *, workspace: str | None = None, force: bool = False
) -> Exported:
    """Write a workspace into a folder. Both files are there in the end, or none is touched. Raises SettingsError."""
    there = [name for name in (COMPANY, TABLE) if (folder / name).exists()]
    if there and not force:
        raise SettingsError(f"{folder} holds {' and '.join(there)} already. Name another folder, or add --force.")
    try:
        database.transact(lambda session: keep_keys(session, KeepKeys(workspace), now), seconds=IMPORT_SECONDS)
    except Busy as busy:
        raise SettingsError(HELD.format(what="nothing was exported")) from busy
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            _bar() as bar,
            _written(folder / COMPANY, "utf-8") as company,
            _written(folder / TABLE, "utf-8-sig") as table,
        ):

            def show(done: int, whole: int) -> None:
                bar.show("writing", done, whole)

            command = Export(company, table, workspace, show)
            found = database.transact(
                lambda session: export(session, command, now), writes=False, seconds=IMPORT_SECONDS
            )
        for name in (COMPANY, TABLE):
            os.replace(_unfinished(folder / name), folder / name)
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written to ({error.strerror}).") from error
    return found


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}.unfinished")


@contextlib.contextmanager
def _written(path: Path, encoding: str) -> Iterator[TextIO]:
    """A file beside its place, gone again where writing it fails."""
    beside = _unfinished(path)
    # People's names and what they said: nobody else on this machine needs to read them.
    with open(
        os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding=encoding, newline=""
    ) as file:
        try:
            yield file
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


class _Bar:
    """A progress bar on standard error, where somebody watches."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._what = ""
        self._done = 0
        self._bar: Any = None

    def show(self, what: str, done: int, whole: int) -> None:
        """Say that `done` of `whole` of something is done; something else begins a new bar."""
        if not self._shown:
            return
        if what != self._what:
            self.end()
            self._what, self._done = what, 0
            self._bar = typer.progressbar(length=max(1, whole), label=f"{what:<8}", file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(max(0, done - self._done))
        self._done = max(done, self._done)

    def end(self) -> None:
        """Leave the last bar as it is, and end its line."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


@contextlib.contextmanager
def _bar() -> Iterator[_Bar]:
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.end()


def told(result: ImportResult) -> str:
    """What an import did, in words: a line for each section."""
    sections = [
        f"  {section}: {each.made} new, {each.changed} changed, {each.unchanged} unchanged"
        for section, each in result.sections.items()
    ]
    would = "Nothing was written (--dry-run). It would be:" if result.dry_run else f"Imported into {result.workspace}:"
    return "\n".join([would, *sections, *_changes_told(result)])


def _changes_told(result: ImportResult) -> Iterator[str]:
    """Before anything is written, what would be changed in Slack's place is told entry by entry."""
    if not result.dry_run or not result.changes:
        return
    yield "These are there and would be changed:"
    for each in result.changes:
        fields = [_field_told(name, each.before.get(name), value) for name, value in each.after.items()]
        yield f"  {each.section} {_plain(each.key)}: {', '.join(fields)}"
    more = sum(each.changed for name, each in result.sections.items() if name != "check-ins") - len(result.changes)
    if more > 0:
        yield f"  and {more} more"


def _field_told(name: str, before: Any, after: Any) -> str:
    if name.endswith("_id"):
        return name.removesuffix("_id")  # whose row it is means nothing outside of the database
    shown = [_plain("nothing" if each is None else each) for each in (before, after)]
    return f"{name} {' → '.join(shown)}"


def _plain(value: Any) -> str:
    """A value on one line, without what a terminal would obey."""
    text = "".join(each if each.isprintable() else " " for each in str(value))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def as_json(result: ImportResult) -> str:
    """What an import did, for scripts."""
    sections = {
        section.replace(" ", "_").replace("-", "_"): {
            "new": each.made, "changed": each.changed, "unchanged": each.unchanged
        }
        for section, each in result.sections.items()
    }  # fmt: skip
    changes = [
        {"section": each.section, "key": each.key, "before": each.before, "after": each.after}
        for each in result.changes
    ]  # fmt: skip
    return _json(
        {
            "workspace": result.workspace,
            "dry_run": result.dry_run,
            "problems": [],
            "sections": sections,
            "changes": changes,
        }
    )


def problems_told(refused: ImportProblems) -> list[str]:
    """Every problem as `FILE:LINE: reason`, as editors find it."""
    return [f"{each.file}:{each.line}: {each.reason}" for each in refused.problems]


def problems_as_json(refused: ImportProblems) -> str:
    """The same for scripts."""
    listed = [{"file": each.file, "line": each.line, "reason": each.reason} for each in refused.problems]
    return _json({"problems": listed, "more": refused.more})


def exported_told(found: Exported, folder: Path) -> str:
    """What an export wrote, in words."""
    sections = ", ".join(_counted(many, section) for section, many in found.sections.items())
    return f"Exported {found.workspace} into {folder}: {sections}."


def _counted(many: int, section: str) -> str:
    """`1 team`, `2 teams`, `1 person`."""
    if many != 1:
        return f"{many} {section}"
    return "1 person" if section == "people" else f"1 {section.removesuffix('s')}"


def exported_as_json(found: Exported, folder: Path) -> str:
    """The same for scripts."""
    sections = {section.replace(" ", "_").replace("-", "_"): many for section, many in found.sections.items()}
    return _json({"workspace": found.workspace, "folder": str(folder), "sections": sections})


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
