"""What happened to a piece, as lines: who saved or did what, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.audit import vocabulary
from portal.core import formats
from portal.core.language import _
from portal.publishing import moments
from portal.publishing.forms import HOW
from portal.publishing.models import Piece, Revision, Taken

KINDS = {
    "first": _l("First text"),
    "auto": _l("Saved by itself"),
    "saved": _l("Saved by hand"),
    "kept": _l("Kept beside"),
    "restored": _l("Restored"),
}
"""How a revision came to be."""


@dataclass(frozen=True, slots=True)
class Line:
    """A revision (`number` is its own) or a step (0): `what` in words, by whom, when, and what was said with it."""

    at: int
    who: str
    when: str
    what: str
    number: int = 0
    name: str = ""
    base: int = 0
    """Of what was kept beside: the revision from which it was written."""
    is_kept: bool = False
    """Beside the others, to be chosen from."""
    is_head: bool = False
    is_public: bool = False
    remarks: tuple[tuple[str, str], ...] = ()
    """What was said: each with what it is."""


def revision_line(revision: Revision, piece: Piece) -> Line:
    """Return a revision as a line."""
    return Line(
        at=revision.at,
        who=_who(revision.author),
        when=formats.moment(revision.at),
        what=str(KINDS[revision.kind]),
        number=revision.number,
        name=revision.name,
        base=revision.base if revision.kind in {"kept", "restored"} else 0,
        is_kept=revision.kind == "kept",
        is_head=revision.number == piece.head,
        is_public=revision.number == piece.public and piece.standing == "published",
    )


def step_line(taken: Taken) -> Line:
    """Return a step as a line."""
    return Line(
        at=taken.at,
        who=_who(taken.actor) if taken.actor_id is not None else _("the clock"),
        when=formats.moment(taken.at),
        what=str(vocabulary.PIECE_STEPS[taken.step].sentence),
        remarks=tuple(_remarks(taken)),
    )


def _who(user: Any) -> str:
    return str(user.name) if user is not None else _("before this site kept a history")


def _remarks(taken: Taken) -> list[tuple[str, str]]:
    said = [(_("Remark"), taken.remark)] if taken.remark else []
    shown: dict[str, tuple[str, Callable[[Any], str]]] = {
        "at": (_("Appears at"), moments.said),
        "note": (_("Told to the public"), lambda note: note or _("minor correction")),
        "leader": (_("Leader's approval on record"), _leader),
        "concern_reason": (_("Published all the same because"), str),
        "instead": (_("To read instead"), str),
    }
    return said + [(label, words(taken.detail[name])) for name, (label, words) in shown.items() if name in taken.detail]


def _leader(said: dict[str, str]) -> str:
    how = HOW.get(said.get("how", ""), "")
    return ", ".join(filter(None, (said.get("who", ""), str(how), said.get("symbol", ""))))
