"""What came in with an article from a document: what its first page proposes, and what was not carried or carried otherwise.

It stands in the step that brought the text in (`Taken.detail["word"]`), so it is there as long as the piece.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.articles.docx.proposals import Proposals
from portal.audit import Actor, vocabulary
from portal.core.db import db
from portal.core.language import _, ngettext
from portal.publishing.models import Piece, Taken

STEP = "import"
"""What the step is called that brings a text in."""
NOTED = "word"
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What is known of the document that an article came from."""

    file: str
    is_named_by_file: bool
    """Whether the title is the file's name, since the document had none."""
    proposals: Proposals
    left: dict[str, int]
    """Numbers of what was not carried, or otherwise, by the names of `articles.docx`."""


@dataclass(frozen=True, slots=True)
class Told:
    """The same in sentences."""

    file: str
    number: int
    lost: list[str]
    otherwise: list[str]
    encodings: list[str]
    is_named_by_file: bool
    proposed: list[tuple[str, str]]
    day: str
    """The proposed day of publication as the form has it, "" where there is none."""
    is_no_day: bool
    """Whether the day that is written is in no calendar."""


def note(session: Session, piece: Piece, made: dict[str, Any], file: str, *, actor: Actor) -> None:
    """Keep what came with a piece that has just begun, within the caller's transaction."""
    proposals = Proposals(**{name: said[:LONGEST] for name, said in made["proposals"].items()})
    came = Imported(file, not made["title"], proposals, made["left"])
    detail = {NOTED: asdict(came)}
    session.add(
        Taken(piece_id=piece.id, at=piece.created_at, actor_id=actor.id, step=STEP, number=piece.head, remark="", detail=detail)
    )
    audit.record(session, vocabulary.PIECE_STEPS[STEP], actor=actor, thing=piece.place, revision=piece.head)


def of(piece: Piece) -> Imported | None:
    """Return what came with a piece, None where it was begun here."""
    detail = db.session.scalar(select(Taken.detail).where(Taken.piece_id == piece.id, Taken.step == STEP).limit(1))
    if detail is None:
        return None
    came = detail[NOTED]
    return Imported(came["file"], came["is_named_by_file"], Proposals(**came["proposals"]), came["left"])


def told(piece: Piece) -> Told | None:
    """Return what is said of it on the page for writing, until the article has been published."""
    came = of(piece) if piece.standing == "unpublished" else None
    if came is None:
        return None
    lost, proposals = _lost(came.left), came.proposals
    return Told(
        file=came.file,
        number=sum(came.left.get(name, 0) for name in lost),
        lost=list(lost.values()),
        otherwise=_otherwise(came.left),
        encodings=[name for key, name in {"tcvn3": "TCVN3 (.Vn…)", "vni": "VNI (VNI-…)"}.items() if came.left.get(key)],
        is_named_by_file=came.is_named_by_file,
        proposed=_proposed(proposals),
        day=f"{proposals.day}T00:00" if proposals.day else "",
        is_no_day=bool(proposals.written_day) and not proposals.day,
    )


def _lost(left: dict[str, int]) -> dict[str, str]:
    """Return what was not carried, each kind with its number."""
    number = left.get
    said = {
        "comments": ngettext("%(num)s comment", "%(num)s comments", number("comments", 0)),
        "pictures": ngettext(
            "%(num)s picture of another kind, damaged or too large",
            "%(num)s pictures of another kind, damaged or too large",
            number("pictures", 0),
        ),
        "beyond": ngettext("%(num)s picture beyond the first 60", "%(num)s pictures beyond the first 60", number("beyond", 0)),
        "emblems": ngettext(
            "%(num)s picture in the head of the document", "%(num)s pictures in the head of the document", number("emblems", 0)
        ),
        "shapes": ngettext("%(num)s drawn shape", "%(num)s drawn shapes", number("shapes", 0)),
        "symbols": ngettext(
            "%(num)s sign of a font that is not known", "%(num)s signs of fonts that are not known", number("symbols", 0)
        ),
        "outside": ngettext("%(num)s picture from outside", "%(num)s pictures from outside", number("outside", 0)),
        "charts": ngettext("%(num)s chart", "%(num)s charts", number("charts", 0)),
        "diagrams": ngettext("%(num)s SmartArt diagram", "%(num)s SmartArt diagrams", number("diagrams", 0)),
        "equations": ngettext("%(num)s equation", "%(num)s equations", number("equations", 0)),
        "objects": ngettext("%(num)s embedded object", "%(num)s embedded objects", number("objects", 0)),
        "links": ngettext("%(num)s link that leads nowhere safe", "%(num)s links that lead nowhere safe", number("links", 0)),
        "hidden": ngettext("%(num)s hidden passage", "%(num)s hidden passages", number("hidden", 0)),
        "contents": ngettext("%(num)s table of contents", "%(num)s tables of contents", number("contents", 0)),
        "around": _("heads and feet of pages"),
    }
    return {name: sentence for name, sentence in said.items() if number(name)}


def _otherwise(left: dict[str, int]) -> list[str]:
    """Return what was carried in another way than it stood."""
    number = left.get
    added = number("insertions", 0) + number("moves", 0)
    said = {
        "insertions": ngettext(
            "%(num)s tracked insertion taken as accepted", "%(num)s tracked insertions taken as accepted", added
        ),
        "deletions": ngettext(
            "%(num)s tracked deletion taken as accepted", "%(num)s tracked deletions taken as accepted", number("deletions", 0)
        ),
        "notes": ngettext("%(num)s note set at the end", "%(num)s notes set at the end", number("notes", 0)),
        "boxes": ngettext(
            "%(num)s text box set behind its paragraph", "%(num)s text boxes set behind their paragraphs", number("boxes", 0)
        ),
        "nested": ngettext(
            "%(num)s table in a table taken as text", "%(num)s tables in tables taken as text", number("nested", 0)
        ),
        "crops": ngettext("%(num)s cropped picture shown whole", "%(num)s cropped pictures shown whole", number("crops", 0)),
    }
    return [sentence for name, sentence in said.items() if (added if name == "insertions" else number(name))]


def _proposed(proposals: Proposals) -> list[tuple[str, str]]:
    said = (
        (_("Type of document"), proposals.kind),
        (_("Number and symbol"), proposals.symbol),
        (_("Issuer"), proposals.issuer),
        (_("Date of issue"), proposals.written_day),
        (_("Signer"), proposals.signer),
        (_("Also stood there"), proposals.other),
    )
    return [(label, value) for label, value in said if value]
