"""The list of people: found without marks, in the order of given names, a page by whom it comes after.

A page takes two statements of at most 31 rows, however many people there are.
"""

from dataclasses import dataclass

from sqlalchemy import Select, false, or_, select, tuple_

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.core.db import db
from portal.core.text import words

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Filters:
    """Who is looked for: by words of the name or the address, by unit, by role, by whether they may sign in."""

    text: str = ""
    unit: int | None = None
    role: Role | None = None
    active: bool | None = None

    def select(self) -> Select[User]:
        """Select the people that match, each word somewhere in the name or in the address."""
        chosen, sought = select(User), words(self.text)
        if self.text.strip() and not sought:
            return chosen.where(false())
        for word in sought:
            chosen = chosen.where(or_(User.sorted_as.contains(word), User.email.contains(word)))
        if self.unit is not None:
            chosen = chosen.where(User.unit_id == self.unit)
        if self.role is not None:
            chosen = chosen.where(User.role == self.role.value)
        return chosen if self.active is None else chosen.where(User.active == self.active)


@dataclass(frozen=True, slots=True)
class Page:
    """People, and after or before whom the neighbouring pages begin: None where there is none."""

    people: list[User]
    before: int | None = None
    after: int | None = None


def page(filters: Filters, *, after: int | None = None, before: int | None = None) -> Page:
    """Return the page that comes after somebody, or before somebody, or the first."""
    chosen, order = filters.select(), (User.sorted_as, User.id)
    place = _place(after or before)
    if place is not None and before is not None:
        rising = chosen.where(tuple_(*order) < place).order_by(*(column.desc() for column in order))
        found = list(db.session.scalars(rising.limit(PER_PAGE + 1)))
        shown = found[:PER_PAGE][::-1]
        return Page(shown, before=shown[0].id if len(found) > PER_PAGE else None, after=shown[-1].id if shown else None)
    if place is not None:
        chosen = chosen.where(tuple_(*order) > place)
    found = list(db.session.scalars(chosen.order_by(*order).limit(PER_PAGE + 1)))
    shown = found[:PER_PAGE]
    return Page(shown, before=shown[0].id if shown and place else None, after=shown[-1].id if len(found) > PER_PAGE else None)


def _place(user_id: int | None) -> tuple[str, int] | None:
    """Return where somebody stands in the list."""
    if user_id is None:
        return None
    sorted_as = db.session.scalar(select(User.sorted_as).where(User.id == user_id))
    return None if sorted_as is None else (sorted_as, user_id)
