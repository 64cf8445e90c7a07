# ruff: noqa: E501 - user agents are as long as they are
"""Whose loads are views: those of readers, and of nobody and nothing else."""

from flask import Flask

from portal.core.sessions import cookie_name
from portal.visits import pagekeys
from tests import cast
from tests.client import READER, SAME_ORIGIN, PortalClient
from tests.visits.readers import BEACON, PAGE, Reader, sums, token

PROGRAMS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (Linux; Android 6.0.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 (compatible; GPTBot/1.2)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "curl/8.5.0",
    "python-requests/2.32.3",
    "Wget/1.21.3 (linux-gnu)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
    "",
    "Mozilla/5.0",
    "Mozilla",
    "short / one",
    "no slash in this agent",
    "no-space/in-this-agent",
]
READERS = [
    READER,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 9; SM-J730G) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/99.0 Mobile Safari/537.36 Zalo/23.1 android/28",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/400.0]",
    "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; vi) Presto/2.12.423 Version/12.16",
]
AHEAD = [
    {"Sec_Purpose": "prefetch"},
    {"Sec_Purpose": "prefetch;prerender"},
    {"Sec_Purpose": "prefetch;anonymous-client-ip"},
    {"Purpose": "prefetch"},
    {"Purpose": "Prefetch"},
    {"X_Moz": "prefetch"},
    {"X_Purpose": "preview"},
]


def test_every_reader_counts(client: PortalClient) -> None:
    for number, agent in enumerate(READERS, start=1):
        assert Reader(client, agent=agent).sees().status_code == 200, agent
        assert sums() == (number, number), agent


def test_no_program_counts(client: PortalClient) -> None:
    for agent in PROGRAMS:
        assert Reader(client, agent=agent).sees().status_code == 200, agent
        assert Reader(client, agent=agent).sees_picture().status_code == 200, agent
        assert sums() == (0, 0), agent


def test_what_a_browser_fetches_ahead_does_not_count(client: PortalClient) -> None:
    reader = Reader(client)

    for headers in AHEAD:
        reader.sees(**headers)
        reader.sees_picture(**headers)
        assert sums() == (0, 0), headers


def test_a_very_long_agent_is_a_reader_all_the_same(client: PortalClient) -> None:
    assert Reader(client, agent=READER + " x" * 5_000).sees().status_code == 200
    assert sums() == (1, 1)


def test_a_browser_without_scripts_counts_by_the_picture(client: PortalClient) -> None:
    answer = Reader(client).sees_picture()

    assert (answer.status_code, answer.mimetype) == (200, "image/gif")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    assert sums() == (1, 1)


def test_asking_about_the_picture_does_not_count(client: PortalClient) -> None:
    assert Reader(client).sees_picture(method="HEAD").status_code == 200
    assert sums() == (0, 0)


def test_another_sites_page_cannot_make_readers_count(client: PortalClient) -> None:
    reader = Reader(client)

    reader.sees_picture(Sec_Fetch_Site="cross-site")
    refused = [
        reader.sees(Sec_Fetch_Site="cross-site"),
        reader.sees(Sec_Fetch_Site=None),
        reader.sees(Sec_Fetch_Site=None, Origin="https://elsewhere.example"),
    ]

    assert [answer.status_code for answer in refused] == [403] * 3
    assert sums() == (0, 0)


def test_looking_by_get_does_not_count(client: PortalClient) -> None:
    assert client.get(BEACON).status_code == 405
    assert client.head(BEACON).status_code == 405
    assert sums() == (0, 0)


def test_staff_does_not_count_while_signed_in(app: Flask, client: PortalClient) -> None:
    reader = Reader(client)
    client.set_cookie(cookie_name(app), cast.signed_in())

    assert reader.sees().status_code == 200
    assert reader.sees_picture().status_code == 200
    assert sums() == (0, 0)

    client.delete_cookie(cookie_name(app))
    reader.sees()
    assert sums() == (1, 1)


def test_a_cookie_that_nobody_signed_in_with_hides_no_reader(app: Flask, client: PortalClient) -> None:
    client.set_cookie(cookie_name(app), "x" * 43)

    Reader(client).sees()

    assert sums() == (1, 1)


def test_only_pages_with_our_key_count(client: PortalClient) -> None:
    for wrong in ("", "article:1", "article:1.", "article:1.AAAA", "x" * 500, "\N{BLACK HEART SUIT}", [pagekeys.sign(PAGE)] * 2):
        assert client.swap(BEACON, {"page": wrong, "load": token()}).status_code == 400, wrong

    assert sums() == (0, 0)


def test_the_key_of_one_page_counts_no_other(client: PortalClient) -> None:
    signature = pagekeys.sign(PAGE).rpartition(".")[2]

    assert client.swap(BEACON, {"page": f"article:2.{signature}", "load": token()}).status_code == 400
    assert client.get(f"{BEACON}/article:2.{signature}.gif").status_code == 404
    assert sums() == (0, 0)


def test_a_load_id_that_no_script_makes_is_refused(client: PortalClient) -> None:
    page = pagekeys.sign(PAGE)
    for wrong in ("", "abc", "z" * 32, "a" * 31, "a" * 33, "a" * 64, ["a" * 32, "b" * 32]):
        assert client.swap(BEACON, {"page": page, "load": wrong}).status_code == 400, wrong
    assert sums() == (0, 0)


def test_a_page_that_is_not_there_asks_nobody_to_count(client: PortalClient) -> None:
    missing = client.get("/bai-viet/khong-co-99")

    assert missing.status_code == 404
    assert "page-seen" not in missing.text
    assert BEACON + "/" not in missing.text.replace(BEACON + "/cach-tinh", "")


def test_rendering_a_page_counts_nothing_by_itself(client: PortalClient) -> None:
    article = cast.an_article()

    page = client.get(cast.article_path(article), headers=SAME_ORIGIN)

    assert 'id="page-seen"' in page.text
    assert sums() == (0, 0)
