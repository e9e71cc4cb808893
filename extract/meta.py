"""Page metadata: the pairs a web page states about a document (索引号, 发文字号, ArticleTitle), by field."""

from __future__ import annotations

from dataclasses import dataclass

from gongwen.document import Document
from gongwen.rulebook import Rulebook
from gongwen.text import Span, fold_width


@dataclass(frozen=True, slots=True)
class MetaEntry:
    key: str
    text: str
    span: Span


class Meta:
    """Meta blocks of a Document by the field whose rule lists their key as a label."""

    def __init__(self, document: Document, book: Rulebook) -> None:
        self._found: dict[str, list[MetaEntry]] = {}
        fields = {
            _key(label): name for name, rule in book.fields.items() if "meta" in rule.zones for label in rule.labels
        }
        for block in document.blocks:
            if block.kind != "meta" or not block.key:
                continue
            name = fields.get(_key(block.key))
            raw = block.span.of(document.text)
            text = raw.strip()
            if name and text:
                start = block.span.start + len(raw) - len(raw.lstrip())
                entry = MetaEntry(block.key, text, Span(start, start + len(text)))
                self._found.setdefault(name, []).append(entry)

    @classmethod
    def empty(cls) -> Meta:
        """No metadata: for the later documents of a file."""
        meta = cls.__new__(cls)
        meta._found = {}
        return meta

    def of(self, name: str) -> list[MetaEntry]:
        return self._found.get(name, [])

    def title(self) -> str:
        """The page's name of the document, tight; '' when there is none."""
        entries = self.of("title")
        return "".join(fold_width(entries[0].text).split()) if entries else ""


def _key(label: str) -> str:
    return "".join(fold_width(label).split()).rstrip("：")
