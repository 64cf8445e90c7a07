"""Public pages as they would be with settings that are not stored (`caching.show_unsaved`): nothing is counted or kept."""

from typing import Any

from flask import Flask, render_template

from portal.front import outline
from portal.front.home import gathered
from portal.visits import seen


def home(way_back: dict[str, Any]) -> str:
    """Return the home page, with a way back to whoever looks at it."""
    return render_template("front/preview.html", home=gathered(), figures=seen("home").figures, **way_back)


def site_map(way_back: dict[str, Any]) -> str:
    """Return the site map for people, with a way back to whoever looks at it."""
    return render_template("front/outline_preview.html", **outline.gathered(), figures=None, **way_back)


def init_app(app: Flask) -> None:
    app.extensions["previews"] = {"home": home, "site_map": site_map}
