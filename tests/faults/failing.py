"""A reader that claims before `misbehaving` and fails as its file says. Loaded only inside the sandbox."""

import os
from typing import ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.source import Source


class FailingReader:
    name: ClassVar[str] = "failing"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 2

    def read(self, source: Source) -> Document:
        word = source.data.decode().partition(" ")[0]
        if word == "die":
            os.abort()
        raise SourceError(word, "as told")


READER = FailingReader()
