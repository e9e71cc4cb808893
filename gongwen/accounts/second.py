"""The second factor: codes of an authenticator (TOTP, RFC 6238), and codes on paper for when it is lost."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import pyotp
import segno

RECOVERY = 10
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that are taken for another when they are read off paper."""
_EARLIER, _LATER = 1, 1
"""Steps of 30 seconds that clocks may differ."""


def new_secret() -> str:
    return pyotp.random_base32(32)


def address(secret: str, name: str, office: str) -> str:
    """What the square of dots says to the authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=office)


def square(told: str) -> str:
    """The address as a picture, for an img element."""
    return segno.make(told, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")


def step_of(secret: str, typed: str, at: float, after: int) -> int | None:
    """The step that a typed code belongs to; None when it is none. A code of a step not after `after` was used."""
    code = "".join(typed.split())
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    totp = pyotp.TOTP(secret)
    now = int(at) // totp.interval
    for step in range(now - _EARLIER, now + _LATER + 1):
        if step > after and hmac.compare_digest(totp.at(step * totp.interval), code):
            return step
    return None


def new_codes() -> list[str]:
    return ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3)) for _ in range(RECOVERY)]


def code_hash(typed: str) -> str:
    """Of a recovery code (73 random bits: no slow hash would make it harder to guess)."""
    plain = "".join(char for char in typed.upper() if char in _LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest()
