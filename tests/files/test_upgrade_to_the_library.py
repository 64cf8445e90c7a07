"""A database of the release before: attachments become part of each text, files are in the library, uses known."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import JSON, bindparam, select, text

from portal.articles.published import ArticleKind
from portal.core.db import db, write
from portal.files.models import Item, Use
from portal.publishing import revisions
from portal.publishing.models import Revision
from portal.publishing.rules import Step
from tests import cast
from tests.client import PortalClient
from tests.publishing.writing import article_of, published, save, take

BEFORE = "0012"


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("is_published_again", [False, True], ids=["as it is", "published again"])
def test_what_was_attached_stays_whatever_is_done_next(app: Flask, client: PortalClient, *, is_published_again: bool) -> None:
    unit = cast.a_unit()
    author, publisher = cast.somebody("author", unit=unit), cast.somebody("publisher")
    piece_id = published(app, author, publisher)
    key = cast.an_attachment(article_of(piece_id).id)
    plain = "UPDATE revision SET content = :content"
    content = {**db.session.scalars(select(Revision)).one().content}
    del content["attachments"]
    downgrade(revision=BEFORE)
    write(lambda session: session.execute(text(plain).bindparams(bindparam("content", content, type_=JSON))))
    upgrade()
    kept = db.session.scalars(select(Revision)).one()
    assert [one["key"] for one in kept.content["attachments"]] == [key]
    assert kept.digest == revisions.digest(kept.content)
    assert ArticleKind().cleaned(kept.content) == kept.content
    (item,), places = db.session.scalars(select(Item)), set(db.session.scalars(select(Use.place)))
    assert (item.name, item.unit_id) == ("Kế hoạch.pdf", unit)
    assert places == {f"article:{article_of(piece_id).id}", f"draft:{piece_id}"}
    if is_published_again:
        save(app, piece_id, author, title="Tên mới")
        take(app, Step.SUBMIT, piece_id, author)
        take(app, Step.PUBLISH, piece_id, publisher, note="")
    assert client.get(f"/tep/{key}").data == cast.A_PDF
