"""Whether a second person approves what somebody wrote: the site's own rule. Its page is one of the settings."""

from flask import Response, redirect, url_for
from sqlalchemy.orm import Session

from portal.core.db import insert
from portal.core.staff import Permission, needs, staff_blueprint
from portal.publishing.models import ApprovalRule
from portal.publishing.revisions import SITE

blueprint = staff_blueprint("approval", __name__, url_prefix="/ban-bien-tap/quy-tac-duyet")

SETTING = "quy-tac-duyet"


@blueprint.get("")
@needs(Permission.MANAGE_SITE)
def show() -> Response:
    """Lead on from where the rule's page once was."""
    return redirect(url_for("settings.show", name=SETTING), 301)  # type: ignore[return-value]


@blueprint.post("")
@needs(Permission.MANAGE_SITE)
def change() -> Response:
    return redirect(url_for("settings.change", name=SETTING), 308)  # type: ignore[return-value]


def put_rule(session: Session, *, by_second_person: bool) -> None:
    """Say, within the write that has it on record, whether the site wants a second person."""
    said = {"by_second_person": by_second_person}
    rule = insert(session, ApprovalRule).values(site_id=SITE, **said)
    session.execute(rule.on_conflict_do_update(index_elements=["site_id"], set_=said))
    session.expire_all()
