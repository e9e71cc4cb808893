"""The encryption of 7z (method 7zAES): AES-256-CBC under a key that costs half a million rounds of SHA-256."""

from __future__ import annotations

import hashlib

from gongwen.errors import SourceError

_MOST_ROUNDS = 24
"""As a power of two; 7-Zip writes 19. More would be there to keep us busy."""
_AT_ONCE = 1 << 12


def decrypt(packed: bytes, options: bytes, password: str) -> bytes:
    """The bytes as they were before encryption, padded to sixteen. A wrong password gives others."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    rounds, salt, start = _read(options)
    key = _key(password.encode("utf-16-le"), salt, rounds)
    whole = packed[: len(packed) // 16 * 16]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
    return decryptor.update(whole) + decryptor.finalize()


def _read(options: bytes) -> tuple[int, bytes, bytes]:
    """Rounds (as a power of two), salt, first block: two bytes of lengths, then both."""
    first = options[0] if options else 0
    second = options[1] if len(options) > 1 else 0
    salt_size = (first >> 7 & 1) + (second >> 4)
    start_size = (first >> 6 & 1) + (second & 15)
    rest = options[2:]
    if not options or len(rest) < salt_size + start_size or first & 63 > _MOST_ROUNDS:
        raise SourceError("no_unlock", "7zAES with other options")
    start = rest[salt_size : salt_size + start_size]
    return first & 63, rest[:salt_size], start.ljust(16, b"\0")


def _key(password: bytes, salt: bytes, rounds: int) -> bytes:
    digest = hashlib.sha256()
    head = salt + password
    total = 1 << rounds
    for first in range(0, total, _AT_ONCE):
        last = min(total, first + _AT_ONCE)
        digest.update(b"".join(head + number.to_bytes(8, "little") for number in range(first, last)))
    return digest.digest()
