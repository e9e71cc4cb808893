"""Opening files with their password: what comes out is the same file without one, and always the same bytes."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import pytest
from lock_kit import TITLE, docx, golden, open_docx, pdf

from gongwen.errors import SourceError
from ingest import sevenaes
from ingest.decrypt import decrypt
from ingest.sevenzip import read_directory
from ingest.sniff import sniff
from tests.ingest.box_kit import zipped


def refusal(data: bytes, name: str, password: str = "secret") -> str:
    with pytest.raises(SourceError) as caught:
        decrypt(data, name, password)
    assert password not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("strength", [40, 128])
@pytest.mark.parametrize("password", ["secret", "密码一"])
def test_a_pdf_is_opened_to_the_same_bytes_each_time(password, strength):
    locked = pdf(password, strength)
    name, opened = decrypt(locked, "通知.pdf", password)
    assert (name, opened) == decrypt(locked, "通知.pdf", password)
    assert TITLE in pypdfium2.PdfDocument(opened)[0].get_textpage().get_text_range()
    assert refusal(locked, "通知.pdf", "geheim") == "wrong_password"


def test_a_docx_comes_out_as_it_went_in():
    locked = docx()
    assert decrypt(locked, "通知.docx", "secret") == ("通知.docx", open_docx())
    assert refusal(locked, "通知.docx", "geheim") == "wrong_password"


def test_a_doc_is_opened_in_memory(monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "TemporaryFile", None)  # the child may write no file
    locked = golden("word97.doc")
    with pytest.raises(SourceError, match="password"):
        sniff(locked, "通知.doc")
    name, opened = decrypt(locked, "通知.doc", "secret")
    assert sniff(opened, name) == ("application/msword", ()) and len(opened) == len(locked)
    assert refusal(locked, "通知.doc", "geheim") == "wrong_password"


@pytest.mark.parametrize(("file", "password"), [
    ("aes128.zip", "secret"), ("aes256.zip", "secret"), ("old.zip", "secret"), ("part.zip", "secret"),
    ("files.7z", "secret"), ("names.7z", "secret"), ("stored.7z", "secret"), ("chinese.7z", "密码一"),
])  # fmt: skip
def test_an_archive_becomes_a_plain_zip(file, password):
    name, opened = decrypt(golden(file), file, password)
    assert name == file.partition(".")[0] + ".zip"
    with zipfile.ZipFile(io.BytesIO(opened)) as archive:
        found = {one.filename: archive.read(one).decode() for one in archive.infolist()}
    assert TITLE in found["通知.txt"]
    assert set(found) == ({"通知.txt"} if file == "chinese.7z" else {"通知.txt", "二.txt"})
    assert decrypt(golden(file), file, password) == (name, opened)


@pytest.mark.parametrize("file", ["aes256.zip", "old.zip", "part.zip", "files.7z", "names.7z", "stored.7z"])
@pytest.mark.parametrize("password", ["geheim", "密码", "x" * 300])
def test_a_wrong_password_is_told(file, password):
    assert refusal(golden(file), file, password) == "wrong_password"


@pytest.mark.parametrize(("data", "name", "code"), [
    (pdf(""), "通知.pdf", "not_locked"),
    (zipped([("一.txt", b"a")]), "一.zip", "not_locked"),
    (open_docx(), "通知.docx", "not_locked"),
    ("通知".encode(), "通知.txt", "no_unlock"),
    (b"Rar!\x1a\x07\x01\x00" + bytes(40), "一.rar", "no_unlock"),
    (zipped([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"?")]), "一.odt", "no_unlock"),
    (zipped([("OFD.xml", b"?"), ("Encryptions.xml", b"?")]), "一.ofd", "no_unlock"),
])  # fmt: skip
def test_what_cannot_be_opened_says_why(data, name, code):
    assert refusal(data, name) == code


def test_a_damaged_member_does_not_keep_the_others():
    broken = bytearray(golden("aes256.zip"))
    at = broken.index("通知.txt".encode()) + 60
    broken[at] ^= 1
    _, opened = decrypt(bytes(broken), "aes256.zip", "secret")
    assert zipfile.ZipFile(io.BytesIO(opened)).namelist() == ["二.txt"]


def test_paths_and_equal_names_become_labels():
    data = golden("aes256.zip").replace("二.txt".encode(), b"../a.tx").replace("通知.txt".encode(), b"../../a.tx")
    _, opened = decrypt(data, "aes256.zip", "secret")
    assert zipfile.ZipFile(io.BytesIO(opened)).namelist() == ["a.tx", "2-a.tx"]


@pytest.mark.parametrize("rounds", [63, 30])
def test_a_key_that_would_keep_us_busy_is_refused(rounds):
    ((_, options), _) = next(one.folder.coders for one in read_directory(golden("files.7z")) if one.folder)
    assert options[0] & 63 == 19
    with pytest.raises(SourceError, match="no_unlock"):
        sevenaes.decrypt(bytes(16), bytes([options[0] & 0xC0 | rounds]) + options[1:], "secret")
