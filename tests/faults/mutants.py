"""What a bad disk, a bad line or a bad mind makes of ordinary files, seeded: the same on every run."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from random import Random

from tests.faults.ordinary import original
from tests.ingest.box_kit import zipped

Change = Callable[[bytes, Random], bytes]


def flip(data: bytes, chance: Random) -> bytes:
    """One to twenty bits."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def behead(data: bytes, chance: Random) -> bytes:
    return data[chance.randrange(1, min(len(data), 4096)) :]


def double(data: bytes, chance: Random) -> bytes:
    start, stop = _block(data, chance)
    return data[:stop] + data[start:stop] + data[stop:]


def drop(data: bytes, chance: Random) -> bytes:
    start, stop = _block(data, chance)
    return data[:start] + data[stop:]


def splice(data: bytes, chance: Random) -> bytes:
    """A block over another place of the same file."""
    start, stop = _block(data, chance)
    at = chance.randrange(len(data))
    return data[:at] + data[start:stop] + data[at + stop - start :]


def blank(data: bytes, chance: Random) -> bytes:
    """A block that was never written: zeros."""
    start, stop = _block(data, chance)
    return data[:start] + bytes(stop - start) + data[stop:]


def lengthen(data: bytes, chance: Random) -> bytes:
    """Numbers that say how long something is say something else."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        value = chance.choice((0, 1, 0x7F, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, chance.getrandbits(32)))
        at = chance.randrange(max(1, len(out) - 4))
        out[at : at + 4] = struct.pack(chance.choice("<>") + "I", value)
    return bytes(out)


def renumber(data: bytes, chance: Random) -> bytes:
    """A number written in digits becomes another, often of another length: /Length, offsets, spans of cells."""
    found = list(re.finditer(rb"(?<![\d.])\d{1,9}(?![\d.])", data))
    for match in sorted(chance.sample(found, min(len(found), 3)), key=lambda one: -one.start()):
        value = chance.choice((0, 1, 65_536, 99_999_999, 4_294_967_295, int(match[0]) + 1))
        data = data[: match.start()] + b"%d" % value + data[match.end() :]
    return data


def append(data: bytes, chance: Random) -> bytes:
    return data + chance.randbytes(chance.randint(1, 5_000))


def swap_members(data: bytes, chance: Random) -> bytes:
    """Two members of a package change places."""
    members = _members(data)
    one, other = chance.sample(range(len(members)), 2)
    (first, left), (second, right) = members[one], members[other]
    members[one], members[other] = (first, right), (second, left)
    return zipped(members)


def lose_member(data: bytes, chance: Random) -> bytes:
    members = _members(data)
    del members[chance.randrange(len(members))]
    return zipped(members)


def hurt_member(data: bytes, chance: Random) -> bytes:
    """One member changed, the package sound around it."""
    members = _members(data)
    at = chance.randrange(len(members))
    name, content = members[at]
    members[at] = name, chance.choice((flip, cut, double, drop, splice, renumber))(content or b"\0", chance)
    return zipped(members)


def _members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _block(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 4, 64, 512, 4096)))


ANY: tuple[Change, ...] = (flip, cut, behead, double, drop, splice, blank, lengthen, renumber, append)
PACKAGE: tuple[Change, ...] = (swap_members, lose_member, hurt_member, hurt_member, hurt_member)
MEMBERS = frozenset(change.__name__ for change in PACKAGE)
"""Changes of what lies in a package that is sound around it: the file then says what it says."""
PACKAGES = frozenset({"docx", "xlsx", "pptx", "ofd", "zip"})


def mutants(form: str, count: int, first: int = 0) -> Iterator[tuple[str, bytes]]:
    """(change, bytes); each change in turn."""
    changes = ANY + PACKAGE if form in PACKAGES else ANY
    for number in range(first, first + count):
        change = changes[number % len(changes)]
        yield change.__name__, change(original(form), Random(f"{form} {number}"))
