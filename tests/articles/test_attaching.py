"""Attachments are part of what is written: before the public with the text, and never before."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.core.db import db
from portal.publishing import links, restoring
from portal.publishing.models import PreviewLink, Revision
from portal.publishing.revisions import Outcome
from portal.publishing.rules import Step
from tests import cast
from tests.articles.sending import Sender, left_over, names, now
from tests.articles.typing_in import opened, page_of, sent
from tests.client import PortalClient
from tests.files import documents
from tests.publishing.writing import a_piece, article_of, as_one, piece, published, save, take

PLAN, ANNEX = ("Kế hoạch.pdf", cast.A_PDF), ("Phụ lục.docx", documents.GOOD["docx"])


@pytest.fixture
def author(app: Flask) -> User:
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def publisher(app: Flask) -> User:
    return cast.somebody("publisher")


def publish(app: Flask, piece_id: int, author: User, publisher: User, **given: str) -> None:
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, publisher, **given)


def public_page(client: PortalClient, piece_id: int) -> str:
    article = article_of(piece_id)
    return client.get(f"/bai-viet/{article.slug}-{article.id}").text


def test_several_files_are_attached_at_once_by_a_plain_form(app: Flask, author: User) -> None:
    sender = Sender(app, author, a_piece(author))
    answer = sender.form(PLAN, ANNEX)
    assert answer.headers["Location"] == f"{sender.page}?xong=gan&so=2"
    assert "Đã đính kèm 2 tệp." in sender.browser.get(answer.headers["Location"]).text
    assert names(sender.piece_id) == ["Kế hoạch.pdf", "Phụ lục.docx"]
    assert left_over(app) == []


def test_one_that_is_refused_keeps_no_other_from_coming(app: Flask, author: User) -> None:
    sender = Sender(app, author, a_piece(author))
    answer = sender.form(PLAN, ("Trang.pdf", documents.A_PAGE), ANNEX, ("", b"x"), ("Rỗng.pdf", b""))
    assert answer.status_code == 422
    for sentence in ("Đã đính kèm 2 tệp.", "“Trang.pdf”: nội dung tệp không đúng với đuôi PDF.", "“Rỗng.pdf” là tệp rỗng."):
        assert sentence in answer.text
    assert names(sender.piece_id) == ["Kế hoạch.pdf", "Phụ lục.docx"]
    assert left_over(app) == []


def test_in_place_the_list_is_answered(app: Flask, author: User) -> None:
    sender = Sender(app, author, a_piece(author))
    answer = sender.form(PLAN, in_place=True)
    assert (answer.status_code, answer.text.lstrip()[:18]) == (200, '<div id="attached"')
    assert "Kế hoạch.pdf" in answer.text


def test_readers_see_what_is_attached_once_it_is_published_and_not_before(
    app: Flask, client: PortalClient, author: User, publisher: User
) -> None:
    piece_id = published(app, author, publisher)
    Sender(app, author, piece_id).form(PLAN)
    assert piece(piece_id).state == "draft"
    assert "Kế hoạch.pdf" not in public_page(client, piece_id)
    (one,) = now(piece_id)
    assert client.get(f"/tep/{one.key}").status_code == 404
    publish(app, piece_id, author, publisher, note="")
    assert "Kế hoạch.pdf" in public_page(client, piece_id)
    assert client.get(f"/tep/{one.key}").data == cast.A_PDF


def test_what_is_removed_stays_for_readers_until_that_is_published(
    app: Flask, client: PortalClient, author: User, publisher: User
) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN, ANNEX)
    publish(app, piece_id, author, publisher)
    gone, stays = now(piece_id)
    sender.change("remove", gone.key)
    assert client.get(f"/tep/{gone.key}").status_code == 200
    publish(app, piece_id, author, publisher, note="")
    assert client.get(f"/tep/{gone.key}").status_code == 404
    assert client.get(f"/tep/{stays.key}").status_code == 200


def test_what_is_replaced_keeps_its_address_and_says_when(
    app: Flask, client: PortalClient, author: User, publisher: User
) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN)
    publish(app, piece_id, author, publisher)
    (one,) = now(piece_id)
    newer = cast.A_PDF + b"\n"
    assert sender.form(("Kế hoạch sửa.pdf", newer), replaces=one.key, seen=str(one.file_id)).status_code == 303
    assert client.get(f"/tep/{one.key}").data == cast.A_PDF
    assert "Đã thay tệp ngày" not in public_page(client, piece_id)
    publish(app, piece_id, author, publisher, note="")
    assert client.get(f"/tep/{one.key}").data == newer
    assert "Đã thay tệp ngày" in public_page(client, piece_id)
    earlier = sender.browser.get(f"{sender.page}/tai/{one.file_id}")
    assert earlier.data == cast.A_PDF, "who writes it reads the one before, out of the history"
    assert f"{sender.page}/tai/{one.file_id}" in sender.browser.get(sender.page).text


def test_of_two_who_replace_the_same_file_the_second_is_told(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    mine, theirs = Sender(app, author, piece_id), Sender(app, cast.somebody("editor"), piece_id)
    mine.form(PLAN)
    (one,) = now(piece_id)
    how = {"replaces": one.key, "seen": str(one.file_id)}
    assert theirs.form(("Bản hai.pdf", cast.A_PDF + b"2"), **how).status_code == 303
    answer = mine.form(("Bản ba.pdf", cast.A_PDF + b"3"), **how)
    assert (answer.status_code, "“Bản hai.pdf” vừa được người khác thay" in answer.text) == (409, True)
    assert names(piece_id) == ["Bản hai.pdf"]
    assert left_over(app) == []


def test_they_are_put_in_another_order_and_renamed_without_scripts(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN, ANNEX, ("Ba.zip", documents.GOOD["zip"]))
    keys = [one.key for one in now(piece_id)]
    sender.change("up", keys[2])
    assert names(piece_id) == ["Kế hoạch.pdf", "Ba.zip", "Phụ lục.docx"]
    in_place = sender.browser.swap(f"{sender.page}/sua", {"token": sender.token, "act": "down", "attachment": keys[0]})
    assert in_place.text.index("Ba.zip") < in_place.text.index("Kế hoạch.pdf"), "the answer shows what it has done"
    sender.change("up", keys[0])
    sender.change("down", keys[0])
    sender.change("up", keys[2])
    assert names(piece_id) == ["Ba.zip", "Kế hoạch.pdf", "Phụ lục.docx"]
    sender.change("rename", keys[0], name="../Kế hoa\u0323ch 30.PDF")
    assert names(piece_id) == ["Ba.zip", "Kế hoạch 30.PDF", "Phụ lục.docx"]
    refused = sender.change("rename", keys[0], name="Kế hoạch.docx")
    assert (refused.status_code, "phải có đuôi .PDF" in refused.text) == (422, True)
    assert sender.change("rename", "f" * 32, name="a.pdf").status_code == 409
    assert sender.change("burn", keys[0]).status_code == 422


def test_the_log_tells_who_did_what_and_no_names_of_files(app: Flask, author: User) -> None:
    sender = Sender(app, author, a_piece(author))
    sender.form(PLAN)
    sender.change("remove", now(sender.piece_id)[0].key)
    found = select(Entry).where(Entry.action == "attachments_changed").order_by(Entry.id)
    told = [(entry.actor_id, entry.thing, entry.fields) for entry in db.session.scalars(found)]
    assert [(who, thing) for who, thing, _ in told] == [(author.id, f"piece:{sender.piece_id}")] * 2
    assert ['"what":"attached"' in told[0][2], '"what":"removed"' in told[1][2]] == [True, True]
    assert "Kế hoạch" not in str(told)


def test_a_text_that_is_saved_meanwhile_is_no_conflict(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    form = opened(sender.browser, piece_id)
    sender.form(PLAN)
    answer = sent(sender.browser, piece_id, form, in_place=True, title="Tên mới")
    assert "data-conflict" not in answer.text
    assert (piece(piece_id).title, names(piece_id)) == ("Tên mới", ["Kế hoạch.pdf"])
    assert db.session.query(Revision).filter_by(piece_id=piece_id, kind="kept").count() == 0


def test_a_text_that_somebody_else_saved_is_still_one(app: Flask, author: User) -> None:
    piece_id, other = a_piece(author), cast.somebody("editor")
    sender = Sender(app, author, piece_id)
    form = opened(sender.browser, piece_id)
    save(app, piece_id, other, title="Của người khác")
    sender.form(PLAN)
    assert "data-conflict" in sent(sender.browser, piece_id, form, in_place=True, title="Của tôi").text
    assert (piece(piece_id).title, names(piece_id)) == ("Của người khác", ["Kế hoạch.pdf"])


def test_whole_texts_on_an_older_base_are_kept_beside_and_chosen(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN)
    kept = save(app, piece_id, author, base=1, title="Từ bản đầu")
    assert kept.outcome is Outcome.BESIDE
    page = sender.browser.get(f"{page_of(piece_id)}/chon/{kept.number}").text
    assert "Tài liệu đính kèm" in page
    assert "Kế hoạch.pdf (PDF" in page


def test_the_history_compares_and_restores_them(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN)
    with_it = piece(piece_id).head
    sender.change("remove", now(piece_id)[0].key)
    assert names(piece_id) == []
    assert "Kế hoạch.pdf" in sender.browser.get(f"{page_of(piece_id)}/so-sanh?tu={with_it}&den={piece(piece_id).head}").text
    with app.test_request_context():
        as_one(author)
        restoring.restore(piece_id, with_it, seen=piece(piece_id).head, actor=author)
    assert names(piece_id) == ["Kế hoạch.pdf"]


def test_who_writes_it_reads_them_from_the_preview(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN)
    page, (one,) = sender.browser.get(f"{page_of(piece_id)}/xem").text, now(piece_id)
    assert f'href="{sender.page}/tai/{one.file_id}"' in page
    assert one.key not in page


def test_whoever_has_a_preview_link_reads_the_files_that_it_shows_and_no_others(
    app: Flask, client: PortalClient, author: User
) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN)
    key = links.make(piece_id, actor=author)
    sender.form(ANNEX)
    shown, later = now(piece_id)
    page = client.get(f"/xem-truoc/{key}").text
    assert f'href="/xem-truoc/{key}/tep/{shown.file_id}"' in page
    answer = client.get(f"/xem-truoc/{key}/tep/{shown.file_id}")
    assert (answer.data, answer.headers["Cache-Control"]) == (cast.A_PDF, "no-store")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    other = links.make(a_piece(author), actor=author)
    refused = [f"{key}/tep/{later.file_id}", f"{other}/tep/{shown.file_id}", f"{'a' * 43}/tep/{shown.file_id}"]
    assert [client.get(f"/xem-truoc/{path}").status_code for path in refused] == [404, 404, 404]
    links.revoke(piece_id, db.session.scalars(select(PreviewLink.id).where(PreviewLink.piece_id == piece_id)).one(), actor=author)
    assert client.get(f"/xem-truoc/{key}/tep/{shown.file_id}").status_code == 404


def test_what_is_in_review_takes_none_from_its_author(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN)
    take(app, Step.SUBMIT, piece_id, author)
    key = now(piece_id)[0].key
    for answer in (sender.form(ANNEX), sender.change("remove", key), sender.send(*ANNEX)):
        assert (answer.status_code, "không nhận thay đổi" in answer.text) == (422, True)
    assert names(piece_id) == ["Kế hoạch.pdf"]
    assert "data-attaching" not in sender.browser.get(sender.page).text
    assert Sender(app, cast.somebody("editor"), piece_id).form(ANNEX).status_code == 303


def test_a_copy_has_the_same_files_under_addresses_of_its_own(
    app: Flask, client: PortalClient, author: User, publisher: User
) -> None:
    piece_id = a_piece(author)
    sender = Sender(app, author, piece_id)
    sender.form(PLAN)
    answer = sender.browser.submit(f"{page_of(piece_id)}/nhan-ban", {"token": sender.token})
    copy = int(answer.headers["Location"].partition("?")[0].rpartition("/")[2])
    (one,), (other,) = now(piece_id), now(copy)
    assert (one.file_id, one.name) == (other.file_id, other.name)
    assert one.key != other.key
    publish(app, piece_id, author, publisher)
    publish(app, copy, author, publisher)
    assert [client.get(f"/tep/{key}").status_code for key in (one.key, other.key)] == [200, 200]


def test_who_may_not_write_the_piece_finds_nothing(app: Flask, author: User) -> None:
    piece_id = a_piece(author)
    Sender(app, author, piece_id).form(PLAN)
    stranger = Sender(app, cast.somebody("author", unit=cast.a_unit("Văn phòng")), piece_id)
    file_id = now(piece_id)[0].file_id
    answers = [stranger.form(ANNEX), stranger.begin("a.pdf", 10), stranger.browser.get(f"{stranger.page}/tai/{file_id}")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    own = Sender(app, stranger_of := cast.somebody("author", unit=cast.a_unit("Văn phòng")), a_piece(stranger_of))
    assert own.browser.get(f"{own.page}/tai/{file_id}").status_code == 404, "nor by way of a piece of one's own"


@pytest.mark.parametrize("number", [51, 1_000])
def test_very_many_files_at_once_are_refused(app: Flask, author: User, number: int) -> None:
    sender = Sender(app, author, a_piece(author))
    answer = sender.form(*[(f"{index}.pdf", b"x") for index in range(number)])
    assert answer.status_code in {413, 422}
    assert names(sender.piece_id) == []
    assert left_over(app) == []
