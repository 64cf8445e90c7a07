"""Autosaves are thinned out as they grow old; nothing that anybody named, or that anything names, ever is."""

import secrets

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.core import clock
from portal.core.db import db, write
from portal.publishing import links, revisions, thinning
from portal.publishing.models import Piece, Presence, Revision
from portal.publishing.rules import Step
from tests import cast
from tests.publishing.writing import a_piece, published, save, take

NOW = clock.now_ms() // clock.DAY * clock.DAY + 20 * clock.HOUR
"""In the middle of a slot and of a day in Vietnam's zone: 03:00 there."""


def write_autosaves(piece_id: int, author: User, ages_ms: list[int], *, kind: str = "auto", name: str = "") -> list[int]:
    """Add revisions of these ages, the oldest first, and return their numbers; the last is the present one."""

    def store(session: Session) -> list[int]:
        piece = revisions.locked(session, piece_id)
        content = session.scalars(revisions.at(piece_id, piece.head)).one().content
        made = []
        for age in ages_ms:
            text = {**content, "lead": secrets.token_hex(4)}
            row = revisions.keep(session, piece, text, author_id=author.id, kind=kind, base=piece.head, name=name)
            row.at = NOW - age
            made.append(row.number)
        return made

    return write(store)


def left(piece_id: int) -> set[int]:
    db.session.rollback()
    return set(db.session.scalars(select(Revision.number).where(Revision.piece_id == piece_id)))


def thin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: NOW)
    thinning.thin({})


def test_those_of_the_last_day_all_stay(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    piece_id = a_piece(author)
    made = write_autosaves(piece_id, author, [number * 1_000 for number in range(50, 0, -1)])
    thin(monkeypatch)
    assert left(piece_id) == {1, *made}


def test_older_ones_stay_one_for_ten_minutes(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    piece_id = a_piece(author)
    made = write_autosaves(piece_id, author, [2 * clock.DAY - minute * clock.MINUTE - 1 for minute in range(40)])
    newest = write_autosaves(piece_id, author, [0])
    thin(monkeypatch)
    assert left(piece_id) == {1, made[9], made[19], made[29], made[39], *newest}


def test_after_thirty_days_the_last_of_each_day_stays(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    piece_id = a_piece(author)
    days = [write_autosaves(piece_id, author, [day * clock.DAY + hour * clock.HOUR for hour in (2, 1)]) for day in (42, 41, 40)]
    newest = write_autosaves(piece_id, author, [0])
    thin(monkeypatch)
    assert left(piece_id) == {1, *(made[-1] for made in days), *newest}


def test_of_two_people_in_the_same_minutes_each_keeps_their_last(
    app: Flask, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece_id, editor = a_piece(author), cast.somebody("editor")
    old = 2 * clock.DAY
    mine = write_autosaves(piece_id, author, [old, old - 1])
    theirs = write_autosaves(piece_id, editor, [old - 2, old - 3])
    newest = write_autosaves(piece_id, author, [0])
    thin(monkeypatch)
    assert left(piece_id) == {1, mine[-1], theirs[-1], *newest}


@pytest.mark.parametrize("kind", ["saved", "kept", "restored", "first"])
def test_what_is_no_autosave_stays_for_ever(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    piece_id = a_piece(author)
    made = write_autosaves(piece_id, author, [400 * clock.DAY, 400 * clock.DAY - 1, 400 * clock.DAY - 2], kind=kind)
    thin(monkeypatch)
    assert left(piece_id) == {1, *made}


def test_what_has_a_name_stays_for_ever(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    piece_id = a_piece(author)
    named = write_autosaves(piece_id, author, [400 * clock.DAY] * 3, name="Bản gửi Giám đốc")
    write_autosaves(piece_id, author, [0])
    thin(monkeypatch)
    assert set(named) <= left(piece_id)


def test_what_something_names_stays(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step, a preview link, the public copy, the present text, and what somebody's kept text was written from."""
    publisher = cast.somebody("publisher")
    piece_id = published(app, author, publisher)
    old = [300 * clock.DAY - second for second in range(8)]
    made = write_autosaves(piece_id, author, old)

    def name_them(session: Session) -> None:
        piece = session.get_one(Piece, piece_id)
        piece.public, piece.state = made[1], "draft"
        session.flush()

    write(name_them)
    write(lambda session: session.execute(update(Piece).values(head=made[2])))
    take(app, Step.SUBMIT, piece_id, author)
    write(lambda session: session.execute(update(Piece).values(head=made[3])))
    links.make(piece_id, actor=author)
    write(lambda session: session.execute(update(Piece).values(head=made[5], state="draft")))
    save(app, piece_id, author, base=made[4], title="Muộn")
    thin(monkeypatch)
    assert left(piece_id) & set(made) == {*made[1:6], made[7]}


def test_a_fresh_texts_base_stays_for_a_day(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    piece_id, old = a_piece(author), 3 * clock.DAY
    made = write_autosaves(piece_id, author, [old, old - 1])
    fresh = write_autosaves(piece_id, author, [0])

    def base(session: Session) -> None:
        session.execute(update(Revision).where(Revision.number == fresh[0]).values(base=made[0]))

    write(base)
    thin(monkeypatch)
    assert made[0] in left(piece_id)


def test_killed_half_way_nothing_else_is_lost(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [a_piece(author) for _ in range(3)]
    for piece_id in pieces:
        write_autosaves(piece_id, author, [2 * clock.DAY, 2 * clock.DAY - 1, 0])
    whole, done = thinning._thin, []

    def dying(session: Session, piece_id: int, now: int) -> None:
        whole(session, piece_id, now)
        if done:
            raise KeyboardInterrupt
        done.append(piece_id)

    monkeypatch.setattr(thinning, "_thin", dying)
    with pytest.raises(KeyboardInterrupt):
        thin(monkeypatch)
    assert [len(left(piece_id)) for piece_id in pieces] == [3, 4, 4]
    monkeypatch.setattr(thinning, "_thin", whole)
    thin(monkeypatch)
    assert [len(left(piece_id)) for piece_id in pieces] == [3, 3, 3]


def test_who_had_it_open_the_day_before_is_forgotten(app: Flask, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    piece_id, editor = a_piece(author), cast.somebody("editor")
    for user, age in ((author, clock.DAY + 1), (editor, clock.HOUR)):
        row = Presence(piece_id=piece_id, user_id=user.id, seen_at=NOW - age)
        write(lambda session, row=row: session.add(row))  # type: ignore[misc]
    thin(monkeypatch)
    assert db.session.scalars(select(Presence.user_id)).all() == [editor.id]
