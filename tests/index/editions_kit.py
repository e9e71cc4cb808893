"""Papers for tests of editions: sample manuscripts in several formats, texts put together by hand, OCR-like noise."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.record import Reading
from gongwen.rulebook import Rulebook, load_rulebook
from gongwen.sampling.standard import Entry, entries, paper, render
from gongwen.settings import ROOT, Settings
from gongwen.store import Store
from index.editions.database import EditionsFile
from index.editions.ledger import Editions
from index.editions.tables import SECTION
from ingest.readers import choose
from ingest.sniff import sniff
from ingest.source import Source


@dataclass(frozen=True)
class Made:
    """A file as it was read. `paper` names the manuscript, so that two files of one are known to be one."""

    paper: str
    reading: Reading
    document: Document

    @property
    def id(self) -> str:
        return self.reading.documents[0].id


@cache
def rules() -> Rulebook:
    return load_rulebook(Settings(rules=ROOT / "corpus" / "sample-rules"))


def made(paper: str, name: str, data: bytes) -> Made:
    source = Source.of(name, data, sniff(data, name)[0])
    return _made(paper, name, choose(source).read(source))


def _made(paper: str, name: str, document: Document) -> Made:
    records = extract(document, rules())
    reading = Reading(
        name, document.sha256, document.media_type, document.complete, list(document.reasons), records
    )
    return Made(paper, reading, document)


def text(*lines: str, name: str = "公文.txt", paper: str = "") -> Made:
    return made(paper or name, name, "\n".join(lines).encode())


@cache
def sample(entry: Entry, form: str) -> Made:
    manuscript = paper(entry)
    manuscript.documents[0].setdefault("document_number", "")
    manuscript.meta = {"site": "云州市人民政府", "index": "", "topic": "", **manuscript.meta}
    first = manuscript.documents[0]
    first["publish_date"] = first.get("publish_date") or first.get("issue_date") or "2024-01-02"
    return made(entry.stem, f"{entry.stem}.{form}", render(manuscript, form))


@cache
def samples() -> tuple[Entry, ...]:
    """Those that are a paper themselves, not mails and archives that bring one."""
    return tuple(entry for entry in entries() if not entry.members)


def noisy(one: Made, rate: float = 0.02, *, ocr: bool = False) -> Made:
    """With so many Han characters put wrongly, as OCR does: single ones, anywhere."""
    chance = random.Random(one.document.sha256)
    known = [char for char in one.document.text if "\u4e00" <= char <= "\u9fff"]
    wrong = "".join(
        chance.choice(known) if "\u4e00" <= char <= "\u9fff" and chance.random() < rate else char
        for char in one.document.text
    )
    sha256 = hashlib.sha256(f"{wrong}{rate}".encode()).hexdigest()
    warnings = ("ocr_text",) if ocr else ()
    document = replace(one.document, text=wrong, sha256=sha256, warnings=warnings, origin=())
    return _made(one.paper, f"识别-{one.reading.source}", document)


def store_at(folder: Path) -> Store:
    store = Store(folder, network_disk=True)
    store.create()
    return store


def put(store: Store, found: list[Made]) -> None:
    for one in found:
        store.put_text(one.document)
        store.put_reading(one.reading)


def editions_at(store: Store) -> Editions:
    """An empty section."""
    catalog = EditionsFile(store.editions)
    with catalog.renewing(SECTION):
        pass
    return Editions(catalog, store)


def linked(store: Store, found: list[Made]) -> Editions:
    """All put in one by one, in this order."""
    put(store, found)
    editions = editions_at(store)
    for one in found:
        editions.update([one.reading], {one.document.sha256: one.document})
    return editions


def kinds(editions: Editions, found: list[Made]) -> dict[tuple[int, int], str]:
    """The kind of each link between first documents, by places in the list, both ways."""
    place = {one.id: at for at, one in enumerate(found)}
    return {
        (place[mine], place[link.id]): link.kind
        for mine, links in editions.links(list(place)).items()
        for link in links
        if link.id in place
    }
