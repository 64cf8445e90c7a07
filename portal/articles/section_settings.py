"""Sections as settings: their tree in each language, with addresses, deadlines for reviews, and what is closed."""

from collections.abc import Iterator, Sequence
from functools import partial

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.articles import sections
from portal.articles.addresses import keep_leading
from portal.articles.models import Article, OldAddress, Section
from portal.articles.published import KIND
from portal.core import language
from portal.core.language import _
from portal.publishing.models import Piece
from portal.settings import addresses, rows, twins
from portal.settings.fields import Choice, Field, Line, Number, Slug, Tick
from portal.settings.groups import ROWS, Fault, Lines, Setting, Values
from portal.settings.previews import shown_on

SITE = 1
LEVELS = 3
MOST_HOURS = 720
FIELDS: tuple[Field, ...] = (
    Line("name", _l("Name"), required=True, longest=120),
    Slug("slug", _l("Address"), _l("Empty: made of the title. The former address leads to the new one.")),
    Number("review_hours", _l("Hours for a review"), _l("Empty: no deadline."), most=MOST_HOURS),
    Tick("closed", _l("Closed: takes nothing new, stands in no menu")),
)
TWIN = Choice("twin", _l("The same section in Vietnamese"), options=twins.options(Section, "name"))


def settings(lang: str, end: str) -> Iterator[Setting]:
    """Yield the sections of a language, in a setting whose name ends in `end`."""
    fields = FIELDS if lang == language.DEFAULT else (*FIELDS, TWIN)
    yield Setting(
        f"chuyen-muc{end}", f"sections_{lang}", _l("Sections"), (), partial(_read, lang), partial(_store, lang), _stands,
        partial(_preview, lang), lines=Lines(fields, _l("Sections"), 200, levels=LEVELS), check=partial(_check, lang),
        language=lang, note=_l("A section that articles belong to cannot be removed; it can be closed."),
    )  # fmt: skip


def _sections(lang: str, session: Session) -> Sequence[Section]:
    return session.scalars(sections.in_order(lang).where(Section.site_id == SITE)).all()


def _read(lang: str, session: Session) -> Values:
    groups = twins.by_group(session, Section) if lang != language.DEFAULT else None
    return {ROWS: [_line(row, level, groups) for row, level in rows.in_order(_sections(lang, session), levels=LEVELS)]}


def _line(row: Section, level: int, groups: dict[str, str] | None) -> Values:
    line = {"id": row.id, "level": level, "name": row.name, "slug": row.slug}
    line |= {"review_hours": row.review_hours or 0, "closed": row.closed}
    return line if groups is None else {**line, "twin": groups.get(row.translation_group, "")}


def _store(lang: str, session: Session, values: Values) -> None:
    def assign(row: Section, value: Values) -> None:
        address = addresses.address_of(value, "name")
        if row.id is not None and row.slug != address:
            _move(session, row, address)
        row.slug, row.name, row.closed = address, value["name"], value["closed"]
        row.review_hours = value["review_hours"] or None
        row.translation_group = twins.group_of(session, Section, value, row.translation_group)

    def remove(row: Section) -> None:
        session.execute(delete(OldAddress).where(OldAddress.section_id == row.id))
        session.delete(row)

    make = partial(Section, site_id=SITE, language=lang)
    rows.store(session, _sections(lang, session), values[ROWS], make=make, assign=assign, remove=remove)


def _move(session: Session, section: Section, slug: str) -> None:
    """Have the address that a section is about to lose lead to it; the one that it gets leads nowhere else."""
    keep_leading(session, _path(section.slug), section)
    session.execute(delete(OldAddress).where(OldAddress.language == section.language, OldAddress.path == _path(slug)))


def _path(slug: str) -> str:
    return f"/chuyen-muc/{slug}"


def _check(lang: str, session: Session, values: Values) -> Iterator[Fault]:
    there = _sections(lang, session)

    def led_from(slug: str) -> tuple[int, str] | None:
        here = select(Section).join(OldAddress, OldAddress.section_id == Section.id)
        section = session.scalar(here.where(OldAddress.language == lang, OldAddress.path == _path(slug)))
        return (section.id, section.name) if section is not None else None

    yield from addresses.check(values, "name", {row.slug: (row.id, row.name) for row in there}, led_from)
    yield from twins.check(values)
    named = {row["id"] for row in values[ROWS]}
    for section in there:
        number = _number_in(session, section.id) if section.id not in named else 0
        if number:
            said = _("“%(name)s” cannot be removed: articles that belong to it: %(number)s.", name=section.name, number=number)
            instead = _("Move them to another section first, or close the section.")
            yield Fault(f"{said} {instead}")


def _number_in(session: Session, section_id: int) -> int:
    """Return how many articles, in the making or published, belong to a section."""
    pieces = select(Piece.thing_id).where(Piece.kind == KIND, Piece.shelf_id == section_id)
    listed = session.scalars(pieces).all()
    alone = select(func.count()).where(Article.section_id == section_id, Article.id.not_in([one for one in listed if one]))
    return len(listed) + (session.scalar(alone) or 0)


def _stands(values: Values) -> str:
    return ", ".join(row["name"] for row in values[ROWS] if row["level"] == 1) or _("There is nothing here yet.")


def _preview(lang: str, values: Values, way_back: Values) -> str:
    """Show the site map with the sections as they would stand."""
    unsaved, above = list[Section](), dict[int, int | None]({0: None})
    for place, row in enumerate(values[ROWS], start=1):
        number = above[row["level"]] = row["id"] or -place
        named = {"name": row["name"], "slug": addresses.address_of(row, "name"), "translation_group": "", "closed": row["closed"]}
        unsaved.append(Section(id=number, language=lang, parent_id=above[row["level"] - 1], position=place, **named))
    return shown_on("site_map", way_back, sections=sections.grown(unsaved))
