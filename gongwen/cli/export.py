"""`export`: the corpus as files for people and other programs, with people's corrections in place."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import click

from gongwen import yamlio
from gongwen.disk import writing_for
from gongwen.errors import StoreError
from gongwen.record import Reading, Record
from gongwen.review import resolve_all
from gongwen.settings import load_settings
from gongwen.store import Store, open_store

_NAME_BYTES = 200
"""Of 255 that file systems allow: room for `.yml`, a counter, and a prefix that sync programs add."""
_UNSAFE = frozenset('/\\:*?"<>|')


@click.group("export")
def command() -> None:
    """导出资料（含复核后的更正）。"""


@command.command("yaml")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path, file_okay=False))
def export_yaml(folder: Path) -> None:
    """每件公文一个文件，便于翻阅：2024/文号 标题.yml。"""
    store = _store()
    with writing_for(folder):
        folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    count = 0
    for reading, record in records(store):
        path = folder / _free(tree_name(record), record.id, taken)
        with writing_for(path):
            path.parent.mkdir(exist_ok=True)
            path.write_text(yamlio.dump({"source": reading.source} | record.to_json()), encoding="utf-8")
        count += 1
    click.echo(f"已导出 {count} 件公文到 {folder}")


@command.command("jsonl")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def export_jsonl(file: Path) -> None:
    """每件公文一行 JSON；文件写 - 时输出到屏幕。"""
    count = 0
    store = _store()
    with _output(file) as out:
        for reading, record in records(store):
            out.write(json.dumps({"source": reading.source} | record.to_json(), ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"已导出 {count} 件公文", err=True)


def records(store: Store) -> Iterator[tuple[Reading, Record]]:
    """Every record with people's words in place."""
    for reading in store.readings():
        for found in resolve_all(reading.documents, store.reviews(reading.sha256)):
            yield reading, found.record


def tree_name(record: Record) -> str:
    """`2024/云科协字〔2024〕45号 标题.yml`: year of issue, else of the number, else 无日期."""
    date = record["issue_date"] or record["print_date"] or record["publish_date"] or ""
    parts = record["number_parts"] or {}
    year = str(date)[:4] or str(parts.get("year") or "")
    folder = year if len(year) == 4 and year.isdecimal() else "无日期"
    title = " ".join(str(one) for one in (record["document_number"], record["title"]) if one)
    return f"{folder}/{safe_name(title) or record.id}.yml"


def safe_name(text: str) -> str:
    """A name that Linux, Windows and sync programs accept, cut to a whole character."""
    clean = "".join("_" if char in _UNSAFE or not char.isprintable() else char for char in text).strip(" .")
    while len(clean.encode("utf-8", "replace")) > _NAME_BYTES:
        clean = clean[:-1]
    return clean.encode("utf-8", "replace").decode("utf-8").strip(" .")


def _free(name: str, address: str, taken: set[str]) -> str:
    """Two papers of one number and title both stay; names that differ in case only are the same on Windows."""
    if name.lower() in taken:
        name = f"{name.removesuffix('.yml')} {address}.yml"
    taken.add(name.lower())
    return name


def _store() -> Store:
    store = open_store(load_settings())
    if not store.exists:
        raise StoreError(f"资料库还没有建立：{store.root}（先运行 ingest）")
    return store


@contextmanager
def _output(file: Path) -> Iterator[IO[str]]:
    """The file appears when it is whole; - is standard output."""
    if str(file) == "-":
        yield sys.stdout
        return
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    with writing_for(file), ExitStack() as stack:
        out = stack.enter_context(part.open("w", encoding="utf-8"))
        stack.callback(part.unlink, missing_ok=True)
        yield out
        out.close()
        part.replace(file)
