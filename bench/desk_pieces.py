"""Fill an instance for the desk's benchmark, in a process of its own: units, people, pieces in all states, steps, sessions.

python -m bench.desk_pieces 20000: prints as JSON the session keys by role, and places deep in the list.
"""

import json
import random
import sys
from collections.abc import Iterator
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from portal import create_app
from portal.accounts.models import Unit, User
from portal.accounts.permissions import Role
from portal.articles.models import Section
from portal.core import clock, sessions
from portal.core.db import db, write
from portal.core.text import fold
from portal.demo.accounts import PEOPLE
from portal.demo.content import fill_if_empty
from portal.publishing.models import Piece, Taken

UNITS, YEARS = 5, 10
ROLES = [Role.AUTHOR] * 24 + [Role.EDITOR] * 4 + [Role.PUBLISHER] * 2
SETTLED = [("settled", "published")] * 85 + [("settled", "withdrawn")] * 5
UNSETTLED = [("draft", "unpublished")] * 4 + [("in_review", "unpublished")] * 2
LATER = [("draft", "published"), ("returned", "unpublished"), ("approved", "unpublished"), ("scheduled", "unpublished")]
STATES = SETTLED + UNSETTLED + LATER
TOPICS = ("Kế hoạch", "Thông báo", "Kết quả", "Hội nghị", "Báo cáo", "Hướng dẫn")
ABOUT = (
    "chuyển đổi số",
    "sở hữu trí tuệ",
    "cải cách hành chính",
    "tiêu chuẩn đo lường",
    "khởi nghiệp sáng tạo",
    "an toàn bức xạ",
)
RARE = 7_000
"""Every so many titles have the rare word."""


def main(number: int) -> None:
    with create_app().app_context():
        upgrade()
        fill_if_empty()
        users = write(_people)
        sections = db.session.scalars(select(Section.id).where(Section.language == "vi")).all()
        rows = list(_pieces(number, users, list(sections)))
        write(lambda session: session.execute(insert(Piece), rows))
        ids = db.session.scalars(select(Piece.id).order_by(Piece.id.desc()).limit(number)).all()
        taken = list(_steps(list(reversed(ids)), rows))
        write(lambda session: session.execute(insert(Taken), taken))
        if db.engine.dialect.name == "postgresql":
            write(lambda session: session.execute(sql("ANALYZE")))  # as its own autovacuum does after a while
        keys = {role: write(lambda session, user=user: sessions.open_session(session, user.id)) for role, user in _first(users)}
        deep = rows[number * 3 // 4]["changed_at"]
        own = {"author": users[0].id, "unit": users[0].unit_id}
        middle = db.session.scalar(select(Piece.id).where(Piece.unit_id == own["unit"], Piece.id > number // 2).limit(1))
        print(json.dumps({"keys": keys, "deep": f"{deep}-1", "middle": middle, **own}))


def _people(session: Session) -> list[User]:
    units = [Unit(name=f"Phòng số {number}", created_at=0) for number in range(1, UNITS + 1)]
    session.add_all(units)
    session.flush()
    users = [
        User(email=f"nguoi-{n}@example.vn", name=PEOPLE[role][0], role=role.value, unit_id=units[n % UNITS].id, created_at=0)
        for n, role in enumerate(ROLES)
    ]
    session.add_all(users)
    session.flush()
    return users


def _first(users: list[User]) -> Iterator[tuple[str, User]]:
    for role in (Role.AUTHOR, Role.PUBLISHER):
        yield role.value, next(user for user in users if user.role == role.value)


def _pieces(number: int, users: list[User], sections: list[int]) -> Iterator[dict[str, Any]]:
    """Yield pieces, the newest first; chance is the same in each run."""
    chance, now = random.Random(5), clock.now_ms()
    step = YEARS * 365 * clock.DAY // number
    for place in range(number):
        state, standing = chance.choice(STATES)
        author, at = chance.choice(users), now - place * step
        title = f"{chance.choice(TOPICS)} {chance.choice(ABOUT)} số {place}" + (" hiếm gặp" if place % RARE == 17 else "")
        waits = state in {"in_review", "returned"}
        yield {
            "site_id": 1,
            "kind": "article",
            "language": "vi",
            "unit_id": author.unit_id,
            "author_id": author.id,
            "title": title,
            "title_folded": fold(title),
            "shelf_id": chance.choice(sections),
            "state": state,
            "standing": standing,
            "head": 1,
            "created_at": at,
            "changed_at": at,
            "published_at": at if standing != "unpublished" else 0,
            "waits_since": at if waits else None,
            "publish_at": now + (place + 1) * clock.MINUTE if state == "scheduled" else None,
        }


def _steps(ids: list[int], rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for piece_id, row in zip(ids, rows, strict=True):
        for step in ("submit", "publish"):
            told = {"at": row["changed_at"], "actor_id": row["author_id"], "step": step, "number": 1, "remark": ""}
            yield {"piece_id": piece_id, "detail": {}, **told}


if __name__ == "__main__":
    main(int(sys.argv[1]))
