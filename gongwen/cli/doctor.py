"""`doctor`: does this machine have what is needed, and is what is claimed true here?"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from gongwen import VERSION
from gongwen.cli.verify import tally
from gongwen.disk import file_system, free_mb, is_remote
from gongwen.errors import GongwenError
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings, load_settings
from gongwen.store import open_store
from index.engines import engine_class
from ingest.convert import find_converter
from ingest.journal import Journal
from ingest.sandbox import sandbox_report

_WHOOSH = (2, 7, 4)
_PACKAGES = (
    "pdfplumber", "pypdfium2", "lxml", "rjieba", "jieba", "regex", "PyYAML", "SQLAlchemy", "icalendar", "Flask",
    "waitress", "rapidocr",
)  # fmt: skip
_SPARE = {"rjieba": "请按 requirements.txt 安装", "rapidocr": "没有它不能读扫描件，请按 requirements.txt 安装"}
"""Packages without which the rest still runs."""
_LOST = {"no_network", "own_session", "dies_with_parent", "memory_limited", "cpu_limited", "no_file_writes"}
_SANDBOX = {
    "no_network": "读取程序不能联网",
    "own_session": "读取程序单独运行",
    "dies_with_parent": "主程序退出时读取程序随之退出",
    "memory_limited": "内存有上限",
    "cpu_limited": "计算时间有上限",
    "no_file_writes": "不能写文件",
    "no_core_dumps": "不留内存转储",
}
_NETWORK = {"user+net": "独立的用户和网络空间", "net": "独立的网络空间", "none": "没有断开"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`is_ok` False makes doctor exit 3; advice goes with it."""

    name: str
    value: str
    is_ok: bool = True
    advice: str = ""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="每项输出一行 JSON")
def command(as_json: bool) -> None:
    """体检：程序版本、隔离环境、磁盘、字体。有不合格项返回 3。"""
    settings = load_settings()
    is_ok = True
    for one in findings(settings):
        is_ok = is_ok and one.is_ok
        if as_json:
            line = {"name": one.name, "value": one.value, "ok": one.is_ok, "advice": one.advice}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            advice = f"（{one.advice}）" if one.advice else ""
            click.echo(f"{'正常' if one.is_ok else '异常'}　{one.name}：{one.value}{advice}")
    sys.exit(0 if is_ok else 3)


def findings(settings: Settings) -> Iterator[Finding]:
    yield Finding("公文库版本", VERSION)
    yield Finding("组件 Python", platform.python_version())
    yield from _packages()
    yield _engine(settings)
    is_recent = sqlite3.sqlite_version_info >= (3, 37)  # STRICT tables
    yield Finding("组件 SQLite", sqlite3.sqlite_version, is_recent, "" if is_recent else "需要 3.37 以上")
    yield from _disk(settings)
    yield from _sandbox()
    yield _rules(settings)
    yield from _corpus(settings)
    yield from _programs()


def _packages() -> Iterator[Finding]:
    import whoosh

    is_right = tuple(whoosh.__version__) == _WHOOSH
    advice = "" if is_right else "必须是 2.7.4，请按 requirements.txt 安装"
    yield Finding("组件 Whoosh", whoosh.versionstring(), is_right, advice)
    for name in _PACKAGES:
        try:
            yield Finding(f"组件 {name}", version(name))
        except PackageNotFoundError:
            advice = _SPARE.get(name, "请按 requirements.txt 安装")
            yield Finding(f"组件 {name}", "没有安装", name in _SPARE, advice)


def _engine(settings: Settings) -> Finding:
    try:
        engine = engine_class(settings.engine)
        return Finding("检索引擎", f"{engine.name} {engine.version()}")
    except GongwenError as error:
        return Finding("检索引擎", settings.engine, False, str(error))


def _disk(settings: Settings) -> Iterator[Finding]:
    kind = file_system(settings.corpus)
    is_local = not is_remote(kind)
    yield Finding("资料库文件夹", str(settings.corpus))
    yield Finding("文件系统", kind or "未知", is_local or settings.network_disk, "" if is_local else "请改用本机磁盘")
    free = free_mb(settings.corpus)
    enough = free >= settings.free_space_mb
    yield Finding("剩余空间", f"{free} MB", enough, "" if enough else f"低于 {settings.free_space_mb} MB 时停止收文")
    usable = _nearest(settings.corpus)
    can_write = os.access(usable, os.W_OK | os.X_OK)
    yield Finding("写入权限", "有" if can_write else "没有", can_write, "" if can_write else f"请检查 {usable} 的权限")


def _sandbox() -> Iterator[Finding]:
    for key, value in sandbox_report().items():
        if isinstance(value, bool):
            advice = "" if value else "来历不明的文件风险较高，请联系管理员"
            yield Finding(f"隔离：{_SANDBOX.get(key, key)}", "是" if value else "否", value or key not in _LOST, advice)
        else:
            yield Finding("隔离：断网方式", _NETWORK.get(value, value))


def _rules(settings: Settings) -> Finding:
    try:
        return Finding("规则", f"全部有效，版本 {load_rulebook(settings).fingerprint[:16]}")
    except GongwenError as error:
        return Finding("规则", str(error), False, "请修改规则文件")


def _corpus(settings: Settings) -> Iterator[Finding]:
    store = open_store(settings)
    if not store.journal.exists():
        yield Finding("资料库", "还没有建立", True, "第一次收文（ingest）时自动建立")
        return
    try:
        journal = Journal(store.journal)
    except GongwenError as error:
        yield Finding("资料库", str(error), False)
        return
    try:
        yield Finding("资料库", tally(journal.counts()))
    finally:
        journal.close()


def _programs() -> Iterator[Finding]:
    """What some features use when it is there; none is needed to read and search."""
    converter = find_converter()
    advice = "" if converter else "DOC、WPS、RTF、ODT 要用它转换：apt install libreoffice-writer"
    yield Finding("转换程序 LibreOffice", converter or "没有安装", True, advice)
    listing = shutil.which("fc-list")
    if listing is None:
        yield Finding("中文字体", "无法检查", True, "没有 fc-list")
        return
    done = subprocess.run([listing, ":lang=zh", "family"], capture_output=True, text=True, timeout=30, check=False)
    families = sorted({line.split(",")[0].strip() for line in done.stdout.splitlines() if line.strip()})
    advice = "" if families else "没有内嵌字体的 PDF、OFD 要用它显示原貌：apt install fonts-noto-cjk"
    yield Finding("中文字体", "、".join(families[:6]) or "没有", True, advice)


def _nearest(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
