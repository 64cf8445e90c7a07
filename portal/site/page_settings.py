"""Static pages as settings: their tree in each language, and the text of each."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock, formats, language, trail
from portal.core.caching import show_unsaved
from portal.core.db import db
from portal.core.language import _
from portal.core.web import absolute
from portal.settings import addresses, rows, twins
from portal.settings.fields import Choice, Field, Line, Rich, Slug, Tick
from portal.settings.groups import ROWS, Fault, Lines, Setting, Values
from portal.settings.previews import shown_on
from portal.site import pages, shelf
from portal.site.agency import SITE, site_of
from portal.site.list_settings import stands
from portal.site.models import OldSlug, Page
from portal.site.pages import Leaf
from portal.site.views import printed

FAMILY, CODE = "trang", "page_text"
LEVELS = 4
FIELDS: tuple[Field, ...] = (
    Line("title", _l("Title"), required=True),
    Slug("slug", _l("Address"), _l("Empty: made of the title. The former address leads to the new one.")),
    Tick("hidden", _l("Hidden")),
)
TWIN = Choice("twin", _l("The same page in Vietnamese"), options=twins.options(Page, "title"))
BODY = (Rich("body", _l("Text of the page")),)


def settings(lang: str, end: str) -> Iterator[Setting]:
    """Yield the tree of a language, in a setting whose name ends in `end`."""
    fields = FIELDS if lang == language.DEFAULT else (*FIELDS, TWIN)
    lines = Lines(fields, _l("Pages"), 200, levels=LEVELS, is_kept=True, url_of=_text_url, url_label=_l("Write the text"))
    yield Setting(
        f"cac-trang{end}", f"pages_{lang}", _l("Static pages"), (), partial(_read, lang), partial(_store, lang), stands,
        partial(_preview, lang), lines=lines, check=partial(_check, lang), language=lang,
        note=_l("A page that is not to be read any more is hidden; its text stays here."),
    )  # fmt: skip


def of_page(page_id: int) -> Setting | None:
    """Return the text of a page as a setting."""
    page = db.session.get(Page, page_id)
    if page is None:
        return None
    above = "cac-trang" if page.language == language.DEFAULT else f"cac-trang-{page.language}"
    read, store = partial(_read_text, page_id), partial(_store_text, page_id)
    return Setting(
        f"{FAMILY}-{page_id}", CODE, page.title, BODY, read, store, _stands_text, partial(_preview_text, page_id),
        language=page.language, thing=page.place, above=above, helpers=shelf.HELPERS,
    )  # fmt: skip


def _text_url(page_id: int) -> str:
    return url_for("settings.show", name=f"{FAMILY}-{page_id}")


def _pages(lang: str, session: Session) -> Sequence[Page]:
    here = select(Page).where(Page.site_id == SITE, Page.language == lang)
    return session.scalars(here.order_by(Page.position, Page.id).limit(pages.MOST_PAGES)).all()


def _read(lang: str, session: Session) -> Values:
    groups = twins.by_group(session, Page) if lang != language.DEFAULT else None
    listed = rows.in_order(_pages(lang, session), levels=LEVELS)
    return {ROWS: [_line(row, level, groups) for row, level in listed]}


def _line(row: Page, level: int, groups: dict[str, str] | None) -> Values:
    line = {"id": row.id, "level": level, "title": row.title, "slug": row.slug, "hidden": row.hidden}
    return line if groups is None else {**line, "twin": groups.get(row.translation_group, "")}


def _store(lang: str, session: Session, values: Values) -> None:
    site_of(session)

    def assign(row: Page, value: Values) -> None:
        address = addresses.address_of(value, "title")
        if row.id is not None and row.slug != address:
            pages.rename(session, row, address)
        if row.title != value["title"]:
            row.updated_at = clock.now_ms()
        row.slug, row.title, row.hidden = address, value["title"], value["hidden"]
        row.translation_group = twins.group_of(session, Page, value, row.translation_group)

    make = partial(Page, site_id=SITE, language=lang, body="")
    there = _pages(lang, session)
    lost = {row.id for row in there} - {value["id"] for value in values[ROWS]}
    kept = [_line(row, 1, None) | {"hidden": True} for row in there if row.id in lost]
    rows.store(session, there, [*values[ROWS], *kept], make=make, assign=assign)


def _check(lang: str, session: Session, values: Values) -> Iterator[Fault]:
    there = {row.slug: (row.id, row.title) for row in _pages(lang, session)}

    def led_from(slug: str) -> tuple[int, str] | None:
        old = session.get(OldSlug, {"site_id": SITE, "language": lang, "slug": slug})
        page = session.get(Page, old.page_id) if old is not None else None
        return (page.id, page.title) if page is not None else None

    yield from addresses.check(values, "title", there, led_from)
    yield from twins.check(values)


def _preview(lang: str, values: Values, way_back: Values) -> str:
    """Show the site map with the pages as they would stand."""
    unsaved, above = list[Page](), dict[int, int | None]({0: None})
    for place, row in enumerate(values[ROWS], start=1):
        number, now = row["id"] or -place, clock.now_ms()
        above[row["level"]] = number
        named = {"title": row["title"], "slug": addresses.address_of(row, "title"), "updated_at": now, "position": place}
        if not row["hidden"]:
            unsaved.append(Page(id=number, language=lang, parent_id=above[row["level"] - 1], **named))
    return shown_on("site_map", way_back, pages=pages.grown(unsaved))


def _read_text(page_id: int, session: Session) -> Values:
    return {"body": session.get_one(Page, page_id).body}


def _store_text(page_id: int, session: Session, values: Values) -> None:
    page = session.get_one(Page, page_id)
    page.body, page.updated_at = values["body"], clock.now_ms()


def _stands_text(values: Values) -> str:
    return _("Characters: %(number)s.", number=len(values["body"]))


def _preview_text(page_id: int, values: Values, way_back: Values) -> str:
    page = db.session.get_one(Page, page_id)
    show_unsaved()
    tree = pages.tree()
    leaf = tree.by_id.get(page_id) or Leaf(page.id, page.title, pages.url_of(page), formats.iso(page.updated_at), None)
    unstored: Any = {"title": page.title, "body": values["body"], "language": page.language, "updated_at": clock.now_ms()}
    sheet = printed(Page(id=page.id, slug=page.slug, translation_group=page.translation_group, **unstored), leaf, tree)
    trail.stand_under(*(one.url for one in sheet.above))
    told = {"alternate": sheet.alternate, "pictures": sheet.pictures, "attachments": sheet.attachments}
    uncounted: dict[str, Any] = {"page_key": None, "figures": None, "seen": None}
    told["all_attachments"] = sheet.all_attachments
    return render_template("site/preview.html", page=sheet, url=absolute(sheet.path), **told, **uncounted, **way_back)
