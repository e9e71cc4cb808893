"""A font that lies in a file: what kind it is, and which glyph stands for which character (the table cmap)."""

from __future__ import annotations

import struct
from functools import cached_property

_HEADS = {b"\0\1\0\0": "sfnt", b"true": "sfnt", b"OTTO": "OpenType"}
_TABLES = 64
_PREFERRED = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 1), (0, 0), (3, 0), (1, 0))
"""Platform and encoding of a cmap, the best first: all of Unicode, its first plane, symbols, Macintosh."""
_SYMBOLS = 0xF000
_MOST = 200_000


class FontProgram:
    def __init__(self, data: bytes) -> None:
        """ValueError for what PDF cannot hold as it is: collections, Type 1."""
        kind = _HEADS.get(data[:4]) or ("CIDFontType0C" if data[:1] == b"\1" and data[2:3] == b"\4" else None)
        if kind is None:
            raise ValueError("no font that can be used")
        self.data = data
        self.kind = kind

    def glyph(self, char: str) -> int:
        """0 when the font has none, or does not say."""
        found = self._glyphs.get(ord(char), 0)
        return found or (self._glyphs.get(_SYMBOLS + ord(char), 0) if char < "\u0100" else 0)

    @cached_property
    def _glyphs(self) -> dict[int, int]:
        try:
            return self._cmap()
        except (struct.error, IndexError, ValueError):
            return {}

    def _cmap(self) -> dict[int, int]:
        if self.kind == "CIDFontType0C":
            return {}
        at = self._table(b"cmap")
        count = struct.unpack_from(">H", self.data, at + 2)[0]
        places = {}
        for entry in range(min(count, _TABLES)):
            platform, encoding, offset = struct.unpack_from(">HHI", self.data, at + 4 + 8 * entry)
            places[platform, encoding] = at + offset
        for one in _PREFERRED:
            if one in places:
                return self._read(places[one])
        return {}

    def _table(self, name: bytes) -> int:
        count = struct.unpack_from(">H", self.data, 4)[0]
        for entry in range(min(count, _TABLES)):
            tag, _, offset, _ = struct.unpack_from(">4sIII", self.data, 12 + 16 * entry)
            if tag == name:
                return int(offset)
        raise ValueError(f"no table {name!r}")

    def _read(self, at: int) -> dict[int, int]:
        form = struct.unpack_from(">H", self.data, at)[0]
        if form == 0:
            return {code: glyph for code, glyph in enumerate(self.data[at + 6 : at + 262]) if glyph}
        if form == 4:
            return self._segments(at)
        if form == 6:
            first, count = struct.unpack_from(">HH", self.data, at + 6)
            return dict(enumerate(struct.unpack_from(f">{count}H", self.data, at + 10), first))
        return self._groups(at) if form == 12 else {}

    def _segments(self, at: int) -> dict[int, int]:
        double = struct.unpack_from(">H", self.data, at + 6)[0] & ~1
        ends = struct.unpack_from(f">{double // 2}H", self.data, at + 14)
        starts = struct.unpack_from(f">{double // 2}H", self.data, at + 16 + double)
        deltas = struct.unpack_from(f">{double // 2}H", self.data, at + 16 + 2 * double)
        offsets_at = at + 16 + 3 * double
        out: dict[int, int] = {}
        if sum(max(0, end - start) for start, end in zip(starts, ends, strict=True)) > _MOST:
            return out  # segments of an honest font do not overlap
        for which, (start, end, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
            offset = struct.unpack_from(">H", self.data, offsets_at + 2 * which)[0]
            for code in range(start, min(end, 0xFFFE) + 1):
                glyph = code
                if offset:
                    place = offsets_at + 2 * which + offset + 2 * (code - start)
                    glyph = struct.unpack_from(">H", self.data, place)[0] if place + 2 <= len(self.data) else 0
                    if not glyph:
                        continue
                out[code] = (glyph + delta) & 0xFFFF
        return out

    def _groups(self, at: int) -> dict[int, int]:
        count = struct.unpack_from(">I", self.data, at + 12)[0]
        out: dict[int, int] = {}
        for which in range(min(count, _MOST)):
            start, end, glyph = struct.unpack_from(">III", self.data, at + 16 + 12 * which)
            if len(out) > _MOST or not start <= end <= 0x10FFFF:
                break
            out.update((code, glyph + code - start) for code in range(start, min(end, start + _MOST) + 1))
        return out
