"""What is said of a step that was taken: a sentence for each, and none for any other word."""

from flask import Flask

from portal.core import clock
from portal.publishing import done
from portal.publishing.choices import EXPLAINED, LABELS, SLUGS
from portal.publishing.models import Piece


def test_each_step_has_its_words(app: Flask) -> None:
    said = [done.sentence(word) for word in SLUGS.values()]
    assert all(said)
    assert len(set(said)) == len(said)
    assert SLUGS.keys() == LABELS.keys() == EXPLAINED.keys()


def test_no_other_word_says_anything(app: Flask) -> None:
    assert [done.sentence(word) for word in ("", "khac", "<b>", "GUI-DUYET")] == [""] * 4


def test_a_schedule_says_its_minute(app: Flask) -> None:
    piece = Piece(publish_at=clock.instant_at("2026-03-24T08:00"))
    assert "08:00 ngày 24/03/2026" in done.sentence("hen-gio", piece)
