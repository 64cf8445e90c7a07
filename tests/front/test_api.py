"""The read-only API: what the public pages say, as JSON, for whoever asks from anywhere."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.core import clock
from tests import cast
from tests.client import PortalClient
from tests.front.maps import ROOT
from tests.polls import voting

API = "/api/v1"


def read(client: PortalClient, path: str) -> Any:
    """Return what an address of the API says."""
    answer = client.get(path.removeprefix(ROOT))
    assert (answer.status_code, answer.content_type) == (200, "application/json"), path
    return answer.json


def refusal(answer: TestResponse) -> int:
    """Return the code of a problem; fail where it is not told as one."""
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert answer.json["status"] == answer.status_code
    assert answer.headers["Cache-Control"] in {"no-store", "public, max-age=0, must-revalidate"}
    return answer.status_code


def pages(client: PortalClient, path: str) -> list[list[Any]]:
    """Return the items of a list, page by page, as one who follows its links gets them."""
    found, following = list[list[Any]](), path
    while following:
        page = read(client, following)
        found.append(page["items"])
        following = page["next"]
    return found


def vote(client: PortalClient, poll: cast.PollIds, place: int) -> None:
    """Have a browser of its own vote, and let a second pass, in which the page may be as old."""
    other: PortalClient = client.application.test_client()  # type: ignore[assignment]
    assert other.swap(poll.url, voting.form(poll, place)).status_code == 200
    client.application.extensions["page_cache"].clear()


def test_the_site_tells_its_data_in_both_languages(client: PortalClient) -> None:
    cast.change_site(name_en="Department of Science", telephone="0255 000 0000")
    here, there = read(client, f"{API}/site"), read(client, f"/en{API}/site")
    assert (here["name"], there["name"]) == ("Sở Khoa học và Công nghệ", "Department of Science")
    assert here["telephone"] == there["telephone"] == "0255 000 0000"
    assert here["languages"] == there["languages"] == {"vi": f"{ROOT}/", "en": f"{ROOT}/en/"}


def test_sections_are_a_tree(client: PortalClient) -> None:
    top = cast.a_section("Tin tức", position=1)
    below = cast.a_section("Sự kiện", parent_id=top, position=2)
    cast.a_section("Notices", "en")
    items = read(client, f"{API}/sections")["items"]
    assert [(one["id"], one["parent_id"], one["name"]) for one in items] == [(top, None, "Tin tức"), (below, top, "Sự kiện")]
    assert items[0]["url"] == f"{ROOT}/chuyen-muc/tin-tuc"
    assert read(client, items[0]["articles"])["items"] == []


def test_lists_are_paged_by_links(client: PortalClient) -> None:
    cast.many_articles(45, section=cast.a_section("Thông báo"), every_ms=0)
    found = pages(client, f"{API}/articles")
    assert [len(page) for page in found] == [20, 20, 5]
    assert len({one["id"] for page in found for one in page}) == 45


def test_a_page_stays_where_it_was_while_new_articles_come(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    cast.many_articles(25, section=section)
    first = read(client, f"{API}/articles")
    before = read(client, first["next"])
    cast.an_article("Mới nhất", section=section, published_at=clock.now_ms() - 1)
    assert read(client, first["next"]) == before


def test_articles_of_a_section_are_those_within_it(client: PortalClient) -> None:
    top, other = cast.a_section("Tin tức"), cast.a_section("Thông báo")
    cast.many_articles(21, section=cast.a_section("Sự kiện", parent_id=top))
    cast.an_article("Nơi khác", section=other)
    found = [one for page in pages(client, f"{API}/articles?section={top}") for one in page]
    assert len(found) == 21
    assert {one["section"]["name"] for one in found} == {"Sự kiện"}


def test_an_article_is_told_whole(client: PortalClient) -> None:
    section, poll = cast.a_section("Thông báo"), cast.a_poll()
    values = {"published_at": clock.instant_at("2022-03-17T08:00"), "author_line": cast.PEOPLE["author"], "poll_id": poll.id}
    number = cast.an_article(section=section, translation_group="a", **values)
    other = cast.an_article("Plan", section=cast.a_section("Notices", "en"), language="en", translation_group="a")
    key = cast.an_attachment(number)
    (brief,) = read(client, f"{API}/articles")["items"]
    told = read(client, brief["self"])
    assert {name: told[name] for name in brief} == brief
    assert told["body_html"] == "<p>Nội dung kế hoạch.</p>"
    assert (told["published_at"], told["updated_at"]) == ("2022-03-17T08:00:00+07:00", None)
    assert told["url"] == ROOT + cast.article_path(number)
    assert told["section"] == {"id": section, "name": "Thông báo", "url": f"{ROOT}/chuyen-muc/thong-bao"}
    file = {"name": "Kế hoạch.pdf", "media_type": "application/pdf", "octets": len(cast.A_PDF), "url": f"{ROOT}/tep/{key}"}
    assert told["attachments"] == [file]
    (translation,) = told["translations"]
    assert translation["url"] == f"{ROOT}/en" + cast.article_path(other, "Plan")
    assert read(client, translation["self"])["translations"][0]["self"] == brief["self"]
    assert read(client, told["poll"])["id"] == poll.id


def test_what_the_public_may_not_see_is_in_no_answer(client: PortalClient) -> None:
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    scheduled = cast.an_article("Hẹn giờ", section=section, published_at=now + clock.HOUR)
    shown = cast.an_article("Đã đăng", section=section)
    assert [one["title"] for one in read(client, f"{API}/articles")["items"]] == ["Đã đăng"]
    assert refusal(client.get(f"{API}/articles/{scheduled}")) == 404
    cast.change_article(shown, withdrawn_at=now, withdrawn_reason="Đăng nhầm.")
    assert read(client, f"{API}/articles")["items"] == []
    gone = client.get(f"{API}/articles/{shown}")
    assert refusal(gone) == 410
    assert "Đăng nhầm." in gone.text
    assert "Đã đăng" not in gone.text
    assert refusal(client.get(f"/en{API}/articles/{shown}")) == 404


def test_what_was_never_public_is_not_said_to_be_gone(client: PortalClient) -> None:
    now = clock.now_ms()
    never = cast.an_article(published_at=now - clock.HOUR, withdrawn_at=now - clock.DAY)
    assert refusal(client.get(f"{API}/articles/{never}")) == 404


def test_a_poll_tells_what_its_box_shows(client: PortalClient) -> None:
    poll = cast.a_poll()
    assert read(client, f"{API}/polls/{poll.id}")["result"]["voters"] == 0
    for choice in (0, 0, 2):
        vote(client, poll, choice)
    told = read(client, f"{API}/polls/{poll.id}")
    assert told["state"] == "open"
    assert [choice["label"] for choice in told["choices"]] == ["Đẹp", "Bình thường", "Xấu"]
    assert told["result"]["voters"] == 3
    assert [(one["votes"], one["percent"]) for one in told["result"]["choices"]] == [(2, 67), (0, 0), (1, 33)]


@pytest.mark.parametrize("visibility", ["voted", "closed"])
def test_a_hidden_result_is_hidden_here_too(client: PortalClient, visibility: str) -> None:
    poll = cast.a_poll(visibility=visibility)
    before = client.get(f"{API}/polls/{poll.id}")
    vote(client, poll, 1)
    after = client.get(f"{API}/polls/{poll.id}")
    assert read(client, f"{API}/polls/{poll.id}")["result"] is None
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    voting.change(poll, closes_at=clock.now_ms() - 1)
    assert read(client, f"{API}/polls/{poll.id}")["result"]["voters"] == 1


def test_a_poll_says_whether_it_is_open(client: PortalClient) -> None:
    now = clock.now_ms()
    coming = cast.a_poll(opens_at=now + clock.DAY)
    over = cast.a_poll(closes_at=now - clock.DAY)
    archived = cast.a_poll(secret=None)
    states = {one["id"]: one["state"] for one in read(client, f"{API}/polls")["items"]}
    assert states == {coming.id: "upcoming", over.id: "closed", archived.id: "closed"}


def test_polls_are_paged_too(client: PortalClient) -> None:
    for _ in range(21):
        cast.a_poll()
    assert [len(page) for page in pages(client, f"{API}/polls")] == [20, 1]


def test_an_answer_is_asked_for_again_without_cost(client: PortalClient) -> None:
    cast.an_article()
    answer = client.get(f"{API}/articles")
    again = client.get(f"{API}/articles", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    cast.an_article("Mới")
    assert client.get(f"{API}/articles", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


ALLOWED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@pytest.mark.parametrize("path", [f"{API}/site", f"{API}/articles/9", f"{API}/nothing", f"{API}/articles?section=x"])
def test_other_sites_may_read_and_bring_nothing(client: PortalClient, path: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = client.open(path, method=method, headers={"Origin": "https://example.vn"})
        if method != "OPTIONS" or answer.status_code == 200:
            assert {name: answer.headers.get(name) for name in ALLOWED} == ALLOWED
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        refused = client.open(path, method=method, headers={"Origin": "https://example.vn"})
        assert refused.status_code in {404, 405}
        assert "Access-Control-Allow-Origin" not in refused.headers


def test_a_preflight_allows_reading_alone(client: PortalClient) -> None:
    asked = {"Origin": "https://example.vn", "Access-Control-Request-Method": "DELETE"}
    answer = client.options(f"{API}/site", headers=asked)
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


BAD = ["0", "-1", "01", "x", "", "1.5", str(2**31), "9" * 30, "%D9%A1", "%00", "1%0A", "a" * 3_000, "%FF", "%E1%BA%AF"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize("name", ["articles?section", "articles?after", "polls?after"])
@pytest.mark.parametrize("mount", ["", "/en"])
def test_a_bad_question_is_answered_with_a_problem(client: PortalClient, mount: str, name: str, value: str) -> None:
    assert refusal(client.get(f"{mount}{API}/{name}={value}")) in {400, 404, 414}


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("value", ["0", "-1", "01", "x", "1.5", str(2**31), "9" * 30, "%D9%A1", "%00", "a" * 3_000, "%FF"])
@pytest.mark.parametrize("noun", ["articles", "polls"])
def test_a_bad_address_is_answered_with_a_problem(client: PortalClient, noun: str, value: str) -> None:
    assert refusal(client.get(f"{API}/{noun}/{value}")) in {404, 414}


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("key", ["1-1", "0-1", "1-0", "1-", "-1", "1-1-1", f"1-{2**31}", f"{10**20}-1", "1_1", "1-1 "])
def test_a_key_at_which_nothing_stood_is_refused(client: PortalClient, key: str) -> None:
    assert refusal(client.get(f"{API}/articles?after={key}")) in {400, 404}


@pytest.mark.parametrize("path", ["articles?section=1&section=2", "articles?after=1-1&after=1-1", "polls?after=1&after=2"])
def test_a_question_asked_twice_is_refused(client: PortalClient, path: str) -> None:
    assert refusal(client.get(f"{API}/{path}")) == 400


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/articles/", "/site/", "/polls/99", "/articles?section=99"])
def test_what_is_not_there_is_a_problem_or_no_page_of_the_api(client: PortalClient, path: str) -> None:
    answer = client.get(API + path)
    assert answer.status_code == 404
    assert path == "" or refusal(answer)


def test_a_refused_method_says_which_there_are(client: PortalClient) -> None:
    answer = client.post(f"{API}/site")
    assert refusal(answer) == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_errors_elsewhere_stay_pages(client: PortalClient) -> None:
    assert client.get("/api/v2/site").content_type == "text/html; charset=utf-8"
    assert client.get("/nothing?/api/v1/").content_type == "text/html; charset=utf-8"
