"""Spool: the caller's end of a basket. What the child sends is checked and written to a folder, never believed.

Names are labels only: files on the disk have names of our own.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from gongwen.errors import REASONS, SourceError
from ingest.budget import Limits
from ingest.names import member_label


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a mail or an archive. Taken out, it lies at `path` (not yet synced) and has its hash; else
    `reason` says why not."""

    name: str
    size: int
    reason: str = ""
    sha256: str = ""
    path: Path | None = None


class Spool:
    """Members of one container, written below `folder`. Used by one thread; `discard` removes what is left there."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        self._members: list[Member] = []
        self._file: BinaryIO | None = None
        self._left = 0
        self._taken = 0
        self._digest = hashlib.sha256()
        self._error: Exception | None = None

    def take(self, kind: bytes, payload: bytes) -> None:
        """One frame. An error is kept for `finish`: the child must be heard to its end."""
        if self._error is not None:
            return
        try:
            if kind == b"C":
                self._begin(payload)
            else:
                self._add(payload)
        except (OSError, SourceError) as error:
            self._error = error
        except (ValueError, KeyError, TypeError) as error:
            self._error = SourceError("crash", f"the child's member is not one: {type(error).__name__}")

    def finish(self) -> tuple[Member, ...]:
        """All members, once the child has ended well. Raises what went wrong meanwhile; OSError for a full disk."""
        try:
            if self._error is None:
                self._end()
        except SourceError as error:
            self._error = error
        if self._error is not None:
            self.discard()
            raise self._error
        return tuple(self._members)

    def restart(self) -> None:
        """The child is asked again: what came so far does not count."""
        self.discard()
        self._error = None

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        discard(self._members)
        self._members = []
        self._left = self._taken = 0

    def _begin(self, payload: bytes) -> None:
        self._end()
        told = json.loads(payload)
        name, size, reason = told["name"], told["size"], told["reason"]
        if not isinstance(name, str) or type(size) is not int or size < 0 or reason not in ("", *REASONS):
            raise ValueError("member")
        if len(self._members) >= 2 * self._limits.members:
            raise SourceError("crash", "more members than allowed")
        if reason:
            self._members.append(Member(member_label(name), size, reason))
            return
        self._taken += size
        if self._taken > self._limits.members_bytes or not size:
            raise SourceError("crash", "more bytes than allowed")
        path = self._folder / f"member-{secrets.token_hex(8)}"
        self._members.append(Member(member_label(name), size, path=path))
        self._digest = hashlib.sha256()
        self._left = size
        self._file = path.open("xb")

    def _add(self, chunk: bytes) -> None:
        if self._file is None or len(chunk) > self._left:
            raise ValueError("bytes of no member")
        self._left -= len(chunk)
        self._digest.update(chunk)
        self._file.write(chunk)

    def _end(self) -> None:
        """Close the member under way."""
        if self._file is None:
            return
        self._file.close()
        self._file = None
        if self._left:
            raise SourceError("crash", "a member ends early")
        self._members[-1] = replace(self._members[-1], sha256=self._digest.hexdigest())


def discard(members: Iterator[Member] | list[Member] | tuple[Member, ...]) -> None:
    """Remove what was written of members that nobody keeps."""
    for one in members:
        if one.path is not None:
            with suppress(OSError):  # its folder goes with its owner
                one.path.unlink(missing_ok=True)
