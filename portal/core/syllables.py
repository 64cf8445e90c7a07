"""Whether letters spell a Vietnamese syllable: an onset, a rhyme and a tone that may stand together. A pure rule."""

import re
import unicodedata
from functools import lru_cache

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
ACUTE_OR_DOT = frozenset("\u0301\u0323")
"""The tones of a rhyme that stops in c, ch, p or t."""
MISPLACED = re.compile("[^aeiouy\u0302\u0306\u031b][\u0300\u0301\u0303\u0309\u0323]")
"""A tone on no vowel, as in ñ."""
LONGEST = 7
"""Letters of the longest syllable: nghiêng."""

WRITTEN_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
WRITTEN_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong oop op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ up ut uy uya uych uyên uyêt uyn uynh uyp uyt uyu uôc uôi uôm uôn uông uôt
ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu ynh yt
"""
ONSETS = frozenset({"", *WRITTEN_ONSETS.split()})
RHYMES = frozenset(WRITTEN_RHYMES.split())
BEFORE_FRONT = frozenset({"k", "gh", "ngh"})
NOT_BEFORE_FRONT = frozenset({"c", "ng"})


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Return whether a word spells one syllable, in small letters or capitals, with its tone on either vowel (hòa, hoà)."""
    if len(word) > LONGEST + 2:
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in apart if mark in TONES]
    bare = unicodedata.normalize("NFC", "".join(letter for letter in apart if letter not in TONES))
    return (
        len(tones) <= 1
        and not MISPLACED.search(apart)
        and any(_stand_together(bare[:cut], bare[cut:], tones) for cut in range(4))
    )


def _stand_together(onset: str, rhyme: str, tones: list[str]) -> bool:
    if onset not in ONSETS or rhyme not in RHYMES:
        return False
    is_front = rhyme[0] in "eêiy"
    if onset in (NOT_BEFORE_FRONT if is_front else BEFORE_FRONT):
        return False
    return not rhyme.endswith(("c", "ch", "p", "t")) or not ACUTE_OR_DOT.isdisjoint(tones)
