"""A piece as a list prints it: finished words and addresses."""

from dataclasses import dataclass

from portal.core.formats import iso, moment
from portal.core.language import NAMES as LANGUAGES
from portal.core.language import _
from portal.desk import waiting
from portal.desk.listing import Found
from portal.publishing import kinds
from portal.publishing.models import NEVER
from portal.publishing.states import NAMES, State, is_seen, state_of


@dataclass(frozen=True, slots=True)
class Line:
    """One piece in a list."""

    id: int
    head: int
    title: str
    url: str
    state: str
    state_key: str
    section: str
    unit: str
    author: str
    language: str
    changed: str
    changed_iso: str
    waits: str
    """Since when it waits, until when it is to be confirmed, when it appears or did: whichever its state has; "" for none."""
    urgent: str
    """What is late, or how long there is still, in words."""


def line(found: Found, now: int) -> Line:
    """Return a piece as a list prints it at an instant, in the language of the request."""
    piece, author, unit, section, _hours = found
    state = state_of(piece)
    return Line(
        id=piece.id,
        head=piece.head,
        title=piece.title or _("(no title yet)"),
        url=kinds.of(piece).edit_url_of(piece),
        state=str(NAMES[state]),
        state_key=state.value,
        section=section or "",
        unit=unit or "",
        author=author or "",
        language=LANGUAGES.get(piece.language, piece.language),
        changed=moment(piece.changed_at),
        changed_iso=iso(piece.changed_at),
        waits=_waits(found),
        urgent=_urgent(found, now),
    )


def _urgent(found: Found, now: int) -> str:
    piece, _author, _unit, _section, hours = found
    state = state_of(piece)
    if state is State.IN_REVIEW:
        return waiting.overdue(piece.waits_since, hours, now)
    if state is State.SCHEDULED and piece.standing != "unpublished" and (missed := waiting.missed(piece.publish_at, now)):
        return missed  # what was never published is there by itself
    return waiting.left(piece.check_until, now) if piece.check_until and is_seen(piece) else ""


def _waits(found: Found) -> str:
    piece = found[0]
    if piece.check_until is not None and is_seen(piece):
        return _("To be confirmed by %(moment)s", moment=moment(piece.check_until))
    if piece.publish_at is not None:
        return _("Appears at %(moment)s", moment=moment(piece.publish_at))
    if piece.waits_since is not None:
        return _("Waits since %(moment)s", moment=moment(piece.waits_since))
    if state_of(piece) is State.PUBLISHED and piece.published_at != NEVER:
        return _("Was published at %(moment)s", moment=moment(piece.published_at))
    return ""
