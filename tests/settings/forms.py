"""Settings for tests: whoever changes them, and forms as their pages send them."""

from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.core.db import db
from portal.core.sessions import cookie_name
from portal.settings.models import SettingChange
from tests import cast
from tests.client import PortalClient

SETTINGS = "/ban-bien-tap/thiet-lap-trang"
NAMES = {
    *("co-quan", "giao-dien", "so-lieu", "dung-luong", "quy-tac-duyet", "bieu-trung"),
    *(
        f"{name}{end}"
        for name in ("trinh-don", "lien-ket", "tin-khan", "bang-anh", "cac-trang", "chuyen-muc")
        for end in ("", "-en")
    ),
}
"""All settings of the index."""


class Filled(HTMLParser):
    """What a browser would send of the one setting's form on a page, without its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._is_in_form, self._area, self._select = False, "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name = has.get("name") or ""
        if tag == "form":
            self._is_in_form = "thiet-lap-trang" in (has.get("action") or "")
        elif not self._is_in_form:
            return
        elif tag == "input" and (has.get("type") != "checkbox" or "checked" in has):
            self.fields[name] = has.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in has or self._select not in self.fields):
            self.fields[self._select] = has.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in_form = False
        elif tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""


class Office:
    """An administrator with a browser."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.user = user or cast.somebody("administrator", unit=cast.a_unit())
        self.browser: PortalClient = app.test_client()  # type: ignore[assignment]
        self.browser.set_cookie(cookie_name(app), cast.session_of(self.user))

    def form(self, setting: str, /) -> dict[str, str]:
        """Open a setting and return its form as it is shown."""
        return Filled(self.browser.get(f"{SETTINGS}/{setting}").text).fields

    def send(self, setting: str, form: dict[str, str], do: str = "save", /, **changed: str) -> TestResponse:
        """Send a form, with some fields changed, by one of its buttons."""
        return self.browser.submit(f"{SETTINGS}/{setting}", {**form, **changed, "do": do})

    def change(self, setting: str, /, **changed: str) -> TestResponse:
        """Open a setting, change some fields and save it."""
        return self.send(setting, self.form(setting), "save", **changed)

    def lines(self, setting: str, /, *rows: dict[str, Any], do: str = "save") -> TestResponse:
        """Send lines in the place of those that a setting has: by the names of fields, "id" and "level" where they matter."""
        form = {key: text for key, text in self.form(setting).items() if key in {"token", "seen", "interface"}}
        return self.send(setting, {**form, **as_lines(*rows)}, do)


def as_lines(*rows: dict[str, Any]) -> dict[str, str]:
    """Return lines as a form sends them."""
    sent = {"rows": str(len(rows))}
    for place, row in enumerate(rows):
        sent |= {f"{place}-{name}": str(text) for name, text in {"id": 0, "level": 1, **row}.items() if text is not None}
    return sent


def changes(name: str) -> list[SettingChange]:
    """Return the changes of a setting in order."""
    db.session.rollback()
    return db.session.query(SettingChange).filter_by(setting=name).order_by(SettingChange.id).all()
