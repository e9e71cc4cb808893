"""Writes sets of made-up documents into folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gongwen.sampling.mass import papers
from gongwen.sampling.standard import FORMS, render
from gongwen.sampling.writers import plain
from gongwen.yamlio import dump

__all__ = ["FORMS", "write_mass"]


def write_mass(folder: Path, count: int, *, seed: int, forms: tuple[str, ...], gold: bool) -> Iterator[Path]:
    """Yields each path when it is written: the caller shows progress."""
    made_folders: set[Path] = set()
    for made in papers(count, seed, forms):
        target = folder / f"{made.name}.{made.form}"
        if target.parent not in made_folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            made_folders.add(target.parent)
        if made.form == "txt":
            target.write_bytes(plain.write(made.paper, made.style).encode())
        else:
            target.write_bytes(render(made.paper, made.form))
        if gold:
            record = target.with_name(f"{target.stem}.gold.yaml")
            record.write_text(dump(made.paper.gold), encoding="utf-8", newline="\n")
        yield target
