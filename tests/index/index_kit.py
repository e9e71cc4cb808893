"""A small invented corpus in a store of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gongwen.document import Block, Document
from gongwen.record import Reading, Record, empty_values, record_id
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from gongwen.text import Span

TEXT = """云州市科学技术协会文件
云科协字〔2024〕12号
关于举办2024年全国科普日活动的通知
各县（区）科协：
一、由市科协牵头，市教育局配合，参照海科发〔2023〕7号执行。
联系人：周 明 远，0999-5550123。
云州市科学技术协会
2024年5月30日
"""


def record(sha256: str, number: int = 1, **values: object) -> Record:
    found = empty_values()
    found.update(
        id=record_id(sha256, number),
        document_number="云科协字〔2024〕12号",
        title="关于举办2024年全国科普日活动的通知",
        number_parts={"agency": "云科协字", "year": 2024, "serial": 12},
        doc_type="通知",
        issuers=["云州市科学技术协会"],
        issue_date="2024-05-30",
        part={"number": number, "start": 0, "end": len(TEXT)},
        units={"市科协": "云州市科学技术协会"},
        tasks=[
            {
                "group": None,
                "title": "科普日",
                "detail": None,
                "lead": ["市科协"],
                "responsible": [],
                "cooperate": ["市教育局"],
                "time": None,
                "targets": [],
                "location": None,
            }
        ],
        contacts=[
            {"name": "周明远", "unit": None, "phones": ["0999-5550123"], "fax": None, "email": None, "address": None}
        ],
    )
    found.update(values)
    return Record(found)


def reading(sha256: str, *records: Record, source: str = "样本.txt") -> Reading:
    return Reading(source, sha256, "text/plain", True, [], list(records))


def document(sha256: str, text: str = TEXT) -> Document:
    block = Block("paragraph", Span(0, len(text)))
    return Document(sha256, text, (block,), "plain/1", "text/plain")


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def corpus(root: Path, count: int = 5, engine: str = "whoosh") -> tuple[Settings, Store]:
    settings = Settings(corpus=root, engine=engine)
    store = open_store(settings)
    store.create()
    for at in range(count):
        put(store, f"file{at}", serial=at + 1)
    return settings, store


def put(store: Store, name: str, *, serial: int = 1, text: str = "") -> tuple[Reading, Document]:
    text = text or TEXT.replace("12号", f"{serial}号")
    one = record(
        sha(name),
        document_number=f"云科协字〔2024〕{serial}号",
        number_parts={"agency": "云科协字", "year": 2024, "serial": serial},
        part={"number": 1, "start": 0, "end": len(text)},
    )
    found, body = reading(sha(name), one, source=f"{name}.txt"), document(sha(name), text)
    store.put_text(body)
    store.put_reading(found)
    return found, body
