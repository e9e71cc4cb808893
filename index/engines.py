"""The engines that can be chosen (setting `engine`), and what stamps an index made by one."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from gongwen.errors import SettingsError
from index.analysis import fold_stamp, segmenter
from index.entries import ENTRIES_REVISION
from index.entrystore import SCHEMA_REVISION
from index.stored_engine import StoredEngine

Engine = StoredEngine[Any]

NAMES = ("whoosh", "tantivy")
MISSING = (
    "设置 engine：检索引擎 tantivy 还没有安装，请执行 .venv/bin/python -m pip install -r requirements-fast.txt；"
    "不安装的话，请把设置 engine 改回 whoosh"
)


def engine_class(name: str) -> type[Engine]:
    """The engine of that name. Raises SettingsError, in Chinese, when there is none or it is not installed."""
    if name == "whoosh":
        from index.whoosh_engine import WhooshEngine

        return WhooshEngine
    if name == "tantivy":
        if find_spec("tantivy") is None:
            raise SettingsError(MISSING)
        from index.tantivy_engine import TantivyEngine

        return TantivyEngine
    raise SettingsError(f"设置 engine：没有名为“{name}”的检索引擎（可用：{'、'.join(NAMES)}）")


def stamp(engine: type[Engine]) -> dict[str, str]:
    """What an index is made with; another stamp means another index."""
    return {
        "engine": engine.name,
        "version": engine.version(),
        "schema": f"{SCHEMA_REVISION}{engine.form}",
        "fold": fold_stamp(),
        "entries": str(ENTRIES_REVISION),
        "words": segmenter().stamp,
    }


def serving_engine(found: dict[str, str]) -> type[Engine] | None:
    """The engine that can still search an index with this stamp: whatever made its entries and words, engine, schema
    and fold must be those of today."""
    try:
        engine = engine_class(str(found.get("engine")))
        now = stamp(engine)
    except SettingsError:
        return None
    needed = ("version", "schema", "fold")
    return engine if all(found.get(key) == now[key] for key in needed) else None
