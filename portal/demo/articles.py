"""Store the demo's sections and articles, with what is attached to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.articles.adopting import adopt
from portal.articles.models import Article, Correction, Section
from portal.core import clock
from portal.core.html import clean
from portal.core.text import nfc, slug
from portal.demo import reading, texts
from portal.demo.reading import CONTENT, Text
from portal.files.attachments import attach
from portal.files.pictures import place_picture
from portal.files.storage import Stored, discard_unnamed, keep
from portal.visits.models import SITE

PLAN_PDF = CONTENT.with_name(texts.PLAN_PDF)


@dataclass(frozen=True, slots=True)
class Document:
    """A file that articles attach, and its real name."""

    stored: Stored
    title: str


@dataclass(frozen=True, slots=True)
class Files:
    """What articles attach and what they show, each by the name that demo content gives it."""

    documents: dict[str, Document]
    pictures: dict[str, Stored]

    def discard(self) -> None:
        """Take those files away again that nothing came to name."""
        discard_unnamed((*(document.stored for document in self.documents.values()), *self.pictures.values()))


def read() -> list[Text]:
    """Return all demo articles: first the page that the portal is modelled on."""
    return [*(replace(text, body=clean(text.body)) for text in texts.ARTICLES), *reading.articles()]


def keep_files(articles: Sequence[Text]) -> Files:
    """Keep all files that articles attach or show."""
    return Files(_keep_documents(articles), _keep_pictures(articles))


def _keep_documents(articles: Sequence[Text]) -> dict[str, Document]:
    titles = reading.names("documents/names.txt", ":")
    kept = {texts.PLAN_PDF: Document(keep(PLAN_PDF.read_bytes()), texts.ATTACHMENT)}
    for name in sorted({name for text in articles for name in text.attachments} - set(kept)):
        kept[name] = Document(keep((CONTENT / "documents" / name).read_bytes()), titles[name])
    return kept


def _keep_pictures(articles: Sequence[Text]) -> dict[str, Stored]:
    names = {shown.name for text in articles for shown in (*text.pictures, *text.album)}
    return {name: keep((CONTENT / "pictures" / name).with_suffix(".webp").read_bytes()) for name in sorted(names)}


def store(session: Session, articles: Sequence[Text], polls: dict[str, int], files: Files) -> dict[str, str]:
    """Store sections and articles; return the articles' paths by the addresses under which demo content names them."""
    sections = _sections(session)
    rows = [_row(text, sections[text.language, text.section].id, polls.get(text.poll)) for text in articles]
    session.add_all(rows)
    session.flush()
    for text, row in zip(articles, rows, strict=True):
        _equip(session, text, row.place, files)
    adopt(session, rows)
    session.add_all(_correction(text, row.id) for text, row in zip(articles, rows, strict=True) if text.correction)
    return {_named(text): f"{_prefix(text)}/bai-viet/{row.slug}-{row.id}" for text, row in zip(articles, rows, strict=True)}


def _equip(session: Session, text: Text, place: str, files: Files) -> None:
    """Put an article's attachments, its picture and its album at its place."""
    for name in text.attachments:
        attach(session, files.documents[name].stored, place=place, name=files.documents[name].title)
    for kind, pictures in (("lead", text.pictures), ("album", text.album)):
        for shown in pictures:
            place_picture(
                session,
                files.pictures[shown.name],
                place=place,
                kind=kind,
                alt=shown.alt,
                caption=shown.caption,
                credit=shown.credit,
            )


def _sections(session: Session) -> dict[tuple[str, str], Section]:
    sections = {}
    for position, (group, names) in enumerate(texts.SECTIONS.items(), start=1):
        for language, name in names.items():
            sections[language, group] = Section(
                site_id=SITE,
                language=language,
                translation_group=group,
                slug=slug(name),
                name=nfc(name),
                position=position,
            )
    session.add_all(sections.values())
    session.flush()
    return sections


def _row(text: Text, section_id: int, poll_id: int | None) -> Article:
    return Article(
        section_id=section_id,
        language=text.language,
        translation_group=text.group,
        title=nfc(text.title),
        slug=slug(text.title),
        lead=nfc(text.lead),
        body=text.body,
        author_line=nfc(text.author_line),
        source_line=nfc(text.source_line),
        published_at=clock.instant_at(text.published),
        updated_at=clock.instant_at(text.updated) if text.updated else None,
        pinned_until=_end_of(text.pinned_until) if text.pinned_until else None,
        poll_id=poll_id,
    )


def _correction(text: Text, article_id: int) -> Correction:
    day, _, words = text.correction.partition("|")
    return Correction(article_id=article_id, at=clock.start_of(date.fromisoformat(day.strip())), text=nfc(words.strip()))


def _end_of(day: str) -> int:
    return clock.start_of(date.fromisoformat(day) + timedelta(days=1))


def _prefix(text: Text) -> str:
    return "/en" if text.language == "en" else ""


def _named(text: Text) -> str:
    return f"{_prefix(text)}/bai-viet/{text.stem or text.group}"
