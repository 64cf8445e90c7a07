"""What was done lately, at the desk: who did what with which text, for whoever may see that."""

import re

from flask import Flask
from sqlalchemy import select

from portal.articles import pinning
from portal.core import clock
from portal.core.db import db
from portal.publishing import links, moving
from portal.publishing.models import PreviewLink
from portal.publishing.restoring import restore
from portal.publishing.rules import Step
from tests import cast
from tests.client import PortalClient
from tests.desk.working import DESK, LIST, at_work
from tests.publishing import writing


def test_the_last_steps_say_who_did_what_and_why(app: Flask) -> None:
    browser, author = at_work(app, "author")
    editor = cast.somebody("editor")
    elsewhere, _ = at_work(app, "author", unit=cast.a_unit("Văn phòng"))
    piece_id = writing.a_piece(author, title="Kế hoạch")
    writing.take(app, Step.SUBMIT, piece_id, author)
    writing.take(app, Step.RETURN, piece_id, editor, remark="<b>Sửa</b> lại ngày ký")
    html = browser.get(DESK).text
    done = html.partition('class="desk-done"')[2]
    assert done.index(f"· {editor.name}</span>") < done.index(f"· {author.name}</span>")
    assert "<q>&lt;b&gt;Sửa&lt;/b&gt; lại ngày ký</q>" in html
    assert "Kế hoạch" not in elsewhere.get(DESK).text


def lately(browser: PortalClient) -> list[tuple[str, str]]:
    """Return what the desk says was done lately: by whom, and the sentence with the title."""
    done = browser.get(DESK).text.partition('class="desk-done"')[2]
    found = re.findall(r"</time> · ([^<]*)</span>\s*([^<]*)<a href=[^>]*>([^<]*)</a>", done)
    return [(who, f"{sentence}{title}") for who, sentence, title in found]


def test_what_is_no_step_is_told_too_the_latest_first(app: Flask) -> None:
    browser, editor = at_work(app, "editor")
    author, publisher = cast.somebody("author", unit=editor.unit_id), cast.somebody("publisher")
    piece_id = writing.published(app, author, publisher, title="Kế hoạch")
    office, section = cast.a_unit("Văn phòng"), cast.a_section("Đo lường")
    with app.test_request_context():
        writing.as_one(publisher)
        pinning.pin(piece_id, clock.day_of(clock.now_ms()).isoformat(), actor=publisher)
        pinning.pin(piece_id, "", actor=publisher)
        moving.move(piece_id, unit_id=None, changes={"section_id": section}, actor=publisher)
        moving.move(piece_id, unit_id=office, changes={}, actor=publisher)
        links.make(piece_id, actor=author)
        links.revoke(piece_id, db.session.scalars(select(PreviewLink.id)).one(), actor=author)
    writing.save(app, piece_id, author, title="Kế hoạch đã sửa")
    kept = writing.save(app, piece_id, editor, base=1, title="Của người khác")
    with app.test_request_context():
        writing.as_one(publisher)
        restore(piece_id, 1, seen=writing.piece(piece_id).head, actor=publisher)
    assert lately(browser)[:8] == [
        (publisher.name, "Khôi phục phiên bản trước: Kế hoạch"),
        (editor.name, "Giữ một bản soạn bên cạnh: Kế hoạch"),
        (author.name, "Thu hồi liên kết xem trước: Kế hoạch"),
        (author.name, "Tạo liên kết xem trước: Kế hoạch"),
        (publisher.name, "Chuyển bài cho đơn vị khác (Văn phòng): Kế hoạch"),
        (publisher.name, "Đã chuyển một bài sang chuyên mục khác (Đo lường): Kế hoạch"),
        (publisher.name, "Bỏ ghim bài: Kế hoạch"),
        (publisher.name, "Ghim bài: Kế hoạch"),
    ]
    assert f'href="{LIST}/{piece_id}/chon/{kept.number}"' in browser.get(DESK).text


def test_who_keeps_many_texts_beside_one_fills_one_line(app: Flask) -> None:
    browser, editor = at_work(app, "editor")
    author = cast.somebody("author", unit=editor.unit_id)
    piece_id = writing.a_piece(author, title="Kế hoạch")
    writing.save(app, piece_id, author, title="Kế hoạch đã sửa")
    for number in range(3):
        last = writing.save(app, piece_id, editor, base=1, title=f"Của người khác, lần {number}")
    assert [who for who, sentence in lately(browser) if "bên cạnh" in sentence] == [editor.name]
    assert f"/chon/{last.number}" in browser.get(DESK).text


def test_what_was_done_with_another_units_texts_is_told_to_nobody_who_may_not_see_them(app: Flask) -> None:
    browser, author = at_work(app, "author")
    stranger = cast.somebody("author", unit=cast.a_unit("Văn phòng"))
    theirs, ours = (writing.a_piece(one, title=title) for one, title in ((stranger, "Của họ"), (author, "Của ta")))
    for piece_id, one in ((theirs, stranger), (ours, author)):
        links.make(piece_id, actor=one)
        writing.save(app, piece_id, one, title=writing.piece(piece_id).title, lead="Mới")
        writing.save(app, piece_id, one, base=1, lead="Bên cạnh")
    assert [title.rpartition(": ")[2] for _who, title in lately(browser)] == ["Của ta"] * 3
