"""The staff's page about embedding a poll: the snippet in the look that is wanted, who may embed it, and who does."""

from dataclasses import dataclass

from flask import abort, render_template, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.core import formats, language
from portal.core.db import db
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.polls import places
from portal.polls.embeds import PALETTES, THEMES, one_of
from portal.polls.models import Ballot, Channel, Poll
from portal.polls.snippets import Look, frame_url, snippet

blueprint = staff_blueprint("poll_embedding", __name__, url_prefix="/ban-bien-tap/tham-do/<id:poll_id>/ma-nhung")

NAMED_PALETTES = dict(zip(PALETTES, (_l("Teal"), _l("Indigo"), _l("Terracotta"), _l("Charcoal")), strict=True))
NAMED_THEMES = dict(zip(THEMES, (_l("Light"), _l("Dark"), _l("As the reader's device says")), strict=True))
MOST_HOSTS = 50


@dataclass(frozen=True, slots=True)
class Host:
    """A site in whose pages ballots were cast, with how many and the day of the last."""

    name: str
    ballots: str
    last_day: str


@blueprint.get("")
@needs(Permission.MANAGE_POLLS)
def show(poll_id: int) -> str:
    """Show the snippet."""
    poll = db.session.get(Poll, poll_id) or abort(404)
    look = Look(one_of("palette", PALETTES), one_of("theme", THEMES), one_of("lang", tuple(language.NAMES)) or poll.language)
    scripted = one_of("script", ("0", "1")) != "0"
    return render_template(
        "polls/embed_code.html",
        poll=poll,
        look=look,
        scripted=scripted,
        snippet=snippet(poll, look, scripted=scripted),
        frame_url=frame_url(poll, look) if poll.is_public else "",
        palettes={"": _("The agency's own"), **NAMED_PALETTES},
        themes=NAMED_THEMES,
        languages=language.NAMES,
        sites=places.allowed(poll),
        hosts=_hosts(poll_id),
        edit_url=url_for("poll_editor.edit", poll_id=poll_id),
    )


def _hosts(poll_id: int) -> list[Host]:
    """Return the sites that ballots came from, the most first."""
    number = func.count()
    rows = db.session.execute(
        select(Ballot.embedded_at, number, func.max(Ballot.cast_at))
        .where(Ballot.poll_id == poll_id, Ballot.channel == Channel.EMBED)
        .group_by(Ballot.embedded_at)
        .order_by(number.desc(), Ballot.embedded_at)
        .limit(MOST_HOSTS)
    )
    return [Host(host or "", formats.number(ballots), formats.day(last)) for host, ballots, last in rows]
