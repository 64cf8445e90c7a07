"""Whether a second person approves what somebody wrote: the site's own rule, for administrators."""

from flask import Response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, vocabulary
from portal.core import staff
from portal.core.db import db, insert, write
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import query_value, see_other
from portal.publishing.models import ApprovalRule
from portal.publishing.revisions import SITE
from portal.publishing.second_person import is_on

blueprint = staff_blueprint("approval", __name__, url_prefix="/ban-bien-tap/quy-tac-duyet")

SETTING = "approval_by_second_person"


@blueprint.get("")
@needs(Permission.MANAGE_SITE)
def show() -> str:
    session = db.session()
    return render_template(
        "publishing/approval.html",
        is_on=is_on(session),
        publishers=staff.number_who_may(session, Permission.PUBLISH),
        done=_("Saved.") if query_value("xong", longest=20) == "luu" else "",
    )


@blueprint.post("")
@needs(Permission.MANAGE_SITE)
def change() -> Response:
    set_rule(request.form.get("by_second_person") == "y", actor=current_user)
    return see_other(url_for("approval.show", xong="luu"))


def set_rule(by_second_person: bool, *, actor: Actor) -> None:
    """Say whether the site wants a second person."""

    def store(session: Session) -> None:
        if is_on(session) == by_second_person:
            return
        said = {"by_second_person": by_second_person}
        session.execute(
            insert(session, ApprovalRule)
            .values(site_id=SITE, **said)
            .on_conflict_do_update(index_elements=["site_id"], set_=said)
        )
        audit.record(session, vocabulary.SETTING_CHANGED, actor=actor, thing=f"site:{SITE}", setting=SETTING)

    write(store)
