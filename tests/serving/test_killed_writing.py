"""Killing the serving process while articles are written: what was acknowledged stands in the history, exactly once."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.core.db import db
from portal.core.sessions import cookie_name
from portal.publishing.models import Revision
from tests import cast
from tests.articles.typing_in import a_key, form_of, page_of
from tests.publishing.writing import a_piece, piece, texts
from tests.serving.crowd import at_once
from tests.serving.killing import send_while_killed, until_acknowledged
from tests.serving.server import Answer, Server, get, swap

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="a real server, killed several times")]

CARRIED = re.compile(r'name="(base|key)" value="([^"]*)"')
"""What an answer tells the page for its next save."""
AT_ONCE = 50


@dataclass
class Writer:
    """Somebody signed in who has an article open, and a page that sends what they type as js/autosave.js does."""

    server: Server
    piece_id: int
    cookie: str
    form: dict[str, str] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)

    def open(self) -> str:
        answer = get(self.server, page_of(self.piece_id), Cookie=self.cookie)
        assert answer.status == 200
        return answer.text

    def save(self, title: str, **more: str) -> int:
        """Send a text until it is acknowledged, carry what the answer says, and return how often it was sent again."""
        self.form = {**self.form, **more, "title": title}
        answers: list[Answer] = []

        def send() -> int:
            answers.append(swap(self.server, page_of(self.piece_id), self.form, Cookie=self.cookie))
            return answers[-1].status

        repeats = until_acknowledged(send)
        self.acknowledged.append(title)
        self.form |= dict(CARRIED.findall(answers[-1].text))
        return repeats


def at_work(server: Server, app: Flask, user: User, piece_id: int) -> Writer:
    """Sign somebody in and have them open an article."""
    writer = Writer(server, piece_id, f"{cookie_name(app)}={cast.session_of(user)}")
    writer.form = form_of(writer.open(), page_of(piece_id))
    return writer


def demand_exactly_once(piece_id: int, first: str, writers: list[Writer]) -> None:
    """Fail unless the history holds the first text and what was acknowledged, each once, and the article opens."""
    assert Counter(texts(piece_id)) == Counter([first, *(title for one in writers for title in one.acknowledged)])
    found = db.session.query(Revision).filter_by(piece_id=piece_id).order_by(Revision.number).all()
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert piece(piece_id).title in writers[0].open()


def test_what_was_acknowledged_stands_in_the_history_exactly_once(server: Server, app: Flask) -> None:
    """Two write alone, each an article of their own; two write in one at the same time."""
    author, other = (cast.somebody("author", unit=cast.a_unit()) for _ in range(2))
    editor, publisher = cast.somebody("editor"), cast.somebody("publisher")
    alone, beside, shared = (a_piece(one, title="Đầu") for one in (author, other, author))
    places = [(author, alone), (other, beside), (editor, shared), (publisher, shared)]
    writers = [at_work(server, app, user, piece_id) for user, piece_id in places]

    def types(person: int, turn: int) -> int:
        return writers[person].save(f"Người {person}, bản {turn}", body=f"<p>{'Nội dung. ' * turn}</p>")

    send_while_killed(server, types, people=len(writers))

    for piece_id in (alone, beside, shared):
        demand_exactly_once(piece_id, "Đầu", [one for one in writers if one.piece_id == piece_id])
    for one in writers[:2]:
        assert piece(one.piece_id).title == one.acknowledged[-1]


def test_of_fifty_autosaves_at_once_by_two_people_every_text_is_in_the_history(server: Server, app: Flask) -> None:
    people = [cast.somebody("author", unit=cast.a_unit()), cast.somebody("editor")]
    piece_id = a_piece(people[0], title="Đầu")
    pages = [at_work(server, app, one, piece_id) for one in people]
    writers = [replace(pages[number % 2], acknowledged=[]) for number in range(AT_ONCE)]

    def saving(number: int) -> Callable[[], int]:
        return lambda: writers[number].save(f"Bản {number}", key=a_key())

    at_once([saving(number) for number in range(AT_ONCE)])

    demand_exactly_once(piece_id, "Đầu", writers)
    kinds = Counter(one.kind for one in db.session.query(Revision).filter_by(piece_id=piece_id))
    assert kinds == {"first": 1, "auto": 1, "kept": AT_ONCE - 1}
