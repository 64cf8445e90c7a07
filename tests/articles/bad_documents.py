"""Files that are no documents, or would harm whoever reads them. Each is called by what is wrong with it."""

import io
import zipfile
from collections.abc import Callable

from tests.articles.documents import TEXT, a_document, bytes_of, rewritten

GOOD = bytes_of(a_document(TEXT))
DOCUMENT, TYPES = "word/document.xml", "[Content_Types].xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MILLION = 1_000_000


def with_document(change: Callable[[bytes], bytes]) -> bytes:
    """Return a document whose text was changed by hand."""
    return rewritten(GOOD, lambda name, part: change(part) if name == DOCUMENT else part)


def declaring(declaration: bytes, encoding: str = "utf-8") -> bytes:
    """Return a document that declares something before its text."""

    def change(part: bytes) -> bytes:
        head, _, rest = part.partition(b"?>")
        text = b"<w:t>&x;" if b"ENTITY" in declaration and b"%" not in declaration else b"<w:t>"
        whole = (head + b"?>" + declaration + rest.replace(b"<w:t>", text)).decode()
        return whole.replace("UTF-8", encoding).encode(encoding)

    return with_document(change)


def typed_as(kind: bytes) -> bytes:
    return rewritten(GOOD, lambda name, part: part.replace(b"wordprocessingml.document.main", kind) if name == TYPES else part)


def deep(number: int) -> bytes:
    nested = b"<w:sdt><w:sdtContent>" * number + b"</w:sdtContent></w:sdt>" * number
    return with_document(lambda part: part.replace(b"<w:body>", b"<w:body>" + nested))


def with_member(name: str, content: bytes = b"x") -> bytes:
    return rewritten(GOOD, more={name: content})


def locked() -> bytes:
    """Return a package whose members say that they are encrypted."""
    raw = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        at = archive.start_dir
    while raw[at : at + 4] == b"PK\x01\x02":
        raw[at + 8] |= 1
        at += 46 + sum(int.from_bytes(raw[at + 28 + 2 * n : at + 30 + 2 * n], "little") for n in range(3))
    return bytes(raw)


