"""XLS and ET: texts and merged ranges by calamine; numbers, their formats and what is hidden from the records.

calamine gives no number formats, and reserves a place for each cell of the used range before it can be asked how many
there are: the records are walked first ([MS-XLS] §2.4; a record is a number, a length and that many bytes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gongwen.errors import SourceError
from ingest.readers.sheet_model import MAX_COLUMNS, PLAIN, Book, Sheet, SheetCell, Style
from ingest.readers.sheet_numbers import BUILT_IN, general, number_text, string_text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MAX_AREA = 8_000_000
"""Places that calamine may reserve, 32 bytes each."""
MAX_HELD = 1_000_000

_BOF, _EOF, _SHEET, _XF, _FORMAT, _FONT, _DATES = 0x0809, 0x000A, 0x0085, 0x00E0, 0x041E, 0x0031, 0x0022
_NUMBER, _RK, _MULRK, _FORMULA, _STRING_CELLS = 0x0203, 0x027E, 0x00BD, 0x0006, (0x00FD, 0x0204, 0x00D6)
_ROW, _COLUMNS, _CODE_NAME = 0x0208, 0x007D, 0x00D3
_CELLS = frozenset((_NUMBER, _RK, _FORMULA, *_STRING_CELLS, 0x0205))


@dataclass(slots=True)
class _Cells:
    """One sheet's records: style by place, numbers by place."""

    start: int
    hidden: bool
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    numbers: dict[tuple[int, int], float] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def area(self) -> int:
        if not self.styles:
            return 0
        rows = [row for row, _ in self.styles]
        columns = [column for _, column in self.styles]
        return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def read_xls(data: bytes) -> Book:
    import python_calamine

    records = _Records(_stream(data))
    if sum(one.area for one in records.sheets) > MAX_AREA:
        raise SourceError("sheet_size", f"{sum(one.area for one in records.sheets)} places")
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        return _book(workbook, records)
    except python_calamine.PasswordError as error:
        raise SourceError("password", "encrypted workbook") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise SourceError("parse_error", f"XLS: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's way to say that an index is out of range
            raise
        raise SourceError("parse_error", f"XLS: {error}") from error


def _check_chains(ole: Any) -> None:
    """Sectors that follow each other in a ring: calamine goes round until there is no memory."""
    large = [one.isectStart for one in ole.direntries if one is not None and one.size >= ole.minisectorcutoff]
    for start in (ole.first_dir_sector, ole.first_mini_fat_sector, ole.root.isectStart, *large):
        at, steps = start, 0
        while 0 <= at < len(ole.fat):
            at, steps = ole.fat[at], steps + 1
            if steps > len(ole.fat):
                raise SourceError("parse_error", "XLS: sectors in a ring")


def _stream(data: bytes) -> bytes:
    import olefile

    try:
        with olefile.OleFileIO(data) as ole:
            _check_chains(ole)
            name = "Workbook" if ole.exists("Workbook") else "Book"
            content: bytes = ole.openstream(name).read()
            return content
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise SourceError("parse_error", f"XLS: {error}") from error


def _book(workbook: CalamineWorkbook, records: _Records) -> Book:
    import python_calamine

    book = Book()
    if records.has_macros:
        book.warnings["macros"] = None
    for at, meta in enumerate(workbook.sheets_metadata):
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.open(meta.name, hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible)
        if sheet is None:
            break
        held = records.sheets[at] if at < len(records.sheets) else _Cells(0, False)
        found = workbook.get_sheet_by_index(at)
        _fill(sheet, book, found, held, records)
        book.merge(sheet, {(first[0], first[1]): last for first, last in found.merged_cell_ranges or []})
    return book


def _fill(sheet: Sheet, book: Book, found: CalamineSheet, held: _Cells, records: _Records) -> None:
    top, left = found.start or (0, 0)
    for number, values in enumerate(found.iter_rows(), top):
        for column, value in enumerate(values, left):
            place = (number, column)
            number_here = held.numbers.get(place)
            if number_here is None and (value is None or value == ""):
                continue
            style = records.style(held.styles.get(place, 0))
            if number_here is not None:
                text = number_text(number_here, style.code, from_1904=records.from_1904)
            elif isinstance(value, bool):
                text = "TRUE" if value else "FALSE"
            elif isinstance(value, (int, float)):
                text = general(value)
            else:
                text = string_text(str(value), style.code)
            if number in held.hidden_rows or column in held.hidden_columns:
                book.warnings["hidden_cells"] = None
            placed = SheetCell(number, column, text, centred=style.centred, bold=style.bold, size=style.size)
            if not book.put(sheet, placed):
                return


class _Records:
    """What the records of a workbook stream say beside its texts."""

    def __init__(self, stream: bytes) -> None:
        self.sheets: list[_Cells] = []
        self.from_1904 = False
        self.has_macros = False
        self._codes: dict[int, str] = dict(BUILT_IN)
        self._fonts: list[tuple[bool, float]] = []
        self._xfs: list[tuple[int, int, bool]] = []
        starts: list[_Cells] = []
        for number, body in _walk(stream, 0):
            self._globals(number, body, starts)
        for one in starts:
            for number, body in _walk(stream, one.start):
                _sheet(number, body, one)
                if len(one.styles) > MAX_HELD:
                    raise SourceError("sheet_size", f"more than {MAX_HELD} cells in a sheet")
        self.sheets = starts

    def _globals(self, number: int, body: bytes, starts: list[_Cells]) -> None:
        if number == _SHEET and len(body) >= 6:
            starts.append(_Cells(int.from_bytes(body[:4], "little"), bool(body[4] & 3)))
        elif number == _DATES:
            self.from_1904 = body[:1] == b"\1"
        elif number == _FONT and len(body) >= 8:
            height, _, _, weight = struct.unpack_from("<4H", body)
            self._fonts.append((weight >= 700, height / 20))
        elif number == _FORMAT and len(body) >= 5:
            code = _string(body)
            if code:
                self._codes[int.from_bytes(body[:2], "little")] = code
        elif number == _XF and len(body) >= 7:
            font, code_number = struct.unpack_from("<2H", body)
            self._xfs.append((font, code_number, body[6] & 7 in (2, 6)))
        elif number == _CODE_NAME:
            self.has_macros = True

    def style(self, at: int) -> Style:
        if at >= len(self._xfs):
            return PLAIN
        font, code, centred = self._xfs[at]
        font -= font > 4  # number 4 is never used
        bold, size = self._fonts[font] if font < len(self._fonts) else (False, None)
        return Style(self._codes.get(code, "General"), centred, bold, size)


def _walk(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records from a BOF to its EOF; charts and the like inside have their own and are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, at)
        if number == _BOF:
            depth += 1
        elif number == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield number, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _sheet(number: int, body: bytes, cells: _Cells) -> None:
    if number in _CELLS and len(body) >= 6:
        row, column, style = struct.unpack_from("<3H", body)
        cells.styles[row, column] = style
        value = _number(number, body)
        if value is not None:
            cells.numbers[row, column] = value
    elif number == _MULRK and len(body) >= 12:
        row, column = struct.unpack_from("<2H", body)
        for at in range(4, len(body) - 7, 6):
            style, packed = struct.unpack_from("<HI", body, at)
            cells.styles[row, column] = style
            cells.numbers[row, column] = _rk(packed)
            column += 1
    elif number == _ROW and len(body) >= 16 and body[12] & 0x20:
        cells.hidden_rows.add(int.from_bytes(body[:2], "little"))
    elif number == _COLUMNS and len(body) >= 10 and body[8] & 1:
        first, last = struct.unpack_from("<2H", body)
        cells.hidden_columns |= set(range(first, min(last, MAX_COLUMNS) + 1))


def _number(number: int, body: bytes) -> float | None:
    if number == _RK and len(body) >= 10:
        return _rk(int.from_bytes(body[6:10], "little"))
    # A formula's result that is no number ends with FFFF and says so.
    if (number == _NUMBER or (number == _FORMULA and body[12:14] != b"\xff\xff")) and len(body) >= 14:
        found: float = struct.unpack_from("<d", body, 6)[0]
        return found
    return None


def _rk(packed: int) -> float:
    """[MS-XLS] §2.5.217: 30 bits of an integer or of a double, maybe a hundredfold."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30) if packed & 0x8000_0000 else packed >> 2)
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFF_FFFC) << 32))[0]
    return value / 100 if packed & 1 else value


def _string(body: bytes) -> str:
    """A format's code: number of characters, flag of width, characters."""
    count, wide = int.from_bytes(body[2:4], "little"), body[4] & 1
    raw = body[5 : 5 + count * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")
