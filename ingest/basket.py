"""Basket: what a container's reader puts the files of a mail or an archive into, until a limit is reached.

Lives in the child process; each file leaves it at once as frames (`C` name and fate, `F` bytes), so the child holds
one at a time. Without a sender nothing is taken out and the container is only listed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gongwen.document import Document
from ingest.names import is_left_over_member, member_label
from ingest.source import Source

CHUNK = 1 << 20
FILE_BYTES = 100 << 20
_LISTED = 2_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A member by its label. `reason`: why it was not taken out."""

    name: str
    size: int
    reason: str = ""


class Basket:
    """`put` and `leave` in the order of the container; `is_full` once nothing more is taken."""

    def __init__(
        self, send: Callable[[bytes, bytes], None] | None = None, *, most: int = 0, total: int = 0,
        each: int = FILE_BYTES,
    ) -> None:  # fmt: skip
        self._send = send
        self._most = most
        self._total = total
        self._each = each
        self._taken = 0
        self.listed: list[Listed] = []
        self.more = 0
        """Members that were not even listed."""

    def room(self) -> int:
        """Bytes that the next member may have."""
        return max(0, min(self._each, self._total))

    def refusal(self, size: int) -> str:
        """Why a member of that size cannot be taken ('' when it can): asked before it is unpacked."""
        if self._send is None:
            return "nesting"
        if size == 0:
            return "empty"
        if self._taken >= self._most:
            return "zip_entries"
        if size > self._each:
            return "too_large"
        return "zip_total" if size > self._total else ""

    def wants(self, name: str) -> bool:
        """Whether a member is a file that somebody means, and not what a system left in its folder."""
        return not is_left_over_member(member_label(name))

    def put(self, name: str, content: bytes) -> None:
        """Take a member out, or list it with the reason why not."""
        label = member_label(name)
        reason = self.refusal(len(content))
        if reason or self._send is None:
            self.leave(name, len(content), reason)
            return
        self._taken += 1
        self._total -= len(content)
        self._note(Listed(label, len(content)))
        for start in range(0, len(content), CHUNK):
            self._send(b"F", content[start : start + CHUNK])

    def leave(self, name: str, size: int, reason: str) -> None:
        """List a member that is not taken out."""
        if len(self.listed) >= (2 * self._most or _LISTED):
            self.more += 1
            return
        self._note(Listed(member_label(name), size, reason))

    def reasons(self) -> tuple[str, ...]:
        """Why the container was not taken out whole. Empty members take nothing from it."""
        found = dict.fromkeys(_OF_CONTAINER.get(one.reason, one.reason) for one in self.listed if one.reason)
        if self.more:
            found["zip_entries"] = None
        return tuple(one for one in found if one != "empty")

    def _note(self, one: Listed) -> None:
        self.listed.append(one)
        if self._send is not None:
            told = {"name": one.name, "size": one.size, "reason": one.reason}
            self._send(b"C", json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))


_OF_CONTAINER = {"password": "member_password", "too_large": "zip_total"}
"""What a member's reason means for the container."""


@runtime_checkable
class Container(Protocol):
    """A reader of files that hold files."""

    def unpack(self, source: Source, basket: Basket) -> Document:
        """The container's own text; what it holds goes into the basket."""
        ...


def listing(basket: Basket) -> Iterator[str]:
    """One line a member, as the container's text tells it."""
    for one in basket.listed:
        yield one.name
    if basket.more:
        yield f"……（另有{basket.more}个）"
