"""Who signed a PDF, and whether it is as it was signed, in a process with limits (core.limits); so it imports nothing of ours.

The bytes are compared with the signature. Whether a certificate is to be trusted is not asked: no list of those who may sign is
shipped, and nobody outside is asked.
"""

from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

MOST = 10
LONGEST_NAME = 200
HARMLESS = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING}
"""What a later signature adds by right."""

FAULTS = (PdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, NotImplementedError)
UNKNOWN = (SignatureValidationError, UnsupportedAlgorithm, *FAULTS)
"""What a signature may be that nobody here can compare, such as one by a key of another country's kind."""


def look(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Return {"signer", "at" (milliseconds, None where not said), "is_whole"} of each signature of the PDF at task["source"].

    Raises ValueError where it cannot be read.
    """
    with Path(task["source"]).open("rb") as file:
        try:
            signatures = PdfFileReader(file, strict=False).embedded_regular_signatures
        except FAULTS as error:
            raise ValueError("broken") from error
        return [_said(one) for one in signatures[:MOST]]


def _said(signature: EmbeddedPdfSignature) -> dict[str, Any]:
    at = signature.self_reported_timestamp
    name = (signature.signer_cert.subject.native or {}).get("common_name") or "" if signature.signer_cert else ""
    names = name if isinstance(name, list) else [name]
    stamp = None if at is None else int(at.timestamp() * 1000)
    return {"signer": ", ".join(map(str, names))[:LONGEST_NAME], "at": stamp, "is_whole": _is_whole(signature)}


def _is_whole(signature: EmbeddedPdfSignature) -> bool:
    """Tell whether the bytes are those that were signed, and nothing was added after but what later signatures may add."""
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    try:
        status = validate_pdf_signature(signature, nobody, nobody)
    except UNKNOWN:
        return False
    if not status.intact or not status.valid:
        return False
    return status.coverage is SignatureCoverageLevel.ENTIRE_FILE or status.modification_level in HARMLESS
