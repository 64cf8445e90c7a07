"""What is scheduled changes nothing that the public can ask for before its minute, and all that it should at its minute.

(That it holds on several servers, with pages that they have made already: `tests/serving/test_scheduled_everywhere.py`.)
"""

import re

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.core import clock, jobs
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from tests import cast
from tests.client import PortalClient
from tests.clocks import Clock
from tests.publishing.writing import a_piece, article_of, piece, published, save, take

TITLE, CHANGED = "Lịch kiểm định cân tại các chợ", "Lịch kiểm định cân, đã sửa"
SECTION = "/chuyen-muc/do-luong"
RANDOM = re.compile(r'(?:nonce|key|name="request" value|&quot;key&quot;)[=:"&quot; ]+[\w.~-]{16,}')
OF_ALL = {"/sitemap.xml", "/so-do-trang", "/api/v1/sections"}
"""What names sections and no articles."""
LATER_S = 40 * 86_400
"""Until its minute: in another month."""


class Public:
    """Whatever the public can ask for that tells of an article: lists, archives, feeds, maps, neighbours, the API."""

    def __init__(self, client: PortalClient, neighbour: int, section: int) -> None:
        self.client, self.neighbour, self.section = client, neighbour, section

    def lists(self, at: int) -> list[str]:
        day = clock.day_of(at)
        of_month = f"{day.year}/{day.month}"
        archives = ["/luu-tru", f"/luu-tru/{day.year}", f"/luu-tru/{of_month}", f"{SECTION}/{day.year}", f"{SECTION}/{of_month}"]
        feeds = ["/rss.xml", "/atom.xml", f"{SECTION}/rss.xml", f"{SECTION}/atom.xml"]
        maps = ["/sitemap.xml", "/sitemap-archive.xml", "/sitemap-articles-1.xml", f"/sitemap-section-{self.section}.xml"]
        beside = [cast.article_path(self.neighbour, "Lịch kiểm định xăng dầu")]
        return ["/", SECTION, "/so-do-trang", "/api/v1/articles", "/api/v1/sections", *archives, *feeds, *maps, *beside]

    def answers(self, at: int) -> dict[str, tuple[int, str]]:
        """Return what each list answers, without what is random in it."""
        asked = {path: self.client.get(path) for path in self.lists(at)}
        return {path: (answer.status_code, RANDOM.sub("", answer.text)) for path, answer in asked.items()}

    def own(self, article: int, title: str, file: str) -> dict[str, int]:
        paths = [
            *(cast.article_path(article, title), f"/bai-viet/a-{article}", f"/en/bai-viet/a-{article}", f"/b/{article}"),
            *(f"/b/{article}/qr.svg", f"/the/{article}.png", f"/api/v1/articles/{article}"),
            *(f"/tep/{file}", f"/tep/{file}/mo", f"/tep/{file}/xem", f"/tep/tat-ca/article-{article}.zip"),
        ]
        return {path: self.client.get(path).status_code for path in paths}


@pytest.fixture
def public(client: PortalClient) -> Public:
    section = cast.a_section("Đo lường")
    before = clock.now_ms() - clock.DAY
    return Public(client, cast.an_article("Lịch kiểm định xăng dầu", section=section, published_at=before), section)


def test_a_first_text_changes_nothing_before_its_minute_and_everything_at_it(
    app: Flask, public: Public, author: User, publisher: User, standing: Clock
) -> None:
    at = clock.now_ms() + LATER_S * 1000
    before = public.answers(at)
    piece_id = a_piece(author, title=TITLE, section_id=public.section)
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.SCHEDULE, piece_id, publisher, at=at)
    article = piece(piece_id).thing_id or 0
    file = cast.an_attachment(article)
    cast.an_attachment(article, name="Phụ lục.pdf")
    assert public.answers(at) == before
    assert set(public.own(article, TITLE, file).values()) == {404}
    standing.turn(LATER_S - 1)
    path = cast.article_path(article, TITLE)
    assert all(TITLE not in text and path not in text for _code, text in public.answers(at).values())
    assert set(public.own(article, TITLE, file).values()) == {404}
    standing.turn(1)
    there = public.answers(at)
    untold = {one for one, (_code, text) in there.items() if TITLE not in text and path not in text}
    assert untold == {"/luu-tru", *OF_ALL, "/sitemap-archive.xml", f"/sitemap-section-{public.section}.xml"}
    assert {one for one in there if there[one] == before[one]} <= OF_ALL, "archives and their maps have its month now"
    found = {one for one, code in public.own(article, TITLE, file).items() if code == 404}
    assert found == {f"/en/bai-viet/a-{article}"}
    assert state_of(piece(piece_id)) is State.SCHEDULED, "no job has come: the query alone shows it"


def test_a_change_changes_nothing_before_its_minute(
    app: Flask, public: Public, client: PortalClient, author: User, publisher: User, standing: Clock
) -> None:
    at = clock.now_ms() + LATER_S * 1000
    piece_id = published(app, author, publisher, title=TITLE, section_id=public.section)
    article = article_of(piece_id).id
    paths = [cast.article_path(article, TITLE), f"/api/v1/articles/{article}", cast.article_path(article, CHANGED)]
    pages = [RANDOM.sub("", client.get(path).text) for path in paths]
    before, card = public.answers(at), client.get(f"/the/{article}.png").data
    save(app, piece_id, author, title=CHANGED, lead="Đổi ngày.", body="<p>Đổi hết.</p>")
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.SCHEDULE, piece_id, publisher, at=at, note="Đổi ngày kiểm định.")
    assert public.answers(at) == before
    assert [RANDOM.sub("", client.get(path).text) for path in paths] == pages
    assert client.get(f"/the/{article}.png").data == card
    standing.turn(LATER_S)
    assert jobs.run_due() > 0
    assert "Đổi ngày kiểm định." in client.get(cast.article_path(article, CHANGED)).text
    assert CHANGED in client.get(SECTION).text
    assert client.get(f"/the/{article}.png").data != card