def lying() -> bytes:
    """Return a package whose document is longer than its list of members says."""
    raw = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        at, name = archive.start_dir, DOCUMENT.encode()
    at = raw.index(name, at) - 46
    raw[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(raw)


def opendocument(kind: str = "text", text: str = "<x/>", more: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", text)
        if more:
            archive.writestr(more, "<manifest:encryption-data/>")
    return made.getvalue()


def older(*names: str) -> bytes:
    """Return the beginning of a file of an older program, with names in its list."""
    return OLE + 600 * b"\0" + b"\0".join(name.encode("utf-16-le") for name in names)


def in_one_paragraph(part: bytes, number: int) -> bytes:
    return with_document(lambda whole: whole.replace(b"<w:body>", b"<w:body><w:p>" + part * number + b"</w:p>"))


LAUGHS = b'<!DOCTYPE w [<!ENTITY a "' + b"ha" * 50 + b'"><!ENTITY b "' + b"&a;" * 100 + b'"><!ENTITY x "' + b"&b;" * 100 + b'">]>'
SENTENCES = {
    "kind": "không phải tài liệu Word",
    "old": "Word đời cũ (.doc)",
    "sheet": "tệp Excel",
    "slides": "tệp PowerPoint",
    "opendocument": "OpenDocument (.odt)",
    "encrypted": "bảo vệ bằng mật khẩu",
    "macros": "chứa macro",
    "doctype": "khai báo thực thể",
    "bomb": "giải nén lớn bất thường",
    "huge": "quá dài hoặc quá phức tạp",
    "broken": "bị hỏng",
    "empty": "không có nội dung",
}
"""What each word of `docx.package` says to whoever sent the file."""

BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing at all": (lambda: b"", "empty"),
    "no text": (lambda: bytes_of(a_document("", " ")), "empty"),
    "plain text": (lambda: b"Xin chao", "kind"),
    "a web page": (lambda: b"<html><script>alert(1)</script></html>", "kind"),
    "a PDF": (lambda: b"%PDF-1.7\n", "kind"),
    "RTF": (lambda: b"{\\rtf1 x}", "kind"),
    "a PDF before the package": (lambda: b"%PDF-1.7\n" + GOOD, "kind"),
    "a page behind the package": (lambda: GOOD + b"<html><script>alert(1)</script></html>", "broken"),
    "any ZIP": (lambda: rewritten(GOOD, lambda name, part: None if name.startswith("word") else part), "kind"),
    "an Excel file": (lambda: typed_as(b"spreadsheetml.sheet.main"), "sheet"),
    "a PowerPoint file": (lambda: typed_as(b"presentationml.presentation.main"), "slides"),
    "an older Word": (lambda: older("WordDocument"), "old"),
    "an older Word with macros": (lambda: older("WordDocument", "_VBA_PROJECT"), "macros"),
    "any older file": (lambda: older("Workbook"), "kind"),
    "OpenDocument": (opendocument, "opendocument"),
    "OpenDocument of a table": (lambda: opendocument("spreadsheet"), "sheet"),
    "OpenDocument of slides": (lambda: opendocument("presentation"), "slides"),
    "OpenDocument with a doctype": (lambda: opendocument(text="<!DOCTYPE x><x/>"), "doctype"),
    "OpenDocument with a password": (lambda: opendocument(text="x", more="META-INF/manifest.xml"), "encrypted"),
    "OpenDocument with macros": (lambda: opendocument(more="Basic/Standard/Module1.xml"), "macros"),
    "a password": (lambda: older("EncryptedPackage"), "encrypted"),
    "encrypted members": (locked, "encrypted"),
    "macros by their kind": (lambda: typed_as(b"wordprocessingml.document.macroEnabled.main"), "macros"),
    "macros by their part": (lambda: with_member("word/vbaProject.bin"), "macros"),
    "half of it": (lambda: GOOD[: len(GOOD) // 2], "broken"),
    "a changed byte": (lambda: GOOD.replace(b"word/document.xml", b"word/document.xmx", 1), "broken"),
    "a lie about its length": (lying, "broken"),
    "XML that does not end": (lambda: with_document(lambda part: part[:-20]), "broken"),
    "a doctype": (lambda: declaring(b"<!DOCTYPE w>"), "doctype"),
    "a doctype in UTF-16": (lambda: declaring(b"<!DOCTYPE w>", "utf-16"), "doctype"),
    "an outside entity": (lambda: declaring(b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "doctype"),
    "a parameter entity": (lambda: declaring(b'<!DOCTYPE w [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>'), "doctype"),
    "a billion laughs": (lambda: declaring(LAUGHS), "doctype"),
    "a bomb by its ratio": (lambda: with_member("word/media/a.png", bytes(20 * MILLION)), "bomb"),
    "a bomb in its text": (lambda: with_document(lambda part: part.replace(b"<w:t>", b"<w:t>" + b" " * 20 * MILLION)), "bomb"),
    "a bomb by its number": (lambda: rewritten(GOOD, more={f"word/{n}.xml": b"" for n in range(2_100)}), "bomb"),
    "depth": (lambda: deep(500), "huge"),
    "a number of elements": (
        lambda: with_document(lambda part: part.replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 500_000)),
        "huge",
    ),
    "lines in one paragraph": (lambda: in_one_paragraph(b"<w:r><w:br/></w:r>", 100_000), "huge"),
    "ends of paragraphs that were deleted": (
        lambda: in_one_paragraph(b"<w:r/></w:p><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r/>", 45_000),
        "huge",
    ),
    "a letter with a million marks": (
        lambda: with_document(lambda part: part.replace(b"<w:t>", b"<w:t>a" + "\u0301\u0323".encode() * 500_000)),
        "huge",
    ),
    "a name that leads out": (lambda: with_member("../../etc/cron.d/x"), "broken"),
    "a name from the root": (lambda: with_member("/etc/passwd"), "broken"),
    "a name of Windows": (lambda: with_member("word\\..\\..\\x"), "broken"),
    "a name of 400 letters": (lambda: with_member("word/" + "x" * 400), "broken"),
}
"""What makes each, and the word by which it is refused."""
