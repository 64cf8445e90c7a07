"""The list of all polls: what can be answered first, then page by page what is over."""

import re

import pytest
from sqlalchemy import insert

from portal.core import clock
from portal.core.clock import DAY, HOUR
from portal.core.db import write
from portal.polls.models import Poll
from tests import cast
from tests.client import PortalClient
from tests.polls.voting import change, form

WRONG = ["0", "-1", "51", "9223372036854775808", "١", "%00", "1.0", "a", ""]


def asked(text: str) -> list[str]:
    """Return the questions that the list names, in order."""
    return re.findall(r'class="row-title" href="[^"]*/tham-do/[0-9]+">(.*?)</a>', text)


def many_closed(number: int) -> None:
    """Store polls "Hỏi 1" to "Hỏi <number>", the last of them the newest, all over since yesterday."""
    now = clock.now_ms()
    times = {"published_at": now, "closes_at": now - DAY, "created_at": now}
    rows = [{"question": f"Hỏi {place}", **times} for place in range(1, number + 1)]
    write(lambda session: session.execute(insert(Poll), rows))


def test_open_polls_come_before_those_that_are_over(client: PortalClient) -> None:
    now = clock.now_ms()
    cast.a_poll(question="Đang mở")
    cast.a_poll(question="Đã xong", closes_at=now - DAY, voters=0)
    cast.a_poll(question="Sắp mở", opens_at=now + DAY, closes_at=now + 2 * DAY)
    text = client.get("/tham-do").text
    assert asked(text) == ["Sắp mở", "Đang mở", "Đã xong"]
    assert text.index("Đang lấy ý kiến") < text.index("Sắp mở") < text.index("Đã kết thúc</h2>") < text.index("Đã xong")


def test_each_says_when_it_ends_ended_or_begins(client: PortalClient) -> None:
    at = clock.instant_at("2026-03-17T10:32")
    cast.a_poll(closes_at=at)
    assert "Đã kết thúc lúc 10:32 ngày 17/03/2026." in client.get("/tham-do").text
    assert "Closed at 10:32 on 17/03/2026." in client.get("/en/tham-do").text


def test_how_many_voted_is_said_of_a_poll_that_is_over(client: PortalClient) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, form(poll, 0))
    assert "Tổng bình chọn" not in client.get("/tham-do").text
    change(poll, closes_at=clock.now_ms())
    assert "Tổng bình chọn: 1" in client.get("/tham-do").text


def leaders(text: str) -> list[tuple[str, str]]:
    """Return the labels and figures that the list tells of polls that are over."""
    return re.findall(r'<li><span[^>]*>([^<]+)</span> <span class="figure">([^<]+)<', text)


def test_a_poll_that_is_over_tells_what_most_voted_for(client: PortalClient) -> None:
    poll = cast.a_poll(("Một", "Hai", "Ba", "Bốn", "Không ai"), max_choices=2)
    for places in ((0, 1), (1, 2), (1, 3), (3,)):
        client.delete_cookie("browser")
        client.swap(poll.url, form(poll, *places))
    assert leaders(client.get("/tham-do").text) == []
    change(poll, closes_at=clock.now_ms())
    assert leaders(client.get("/tham-do").text) == [("Hai", "75% · 3"), ("Bốn", "50% · 2"), ("Một", "25% · 1")]
    assert [label for label, _figure in leaders(client.get("/en/tham-do").text)] == ["Hai", "Bốn", "Một"]


def test_a_poll_in_another_language_than_the_page_says_so(client: PortalClient) -> None:
    poll = cast.a_poll(help="Một câu.", language="vi")
    client.swap(poll.url, form(poll, 0))
    told = f'lang="vi">{"Bạn thấy giao diện website như thế nào?"}<'
    assert told in client.get("/en/tham-do").text
    assert told not in client.get("/tham-do").text
    for path in ("", "/ket-qua"):
        box = client.get("/en" + poll.url + path).text
        assert told in box
        assert box.count('class="poll-label" lang="vi"') == 3
        assert 'class="poll-help" lang="vi"' in box
        assert 'class="poll-label" lang' not in client.get(poll.url + path).text


def test_a_hidden_result_stays_hidden_when_a_poll_is_put_away(client: PortalClient) -> None:
    poll = cast.a_poll(visibility="closed")
    client.swap(poll.url, form(poll, 0))
    change(poll, secret=None)
    text = client.get("/tham-do").text
    assert asked(text) == ["Bạn thấy giao diện website như thế nào?"]
    assert "Tổng bình chọn" not in text
    assert leaders(text) == []


def test_a_poll_moves_down_when_it_closes(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now_ms()
    cast.a_poll(closes_at=now + HOUR)
    assert "Đang lấy ý kiến" in client.get("/tham-do").text
    client.application.extensions["page_cache"].clear()
    monkeypatch.setattr(clock, "now_ms", lambda: now + HOUR)
    assert "Đang lấy ý kiến" not in client.get("/tham-do").text


def test_the_list_has_pages(client: PortalClient) -> None:
    many_closed(41)
    cast.a_poll(question="Đang mở")
    first, second, third = (client.get(path).text for path in ("/tham-do", "/tham-do?trang=2", "/tham-do?trang=3"))
    assert asked(first) == ["Đang mở", *(f"Hỏi {number}" for number in range(41, 21, -1))]
    assert asked(second) == [f"Hỏi {number}" for number in range(21, 1, -1)]
    assert asked(third) == ["Hỏi 1"]
    assert 'rel="prev" href="/tham-do"' in second
    assert 'rel="next" href="/tham-do?trang=3"' in second
    assert 'rel="next"' not in third
    assert client.get("/tham-do?trang=4").status_code == 404


def test_the_first_page_has_one_address(client: PortalClient) -> None:
    answer = client.get("/tham-do?trang=1")
    assert (answer.status_code, answer.location) == (301, "/tham-do")
    assert client.get("/tham-do/").status_code == 404


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("said", WRONG)
def test_a_page_that_cannot_be_is_not_found(client: PortalClient, said: str) -> None:
    many_closed(21)
    assert client.get(f"/tham-do?trang={said}").status_code in {400, 404}


def test_a_page_asked_for_twice_is_refused(client: PortalClient) -> None:
    assert client.get("/tham-do?trang=2&trang=3").status_code == 400


def test_an_empty_list_says_so_and_leads_on(client: PortalClient) -> None:
    text = client.get("/tham-do").text
    assert "Chưa có cuộc thăm dò ý kiến nào." in text
    assert '<a class="go" href="/">' in text


def test_a_poll_s_page_leads_to_all_of_them(client: PortalClient) -> None:
    assert 'href="/tham-do"' in client.get(cast.a_poll().url).text.partition("<main")[2]
