"""Refusing what somebody may not do, with who may and who to turn to."""

from collections.abc import Collection

from bot.okr.errors import NotAllowed
from bot.okr.permissions import Action, Relation, check
from bot.usecases.actors import Acting

MOST_NAMED = 5


def permit(who: Acting, action: Action, relations: Collection[Relation], what: str) -> None:
    """Raise NotAllowed unless somebody in these relations may do it. `what` names the thing: `the team Growth`."""
    try:
        check(action, relations, what, guest=who.member.is_guest)
    except NotAllowed as refused:
        raise NotAllowed(f"{refused.sentence} {champions_named(who)}") from None


def champions_named(who: Acting) -> str:
    """`Champions here: Ada, Eve.`, or how somebody becomes one."""
    names = [each.name for each in who.champions]
    if not names:
        return "There is no champion yet: a Slack admin becomes it with /okr."
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"Champions here: {', '.join(names[:MOST_NAMED])}{more}."
