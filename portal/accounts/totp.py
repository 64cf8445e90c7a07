"""The second factor: codes from an app on the phone (TOTP, RFC 6238), and recovery codes for when the phone is gone."""

import hashlib
import hmac
import io
import math
import re
import secrets
import unicodedata
from collections.abc import Collection

import pyotp
import segno

STEP_MS = 30_000
STEPS_ASIDE = 1
"""Steps before and after the present one that count: phones' clocks differ, and typing takes its time (RFC 6238, 5.2)."""

CODE = re.compile("[0-9]{6}")
LONGEST_TYPED = 64

RECOVERY_CODES = 10
LETTERS = "BCFGHJKLMNPQRSTVXZ3479"
"""No figure that looks like a letter (0, 1, 2, 5, 6, 8); no vowel, D, W or Y, so that an input method that was left on changes
nothing of what is typed, and no code is a word."""

GROUPS, GROUP = 3, 6
BITS = GROUPS * GROUP * math.log2(len(LETTERS))  # 80.3
HYPHENS = re.compile(r"[\s\u00ad\u2010-\u2015\u2212_.-]+")


def new_secret() -> str:
    """Return 160 random bits in base32, the secret that the site and somebody's phone share."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, *, account: str, site: str) -> str:
    """Return what the QR code says to the app: the secret, the e-mail address of the account and the site's name."""
    name, issuer = account.replace(":", " "), " ".join(site.replace(":", " ").split())  # a colon parts the two
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def qr_code(uri: str) -> bytes:
    """Return a QR code as an SVG picture without styles, for a screen. It is the secret: never stored, sent with no-store."""
    picture = io.BytesIO()
    segno.make(uri, error="l", micro=False).save(picture, kind="svg", border=4, dark="#000", light="#fff", omitsize=True)
    return picture.getvalue()


def readable(secret: str) -> str:
    """Return a secret in groups of four, for whoever types it because no camera is at hand."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def matched_step(secret: str, typed: str, *, now_ms: int, used: Collection[int | None] = ()) -> int | None:
    """Return the time step that a code belongs to, or None where it is wrong or of a step in `used`.

    The caller stores the step as used, and refuses the code where it was stored meanwhile: a code counts once.
    """
    code = "".join(typed[:LONGEST_TYPED].split())
    if len(typed) > LONGEST_TYPED or not CODE.fullmatch(code):
        return None
    present, totp = now_ms // STEP_MS, pyotp.TOTP(secret)
    found = None
    for step in range(max(present - STEPS_ASIDE, 0), present + STEPS_ASIDE + 1):
        right = hmac.compare_digest(totp.generate_otp(step), code)
        if right and found is None and step not in used:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Return ten codes of 80 random bits each, in groups, to be shown once."""
    return [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS)) for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(typed: str, *, key: bytes, user_id: int) -> bytes | None:
    """Return under which hash a recovery code is kept, however it is typed; None where it cannot be one.

    One pass with the site's key is enough: 80 random bits cannot be guessed from the hash even by whoever has the key, so a slow
    hash would protect nothing. The user's id is in it: a row moved to another account opens nothing. A code counts once: the
    caller deletes the row, and the code was right where a row was deleted.
    """
    if len(typed) > LONGEST_TYPED:
        return None
    code = HYPHENS.sub("", unicodedata.normalize("NFKC", typed)).upper()
    if len(code) != GROUPS * GROUP or not set(code) <= set(LETTERS):
        return None
    return hmac.digest(key, f"accounts.recovery:{user_id}:{code}".encode(), hashlib.sha256)
