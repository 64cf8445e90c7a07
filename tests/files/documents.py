"""Files of every kind that is taken, made here, and such as only look like one."""

import io
import struct
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests import cast
from tests.files import samples

SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def a_zip(members: Mapping[str, bytes] | None = None, *, compression: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in (members or {"Phụ lục.txt": "Nội dung".encode()}).items():
            archive.writestr(name, content)
    return file.getvalue()


def an_office_document(part: str, **more: bytes) -> bytes:
    return a_zip({"[Content_Types].xml": b"<Types/>", part: b"<x/>", **more})


def an_open_document(kind: str) -> bytes:
    return a_zip({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<x/>"})


def a_compound(stream: str) -> bytes:
    """Return a compound file with one empty stream of a name (MS-CFB): a header, a table of sectors, a directory."""
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<8I", 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    table = struct.pack("<3I", TABLE, END, FREE) + struct.pack("<I", FREE) * 125
    root = _entry("Root Entry", kind=5, child=1)
    return header + table + root + _entry(stream, kind=2) + _entry("") * 2


def _entry(name: str, *, kind: int = 0, child: int = FREE) -> bytes:
    written = name.encode("utf-16-le")
    length = len(written) + 2 if name else 0
    links = struct.pack("<BBIII", kind, 1, FREE, FREE, child) + bytes(16) + bytes(4) + bytes(16)
    return written.ljust(64, b"\0") + struct.pack("<H", length) + links + struct.pack("<IQ", END, 0)


GOOD: Mapping[str, bytes] = {
    "pdf": cast.A_PDF,
    "docx": an_office_document("word/document.xml"),
    "xlsx": an_office_document("xl/workbook.xml"),
    "pptx": an_office_document("ppt/presentation.xml"),
    "doc": a_compound("WordDocument"),
    "xls": a_compound("Workbook"),
    "ppt": a_compound("PowerPoint Document"),
    "odt": an_open_document("text"),
    "ods": an_open_document("spreadsheet"),
    "png": samples.a_photo(60, 40, "PNG"),
    "jpg": samples.a_photo(60, 40),
    "webp": samples.a_photo(60, 40, "WEBP"),
    "mp4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(80),
    "mp3": b"ID3\x03\x00\x00\x00\x00\x00\x21" + bytes(80),
    "zip": a_zip(),
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(80),
}
A_PAGE = b"<!doctype html><html><script>alert(1)</script></html>"


def a_zip_bomb() -> bytes:
    """Return a ZIP of a hundred kilobytes that unpacks to a hundred megabytes."""
    return a_zip({"a": bytes(100_000_000)}, compression=zipfile.ZIP_DEFLATED)


def a_signed_pdf(signer: str = "Nguyễn Văn A") -> bytes:
    """Return a PDF that somebody has signed with a certificate of their own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
    certificate = asn1.Certificate.load(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))
    plain = serialization.NoEncryption()
    private = keys.PrivateKeyInfo.load(key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain))
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.a_pdf()), strict=False)
    own = signers.SimpleSigner(certificate, private, SimpleCertificateStore())
    return signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name="ChuKy"), signer=own).getvalue()
