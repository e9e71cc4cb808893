"""How single files stand: asked for by those who handed them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gongwen.record import record_id
from ingest.journal import REFUSED, Journal

_READ = frozenset({"extracted", "indexed"})


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is that of the journal; `reason` a key of REASONS or ''; `address` that of the first record, '' while
    there is none. `is_done`: nothing more will happen to it by itself."""

    sha256: str
    name: str
    state: str
    reason: str = ""
    address: str = ""
    is_done: bool = False
    members: int = 0


def standings(path: Path, shas: Iterable[str]) -> list[Standing]:
    """In the order asked; hashes that the journal does not know are left out."""
    if not path.exists():
        return []
    journal = Journal(path)
    try:
        found = (_standing(journal, sha256) for sha256 in dict.fromkeys(shas))
        return [one for one in found if one is not None]
    finally:
        journal.close()


def _standing(journal: Journal, sha256: str) -> Standing | None:
    row = journal.row(sha256)
    if row is None:
        return None
    refused = row.state in REFUSED
    address = record_id(sha256, 1) if row.state in _READ else ""
    return Standing(
        sha256, journal.name_of(sha256), row.state, row.reason or "", address,
        is_done=refused or row.state == "indexed", members=len(journal.kin.members(sha256)) if address else 0,
    )  # fmt: skip
