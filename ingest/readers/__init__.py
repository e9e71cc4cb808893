"""Readers: one module a format, each with a `READER`. Adding a format is adding a module here."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from gongwen.errors import SourceError
from ingest.source import Reader, Source


@cache
def readers() -> tuple[Reader, ...]:
    found = []
    for module in sorted(one.name for one in pkgutil.iter_modules(__path__) if _has_reader(one.name)):
        reader: Reader | None = getattr(import_module(f"{__name__}.{module}"), "READER", None)
        if reader is not None:
            found.append(reader)
    return tuple(found)


def _has_reader(module: str) -> bool:
    """Told from the source, for the helpers beside the readers load whole libraries (pdfplumber: 0.4 s)."""
    return any(b"\nREADER" in (Path(folder) / f"{module}.py").read_bytes() for folder in __path__)


def choose(source: Source) -> Reader:
    """The reader with the highest claim; SourceError `unsupported` when none claims."""
    best = max(readers(), key=lambda reader: reader.claim(source), default=None)
    if best is None or best.claim(source) <= 0:
        raise SourceError("unsupported", source.media_type)
    return best
