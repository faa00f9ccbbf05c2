"""The chain of migrations has one end."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.house.sources import ROOT


def test_there_is_one_alembic_head() -> None:
    configuration = Config(ROOT / "alembic.ini")
    configuration.set_main_option("script_location", str(ROOT / "migrations"))
    assert len(ScriptDirectory.from_config(configuration).get_heads()) == 1
