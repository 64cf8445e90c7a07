"""What an administrator saves is what every visitor sees within a second: by every process, on every node."""

import time

import pytest

from portal.settings import changing, groups
from tests import cast
from tests.serving.server import Server, get

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="real servers")]

ENOUGH = 8


def test_a_saved_setting_is_seen_by_visitors_within_a_second(server: Server, app: object) -> None:
    administrator = cast.somebody("administrator")
    setting = groups.find("co-quan")
    assert setting is not None
    assert all("0255 999 9999" not in get(server, "/").text for _ in range(ENOUGH))
    now = changing.now(setting)
    outcome = changing.save(setting, {**now.values, "hotline": "0255 999 9999"}, seen=now.seen, actor=administrator)
    time.sleep(1.0)
    assert outcome is changing.Outcome.SAVED
    assert all("0255 999 9999" in get(server, path).text for path in ("/", "/en/", "/so-do-trang") for _ in range(ENOUGH))
