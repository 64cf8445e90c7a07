"""What somebody plants in what is said with steps runs nowhere: every hostile text in every field, wherever that is printed.

(The steps clean and store what is said, and refuse what is too long: `tests/publishing`. Here rows hold as much as shows many
texts on one page.)
"""

from collections.abc import Callable, Iterable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext

from portal.accounts.models import User
from portal.articles.reading import MOST_CORRECTIONS
from portal.core import clock
from portal.core.db import db, write
from portal.core.text import clean_line
from portal.desk import lately
from portal.publishing import revisions
from portal.publishing.acts import LONGEST_REASON
from portal.publishing.forms import LONGEST
from portal.publishing.history import AT_ONCE
from portal.publishing.models import Revision, Taken
from portal.publishing.rules import Step
from tests import cast
from tests.browser.near import NamedSite
from tests.browser.planting import BREAKING, Watch, packed
from tests.browser.reader import DRIVEN, Readers
from tests.browser.staff import signed_in
from tests.core.payloads import PAYLOADS
from tests.publishing.writing import BASE, a_piece, article_of, published, save, take

pytestmark = [*DRIVEN, pytest.mark.parametrize("database", ["sqlite"])]

TEXTS = [clean_line(text) for text in (*PAYLOADS.values(), *BREAKING)]
PACKED = packed(2_000)
HARMLESS = ["Thiếu nguồn.", "Sửa ngày ban hành."]
DESK = "/ban-bien-tap"


@pytest.fixture
def user() -> User:
    return cast.somebody("publisher")


@pytest.fixture
def author() -> User:
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def watch(near: NamedSite, staff: BrowserContext) -> Watch:
    return Watch(staff)


def said(piece_id: int, actor: User, texts: Iterable[str]) -> None:
    """Store steps with a text in each of their fields."""
    now = clock.now_ms()

    def row(text: str) -> Taken:
        leader = {"who": text, "how": "paper", "symbol": text}
        detail = {"note": text, "leader": leader, "concern_reason": text}
        return Taken(piece_id=piece_id, at=now, actor_id=actor.id, step=Step.RETURN.value, number=1, remark=text, detail=detail)

    write(lambda session: session.add_all([row(text) for text in texts]))


def named(piece_id: int, actor: User, names: list[str]) -> int:
    """Store revisions with these names, and return the number of the last."""
    first = db.session.scalars(revisions.at(piece_id, 1)).one()
    usual = {"piece_id": piece_id, "author_id": actor.id, "at": first.at, "kind": "kept", "content": first.content}
    rows = [Revision(**usual, number=number, name=name, digest=first.digest) for number, name in enumerate(names, 2)]
    write(lambda session: session.add_all(rows))
    return len(names) + 1


def history_of(watch: Watch, piece_id: int) -> Iterator[str]:
    """Yield the pages of a piece's history, each when the one before it stands in the browser."""
    path: str | None = f"{BASE}/{piece_id}/lich-su"
    while path:
        yield path
        older = watch.page.get_by_role("link", name="Mục cũ hơn")
        path = older.get_attribute("href") if older.count() else None


def test_nothing_runs_in_the_history_nor_in_a_comparison(
    near: NamedSite, watch: Watch, readers: Readers, author: User, user: User
) -> None:
    log = Watch(signed_in(near, readers, cast.somebody("administrator")))
    ways = ((60 * HARMLESS, HARMLESS, watch.learn, log.learn), (TEXTS, PACKED, watch.demand_harmless, log.demand_harmless))
    for texts, names, look, look_at_log in ways:
        piece_id = a_piece(author)
        last = named(piece_id, author, names)
        said(piece_id, user, texts)
        opened = [look(path) for path in history_of(watch, piece_id)]
        assert len(opened) == -(-(len(texts) + last) // AT_ONCE)
        look(*(f"{BASE}/{piece_id}/so-sanh?tu={number}&den={number + 1}" for number in range(2, last, 2)))
        look_at_log(f"{DESK}/nhat-ky")


def test_nothing_runs_where_the_last_of_it_is_told(app: Flask, watch: Watch, author: User, user: User) -> None:
    """What is to be mended on the page for writing, the last step on the page of one that is not possible, the desk."""

    def returned(text: str, look: Callable[..., None]) -> None:
        piece_id = a_piece(author)
        take(app, Step.SUBMIT, piece_id, author, remark=text)
        look(f"{BASE}/{piece_id}/bo-thay-doi", code=409)
        take(app, Step.RETURN, piece_id, user, remark=text)
        look(f"{BASE}/{piece_id}")

    returned(HARMLESS[0], watch.learn)
    watch.learn(DESK)
    for text in PACKED:
        returned(text, watch.demand_harmless)
    piece_id, cut = a_piece(author), packed(lately.LONGEST_REMARK)
    for start in range(0, len(cut), lately.MOST):
        said(piece_id, user, cut[start : start + lately.MOST])
        watch.demand_harmless(DESK)


def test_nothing_runs_of_what_everybody_reads(app: Flask, watch: Watch, author: User, user: User) -> None:
    """What was changed, under an article; why it was taken down, in its place."""

    def there(note: str) -> tuple[int, str]:
        piece_id = published(app, author, user)
        save(app, piece_id, author, title="Tên mới")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, user, note=note)
        return piece_id, f"/b/{article_of(piece_id).id}"

    notes, reasons = packed(LONGEST["note"]), packed(LONGEST_REASON)[:1] + PACKED
    usual, path = there(HARMLESS[0])
    watch.learn(path)
    take(app, Step.TAKE_DOWN, usual, user, remark=HARMLESS[1])
    watch.learn(path, code=410)
    assert len(notes) < MOST_CORRECTIONS
    piece_id, path = there(notes[0])
    for note in notes[1:]:
        cast.a_correction(article_of(piece_id).id, note, "2022-03-20T08:00")
    watch.demand_harmless(path)
    take(app, Step.TAKE_DOWN, piece_id, user, remark=reasons[0])
    watch.demand_harmless(path, code=410)
    for reason in reasons[1:]:
        cast.change_article(article_of(piece_id).id, withdrawn_reason=reason)
        watch.demand_harmless(path, code=410)
