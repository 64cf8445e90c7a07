"""Who may do what: each address, each way of asking, each role and unit has one outcome, which follows from what views declare.
A refusal stores its one line in the log, the same again within the minute nothing at all.

A new address falls in by itself. One that stands on a staff blueprint without `@needs`, or that names something of which
`asking.THINGS` does not know how to make it, fails until it says so.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from portal import create_app
from portal.accounts.permissions import ALLOWED, Reach
from portal.articles import attaching
from portal.articles.models import Article
from portal.core.access import PUBLIC, STAFF, audience
from portal.core.db import db, write
from portal.core.sessions import StaffSession, hash_of
from portal.core.staff import SAFE, Permission
from portal.files.models import Attachment
from portal.files.storage import keep
from portal.publishing import links
from portal.publishing.models import Piece
from tests import cast
from tests.client import HTMX, SAME_ORIGIN, PortalClient
from tests.guards.asking import (
    DOOR,
    EVERYBODY,
    HOME,
    SIGNED_IN,
    VISITOR,
    Kind,
    Person,
    apart_from_the_log,
    everything,
    log,
    path_of,
    somebody,
)


def declared(app: Flask, rule: Rule) -> Permission | None:
    needed: Permission | None = getattr(app.view_functions[rule.endpoint], "needs", None)
    return needed


def is_allowed(permission: Permission, kind: Kind, *, names_thing: bool) -> bool:
    """Tell what the one table says: a thing of another unit is out of reach of who reaches the own unit alone."""
    reach = ALLOWED[kind.role].get(permission) if kind.role else None
    return reach is Reach.EVERYTHING or (reach is Reach.OWN_UNIT and (not names_thing or kind.unit == HOME))


def staff_rules(app: Flask) -> Iterator[tuple[Rule, str, Permission]]:
    """Yield every rule for staff with each method that it takes by its own wish, and the permission that it needs."""
    for rule in app.url_map.iter_rules():
        needed = declared(app, rule)
        if audience(app, rule.endpoint) == STAFF and needed is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, needed


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    """With e-mail, so that every page is there; the server is none, so that nothing is sent."""
    return {**settings, "SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "nguoi-0@example.vn"}


def test_every_staff_address_declares_what_it_needs(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if audience(app, rule.endpoint) == STAFF]
    assert rules
    assert [rule.rule for rule in rules if not isinstance(declared(app, rule), Permission)] == []


def test_every_thing_that_a_staff_address_names_can_be_made(app: Flask) -> None:
    for rule, _method, _needed in staff_rules(app):
        path_of(rule, somebody(app, SIGNED_IN[0]))


class Wrong(list[str]):
    """What came otherwise than it is declared."""

    def note(self, what: str, *, came: object, wanted: object) -> None:
        if came != wanted:
            self.append(f"{what}: {came}, not {wanted}")


@pytest.mark.slow(why="asks every staff address as everybody")
@pytest.mark.parametrize("kind", SIGNED_IN, ids=str)
def test_who_is_allowed_gets_in_and_who_is_not_finds_nothing(app: Flask, kind: Kind) -> None:
    wrong = Wrong()
    for rule, method, needed in staff_rules(app):
        person = somebody(app, kind)
        path = path_of(rule, person)
        before = apart_from_the_log()
        for headers in ({}, HTMX):
            what = f"{method} {rule.rule} as {kind}{' in place' if headers else ''}"
            if is_allowed(needed, kind, names_thing=bool(rule.arguments)):
                fresh = somebody(app, kind) if method not in SAFE else person
                path = path_of(rule, fresh) if method not in SAFE else path
                status = fresh.ask(method, path, headers=headers).status_code
                wrong.note(what, came=status in {401, 403, 404, 405} or status >= 500 or status, wanted=status)
            else:
                lines = log()
                answer = person.ask(method, path, headers=headers)
                wrong.note(what, came=answer.status_code, wanted=404)
                wrong.note(f"{what} stores", came=apart_from_the_log() == before, wanted=True)
                told = [] if headers else [refusal_of(person, rule, path)]
                wrong.note(f"{what} is on record", came=log(), wanted=[*lines, *told])
    assert not wrong, "\n".join(wrong)


def refusal_of(person: Person, rule: Rule, path: str) -> tuple[int | None, str, str, dict[str, Any]]:
    """Return the line of the log that somebody's refusal leaves; the thing is the number in the address, where it names one."""
    first, number = re.search(r"<(?:\w+:)?(\w+)>", rule.rule), re.search(r"/(\d+)(?:/|$)", path)
    named = first[1] if first else ""
    thing = f"{named.removesuffix('_id')}:{number[1]}" if named.endswith("_id") and number else ""
    return person.user.id if person.user else None, "access_refused", thing, {"answer": "not_found", "endpoint": rule.endpoint}


