"""Vietnamese typed in the encodings before Unicode, TCVN3 (.Vn… fonts) and VNI: noticed, and converted when somebody says so.

What is pasted from such a document are Western letters in the place of the Vietnamese: "Uû ban nh©n d©n", "UÛy ban nhaân daân".
"""

import re
from typing import Literal

from portal.core.syllables import is_syllable
from portal.core.text import nfc

Encoding = Literal["tcvn3", "vni"]
ENCODINGS: tuple[Encoding, ...] = ("tcvn3", "vni")

# TCVN 5712:1993, the set VN3: one byte a letter, no capitals with a tone. Fonts whose names end in H draw capitals instead.
TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþμ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵà",  # U+03BC is how some programs copy U+00B5
        strict=True,
    )
)

# VNI for Windows (VNI Software, fonts VNI-Times …): a letter, and after it a second one that stands for its marks.
VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
VNI_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
VNI = {
    **VNI_ALONE,
    **{base + mark: nfc(VNI_ALONE.get(base, base) + tone) for base in "aeouôö" for mark, tone in VNI_TONES.items()},
    **{"y" + mark: nfc("y" + VNI_TONES[mark]) for mark in "ùøûõ"},
    **{base + mark: nfc(base + "\u0302" + tone) for base in "aeo" for mark, tone in VNI_CIRCUMFLEX.items()},
    **{"a" + mark: nfc("a\u0306" + tone) for mark, tone in VNI_BREVE.items()},
}
VNI_LETTER = re.compile("a[ùøûõïâáàåãäêéèúüë]|[eo][ùøûõïâáàåãä]|[uôö][ùøûõï]|y[ùøûõ]|[ôöñíìæóòî]", re.IGNORECASE)

WORD = re.compile("[A-Za-z\xa1-\xac\xad-\xff\u0100-\u024f\u0300-\u036f\u03bc\u1e00-\u1eff]+")
BEYOND = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]")
"""Letters that Vietnamese has in Unicode alone."""
UNHEARD_OF = {
    "tcvn3": re.compile("[a-z][¡-§¨©ª«¬®µ¶·¸¹»¼½¾×÷]|[¡-§¨©ª«¬®µ¶·¸¹»¼½¾×÷][a-z]", re.IGNORECASE),
    "vni": re.compile("[aeouyô][ùøûõ]|[aeo][âåä]", re.IGNORECASE),
}
"""What words of other languages hardly hold."""


def looks_like(text: str) -> Encoding | None:
    """Return the old encoding in which a text was typed, None where it is Unicode, foreign, or too short to say.

    Look at one paragraph at a time: a document may hold both. A text is taken for an old one where its words with marks read as
    syllables only once they are converted, and its words without marks are no other language's.
    """
    words = {word for word in WORD.findall(nfc(text)) if len(word) > 1 and not (word.isascii() and word.isupper())}
    plain = {word for word in words if word.isascii()}
    marked, spelt = words - plain, sum(map(is_syllable, plain))
    if not marked or 2 * sum(map(_stands, marked)) > len(marked) or 2 * spelt < len(plain):
        return None
    is_in_place = spelt == len(plain) > 1
    return next((encoding for encoding in ENCODINGS if _reads_as(marked, encoding, is_in_place=is_in_place)), None)


def goes_with(text: str, encoding: Encoding) -> bool:
    """Return whether a text too short to say is in the encoding of those around it: it reads in that, and not as it stands."""
    marked = [word for word in WORD.findall(nfc(text)) if not word.isascii()]
    is_whole = not BEYOND.search(nfc(text)) and all(is_syllable(converted(word, encoding)) for word in marked)
    return is_whole and any(len(word) > 2 and not _stands(word) for word in marked)  # µm is no word


def needs(word: str, encoding: Encoding) -> bool:
    """Return whether a word among words in Unicode is in an old encoding: a syllable only once it is converted."""
    return not BEYOND.search(word) and not _stands(word) and is_syllable(converted(word, encoding))


def converted(text: str, encoding: Encoding, *, capitals: bool = False) -> str:
    """Return in NFC what was typed in an old encoding; what it does not know stays. `capitals`: its font was one of capitals."""
    whole = nfc("".join(TCVN3.get(letter, letter) for letter in text) if encoding == "tcvn3" else VNI_LETTER.sub(_vni, text))
    return whole.upper() if capitals else whole


def _vni(found: re.Match[str]) -> str:
    """Return the letter of a pair: a capital where its first is one."""
    letter = VNI.get(found[0].lower(), found[0])
    return letter.upper() if found[0][0].isupper() else letter


def _stands(word: str) -> bool:
    """Return whether a word is a syllable as it stands, with no capital after a small letter (vÒ)."""
    return is_syllable(word) and word in {word.lower(), word.upper(), word.capitalize()}


def _reads_as(marked: set[str], encoding: Encoding, *, is_in_place: bool) -> bool:
    """Return whether enough words become syllables: three; less where they hold signs unheard of, and stand among syllables."""
    read = [word for word in marked if is_syllable(converted(word, encoding))]
    newly = [word for word in read if not _stands(word)]
    is_unheard_of = any(UNHEARD_OF[encoding].search(word) for word in newly)
    enough = 3 - is_unheard_of - (is_unheard_of and is_in_place)
    return len(newly) >= enough and 4 * len(read) >= 3 * len(marked)
