"""Articles that came otherwise than by being written here, such as the demo's, become pieces like all others."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from portal.articles import attached
from portal.articles import content as contents
from portal.articles.models import Article
from portal.articles.published import KIND, shown_in
from portal.audit.entries import NOBODY
from portal.files import attachments, library, uses
from portal.files.pictures import at
from portal.publishing import revisions
from portal.publishing.models import Piece


def adopt(session: Session, articles: Iterable[Article]) -> list[Piece]:
    """Make a piece of each published article that is stored, with its text as the first revision; nobody's of the units."""
    return [_adopted(session, article) for article in articles]


def _adopted(session: Session, article: Article) -> Piece:
    content = {**contents.EMPTY, **{name: getattr(article, name) for name in contents.STANDS_AS_IT_IS}}
    content[attached.FIELD] = attached.entries(attachments.named(session, article.place))
    piece = revisions.begin(session, KIND, content, author_id=None, unit_id=None, language=article.language, key=None)
    piece.state, piece.standing = "settled", "published" if article.withdrawn_at is None else "withdrawn"
    piece.public, piece.thing_id = piece.head, article.id
    piece.created_at = min(article.published_at, piece.created_at)
    piece.published_at = article.published_at
    piece.changed_at = article.withdrawn_at or article.updated_at or article.published_at
    session.flush()
    pictures = session.scalars(at(article.place)).all()
    uses.note(session, article.place, {*shown_in(session, content), *(one.file_id for one in pictures)})
    for one in attached.placed(content):
        library.shelve(session, one.file_id, unit_id=None, name=one.name, actor=NOBODY)
    for shown in pictures:
        words = {"name": shown.alt, "alt": shown.alt, "credit": shown.credit}
        library.shelve(session, shown.file_id, unit_id=None, actor=NOBODY, **words)
    return piece
