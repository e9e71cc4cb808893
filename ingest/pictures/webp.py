"""The head of a WebP picture, read without a decoder."""

from __future__ import annotations

import struct

_LOSSY, _LOSSLESS = b"VP8 ", b"VP8L"


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a plain WebP picture: one frame, nothing else in the file; None when it is none."""
    if len(data) < 30 or data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    whole, part = struct.unpack_from("<I", data, 4)[0], struct.unpack_from("<I", data, 16)[0]
    if whole + 8 != len(data) or 20 + part + part % 2 != len(data):
        return None
    if data[12:16] == _LOSSLESS and data[20] == 0x2F:
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if data[12:16] == _LOSSY and data[23:26] == b"\x9d\x01\x2a":
        wide, high = struct.unpack_from("<HH", data, 26)
        return wide & 0x3FFF, high & 0x3FFF
    return None
