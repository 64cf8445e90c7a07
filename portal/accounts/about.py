"""What others know about somebody, of which no password may be made, and the name of the site, which stands above accounts."""

from flask import current_app, has_request_context, request


def known(name: str, email: str, unit: str = "") -> list[str]:
    """Return what `passwords.check` is told about somebody: who they are here, the site's name, and its host."""
    return [name, email, unit, site_name(), request.host if has_request_context() else ""]


def site_name() -> str:
    """Return the site's name in the language of the request, as `site` pushes it down."""
    return str(current_app.extensions["site_name"]())
