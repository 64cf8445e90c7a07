"""What somebody plants in a setting runs nowhere: hostile texts and addresses in every field, on every page that prints one.

(Readers complain of every foreign request, broken rule and raised error.)
"""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from portal.accounts.models import User
from tests import cast
from tests.browser.near import NamedSite
from tests.browser.planting import Watch, packed
from tests.browser.reader import DRIVEN
from tests.settings.forms import NAMES, SETTINGS, Office

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

WORDS = ("name", "locality", "governing_body", "responsible", "address", "hours", "licence", "credited_as")
LISTS = ("trinh-don", "lien-ket", "tin-khan", "bang-anh", "cac-trang", "chuyen-muc")
ADDRESSES = [
    '/"><img/src=x/onerror=alert(1)>',
    "/'onmouseover='alert(1)",
    "/javascript:alert(1)",
    "/..//evil.example/",
    "/.//evil.example",
    "/%2f%2fevil.example",
    '/"hx-get="/x"hx-trigger="load',
    "/{{7*7}}${alert(1)}</script><script>alert(1)</script>",
    'https://evil.example/"autofocus/onfocus="alert(1)',
    "http://evil.example/</title><script>alert(1)</script>#javascript:alert(1)",
]
"""What may stand as an address: each is a path of this site, or leads to another one, whatever it looks like."""
PUBLIC = ("/", "/so-do-trang", "/chuyen-muc/muc-1", "/trang/trang-1", "/b/1", "/en/", "/en/so-do-trang")
MISSING = "/khong-co"
HISTORIES = [f"{SETTINGS}/{name}/lich-su" for name in ("co-quan", "trinh-don", "tin-khan", "cac-trang")]
STAFF = [
    "/ban-bien-tap/nguoi-dung",
    SETTINGS,
    f"{SETTINGS}/trang-1",
    *HISTORIES,
    *(f"{SETTINGS}/{name}" for name in sorted(NAMES)),
]
SHORT, LONG = packed(80), packed(190)
EACH = 85
"""Lines of a list: twice as many are all texts."""


@pytest.fixture
def user() -> User:
    return cast.somebody("administrator", unit=cast.a_unit())


def plant(office: Office, turn: int, short: list[str], long: list[str], addresses: list[str]) -> None:
    """Put texts and addresses into every field of the settings, in each language; another turn has others there."""

    def row(n: int, **more: Any) -> dict[str, Any]:
        at = turn * EACH + n
        names = dict.fromkeys(("label", "name"), short[at % len(short)])
        url = {"url": addresses[at % len(addresses)]}
        return {**names, "title": long[at % len(long)][:120], "text": long[at % len(long)], **url, **more}

    names = [*WORDS, *(f"{name}_en" for name in WORDS)]
    said = {name: long[(turn * len(names) + place) % len(long)] for place, name in enumerate(names)}
    assert office.change("co-quan", **said).status_code == 303
    days = {"first_on": "2026-01-01", "last_on": "2099-01-01"}
    lines = {
        "trinh-don": [row(n, level=1 if n < 8 else 2) for n in range(EACH)],
        "lien-ket": [row(n, place=("task", "link", "foot")[n % 3]) for n in range(EACH)],
        "tin-khan": [row(0, ends_at="2099-01-01T00:00")],
        "bang-anh": [row(1, **days)],
        "cac-trang": [row(n, slug=f"trang-{n}", level=1 + n % 2) for n in range(EACH)],
        "chuyen-muc": [row(n, slug=f"muc-{n}", level=1 + n % 2) for n in range(EACH)],
    }
    for name in (f"{name}{end}" for name in LISTS for end in ("", "-en")):
        there, rows = office.form(name), lines[name.removesuffix("-en")]
        kept = [{**one, "id": there.get(f"{place}-id", 0)} for place, one in enumerate(rows)]
        assert office.lines(name, *kept).status_code == 303, name


def test_no_planted_setting_runs_on_any_page(near: NamedSite, staff: BrowserContext, user: User) -> None:
    office, watch, harmless = Office(near.app, user), Watch(staff), ["Lời thường", "Lời khác"]
    previews = [f"{SETTINGS}/{name}" for name in ("co-quan", *LISTS)]

    def look(act: Any) -> None:
        act(*PUBLIC, *STAFF)
        act(MISSING, code=404)

    def look_ahead(act: Any) -> None:
        watch.press = "Xem trước"
        act(*previews)
        watch.press = ""

    plant(office, 0, harmless, harmless, ["/a"])
    cast.an_article(section=1)
    plant(office, 1, harmless, harmless, ["/b", "https://example.vn/c"])
    for look_at in (look, look_ahead):
        look_at(watch.learn)
    assert len(SHORT) <= 2 * EACH
    for turn in range(2):
        plant(office, turn, SHORT, LONG, ADDRESSES)
        look(watch.demand_harmless)
        if turn == 0:
            look_ahead(watch.demand_harmless)
