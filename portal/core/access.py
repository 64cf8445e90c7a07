"""Who may ask a view. Every view says so: `@public`, or it stands on a staff blueprint (`core.staff`), closed to visitors."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, request

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
STAFF = "staff"


def public(view: View) -> View:
    """Declare that everybody may ask this view."""
    view.audience = PUBLIC  # type: ignore[attr-defined]
    return view


def audience(app: Flask, endpoint: str) -> str | None:
    """Return who may ask an endpoint, PUBLIC or STAFF; None where it was never said."""
    said = getattr(app.view_functions[endpoint], "audience", None)
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    return said or getattr(blueprint, "audience", None)


def same_origin(view: View) -> View:
    """Refuse with 403 what another site's page sent: the check that needs no cookie and no token.

    Browsers say Sec-Fetch-Site; those that do not say Origin with every POST. Neither is no browser's form.
    """
    return same_origin_else(lambda *_, **__: abort(403))(view)


def same_origin_else(refuse: Callable[..., Any]) -> Callable[[View], View]:
    """Refuse as `same_origin` does, by an answer of its own: `refuse` gets what the view would have got."""

    def declare(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs) if is_same_origin() else refuse(*args, **kwargs)

        checked.demands_same_origin = True  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return declare


def is_same_origin() -> bool:
    """Tell whether the request was made by one of our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")
