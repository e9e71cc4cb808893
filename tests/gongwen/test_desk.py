"""What the site does for files that were not read: it queues, opens, hands out."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from gongwen.cli.desk import Desk
from gongwen.errors import SourceError
from gongwen.settings import Settings
from gongwen.store import Store
from ingest.journal import Journal
from tests.ingest_kit import FakePipeline, run_ingest, sha256_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "ingest"))

from lock_kit import docx, open_docx


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus", network_disk=True)
    made.create()
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("坏", "!parse_error\n"), ("密", "!secret_mark\n"), ("锁", "!password\n"), ("好", "通知\n")):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    run_ingest(made, folder)
    return made


def desk_of(store: Store, *, works: bool = False) -> Desk:
    return Desk(Settings(corpus=store.root, network_disk=True), store, works=works)


def state_of(store: Store, text: str) -> str:
    with closing(Journal(store.journal)) as journal:
        return journal.row(sha256_of(text)).state


def test_only_what_waits_and_is_no_secret_is_handed_out(store):
    desk = desk_of(store)
    found = desk.original(sha256_of("!parse_error\n"))
    assert (found.name, found.path.read_bytes()) == ("坏.txt", b"!parse_error\n")
    for text in ("!secret_mark\n", "通知\n", "不在这里"):
        assert desk.original(sha256_of(text)) is None


def test_a_retry_queues(store):
    desk = desk_of(store)
    shas = [sha256_of(text) for text in ("!parse_error\n", "!secret_mark\n", "通知\n", "不在这里")]
    assert desk.retry(shas) == 1 and desk.retry(shas[1:]) == 0
    assert (state_of(store, "!parse_error\n"), state_of(store, "!secret_mark\n")) == ("stored", "quarantined")
    assert desk_of(store, works=True).works and not desk.works


def test_a_kind_is_queued_whole_and_secrets_stay(store):
    desk = desk_of(store)
    assert (desk.retry_kind("parse_error"), desk.retry_kind("secret_mark"), desk.retry_kind("cpu")) == (1, 0, 0)


def test_a_password_opens(tmp_path):
    store = Store(tmp_path / "corpus", network_disk=True)
    store.create()
    path = tmp_path / "通知.docx"
    path.write_bytes(docx())

    class Locked(FakePipeline):
        def read(self, path, *, name):
            raise SourceError("password")

    run_ingest(store, path, pipeline=Locked())
    desk = desk_of(store)
    with pytest.raises(SourceError, match="wrong_password"):
        desk.unlock(sha256_of(docx_bytes(store)), "falsch")
    desk.unlock(sha256_of(docx_bytes(store)), "secret")
    assert store.has_object(sha256_of(open_docx()))
    assert desk.original(sha256_of(docx_bytes(store))) is not None  # the file with the password stays to be had


def docx_bytes(store: Store) -> bytes:
    """Encryption draws its salt: what was taken in is what counts."""
    (sha256,) = [one for one in store.objects() if one != sha256_of(open_docx())]
    return store.object_path(sha256).read_bytes()
