"""Readers: one module a format, each with a `READER`. Adding a format is adding a module here."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from gongwen.errors import SourceError
from ingest.source import Reader, Source


@cache
def readers() -> tuple[Reader, ...]:
    found = []
    for module in sorted(one.name for one in pkgutil.iter_modules(__path__)):
        reader: Reader | None = getattr(import_module(f"{__name__}.{module}"), "READER", None)
        if reader is not None:
            found.append(reader)
    return tuple(found)


def choose(source: Source) -> Reader:
    """The reader with the highest claim; SourceError `unsupported` when none claims."""
    best = max(readers(), key=lambda reader: reader.claim(source), default=None)
    if best is None or best.claim(source) <= 0:
        raise SourceError("unsupported", source.media_type)
    return best
