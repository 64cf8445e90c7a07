"""What tests of the page for writing do in a browser, and look at in the database."""

from playwright.sync_api import BrowserContext, Locator, Page

from portal.core.db import db
from portal.publishing.models import Revision
from tests.articles.typing_in import page_of
from tests.publishing.writing import piece

WITHIN_MS = 5_000
"""Three seconds after a pause, and what a busy machine adds."""
KEPT = "JSON.stringify(Object.entries(localStorage).filter(one => one[0].startsWith('kept:')))"


def opened(context: BrowserContext, piece_id: int) -> Page:
    page = context.new_page()
    page.goto(page_of(piece_id))
    return page


def title(page: Page) -> Locator:
    return page.get_by_label("Tiêu đề", exact=True)


def bodies(piece_id: int) -> list[str]:
    db.session.rollback()
    found = db.session.query(Revision).filter_by(piece_id=piece_id).order_by(Revision.number)
    return [revision.content["body"] for revision in found]


def waits_for(page: Page, piece_id: int, wanted: str) -> None:
    """Wait until the present text has this title."""
    for _ in range(WITHIN_MS // 100):
        if piece(piece_id).title == wanted:
            return
        page.wait_for_timeout(100)
    assert piece(piece_id).title == wanted


def kept(page: Page) -> str:
    return str(page.evaluate(KEPT))


def keeps(page: Page, text: str) -> None:
    """Wait until the browser keeps a text for its user."""
    page.wait_for_function(f"text => {KEPT}.includes(text)", arg=text)


def keeps_nothing(page: Page) -> None:
    """Wait until the browser keeps no text any more."""
    page.wait_for_function(f"() => {KEPT} === '[]'")
