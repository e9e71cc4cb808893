"""Encrypted members of a zip: the old cipher of PKWARE and AES as WinZip writes it (AE-1, AE-2)."""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from gongwen.errors import SourceError
from ingest.zipdir import Entry, unpack_entry

_AES_METHOD = 99
_AES_FIELD = 0x9901
_STRENGTHS = {1: 16, 2: 24, 3: 32}
"""Length of the key by what the field says; salts are half as long."""
_ROUNDS = 1000
_TAG = 10
_LEAD = 12
_CODINGS = ("utf-8", "gb18030")
"""How a password may have been written down as bytes; programs do not say."""


def decrypt_entry(data: bytes, entry: Entry, password: str) -> bytes:
    """The content of an encrypted member. SourceError `wrong_password`, or why it cannot be unpacked."""
    head = data[entry.offset : entry.offset + 30]
    if len(head) < 30 or head[:4] != b"PK\3\4":
        raise SourceError("member_damaged", f"no local header for {entry.name!r}")
    name_size, extra_size = struct.unpack("<HH", head[26:30])
    start = entry.offset + 30 + name_size + extra_size
    packed = data[start : start + entry.packed]
    field = dict(_extra(data[start - extra_size : start])).get(_AES_FIELD)
    for secret in _spellings(password):
        if entry.method == _AES_METHOD and field is not None:
            found = _aes(packed, field, secret)
        else:
            checks = entry.crc >> 24, head[11]  # the time stands for the checksum where that came later
            found = _old(packed, secret, checks)
        content = None if found is None else _unpacked(entry, field, found)
        if content is not None:
            return content
    raise SourceError("wrong_password", "of a zip member")


def _spellings(password: str) -> Iterator[bytes]:
    seen: set[bytes] = set()
    for coding in _CODINGS:
        secret = password.encode(coding, "replace")
        if secret not in seen:
            seen.add(secret)
            yield secret


def _unpacked(entry: Entry, field: bytes | None, packed: bytes) -> bytes | None:
    """None when what came out cannot be the member: one password of 256 passes the old cipher's own check."""
    method = struct.unpack("<H", field[5:7])[0] if entry.method == _AES_METHOD and field else entry.method
    local = b"PK\3\4" + bytes(26)
    plain = replace(entry, method=method, packed=len(packed), offset=0, is_encrypted=False)
    try:
        content, is_sound = unpack_entry(local + packed, plain)
    except SourceError as error:
        if error.code == "member_damaged":
            return None
        raise
    has_crc = field is None or field[:2] == b"\1\0"  # AE-2 keeps none, its tag says more
    return content if is_sound or not has_crc else None


def _aes(packed: bytes, field: bytes, secret: bytes) -> bytes | None:
    key_size = _STRENGTHS.get(field[4] if len(field) >= 7 else 0)
    if key_size is None or len(packed) < key_size // 2 + 2 + _TAG:
        raise SourceError("no_unlock", "AES of another kind")
    salt, check = packed[: key_size // 2], packed[key_size // 2 : key_size // 2 + 2]
    body, tag = packed[key_size // 2 + 2 : -_TAG], packed[-_TAG:]
    keys = hashlib.pbkdf2_hmac("sha1", secret, salt, _ROUNDS, 2 * key_size + 2)
    if keys[-2:] != check:
        return None
    if not hmac.compare_digest(hmac.new(keys[key_size:-2], body, "sha1").digest()[:_TAG], tag):
        return None
    return _counted(body, keys[:key_size])


def _counted(body: bytes, key: bytes) -> bytes:
    """AES in counter mode with the counter's lowest byte first, which libraries do not offer."""
    import numpy as np
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    blocks = np.zeros((len(body) + 15) // 16 * 2, dtype="<u8")
    blocks[::2] = np.arange(1, len(blocks) // 2 + 1, dtype="<u8")
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    stream = np.frombuffer(encryptor.update(blocks.tobytes()) + encryptor.finalize(), dtype=np.uint8)
    found: np.ndarray[Any, np.dtype[np.uint8]] = np.frombuffer(body, dtype=np.uint8) ^ stream[: len(body)]
    return found.tobytes()


def _old(packed: bytes, secret: bytes, checks: tuple[int, int]) -> bytes | None:
    """None when the last of the twelve bytes that lead a member is none of these: half a megabyte a second is all that
    this costs less."""
    if len(packed) < _LEAD:
        return None
    table, stream = _table(), _stream()
    one, two, three = 0x12345678, 0x23456789, 0x34567890
    for byte in secret:
        one = one >> 8 ^ table[(one ^ byte) & 255]
        two = ((two + (one & 255)) * 134775813 + 1) & 0xFFFFFFFF
        three = three >> 8 ^ table[(three ^ two >> 24) & 255]
    out = bytearray(len(packed))
    for at, byte in enumerate(packed):
        plain = out[at] = byte ^ stream[three & 0xFFFF]
        one = one >> 8 ^ table[(one ^ plain) & 255]
        two = ((two + (one & 255)) * 134775813 + 1) & 0xFFFFFFFF
        three = three >> 8 ^ table[(three ^ two >> 24) & 255]
        if at == _LEAD - 1 and plain not in checks:
            return None
    return bytes(out[_LEAD:])


@cache
def _table() -> list[int]:
    """The remainders of CRC-32 by byte."""
    found = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        found.append(value)
    return found


@cache
def _stream() -> bytes:
    """The byte that the lower half of the third key gives."""
    return bytes(((value | 2) * ((value | 2) ^ 1) >> 8) & 255 for value in range(0x10000))


def _extra(field: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(field):
        kind, size = struct.unpack("<HH", field[at : at + 4])
        yield kind, field[at + 4 : at + 4 + size]
        at += 4 + size
