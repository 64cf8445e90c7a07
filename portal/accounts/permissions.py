"""Roles and what each may do: the one table of the site. Views ask by `core.staff.demand(Permission.X, thing)`."""

from collections.abc import Collection, Mapping
from enum import Enum, auto
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.core.staff import Permission, Thing


class Role(Enum):
    """What somebody is on this site; the value is stored."""

    AUTHOR = "author"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"


class Reach(Enum):
    """How far a permission goes."""

    OWN_UNIT = auto()
    EVERYTHING = auto()


NAMES = {
    Role.AUTHOR: _l("Author"),
    Role.EDITOR: _l("Editor"),
    Role.PUBLISHER: _l("Publisher"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ALLOWED: Mapping[Role, Mapping[Permission, Reach]] = {
    Role.AUTHOR: {
        Permission.OWN_ACCOUNT: Reach.EVERYTHING,
        Permission.WRITE: Reach.OWN_UNIT,
    },
    Role.EDITOR: {
        Permission.OWN_ACCOUNT: Reach.EVERYTHING,
        Permission.WRITE: Reach.EVERYTHING,
        Permission.EDIT: Reach.EVERYTHING,
        Permission.MANAGE_POLLS: Reach.EVERYTHING,
    },
    Role.PUBLISHER: {
        Permission.OWN_ACCOUNT: Reach.EVERYTHING,
        Permission.WRITE: Reach.EVERYTHING,
        Permission.EDIT: Reach.EVERYTHING,
        Permission.MANAGE_POLLS: Reach.EVERYTHING,
        Permission.PUBLISH: Reach.EVERYTHING,
    },
    Role.ADMINISTRATOR: {
        Permission.OWN_ACCOUNT: Reach.EVERYTHING,
        Permission.MANAGE_PEOPLE: Reach.EVERYTHING,
        Permission.MANAGE_SITE: Reach.EVERYTHING,
        Permission.READ_AUDIT: Reach.EVERYTHING,
    },
}

SECOND_FACTOR_REQUIRED = {Role.PUBLISHER, Role.ADMINISTRATOR}
"""Roles whose word alone puts something before the public, or gives rights."""

NEVER_TRUSTED = {Role.ADMINISTRATOR}
"""Roles that are asked for the second factor on every device, each time."""


def may_work(user: User) -> bool:
    """Tell whether somebody may sign in at all: not disabled, and with a role that this site knows."""
    return user.active and user.role in {role.value for role in Role}


def is_one_of(user: User, roles: Collection[Role]) -> bool:
    """Tell whether somebody's role is one of these; a role that this site does not know never is."""
    return user.role in {role.value for role in roles}


def allows(user: User, permission: Permission, thing: Thing | None) -> bool:
    """Tell whether a user's role allows something: to the thing, or (without one) to anything at all."""
    reach = ALLOWED[Role(user.role)].get(permission) if may_work(user) else None
    if reach is None or thing is None or reach is Reach.EVERYTHING:
        return reach is not None
    return user.unit_id is not None and thing.unit_id == user.unit_id


def _may(user: Any, permission: Permission, thing: Thing | None) -> bool:
    """Answer `core.staff.may`; a visitor may nothing."""
    return isinstance(user, User) and allows(user, permission, thing) if user.is_authenticated else False


def _number_who_may(session: Session, permission: Permission) -> int:
    """Answer `core.staff.number_who_may`."""
    roles = [role.value for role, allowed in ALLOWED.items() if permission in allowed]
    return session.scalar(select(func.count()).where(User.active, User.role.in_(roles))) or 0


def init_app(app: Flask) -> None:
    app.extensions |= {"may": _may, "number_who_may": _number_who_may}
