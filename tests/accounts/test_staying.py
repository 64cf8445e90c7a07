"""How long a session goes on is told to the pages that stand open; going on is work, asking is none."""

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.core import clock
from tests.accounts.browser import SIGN_IN, token_of
from tests.accounts.holding import OWN
from tests.client import PortalClient


def test_what_is_left_is_told_and_asking_is_no_work(
    app: Flask, staff: PortalClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert staff.get("/ban-bien-tap/con-lai").get_json() == {"left": pytest.approx(3600, abs=5), "user": user.id}
    token, later = token_of(staff, OWN), clock.now_ms() + 50 * clock.MINUTE
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    for _ in range(2):
        assert staff.get("/ban-bien-tap/con-lai").get_json()["left"] == pytest.approx(600, abs=30)
    answer = staff.post("/ban-bien-tap/tiep-tuc", headers={"Sec-Fetch-Site": "same-origin", "X-Form-Token": token})
    assert answer.get_json()["left"] == pytest.approx(3600, abs=5)
    assert staff.get("/ban-bien-tap/con-lai").get_json()["left"] == pytest.approx(3600, abs=5)
    over = later + clock.HOUR
    monkeypatch.setattr(clock, "now_ms", lambda: over)
    assert staff.get("/ban-bien-tap/con-lai").get_json() == {"left": 0, "user": None}


def test_nobody_goes_on_without_the_token(staff: PortalClient, visitor: PortalClient) -> None:
    assert staff.submit("/ban-bien-tap/tiep-tuc").status_code == 403
    assert visitor.submit("/ban-bien-tap/tiep-tuc").status_code == 401
    assert visitor.get("/ban-bien-tap/con-lai").get_json() == {"left": 0, "user": None}


def test_a_page_says_whose_session_it_is_and_how_long(staff: PortalClient, visitor: PortalClient, user: User) -> None:
    assert f'data-user="{user.id}" data-left="3' in staff.get(OWN).text
    assert "data-user" not in visitor.get(SIGN_IN).text
