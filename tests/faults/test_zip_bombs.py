"""Row 3 of reliability.md: ten bombs at the guard of packages. Each is refused for its own reason in less than 50 MB,
and the process that bears the readers outlives all of them."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from gongwen.errors import SourceError
from gongwen.settings import ROOT
from ingest import client
from ingest.sandbox import Limits, open_file
from ingest.spool import Spool
from tests.ingest.box_kit import overlapping

MOST = 50 << 20


def entry(name: bytes, packed: bytes, size: int, check: int, at: int = 0) -> tuple[bytes, bytes]:
    """A member with its local header, and its line of the directory."""
    local = struct.pack("<IHHHHHIIIHH", 0x4034B50, 20, 0, 8, 0, 0, check, len(packed), size, len(name), 0)
    line = struct.pack(
        "<I6H3I5H2I", 0x2014B50, 20, 20, 0, 8, 0, 0, check, len(packed), size, len(name), 0, 0, 0, 0, 0, at
    )
    return local + name + packed, line + name


def zipped(members: list[tuple[bytes, bytes, int, int]], told: int | None = None) -> bytes:
    """`told`: how many members the end record says there are."""
    out, lines = b"", b""
    for name, packed, size, check in members:
        local, line = entry(name, packed, size, check, len(out))
        out, lines = out + local, lines + line
    count = len(members) if told is None else told
    return out + lines + struct.pack("<IHHHHIIH", 0x6054B50, 0, 0, count, count, len(lines), len(out), 0)


def zeros(size: int) -> tuple[bytes, int]:
    packer, check, packed = zlib.compressobj(9, zlib.DEFLATED, -15), 0, b""
    for _ in range(size >> 20):
        packed += packer.compress(_MEGABYTE)
        check = zlib.crc32(_MEGABYTE, check)
    return packed + packer.flush(), check


_MEGABYTE = bytes(1 << 20)


def large(number: int, megabytes: int, suffix: str = "bin") -> bytes:
    packed, check = zeros(megabytes << 20)
    return zipped([(f"{at}.{suffix}".encode(), packed, megabytes << 20, check) for at in range(number)])


def many() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for at in range(70_000):
            package.writestr(f"m/{at}", b"")
    return out.getvalue()


def hidden_in_zip64() -> bytes:
    data = zipped([(b"a", *zeros(1 << 20)[:1], 1 << 20, 0)])
    end = data.rfind(b"PK\5\6")
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 70_000, 70_000, 100, 0)
    return data[:end] + wide + struct.pack("<4sIQI", b"PK\6\7", 0, end, 1) + data[end:]


def small_directory() -> bytes:
    """Nine thousand members, of which the end record admits one."""
    packed, check = zlib.compressobj(9, zlib.DEFLATED, -15).flush(), 0
    return zipped([(f"{at:0250}".encode(), packed, 0, check) for at in range(9_000)], told=1)


def shared(count: int) -> bytes:
    """Many lines of the directory for one member of 21 MB that packs to little: 41 GB of 2,000 lines."""
    packed, check = zeros(21 << 20)
    local, line = entry(b"word/document.xml", packed, 21 << 20, check)
    lines = line * count
    return local + lines + struct.pack("<IHHHHIIH", 0x6054B50, 0, 0, count, count, len(lines), len(local), 0)


def lie(says: int, megabytes: int) -> bytes:
    packed, check = zeros(megabytes << 20)
    return zipped([(b"word/document.xml", packed, says, check)])


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "one member of 250 MB": (lambda: large(1, 250), "zip_ratio"),
    "forty members of 19 MB": (lambda: large(40, 19), "zip_total"),
    "an XML part of 250 MB": (lambda: large(1, 250, "xml"), "zip_ratio"),
    "70,000 members": (many, "zip_entries"),
    "9,000 members told as one": (small_directory, "zip_entries"),
    "70,000 members told in zip64 only": (hidden_in_zip64, "zip_entries"),
    "2,000 lines for one member, 41 GB": (lambda: shared(2_000), "zip_total"),
    "two lines for one member": (lambda: overlapping(2), "zip_duplicate"),
    "50 MB told as 100 bytes": (lambda: lie(100, 50), "zip_bad"),
    "1 MB told as 299 MB": (lambda: lie(299 << 20, 1), "zip_ratio"),
}


@cache
def bomb(name: str) -> bytes:
    return BOMBS[name][0]()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, int, float]]:
    """Reason, bytes and milliseconds of processor, by bomb."""
    folder = tmp_path_factory.mktemp("bombs")
    paths = [folder / f"{at}.zip" for at in range(len(BOMBS))]
    for path, name in zip(paths, BOMBS, strict=True):
        path.write_bytes(bomb(name))
    command = [sys.executable, "-m", "tests.faults.bombed", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    found = dict(zip(BOMBS, map(json.loads, done.stdout.splitlines()), strict=True))
    most, longest = max(one[1] for one in found.values()), max(one[2] for one in found.values())
    print(f"\nzip bombs: {len(found)}, each at most {most >> 20} MB and {longest} ms of processor")
    return found


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_fifty_megabytes(told: dict[str, tuple[str, int, float]], name: str) -> None:
    code, grown, _ = told[name]
    assert code == BOMBS[name][1]
    assert grown < MOST


def test_the_process_that_bears_readers_outlives_them(tmp_path: Path) -> None:
    limits = Limits(memory_bytes=512 << 20, members_bytes=8 << 20)
    born, reasons, taken = set(), {}, {}
    for at, name in enumerate(BOMBS):
        path, spool = tmp_path / f"{at}.zip", tmp_path / f"spool{at}"
        path.write_bytes(bomb(name))
        spool.mkdir()
        try:
            reasons[name] = open_file(path, Spool(spool, limits), name=path.name, limits=limits).document.reasons
        except SourceError as error:
            reasons[name] = (error.code,)
        born.add(client._nursery("plain").process.pid)
        taken[name] = sum(one.stat().st_size for one in spool.rglob("*") if one.is_file())
    assert len(born) == 1
    assert {name: told for name, told in reasons.items() if not told} == {}
    assert max(taken.values()) <= limits.members_bytes
