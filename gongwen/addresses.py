"""Addresses of cells as sheets print them: B7 is row 6, column 1, counted from 0."""

from __future__ import annotations


def address(row: int, column: int) -> str:
    name = ""
    at = column + 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{row + 1}"


def parse_address(text: str) -> tuple[int, int] | None:
    """(row, column); None for what is no address."""
    column = at = 0
    while at < min(len(text), 4) and text[at].isascii() and text[at].isalpha():
        column = column * 26 + ord(text[at].upper()) - 64
        at += 1
    rest = text[at:]
    if not column or not (rest.isascii() and rest.isdecimal()) or len(rest) > 8 or int(rest) < 1:
        return None
    return int(rest) - 1, column - 1


def shifted(place: str, row: int, column: int) -> str:
    """The place so many rows and columns on: 分工表!A3 by (4, 2) is 分工表!C7."""
    sheet, mark, cell = place.rpartition("!")
    start = parse_address(cell)
    return place if start is None else f"{sheet}{mark}{address(start[0] + row, start[1] + column)}"
