"""Articles and sections, read by everybody."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from portal.articles import archive, attached
from portal.articles.absence import instead_of_article, instead_of_section
from portal.articles.addresses import lead_on, lead_to, qr_code, short_url
from portal.articles.lines import stay_fresh
from portal.articles.listing import listing
from portal.articles.menu import enter
from portal.articles.models import is_public
from portal.articles.reading import facebook_url, read
from portal.articles.scopes import Scope
from portal.articles.sections import Node, alternate, tree
from portal.core import clock, language
from portal.core.access import public
from portal.core.caching import cache_for, remember
from portal.core.db import db
from portal.core.language import _
from portal.core.web import absolute
from portal.files.models import File
from portal.files.views import send
from portal.publishing import link_pages, links
from portal.visits import pagekeys, seen

__all__ = ["blueprint", "stay_fresh"]

blueprint = Blueprint("articles", __name__)

MOST_LISTED = 100
"""Sections under one that its page names; the site map names all."""
PAGED = ("trang", "truoc")
"""The names in a query that say which page of a list is asked for."""


@blueprint.get("/bai-viet/<slug:slug>-<id:article_id>")
@cache_for(60)
def show(slug: str, article_id: int) -> str | Response:
    page = remember(("article", article_id, language.current()), lambda: read(article_id))
    if page is None:
        return instead_of_article(article_id)
    if page["slug"] != slug:
        return redirect(page["article"]["path"], 301)  # type: ignore[return-value]
    enter(page["section_id"])
    told, url = seen(page["place"]), absolute(page["article"]["path"])
    addresses = {"url": url, "short_url": short_url(article_id), "facebook_url": facebook_url(url)}
    return render_template("articles/show.html", **page, **addresses, figures=told.figures, seen=told.views)


@blueprint.get("/xem-truoc/<key>/tep/<id:file_id>")
@public
def read_by_link(key: str, file_id: int) -> Response:
    """Send a file of the text that a preview link shows, to whoever has the link and for as long as that holds."""
    shown = links.shown(key)
    name = attached.name_in(shown[1].content, file_id) if shown is not None else None
    file = db.session.get(File, file_id) if name is not None else None
    if file is None or name is None:
        abort(404)
    response = send(file, name)
    response.headers.update(link_pages.HEADERS)
    return response


@blueprint.get("/b/<id:article_id>")
@public
def short(article_id: int) -> Response:
    """Lead from the short address, which paper bears, to the article."""
    return lead_to(article_id)


@blueprint.get("/b/<id:article_id>/qr.svg")
@cache_for(3600)
def qr(article_id: int) -> Response:
    if not is_public(article_id):
        abort(404)
    response = make_response(qr_code(short_url(article_id)))
    response.content_type = "image/svg+xml"
    return response


@blueprint.get("/chuyen-muc/<slug:slug>")
@cache_for(60, query=PAGED)
def index(slug: str) -> str | Response:
    section = tree().find(slug)
    if section is None:
        return _elsewhere(slug)
    now, scope = _open(section), Scope(tree().within(section.id))
    return render_template(
        "articles/index.html",
        section=section,
        path=tree().crumbs(section.id)[:-2],
        children=tree().under(section.id)[:MOST_LISTED],
        listing=listing(scope, now, section.url, pins=True),
        years=[(one.name, f"{section.url}/{one.path}") for one in archive.years(scope, now)],
        alternate=alternate(section, exact=not request.args.keys() & set(PAGED)),
        **_told(f"section:{section.id}"),
    )


@blueprint.get("/chuyen-muc/<slug:slug>/<id:year>")
@blueprint.get("/chuyen-muc/<slug:slug>/<id:year>/<id:month>")
@cache_for(60, query=PAGED)
def section_archive(slug: str, year: int, month: int | None = None) -> str | Response:
    section = tree().find(slug)
    if section is None:
        return _elsewhere(slug, f"/{year}" + (f"/{month}" if month else ""))
    _open(section)
    values = archive.values(Scope(tree().within(section.id)), year, month, section.url, tree().crumbs(section.id))
    values["alternate"] = alternate(section, exact=False)
    return render_template("articles/archive.html", name=section.name, **values, **_told(f"section:{section.id}"))


@blueprint.get("/luu-tru")
@cache_for(60)
def archives() -> str:
    now = clock.now_ms()
    stay_fresh(now)
    root = url_for("articles.archives")
    years = [(one.name, f"{root}/{one.path}") for one in archive.years(Scope(), now)]
    return render_template("articles/archives.html", years=years, **_told("archive"))


@blueprint.get("/luu-tru/<id:year>")
@blueprint.get("/luu-tru/<id:year>/<id:month>")
@cache_for(60, query=PAGED)
def whole_archive(year: int, month: int | None = None) -> str:
    stay_fresh(clock.now_ms())
    root = url_for("articles.archives")
    values = archive.values(Scope(), year, month, root, [_("Archive"), root])
    return render_template("articles/archive.html", name=_("Archive"), **values, **_told("archive"))


def _open(section: Node) -> int:
    """Begin the page of a section and return the present instant."""
    enter(section.id)
    now = clock.now_ms()
    stay_fresh(now)
    return now


def _elsewhere(slug: str, rest: str = "") -> Response:
    """Answer for an address that no section of this language has, or has any more."""
    return lead_on(f"/chuyen-muc/{slug}", rest) or instead_of_section(slug)


def _told(place: str) -> dict[str, Any]:
    """Return the site's figures, and the key by which one load of this page is told."""
    return {"figures": seen(place).figures, "page_key": pagekeys.sign(place)}
