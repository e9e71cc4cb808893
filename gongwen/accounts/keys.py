"""Random values that open something for who holds them: only their hash is kept, so a stolen file opens nothing."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32


def new_key(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(_BYTES)


def key_hash(key: str) -> str:
    """256 random bits: no salt and no slow hash would make them harder to guess."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
