"""How many guesses a password stands of somebody who knows Vietnamese, its keyboards and whose password it is. Pure functions."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from zxcvbn_rs_py import Entropy, Warning, zxcvbn

from portal.core.language import _
from portal.core.text import fold, nfc, words

ENOUGH_LOG10 = 8.5
"""Within what zxcvbn calls a score of 3 (10^8 to 10^10: safe while the hash is slow to compute and attempts are braked), but
not at its edge: to zxcvbn three pieces are never less than 10^8, however frequent each is."""

LOOKED_AT = 72
"""Characters that are looked at; the time grows with the square, and nobody's password is weaker for what follows them."""

MANY_SIGNS = 12
LOOKED_AT_WITH_MANY_SIGNS = 24
"""Each sign that may stand for a letter multiplies the readings: 20 of them in 72 characters keep all threads waiting for half a
second (zxcvbn does not release the interpreter), 12 for 40 ms, and 20 in 24 characters for 20 ms."""

SIGNS = frozenset("4@8({[<3691!|70$5+%2")
SHORTEST_BARE = 9
"""Letters and figures that are judged without what stands between them; so many at random are enough by themselves."""

LONGEST_RUN = 5
MOST_OWN_WORDS = 12

WORDS = Path(__file__).with_name("common_words.txt")
# By mark: circumflex, breve, horn, đ; then the tones huyền, sắc, hỏi, ngã, nặng.
TONES = "\u0300\u0301\u0309\u0303\u0323"
TELEX = {"\u0302": "", "\u0306": "w", "\u031b": "w", "đ": "dd"} | dict(zip(TONES, "fsrxj", strict=True))
VNI = {"\u0302": "6", "\u0306": "8", "\u031b": "7", "đ": "d9"} | dict(zip(TONES, "21345", strict=True))


def weakness(password: str, about: Iterable[str]) -> str | None:
    """Return a sentence that says why a password is too easy to guess, or None where it is not.

    `about` is what others know about its owner: name, e-mail address, unit, the name of the site.
    """
    own = own_words(about)
    found = _estimate(password, [*own, *common_words()])
    if found.guesses_log10 >= ENOUGH_LOG10:
        return None
    if _estimate(password, common_words()).guesses_log10 >= ENOUGH_LOG10:
        return _(
            "This password is too easy to guess: it is made of your name, your e-mail address, your unit or the site’s name."
        )
    return _reason(found.feedback.warning if found.feedback else None)


def own_words(about: Iterable[str]) -> list[str]:
    """Return what somebody makes a password of from texts about him: runs of words, with and without marks, and initials."""
    found: dict[str, None] = {}
    for text in about:
        folded = words(text)[:MOST_OWN_WORDS]
        marked = nfc(text).lower().replace("@", " ").replace(".", " ").split()[:MOST_OWN_WORDS]
        for parts in (folded, marked):
            found |= dict.fromkeys(["".join(parts), *_runs(parts)])
        found["".join(word[0] for word in folded)] = None
    return [word for word in found if len(word) > 1]


@cache
def common_words() -> Sequence[str]:
    """Return the common words in every spelling that people type, the most likely first."""
    lines = [line for line in nfc(WORDS.read_text("utf-8")).splitlines() if line and not line.startswith("#")]
    spelt = [
        [fold(line).replace(" ", "") for line in lines],
        [line.replace(" ", "") for line in lines],
        [_typed(line, TELEX).replace(" ", "") for line in lines],
        [_typed(line, VNI).replace(" ", "") for line in lines],
        [fold(line) for line in lines],
        lines,
        [_typed(line, TELEX) for line in lines],
    ]
    return list(dict.fromkeys(word for spelling in spelt for word in spelling))


def _typed(text: str, method: dict[str, str]) -> str:
    """Return the keys that spell a text with an input method: Telex with the tone after its syllable, VNI after its vowel."""
    return " ".join(_syllable(syllable, method) for syllable in text.split(" "))


def _syllable(syllable: str, method: dict[str, str]) -> str:
    keys, tone = [""], ""
    for sign in unicodedata.normalize("NFD", syllable):
        if sign in TONES:
            tone, keys[-1] = (method[sign], keys[-1]) if method is TELEX else ("", keys[-1] + method[sign])
        elif unicodedata.combining(sign):  # a dot below is spelt before the mark, but typed after it
            keys[-1] = keys[-1][0] + (method[sign] or keys[-1][0]) + keys[-1][1:]  # Telex doubles a letter for its circumflex
        else:
            keys.append(method.get(sign, sign))
    return ("".join(keys) + tone).replace("uwow", "uow").replace("u7o7", "uo7")


def _runs(parts: list[str]) -> list[str]:
    """Return words that stand together as one, and each alone."""
    ends = range(1, LONGEST_RUN + 1)
    return ["".join(parts[start : start + length]) for length in ends for start in range(len(parts) - length + 1)]


def _estimate(password: str, known: Sequence[str]) -> Entropy:
    """Return the lowest of what a password stands as it is, without its marks, and without what stands between its words.

    "Mật-khẩu 2026" is one thought: whoever guesses tries its marks and its separators soon.
    """
    looked_at = password[:LOOKED_AT]
    if len(SIGNS.intersection(looked_at)) > MANY_SIGNS:
        looked_at = looked_at[:LOOKED_AT_WITH_MANY_SIGNS]
    bare = "".join(words(looked_at))
    readings = dict.fromkeys((looked_at, fold(looked_at), bare if len(bare) >= SHORTEST_BARE else looked_at))
    return min((zxcvbn(reading, list(known)) for reading in readings), key=lambda entropy: entropy.guesses_log10)


def _reason(warning: Warning | None) -> str:
    match warning:
        case Warning.StraightRowsOfKeysAreEasyToGuess | Warning.ShortKeyboardPatternsAreEasyToGuess:
            return _("This password is too easy to guess: its keys lie side by side on the keyboard.")
        case Warning.RepeatsLikeAaaAreEasyToGuess | Warning.RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess:
            return _("This password is too easy to guess: it repeats itself.")
        case Warning.SequencesLikeAbcAreEasyToGuess:
            return _("This password is too easy to guess: it follows an order such as abc or 123.")
        case Warning.RecentYearsAreEasyToGuess | Warning.DatesAreOftenEasyToGuess:
            return _("This password is too easy to guess: it is mostly a date or a year.")
        case _:
            return _("This password is too easy to guess: it is made of words, names or numbers that many people use.")
