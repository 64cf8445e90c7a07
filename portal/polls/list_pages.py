"""The staff's page of a checkable poll's list: whether it is published, when it will be, and publishing it now."""

from flask import Response, make_response, render_template, url_for
from flask_login import current_user

from portal.core import clock, formats
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import query_value, see_other
from portal.polls import acts, listing
from portal.polls.models import Poll

blueprint = staff_blueprint("poll_list", __name__, url_prefix="/ban-bien-tap/tham-do/<id:poll_id>/ma-kiem-phieu")

DONE = "cong-bo"


@blueprint.get("")
@needs(Permission.MANAGE_POLLS)
def show(poll_id: int) -> Response:
    poll = db.get_or_404(Poll, poll_id)
    return _page(poll, done=_("The list is published.") if query_value("xong", longest=10) == DONE else "")


@blueprint.post("")
@needs(Permission.MANAGE_POLLS)
def publish(poll_id: int) -> Response:
    """Publish the list now."""
    poll = db.get_or_404(Poll, poll_id)
    try:
        acts.publish_list(poll_id, actor=current_user)
    except Refused as refused:
        return _page(poll, said=str(refused), code=422)
    return see_other(url_for("poll_list.show", poll_id=poll_id, xong=DONE))


def _page(poll: Poll, *, said: str = "", done: str = "", code: int = 200) -> Response:
    may_publish = poll.secret is not None and poll.has_closed(clock.now_ms()) and listing.is_due(db.session(), poll)
    page = render_template(
        "polls/listed.html",
        poll=poll,
        state=_state(poll),
        may_publish=may_publish,
        root=poll.listed_root.hex() if poll.listed_root else "",
        said=said,
        done=done,
    )
    return make_response(page, code)


def _state(poll: Poll) -> str:
    """Return in a sentence where a poll's list stands."""
    fewest = listing.FEWEST
    if not poll.checkable:
        return _("The voters of this poll get no codes. That can be switched on in its form until the first vote.")
    if poll.listed_at is not None:
        return _("Published at %(moment)s.", moment=formats.moment(poll.listed_at))
    if not poll.has_closed(clock.now_ms()):
        if poll.allowance is None:
            return _("The list of all votes is published as soon as the poll closes, from %(fewest)s votes on.", fewest=fewest)
        return _(
            "The list of all votes is published a day after the poll closes, from %(fewest)s votes on, so that you can look"
            " at its networks first; or when you say so.",
            fewest=fewest,
        )
    if not listing.is_due(db.session(), poll):
        return _("There are fewer than %(fewest)s votes: a list would tell who chose what.", fewest=fewest)
    due = formats.moment(listing.due_at(poll))
    return _("The list will be published at %(moment)s. What counts is fixed then.", moment=due)
