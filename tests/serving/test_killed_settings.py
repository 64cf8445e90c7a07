"""Killing the serving process while settings are saved: what was acknowledged is in the history once, and on the pages."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from flask import Flask

from portal.core.sessions import cookie_name
from tests import cast
from tests.polls.test_poll_pages import within_two_seconds
from tests.serving.killing import send_while_killed, until_acknowledged
from tests.serving.server import Answer, Server, get, post
from tests.settings.forms import SETTINGS, Filled, changes

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="a real server, killed several times")]


@dataclass
class Clerk:
    """An administrator who changes one field of a setting, and presses the button until it is said to be saved."""

    server: Server
    setting: str
    changed: str
    cookie: str
    acknowledged: list[str] = field(default_factory=list)
    repeats: int = 0

    def save(self, text: str) -> None:
        """Open the form, change it and send it; once more with what somebody else has changed meanwhile."""
        while (answer := self._sent({**self.opened(), self.changed: text})).status == 409:
            assert text in answer.text
        assert answer.status == 303
        self.acknowledged.append(text)

    def opened(self) -> dict[str, str]:
        answers = list[Answer]()

        def ask() -> int:
            answers.append(get(self.server, f"{SETTINGS}/{self.setting}", Cookie=self.cookie))
            return answers[-1].status

        self.repeats += until_acknowledged(ask)
        return Filled(answers[-1].text).fields

    def _sent(self, form: dict[str, str]) -> Answer:
        answers = list[Answer]()

        def send() -> int:
            answers.append(post(self.server, f"{SETTINGS}/{self.setting}", {**form, "do": "save"}, Cookie=self.cookie))
            return 200 if answers[-1].status in {303, 409} else answers[-1].status

        self.repeats += until_acknowledged(send)
        return answers[-1]


def at_work(server: Server, app: Flask, setting: str, changed: str) -> Clerk:
    user = cast.somebody("administrator")
    return Clerk(server, setting, changed, f"{cookie_name(app)}={cast.session_of(user)}")


def test_each_acknowledged_change_is_there_once_and_readers_see_the_last(server: Server, app: Flask) -> None:
    """Two change the agency's data, each another field; two a setting of their own each."""
    places = [("co-quan", "hours"), ("co-quan", "licence"), ("chuyen-muc", "0-name"), ("trinh-don-en", "0-label")]
    clerks = [at_work(server, app, *place) for place in places]
    before = {name: len(changes(name)) for name, _field in places}

    def changes_it(person: int, turn: int) -> int:
        clerks[person].save(f"Người {person}, lần {turn}")
        return clerks[person].repeats

    send_while_killed(server, changes_it, people=len(clerks))

    for name in {name for name, _field in places}:
        made = changes(name)[before[name] :]
        mine = [one for one in clerks if one.setting == name]
        told = Counter(text for one in mine for text in one.acknowledged)
        assert Counter(text for change in made for text in written(change.before, change.after)) == told
        assert [one.before for one in made[1:]] == [one.after for one in made[:-1]]
        shown = mine[0].opened()
        assert [shown[one.changed] for one in mine] == [one.acknowledged[-1] for one in mine]
    server.wait_until_it_answers()

    def is_seen() -> bool:
        pages = get(server, "/").text, get(server, "/en/").text
        return all(one.acknowledged[-1] in page for one, page in zip(clerks, (*3 * pages[:1], pages[1]), strict=True))

    assert within_two_seconds(is_seen)


def written(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """Return what a change has put where something else stood."""
    if "rows" in after:
        rows = zip(before["rows"], after["rows"], strict=True)  # type: ignore[call-overload]
        return [text for old, new in rows for text in written(old, new)]
    return [str(text) for name, text in after.items() if text != before[name]]
