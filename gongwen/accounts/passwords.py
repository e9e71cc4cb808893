"""Passwords: how they are kept (argon2id, the library's defaults), and which are refused."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
MOST = 128
_WEAK = 3
"""zxcvbn: 0 to 4; 3 is ten thousand million guesses. It knows common passwords, names, rows of keys, repeats."""
_LOOKED_AT = 72
"""Characters that zxcvbn takes; what comes behind can only make a password stronger."""

_hasher = PasswordHasher()
_room = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB for a moment: many sign-ins at once must not take the machine's memory."""


def why_refused(password: str, about: Sequence[str] = ()) -> str:
    """A sentence for the person, '' when the password is good. `about`: words that would be guessed first."""
    from zxcvbn import zxcvbn  # its word lists take a quarter of a second, which only this pays

    if len(password) < LEAST:
        return f"密码至少要 {LEAST} 个字符；可以用几个互不相关的词连起来"
    if len(password) > MOST:
        return f"密码最多 {MOST} 个字符"
    words = [one for one in about if one]
    if any(len(one) > 3 and one.casefold() in password.casefold() for one in words):
        return "密码里不要包含登录名或单位名称"
    if int(zxcvbn(password[:_LOOKED_AT], user_inputs=words)["score"]) < _WEAK:
        return "这个密码容易被猜到（常见、有规律或重复），请换一个"
    return ""


def hashed(password: str) -> str:
    with _room:
        return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Takes the same time whether there is such a user (`kept` '' : there is none)."""
    if len(password) > MOST:
        password = password[:MOST] + "…"
    with _room:
        try:
            return _hasher.verify(kept or _nobody(), password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
