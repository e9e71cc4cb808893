"""`backup`: what is not derived, to another disk, while ingest and the site go on."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from pathlib import Path

import click

from gongwen.backup import Made, Plan, make_backup
from gongwen.cli.ingest import make_progress
from gongwen.settings import Settings, is_there, load_settings, settings_path
from ingest.journal import objects_named

_SECRET = ("secret", "password", "key", "token")


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@click.option("--keep", type=click.IntRange(1, 10_000), metavar="份数", help="只留最近的几份，更早的删去（默认都留着）")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON")
def command(folder: Path, keep: int | None, as_json: bool) -> None:
    """备份：原件、收文日志、复核、保存的检索、单位的规则和设置。收文和网站不必停。

    每次在文件夹里新建一份，以前备份过的原件不再占空间；能由原件重建的（记录、索引等）不备份。"""
    settings = load_settings()
    progress = make_progress(quiet=as_json)
    try:
        made = make_backup(
            plan(settings, folder), lambda done, total: progress.step(done, total, "备份原件"), keep=keep
        )
    finally:
        progress.close()
    _tell(made, settings, as_json)
    sys.exit(3 if made.missing else 0)


def plan(settings: Settings, folder: Path) -> Plan:
    told = {
        one.name: str(getattr(settings, one.name))
        for one in fields(settings)
        if not any(word in one.name for word in _SECRET)
    }
    named = {"access": settings.access, "retention": settings.retention, "ldap_ca": settings.ldap_ca}
    others = {name: path for name, path in named.items() if path is not None}
    file = settings_path()
    return Plan(
        settings.corpus, folder, objects_named, settings.rules, file if is_there(file) else None, told, others,
    )  # fmt: skip


def _tell(made: Made, settings: Settings, as_json: bool) -> None:
    waiting = _waiting(settings.corpus / "inbox")
    if as_json:
        line = {
            "path": str(made.path), "objects": made.objects, "linked": made.linked, "bytes": made.copied_bytes,
            "missing": made.missing, "removed": [str(one) for one in made.removed], "waiting": waiting,
        }  # fmt: skip
        click.echo(json.dumps(line, ensure_ascii=False))
        return
    fresh = made.objects - made.linked
    click.echo(f"备份完成：{made.path}")
    click.echo(f"原件 {made.objects} 份（新增 {fresh} 份，{made.copied_bytes / (1 << 20):.1f} MB），校验值全部核对过。")
    if made.removed:
        click.echo(f"删去旧备份 {len(made.removed)} 份。")
    if waiting:
        click.echo(f"收件文件夹里还有 {waiting} 个文件没有收，不在这份备份里。")
    for sha256 in made.missing:
        click.echo(f"原件缺失或损坏，以前的备份里也没有：{sha256}", err=True)


def _waiting(inbox: Path) -> int:
    return sum(1 for one in inbox.rglob("*") if one.is_file()) if inbox.is_dir() else 0
