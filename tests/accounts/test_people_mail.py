"""A reset link by e-mail: over a real server, to its owner alone, and void where no server takes it."""

import email
import re
from email import policy

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import mail
from portal.accounts.models import OneTimeLink
from portal.audit.models import Entry
from portal.core.db import db
from portal.core.jobs import Job
from tests import cast
from tests.accounts.administering import PEOPLE, actions, administrator, send
from tests.accounts.post_office import PostOffice
from tests.client import PortalClient


def set_up(app: Flask, url: str) -> None:
    app.config.update(SMTP_URL=url, MAIL_FROM="Trang thông tin <khong-tra-loi@example.vn>")


def test_without_a_server_no_mail_is_offered(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    assert "gui-lien-ket" not in client.get(f"{PEOPLE}/{user.id}").text
    assert send(client, f"{PEOPLE}/{user.id}/gui-lien-ket").status_code == 404
    assert actions() == []


def test_the_link_goes_to_its_owner_and_is_kept_nowhere(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author", name="Nguyễn & <b>A")
    with PostOffice() as office:
        set_up(app, office.url)
        assert "gui-lien-ket" in client.get(f"{PEOPLE}/{user.id}").text
        answer = send(client, f"{PEOPLE}/{user.id}/gui-lien-ket")

    assert answer.headers["Location"] == f"{PEOPLE}/{user.id}?xong=gui"
    assert "Đã gửi liên kết" in client.get(answer.headers["Location"]).text
    (letter,) = office.letters
    read = email.message_from_bytes(letter, policy=policy.default)
    assert (read["To"], read["Subject"]) == (user.email, "Liên kết chọn mật khẩu mới")
    text = read.get_content()
    assert "Kính gửi Ông/Bà Nguyễn & <b>A," in text
    path = re.search(r"http://localhost(/ban-bien-tap/dat-mat-khau/([\w-]{43}))", text)
    assert path is not None
    assert app.test_client().get(path[1]).status_code == 200
    assert len(office.recipients) == 1
    assert actions() == ["reset_link_made"]
    kept = [entry.fields for entry in db.session.scalars(select(Entry))] + [
        str(job.payload) for job in db.session.scalars(select(Job))
    ]
    assert path[2] not in " ".join(kept)


@pytest.mark.parametrize("office", ["closed", "refusing", "not there", "no such name", "no address"])
def test_a_failure_says_so_and_voids_the_link(app: Flask, client: PortalClient, office: str) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    with PostOffice(is_open=office != "closed", takes=office != "refusing") as there:
        urls = {"not there": "smtp://127.0.0.1:1", "no such name": "smtps://mail.invalid:465", "no address": "mail.example.vn"}
        set_up(app, urls.get(office, there.url))
        answer = send(client, f"{PEOPLE}/{user.id}/gui-lien-ket")
    assert (answer.status_code, "Chưa gửi được thư điện tử" in answer.text) == (422, True)
    assert there.letters == []
    assert db.session.scalars(select(OneTimeLink)).all() == []


@pytest.mark.parametrize("where", ["address", "subject", "sender"])
def test_no_line_end_makes_another_header(app: Flask, where: str) -> None:
    bad = "a@example.vn\r\nBcc: b@example.vn"
    with PostOffice() as office:
        set_up(app, office.url)
        if where == "sender":
            app.config["MAIL_FROM"] = bad
        with pytest.raises(ValueError, match=r"linefeed|newline|characters"):
            mail.send(bad if where == "address" else "a@example.vn", bad if where == "subject" else "x", "x")
    assert office.letters == []


def test_a_password_is_never_sent_in_the_clear(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with PostOffice() as office:
        set_up(app, office.url.replace("smtp://", "smtp://user:secret@"))
        monkeypatch.setattr(mail, "LOOPBACK", set())
        with pytest.raises(mail.smtplib.SMTPException):
            mail.send("a@example.vn", "x", "x")
    assert office.letters == []
