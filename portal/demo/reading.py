"""Read the demo's files: each begins with lines "key: value", and a page or an article goes on after an empty line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.core.html import clean
from portal.core.text import clean_line, nfc

CONTENT = Path(__file__).with_name("content")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of an article: the name of its file, what it shows, its caption and its credit."""

    name: str
    alt: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One demo article. Times are local, ISO; a shared group means a translation.

    `attachments` are names of files, `poll` is a poll's key, `pinned_until` the last day, ISO.
    """

    group: str
    language: str
    section: str
    published: str
    title: str
    lead: str
    body: str
    author_line: str = ""
    source_line: str = ""
    updated: str = ""
    pinned_until: str = ""
    correction: str = ""
    """Its day, ISO, and its words, divided by "|"."""
    poll: str = ""
    attachments: tuple[str, ...] = ()
    pictures: tuple[Shown, ...] = ()
    album: tuple[Shown, ...] = ()
    stem: str = ""
    """The name of its file without its language, by which the demo's links name it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One static page, its HTML clean. `parent` is the stem of another's file, "" at the top."""

    stem: str
    language: str
    group: str
    title: str
    parent: str
    position: int
    body: str


def articles() -> list[Text]:
    """Return the articles of content/articles/, in the order of their numbers."""
    alt = names("pictures/alt.txt", "|")
    return [_article(path, alt) for path in sorted((CONTENT / "articles").glob("*.html"))]


def sheets() -> list[Sheet]:
    """Return the static pages of content/pages/, each after the page that it stands below."""
    found = [_sheet(path) for path in sorted((CONTENT / "pages").glob("*.html"))]
    return sorted(found, key=lambda sheet: (bool(sheet.parent), sheet.position))


def lines(name: str) -> Iterator[tuple[str, str]]:
    """Yield the keys and values of a file of lines; "#" begins a remark, and a line in brackets comes as a key of its own."""
    for line in (CONTENT / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition(":")
            yield key.strip(), clean_line(value)


def names(name: str, divider: str) -> dict[str, str]:
    """Return what a file says of others by their names: names.txt and alt.txt."""
    found = (line.partition(divider) for line in (CONTENT / name).read_text("utf-8").splitlines() if line)
    return {clean_line(key): clean_line(value) for key, _, value in found}


def _article(path: Path, alt: dict[str, str]) -> Text:
    head, body = _parted(path)
    lead, _, rest = body.partition("</lead>")
    shown = [part.strip() for part in head["picture"].split("|")] if "picture" in head else []
    return Text(
        stem=path.name.split(".")[0],
        language="en" if path.name.endswith(".en.html") else "vi",
        group=head["group"],
        section=head["section"],
        title=head["title"],
        published=head["published"],
        updated=head.get("updated", ""),
        pinned_until=head.get("pinned_until", ""),
        correction=head.get("correction", ""),
        author_line=head.get("author", ""),
        source_line=head.get("source", ""),
        poll=head.get("poll", ""),
        attachments=_listed(head.get("attachments", "")),
        pictures=(Shown(*shown),) if shown else (),
        album=tuple(Shown(name, alt[name]) for name in _listed(head.get("album", ""))),
        lead=clean_line(lead.removeprefix("<lead>")),
        body=clean(rest.strip()),
    )


def _sheet(path: Path) -> Sheet:
    head, body = _parted(path)
    return Sheet(
        stem=path.name.split(".")[0],
        language=head["language"],
        group=head["group"],
        title=head["title"],
        parent=head["parent"],
        position=int(head["position"]),
        body=clean(body),
    )


def _parted(path: Path) -> tuple[dict[str, str], str]:
    head, _, body = nfc(path.read_text("utf-8")).partition("\n\n")
    pairs = (line.partition(":") for line in head.splitlines())
    return {key: clean_line(value) for key, _, value in pairs}, body.strip()


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
