"""The library (thư viện tệp): the files that a unit has, with the words by which they are found and used again."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal import audit
from portal.audit import Actor, vocabulary
from portal.core import clock
from portal.core.db import write
from portal.core.text import clean_line, fold
from portal.files.models import File, Item
from portal.files.renditions import PICTURES

FILTERS = ("all", "pictures", "files")
AT_ONCE = 30
LONGEST = {"name": 255, "alt": 500, "credit": 200}
LONGEST_FOLDED = 1_000


@dataclass(frozen=True, slots=True)
class Words:
    """What an item is called and said to show, and who made it."""

    name: str
    alt: str = ""
    credit: str = ""

    def clean(self) -> "Words":
        """Return the same as it is kept: lines, not too long."""
        return Words(*(clean_line(getattr(self, field))[:longest] for field, longest in LONGEST.items()))

    def folded(self) -> str:
        """Return what is searched."""
        return fold(" ".join([self.name, self.alt, self.credit]))[:LONGEST_FOLDED]


def shelve(
    session: Session, file_id: int, *, unit_id: int | None, name: str, actor: Actor, alt: str = "", credit: str = ""
) -> Item:
    """Put a file into a unit's library within the caller's transaction; one that is there already keeps its words."""
    known = session.scalar(select(Item).where(Item.file_id == file_id, Item.unit_id.is_not_distinct_from(unit_id)))
    if known is not None:
        return known
    words = Words(name, alt, credit).clean()
    item = Item(file_id=file_id, unit_id=unit_id, name=words.name, alt=words.alt, credit=words.credit, folded=words.folded())
    item.added_by, item.added_at = actor.id, clock.now_ms()
    session.add(item)
    session.flush()
    return item


def describe(item_id: int, words: Words, *, actor: Actor) -> None:
    """Change an item's words. Raises LookupError where it is gone."""
    clean = words.clean()

    def store(session: Session) -> None:
        item = session.get(Item, item_id, with_for_update=True)
        if item is None:
            raise LookupError(f"no item {item_id}")
        if (item.name, item.alt, item.credit) == (clean.name, clean.alt, clean.credit):
            return
        item.name, item.alt, item.credit, item.folded = clean.name, clean.alt, clean.credit, clean.folded()
        session.flush()
        audit.record(session, vocabulary.FILE_DESCRIBED, actor=actor, thing=f"item:{item.id}")

    write(store)


def items(words: str, kind: str, *, unit_id: int | None, everything: bool) -> Select[Item]:
    """Select what somebody reaches, the latest first: of one unit, or everything; by words that stand in it, and by kind."""
    found = select(Item).join(File, File.id == Item.file_id).options(joinedload(Item.file).joinedload(File.rendering))
    if not everything:
        found = found.where(Item.unit_id == unit_id)
    for word in fold(words).split():
        found = found.where(Item.folded.contains(word, autoescape=True))
    if kind == "pictures":
        found = found.where(File.kind.in_(PICTURES))
    if kind == "files":
        found = found.where(File.kind.not_in(PICTURES))
    return found.order_by(Item.id.desc())
