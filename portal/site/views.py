"""Static pages, read by everybody."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from markupsafe import Markup

from portal.core import formats, language, trail
from portal.core.caching import cache_for, remember
from portal.core.html import rich
from portal.core.web import absolute
from portal.files.archive import Whole, offered
from portal.files.attachments import Line
from portal.files.attachments import lines as attachments_at
from portal.files.pictures import Pictures, pictures_at
from portal.site import pages
from portal.site.models import Page
from portal.site.pages import Leaf, Tree
from portal.visits import pagekeys, seen

blueprint = Blueprint("site", __name__)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A static page as its template prints it."""

    title: str
    body: Markup
    place: str
    path: str
    updated_at_text: str
    above: list[Leaf]
    below: tuple[Leaf, ...]
    beside: tuple[Leaf, ...]
    alternate: language.Alternate
    pictures: Pictures
    attachments: list[Line]
    all_attachments: Whole | None

    @property
    def crumbs(self) -> list[str]:
        """The path to the page: titles and addresses by turns."""
        return [said for leaf in self.above for said in (leaf.title, leaf.url)]


@blueprint.get("/trang/<slug:slug>")
@cache_for(60)
def show(slug: str) -> str | Response:
    """Print a page; an address that it had before leads to it. One that is only in the other language says so, with a
    link to it there: 404, since there is no such page in this language, and so that nobody indexes the notice."""
    sheet = remember(("page", slug, language.current()), lambda: _sheet(slug))
    if sheet is None:
        return _elsewhere(slug)
    if sheet.above:
        trail.stand_under(*(leaf.url for leaf in sheet.above))
    told = seen(sheet.place)
    return render_template(
        "site/show.html",
        page=sheet,
        alternate=sheet.alternate,
        pictures=sheet.pictures,
        attachments=sheet.attachments,
        all_attachments=sheet.all_attachments,
        page_key=pagekeys.sign(sheet.place),
        figures=told.figures,
        seen=told.views,
        url=absolute(sheet.path),
    )


def _sheet(slug: str) -> Sheet | None:
    page = pages.find(slug, language.current())
    tree = pages.tree()
    if page is None or page.slug != slug or page.id not in tree.by_id:
        return None
    return printed(page, tree.by_id[page.id], tree)


def printed(page: Page, leaf: Leaf, tree: Tree) -> Sheet:
    """Return a page as its template prints it, in its place in the tree; one that readers do not find stands alone."""
    attachments = attachments_at(page.place)
    return Sheet(
        title=page.title,
        body=rich(page.body),
        place=page.place,
        path=leaf.url,
        updated_at_text=formats.moment(page.updated_at),
        above=tree.above(page.id) if page.id in tree.by_id else [],
        below=leaf.children,
        beside=tree.beside(page.id) if page.id in tree.by_id else (),
        alternate=_alternate(page),
        pictures=pictures_at(page.place),
        attachments=attachments,
        all_attachments=offered(page.place, attachments),
    )


def _alternate(page: Page) -> language.Alternate:
    """Return the link to the same page in the other language, to the home page where there is none."""
    other = language.other_home()
    translated = pages.translation(page, other.lang)
    return language.alternate(other.lang, pages.url_of(translated)) if translated else other


def _elsewhere(slug: str) -> Response:
    """Lead from an old address to the present one; aborts with 404 where no language knows the page."""
    renamed = pages.find(slug, language.current())
    if renamed is not None and renamed.slug != slug:
        return _moved(renamed)
    lang = language.other_home().lang
    page = pages.find(slug, lang) or abort(404)
    translated = pages.translation(page, language.current())
    if translated is not None:
        return _moved(translated)
    original = language.alternate(lang, pages.url_of(page))
    return make_response(render_template("site/elsewhere.html", title=page.title, alternate=original), 404)


def _moved(page: Page) -> Response:
    return redirect(url_for("site.show", slug=page.slug), 301)  # type: ignore[return-value]
