"""`/okr role`."""

from collections.abc import Mapping
from typing import Any

from bot.slack import parse
from bot.slack.organisation_grammar import ChangeRole, ShowRoles
from bot.slack.shell import Shell
from bot.slack.views.roles import roles
from bot.usecases.roles import ChangeRole as Change
from bot.usecases.roles import ShowRoles as Show
from bot.usecases.roles import change_role, show_roles

Body = Mapping[str, Any]


async def show(shell: Shell, body: Body, typed: ShowRoles) -> None:
    """Answer `/okr role`."""
    await shell.tell(body, roles(await shell.do(show_roles, Show(parse.actor(body)), writes=False)))


async def change(shell: Shell, body: Body, typed: ChangeRole) -> None:
    """Answer `/okr role @person champion`."""
    command = Change(parse.actor(body), typed.person, typed.role, typed.off)
    await shell.tell(body, roles(await shell.do(change_role, command)))
