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
from ingest.opening import Tree, open_many


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
    for tree in open_many(list(files), workers=workers):
        failed |= not _is_read(tree)
        if as_json:
            click.echo(json.dumps(_line(tree, rulebook, with_text=with_text), ensure_ascii=False))
        else:
            _show(tree, rulebook)
    if failed:
        sys.exit(3)


def _is_read(tree: Tree) -> bool:
    return not isinstance(tree.found, SourceError) and all(_is_read(one) for one in tree.inner)


def _line(tree: Tree, rulebook: Rulebook, *, with_text: bool) -> dict[str, object]:
    """A file as JSON; what lies in a mail or an archive stands under `children`, in the same shape."""
    if isinstance(tree.found, SourceError):
        return unread(tree.name, tree.found)
    line: dict[str, object] = dict(read_reading(tree.name, tree.found, rulebook).to_json())
    if with_text:
        line["text"] = tree.found.text
    if tree.inner:
        line["children"] = [_line(one, rulebook, with_text=with_text) for one in tree.inner]
    return line


def _show(tree: Tree, rulebook: Rulebook, under: str = "") -> None:
    name = under + (tree.name if under else Path(tree.name).name)
    if isinstance(tree.found, SourceError):
        click.echo(f"{name}：{tree.found.sentence}", err=True)
        return
    if under:
        click.echo(f"{name}：")
    for record in read_reading(tree.name, tree.found, rulebook).documents:
        shown = {key: one for key, one in record.values.items() if one not in (None, [], {}) and key != "sections"}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    for one in tree.inner:
        _show(one, rulebook, f"{name}/")
