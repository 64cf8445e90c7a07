"""Fill an instance with articles to which files are attached, in a process of its own.

python -m bench.uploads_piece <articles>: prints as JSON the pieces, their author's session (key and token), and pages to read.
"""

import json
import secrets
import sys
from typing import Any

from flask import url_for
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import create_app
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.articles.models import Article
from portal.core import clock, sessions
from portal.core.db import db, write
from portal.demo.accounts import PEOPLE
from portal.demo.content import fill_if_empty
from portal.files.renditions import render_waiting
from portal.publishing import revisions


def main() -> None:
    app = create_app()
    with app.app_context():
        upgrade()
        fill_if_empty()
        render_waiting()  # no job of the demo's beside what is measured
        user = User(name=PEOPLE[Role.EDITOR][0], email="nguoi-1@example.vn", role=Role.EDITOR.value, created_at=clock.now_ms())
        key = write(lambda session: _opened(session, user))
        article = db.session.scalars(select(Article).where(Article.id == 1)).one()
        content = {"title": "Bài có tài liệu", "lead": "", "body": "<p>Nội dung.</p>", "section_id": article.section_id}
        pieces = [_begun(content, user) for _ in range(int(sys.argv[1]))]
        with app.test_request_context():
            pages = [url_for("front.home"), url_for("articles.show", slug=article.slug, article_id=article.id)]
        print(json.dumps({"pieces": pieces, "key": key, "token": sessions.token_of(key), "pages": pages}))


def _begun(content: dict[str, Any], user: User) -> int:
    return revisions.create("article", content, actor=user, unit_id=None, language="vi", key=secrets.token_bytes(16))


def _opened(session: Session, user: User) -> str:
    session.add(user)
    session.flush()
    return sessions.open_session(session, user.id)


if __name__ == "__main__":
    main()
