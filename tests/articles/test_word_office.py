"""Older files, by the real LibreOffice where it is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.articles.documents import TEXT, a_document, a_picture, bytes_of, letterhead, rewritten
from tests.articles.test_word_in import brought_in, told
from tests.articles.test_word_refused import sent
from tests.articles.typing_in import opened, page_of
from tests.client import PortalClient

pytestmark = [pytest.mark.parametrize("database", ["sqlite"]), pytest.mark.slow(why="starts LibreOffice twice")]

LINKED = (
    '<text:section text:name="s"><text:section-source xlink:href="{0}/secret.txt" text:filter-name="Text"/></text:section>'
    '<text:p><draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="{0}/secret.png" xlink:type="simple"/>'
    "</draw:frame></text:p></office:text>"
)


def saved_as(kind: str, document: bytes, folder: Path) -> bytes:
    """Return a document as LibreOffice saves it in another kind."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed; install libreoffice-writer-nogui to try .doc and .odt for real")
    source = folder / "a.docx"
    source.write_bytes(document)
    settings = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, settings, "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return source.with_suffix(f".{kind}").read_bytes()


@pytest.mark.parametrize("kind", ["doc", "odt"])
def test_an_older_file_becomes_the_same_draft_and_reads_nothing_of_the_machine(
    desk: PortalClient, tmp_path: Path, kind: str
) -> None:
    document = a_document()
    letterhead(document, "*SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 12/KH-SKHCN")
    document.add_paragraph(TEXT)
    document.add_paragraph("Một", style="List Bullet")
    for cell, text in zip(document.add_table(1, 2).rows[0].cells, ("Ô", "Cạnh"), strict=True):
        cell.text = text
    document.add_paragraph("Hết.")
    (tmp_path / "secret.txt").write_text("Không của ai", "utf-8")
    (tmp_path / "secret.png").write_bytes(a_picture().getvalue())
    content = saved_as(kind, bytes_of(document), tmp_path)
    if kind == "odt":
        more = LINKED.format(tmp_path.as_uri()).encode()
        content = rewritten(content, lambda name, part: part.replace(b"</office:text>", more) if name == "content.xml" else part)
    piece_id = brought_in(sent(desk, content, f"kế hoạch.{kind}"))
    body = opened(desk, piece_id)["body"]
    assert body.startswith(
        f"<p>{TEXT}</p><ul><li>Một</li></ul><table><tbody><tr><td>Ô</td><td>Cạnh</td></tr></tbody></table><p>Hết.</p>"
    )
    assert ("Không của ai" in body, "<img" in body) == (False, False)
    said = told(desk.get(page_of(piece_id)).text)
    assert ("12/KH-SKHCN" in said, "ảnh" in said) == (True, kind == "odt")
