"""The file itself: a ZIP that is looked through before anything in it is read, and that cannot grow beyond bounds."""

import os
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from portal.articles.docx.trees import parsed

WORDS = ("kind", "old", "sheet", "slides", "opendocument", "encrypted", "macros", "doctype", "bomb", "huge", "broken", "empty")
"""Why a file is not taken."""

END, END_SIZE = b"PK\x05\x06", 22
"""What a ZIP of Word's ends with: nothing is hung on behind."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD = tuple(
    (sign.encode("utf-16-le"), word)
    for sign, word in {"EncryptedPackage": "encrypted", "_VBA_PROJECT": "macros", "WordDocument": "old"}.items()
)
"""Names in the list of an older file, and what they say of it."""
OTHER_OPEN = {b"spreadsheet": "sheet", b"presentation": "slides"}
MOST_MEMBERS = 2_000
LONGEST_NAME = 255
LARGEST_PART = 32_000_000
LARGEST_WHOLE = 160_000_000
SUSPECT_RATIO, SUSPECT_SIZE = 150, 4_000_000
"""A part of some size that was packed more tightly than text ever is."""
OPEN_PARTS = ("content.xml", "styles.xml", "meta.xml", "settings.xml", "META-INF/manifest.xml")
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
KINDS = {"wordprocessingml": "", "spreadsheetml": "sheet", "presentationml": "slides"}


@dataclass(frozen=True, slots=True)
class Package:
    """A file of Word's that was looked through."""

    archive: zipfile.ZipFile
    main: str
    """The name of the document's own part."""

    def read(self, name: str) -> bytes:
        """Return a part's bytes, b"" where there is none. Raises ValueError with "broken"."""
        member = self.archive.NameToInfo.get(name)
        if member is None:
            return b""
        if member.file_size > LARGEST_PART:
            raise ValueError("huge")
        try:
            return self.archive.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise ValueError("broken") from error

    def tree(self, name: str) -> Element | None:
        """Return a part's tree, None where there is none. Raises ValueError with a word."""
        content = self.read(name)
        return parsed(content) if content else None

    def part(self, kind: str) -> Element | None:
        """Return the tree of what the document names as its "styles", "numbering", "footnotes" …"""
        return next((self.tree(one.target) for one in self.links().values() if one.kind == kind and not one.is_outside), None)

    def links(self) -> dict[str, "Link"]:
        """Return what the document refers to, by the ids by which it does."""
        return _links(self.tree(_links_of(self.main)), posixpath.dirname(self.main))


@dataclass(frozen=True, slots=True)
class Link:
    """Something that a part refers to: another part, or (outside) an address."""

    kind: str
    target: str
    is_outside: bool


def opened(path: Path) -> Package:
    """Return the package of a file. Raises ValueError with one of WORDS."""
    _look_at_magic(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
        raise ValueError("broken") from error
    _look_through(archive)
    names = archive.NameToInfo
    if "mimetype" in names and "content.xml" in names:
        raise ValueError(_kind_of_open(Package(archive, "")))
    package = Package(archive, _main(archive))
    if not package.read(package.main):
        raise ValueError("kind")
    return package


def _kind_of_open(package: Package) -> str:
    """Return the word for an OpenDocument file, given to LibreOffice only where its parts are harmless."""
    said = package.read("mimetype")
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        return "encrypted"
    if any(name.startswith(("Basic/", "Scripts/")) for name in package.archive.NameToInfo):
        return "macros"
    for name in OPEN_PARTS:
        package.tree(name)
    return next((word for kind, word in OTHER_OPEN.items() if kind in said), "opendocument")


def _look_at_magic(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(8)
        if not start:
            raise ValueError("empty")
        if start == OLE:
            whole = start + file.read()
            raise ValueError(next((word for sign, word in OLD if sign in whole), "kind"))
        if not start.startswith(ZIP):
            raise ValueError("kind")
        file.seek(-min(END_SIZE, path.stat().st_size), os.SEEK_END)
        if not file.read().startswith(END):
            raise ValueError("broken")


def _look_through(archive: zipfile.ZipFile) -> None:
    """Refuse a ZIP that is none of Word's, by what its list of members says; a member holds no more than the list says."""
    members = archive.infolist()
    names = [one.filename for one in members]
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > LARGEST_WHOLE:
        raise ValueError("bomb")
    if any(one.file_size > max(SUSPECT_SIZE, SUSPECT_RATIO * one.compress_size) for one in members):
        raise ValueError("bomb")
    if len(set(names)) < len(names) or not all(map(_is_plain, names)) or archive.comment:
        raise ValueError("broken")
    if min((one.header_offset for one in members), default=-1) != 0 or any(one.compress_type not in METHODS for one in members):
        raise ValueError("broken")
    if any(one.flag_bits & 1 for one in members):
        raise ValueError("encrypted")
    if any(posixpath.basename(name).lower() == "vbaproject.bin" for name in names):
        raise ValueError("macros")


def _is_plain(name: str) -> bool:
    """Tell whether a member's name stays within the package: no folder above, no other way to write one."""
    parts = name.removesuffix("/").split("/")
    return len(name) <= LONGEST_NAME and name.isprintable() and "\\" not in name and not {"", ".", ".."} & set(parts)


def _main(archive: zipfile.ZipFile) -> str:
    """Return the part that the package begins with. Raises ValueError where it is none of Word's."""
    package = Package(archive, "")
    types, links = package.tree("[Content_Types].xml"), _links(package.tree("_rels/.rels"), "")
    main = next((one.target for one in links.values() if one.kind == "officeDocument" and not one.is_outside), "")
    parts = types if types is not None else ()
    said = {one.get("PartName", "").lstrip("/"): one.get("ContentType", "") for one in parts}
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in said.values()):
        raise ValueError("macros")
    word = next((word for name, word in KINDS.items() if name in said.get(main, "")), "kind")
    if word:
        raise ValueError(word)
    return main


def _links(tree: Element | None, folder: str) -> dict[str, Link]:
    found = {}
    for one in tree if tree is not None else ():
        is_outside, target = one.get("TargetMode") == "External", one.get("Target", "")
        inside = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
        found[one.get("Id", "")] = Link(one.get("Type", "").rpartition("/")[2], target if is_outside else inside, is_outside)
    return found


def _links_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
