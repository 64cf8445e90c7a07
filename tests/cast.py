"""The one cast: the people and things that tests and demo content know. Nobody else is invented."""

import itertools
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Unit, User
from portal.articles.models import Article, Correction, Section
from portal.core import clock, sessions, versions
from portal.core.db import write
from portal.core.html import clean
from portal.core.text import slug
from portal.files.attachments import attach
from portal.files.pictures import place_picture
from portal.files.storage import keep
from portal.polls.models import Choice, Poll, PollVersion
from portal.site.models import Link, MenuItem, Page, Site, Strip, Urgent

PEOPLE = {"author": "Nguyễn Văn A", "editor": "Trần Thị B", "publisher": "Lê Văn C", "administrator": "Phạm Thị D"}

PASSWORD = "tỏi Lý Sơn phơi nắng"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

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


def change_site(**values: object) -> None:
    """Change the agency's data as its editors will: pages are told."""
    site = a_site()

    def store(session: Session) -> None:
        session.execute(update(Site).where(Site.id == site).values(**values))
        versions.bump(session)

    write(store)


def listed(row: MenuItem | Link | Strip | Urgent) -> int:
    """Store a line of the agency's menu or lists, of its site and in Vietnamese unless it says otherwise; return its id."""
    row.site_id, row.language = a_site(), row.language or "vi"

    def store(session: Session) -> int:
        session.add(row)
        session.flush()
        versions.bump(session)
        return row.id

    return write(store)


def a_page(title: str = "Giới thiệu", *, language: str = "vi", parent: int | None = None, **values: object) -> int:
    """Store a static page and return its id."""
    columns: dict[str, object] = {
        "slug": slug(title),
        "translation_group": secrets.token_hex(8),
        "body": clean("<p>Nội dung của trang.</p>"),
        "updated_at": clock.instant_at("2026-03-17T08:00"),
        **values,
    }
    site = a_site()

    def store(session: Session) -> int:
        page = Page(site_id=site, language=language, title=title, parent_id=parent, **columns)
        session.add(page)
        session.flush()
        versions.bump(session)
        return page.id

    return write(store)


def a_section(name: str = "Cải cách hành chính", language: str = "vi", **values: object) -> int:
    """Store a section and return its id. Dependent pages are told."""
    site = a_site()
    columns: dict[str, object] = {"translation_group": secrets.token_hex(8), "slug": slug(name), "position": 1, **values}

    def store(session: Session) -> int:
        section = Section(site_id=site, language=language, name=name, **columns)
        session.add(section)
        session.flush()
        versions.bump(session)
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


def many_articles(number: int, *, section: int, every_ms: int = clock.DAY, **values: object) -> None:
    """Store articles "Tin số 1" to "Tin số <number>" in a section in one go, the first of them the newest."""
    now = clock.now_ms()
    columns: dict[str, object] = {"section_id": section, "language": "vi", "lead": "", "body": "<p>Nội dung.</p>", **values}
    rows = [
        {
            "title": f"Tin số {place}",
            "slug": f"tin-so-{place}",
            "translation_group": secrets.token_hex(8),
            "published_at": now - place * every_ms,
            **columns,
        }
        for place in range(1, number + 1)
    ]

    def store(session: Session) -> None:
        session.execute(insert(Article), rows)
        versions.bump(session)

    write(store)


def article_path(article_id: int, title: str = "Kế hoạch truyền thông năm 2022") -> str:
    """Return an article's address."""
    return f"/bai-viet/{slug(title)}-{article_id}"


def a_poll(labels: tuple[str, ...] = ("Đẹp", "Bình thường", "Xấu"), **values: object) -> PollIds:
    """Store an open poll without ballots and return its ids."""

    def store(session: Session) -> PollIds:
        now = clock.now_ms()
        columns = {"question": "Bạn thấy giao diện website như thế nào?", "secret": secrets.token_bytes(32), **values}
        poll = Poll(**{"created_at": now, "published_at": now, **columns})
        session.add(poll)
        session.flush()
        choices = [Choice(poll_id=poll.id, position=place, label=label) for place, label in enumerate(labels, 1)]
        session.add_all(choices)
        session.flush()
        wording = {"question": poll.question, "choices": {str(choice.id): choice.label for choice in choices}}
        session.add(PollVersion(poll_id=poll.id, version=poll.version, wording=wording, at=now))
        return PollIds(poll.id, [choice.id for choice in choices])

    return write(store)


def a_unit(name: str = "Phòng Hành chính") -> int:
    """Store a unit of the agency, unless it is there, and return its id."""

    def store(session: Session) -> int:
        unit = session.scalar(select(Unit).where(Unit.name == name)) or Unit(name=name, created_at=clock.now_ms())
        session.add(unit)
        session.flush()
        return unit.id

    return write(store)


def somebody(role: str = "editor", *, unit: int | None = None, password: str | None = None, **values: object) -> User:
    """Store somebody of the agency, by a role of the cast, and return them. A password is kept as quickly hashed as can be."""
    kept = {} if password is None else {"password_hash": QUICK.hash(password)}
    columns: dict[str, object] = {"email": f"nguoi-{next(_numbers)}@example.vn", "name": PEOPLE[role], **kept, **values}

    def store(session: Session) -> User:
        user = User(role=role, unit_id=unit, created_at=clock.now_ms(), **columns)
        session.add(user)
        session.flush()
        session.refresh(user)
        session.expunge(user)
        return user

    return write(store)


def session_of(user: User, **values: str) -> str:
    """Store a session of somebody and return the key for its cookie; they have signed in wholly, unless said otherwise."""
    return write(lambda session: sessions.open_session(session, user.id, **values))


def signed_in(name: str = PEOPLE["editor"]) -> str:
    """Store somebody of the cast with a session and return the key for the session cookie."""
    return session_of(somebody(next(role for role, called in PEOPLE.items() if called == name)))


def change_article(article_id: int, **values: object) -> None:
    """Change an article as publishing does: dependent pages are told."""

    def store(session: Session) -> None:
        session.execute(update(Article).where(Article.id == article_id).values(**values))
        versions.bump(session)

    write(store)


def a_correction(article_id: int, text: str, on: str) -> None:
    """Store a public correction, made at an ISO local time."""

    def store(session: Session) -> None:
        session.add(Correction(article_id=article_id, at=clock.instant_at(on), text=text))
        versions.bump(session)

    write(store)


def change_section(section_id: int, **values: object) -> None:
    """Change a section as publishing does: dependent pages are told."""

    def store(session: Session) -> None:
        session.execute(update(Section).where(Section.id == section_id).values(**values))
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


def a_picture(article_id: int, content: bytes, **values: str) -> str:
    """Place a picture on an article, as its lead unless said otherwise, and return its key; it still waits to be rendered."""
    stored = keep(content)
    words = {"kind": "lead", "alt": "Ruộng tỏi chạy ra tới biển", **values}

    def store(session: Session) -> str:
        picture = place_picture(session, stored, place=f"article:{article_id}", **words)
        versions.bump(session)
        return picture.key

    return write(store)
