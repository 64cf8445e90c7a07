"""A signed PDF says by whom, and whether it is still what was signed; its bytes are never written anew."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from flask import Flask
from sqlalchemy import select, update

from portal.core.db import db, write
from portal.core.limits import Ended
from portal.files import renditions, signatures, signing
from portal.files.models import Rendering
from tests import cast
from tests.client import PortalClient
from tests.files import documents, samples


@pytest.fixture
def database() -> str:
    return "sqlite"


SIGNED = documents.a_signed_pdf()


def said_of(client: PortalClient, content: bytes) -> tuple[list[dict[str, Any]] | None, str]:
    """Attach a PDF, have it looked through, and return what is known of its signatures, and the page of its article."""
    article = cast.an_article()
    cast.an_attachment(article, content)
    renditions.render_waiting()
    db.session.rollback()
    return db.session.scalars(select(Rendering.signatures)).one(), client.get(cast.article_path(article)).text


def test_who_signed_is_told_to_readers(app: Flask, client: PortalClient, here: None) -> None:
    (one,), page = said_of(client, SIGNED)[0] or [], client.get("/").text
    assert (one["signer"], one["is_whole"]) == ("Nguyễn Văn A", True)
    assert one["at"] > 0
    assert page


def test_a_line_says_that_nothing_was_changed(app: Flask, client: PortalClient, here: None) -> None:
    _said, page = said_of(client, SIGNED)
    assert "Có chữ ký số của Nguyễn Văn A, nội dung không đổi từ khi ký" in page


def test_a_file_that_was_changed_says_so(app: Flask, client: PortalClient, here: None) -> None:
    _said, page = said_of(client, SIGNED.replace(b"Trang mot", b"Trang hai"))
    assert "Nội dung đã bị thay đổi sau khi Nguyễn Văn A ký số" in page
    assert "không đổi" not in page


@pytest.mark.parametrize("content", [samples.a_pdf(), samples.a_pdf(extra=samples.SIGNED)], ids=["none", "unreadable"])
def test_what_cannot_be_read_is_not_vouched_for(app: Flask, client: PortalClient, here: None, content: bytes) -> None:
    _said, page = said_of(client, content)
    assert "không đổi từ khi ký" not in page


@pytest.mark.slow(why="looks in a process with limits")
def test_signatures_are_looked_at_in_a_process_with_limits(app: Flask, client: PortalClient) -> None:
    said, _page = said_of(client, SIGNED)
    assert [one["is_whole"] for one in said or []] == [True]


def test_the_bytes_that_readers_get_are_those_that_were_signed(app: Flask, client: PortalClient) -> None:
    assert client.get(f"/tep/{cast.an_attachment(cast.an_article(), SIGNED)}").data == SIGNED


def test_a_key_of_a_kind_that_is_unknown_here_is_not_vouched_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any) -> None:
        raise UnsupportedAlgorithm("1.2.643.7.1.1.1.1")

    monkeypatch.setattr(signing, "validate_pdf_signature", unknown)
    path = tmp_path / "signed"
    path.write_bytes(SIGNED)
    assert [one["is_whole"] for one in signing.look({"source": str(path)})] == [False]


def test_what_an_older_release_did_not_ask_is_asked_once_more(app: Flask, client: PortalClient, here: None) -> None:
    said, _page = said_of(client, SIGNED)
    write(lambda session: session.execute(update(Rendering).values(signatures=None)))
    signatures.look_again({})
    db.session.rollback()
    assert db.session.scalars(select(Rendering.signatures)).one() == said
    unreadable = samples.a_pdf(extra=samples.SIGNED)
    cast.an_attachment(cast.an_article(), unreadable)
    renditions.render_waiting()
    signatures.look_again({})
    db.session.rollback()
    assert [] in db.session.scalars(select(Rendering.signatures)).all(), "and no third time"


def test_pages_are_drawn_where_the_look_at_signatures_breaks_down(
    app: Flask, client: PortalClient, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = renditions.call

    def broken(target: str, argument: Any, **limits: Any) -> Any:
        if target == renditions.SIGNING:
            raise Ended(target)
        return real(target, argument, **limits)

    monkeypatch.setattr(renditions, "call", broken)
    said, page = said_of(client, SIGNED)
    assert (said, "1 trang · Có chữ ký số" in page) == (None, True)
