"""Previews of settings: a public page, made by who makes it for readers, with what is not stored in the place of what is."""

from typing import Any

from flask import current_app

from portal.core.caching import show_unsaved
from portal.settings.groups import Values


def shown_on(page: str, way_back: Values, **unsaved: object) -> str:
    """Return a public page, "home" or "site_map", that shows the unsaved values to whoever asks, and nobody else."""
    show_unsaved(**unsaved)
    pages: dict[str, Any] = current_app.extensions["previews"]
    made: str = pages[page](way_back)
    return made
