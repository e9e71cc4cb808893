"""Row 21 of reliability.md: 10,000 searches while another process writes, commits and deletes. No error reaches a user,
and each answer is one whole state of the index."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from gongwen.document import Document
from gongwen.settings import Settings
from gongwen.store import open_store
from index.engine import Query
from index.sync import open_index
from tests.ingest_kit import document_of, join, record_of, sha256_of, spawn

pytestmark = pytest.mark.long
SEARCHES, THREADS, GROUP = 10_000, 4, 5


def paper(number: int, version: int) -> Document:
    return document_of(f"第{number}件公共标记\n第{version:04d}版正文", sha256_of(f"paper {number}"))


def write(settings: Settings, versions: range) -> None:
    """The same papers again and again, all with another version in one update."""
    from gongwen.record import Reading

    store = open_store(settings)
    index = open_index(settings)
    for version in versions:
        documents = [paper(number, version) for number in range(GROUP)]
        readings = []
        for one in documents:
            record = record_of(one)
            record.values["title"] = f"第{version:04d}版"
            readings.append(Reading("x.txt", one.sha256, "text/plain", True, [], [record], "1"))
            store.put_text(one)
            store.put_reading(readings[-1])
        index.update(readings, {one.sha256: one for one in documents})
    index.close()


def test_ten_thousand_searches_under_writes(tmp_path: Path):
    settings = replace(Settings(), corpus=tmp_path / "corpus", network_disk=True)
    open_store(settings).create()
    write(settings, range(1))
    writer = spawn(lambda: write(settings, range(1, 1_000_000)))
    index = open_index(settings, outdated="keep")
    wrong: list[str] = []
    versions: set[str] = set()

    def read(count: int) -> None:
        for _ in range(count):
            try:
                page = index.search(Query("公共标记", limit=20))
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")
                continue
            titles = {"".join(text for text, _ in hit.title) for hit in page.hits}
            versions.update(titles)
            if page.total != GROUP or len(titles) != 1:
                wrong.append(f"{page.total} papers, versions {sorted(titles)}")

    threads = [threading.Thread(target=read, args=(SEARCHES // THREADS,)) for _ in range(THREADS)]
    try:
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    finally:
        os.kill(writer, signal.SIGKILL)
        assert join(writer) == -signal.SIGKILL  # it wrote to the end
        index.close()
    assert wrong == []
    assert len(versions) > 3  # else nothing was written meanwhile
    print(f"searches under writes: {SEARCHES}, commits seen {len(versions)}, errors 0")
