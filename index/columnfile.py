"""Columns in a file, so that opening a large index need not read the facts of every entry again (seconds for 50,000
entries)."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.columns import Columns, Ints, Values
from index.engine import IndexBroken

_NUMBERS = ("serials", "days", "lengths", "starts", "sizes")
_TEXTS = ("ids", "titles", "folded_titles")


def write_columns(columns: Columns, path: Path) -> None:
    arrays: dict[str, Any] = {name: getattr(columns, name) for name in _NUMBERS}
    words: dict[str, Any] = {name: getattr(columns, name) for name in _TEXTS}
    for key, values in _many(columns).items():
        arrays[f"{key}/rows"], arrays[f"{key}/codes"] = values.row_of, values.code_of
        words[key] = [values.names, values.folded if values.searched else None]
    arrays["words"] = np.frombuffer(json.dumps(words).encode(), np.uint8)
    with path.open("xb") as file:
        np.savez(file, **arrays)


def read_columns(path: Path) -> Columns:
    """FileNotFoundError passes."""
    try:
        with np.load(path, allow_pickle=False) as found:
            arrays = dict(found)
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise IndexBroken(f"index file {path.name} is damaged") from error
    words = json.loads(arrays["words"].tobytes())
    many: dict[str, dict[str, Values]] = {"facets": {}, "fields": {}, "keys": {}}
    for key in (key for key in words if "/" in key):
        kind, _, name = key.partition("/")
        many[kind][name] = _values(words[key], arrays[f"{key}/rows"], arrays[f"{key}/codes"], keys=kind == "keys")
    return Columns(
        **{name: arrays[name] for name in _NUMBERS}, **{name: words[name] for name in _TEXTS},
        facets=many["facets"], fields=many["fields"], own=many["keys"]["own"], cited=many["keys"]["cited"],
    )  # fmt: skip


def _many(columns: Columns) -> dict[str, Values]:
    found = {f"facets/{name}": values for name, values in columns.facets.items()}
    found |= {f"fields/{name}": values for name, values in columns.fields.items()}
    return found | {"keys/own": columns.own, "keys/cited": columns.cited}


def _values(words: Sequence[Any], rows: Ints, codes: Ints, *, keys: bool) -> Values:
    names, folded = words
    tails: dict[str, list[int]] = {}
    for code, name in enumerate(names) if keys else ():
        tail = name.partition("|")[2]
        if tail:
            tails.setdefault(tail, []).append(code)
    known = dict(zip(names, range(len(names)), strict=True))
    return Values(folded is not None, names, folded or [], known, tails, rows, codes)
