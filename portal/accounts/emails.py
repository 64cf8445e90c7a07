"""The e-mail addresses with which people sign in: one form of each, and nothing that only looks like one. Pure functions."""

import re
import unicodedata

from portal.core.errors import Refused
from portal.core.language import _

LONGEST = 254
"""Bytes of an address, as mail servers take it (RFC 5321, 4.5.3.1.3)."""

LONGEST_TYPED = 1_000
LONGEST_NAME = 64
LONGEST_LABEL = 63
LETTERS = set("abcdefghijklmnopqrstuvwxyz0123456789-àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ")
"""Of a domain: Vietnamese names of domains are in use, and no other letter is needed that could pass for one of these."""

NAME = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*")
ENCODED = "xn--"


def canonical(typed: str) -> str:
    """Return the one form of an address, which is ASCII: lower case, a domain with marks in its encoded form (RFC 3492).

    Compatibility forms (full-width letters, as some input methods type) are folded; that is safe because only ASCII is left
    before the @. What has no such form raises Refused: other scripts, controls, invisible signs, marks before the @, quotes.
    """
    if len(typed) > LONGEST_TYPED:
        raise Refused(_("This e-mail address is too long."))
    text = unicodedata.normalize("NFKC", typed.strip(" ")).lower()
    name, at, domain = text.partition("@")
    labels = [_label(label) for label in domain.split(".")]
    if not at or not NAME.fullmatch(name) or len(labels) < 2 or "" in labels or labels[-1].isdigit():
        raise Refused(_not_one(name, domain))
    address = f"{name}@{'.'.join(labels)}"
    if len(address) > LONGEST or len(name) > LONGEST_NAME:
        raise Refused(_("This e-mail address is too long."))
    return address


def _label(label: str) -> str:
    """Return a part of a domain in ASCII, or "" where it cannot be one."""
    if label.startswith(ENCODED):
        try:
            label = label.removeprefix(ENCODED).encode("ascii").decode("punycode")
        except UnicodeError:
            return ""
        if label.isascii():
            return ""  # the same name would have two forms
    if not LETTERS.issuperset(label) or label != label.strip("-") or label[2:4] == "--":
        return ""
    encoded = label if label.isascii() else ENCODED + label.encode("punycode").decode("ascii")
    return encoded if len(encoded) <= LONGEST_LABEL else ""


def _not_one(name: str, domain: str) -> str:
    if not name.isascii() or not LETTERS.issuperset(domain.replace(".", "")):
        return _("This e-mail address may hold only letters without marks, figures and . _ + -")
    return _("This is not an e-mail address: it looks like name@agency.gov.vn.")
