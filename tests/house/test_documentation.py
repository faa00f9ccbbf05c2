"""The documentation says what is there: its commands, targets, settings and links exist, and none is left out."""

import re
from types import ModuleType

import typer
from pydantic_settings import BaseSettings
from typer.core import TyperGroup

from tests.house.sources import FENCE, ROOT, SPAN, code_in, pages, place

COMMAND = re.compile(r"(?:\bokr-bot|\bpython3? -m bot) +([a-z][a-z-]*)")
TARGET = re.compile(r"(?:^|[\s$(])make +([a-z][a-z-]*)")
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")


def commands_of_the_bot() -> set[str]:
    from bot import cli

    applications = [value for value in vars(cli).values() if isinstance(value, typer.Typer)]
    groups = [typer.main.get_command(application) for application in applications]
    return {name for group in groups if isinstance(group, TyperGroup) for name in group.commands}


def commands_in(text: str) -> set[str]:
    return {name for code in code_in(text) for name in COMMAND.findall(code)}


def test_every_command_in_the_documentation_is_one_of_the_bot() -> None:
    known = commands_of_the_bot()
    unknown = {
        f"{place(page)}: {name}" for page in pages() for name in commands_in(page.read_text(encoding="utf-8")) - known
    }
    assert unknown == set()


def test_every_command_of_the_bot_is_documented() -> None:
    documented = set().union(*(commands_in(page.read_text(encoding="utf-8")) for page in pages()))
    assert commands_of_the_bot() - documented == set()


def test_every_make_target_in_the_documentation_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))
    unknown = {
        f"{place(page)}: make {name}"
        for page in pages()
        for code in code_in(page.read_text(encoding="utf-8"))
        for name in TARGET.findall(code)
        if name not in targets
    }
    assert unknown == set()


def heading_anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ +(.+?)\s*$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_to_a_file_of_the_repository_resolves() -> None:
    broken = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for link in LINK.findall(SPAN.sub("", FENCE.sub("", text))):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            missing_anchor = anchor and target.suffix == ".md" and target.exists()
            missing_anchor = missing_anchor and anchor not in heading_anchors(target.read_text(encoding="utf-8"))
            if not target.exists() or missing_anchor:
                broken.append(f"{place(page)}: {link}")
    assert broken == []


def settings_of(module: ModuleType) -> set[str]:
    """The environment variables the bot reads, by the aliases or names of the fields."""
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseSettings) and value is not BaseSettings
    ]
    assert classes, "bot.config declares no settings"
    names = set()
    for declared in classes:
        prefix = declared.model_config.get("env_prefix", "")
        for name, field in declared.model_fields.items():
            alias = field.validation_alias if isinstance(field.validation_alias, str) else None
            names.add((alias or prefix + name).upper())
    return names


def unnamed_settings(text: str) -> set[str]:
    from bot import config

    return {name for name in settings_of(config) if not re.search(rf"\b{name}\b", text)}


def test_every_setting_is_in_the_example() -> None:
    assert unnamed_settings((ROOT / ".env.example").read_text(encoding="utf-8")) == set()


def test_every_setting_is_explained_in_the_guides() -> None:
    guides = [page for page in pages() if page.is_relative_to(ROOT / "docs")]
    assert unnamed_settings("\n".join(page.read_text(encoding="utf-8") for page in guides)) == set()


def test_the_example_of_settings_names_no_setting_that_does_not_exist() -> None:
    from bot import config

    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", text, re.MULTILINE))
    # Read by the container's database and compose.yaml, not by the bot.
    assert named - settings_of(config) <= {"POSTGRES_PASSWORD"}


def test_every_name_of_an_import_is_explained() -> None:
    from bot.usecases import check_in_table, import_files

    page = (ROOT / "docs" / "import-and-export.md").read_text(encoding="utf-8")
    tables = [import_files.WORKSPACE, import_files.PERSON, import_files.TEAM, import_files.CYCLE]
    tables += [import_files.OBJECTIVE, import_files.KEY_RESULT, import_files.CHECK_IN]
    names = {name for table in tables for name in table} | set(check_in_table.COLUMNS)
    assert {name for name in names if f"`{name}`" not in page} == set()
