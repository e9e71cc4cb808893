"""What a page or a listing tells of where a file lay and what lies in it."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from gongwen.errors import StoreError
from gongwen.record import record_id
from ingest.journal import Journal

_log = logging.getLogger(__name__)
_READ = frozenset({"extracted", "indexed"})
MAX_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Relative:
    """A container (`name`) with the label that the file has in it, or a member by its label. `address` is that of its
    record, '' when it has none; `reason` says why it was not taken out or not read, '' while it waits."""

    label: str
    name: str = ""
    address: str = ""
    reason: str = ""

    def to_json(self) -> dict[str, str | None]:
        return {"name": self.label, "container": self.name or None, "id": self.address or None,
                "reason": self.reason or None}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relations:
    containers: tuple[Relative, ...] = ()
    members: tuple[Relative, ...] = ()
    names: tuple[str, ...] = ()
    """All names that the file came under by itself, when it came under several or also in a container."""
    more: int = 0
    """Members that are not named here."""
    arrived: str = ""
    """When it came first (ISO, local time with offset)."""
    opened_from: tuple[tuple[str, str], ...] = ()
    """Name and sha256 of the files with a password that this is the opened copy of."""
    opened_as: tuple[Relative, ...] = ()
    """Opened copies of this file, which has a password."""


def relations_of(journal: Journal, sha256: str) -> Relations:
    """The containers of a file with a password are those of its opened copy too."""
    lying = [one for each in (sha256, *journal.openings.originals(sha256)) for one in journal.kin.containers(each)]
    containers = [
        Relative(one.name, journal.name_of(one.parent), _address(journal, one.parent))
        for one in lying[:MAX_SHOWN] if one.parent != sha256
    ]  # fmt: skip
    kin = journal.kin.members(sha256)
    members = [
        Relative(one.name, "", _address(journal, one.sha256), one.reason or _reason(journal, one.sha256))
        for one in kin[:MAX_SHOWN]
    ]  # fmt: skip
    arrivals = journal.arrivals(sha256)
    own = dict.fromkeys(one.name.rpartition("/")[2] for one in arrivals if one.via != "member")
    names = tuple(own) if len(own) > 1 or (own and containers) else ()
    locked = [(journal.name_of(one), one) for one in journal.openings.originals(sha256)]
    opened = [Relative(journal.name_of(one), "", _address(journal, one), _reason(journal, one))
              for one in journal.openings.copies(sha256)]  # fmt: skip
    return Relations(
        tuple(containers), tuple(members), names, len(kin) - len(members), arrivals[0].at if arrivals else "",
        tuple(locked), tuple(opened),
    )  # fmt: skip


def read_relations(path: Path, sha256: str) -> Relations:
    """From the journal at this path, opened for the moment: another process writes it meanwhile. A journal that cannot
    be read (a read-only copy of a corpus) costs the relations, not the page."""
    if not path.exists():
        return Relations()
    try:
        journal = Journal(path)
        try:
            return relations_of(journal, sha256)
        finally:
            journal.close()
    except (StoreError, sqlite3.Error) as error:
        _log.warning("relations of %s: %s", sha256, error)
        return Relations()


def _address(journal: Journal, sha256: str | None) -> str:
    row = journal.row(sha256) if sha256 else None
    return record_id(row.sha256, 1) if row is not None and row.state in _READ else ""


def _reason(journal: Journal, sha256: str | None) -> str:
    row = journal.row(sha256) if sha256 else None
    return row.reason or "" if row is not None and row.state not in _READ else ""
