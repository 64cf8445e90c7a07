"""Checkable polls: a voter's own code, and checking it in the published list."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from portal.polls import acts, codes, merkle
from tests import cast
from tests.cast import PollIds
from tests.client import HTMX, PortalClient
from tests.polls.checking import a_listed_poll, actor, close, told, voted
from tests.polls.voting import form


@pytest.fixture
def poll(app: Flask) -> PollIds:
    return cast.a_poll(checkable=True, may_change=True)


@pytest.fixture
def listed(client: PortalClient) -> tuple[PollIds, str]:
    return a_listed_poll(client)


def test_a_voter_is_told_the_code_in_place_by_a_page_and_on_coming_back(client: PortalClient, poll: PollIds) -> None:
    code = told(client.swap("/en" + poll.url, form(poll, 0)).text)
    assert code
    assert told(client.get(f"/en{poll.url}/ket-qua").text) == code
    plain = client.submit("/en" + poll.url, form(poll, 2, changes=0))
    assert told(client.get(plain.headers["Location"]).text) == code, "a changed vote keeps its code"


def test_a_retried_vote_is_told_the_same_code(client: PortalClient, poll: PollIds) -> None:
    sent = form(poll, 0)
    first = told(client.swap("/en" + poll.url, sent).text)
    client.delete_cookie("browser")
    assert told(client.swap("/en" + poll.url, sent).text) == first


def test_nobody_else_is_told_a_code(client: PortalClient, poll: PollIds) -> None:
    code = told(client.swap("/en" + poll.url, form(poll, 0)).text)
    client.delete_cookie("browser")
    for path in ("", "/ket-qua", "/phieu", "/kiem-phieu"):
        text = client.get("/en" + poll.url + path).text
        assert code not in text
        assert told(text) is None


def test_a_light_poll_gives_no_code(client: PortalClient) -> None:
    light = cast.a_poll()
    assert told(client.swap("/en" + light.url, form(light, 0)).text) is None
    assert client.get(light.url + "/kiem-phieu").status_code == 404
    assert client.get(light.url + "/danh-sach-phieu.csv").status_code == 404


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("K7QF-2M9D", "K7QF-2M9D"),
        (" k7qf 2m9d ", "K7QF-2M9D"),
        ("k7qf2m9d.", "K7QF-2M9D"),
        ("Ｋ7ＱＦ–2M9D", "K7QF-2M9D"),
        ("OIL0-AAAA", "0110-AAAA"),
        ("K7QF-2M9", None),
        ("K7QF-2M9DD", None),
        ("K7QF-2M9U", None),
        ("Đ7QF-2M9D", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_it_is_meant(typed: str, meant: str | None) -> None:
    assert codes.read(typed) == meant


def test_a_code_is_forty_bits_of_a_keyed_hash() -> None:
    made = {codes.code_of(bytes(32), number.to_bytes(16, "big")) for number in range(2_000)}
    assert len(made) == 2_000
    assert {codes.read(code) for code in made} == made
    assert set("".join(made)) == {*codes.ALPHABET, "-"}
    assert codes.code_of(b"1" * 32, bytes(16)) != codes.code_of(b"2" * 32, bytes(16))


@pytest.mark.parametrize("number", range(1, 18))
def test_each_line_is_led_to_the_root_by_its_proof_alone(number: int) -> None:
    lines = [f"line {place}" for place in range(number)]
    for place, line in enumerate(lines):
        hashed = merkle.leaf(line)
        for step in merkle.proof(merkle.rows(lines), place):
            hashed = merkle.node(step.hash, hashed) if step.is_left else merkle.node(hashed, step.hash)
        assert hashed == merkle.root(lines)
    assert merkle.root([*lines[:-1], "another"]) != merkle.root(lines)


def test_a_tree_of_three_is_as_its_definition_says() -> None:
    a, b, c = (hashlib.sha256(b"\0" + one).digest() for one in (b"a", b"b", b"c"))
    left = hashlib.sha256(b"\1" + a + b).digest()
    assert merkle.root(["a", "b", "c"]) == hashlib.sha256(b"\1" + left + c).digest()


def test_a_voter_finds_the_vote_in_the_published_list(client: PortalClient, listed: tuple[PollIds, str]) -> None:
    poll, code = listed
    assert f'href="/en{poll.url}/kiem-phieu"' in client.get("/en" + poll.url).text
    for headers in ({}, HTMX):
        answer = client.submit(f"/en{poll.url}/kiem-phieu", {"ma": code.lower().replace("-", "")}, headers=headers)
        assert answer.status_code == 200
        assert "This code is in the published list." in answer.text
        assert "<li>Bình thường</li>" in answer.text
        assert f"<code>{code},1,{poll.choices[1]}</code>" in answer.text


def test_the_proof_on_the_page_leads_to_the_root_on_the_page(client: PortalClient, listed: tuple[PollIds, str]) -> None:
    poll, code = listed
    page = client.submit(f"/en{poll.url}/kiem-phieu", {"ma": code}).text
    hashed = merkle.leaf(re.search(r"<code>([^<]+,[^<]+)</code>", page)[1])  # type: ignore[index]
    steps = re.findall(r"<li>(on the left|on the right): <code>([0-9a-f]{64})</code>", page)
    assert steps
    for side, beside in steps:
        other = bytes.fromhex(beside)
        hashed = merkle.node(other, hashed) if side == "on the left" else merkle.node(hashed, other)
    assert f'<code class="poll-root">{hashed.hex()}</code>' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0000-0000", "This code is not in the list. Look at each letter again."),
        ("nhầm", "A code has eight letters and figures, such as K7QF-2M9D."),
        ("", "A code has eight letters and figures, such as K7QF-2M9D."),
        ('"><script>', "A code has eight letters and figures, such as K7QF-2M9D."),
    ],
)
def test_what_is_no_code_of_the_list_gets_a_sentence_and_stays_in_the_field(
    client: PortalClient, listed: tuple[PollIds, str], typed: str, said: str
) -> None:
    poll, _code = listed
    page = client.submit(f"/en{poll.url}/kiem-phieu", {"ma": typed})
    assert page.status_code == 422
    assert said in page.text
    assert "<script>" not in page.text
    if "<" not in typed:
        assert f'value="{typed}"' in page.text


def test_a_code_is_taken_from_our_own_pages_forms_alone(client: PortalClient, listed: tuple[PollIds, str]) -> None:
    poll, code = listed
    answer = client.submit(f"{poll.url}/kiem-phieu", {"ma": code}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    asked = client.get(f"/en{poll.url}/kiem-phieu?ma={code}").text
    assert code not in asked, "an address with a code would stand in histories and logs"


def test_the_script_in_the_documentation_reckons_the_root(client: PortalClient, listed: tuple[PollIds, str]) -> None:
    poll, _code = listed
    script = re.search(r"```python\n(.+?)```", Path("docs/checking.md").read_text("utf-8"), re.DOTALL)
    sheet = client.get(poll.url + "/danh-sach-phieu.csv").data
    reckoned = subprocess.run([sys.executable, "-c", script[1]], input=sheet, capture_output=True, check=True)  # type: ignore[index]
    assert reckoned.stdout.decode().strip() in client.get(f"/en{poll.url}/kiem-phieu").text


def test_archiving_publishes_first_and_the_list_outlives_the_secret(client: PortalClient, poll: PollIds) -> None:
    voted(poll, 30)
    code = told(client.swap("/en" + poll.url, form(poll, 1)).text)
    close(poll)
    acts.archive(poll.id, actor=actor())
    assert "This code is in the published list." in client.submit(f"/en{poll.url}/kiem-phieu", {"ma": code}).text
