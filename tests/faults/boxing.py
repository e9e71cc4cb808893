"""A container's reader that does what the file says, to try what hears it. Loaded only inside the sandbox."""

import os
from typing import ClassVar

from gongwen.document import Block, Document
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.basket import Basket
from ingest.source import Source


class BoxingReader:
    name: ClassVar[str] = "boxing"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 99

    def read(self, source: Source) -> Document:
        return self.unpack(source, Basket())

    def unpack(self, source: Source, basket: Basket) -> Document:
        word = source.data.decode()
        basket.put("一.txt", b"1" * 3_000_000)
        if word == "die":
            os.abort()
        if word == "refuse":
            raise SourceError("parse_error", "after a member")
        if word == "flood":
            for number in range(4_000):
                basket.put(f"{number}.bin", bytes(1 << 20))
        if word == "lie" and basket._send is not None:
            for _ in range(9_000):
                basket._send(b"C", b'{"name": "x", "size": 1, "reason": "empty"}')
        if word == "bytes" and basket._send is not None:
            for _ in range(9_000):
                basket._send(b"F", bytes(1 << 20))
        return Document(source.sha256, word, (Block("paragraph", Span(0, len(word))),), "boxing/1", "text/plain")


READER = BoxingReader()
