import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile

import pytest
from box_kit import Kept, encrypted, overlapping, paper, renamed, tarred, unpack, zipped

from gongwen.errors import SourceError
from ingest.basket import Basket
from ingest.names import member_label
from ingest.readers.tar import READER as TAR
from ingest.readers.unopened import READER as UNOPENED
from ingest.readers.zip import READER as ZIP
from ingest.sniff import sniff
from ingest.source import Source


def opened(data, name="材料.zip", **limits):
    media_type, _ = sniff(data, name)
    reader = ZIP if media_type == "application/zip" else TAR
    assert reader.claim(Source.of(name, data, media_type)) > 0
    return unpack(reader, data, media_type, name, **limits)


def test_members_come_out_whole_and_the_text_lists_them():
    document, basket = opened(zipped([("通知/一.txt", paper(1)), ("二.txt", paper(2)), ("空/", "")]))
    assert basket.files == [("通知/一.txt", paper(1)), ("二.txt", paper(2))]
    assert document.text == "通知/一.txt\n二.txt\n"
    assert {block.kind for block in document.blocks} == {"note"}
    assert (document.complete, document.reasons, document.warnings) == (True, (), ())


def test_without_a_place_for_members_they_are_listed_only():
    data = zipped([("一.txt", paper())])
    document = ZIP.read(Source.of("a.zip", data, "application/zip"))
    assert (document.text, document.complete, document.reasons) == ("一.txt\n", False, ("nesting",))


@pytest.mark.parametrize("coding", ["gbk", "utf-8"])
def test_names_that_do_not_say_their_code(coding):
    raw = "云州通知.txt".encode(coding)
    data = renamed(zipped([("x" * len(raw), paper())]), "x" * len(raw), raw)
    assert opened(data)[1].names == ["云州通知.txt"]


def test_the_unicode_field_wins():
    import struct
    import zlib

    info = zipfile.ZipInfo("abc.txt")
    field = b"\1" + struct.pack("<I", zlib.crc32(b"abc.txt")) + "通知.txt".encode()
    info.extra = struct.pack("<HH", 0x7075, len(field)) + field
    assert opened(zipped([(info, paper())]))[1].names == ["通知.txt"]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "etc/passwd"), ("/绝对/路径.txt", "绝对/路径.txt"), ("C:\\公文\\一.docx", "公文/一.docx"),
        ("a\0b.txt", "ab.txt"), ("通知\u202etxt.exe", "通知txt.exe"), ("CON", "CON"), ("..", "未命名"), ("", "未命名"),
        ("a\nb\x1b[2J.txt", "ab[2J.txt"), ("./././a.txt", "a.txt"), ("云" * 999 + ".txt", "云" * 396 + ".txt"),
    ],
)  # fmt: skip
def test_names_are_labels(name, label):
    assert member_label(name) == label
    assert member_label(label) == label


def test_slipping_names_are_taken_under_their_labels():
    data = zipped([("../../etc/cron.txt", paper(1)), ("/root/二.txt", paper(2))])
    assert opened(data)[1].names == ["etc/cron.txt", "root/二.txt"]


def test_encrypted_members_are_named_and_the_rest_comes_out():
    data = encrypted(zipped([("密.docx", "x"), ("明.txt", paper())]), "密.docx")
    document, basket = opened(data)
    assert (basket.names, basket.left) == (["明.txt"], {"密.docx": "password"})
    assert (document.complete, document.reasons) == (False, ("member_password",))
    with pytest.raises(SourceError) as caught:
        opened(encrypted(zipped([("密.docx", "x")]), "密.docx"))
    assert caught.value.code == "password"


def test_what_systems_leave_is_passed_over():
    names = ["__MACOSX/._一.txt", "一.txt", ".DS_Store", "文件/Thumbs.db", "~$一.docx"]
    assert opened(zipped([(name, paper()) for name in names]))[1].names == ["一.txt"]


def test_links_and_devices_are_passed_over_with_a_warning():
    link = zipfile.ZipInfo("链接")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    document, basket = opened(zipped([(link, "/etc/passwd"), ("一.txt", paper())]))
    assert (basket.names, document.warnings, document.complete) == (["一.txt"], ("member_skipped",), True)


def test_damaged_members_are_named():
    data = bytearray(zipped([("一.txt", paper(1)), ("二.txt", paper(2))]))
    data[40:60] = bytes(20)
    document, basket = opened(bytes(data))
    assert (basket.names, basket.left) == (["二.txt"], {"一.txt": "member_damaged"})
    assert document.reasons == ("member_damaged",)


def test_a_wrong_checksum_is_a_warning():
    data = bytearray(zipped([("一.txt", paper())], zipfile.ZIP_STORED))
    data[data.find(b"PK\1\2") + 16] ^= 1
    document, basket = opened(bytes(data))
    assert (basket.names, document.warnings) == (["一.txt"], ("crc",))


def test_a_size_that_lies():
    data = bytearray(zipped([("一.txt", b"x" * 3_000_000), ("二.txt", paper())]))
    entry = data.find(b"PK\1\2")
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert opened(bytes(data))[1].left == {"一.txt": "member_damaged"}


def test_overlapping_members_come_out_once():
    document, basket = opened(overlapping(500))
    assert len(basket.files) == 1
    assert document.reasons == ("zip_overlap",)


def test_a_zip_behind_other_bytes():
    assert opened(b"PK\3\4" + bytes(96) + zipped([("一.txt", paper())]))[1].names == ["一.txt"]


