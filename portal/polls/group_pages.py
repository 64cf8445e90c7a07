"""The staff's page of votes that look wrong: which groups there are, and annulling or counting one as a whole."""

from dataclasses import dataclass

from flask import Response, abort, make_response, render_template, url_for
from flask_login import current_user

from portal.audit.words import GROUP_FAULTS, GROUP_MERITS
from portal.core import clock, formats
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.language import _, ngettext
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import form_value, query_number, query_value, see_other
from portal.polls import groups
from portal.polls.box import letter
from portal.polls.groups import Group
from portal.polls.models import Poll

blueprint = staff_blueprint("poll_groups", __name__, url_prefix="/ban-bien-tap/tham-do/<id:poll_id>/phieu-bat-thuong")

LONGEST_KEY = 300
ANNUL, RESTORE = "loai", "tinh"
ACTS = {ANNUL: (groups.annul, GROUP_FAULTS), RESTORE: (groups.restore, GROUP_MERITS)}


@dataclass(frozen=True, slots=True)
class Line:
    """A group as it is printed."""

    key: str
    network: str
    site: str
    hours: str
    busiest: str
    number: str
    counted: str
    set_aside: str
    annulled: str
    may_annul: bool
    may_restore: bool


@blueprint.get("")
@needs(Permission.MANAGE_POLLS)
def show(poll_id: int) -> Response:
    poll, did = db.get_or_404(Poll, poll_id), query_value("xong", longest=4)
    number = query_number("phieu", default=0, largest=10**9) if did in ACTS else 0
    return _page(poll, done=_told(did, number) if number else "")


@blueprint.post("")
@needs(Permission.MANAGE_POLLS)
def judge(poll_id: int) -> Response:
    """Annul a group as a whole, or count all of it."""
    poll, key, do = db.get_or_404(Poll, poll_id), form_value("nhom", longest=LONGEST_KEY), form_value("lam", longest=4)
    act, reasons = ACTS.get(do) or abort(400)
    reason = form_value("ly-do", longest=20)
    if reason not in reasons.words:
        return _page(poll, said=_("Nothing was done. Choose a reason first."), code=422)
    try:
        number = act(poll_id, key, reason=reason, actor=current_user)
    except Refused as refused:
        return _page(poll, said=str(refused), code=422)
    return see_other(url_for("poll_groups.show", poll_id=poll_id, xong=do, phieu=number))


def _told(did: str, number: int) -> str:
    if did == ANNUL:
        return ngettext("%(num)s vote no longer counts.", "%(num)s votes no longer count.", number)
    return ngettext("%(num)s vote counts now.", "%(num)s votes count now.", number)


def _page(poll: Poll, *, said: str = "", done: str = "", code: int = 200) -> Response:
    found = groups.found(poll.id)
    networks = {one: place for place, one in enumerate(dict.fromkeys(group.network for group in found))}
    lines = [_line(group, letter(networks[group.network]).upper()) for group in found]
    is_fixed = poll.secret is None or poll.listed_root is not None
    page = render_template(
        "polls/groups.html",
        poll=poll,
        lines=lines,
        is_fixed=is_fixed,
        faults=GROUP_FAULTS.words,
        merits=GROUP_MERITS.words,
        least=groups.WORTH_A_LOOK,
        said=said,
        done=done,
    )
    return make_response(page, code)


def _line(group: Group, name: str) -> Line:
    first, last = group.first_hour * clock.HOUR, (group.last_hour + 1) * clock.HOUR
    return Line(
        key=group.key,
        network=_("Network %(name)s", name=name),
        site={None: _("our own pages"), "": _("a site that does not say its name")}.get(group.site, group.site or ""),
        hours=_("%(from)s to %(to)s", **{"from": formats.moment(first), "to": formats.moment(last)}),
        busiest=formats.number(group.busiest),
        number=formats.number(group.number),
        counted=formats.number(group.counted),
        set_aside=formats.number(group.set_aside),
        annulled=formats.number(group.annulled),
        may_annul=group.annulled < group.number,
        may_restore=group.counted < group.number,
    )
