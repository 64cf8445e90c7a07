"""The same thing in both languages: chosen where the second language's are changed, kept as a group that both share."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import language
from portal.core.db import db
from portal.core.language import _
from portal.settings.fields import Options
from portal.settings.groups import ROWS, Fault, Values


def options(model: type[Any], name: str) -> Callable[[], Options]:
    """Return what can be chosen: the things of the default language by their names."""

    def found() -> Options:
        here = select(model.id, getattr(model, name)).where(model.language == language.DEFAULT)
        rows = db.session.execute(here.order_by(model.position, model.id)).all()
        return [("", _("None")), *((str(number), title) for number, title in rows)]

    return found


def by_group(session: Session, model: type[Any]) -> dict[str, str]:
    """Return the things of the default language by their groups, as a form's values."""
    rows = session.execute(select(model.translation_group, model.id).where(model.language == language.DEFAULT))
    return {group: str(number) for group, number in rows}


def group_of(session: Session, model: type[Any], value: Values, stored: str | None) -> str:
    """Return the group of a thing with the chosen twin; without one, a group of its own."""
    if "twin" not in value:
        return stored or secrets.token_hex(16)
    if value["twin"]:
        group: str = session.scalars(select(model.translation_group).where(model.id == int(value["twin"]))).one()
        return group
    is_shared = stored in by_group(session, model)
    return stored if stored and not is_shared else secrets.token_hex(16)


def check(values: Values) -> Iterator[Fault]:
    """Yield a fault for each line that says to be the same as another line's twin."""
    taken = set[str]()
    for place, row in enumerate(values[ROWS]):
        twin = row.get("twin")
        if twin and twin in taken:
            yield Fault(_("Another line is said to be the same already. Choose the twin of one line only."), "twin", place)
        taken.add(twin or "")
