"""Accounts for the people of the demo, one of each role, each with a password that nobody knows before."""

import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import changing, links, passwords
from portal.accounts.models import Unit
from portal.accounts.permissions import Role
from portal.core import clock
from portal.core.db import write
from portal.core.text import slug

PEOPLE = {
    Role.AUTHOR: ("Nguyễn Văn A", "Phòng Quản lý Khoa học"),
    Role.EDITOR: ("Trần Thị B", "Phòng Quản lý Khoa học"),
    Role.PUBLISHER: ("Lê Văn C", "Văn phòng Sở"),
    Role.ADMINISTRATOR: ("Phạm Thị D", "Văn phòng Sở"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with the password that is shown once."""

    role: Role
    name: str
    unit: str
    password: str
    password_hash: str

    @property
    def email(self) -> str:
        return f"{slug(self.name).replace('-', '.')}@example.vn"


def add_if_nobody() -> list[Account]:
    """Store the accounts on a site that has no user, and return them; none where it has one."""
    made = [_account(role, name, unit) for role, (name, unit) in PEOPLE.items()]
    return made if write(lambda session: _store(session, made)) else []


def _account(role: Role, name: str, unit: str) -> Account:
    password = secrets.token_urlsafe(12)
    return Account(role, name, unit, password, passwords.hash_of(password))


def _store(session: Session, accounts: list[Account]) -> bool:
    links.void_set_up(session)
    if links.is_peopled(session):
        return False
    units = {name: Unit(name=name, created_at=clock.now_ms()) for name in dict.fromkeys(account.unit for account in accounts)}
    session.add_all(units.values())
    session.flush()
    for account in accounts:
        details = changing.details(account.name, account.email, account.role, units[account.unit].id)
        changing.add(session, details, actor=audit.COMMAND, password_hash=account.password_hash)
    return True
