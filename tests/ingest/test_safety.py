import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.errors import SourceError
from ingest import safety
from ingest.safety import SafeZip, clean_text, clean_with_map, is_clean, parse_xml, scrub


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def code_of(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        SafeZip(data)
    return caught.value.code


def test_members_are_read_whatever_their_case_and_method():
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        archive = SafeZip(packed(("Word/Document.xml", b"abc"), ("empty.xml", b""), ("folder/", b""), method=method))
        assert archive.names() == ("Word/Document.xml", "empty.xml")
        assert archive.find("/word/document.XML") == "Word/Document.xml"
        assert archive.find("other") is None
        assert (archive.read("Word/Document.xml"), archive.read("empty.xml")) == (b"abc", b"")
        assert archive.crc_errors == []


def test_an_ordinary_part_that_packs_well_is_no_bomb():
    content = b"<w:tc/>" * 1_000_000
    assert SafeZip(packed(("word/document.xml", content))).read("word/document.xml") == content


@pytest.mark.parametrize(
    ("name", "code"),
    [("../a", "zip_path"), ("/a", "zip_path"), ("a/../../b", "zip_path"), ("C:\\a", "zip_path"), ("..\\a", "zip_path")],
)
def test_names_that_leave(name, code):
    assert code_of(packed((name, b"x"))) == code


def test_limits(monkeypatch):
    monkeypatch.setattr(safety, "MAX_ENTRIES", 3)
    assert code_of(packed(*((str(at), b"") for at in range(4)))) == "zip_entries"
    monkeypatch.setattr(safety, "MAX_TOTAL", 10_000)
    assert code_of(packed(("a.bin", bytes(10_001)))) == "zip_total"
    monkeypatch.setattr(safety, "MAX_XML_PART", 5_000)
    assert code_of(packed(("a.xml", bytes(5_001)))) == "zip_total"
    monkeypatch.setattr(safety, "RATIO_FROM", 1_000)
    assert code_of(packed(("a.bin", bytes(4_000)))) == "zip_ratio"


def test_a_directory_larger_than_its_count_says_is_refused():
    data = bytearray(packed(*((f"{at:0200}", b"") for at in range(9000))))
    end = data.rfind(b"PK\5\6")
    data[end + 8 : end + 12] = struct.pack("<HH", 1, 1)
    assert code_of(bytes(data)) == "zip_entries"


def test_a_count_hidden_in_zip64_records_is_seen():
    data = packed(("a", b"x"))
    end = data.rfind(b"PK\5\6")
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 70_000, 70_000, 100, 0)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    assert code_of(data[:end] + wide + locator + data[end:]) == "zip_entries"


@pytest.mark.parametrize("cut", [1, 10, 30, 60])
def test_a_truncated_archive(cut):
    assert code_of(packed(("a", b"x" * 50))[:-cut]) == "zip_bad"


def test_a_wrong_checksum_is_noted():
    data = bytearray(packed(("a", b"x" * 50)))
    data[data.find(b"PK\1\2") + 16] ^= 1
    archive = SafeZip(bytes(data))
    assert archive.read("a") == b"x" * 50
    assert archive.crc_errors == ["a"]


@pytest.mark.parametrize("size", [10, 51, 4_000_000_000 >> 4])
def test_a_member_of_another_size_than_declared(size):
    data = bytearray(packed(("a.bin", b"x" * 50)))
    at = data.find(b"PK\1\2")
    data[at + 24 : at + 28] = struct.pack("<I", min(size, 1 << 20))
    archive = SafeZip(bytes(data))
    with pytest.raises(SourceError) as caught:
        archive.read("a.bin")
    assert caught.value.code == "zip_bad"


def test_broken_deflate_and_unknown_methods():
    data = bytearray(packed(("a", bytes(range(200)))))
    data[31] = 0xFF  # a deflate block of a kind that does not exist
    with pytest.raises(SourceError) as caught:
        SafeZip(bytes(data)).read("a")
    assert caught.value.code == "zip_bad"
    with pytest.raises(SourceError) as caught:
        SafeZip(packed(("a", b"x" * 99), method=zipfile.ZIP_LZMA)).read("a")
    assert caught.value.code == "zip_bad"


def test_an_encrypted_member():
    data = bytearray(packed(("a", b"x")))
    data[data.find(b"PK\1\2") + 8] |= 1
    assert code_of(bytes(data)) == "password"


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 255))
def test_any_damage_has_a_reason(content, at, value):
    data = bytearray(packed(("a.xml", content), ("b/c.xml", b"<a/>")))
    data[at % len(data)] = value
    try:
        archive = SafeZip(bytes(data))
        for name in archive.names():
            archive.read(name)
    except SourceError as error:
        assert error.code.startswith("zip_") or error.code == "password"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<!DOCTYPE a><a/>", "xml_dtd"), (b"<!doctype a><a/>", "xml_dtd"), (b"<a>", "parse_error"),
        (b"", "parse_error"), ("<!DOCTYPE a><a/>".encode("utf-16"), "xml_dtd"), (b"\xff\xfe\0", "parse_error"),
        (b"<a>" * 400 + b"</a>" * 400, "parse_error"), (b"<a>\xff</a>", "parse_error"),
    ],
)  # fmt: skip
def test_xml_that_is_refused(data, code):
    with pytest.raises(SourceError) as caught:
        parse_xml(data, "a.xml")
    assert caught.value.code == code


def test_xml_in_utf16_reads_as_in_utf8():
    text = '<?xml version="1.0" encoding="UTF-16"?><a>云州</a>'
    assert parse_xml(text.encode("utf-16")).text == "云州"
    assert parse_xml(b"<?xml version='1.0' encoding='gb18030'?><a>" + "云州".encode("gb18030") + b"</a>").text == "云州"


def test_cleaning():
    dirty = "通知\0\r\n一\x85二\u2028三\u202e四\u200b五\ufeff\xad六\ud800七\ue7e3八\t九\x0b十"
    assert clean_text(dirty) == "通知\n一\n二\n三四五六\ufffd七\ue7e3八\t九\n十"


DIRT = st.text(st.sampled_from("云a \n\r\t\0\x85\u2028\u202e\u200b\ufeff\ud800\ue7e3\ufffd"), max_size=30)


@given(DIRT)
def test_the_map_leads_back(source):
    text, pieces = clean_with_map(source)
    assert text == clean_text(source)
    assert is_clean(text)
    last = -1
    covered = set()
    for at, origin, length in pieces:
        assert at > last and length > 0
        assert text[at : at + length] == source[origin : origin + length]
        covered |= set(range(at, at + length))
        last = at + length - 1
    assert all(char in "\n\ufffd" for at, char in enumerate(text) if at not in covered)


@given(DIRT)
def test_scrubbing_keeps_every_offset(source):
    scrubbed = scrub(source)
    assert len(scrubbed) == len(source) and is_clean(scrubbed)
    assert all(new == old for new, old in zip(scrubbed, source, strict=True) if is_clean(old))


def test_long_dirty_text_is_cleaned_in_one_pass():
    text, pieces = clean_with_map("云\u200b" * 300_000)
    assert len(text) == len(pieces) == 300_000
    assert zlib.crc32(text.encode()) == zlib.crc32(("云" * 300_000).encode())
