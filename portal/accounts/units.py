"""Units for administrators: the list with numbers of people, adding, renaming, and taking out of use."""

import re
from collections.abc import Callable

from flask import Response, make_response, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import managers
from portal.accounts.models import Unit, User
from portal.accounts.people_forms import UnitForm
from portal.audit import Actor, vocabulary
from portal.audit.fields import is_name
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.text import clean_line
from portal.core.web import query_value, see_other

blueprint = staff_blueprint("units", __name__, url_prefix="/ban-bien-tap/don-vi")

TAKEN = re.compile("unit[._]name")


@blueprint.get("")
@needs(Permission.MANAGE_PEOPLE)
def index() -> str:
    return _list(UnitForm(formdata=None), done=query_value("xong", longest=20))


@blueprint.post("")
@needs(Permission.MANAGE_PEOPLE)
def create() -> Response:
    form = UnitForm()
    if not _tried(form, lambda name: add(name, actor=current_user)):
        return make_response(_list(form), 422)
    return see_other(url_for("units.index", xong="them"))


@blueprint.get("/<id:unit_id>")
@needs(Permission.MANAGE_PEOPLE)
def show(unit_id: int) -> str:
    unit = db.get_or_404(Unit, unit_id)
    return _page(unit, UnitForm(formdata=None, name=unit.name), done=query_value("xong", longest=20))


@blueprint.post("/<id:unit_id>")
@needs(Permission.MANAGE_PEOPLE)
def change(unit_id: int) -> Response:
    unit, form = db.get_or_404(Unit, unit_id), UnitForm()
    if not _tried(form, lambda name: rename(unit_id, name, actor=current_user)):
        return make_response(_page(unit, form), 422)
    return see_other(url_for("units.show", unit_id=unit_id, xong="sua"))


@blueprint.post("/<id:unit_id>/ngung")
@needs(Permission.MANAGE_PEOPLE)
def stop(unit_id: int) -> Response:
    return _use(unit_id, active=False)


@blueprint.post("/<id:unit_id>/dung-lai")
@needs(Permission.MANAGE_PEOPLE)
def resume(unit_id: int) -> Response:
    return _use(unit_id, active=True)


def add(name: str, *, actor: Actor) -> None:
    """Add a unit."""

    def store(session: Session) -> None:
        managers.held(session, actor)
        unit = Unit(name=name, created_at=clock.now_ms())
        session.add(unit)
        session.flush()
        audit.record(session, vocabulary.UNIT_CREATED, actor=actor, thing=f"unit:{unit.id}", name=name)

    write(store)


def rename(unit_id: int, name: str, *, actor: Actor) -> None:
    """Give a unit another name."""

    def store(session: Session) -> None:
        managers.held(session, actor)
        unit = _locked(session, unit_id)
        if unit.name != name:
            changes, unit.name = {"name": (unit.name, name)}, name
            session.flush()
            audit.record(session, vocabulary.UNIT_CHANGED, actor=actor, thing=f"unit:{unit.id}", changes=changes)

    write(store)


def use(unit_id: int, *, active: bool, actor: Actor) -> None:
    """Take a unit out of use, or into use again. Raises Refused while people of it may sign in."""

    def store(session: Session) -> None:
        managers.held(session, actor)
        unit = _locked(session, unit_id)
        belong = select(func.count()).where(User.unit_id == unit.id, User.active)
        if not active and session.scalar(belong):
            raise Refused(_("People belong to this unit. Put them into another unit, or disable their accounts first."))
        if unit.active != active:
            unit.active = active
            changes = {"active": (not active, active)}
            audit.record(session, vocabulary.UNIT_CHANGED, actor=actor, thing=f"unit:{unit.id}", changes=changes)

    write(store)


def _locked(session: Session, unit_id: int) -> Unit:
    return session.scalars(select(Unit).where(Unit.id == unit_id).with_for_update()).one()


def _use(unit_id: int, *, active: bool) -> Response:
    unit = db.get_or_404(Unit, unit_id)
    try:
        use(unit_id, active=active, actor=current_user)
    except Refused as refused:
        return make_response(_page(unit, UnitForm(formdata=None, name=unit.name), said=str(refused)), 422)
    return see_other(url_for("units.show", unit_id=unit_id, xong="dung-lai" if active else "ngung"))


def _tried(form: UnitForm, action: Callable[[str], None]) -> bool:
    """Tell whether an action took the name of a form; where it did not, the form says why."""
    if not form.validate():
        return False
    name = clean_line(form.name.data)
    if not is_name(name):
        form.name.errors = [_("This is not a name: at most 120 characters, in words of at most 40.")]
        return False
    try:
        action(name)
    except IntegrityError as error:
        if not TAKEN.search(str(error.orig)):
            raise
        form.name.errors = [_("There is a unit of this name already, perhaps one that is not in use.")]
        return False
    return True


def _list(form: UnitForm, *, done: str = "") -> str:
    belong = func.count(User.id).filter(User.active)
    rows = select(Unit, belong).outerjoin(User, User.unit_id == Unit.id).group_by(Unit.id)
    found = db.session.execute(rows.order_by(Unit.active.desc(), Unit.name, Unit.id)).all()
    return render_template("accounts/units.html", units=found, form=form, done=_done(done))


def _page(unit: Unit, form: UnitForm, *, said: str = "", done: str = "") -> str:
    return render_template("accounts/unit.html", unit=unit, form=form, said=said, done=_done(done))


def _done(word: str) -> str:
    words = {
        "them": _("The unit is there."),
        "sua": _("Saved."),
        "ngung": _("The unit is not in use any more."),
        "dung-lai": _("The unit is in use again."),
    }
    return words.get(word, "")
