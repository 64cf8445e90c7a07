"""What the page for writing prints, as finished values: the form, how far the piece is, who else is there, what was saved."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.articles import attachments_panel, imported, noticed, pictures, presence
from portal.articles import content as contents
from portal.articles.editor_forms import PieceForm, filled, new_key
from portal.articles.pinning import pinned_on
from portal.articles.published import KIND
from portal.core import clock, formats, language
from portal.core.blocks import blocks
from portal.core.db import db
from portal.core.html import rich
from portal.core.language import _
from portal.core.staff import Permission, demand, may
from portal.core.web import fragment
from portal.publishing import choices, kinds, revisions
from portal.publishing import done as told
from portal.publishing.models import Content, Piece, Revision, Taken
from portal.publishing.revisions import Outcome, Saved
from portal.publishing.rules import Step
from portal.publishing.states import NAMES, State, is_seen, is_writable, state_of


def find(piece_id: int) -> Piece:
    """Return an article in the making that whoever asks may write; aborts with 404 where there is none."""
    piece = db.get_or_404(Piece, piece_id)
    if piece.kind != KIND:
        abort(404)
    demand(Permission.WRITE, piece)
    return piece


def revision_of(piece: Piece, number: int) -> Revision | None:
    """Return one revision of a piece with its author."""
    return db.session.scalar(revisions.at(piece.id, number).options(joinedload(Revision.author)))


def head_of(piece: Piece) -> Revision:
    """Return a piece's present revision with its author."""
    return revision_of(piece, piece.head) or abort(404)


def content_of(revision: Revision | None) -> Content:
    """Return what a revision holds, with every field that an article has; nothing where it was thinned out."""
    return {**contents.EMPTY, **(revision.content if revision is not None else {})}


def is_open(piece: Piece) -> bool:
    """Tell whether whoever asks may change the text now."""
    return is_writable(piece, may_edit=may(Permission.EDIT, piece))


