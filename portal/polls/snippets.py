"""What is put into another site's page to embed a poll (mã nhúng): a link for those who see nothing else, and a frame."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, request, url_for

from portal.core import language
from portal.core.web import absolute, fragment
from portal.polls.heights import NARROWEST, height
from portal.polls.models import Poll


@dataclass(frozen=True, slots=True)
class Look:
    """How a frame looks: a palette and a theme, "" for the agency's own and for what the reader's device says; a language."""

    palette: str = ""
    theme: str = ""
    lang: str = language.DEFAULT

    def query(self) -> str:
        """Return what the frame's address says of it, with its question mark."""
        said = {name: value for name, value in (("palette", self.palette), ("theme", self.theme)) if value}
        return "?" + urlencode(said) if said else ""


def frame_url(poll: Poll, look: Look) -> str:
    """Return the full address of a poll's frame."""
    return absolute(language.mount(look.lang) + _path("poll_embeds.show", poll) + look.query())


def snippet(poll: Poll, look: Look, *, width: str = "100%", tall: int | None = None, scripted: bool = False) -> str:
    """Return the HTML; `tall` in pixels, as reckoned for the narrowest screen unless it is said; `scripted` to have it fit."""
    assets = current_app.extensions["assets"]
    return fragment(
        "polls/snippet.html",
        poll=poll,
        lang=look.lang,
        page_url=absolute(language.mount(look.lang) + _path("polls.show", poll)),
        frame_url=frame_url(poll, look),
        width=width,
        height=height(poll, NARROWEST) if tall is None else tall,
        script_url=absolute(assets.url("js/embed.js")) if scripted else "",
        integrity=assets.integrity("js/embed.js"),
    ).strip()


def _path(endpoint: str, poll: Poll) -> str:
    """Return a path within its language."""
    return url_for(endpoint, poll_id=poll.id).removeprefix(request.script_root)
