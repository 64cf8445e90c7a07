"""A site that has something in every table, and what of it no archive may hold."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit, create_app
from portal.accounts.models import Attempt, Challenge, OneTimeLink, Passkey, RecoveryCode, TrustedDevice, UsedCode, User
from portal.accounts.sealed import seal
from portal.articles.models import Article, OldAddress
from portal.audit import vocabulary
from portal.core import clock
from portal.core.db import Model, db, write
from portal.core.sessions import StaffSession
from portal.files.models import File, PageText, Rendition, Upload
from portal.files.storage import keep, path_of, record
from portal.polls.models import Ballot, BallotMark, Listing, PollNetwork
from portal.publishing.models import ApprovalRule, Piece, Presence, PreviewLink, Taken
from portal.settings.models import SettingChange
from portal.site.models import OldSlug, Strip, Urgent
from portal.visits.models import PageLoad, PageViews, RecentView, Salt, SiteFigures, Visitor
from tests import cast

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of an authenticator app."""
ODD = 'Đường dây “nóng”\n\tdòng\u2028mới \\ "nháy" 😀 \u0301 \x7f'

TRACES = {
    "salt": b"salt-of-the-day-".ljust(32, b"s"),
    "visitor": b"visitors-key-0001",
    "load": b"load-of-one-page",
    "recent": b"who-saw-it-last-",
    "account": b"account-tried-01",
    "network": b"network-tried-01",
    "voters": b"nEt#of-v",
    "session": b"session-of-staff".ljust(32, b"0"),
    "device": b"device-trusted--".ljust(32, b"1"),
    "link": b"link-that-resets".ljust(32, b"2"),
    "upload": b"upload-on-its-way-0123456789abcd",
    "challenge": b"question-answered"[:16].ljust(32, b"3"),
}
"""What stands in the tables that are left out."""


@contextmanager
def portal_at(instance: Path, url: str = "", **settings: Any) -> Iterator[Flask]:
    """Give a portal on an instance folder, inside its application context."""
    app = create_app({"INSTANCE": str(instance), "DATABASE_URL": url, "TESTING": True, **settings})
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def contents() -> dict[str, list[str]]:
    """Return all rows of the tables that a backup carries, by table, in an order of their own."""
    db.session.rollback()
    with db.engine.connect() as connection:
        tables = Model.metadata.tables
        return {name: sorted(map(repr, connection.execute(select(tables[name])).mappings())) for name in tables}


def stored() -> dict[str, bytes]:
    """Return the bytes of every file that a row names."""
    db.session.rollback()
    return {name: path_of(name).read_bytes() for name in db.session.scalars(select(File.stored_as))}


def furnish() -> None:
    """Store a row in every table in which the demo has none, and texts that are hard to carry."""
    administrator = cast.somebody("administrator", unit=cast.a_unit(ODD.strip()[:20]), totp_secret=seal(SECRET))
    image = keep(b"RIFF\x1a\x00\x00\x00WEBPVP8 a page of a PDF")
    section = cast.a_section("Chuyên mục sâu")
    article = cast.an_article(ODD, section=section, body=ODD)
    cast.an_attachment(article, name="Kế hoạch số 1 (bản chính thức).pdf")
    cast.listed(Strip(title="Tuần lễ", url="/", first_on=date(2026, 3, 1), last_on=date(2026, 3, 7)))
    cast.listed(Urgent(text=ODD, begins_at=1, ends_at=2))
    page = cast.a_page("Trang đã đổi tên")
    write(lambda session: _store_content(session, record(session, image), section=section, article=article, page=page))
    write(lambda session: _store_people(session, administrator))
    write(lambda session: _store_traces(session, administrator))
    write(lambda session: audit.record(session, vocabulary.SIGN_OUT, actor=administrator, thing=f"user:{administrator.id}"))


def _store_content(session: Session, image: File, *, section: int, article: int, page: int) -> None:
    session.add(Rendition(file_id=image.id, page=1, width=480, height=640, image_id=image.id))
    session.add(PageText(file_id=image.id, page=1, text=ODD))
    session.add(OldAddress(language="vi", path="/tin-cu.aspx?id=1", article_id=article))
    session.add(OldSlug(site_id=1, language="vi", slug="ten-cu", page_id=page))
    session.add(ApprovalRule(site_id=1, by_second_person=False))
    for period in (0, 202603, 20260317):
        session.add(PageViews(site_id=1, page=f"article:{article}", period=period, views=5_000_000_000))
        session.add(SiteFigures(site_id=1, period=period, views=5_000_000_000, visits=7))
    first = session.scalars(select(Article).order_by(Article.id)).first()
    assert first is not None
    first.replaced_by_id = article  # one that comes after it


def _store_people(session: Session, user: User) -> None:
    session.add(RecoveryCode(hash=secrets.token_bytes(32), user_id=user.id))
    session.add(UsedCode(user_id=user.id, step=58_000_000))
    flags = {"sign_count": 4_000_000_000, "backup_eligible": True, "backed_up": False, "created_at": 1}
    session.add(Passkey(user_id=user.id, name=ODD[:40], credential_id=bytes(range(256)), public_key=b"\0k", **flags))
    piece = session.scalars(select(Piece).order_by(Piece.id)).first()
    assert piece is not None
    session.add(PreviewLink(key_hash=bytes(32), piece_id=piece.id, number=1, made_by=user.id, made_at=1, expires_at=2))
    session.add(Taken(piece_id=piece.id, at=1, actor_id=user.id, step="publish", number=1, remark=ODD, detail={"leader": ODD}))
    session.add(Presence(piece_id=piece.id, user_id=user.id, seen_at=1))
    changed = {"before": {"name": ODD}, "after": {"name": "Sở"}}
    session.add(SettingChange(site_id=1, setting="co-quan-vi", author_id=user.id, at=1, **changed))


def _store_traces(session: Session, user: User) -> None:
    now = clock.now_ms()
    session.add(Salt(day=clock.day_of(now), salt=TRACES["salt"]))
    session.add(Visitor(site_id=1, key=TRACES["visitor"], last_at=now))
    session.add(PageLoad(id=TRACES["load"], at=now))
    session.add(RecentView(key=TRACES["recent"], page="home:1", at=now))
    session.add(Attempt(at=now, account_key=TRACES["account"], network_key=TRACES["network"]))
    ballot = session.scalars(select(Ballot).order_by(Ballot.id)).first()
    assert ballot is not None
    place = {"poll_id": ballot.poll_id, "network": TRACES["voters"], "hour": 490_000}
    session.add(Listing(poll_id=ballot.poll_id, code="K7QF-2M9D", counted=True, choices=[1]))
    session.add(BallotMark(ballot_id=ballot.id, likeness=b"ab", **place))
    session.add(PollNetwork(counted=1, **place))
    times = {"created_at": now, "expires_at": now + clock.DAY}
    session.add(StaffSession(key_hash=TRACES["session"], user_id=user.id, seen_at=now, **times))
    device = {"name": "Chrome, Linux", **times}
    session.add(TrustedDevice(user_id=user.id, key_hash=TRACES["device"], **device))
    link = {"purpose": "reset", "user_id": user.id, **times}
    session.add(OneTimeLink(key_hash=TRACES["link"], **link))
    session.add(Challenge(hash=TRACES["challenge"], expires_at=now + clock.DAY))
    size = {"size": 5_000_000_000, "modified": 1, "begun_at": now}
    session.add(Upload(key=TRACES["upload"].decode(), user_id=user.id, place="piece:1", name="Kế hoạch.pdf", **size))
