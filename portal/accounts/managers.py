"""Those who manage people. There is always one of them, and each is asked again within the write whether they still may."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.accounts.permissions import ALLOWED
from portal.audit import Actor
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission

ROLES = frozenset(role.value for role, allowed in ALLOWED.items() if Permission.MANAGE_PEOPLE in allowed)


def held(session: Session, actor: Actor) -> set[int]:
    """Lock all who manage people until the commit, and return their ids: two who demote each other wait in line.

    Raises Refused where whoever acts is one of them no longer. A program, such as a command, may always.
    """
    found = select(User.id).where(User.role.in_(ROLES), User.active).order_by(User.id).with_for_update()
    ids = set(session.scalars(found))
    if actor.id is not None and actor.id not in ids:
        raise Refused(_("Your rights have changed meanwhile, so nothing was changed here."))
    return ids