def page(piece: Piece, *, form: PieceForm | None = None, said: str = "", done: str = "", kept: tuple[str, ...] = ()) -> str:
    """Return the page: with the form as it was sent where that was refused, else with the present text.

    `kept`: marks of passages that stay in their old encoding (`retyping`).
    """
    head = head_of(piece)
    content = content_of(head)
    return render_template(
        "articles/editor/edit.html" if is_open(piece) else "articles/editor/show.html",
        piece=piece,
        form=form or filled(content, base=piece.head, lang=piece.language),
        said=said,
        done=_done(done) or told.sentence(done, piece),
        is_brought_in=done == "word",
        saved=_saved(head.at),
        **_way(piece),
        **_around(piece, content),
        **noticed.values(piece, content, kept),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows from which a save comes, by the names that it carries."""

    base: str
    state: str
    noticed: str
    kept: tuple[str, ...]


def saved_fragment(piece: Piece, saved: Saved, shown: Shown) -> str:
    """Return what is said in place of a save, with what the next one must carry: after a conflict the base stays what it was.

    Where the piece is in another state than the page shows, the state and the steps from there come with it; where something
    else is noticed in the text, that does.
    """
    values: dict[str, Any] = {
        "base": str(saved.number),
        "key": new_key(),
        "saved": _saved(saved.at),
        "conflict": None,
        "said": "",
    }
    if saved.outcome in {Outcome.BESIDE, Outcome.CLOSED}:
        values |= {"base": shown.base, "conflict": _conflict(piece, saved.number, is_closed=saved.outcome is Outcome.CLOSED)}
    said = fragment("articles/editor/_saved.html", **values)
    if values["conflict"] is None:
        said += noticed.changed(piece, content_of(head_of(piece)), shown.kept, shown.noticed)
    return said if shown.state in {"", state_of(piece).value} else said + _changed(piece)


def _changed(piece: Piece) -> str:
    way = {**_way(piece), "is_changed": True}
    return "".join(fragment(f"articles/editor/{name}.html", **way) for name in ("_state", "_ways"))


def refused_fragment(form: PieceForm, said: str) -> str:
    """Return what is said in place of a save that was refused."""
    return fragment("articles/editor/_saved.html", base=form.base.data, key=form.key.data, saved="", conflict=None, said=said)


def together_fragment(piece: Piece, base: str) -> str:
    """Return who else has the piece open, and that it was saved since the revision on the page."""
    return fragment("articles/editor/_together.html", **_together(piece, base))


def _together(piece: Piece, base: str) -> dict[str, Any]:
    newer = _newer(piece, int(base)) if base.isascii() and base.isdigit() else None
    url = url_for("writing.edit", piece_id=piece.id)
    names = presence.others(piece.id, current_user.id)
    return {"others": names, "newer": _by(newer) if newer is not None else "", "url": url}


def _newer(piece: Piece, base: int) -> Revision | None:
    """Return the present revision where its text is another than that on the page; attachments say themselves what they are."""
    if base >= piece.head:
        return None
    head, shown = head_of(piece), content_of(revision_of(piece, base))
    return None if all(content_of(head)[name] == shown[name] for name in contents.TYPED) else head


def _way(piece: Piece) -> dict[str, Any]:
    """Return how far a piece has come, and what can be done with it."""
    state = state_of(piece)
    return {
        "state": NAMES[state],
        "state_name": state.value,
        "is_seen": is_seen(piece),
        "offered": choices.offered(piece),
        "public_url": kinds.of(piece).url_of(piece) if piece.standing == "published" else None,
        "remark": _remark(piece) if state is State.RETURNED else None,
        "publish_at": formats.moment(piece.publish_at) if piece.publish_at else "",
        "pinned_on": pinned_on(piece),
        "is_changed": False,
        "may_pin": piece.standing == "published" and may(Permission.PUBLISH, piece),
    }


def _around(piece: Piece, content: Content) -> dict[str, Any]:
    """Return what stands around the text: hints, pictures, others."""
    return {
        "content": content,
        "body": rich(content["body"]),
        "number_of_words": sum(len(block.text.split()) for block in blocks(content["body"])),
        "writer": _writer(piece),
        "kept": _kept(piece),
        "imported": imported.told(piece),
        "pictures": pictures.own(piece),
        **attachments_panel.around(piece, content, is_open=is_open(piece)),
        "language_name": language.NAMES[piece.language],
        "copy_key": new_key(),
        "words": {},
        "is_done": False,
        "preview_url": language.mount(piece.language) + _bare(url_for("writing.preview", piece_id=piece.id)),
        **_together(piece, str(piece.head)),
    }


def _bare(url: str) -> str:
    return url.removeprefix(language.mount(language.current()))


def _writer(piece: Piece) -> str:
    """Return who wrote the article, whatever is printed under it; "" where nobody knows."""
    return db.session.scalar(select(User.name).where(User.id == piece.author_id)) or ""


def _remark(piece: Piece) -> dict[str, str] | None:
    """Return why a piece was returned, who says so and when."""
    last = select(Taken).where(Taken.piece_id == piece.id, Taken.step == Step.RETURN.value).options(joinedload(Taken.actor))
    taken = db.session.scalar(last.order_by(Taken.id.desc()).limit(1))
    if taken is None:
        return None
    return {"text": taken.remark, "name": taken.actor.name if taken.actor else "", "at": formats.moment(taken.at)}


def _kept(piece: Piece) -> dict[str, str] | None:
    """Return the last text of whoever asks that was kept beside, unless they have saved another since."""
    own = select(func.max(Revision.number)).where(Revision.piece_id == piece.id, Revision.author_id == current_user.id)
    kept = db.session.scalar(own.where(Revision.kind == "kept"))
    stored = db.session.scalar(own.where(Revision.kind != "kept")) or 0
    return _conflict(piece, kept, is_closed=not is_open(piece)) if kept is not None and kept > stored else None


def _conflict(piece: Piece, number: int, *, is_closed: bool) -> dict[str, str]:
    """Return the sentence of a text that was kept beside, and where to choose what stays."""
    url = url_for("writing.choose", piece_id=piece.id, number=number)
    if is_closed:
        said = _("The article has gone on meanwhile (%(state)s) and takes no changes now.", state=NAMES[state_of(piece)])
        return {"text": f"{said} {_('What you wrote is not lost; it is kept beside.')}", "url": url}
    said = _("%(by)s while you were writing. Nothing is lost; choose what to keep in each part.", by=_by(head_of(piece)))
    return {"text": said, "url": url}


def _by(revision: Revision) -> str:
    name = revision.author.name if revision.author else _("somebody")
    return _("The article was saved by %(name)s at %(time)s", name=name, time=time_of(revision.at))


def _saved(at: int) -> str:
    return _("Saved at %(time)s", time=time_of(at))


def time_of(at: int) -> str:
    """Return the time of an instant of today, the time and the day of any other."""
    is_today = clock.day_of(at) == clock.day_of(clock.now_ms())
    return clock.local(at).strftime("%H:%M") if is_today else formats.moment(at)


def _done(word: str) -> str:
    words = {
        "luu": _("Saved."),
        "unicode": _("Converted to Unicode. The text as it was stays in the history."),
        "giu": _("The article takes no changes now. What you wrote is kept beside the others."),
        "nhan-ban": _("This is a copy. Nothing of the other article was changed."),
        "ghim": _("The article is pinned."),
        "bo-ghim": _("The article is not pinned any more."),
        "chon": _("What you chose is saved."),
    }
    return words.get(word, "")
