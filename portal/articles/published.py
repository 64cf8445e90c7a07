"""What publishing does to an article's row, which is what the public sees (`publishing.kinds.Kind`)."""

import re
import secrets

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.articles import attached, preview, private
from portal.articles import content as contents
from portal.articles.lines import home_url_of
from portal.articles.models import Article, Correction, Section, visible
from portal.articles.parts import article_at, parts_of
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.text import slug
from portal.files import attachments, uses
from portal.files.models import Picture
from portal.publishing.kinds import Change, Concern, Part
from portal.publishing.models import Content, Piece

KIND = "article"
NAMELESS = "bai-viet"
"""The words in the address of an article whose title has no letter for one."""
PICTURE = re.compile("<img [^>]*>")
SHOWN = re.compile(r'<img src="/anh/([0-9a-f]{32})/')
DRAFT = "draft"
"""What places of texts in the making are called: nobody guards them, so what they alone show the public does not see."""
NO_WORDS = 'alt=""'


class ArticleKind:
    """An article as a kind of pieces."""

    def cleaned(self, content: Content) -> Content:
        return contents.cleaned(content)

    def title_of(self, content: Content) -> str:
        return str(content["title"])

    def shelf_of(self, content: Content) -> int | None:
        section: int | None = content["section_id"]
        return section

    def missing(self, content: Content) -> list[str]:
        sentences = {
            "title": _("The article has no title yet."),
            "body": _("The article has no text yet."),
            "section_id": _("Choose the section in which it stands."),
        }
        lacks = [sentence for name, sentence in sentences.items() if not content[name]]
        ahead = [_("The day of publication is still to come: leave it empty, and schedule the article for that moment.")]
        return [*lacks, *(ahead if contents.is_dated_ahead(content) else []), *_undescribed(content["body"])]

    def concerns(self, content: Content) -> list[Concern]:
        return [one.said for one in private.numbers(content)]

    def put(self, session: Session, piece: Piece, content: Content, *, at: int, change: Change | None) -> int:
        article = session.get(Article, piece.thing_id) if piece.thing_id is not None else None
        section = session.get(Section, content["section_id"])
        if section is None or section.language != piece.language:
            raise Refused(_("This section does not stand in the language of the article."))
        if article is None:
            article = Article(language=piece.language, translation_group=secrets.token_hex(16), published_at=at)
            session.add(article)
        if change is None:
            article.published_at = at
        given = contents.published_at(content)
        if given is not None and given <= clock.now_ms() and at <= clock.now_ms():
            article.published_at = given
        for name in contents.STANDS_AS_IT_IS:
            setattr(article, name, content[name])
        article.slug = slug(content["title"]) or NAMELESS
        article.withdrawn_at, article.withdrawn_reason, article.replaced_by_id = None, "", None
        session.flush()
        if attached.FIELD in content:  # a text that the release before has kept says nothing of them
            attachments.put_at(session, article.place, attached.placed(content), at=at)
        placed = session.scalars(select(Picture.file_id).where(Picture.place == article.place))
        uses.note(session, article.place, shown_in(session, content) | set(placed))
        if change is not None and change.note:
            article.updated_at = at
            session.add(Correction(article_id=article.id, at=at, text=change.note))
        return article.id

    def kept(self, session: Session, piece: Piece, content: Content) -> None:
        uses.note(session, f"{DRAFT}:{piece.id}", shown_in(session, content))

    def take_down(self, session: Session, piece: Piece, *, at: int, reason: str, instead: int | None) -> None:
        article = session.get_one(Article, piece.thing_id)
        if instead is not None and session.scalar(visible(at).where(Article.id == instead, Article.id != article.id)) is None:
            raise Refused(_("The article to read instead is not there, or is not published."))
        article.withdrawn_at, article.withdrawn_reason, article.replaced_by_id = at, reason, instead

    def put_back(self, session: Session, piece: Piece) -> None:
        article = session.get_one(Article, piece.thing_id)
        article.withdrawn_at, article.withdrawn_reason, article.replaced_by_id = None, "", None

    def parts_of(self, content: Content) -> list[Part]:
        return parts_of(content)

    def thing_at(self, text: str) -> int | None:
        return article_at(text)

    def url_of(self, piece: Piece) -> str | None:
        article = db.session.scalar(select(Article).where(Article.id == piece.thing_id))
        return home_url_of(article) if article is not None else None

    def edit_url_of(self, piece: Piece) -> str:
        return url_for("writing.edit", piece_id=piece.id)

    def choose_url_of(self, piece: Piece, number: int) -> str:
        return url_for("writing.choose", piece_id=piece.id, number=number)

    def page_of(self, piece: Piece, content: Content, key: str) -> str:
        return preview.page(piece, content, lambda file_id: url_for("articles.read_by_link", key=key, file_id=file_id))


def shown_in(session: Session, content: Content) -> set[int]:
    """Return the files that a content shows: pictures in its text, and attachments."""
    keys = SHOWN.findall(content.get("body") or "")
    return {one.file_id for one in attached.placed(content)} | (uses.files_of(session, keys) if keys else set())


def _undescribed(body: str) -> list[str]:
    """Return a sentence for each picture in a clean body that nobody described, with its number in the text."""
    undescribed = [number for number, tag in enumerate(PICTURE.findall(body), 1) if NO_WORDS in tag]
    return [_("Picture %(number)s has no description for people who cannot see it.", number=number) for number in undescribed]
