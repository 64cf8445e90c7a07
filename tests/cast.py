"""The one cast: the people and things that tests and demo content know. Nobody else is invented."""

import itertools
import secrets
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.articles.models import Article, Section
from portal.core import clock, sessions, versions
from portal.core.db import write
from portal.core.html import clean
from portal.core.text import slug
from portal.files.attachments import attach
from portal.files.storage import keep
from portal.polls.models import Choice, Poll, PollVersion
from portal.site.models import Site

PEOPLE = {"author": "Nguyễn Văn A", "editor": "Trần Thị B", "publisher": "Lê Văn C", "administrator": "Phạm Thị D"}

A_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class PollIds:
    """A poll's id with its choices' ids in order."""

    id: int
    choices: list[int]

    @property
    def url(self) -> str:
        return f"/tham-do/{self.id}"


def a_site() -> int:
    """Store the agency and return its id."""

    def store(session: Session) -> int:
        if session.get(Site, 1) is None:
            session.add(Site(id=1, name="Sở Khoa học và Công nghệ", locality="Tỉnh Quảng Ngãi"))
        return 1

    return write(store)


def a_section(name: str = "Cải cách hành chính", language: str = "vi") -> int:
    """Store a section and return its id."""
    site = a_site()

    def store(session: Session) -> int:
        section = Section(
            site_id=site, language=language, translation_group=secrets.token_hex(8), slug=slug(name), name=name, position=1
        )
        session.add(section)
        session.flush()
        return section.id

    return write(store)


def an_article(title: str = "Kế hoạch truyền thông năm 2022", *, section: int | None = None, **values: object) -> int:
    """Store an article, published a year ago unless said otherwise, and return its id. Dependent pages are told."""
    section_id = section or a_section(f"Chuyên mục {next(_numbers)}")
    columns: dict[str, object] = {
        "language": "vi",
        "translation_group": secrets.token_hex(8),
        "lead": "Sở ban hành kế hoạch truyền thông.",
        "body": clean("<p>Nội dung kế hoạch.</p>"),
        "published_at": clock.now_ms() - 365 * clock.DAY,
        **values,
    }

    def store(session: Session) -> int:
        article = Article(section_id=section_id, title=title, slug=slug(title), **columns)
        session.add(article)
        session.flush()
        versions.bump(session)
        return article.id

    return write(store)


def article_path(article_id: int, title: str = "Kế hoạch truyền thông năm 2022") -> str:
    """Return an article's address."""
    return f"/bai-viet/{slug(title)}-{article_id}"


def a_poll(labels: tuple[str, ...] = ("Đẹp", "Bình thường", "Xấu"), **values: object) -> PollIds:
    """Store an open poll without ballots and return its ids."""

    def store(session: Session) -> PollIds:
        now = clock.now_ms()
        columns = {"question": "Bạn thấy giao diện website như thế nào?", "secret": secrets.token_bytes(32), **values}
        poll = Poll(created_at=now, **columns)
        session.add(poll)
        session.flush()
        choices = [Choice(poll_id=poll.id, position=place, label=label) for place, label in enumerate(labels, 1)]
        session.add_all(choices)
        session.flush()
        wording = {"question": poll.question, "choices": {str(choice.id): choice.label for choice in choices}}
        session.add(PollVersion(poll_id=poll.id, version=poll.version, wording=wording, at=now))
        return PollIds(poll.id, [choice.id for choice in choices])

    return write(store)


def signed_in(name: str = PEOPLE["editor"]) -> str:
    """Store somebody of the agency with a session and return the key for the session cookie."""

    def store(session: Session) -> str:
        user = User(email=f"nguoi-{next(_numbers)}@example.vn", name=name, created_at=clock.now_ms())
        session.add(user)
        session.flush()
        return sessions.open_session(session, user.id)

    return write(store)


def change_article(article_id: int, **values: object) -> None:
    """Change an article as publishing does: dependent pages are told."""

    def store(session: Session) -> None:
        session.execute(update(Article).where(Article.id == article_id).values(**values))
        versions.bump(session)

    write(store)


def an_attachment(article_id: int, content: bytes = A_PDF, name: str = "Kế hoạch.pdf") -> str:
    """Attach a file to an article and return its key."""
    stored = keep(content)

    def store(session: Session) -> str:
        attachment = attach(session, stored, place=f"article:{article_id}", name=name)
        versions.bump(session)
        return attachment.key

    return write(store)