def test_limits_leave_what_was_read():
    data = zipped([(f"{at}.txt", b"%d" % at * 10) for at in range(10)])
    document, basket = opened(data, most=3)
    assert (len(basket.files), document.complete, document.reasons) == (3, False, ("zip_entries",))
    document, basket = opened(data, total=35)
    assert (len(basket.files), document.reasons) == (3, ("zip_total",))
    document, basket = opened(zipped([("大.txt", bytes(99)), ("小.txt", b"1")]), each=50)
    assert (basket.names, document.reasons) == (["小.txt"], ("zip_total",))


def test_ten_thousand_members():
    document, basket = opened(zipped([(f"{at}.txt", b"1") for at in range(10_000)], zipfile.ZIP_STORED))
    assert (len(basket.files), document.reasons) == (2_000, ("zip_entries",))
    assert document.text.endswith("……（另有6000个）\n")


def test_a_bomb_is_left():
    data = zipped([("零.txt", bytes(25 << 20)), ("一.txt", paper())])
    document, basket = opened(data)
    assert (basket.names, basket.left, document.reasons) == (["一.txt"], {"零.txt": "zip_ratio"}, ("zip_ratio",))


@pytest.mark.parametrize("data", [b"PK\3\4 cut", zipped([("a.txt", paper())])[:-30]])
def test_a_cut_archive_is_refused(data):
    with pytest.raises(SourceError) as caught:
        opened(data)
    assert caught.value.code == "zip_bad"


def test_an_empty_archive_has_no_text():
    with pytest.raises(SourceError) as caught:
        opened(zipped([]))
    assert caught.value.code == "no_text"


@pytest.mark.parametrize("name", ["公文.tar", "公文.tar.gz", "公文.tar.bz2", "公文.tar.xz"])
def test_tar(name):
    mode = {"tar": "w", "gz": "w:gz", "bz2": "w:bz2", "xz": "w:xz"}[name.rpartition(".")[2]]
    link = tarfile.TarInfo("链接")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device = tarfile.TarInfo("设备")
    device.type = tarfile.CHRTYPE
    data = tarred([("甲/一.txt", paper(1)), (link, b""), (device, b""), ("../二.txt", paper(2))], mode)
    document, basket = opened(data, name)
    assert basket.files == [("甲/一.txt", paper(1)), ("二.txt", paper(2))]
    assert (document.warnings, document.complete) == (("member_skipped",), True)


def test_tar_names_in_gbk():
    info = tarfile.TarInfo("云州通知.txt")
    out = tarred([(info, paper())], "w").replace("云州通知.txt".encode(), "云州通知.txt".encode("gbk").ljust(16, b"\0"))
    head = bytearray(out[:512])
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    assert opened(bytes(head) + out[512:], "a.tar")[1].names == ["云州通知.txt"]


@pytest.mark.parametrize(("name", "pack"), [("通知.txt.gz", gzip.compress), ("通知.txt.bz2", bz2.compress),
                                            ("通知.txt.xz", lzma.compress)])  # fmt: skip
def test_one_packed_file(name, pack):
    document, basket = opened(pack(paper()), name)
    assert basket.files == [("通知.txt", paper())]
    assert document.text == "通知.txt\n"


def test_a_packed_bomb_is_stopped():
    document, basket = opened(gzip.compress(bytes(40 << 20)), "零.txt.gz")
    assert (basket.files, document.reasons) == ([], ("zip_ratio",))


def test_a_cut_tar_gives_what_came_before():
    data = tarred([("一.txt", paper(1)), ("二.txt", paper(2))], "w:gz")
    document, basket = opened(tarred([("一.txt", paper(1)), ("二.txt", bytes(4096))])[:4600], "a.tar")
    assert (basket.names, document.complete) == (["一.txt"], False)
    with pytest.raises(SourceError) as caught:
        opened(data[:20], "a.tar.gz")
    assert caught.value.code == "zip_bad"


def test_what_is_not_opened_here_says_what_to_do():
    head, name = b"Rar!\x1a\x07\1\0", "a.rar"
    media_type, _ = sniff(head + bytes(99), name)
    with pytest.raises(SourceError) as caught:
        UNOPENED.read(Source.of(name, head, media_type))
    assert caught.value.code == "needs_unpacker"
    assert "另存为 ZIP" in caught.value.sentence


def test_an_office_file_with_a_bad_part_is_refused_whole():
    parts = [("[Content_Types].xml", "wordprocessingml.document.main+xml"), ("../x.xml", "x")]
    for name in ("a.docx", "a.zip"):
        with pytest.raises(SourceError) as caught:
            sniff(zipped(parts), name)
        assert caught.value.code == "zip_path"


def test_the_basket_says_why():
    basket = Basket()
    basket.put("一.txt", b"1")
    assert [one.reason for one in basket.listed] == ["nesting"]
    kept = Kept(most=2)
    kept.put("空.txt", b"")
    kept.put("一.txt", b"1")
    kept.put("二.txt", b"2")
    kept.put("三.txt", b"3")
    assert (kept.names, kept.left) == (["一.txt", "二.txt"], {"空.txt": "empty", "三.txt": "zip_entries"})
    assert kept.reasons() == ("zip_entries",)


def test_a_tar_that_was_cut_within_a_header_is_not_whole():
    """Python takes what is left of the header for the end."""
    data = tarred([("一.txt", b"x" * 3_000), ("二.txt", b"y" * 3_000)])
    for end in range(4_650, len(data) - 1_024, 300):
        assert not opened(data[:end], "a.tar")[0].complete, end
    assert opened(data, "a.tar")[0].complete
