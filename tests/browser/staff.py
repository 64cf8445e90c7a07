"""People who work here, with browsers: signed in already, or by the form."""

from playwright.sync_api import BrowserContext, Page
from sqlalchemy import delete

from portal.accounts.models import User
from portal.core.db import write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.browser.reader import Readers
from tests.browser.site import Site

SIGN_IN = "/ban-bien-tap/dang-nhap"


def enter(context: BrowserContext, site: Site, user: User) -> None:
    """Give a browser a session of somebody."""
    context.add_cookies([{"name": cookie_name(site.app), "value": cast.session_of(user), "url": site.url}])


def signed_in(site: Site, readers: Readers, user: User, **options: object) -> BrowserContext:
    """Return a browser of somebody who is signed in. `options` are Playwright's."""
    context = readers.new(site, **options)
    enter(context, site, user)
    return context


def at_work(site: Site, readers: Readers, user: User, **options: object) -> Page:
    """Return a page of somebody who is signed in. `options` are Playwright's."""
    return signed_in(site, readers, user, **options).new_page()


def sign_in(page: Page, user: User) -> None:
    """Sign somebody in with the password of the cast."""
    page.goto(SIGN_IN)
    fill_in(page, user)


def end_all() -> None:
    """End the sessions of all who are signed in."""
    write(lambda session: session.execute(delete(StaffSession)))


def fill_in(page: Page, user: User, password: str = cast.PASSWORD) -> None:
    """Fill in the form for signing in, which is open, and send it."""
    page.get_by_label("Thư điện tử").fill(user.email)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập", exact=True).click()
