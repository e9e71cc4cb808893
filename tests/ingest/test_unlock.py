"""From a file that waits for its password to the opened copy: what is stored, what is linked, what is never kept."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from lock_kit import TITLE, docx, golden, open_docx, pdf

from gongwen.errors import SourceError
from gongwen.holdings import revision
from gongwen.store import Store
from ingest import client, sandbox
from ingest.journal import Journal
from ingest.progress import Silent
from ingest.rederive import rederive
from ingest.relations import relations_of
from ingest.sandbox import Limits, read_file, unlock_file
from ingest.spool import Spool
from ingest.unlock import MOST, unlock
from tests.ingest_kit import FakePipeline, make_ingest, problems, run_ingest, sha256_of

SECRET = "Geheimnis-七九"


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus", network_disk=True)
    made.create()
    return made


class RealReading(FakePipeline):
    """Reads in the sandbox, derives as the fake does."""

    def read(self, path, *, name):
        return read_file(path, name=name)

    def extract(self, path, *, name, spool=None):
        if spool is None:
            return super().extract(path, name=name)
        found = sandbox.open_file(path, spool, name=name)
        return sandbox.Extracted(found.document, self.derive(found.document), self.fingerprint, found.members)


def taken_in(store: Store, folder, **files: bytes) -> list[str]:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    run_ingest(store, folder, pipeline=RealReading())
    return [sha256_of(data) for data in files.values()]


@pytest.fixture
def journal(store):
    made = Journal(store.journal)
    yield made
    made.close()


def test_the_opened_copy_is_an_original_of_its_own(store, journal, tmp_path):
    (locked,) = taken_in(store, tmp_path / "in", 通知_docx=docx(SECRET))
    assert journal.row(locked).state == "needs_password"
    opened = unlock(store, journal, locked, SECRET, who="何立")
    assert opened == sha256_of(open_docx())
    assert journal.row(locked).state == "opened" and journal.row(locked).is_done
    assert (journal.row(opened).state, journal.name_of(opened)) == ("stored", "通知.docx")
    assert [(one.via, one.who) for one in journal.arrivals(opened)] == [("unlock", "何立")]
    assert sha256_of(store.object_path(locked).read_bytes()) == locked
    run_ingest(store, pipeline=RealReading())
    assert journal.row(opened).state == "indexed" and TITLE in store.text(opened).text
    assert problems(store) == []


def test_a_wrong_password_leaves_everything_as_it_was(store, journal, tmp_path):
    (locked,) = taken_in(store, tmp_path / "in", 通知_pdf=pdf(SECRET))
    before = journal.row(locked), journal.trail(locked), store.object_count()
    for password, code in (("falsch", "wrong_password"), ("", "wrong_password"), ("x" * (MOST + 1), "wrong_password")):
        with pytest.raises(SourceError) as caught:
            unlock(store, journal, locked, password, who="")
        assert caught.value.code == code
    assert (journal.row(locked), journal.trail(locked), store.object_count()) == before
    assert list(store.tmp.iterdir()) == []


def test_only_what_waits_for_a_password_is_opened(store, journal, tmp_path):
    (read,) = taken_in(store, tmp_path / "in", 通知_docx=open_docx())
    for sha256 in (read, "0" * 64):
        with pytest.raises(SourceError, match="not_locked"):
            unlock(store, journal, sha256, SECRET, who="")


def test_the_password_is_kept_nowhere(store, journal, tmp_path, caplog):
    """Not in the corpus, not in the log, not on a command line, not in an environment."""
    caplog.set_level("DEBUG")
    (locked,) = taken_in(store, tmp_path / "in", 通知_docx=docx(SECRET))
    with pytest.raises(SourceError):
        unlock(store, journal, locked, f"{SECRET}-falsch", who="何立")
    unlock(store, journal, locked, SECRET, who="何立")
    run_ingest(store, pipeline=RealReading())
    journal.close()
    forms = [SECRET.encode(coding) for coding in ("utf-8", "gb18030", "utf-16-le")]
    forms.append(json.dumps(SECRET)[1:-1].encode())
    for path in store.root.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(form in data for form in forms), path
    assert SECRET not in caplog.text
    process = client._nursery("plain").process.pid
    for name in ("cmdline", "environ"):
        told = Path(f"/proc/{process}/{name}").read_bytes()
        assert not any(form in told for form in forms)


def test_opening_twice_makes_nothing_twice(store, journal, tmp_path):
    (locked,) = taken_in(store, tmp_path / "in", 通知_pdf=pdf(SECRET))
    first = unlock(store, journal, locked, SECRET, who="何立")
    count = store.object_count()
    journal.requeue([locked], "a person asks")
    run_ingest(store, pipeline=RealReading())
    assert journal.row(locked).state == "opened"  # read again, it is still the file that was opened
    with pytest.raises(SourceError, match="not_locked"):
        unlock(store, journal, locked, SECRET, who="何立")
    assert (journal.openings.copies(locked), store.object_count()) == ([first], count)


def test_a_rebuild_keeps_what_was_opened(store, journal, tmp_path):
    (locked,) = taken_in(store, tmp_path / "in", 通知_docx=docx(SECRET))
    opened = unlock(store, journal, locked, SECRET, who="何立")
    run_ingest(store, pipeline=RealReading())
    with make_ingest(store, RealReading()) as ingest:
        rederive(store, ingest.journal, RealReading(), lambda reader: False, Silent(), everything=True, retry=True)
        ingest.run([])
    assert (journal.row(locked).state, journal.row(opened).state) == ("opened", "indexed")
    assert journal.openings.originals(opened) == [locked]


def test_an_archive_is_opened_and_what_lies_in_it_is_read(store, journal, tmp_path):
    (locked,) = taken_in(store, tmp_path / "in", 材料_7z=golden("names.7z"))
    assert journal.row(locked).state == "needs_password"
    opened = unlock(store, journal, locked, "secret", who="何立")
    run_ingest(store, pipeline=RealReading())
    assert journal.name_of(opened) == "材料.zip"
    members = journal.kin.members(opened)
    assert sorted(one.name for one in members) == ["二.txt", "通知.txt"]
    assert all(journal.row(one.sha256).state == "indexed" for one in members)
    paper = next(one.sha256 for one in members if one.name == "通知.txt")
    assert [one.name for one in relations_of(journal, paper).containers] == ["材料.zip"]
    assert relations_of(journal, opened).opened_from == (("材料.7z", locked),)


def test_of_an_archive_that_was_read_in_part_the_rest_is_opened(store, journal, tmp_path):
    (part,) = taken_in(store, tmp_path / "in", 材料_zip=golden("part.zip"))
    assert (journal.row(part).state, journal.row(part).reason) == ("indexed", "member_password")
    assert [one.code for one in journal.troubles.listed()] == ["member_password"]
    opened = unlock(store, journal, part, "secret", who="何立")
    run_ingest(store, pipeline=RealReading())
    assert journal.row(part).state == "indexed"
    assert journal.troubles.listed() == []  # nothing is left to do
    assert [one.label for one in relations_of(journal, part).opened_as] == ["材料.zip"]
    assert len(journal.kin.members(opened)) == 2
    assert problems(store) == []


def test_an_opened_copy_with_a_secret_mark_is_quarantined(store, journal, tmp_path):
    import io

    from docx import Document
    from msoffcrypto.format.ooxml import OOXMLFile

    document = Document()
    for line in ("机密★1年", "云科协字〔2024〕12号", "关于某事的通知"):
        document.add_paragraph(line)
    plain, locked_file = io.BytesIO(), io.BytesIO()
    document.save(plain)
    OOXMLFile(io.BytesIO(plain.getvalue())).encrypt(SECRET, locked_file)
    (locked,) = taken_in(store, tmp_path / "in", 通知_docx=locked_file.getvalue())
    opened = unlock(store, journal, locked, SECRET, who="何立")
    run_ingest(store, pipeline=RealReading())
    assert (journal.row(opened).state, journal.row(opened).reason) == ("quarantined", "secret_mark")
    assert store.text(opened) is None and store.reading(opened) is None
    assert journal.troubles.is_secret(opened) and journal.troubles.is_secret(locked)


def test_a_death_between_object_and_journal_costs_only_the_try(store, tmp_path):
    (locked,) = taken_in(store, tmp_path / "in", 通知_docx=docx(SECRET))

    def die(point: str) -> None:
        if point == "unlock:in_transaction":
            raise KeyboardInterrupt

    with closing(Journal(store.journal, at=die)) as journal, pytest.raises(KeyboardInterrupt):
        unlock(store, journal, locked, SECRET, who="何立")
    with closing(Journal(store.journal)) as journal:
        assert journal.row(locked).state == "needs_password"
        assert journal.row(sha256_of(open_docx())) is None and store.has_object(sha256_of(open_docx()))
        opened = unlock(store, journal, locked, SECRET, who="何立")
        run_ingest(store, pipeline=RealReading())
        assert journal.row(opened).state == "indexed"
    assert problems(store) == []


def test_a_journal_of_the_version_before_learns_of_openings(store, tmp_path):
    (locked,) = taken_in(store, tmp_path / "in", 通知_docx=docx(SECRET))
    with closing(sqlite3.connect(store.journal)) as db:
        db.executescript("DROP TABLE openings; PRAGMA user_version = 4;")
    with closing(Journal(store.journal)) as journal:
        assert journal.row(locked).state == "needs_password"
        unlock(store, journal, locked, SECRET, who="何立")
        assert journal.row(locked).state == "opened"
    (kept,) = (store.root / "snapshots").glob("*/journal.db")
    assert revision(kept) == 4


def test_a_bomb_with_a_password_hits_the_childs_limits(tmp_path):
    limits = replace(Limits(), memory_bytes=300 << 20)
    path = tmp_path / "a.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(SourceError) as caught:
        unlock_file(path, Spool(tmp_path), SECRET, name="a.docx", limits=limits)
    assert caught.value.code in {"no_unlock", "parse_error"} and SECRET not in str(caught.value)