def test_a_visitor_is_led_to_the_sign_in_page_and_changes_nothing(app: Flask) -> None:
    wrong, visitor = Wrong(), somebody(app, VISITOR)
    for rule, method, _needed in staff_rules(app):
        path = path_of(rule, visitor)
        before = everything()
        for prefix in ("", "/en"):
            answer = visitor.ask(method, prefix + path)
            if method == "GET":
                led = f"{prefix}{DOOR}/dang-nhap?next={prefix}{path}"
                wrong.note(rule.rule, came=(answer.status_code, answer.headers.get("Location")), wanted=(303, led))
            else:
                wrong.note(f"{method} {rule.rule}", came=answer.status_code, wanted=401)
            wrong.note(f"{rule.rule} in place", came=visitor.ask(method, prefix + path, headers=HTMX).status_code, wanted=401)
        wrong.note(f"{method} {rule.rule} stores", came=everything() == before, wanted=True)
    assert not wrong, "\n".join(wrong)


FORGED: list[dict[str, str]] = [{"token": ""}, {"token": 64 * "0"}]


def test_what_writes_takes_a_form_of_ours_alone(app: Flask) -> None:
    wrong = Wrong()
    for rule, method, needed in staff_rules(app):
        if method in SAFE:
            continue
        kind = next(one for one in SIGNED_IN if is_allowed(needed, one, names_thing=True))
        person, other = somebody(app, kind), somebody(app, kind)
        path = path_of(rule, person)
        before = everything()
        for form in (*FORGED, {"token": other.token}):
            wrong.note(f"{rule.rule} with {form}", came=person.ask(method, path, **form).status_code, wanted=403)
        for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
            wrong.note(f"{rule.rule} from {foreign}", came=person.ask(method, path, headers=foreign).status_code, wanted=403)
        null = person.browser.open(path, method=method, headers={"Origin": "null"}, data={"token": person.token})
        wrong.note(f"{rule.rule} from null", came=null.status_code, wanted=403)
        json = person.browser.open(path, method=method, headers=SAME_ORIGIN, json={"token": person.token})
        wrong.note(f"{rule.rule} as JSON", came=json.status_code, wanted=403)
        wrong.note(f"{rule.rule} stores", came=everything() == before, wanted=True)
    assert not wrong, "\n".join(wrong)


