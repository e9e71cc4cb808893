"""DOCX by a walker of our own over its XML.

python-docx hangs on merged tables and loses automatic numbers, insertions, smart tags, content controls, text boxes
and notes (dependencies.md §3). A DOCX has no pages until it is laid out: blocks carry none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gongwen.document import Block, BlockKind, Cell, Document, TextBuilder
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.source import Reader, Source

if TYPE_CHECKING:
    from lxml import etree

    from ingest.readers.docx_numbering import Numbering
    from ingest.readers.docx_package import Package
    from ingest.readers.docx_story import Piece, Story, Table
    from ingest.readers.docx_styles import Styles

HEAVY = ("lxml.etree", "ingest.readers.docx_story")
"""What the nursery may load once for all children that follow."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/%s}"
_TOLD: dict[str, tuple[str, ...]] = {
    "tracked_changes": tuple(f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel")),
    "comments": (f"{_W}commentReference",),
    "embedded_object": (f"{_W}object", f"{_DRAWN % 'chart'}chart", f"{_DRAWN % 'diagram'}relIds"),
}
"""What is told of a document, and the elements that show it."""

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class DocxReader:
    name: ClassVar[str] = "docx"
    revision: ClassVar[int] = 2

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == _TYPE else 0

    def read(self, source: Source) -> Document:
        from ingest.readers.docx_package import Package

        return _Reading(Package(source.data)).document(source, f"{self.name}/{self.revision}")


READER: Reader = DocxReader()


@dataclass(slots=True)
class _Side:
    kind: BlockKind
    pieces: list[Piece]


class _Reading:
    """One package on its way to a Document."""

    def __init__(self, package: Package) -> None:
        from ingest.readers.docx_numbering import Numbering
        from ingest.readers.docx_styles import Styles

        self._package = package
        self._styles: Styles = Styles(self._related("styles"))
        self._numbering: Numbering = Numbering(self._related("numbering"), self._styles.lists())
        self._relationships = package.relationships(package.main)
        self._builder = TextBuilder()
        self._blocks: list[Block] = []
        self._links: list[tuple[str, str]] = []
        self._doubts: list[tuple[str, Span]] = []
        self._warnings: set[str] = set()
        self._is_partial = False

    def document(self, source: Source, reader: str) -> Document:
        root = self._package.xml(self._package.main)
        body = None if root is None else root.find("{*}body")
        if root is None or body is None:
            raise SourceError("parse_error", "no body")
        story = self._story(self._package.main)
        self._put(list(story.pieces(body)), "paragraph")
        self._tell(story, root)
        sides = [*self._notes(story), *self._margins(root)]
        self._links = story.links + self._links
        for side in sides:
            self._put(side.pieces, side.kind)
        text = self._builder.text()
        if not text.strip():
            raise SourceError("no_text_needs_ocr" if _has_picture(root) else "no_text")
        if self._doubts:
            self._warnings.add("date_field")
        partly = self._is_partial
        return Document(
            source.sha256, text, tuple(self._blocks), reader, source.media_type, complete=not partly,
            reasons=("foreign_part",) if partly else (), warnings=tuple(sorted(self._warnings)),
            links=tuple(self._all_links()), doubts=tuple(self._doubts),
        )  # fmt: skip

    def _tell(self, story: Story, root: etree._Element) -> None:
        """Note what of a part that was read is not, or not only, in the text."""
        self._is_partial |= story.has_foreign_part
        self._warnings |= {code for code, tags in _TOLD.items() if next(root.iter(*tags), None) is not None}
        if story.has_hidden:
            self._warnings.add("hidden_text")

    def _related(self, kind: str) -> etree._Element | None:
        part = self._package.related(self._package.main, kind)
        return None if part is None else self._package.xml(part)

    def _story(self, part: str, *, side: bool = False) -> Story:
        from ingest.readers.docx_story import Story

        return Story(self._styles, self._numbering, self._package.relationships(part), side=side)

    def _put(self, pieces: Iterable[Piece], kind: BlockKind) -> None:
        from ingest.readers.docx_story import Table

        for piece in pieces:
            if isinstance(piece, Table):
                self._blocks.append(self._table(piece, kind))
            else:
                span = self._builder.add(piece.text)
                self._doubt(piece.dates, piece.text, span)
                self._blocks.append(
                    Block(kind, span, level=piece.level, centred=piece.centred, bold=piece.bold, size=piece.size)
                )
            self._builder.add("\n")

    def _doubt(self, dates: Iterable[str], text: str, span: Span) -> None:
        for date in dates:
            at = text.find(date)
            if at >= 0:
                start = span.start + at
                self._doubts.append(("date_field", Span(start, start + len(date))))

    def _table(self, table: Table, kind: BlockKind) -> Block:
        start = len(self._builder)
        cells: list[Cell] = []
        for at, one in enumerate(table.cells):
            if at:
                self._builder.add("\t" if table.cells[at - 1].row == one.row else "\n")
            span = self._builder.add(one.text)
            self._doubt(one.dates, one.text, span)
            cells.append(Cell(one.row, one.column, span, one.row_span, one.column_span))
        span = Span(start, len(self._builder))
        return Block("table" if kind == "paragraph" else kind, span, cells=tuple(cells))

    def _notes(self, story: Story) -> list[_Side]:
        """Footnotes and endnotes that the text refers to, in the order of their marks."""
        found: list[_Side] = []
        for kind in ("footnote", "endnote"):
            part = self._package.related(self._package.main, f"{kind}s")
            root = None if part is None else self._package.xml(part)
            if part is None or root is None:
                continue
            notes = {_id(one): one for one in root.findall(f"{{*}}{kind}")}
            told = self._story(part)
            for name in dict.fromkeys(name for of, name in story.notes if of == kind):
                if name in notes:
                    found.append(_Side("note", list(told.pieces(notes[name]))))
            self._tell(told, root)
        return found

    def _margins(self, root: etree._Element) -> list[_Side]:
        """Headers and footers that a section uses, each text once."""
        found: list[_Side] = []
        seen: set[str] = set()
        kinds: tuple[BlockKind, ...] = ("header", "footer")
        for kind in kinds:
            for reference in root.iter(f"{{*}}{kind}Reference"):
                target = self._relationships.get(_id(reference))
                part = None if target is None or target.external else self._package.xml(target.target)
                if target is None or part is None:
                    continue
                side = self._story(target.target, side=True)
                pieces = list(side.pieces(part))
                self._tell(side, part)
                told = "\n".join(_text_of(piece) for piece in pieces)
                if told and told not in seen:
                    seen.add(told)
                    found.append(_Side(kind, pieces))
        return found

    def _all_links(self) -> list[tuple[str, str]]:
        """Links of the text, then every other external target (pictures, templates): listed, never fetched."""
        listed = {target for _, target in self._links}
        others = [
            (one.kind, one.target)
            for one in self._relationships.values()
            if one.external and one.kind != "hyperlink" and one.target not in listed
        ]
        return list(dict.fromkeys(self._links + others))


def _id(element: etree._Element) -> str:
    from ingest.readers.docx_package import R, W

    return element.get(f"{R}id") or element.get(f"{W}id") or ""


def _text_of(piece: Piece) -> str:
    from ingest.readers.docx_story import Table

    return "\t".join(one.text for one in piece.cells) if isinstance(piece, Table) else piece.text


def _has_picture(root: etree._Element) -> bool:
    return next(root.iter("{*}blip", "{*}imagedata"), None) is not None
