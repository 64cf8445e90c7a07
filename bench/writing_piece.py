"""Fill an instance with a plan of fifty pages, in a process of its own.

python -m bench.writing_piece: prints as JSON the piece, the key of its author's session, and the plan.
"""

import json
import secrets

from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import create_app
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.articles.models import Section
from portal.core import clock, sessions
from portal.core.db import db, write
from portal.demo.accounts import PEOPLE
from portal.demo.content import fill_if_empty
from portal.publishing import revisions

SENTENCE = "Các phòng, đơn vị thuộc Sở rà soát thủ tục hành chính và báo cáo kết quả đúng hạn. "
HEAD = "<thead><tr><th>TT</th><th>Việc</th><th>Đơn vị</th><th>Hạn</th></tr></thead>"
ROW = "<tr><td>1</td><td>Rà soát thủ tục</td><td>Văn phòng</td><td>30/6/2022</td></tr>"
PLAN = f"<h2>Nhiệm vụ</h2>{f'<p>{SENTENCE * 5}</p>' * 12}<table>{HEAD}<tbody>{ROW * 15}</tbody></table>" * 20
"""Some 25,000 words and twenty tables."""


def main() -> None:
    with create_app().app_context():
        upgrade()
        fill_if_empty()
        name, _ = PEOPLE[Role.EDITOR]
        user = User(name=name, email="nguoi-1@example.vn", role=Role.EDITOR.value, created_at=clock.now_ms())
        key = write(lambda session: _opened(session, user))
        section = db.session.scalars(select(Section.id).where(Section.language == "vi")).first()
        content = {"title": "Kế hoạch năm mươi trang", "lead": "", "body": PLAN, "section_id": section}
        made = revisions.create("article", content, actor=user, unit_id=None, language="vi", key=secrets.token_bytes(16))
        print(json.dumps({"piece": made, "key": key, "plan": PLAN}))


def _opened(session: Session, user: User) -> str:
    session.add(user)
    session.flush()
    return sessions.open_session(session, user.id)


if __name__ == "__main__":
    main()