OVERRIDES = [{"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "DELETE"}, {"X-Method-Override": "PUT"}]


def test_no_reading_writes_whatever_it_calls_itself(app: Flask) -> None:
    """GET, HEAD and OPTIONS of every staff address; where only forms are taken, GET is 405."""
    wrong = Wrong()
    taken = {rule.rule: set[str]() for rule, _method, _needed in staff_rules(app)}
    for rule, method, _needed in staff_rules(app):
        taken[rule.rule].add(method)
    for rule, _method, needed in staff_rules(app):
        kind = next(one for one in SIGNED_IN if is_allowed(needed, one, names_thing=True))
        person = somebody(app, kind)
        path, reads = path_of(rule, person), "GET" in taken[rule.rule]
        before = everything()
        plain = person.ask("GET", path).status_code
        wrong.note(f"GET {rule.rule}", came=plain == 405, wanted=not reads)
        wrong.note(f"HEAD {rule.rule}", came=person.ask("HEAD", path).status_code, wanted=plain)
        wrong.note(f"OPTIONS {rule.rule}", came=person.ask("OPTIONS", path).status_code, wanted=200)
        for headers in OVERRIDES:
            wrong.note(f"GET {rule.rule} {headers}", came=person.ask("GET", path, headers=headers).status_code, wanted=plain)
        for name in ("_method", "method", "token"):
            value = person.token if name == "token" else "POST"
            asked = person.browser.get(path, query_string={name: value}, headers=SAME_ORIGIN)
            wrong.note(f"GET {rule.rule}?{name}", came=asked.status_code, wanted=plain)
        for method in {"POST", "PUT", "PATCH", "DELETE"} - taken[rule.rule]:
            wrong.note(f"{method} {rule.rule}", came=person.ask(method, path).status_code, wanted=405)
        wrong.note(f"reading {rule.rule} stores", came=everything() == before, wanted=True)
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def full_site(demo_instance: Path, tmp_path: Path) -> Iterator[Flask]:
    """A portal with the demo content, its pictures and files, so that every public address leads somewhere."""
    shutil.copytree(demo_instance, tmp_path / "full")
    app = create_app({"INSTANCE": str(tmp_path / "full"), "TESTING": True, "PAGE_CACHE_BYTES": 0})
    app.test_client_class = PortalClient
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def public_examples(client: PortalClient) -> dict[str, str]:
    """Return an address for each public rule that names something, out of the demo."""
    article = db.session.scalars(select(Article).where(Article.poll_id.is_not(None), Article.language == "vi")).first()
    assert article is not None
    page = f"/bai-viet/{article.slug}-{article.id}"
    html = client.get("/").text + client.get(page).text
    patterns = (r'"(/tep/\w+)"', r"(/anh/\w+/\d+\.webp)", r"(/so-lieu/[^\"]+\.gif)")
    file, picture, beacon = (re.findall(pattern, html)[0] for pattern in patterns)
    many = select(Attachment.place).group_by(Attachment.place).having(func.count() > 1).order_by(Attachment.place).limit(1)
    section, listed = "/chuyen-muc/cai-cach-hanh-chinh", cast.a_poll(checkable=True, listed_root=bytes(32)).url
    return {
        "/anh/<key>/<id:width>.webp": picture,
        "/bai-viet/<slug:slug>-<id:article_id>": page,
        "/oembed": "/oembed?url=http%3A%2F%2Flocalhost%2Ftham-do%2F1",
        "/tep/<key>": file,
        "/tep/<key>/mo": f"{file}/mo",
        "/tep/<key>/xem": f"{file}/xem",
        "/tep/<key>/trang/<id:number>.webp": f"{file}/trang/1.webp",
        "/tep/tat-ca/<slug:noun>-<id:number>.zip": f"/tep/tat-ca/{(db.session.scalar(many) or '').replace(':', '-')}.zip",
        "/chuyen-muc/<slug:slug>": section,
        "/chuyen-muc/<slug:slug>/<id:year>": f"{section}/2022",
        "/chuyen-muc/<slug:slug>/<id:year>/<id:month>": f"{section}/2022/3",
        "/chuyen-muc/<slug:slug>/rss.xml": f"{section}/rss.xml",
        "/chuyen-muc/<slug:slug>/atom.xml": f"{section}/atom.xml",
        "/luu-tru/<id:year>": "/luu-tru/2022",
        "/luu-tru/<id:year>/<id:month>": "/luu-tru/2022/3",
        "/trang/<slug:slug>": "/trang/ngan-sach",
        "/so-lieu/<page>.gif": beacon,
        "/xem-truoc/<key>": f"/xem-truoc/{a_preview()}",
        "/xem-truoc/<key>/tep/<id:file_id>": a_file_by_link(),
        **{f"/tham-do/<id:poll_id>/{part}": f"{listed}/{part}" for part in ("kiem-phieu", "danh-sach-phieu.csv")},
    }


def a_file_by_link() -> str:
    """Attach a file to the first piece, make a preview link of it, and return the address of the file by that link."""
    piece_id = db.session.scalars(select(Piece.id).order_by(Piece.id)).first() or 0
    actor, stored = cast.somebody(), keep(cast.A_PDF)
    how: dict[str, Any] = {"actor": actor, "may_edit": True}
    file_id = write(lambda session: attaching.add(session, piece_id, stored, "Kế hoạch.pdf", **how))
    return f"/xem-truoc/{links.make(piece_id, actor=actor)}/tep/{file_id}"


def a_preview() -> str:
    """Make a preview link of the first piece and return its key."""
    return links.make(db.session.scalars(select(Piece.id).order_by(Piece.id)).first() or 0, actor=cast.somebody())


KEYS = {"article_id": 1, "poll_id": 1, "section_id": 1, "number": 1}


def public_path(rule: Rule, examples: dict[str, str]) -> str:
    known = examples.get(rule.rule)
    if known is None and rule.rule.startswith(DOOR):  # links that count once: one that is none
        known = rule.rule.replace("<key>", 43 * "a")
    built = None if known else rule.build({name: KEYS[name] for name in rule.arguments & KEYS.keys()})
    path = known or (built and built[1])
    assert path, f"{rule.rule}: say in public_examples what it looks like"
    return path


@pytest.mark.slow(why="asks every public address as everybody")
@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["pages", "in place"])
def test_what_is_public_is_the_same_for_all(full_site: Flask, headers: dict[str, str]) -> None:
    """The clock stands: figures that are remembered for a minute are not renewed between two people."""
    people = [somebody(full_site, kind) for kind in EVERYBODY]
    examples, wrong = public_examples(people[0].browser), Wrong()
    for rule in full_site.url_map.iter_rules():
        if audience(full_site, rule.endpoint) != PUBLIC:
            continue
        path, is_door = public_path(rule, examples), rule.rule.startswith(DOOR)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            people = [renewed(full_site, one) for one in people]
            answers = [one.ask(method, path, headers=headers) for one in people[is_door:]]
            statuses = {answer.status_code for answer in answers}
            wrong.note(f"{method} {rule.rule}", came=len(statuses), wanted=1)
            if not is_door:
                wrong.note(f"{method} {path} leads somewhere", came=max(statuses) < 400 or method == "POST", wanted=True)
            if method == "GET" and not is_door:
                wrong.note(f"what {rule.rule} shows", came=len({answer.data for answer in answers}), wanted=1)
    assert not wrong, "\n".join(wrong)


def renewed(app: Flask, person: Person) -> Person:
    """Return the person, or another of the same kind where what was asked before has ended the session."""
    db.session.rollback()
    gone = person.user is not None and db.session.get(StaffSession, hash_of(person.key)) is None
    return somebody(app, person.kind) if gone else person
