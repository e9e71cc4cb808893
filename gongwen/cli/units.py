"""`units`: which units are known, and which names of the corpus an office may add."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from extract.named import unknown_units
from extract.pipeline import extract
from gongwen.cli.export import records
from gongwen.errors import SourceError, StoreError
from gongwen.record import Record
from gongwen.rulebook import load_rulebook
from gongwen.settings import load_settings
from gongwen.store import open_store
from gongwen.values.unit_entries import Named, Unit
from ingest.sandbox import read_file


@click.group("units")
def command() -> None:
    """机构名录：已知的机构，和资料中还没有收进名录的名称。"""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象")
def list_units(as_json: bool) -> None:
    """列出名录中的机构（本系统自带的和本单位规则文件夹中的）。"""
    for unit in load_rulebook(load_settings()).register.units:
        if as_json:
            click.echo(json.dumps(_unit_json(unit), ensure_ascii=False))
        else:
            former = [f"原{_shown(one)}" for one in unit.former]
            names = "、".join([*(_shown(one) for one in unit.aliases), *former])
            click.echo("\t".join((unit.name, unit.region, names)))


@command.command("unknown")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--limit", type=click.IntRange(min=1), help="最多列出多少个（按件数从多到少）")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象")
def unknown(files: tuple[Path, ...], limit: int | None, as_json: bool) -> None:
    """列出名录不认识、按通用规则也推不出的名称和出现的件数。

    不写 FILES 时看全部资料；写了就只读这些文件。认得的名称请补进本单位规则文件夹的 units/ 下。
    """
    settings = load_settings()
    register = load_rulebook(settings).register
    counts: Counter[str] = Counter()
    failed: list[str] = []
    store = open_store(settings)
    if not files and not store.exists:
        raise StoreError(f"资料库还没有建立：{store.root}（先运行 ingest）")
    found = _read(files, failed) if files else (record for _, record in records(store))
    for record in found:
        counts.update(unknown_units(record, register))
    for line in _lines(counts.most_common(limit), as_json):
        click.echo(line)
    for message in failed:
        click.echo(message, err=True)
    if failed:
        raise SystemExit(3)


def _read(files: Iterable[Path], failed: list[str]) -> Iterator[Record]:
    book = load_rulebook(load_settings())
    for path in files:
        try:
            document = read_file(path)
        except SourceError as error:
            failed.append(f"{path.name}：{error.sentence}")
            continue
        yield from extract(document, book)


def _lines(counted: Iterable[tuple[str, int]], as_json: bool) -> Iterator[str]:
    for name, count in counted:
        yield json.dumps({"name": name, "documents": count}, ensure_ascii=False) if as_json else f"{count}\t{name}"


def _shown(one: Named) -> str:
    if not one.since and not one.until:
        return one.name
    return f"{one.name}（{one.since}—{one.until}）" if one.since else f"{one.name}（至{one.until}）"


def _unit_json(unit: Unit) -> dict[str, object]:
    return {
        "id": unit.id, "name": unit.name, "kind": unit.kind, "level": unit.level, "region": unit.region,
        "parent": unit.parent, "aliases": [_named_json(one) for one in unit.aliases],
        "renamed_from": [_named_json(one) for one in unit.former], "succeeded_by": list(unit.successors),
        "members": [_named_json(one) for one in unit.members],
    }  # fmt: skip


def _named_json(one: Named) -> dict[str, str]:
    return {key: value for key, value in
            (("name", one.name), ("from", one.since), ("to", one.until), ("by", one.by)) if value}  # fmt: skip
