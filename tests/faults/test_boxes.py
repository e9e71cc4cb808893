"""Hostile mails and archives through the whole sandbox: a reason or what is good of them, within limits."""

import hashlib
import resource
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from gongwen.errors import SourceError
from ingest import client
from ingest.sandbox import Limits, open_file
from ingest.spool import Spool
from tests.ingest.box_kit import mail, overlapping, paper, tarred, zipped

LIMITS = Limits(memory_bytes=512 << 20, cpu=10, wall=40)


@pytest.fixture
def opened(tmp_path):
    """(Document, members) of bytes under a name."""

    def open_(data: bytes, name: str = "a.zip"):
        path = tmp_path / "file"
        path.write_bytes(data)
        spool = tmp_path / "spool"
        spool.mkdir(exist_ok=True)
        found = open_file(path, Spool(spool, LIMITS), name=name, limits=LIMITS)
        return found.document, found.members

    return open_


def taken(members):
    return [one.name for one in members if one.path is not None]


def test_members_come_through_with_their_hashes(opened):
    big = bytes(range(256)) * 20_000
    document, members = opened(zipped([("一.txt", paper()), ("大.bin", big)]))
    assert taken(members) == ["一.txt", "大.bin"]
    assert [one.sha256 for one in members] == [hashlib.sha256(one).hexdigest() for one in (paper(), big)]
    assert members[1].path.read_bytes() == big
    assert document.complete


def bomb(members: int, each: int) -> bytes:
    """A zip like 42.zip: each member packs a thousand times, and there are many."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = packed.compress(bytes(each)) + packed.flush()
    check = zlib.crc32(bytes(each))
    out, entries = b"", b""
    for number in range(members):
        name = b"%04d.bin" % number
        local = struct.pack("<IHHHHHIIIHH", 0x4034B50, 20, 0, 8, 0, 0, check, len(content), each, len(name), 0)
        entries += struct.pack(
            "<I6H3I5H2I", 0x2014B50, 20, 20, 0, 8, 0, 0, check, len(content), each, len(name), 0, 0, 0, 0, 0, len(out)
        ) + name  # fmt: skip
        out += local + name + content
    end = struct.pack("<IHHHHIIH", 0x6054B50, 0, 0, members, members, len(entries), len(out), 0)
    return out + entries + end


def test_a_bomb_of_large_members(opened):
    document, members = opened(bomb(16, 30 << 20))
    assert (taken(members), document.reasons) == ([], ("zip_ratio",))


def test_a_bomb_of_many_members_stops_at_the_limit(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(bomb(40, 1 << 20))
    limits = Limits(members_bytes=5 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = open_file(path, Spool(tmp_path, limits), limits=limits)
    assert (len(taken(found.members)), found.document.reasons) == (5, ("zip_total",))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000


@pytest.mark.parametrize("count", [2_000, 1])
def test_overlapping_members(opened, count):
    document, members = opened(overlapping(count))
    assert len(taken(members)) == 1
    assert document.complete is (count == 1)


def test_a_quine_like_archive_is_opened_once(opened):
    inner = zipped([("一.txt", paper())])
    for _ in range(10):
        inner = zipped([("r.zip", inner)], zipfile.ZIP_STORED)
    _document, members = opened(inner)
    assert taken(members) == ["r.zip"]


def test_tar_of_links_and_slipping_names(opened):
    _document, members = opened(tarred([("../../一.txt", paper())]), "a.tar")
    assert taken(members) == ["一.txt"]
    assert members[0].path.name.startswith("member-")


def test_a_mail_through_the_sandbox(opened):
    document, members = opened(mail(attached=[("一.txt", paper())] * 200), "来信.eml")
    assert taken(members) == ["一.txt"] * 200
    assert document.media_type == "message/rfc822"


def box(word: str, tmp_path: Path, **limits):
    """A container read by `boxing`, which the nursery finds in this folder."""
    data = word.encode()
    limit = Limits(**limits)
    spool = Spool(tmp_path, limit)
    request = {"name": "a", "sha256": hashlib.sha256(data).hexdigest(), "limits": limit.to_json(), "skip": 0,
               "members": True, "readers": ["tests.faults.boxing"]}  # fmt: skip
    try:
        client.ask(request, data, spool)
        return [one.name for one in spool.finish()]
    except SourceError as error:
        spool.discard()
        return error.code


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("fine", ["一.txt"]), ("die", "crash"), ("refuse", "parse_error"), ("lie", "output_too_large"),
        ("bytes", "output_too_large"),
    ],
)  # fmt: skip
def test_a_child_that_fails_among_its_members(tmp_path, word, outcome):
    assert box(word, tmp_path) == outcome
    if isinstance(outcome, str):
        assert list(tmp_path.iterdir()) == []


def test_a_flood_ends_at_the_limits(tmp_path):
    names = box("flood", tmp_path, members_bytes=20 << 20)
    assert len([one for one in tmp_path.iterdir() if one.is_file()]) == 18
    assert len(names) == 4_000


def test_a_disk_that_fills_is_told_when_the_child_has_ended(tmp_path):
    class Full(Spool):
        def _add(self, chunk):
            raise OSError(28, "No space left on device")

    path = tmp_path / "a.zip"
    path.write_bytes(zipped([(f"{at}.txt", paper(at)) for at in range(300)]))
    with pytest.raises(OSError, match="No space"):
        open_file(path, Full(tmp_path, LIMITS))
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]
