"""`restore`: a backup becomes a corpus in a new folder, and what is derived is made anew."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from gongwen.backup import latest
from gongwen.cli.ingest import make_progress
from gongwen.errors import StoreError
from gongwen.manifest import backups
from gongwen.restore import Restored, restore
from gongwen.settings import Settings, load_settings


@click.command("restore")
@click.argument("backup", type=click.Path(path_type=Path), metavar="备份")
@click.option("--to", required=True, type=click.Path(path_type=Path), metavar="文件夹", help="恢复到这个新的文件夹")
@click.option("--partly", is_flag=True, help="备份有损坏时，恢复其中完好的部分")
@click.option("--no-rebuild", is_flag=True, help="先不重建记录和索引（以后自己运行 rebuild）")
def command(backup: Path, to: Path, partly: bool, no_rebuild: bool) -> None:
    """恢复：把一份备份恢复成资料库，逐个核对校验值，再由原件重建记录和索引。

    写存放备份的文件夹时，取其中最近的一份。不会覆盖任何东西：目标文件夹要是新的或空的。"""
    settings = load_settings()
    to = to.absolute()
    progress = make_progress()
    try:
        restored = restore(
            _chosen(backup), to, lambda done, total: progress.step(done, total, "恢复"),
            partly=partly, network_disk=settings.network_disk,
        )  # fmt: skip
    finally:
        progress.close()
    _tell(restored)
    code = 3 if restored.damaged else 0
    settings = replace(settings, corpus=to, rules=restored.rules or settings.rules)
    if no_rebuild:
        click.echo(f"记录和索引还没有：请运行 {_how(restored)} rebuild")
        sys.exit(code)
    sys.exit(max(code, _derive(settings)))


def _chosen(place: Path) -> Path:
    if not backups(place):
        return place
    found = latest(place)
    if found is None:
        raise StoreError(f"这里的备份都无法读取：{place}")
    return found


def _derive(settings: Settings) -> int:
    from gongwen.cli.rebuild import run
    from gongwen.cli.verify import verify_corpus

    click.echo("正在由原件重建记录和索引……", err=True)
    code = run(settings)
    return max(code, 3 if verify_corpus(settings) else 0)


def _tell(restored: Restored) -> None:
    manifest = restored.manifest
    click.echo(f"已恢复 {restored.files} 个文件到 {restored.corpus}（备份于 {manifest.made_at}），校验值全部相符。")
    for damage in restored.damaged:
        click.echo(f"没有恢复：{damage.path}（{damage.message}）", err=True)
    if restored.rules is not None:
        click.echo(f"单位的规则在 {restored.rules}，设置 GONGWEN_RULES 指向它，或移到原来的位置。")
    if restored.settings_file is not None:
        click.echo(f"设置文件在 {restored.settings_file}，请核对其中的文件夹后再用。")
    click.echo(f"以后使用：{_how(restored)} serve")


def _how(restored: Restored) -> str:
    rules = f"GONGWEN_RULES={restored.rules} " if restored.rules else ""
    return f"GONGWEN_CORPUS={restored.corpus} {rules}python -m gongwen"
