"""What the first release attached has its quick view after an upgrade."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from portal.core import clock, jobs
from portal.core.db import db, write
from portal.core.jobs import Job
from portal.files import renditions, storage
from portal.files.models import Rendering
from tests import cast
from tests.client import PortalClient
from tests.files import samples

KEY = "ab" * 16
FILE = "INSERT INTO file (sha256, size, kind, stored_as, created_at) VALUES (:sha256, :size, :kind, :stored_as, 1) RETURNING id"
ATTACHMENT = "INSERT INTO attachment (key, file_id, place, name, position) VALUES (:key, :file_id, 'article:1', 'a.pdf', 1)"


def put(content: bytes, key: str | None) -> int:
    """Store a file as the first release did, attached under a key or left alone, and return its id."""
    stored = storage.keep(content)
    values = {"sha256": stored.sha256, "size": stored.size, "kind": stored.kind, "stored_as": stored.stored_as}
    with db.engine.begin() as connection:
        file_id: int = connection.execute(text(FILE), values).scalar_one()
        if key:
            connection.execute(text(ATTACHMENT), {"key": key, "file_id": file_id})
    return file_id


@pytest.mark.usefixtures("here")
def test_files_of_the_first_release_are_rendered_after_the_upgrade(
    app: Flask, client: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    downgrade(revision="0001")
    asked = [put(samples.a_pdf(["Mot"]), KEY), put(samples.a_photo(400), "cd" * 16)]
    put(samples.a_pdf(["Khong ai dung"]), None)
    put(b"PK\x05\x06" + bytes(18), "ef" * 16)
    upgrade()
    assert cast.an_article() == 1
    assert db.session.scalars(select(Rendering.file_id).order_by(Rendering.file_id)).all() == asked
    assert "Đang chuẩn bị bản xem nhanh" in client.get(f"/tep/{KEY}/xem").text
    later = clock.now_ms() + clock.MINUTE
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    jobs.run_due()
    assert db.session.scalars(select(Rendering.state)).all() == ["ready", "ready"]
    assert "<div>Mot</div>" in client.get(f"/tep/{KEY}/xem").text


@pytest.mark.usefixtures("here")
def test_going_back_leaves_no_job_that_an_older_release_cannot_do(app: Flask) -> None:
    cast.an_attachment(cast.an_article(), samples.a_pdf(["Mot"]))
    downgrade(revision="0003")
    assert write(lambda session: session.scalars(select(Job).where(Job.kind == renditions.JOB)).all()) == []
    upgrade()
    assert renditions.render_waiting() == 1
