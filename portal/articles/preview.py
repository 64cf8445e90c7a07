"""The preview (xem trước): the page of an article as readers will see it, of a text that is not what the public has.

It is the page itself, `articles/show.html` with the values that `reading` makes; nothing is counted and no robot keeps it.
"""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request

from portal.articles import attached
from portal.articles import content as contents
from portal.articles.menu import enter
from portal.articles.models import Article
from portal.articles.reading import printed
from portal.core import clock, language
from portal.core.db import db
from portal.core.text import slug
from portal.publishing.models import Content, Piece

NOT_STORED = 0
"""The id of an article that has no row yet: nothing stands on it."""
UNCOUNTED: dict[str, Any] = {"page_key": None, "seen": None, "figures": None}


def page(piece: Piece, content: Content, read_url: Callable[[int], str], *, back_url: str = "") -> str:
    """Return the page of a content; leads to the site in the piece's language where the request is in another.

    `read_url` says by a file's id where whoever asks reads it while the public does not.
    """
    if piece.language != language.current():
        abort(redirect(language.mount(piece.language) + request.path, 303))
    now = clock.now_ms()
    article = _unstored(piece, content, now)
    enter(article.section_id)
    values = printed(article, now, attached.lines(piece, content, read_url)) | UNCOUNTED
    return render_template("articles/preview.html", **values, back_url=back_url)


def _unstored(piece: Piece, content: Content, now: int) -> Article:
    """Return a row as publishing would make it, which no session holds."""
    there = db.session.get(Article, piece.thing_id) if piece.thing_id is not None else None
    stood = there.published_at if there is not None and piece.standing == "published" else piece.publish_at or now
    return Article(
        **{name: content[name] for name in contents.STANDS_AS_IT_IS},
        id=there.id if there is not None else NOT_STORED,
        language=piece.language,
        translation_group=there.translation_group if there is not None else "",
        slug=slug(content["title"]),
        published_at=contents.published_at(content) or stood,
        updated_at=there.updated_at if there is not None else None,
    )
