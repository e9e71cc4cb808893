"""Opening a file that waits for its password: the opened copy becomes an original of its own, linked to the one it came
of, and is read like any other. The file with the password stays as it is; the password is kept nowhere."""

from __future__ import annotations

import os

from gongwen.errors import SourceError
from gongwen.store import Store
from ingest.budget import Limits
from ingest.journal import Arrival, Journal, Row, now
from ingest.owner import Owner
from ingest.sandbox import unlock_file
from ingest.spool import Spool

MOST = 512
"""Characters of a password; the longest that any of the formats takes is shorter."""


def is_locked(row: Row | None) -> bool:
    """Whether a password would open it: a file that waits for one, or an archive of which a part does."""
    return row is not None and (row.state == "needs_password" or row.reason == "member_password")


def unlock(
    store: Store, journal: Journal, sha256: str, password: str, *, who: str, limits: Limits | None = None
) -> str:
    """The opened copy's sha256; when this returns its bytes survive a power cut and wait for an ingest run. Raises
    SourceError `wrong_password`, `not_locked`, `no_unlock`, or why the file cannot be read."""
    row = journal.row(sha256)
    if not is_locked(row) or not password:
        raise SourceError("not_locked" if password else "wrong_password", "before it was tried")
    if len(password) > MOST:
        raise SourceError("wrong_password", "too long for any format")
    with Owner(store) as owner:
        spool = Spool(owner.tmp)
        found = unlock_file(
            store.object_path(sha256), spool, password, name=journal.name_of(sha256), limits=limits
        )  # fmt: skip
        assert found.path is not None  # what unlock_file promises
        handle = os.open(found.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        store.put_object(found.path, found.sha256)
        journal.unlocked(sha256, found.size, Arrival(found.sha256, found.name, "unlock", who, now()))
    return found.sha256
