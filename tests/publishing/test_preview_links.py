"""Preview links: who has one reads one revision for a week; everybody else finds nothing."""

import re
import secrets

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import db
from portal.publishing import links, revisions
from portal.publishing.models import PreviewLink
from portal.publishing.rules import Step
from portal.visits.models import PageViews
from tests import cast
from tests.client import PortalClient
from tests.clocks import Clock
from tests.publishing.writing import Desk, a_piece, a_text, published, save, take

LINK = re.compile(r"http://localhost((?:/en)?/xem-truoc/[\w-]{43})")


def made(desk: Desk, piece_id: int) -> str:
    """Make a link on the page and return its path."""
    answer = desk.send(piece_id, "lien-ket-xem")
    found = LINK.search(answer.text)
    assert found, answer.status_code
    return found[1]


def test_whoever_has_the_link_reads_the_page_without_an_account(app: Flask, client: PortalClient, author: User) -> None:
    path = made(Desk(app, author), a_piece(author, title="Kế hoạch kiểm định"))
    answer = client.get(path)
    assert (answer.status_code, "Kế hoạch kiểm định" in answer.text) == (200, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert db.session.scalars(select(PageViews.page)).all() == []


def test_it_shows_the_revision_for_which_it_was_made(app: Flask, client: PortalClient, author: User) -> None:
    piece_id = a_piece(author, title="Bản gửi Giám đốc")
    path = made(Desk(app, author), piece_id)
    save(app, piece_id, author, title="Bản sửa sau")
    assert ("Bản gửi Giám đốc" in client.get(path).text, "Bản sửa sau" in client.get(path).text) == (True, False)


def test_the_key_is_shown_once_and_kept_nowhere(app: Flask, author: User) -> None:
    piece_id, desk = a_piece(author), Desk(app, author)
    key = made(desk, piece_id).rpartition("/")[2]
    assert key not in desk.read(piece_id, "lien-ket-xem").text
    kept = db.session.scalars(select(PreviewLink)).one()
    assert (len(kept.key_hash), key.encode() in kept.key_hash) == (32, False)
    assert all(key not in entry.fields for entry in db.session.scalars(select(Entry)))


def test_each_making_and_revoking_is_on_record(app: Flask, author: User) -> None:
    piece_id, desk = a_piece(author), Desk(app, author)
    made(desk, piece_id)
    link = db.session.scalars(select(PreviewLink.id)).one()
    assert desk.send(piece_id, f"lien-ket-xem/{link}/thu-hoi").status_code == 303
    desk.send(piece_id, f"lien-ket-xem/{link}/thu-hoi")
    actions = db.session.scalars(select(Entry.action).where(Entry.action.like("preview%")).order_by(Entry.id)).all()
    assert actions == ["preview_link_made", "preview_link_revoked"]


def test_the_list_says_who_made_it_and_until_when(app: Flask, author: User, standing: Clock) -> None:
    piece_id, desk = a_piece(author), Desk(app, author)
    made(desk, piece_id)
    page = desk.read(piece_id, "lien-ket-xem").text
    until = clock.local(clock.now_ms() + 7 * clock.DAY).strftime("%d/%m/%Y")
    assert author.name in page
    assert f"ngày {until}" in page


class TestNotFound:
    """Guessed, expired, revoked, taken down: one and the same answer."""

    def answers(self, client: PortalClient, path: str) -> set[tuple[int, bytes]]:
        guessed = client.get("/xem-truoc/" + secrets.token_urlsafe(32))
        asked = client.get(path)
        return {(answer.status_code, answer.data) for answer in (guessed, asked)}

    def test_revoked(self, app: Flask, client: PortalClient, author: User) -> None:
        piece_id, desk = a_piece(author), Desk(app, author)
        path = made(desk, piece_id)
        desk.send(piece_id, f"lien-ket-xem/{db.session.scalars(select(PreviewLink.id)).one()}/thu-hoi")
        assert {status for status, _ in self.answers(client, path)} == {404}
        assert len(self.answers(client, path)) == 1

    def test_expired(self, app: Flask, client: PortalClient, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
        path, now = made(Desk(app, author), a_piece(author)), clock.now_ms()
        monkeypatch.setattr(clock, "now_ms", lambda: now + 7 * clock.DAY - clock.MINUTE)
        assert client.get(path).status_code == 200
        monkeypatch.setattr(clock, "now_ms", lambda: now + 7 * clock.DAY + clock.MINUTE)
        assert self.answers(client, path) == {(404, client.get("/xem-truoc/x").data)}

    def test_taken_down(self, app: Flask, client: PortalClient, author: User) -> None:
        publisher = cast.somebody("publisher")
        piece_id = published(app, author, publisher)
        path = made(Desk(app, author), piece_id)
        take(app, Step.TAKE_DOWN, piece_id, publisher, remark="Có dữ liệu cá nhân.")
        assert len(self.answers(client, path)) == 1

    @pytest.mark.each_case_on_both
    @pytest.mark.parametrize("key", ["a", "a" * 300, "%00", "..%2f", "x\u0301", "é" * 43])
    def test_what_is_no_key(self, client: PortalClient, key: str) -> None:
        assert client.get(f"/xem-truoc/{key}").status_code in {400, 404}


def test_a_link_of_another_piece_is_not_revoked(app: Flask, author: User) -> None:
    theirs = a_piece(cast.somebody("author", unit=cast.a_unit("Văn phòng")))
    links.make(theirs, actor=cast.somebody("editor"))
    link, desk = db.session.scalars(select(PreviewLink.id)).one(), Desk(app, author)
    desk.send(a_piece(author), f"lien-ket-xem/{link}/thu-hoi")
    assert desk.send(theirs, f"lien-ket-xem/{link}/thu-hoi").status_code == 404
    db.session.rollback()
    assert db.session.scalars(select(PreviewLink.revoked_at)).one() is None


def test_twenty_open_links_are_enough(app: Flask, author: User) -> None:
    piece_id, desk = a_piece(author), Desk(app, author)
    for _ in range(links.MOST_OPEN):
        links.make(piece_id, actor=author)
    assert desk.send(piece_id, "lien-ket-xem").status_code == 422


def test_an_english_text_is_previewed_on_the_english_site(app: Flask, client: PortalClient, author: User) -> None:
    content = a_text(title="Communication plan", section_id=cast.a_section("News", "en"))
    key = secrets.token_bytes(16)
    piece_id = revisions.create("article", content, actor=author, unit_id=author.unit_id, language="en", key=key)
    path = made(Desk(app, author), piece_id)
    assert path.startswith("/en/")
    assert "Communication plan" in client.get(path).text
    led = client.get(path.removeprefix("/en"))
    assert (led.status_code, led.headers["Location"], led.headers["Cache-Control"]) == (303, path, "no-store")
    assert led.headers["Referrer-Policy"] == "no-referrer"
