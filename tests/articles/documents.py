"""Documents of Word as people write them, made anew by python-docx; what it has no words for is put in as XML."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.text.paragraph import Paragraph
from PIL import Image

from portal.articles.docx.convert import convert

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
TEXT = "Sở Khoa học và Công nghệ ban hành kế hoạch để các phòng thực hiện trong năm."


def a_document(*paragraphs: str) -> Made:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return document


def bold(document: Made, text: str, *, is_centred: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = True
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def put(document: Made, xml: str) -> None:
    """Put an element, as XML, at the end of the body."""
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(xml.replace(">", f" {W} {R}>", 1)))


def paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def numbered(document: Made, *levels: tuple[str, str]) -> int:
    """Add a list whose levels have a kind of numbers and a text around them, and return what paragraphs call it."""
    numbering = document.part.numbering_part.element
    number = 900 + len(numbering)
    rows = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (kind, text) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{number}">{rows}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
    return number


def item(document: Made, number: int, level: int, text: str, *, is_bold: bool = False) -> None:
    made = document.add_paragraph()
    made.add_run(text).bold = is_bold
    marks = f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    made._p.get_or_add_pPr().append(parse_xml(marks))


def letterhead(document: Made, *left: str, day: str = "Quảng Ngãi, ngày 17 tháng 3 năm 2022") -> None:
    """Add the table at the head of an official document; lines that begin with * are bold."""
    here, there = document.add_table(1, 2).rows[0].cells
    for cell, lines in ((here, left), (there, (f"*{STATE}", "*Độc lập - Tự do - Hạnh phúc", day))):
        for place, line in enumerate(lines):
            made = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER
            made.add_run(line.removeprefix("*")).bold = line.startswith("*")


def add_part(document: Made, kind: str, name: str, xml: str, content_type: str) -> str:
    """Add a part such as footnotes.xml, and return the id by which the document refers to it."""
    part = Part(PackURI(name), content_type, xml.encode(), document.part.package)
    return str(document.part.relate_to(part, f"{RELATIONSHIP_TYPE.FOOTNOTES.rpartition('/')[0]}/{kind}"))


def footnote(document: Made, *texts: str) -> None:
    rows = "".join(f'<w:footnote w:id="{place}"><w:p>{run(text)}</w:p></w:footnote>' for place, text in enumerate(texts, 2))
    separator = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    add_part(document, "footnotes", "/word/footnotes.xml", f"<w:footnotes {W}>{separator}{rows}</w:footnotes>", kind)


def a_picture(kind: str = "PNG", size: tuple[int, int] = (900, 600), colour: str = "#0b4f4a") -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    made.seek(0)
    return made


def show(document: Made, picture: io.BytesIO, alt: str = "") -> None:
    """Add a picture with its description in a paragraph of its own."""
    document.add_picture(picture)
    properties = document.inline_shapes[-1]._inline.docPr
    properties.set("descr", alt)


def bytes_of(document: Made) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def rewritten(
    content: bytes, change: Callable[[str, bytes], bytes | None] = lambda _, part: part, more: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a package with parts changed, left out (None) or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return made.getvalue()


def converted(folder: Path, document: Made | bytes) -> dict[str, Any]:
    """Return what becomes of a document."""
    source, into = folder / "source", folder / "pictures"
    source.write_bytes(document if isinstance(document, bytes) else bytes_of(document))
    into.mkdir(exist_ok=True)
    return convert({"source": str(source), "into": str(into)})
