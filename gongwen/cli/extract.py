"""`extract`: what the extractors find in files; writes nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.record import Reading
from gongwen.rulebook import Rulebook, load_rulebook
from gongwen.settings import load_settings
from ingest.sandbox import read_many


def read_reading(source: str, document: Document, rulebook: Rulebook) -> Reading:
    """One file's records with what is known of the file."""
    records = extract(document, rulebook)
    return Reading(
        source, document.sha256, document.media_type, document.complete, list(document.reasons), records,
        rulebook.fingerprint,
    )  # fmt: skip


def unread(source: str, error: SourceError) -> dict[str, object]:
    """The JSON line of a file that could not be read: why, and no documents."""
    return {
        "source": source, "sha256": None, "media_type": None, "complete": False, "reasons": [error.code],
        "message": error.sentence, "documents": [],
    }  # fmt: skip


@click.command("extract")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON")
@click.option("--text", "with_text", is_flag=True, help="附上全文，便于核对依据")
@click.option("--workers", default=2, show_default=True, help="同时读取的文件数")
def command(files: tuple[Path, ...], as_json: bool, with_text: bool, workers: int) -> None:
    """显示从文件中抽取到的内容，不写入任何数据。全部读成功返回 0，有未读的返回 3。"""
    rulebook = load_rulebook(load_settings())
    failed = False
    for path, result in read_many(list(files), workers=workers):
        if isinstance(result, SourceError):
            failed = True
            _print(unread(str(path), result) if as_json else f"{path.name}：{result.sentence}", as_json)
            continue
        reading = read_reading(str(path), result, rulebook)
        if as_json:
            line = reading.to_json()
            if with_text:
                line["text"] = result.text
            _print(line, True)
            continue
        for record in reading.documents:
            shown = {
                key: value for key, value in record.values.items() if value not in (None, [], {}) and key != "sections"
            }
            click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    if failed:
        sys.exit(3)


def _print(line: object, as_json: bool) -> None:
    click.echo(json.dumps(line, ensure_ascii=False) if as_json else str(line), err=not as_json)
