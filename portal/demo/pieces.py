"""What the demo's people are writing: texts on their way to being published, one in each state."""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.articles.models import Section
from portal.core import clock
from portal.core.db import db
from portal.core.text import slug
from portal.demo import texts
from portal.demo.accounts import PEOPLE
from portal.publishing import revisions, steps
from portal.publishing.acts import Given
from portal.publishing.rules import Step


@dataclass(frozen=True, slots=True)
class Written:
    """A text and what was done with it: steps in order, each with whose it is and what was said."""

    section: str
    title: str
    lead: str
    body: str
    done: tuple[tuple[Step, Role, str], ...] = ()
    writer: Role = field(default=Role.AUTHOR)


SUBMITTED = (Step.SUBMIT, Role.AUTHOR, "")
AHEAD_MS = 3 * clock.DAY
"""How far ahead what is scheduled appears."""

PIECES = (
    Written(
        section="innovation",
        title="Tập huấn kỹ năng số cho cán bộ cấp xã",
        lead="Hai lớp tập huấn dự kiến mở trong tháng tới.",
        body="<p>Nội dung tập huấn: lập hồ sơ điện tử, tra cứu văn bản, an toàn khi dùng thư điện tử.</p>"
        "<p>Địa điểm: chờ xác nhận.</p>",
    ),
    Written(
        section="science",
        title="Nghiệm thu đề tài cấp cơ sở về giống tỏi Lý Sơn",
        lead="Hội đồng nghiệm thu họp tại Sở.",
        body="<p>Đề tài so sánh năng suất của ba dòng tỏi trên đất cát pha san hô qua hai vụ.</p>"
        "<table><tr><th>Dòng</th><th>Tạ trên héc-ta</th></tr>"
        "<tr><td>Một</td><td>62</td></tr><tr><td>Hai</td><td>58</td></tr></table>",
        done=(SUBMITTED,),
    ),
    Written(
        section="standards",
        title="Kiểm định cân đồng hồ lò xo tại các chợ",
        lead="Lịch kiểm định cân tại các chợ trong quý.",
        body="<p>Tiểu thương mang cân đến bàn kiểm định đặt tại ban quản lý chợ.</p>",
        done=(SUBMITTED, (Step.RETURN, Role.EDITOR, "Bài chưa có lịch của từng chợ. Bổ sung bảng lịch rồi gửi lại.")),
    ),
    Written(
        section="reform",
        title="Rút ngắn thời gian giải quyết ba thủ tục hành chính",
        lead="Ba thủ tục trong lĩnh vực sở hữu trí tuệ được rút ngắn thời gian giải quyết.",
        body="<p>Người nộp hồ sơ trực tuyến nhận kết quả sớm hơn hai ngày làm việc.</p>",
        done=(SUBMITTED, (Step.APPROVE, Role.PUBLISHER, "")),
    ),
    Written(
        section="notices",
        title="Thông báo lịch tiếp công dân tháng tới",
        lead="Sở tiếp công dân vào sáng thứ Năm hằng tuần.",
        body="<p>Địa điểm: phòng tiếp công dân của Sở. Người đến mang theo giấy tờ tùy thân.</p>",
        done=(SUBMITTED, (Step.SCHEDULE, Role.PUBLISHER, "")),
    ),
    Written(
        section="events",
        title="Ngày hội khởi nghiệp đổi mới sáng tạo",
        lead="Ngày hội giới thiệu các sản phẩm của thanh niên trong tỉnh.",
        body="<p>Ban tổ chức nhận đăng ký gian hàng đến hết tháng.</p>",
        done=((Step.SUBMIT, Role.EDITOR, ""),),
        writer=Role.EDITOR,
    ),
)


def write_some() -> None:
    """Store the texts as the demo's people write them, and take the steps that they take."""
    people = {role: _person(name) for role, (name, _unit) in PEOPLE.items()}
    for written in PIECES:
        writer = people[written.writer]
        piece = revisions.create(
            "article",
            {"title": written.title, "lead": written.lead, "body": written.body, "section_id": _section(written.section)},
            actor=writer,
            unit_id=writer.unit_id,
            language="vi",
            key=secrets.token_bytes(16),
        )
        for step, role, remark in written.done:
            at = clock.now_ms() + AHEAD_MS if step is Step.SCHEDULE else None
            steps.take(step, piece, Given(seen=1, remark=remark, at=at), actor=people[role])


def _person(name: str) -> User:
    return db.session.scalars(select(User).where(User.name == name)).one()


def _section(group: str) -> int:
    named = slug(texts.SECTIONS[group]["vi"])
    return db.session.scalars(select(Section.id).where(Section.language == "vi", Section.slug == named)).one()
