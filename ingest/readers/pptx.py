"""PPTX by its XML: the text of each slide in the order of its shapes, tables as tables, speaker notes apart.

The page is the number of the slide. Slide numbers, dates and footers of the master are left out; hidden slides are read
and warned of (ECMA-376 Part 1 §19, §21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from gongwen.document import Block, BlockKind, Cell, Document, TextBuilder
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest import budget
from ingest.source import Reader, Source

if TYPE_CHECKING:
    from ingest.readers.docx_package import Package
    from ingest.readers.pptx_slide import Paragraph, Table

HEAVY = ("lxml.etree", "ingest.readers.docx_package", "ingest.readers.pptx_slide")
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MAX_SLIDES = 1_000


class PptxReader:
    name: ClassVar[str] = "pptx"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == _TYPE else 0

    def read(self, source: Source) -> Document:
        from ingest.readers.docx_package import Package

        return _Reading(Package(source.data)).document(source, f"{self.name}/{self.revision}")


READER: Reader = PptxReader()


class _Reading:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._builder = TextBuilder()
        self._blocks: list[Block] = []
        self._notes: list[tuple[int, list[Paragraph | Table]]] = []
        self._warnings: dict[str, None] = {}
        self._reasons: dict[str, None] = {}
        self._has_picture = False

    def document(self, source: Source, reader: str) -> Document:
        slides = self._slides()
        budget.announce(len(slides))
        for number, part in enumerate(slides, 1):
            self._slide(number, part)
            budget.page_done()
        for number, pieces in self._notes:
            self._put(pieces, number, "note")
        text = self._builder.text()
        if not text.strip():
            raise SourceError("no_text_needs_ocr" if self._has_picture else "no_text")
        return Document(
            source.sha256, text, tuple(self._blocks), reader, source.media_type, complete=not self._reasons,
            reasons=tuple(self._reasons), warnings=(*source.warnings, *self._warnings),
        )  # fmt: skip

    def _slides(self) -> list[str]:
        """Parts of the slides in the order of showing, each once."""
        from ingest.readers.docx_package import R

        relations = self._package.relationships(self._package.main)
        if any(one.kind == "vbaProject" for one in relations.values()):
            self._warnings["macros"] = None
        root = self._package.xml(self._package.main)
        named = [] if root is None else [one.get(f"{R}id", "") for one in root.iterfind("{*}sldIdLst/{*}sldId")]
        found = [one for name in named if (one := relations.get(name)) and not one.external and one.kind == "slide"]
        parts = list(dict.fromkeys(one.target for one in found))
        if len(parts) > MAX_SLIDES:
            self._reasons["too_many_pages"] = None
        return parts[:MAX_SLIDES]

    def _slide(self, number: int, part: str) -> None:
        from ingest.readers.pptx_slide import read_slide

        root = self._package.xml(part)
        if root is None:
            self._reasons["parse_error"] = None
            return
        if root.get("show") in ("0", "false"):
            self._warnings["hidden_cells"] = None
        slide = read_slide(root)
        self._has_picture = self._has_picture or slide.has_picture
        if slide.has_picture and not slide.pieces:
            self._warnings["empty_page"] = None
        self._put(slide.pieces, number, "paragraph")
        notes = self._package.related(part, "notesSlide")
        told = None if notes is None else self._package.xml(notes)
        if told is not None:
            self._notes.append((number, read_slide(told, notes=True).pieces))

    def _put(self, pieces: list[Paragraph | Table], page: int, kind: BlockKind) -> None:
        from ingest.readers.pptx_slide import Paragraph

        for piece in pieces:
            if isinstance(piece, Paragraph):
                span = self._builder.add(piece.text)
                level = int(piece.is_title and kind == "paragraph")
                self._blocks.append(
                    Block(kind, span, page=page, level=level, centred=piece.centred, bold=piece.bold, size=piece.size)
                )
            else:
                self._blocks.append(self._table(piece, page, "table" if kind == "paragraph" else kind))
            self._builder.add("\n")

    def _table(self, table: Table, page: int, kind: BlockKind) -> Block:
        start = len(self._builder)
        cells: list[Cell] = []
        for at, one in enumerate(table.cells):
            if at:
                self._builder.add("\t" if table.cells[at - 1].row == one.row else "\n")
            span = self._builder.add(one.text)
            cells.append(Cell(one.row, one.column, span, one.row_span, one.column_span))
        return Block(kind, Span(start, len(self._builder)), page=page, cells=tuple(cells))
