"""Everybody's own account."""

from flask import render_template

from portal.core.staff import Permission, needs, staff_blueprint

blueprint = staff_blueprint("own_account", __name__, url_prefix="/ban-bien-tap/tai-khoan")


@blueprint.get("")
@needs(Permission.OWN_ACCOUNT)
def show() -> str:
    return render_template("accounts/own.html")
