"""What the page for writing says beside a text: numbers that may be somebody's own, old encodings, what is still missing."""

import hashlib
from typing import Any

from portal.articles import private, retyping
from portal.core.web import fragment
from portal.publishing import kinds
from portal.publishing.models import Content, Piece


def values(piece: Piece, content: Content, kept: tuple[str, ...]) -> dict[str, Any]:
    """Return what is said of a content, and under what name the page knows it; `kept`: marks of passages that stay so."""
    old, number_of_old = retyping.told(content, kept)
    said = {"private": private.numbers(content), "old": old, "number_of_old": number_of_old}
    said["missing"] = kinds.of(piece).missing(content)
    digest = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
    return {**said, "noticed": digest, "kept_marks": " ".join(kept), "convert_all": retyping.ALL}


def changed(piece: Piece, content: Content, kept: tuple[str, ...], shown: str) -> str:
    """Return what a save in place puts beside the text anew: nothing where it would say what the page shows already."""
    said = values(piece, content, kept)
    if shown in {"", said["noticed"]}:
        return ""
    return fragment("articles/editor/_noticed.html", **said, may_change=True, is_changed=True)
